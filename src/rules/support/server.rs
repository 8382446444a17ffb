//! What the API server of the chosen release says of the objects of a text.

use crate::Analysis;
use crate::model::Workload;
use crate::validation::{Answer, Request, Verb};

/// The answer to creating the object of a workload as `kubectl` would; none when another object has made it, so that nobody
/// would apply it, or when it is of a kind that is not checked.
pub(super) fn ask(analysis: &Analysis, workload: &Workload) -> Option<Answer> {
    if workload.is_embedded || !workload.owners.is_empty() {
        return None;
    }
    let object = analysis.model.objects.get(workload.object)?;
    let value = analysis.source.documents.get(workload.document as usize)?.value(object.node);
    let request = Request { verb: Verb::Create, object: value, old: None, is_strict: true };
    Some(analysis.server.answer(&request)).filter(|answer| answer.is_checked)
}

/// Whether a value is there to be filled in: `{{ name }}`, `${NAME}`, `<YOUR-NAME>`.
pub(in crate::rules) fn is_placeholder(message: &str) -> bool {
    let is_capital = |rest: &str| rest.chars().next().is_some_and(|c| c.is_ascii_uppercase());
    let has_angle = message.split('<').skip(1).chain(message.split("\\u003c").skip(1)).any(is_capital);
    has_angle || ["{{", "${", "$("].iter().any(|sign| message.contains(sign))
}
