//! What the API server of the chosen release says of the objects of a text.

use super::Case;
use crate::Analysis;
use crate::validation::{Answer, Request, Verb, answer};

/// The answer to creating the object of a workload as `kubectl` would; none when it is a part, when another object has made
/// it, so that nobody would apply it, or when it is of a kind that is not checked. An object with several Pod templates is
/// asked about once.
pub(in crate::rules) fn asked(analysis: &Analysis, case: &Case<'_>) -> Option<Answer> {
    let workloads = &analysis.model.workloads;
    let is_first = workloads.iter().position(|other| other.object == case.workload.object) == Some(case.index);
    if !case.is_complete || case.workload.is_embedded || !is_first || !case.workload.owners.is_empty() {
        return None;
    }
    let object = analysis.model.objects.get(case.workload.object)?;
    let value = case.document()?.value(object.node);
    let request = Request { verb: Verb::Create, object: value, old: None, is_strict: true };
    Some(answer(&request, &analysis.cluster)).filter(|answer| answer.is_checked)
}

/// Whether a value is there to be filled in: `{{ name }}`, `${NAME}`, `<YOUR-NAME>`.
pub(in crate::rules) fn is_placeholder(message: &str) -> bool {
    let is_capital = |rest: &str| rest.chars().next().is_some_and(|c| c.is_ascii_uppercase());
    let has_angle = message.split('<').skip(1).chain(message.split("\\u003c").skip(1)).any(is_capital);
    has_angle || ["{{", "${", "$("].iter().any(|sign| message.contains(sign))
}
