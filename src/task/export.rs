//! Everything that can be saved of a workload.

use super::change::{Chosen, propose};
use crate::analyze;
use crate::diagram::{SvgOptions, themes};
use crate::export::markdown;
use crate::form::Form;
use crate::link;
use crate::model::{Dialect, Workload};
use crate::view::{Change, Request, diagrams};
use serde::{Deserialize, Serialize};

#[cfg(any(feature = "cli", feature = "worker"))]
use crate::{Options, export::sarif, finding::Severity, kubectl};

/// What can be saved of a workload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// The beginning of the names of the files: `shop-topology`.
    pub name: String,
    /// The pictures that are shown.
    pub pictures: Vec<ExportedPicture>,
    /// The report, in Markdown.
    pub report: String,
    /// The whole text with the workload rewritten, for each form that it can be written in.
    pub rewritten: Vec<(Form, String)>,
    /// The findings as SARIF; none where the engine is built without it.
    pub sarif: Option<String>,
}

/// A picture in all its forms of writing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedPicture {
    /// Its form, when there are two.
    pub form: Option<Form>,
    /// With everything that it needs to be shown.
    pub svg: String,
    /// As Mermaid text.
    pub mermaid: String,
    /// An address of the Mermaid Live editor.
    pub live: String,
}

pub(super) fn export(text: &str, request: &Request, theme: &str) -> Exported {
    let analysis = analyze(text, &request.options());
    let workloads = &analysis.model.workloads;
    let shown = request.workload.min(workloads.len().saturating_sub(1));
    let diagrams = diagrams(&analysis, &request.kind, shown);
    let theme = themes().into_iter().find(|known| *known == theme).or(Some("paper"));
    let is_pair = diagrams.len() > 1;
    let pictures = diagrams.iter().map(|(form, diagram)| {
        let id = format!("{}-{}", request.kind, form.id());
        let mermaid = diagram.mermaid();
        ExportedPicture {
            form: is_pair.then_some(*form),
            svg: diagram.svg(&SvgOptions { id, theme, is_interactive: false }),
            live: link::mermaid_live(&mermaid),
            mermaid,
        }
    });
    let name = workloads.get(shown).and_then(|workload| workload.name.as_deref()).unwrap_or_default();
    Exported {
        name: format!("{}-{}", file_name(name), request.kind),
        pictures: pictures.collect(),
        report: markdown::write(text, &analysis, shown, &diagrams),
        rewritten: rewritten(text, request, workloads.get(shown)),
        sarif: sarif(text, request),
    }
}

/// What the page offers as changes, made as a whole.
fn rewritten(text: &str, request: &Request, workload: Option<&Workload>) -> Vec<(Form, String)> {
    let Some(workload) = workload else { return Vec::new() };
    let texts = Form::BOTH.into_iter().filter_map(|form| {
        let change = if workload.dialect == Dialect::Compose { Change::Pod(form) } else { Change::Form(form) };
        Some((form, propose(text, request, &change, &Chosen::default()).text?))
    });
    texts.collect()
}

#[cfg(any(feature = "cli", feature = "worker"))]
fn sarif(text: &str, request: &Request) -> Option<String> {
    // Whoever reads the file filters by level.
    let options = Options { level: Severity::Advice, ..request.options() };
    Some(sarif::write(&[(kubectl::FILE, text, &analyze(text, &options))]))
}

#[cfg(not(any(feature = "cli", feature = "worker")))]
fn sarif(_: &str, _: &Request) -> Option<String> {
    None
}

/// A name as every file system takes it.
fn file_name(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let short: String =
        plain.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-").chars().take(60).collect();
    if short.is_empty() { "pod".to_owned() } else { short }
}

#[cfg(test)]
mod tests {
    use crate::form::Form;
    use crate::task::{Done, Task, run};
    use crate::view::{Request, Writing};

    const TEXT: &str = "kind: Pod\nmetadata: { name: \"The Shop/1\" }\nspec:\n  containers:\n    - { name: shop, image: x }\n    - { name: logs, image: fluent/fluent-bit }\n";

    #[test]
    fn both_pictures_and_a_report_can_be_saved() {
        let request =
            Request { workload: 0, kind: "topology".to_owned(), writing: Writing::Picture, ..Request::default() };
        let Done::Exported(files) = run(TEXT, &Task::Export { request, theme: "night".to_owned() }) else { panic!() };
        assert_eq!(files.name, "the-shop-1-topology");
        assert_eq!(files.pictures.iter().map(|picture| picture.form).collect::<Vec<_>>(), Form::BOTH.map(Some));
        for picture in &files.pictures {
            assert!(picture.svg.contains("<style>") && !picture.svg.contains("var("), "{}", picture.svg);
            assert!(picture.live.starts_with("https://mermaid.live/edit#pako:"));
            assert!(files.report.contains(&picture.mermaid));
        }
    }

    #[test]
    fn the_text_can_be_saved_in_the_form_in_which_it_is_not_written() {
        let text = "kind: Pod\nmetadata: { name: shop }\nspec:\n  containers:\n    # the app\n    - name: shop\n      image: x\n    - name: logs\n      image: fluent/fluent-bit\n";
        let request = Request::of_newcomer();
        let Done::Exported(files) = run(text, &Task::Export { request, theme: "paper".to_owned() }) else { panic!() };
        let [(Form::Native, native)] = files.rewritten.as_slice() else { panic!("{:?}", files.rewritten) };
        assert!(
            native.contains("initContainers:")
                && native.contains("restartPolicy: Always")
                && native.contains("# the app")
        );
        #[cfg(feature = "cli")]
        assert!(files.sarif.is_some_and(|log| log.contains("\"version\": \"2.1.0\"") && log.contains("ruleId")));
    }
}
