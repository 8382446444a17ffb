//! What the page asks for now and then, beside the [`crate::view`] at every keystroke: links, files to save,
//! changes to look at, rules to read about.

use crate::analyze;
use crate::diagram::{SvgOptions, themes};
use crate::export::markdown;
use crate::form::Form;
use crate::link::{self, Damage, Settings, Shared};
use crate::mask::{Hidden, mask};
use crate::session::view;
use crate::view::{Change, PictureView, Request, diagrams};
use serde::{Deserialize, Serialize};

mod change;
mod lesson;
mod rules;

pub use change::{Chosen, Effect, HunkView, Probe, Proposed, Remark};
pub use lesson::{DrawnPicture, LessonDone, LessonTask, MadeLesson, ReadLesson};
pub use rules::{RuleLine, RulePage};

/// Something to do with the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Task {
    /// Write a link that holds the text.
    Share {
        /// What its reader is to look at.
        settings: Settings,
        /// Whether secrets are hidden first.
        is_masked: bool,
    },
    /// Open a link: the part of an address behind `#`. The text does not matter.
    Open(String),
    /// Make everything that can be saved.
    Export {
        /// What is shown.
        request: Request,
        /// The theme of the pictures.
        theme: String,
    },
    /// Propose a change of the text.
    Propose {
        /// What is shown.
        request: Request,
        /// Which change.
        change: Change,
        /// What the user chose about it.
        chosen: Chosen,
    },
    /// List the rules. The text does not matter.
    Rules,
    /// Give the documentation of the rule of an id. The text does not matter.
    Rule(String),
    /// Something with a lesson.
    Lesson(LessonTask),
    /// Draw other pictures of a text that was answered before: the page keeps the last good one while the text is broken.
    Pictures(Request),
}

/// What became of a [`Task`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Done {
    /// A link was written.
    Shared {
        /// The part of an address behind `#`; none when the text is too large for a link.
        link: Option<String>,
        /// The text as it is in the link.
        text: String,
        /// What is secret in the text, whether it was hidden or not.
        secrets: Vec<Hidden>,
    },
    /// A link was opened, or not.
    Opened(Result<Shared, Damage>),
    /// The files.
    Exported(Exported),
    /// A change to look at.
    Proposed(Box<Proposed>),
    /// All rules.
    Rules(Vec<RuleLine>),
    /// A rule; none when there is none of that id.
    Rule(Option<Box<RulePage>>),
    /// What became of a lesson.
    Lesson(LessonDone),
    /// The pictures.
    Pictures(Vec<PictureView>),
}

/// What can be saved of a workload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// The beginning of the names of the files: `shop-topology`.
    pub name: String,
    /// The pictures that are shown.
    pub pictures: Vec<ExportedPicture>,
    /// The report, in Markdown.
    pub report: String,
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

/// Does a task with a text.
#[must_use]
pub fn run(text: &str, task: &Task) -> Done {
    match task {
        Task::Share { settings, is_masked } => {
            let masked = mask(text);
            let text = if *is_masked { masked.text } else { text.to_owned() };
            let shared = Shared { text, settings: settings.clone() };
            Done::Shared { link: link::write(&shared), text: shared.text, secrets: masked.hidden }
        }
        Task::Open(fragment) => Done::Opened(link::read(fragment)),
        Task::Export { request, theme } => Done::Exported(export(text, request, theme)),
        Task::Propose { request, change, chosen } => {
            Done::Proposed(Box::new(change::propose(text, request, change, chosen)))
        }
        Task::Rules => Done::Rules(rules::list()),
        Task::Rule(id) => Done::Rule(rules::page(id)),
        Task::Lesson(task) => Done::Lesson(lesson::run(text, task)),
        Task::Pictures(request) => Done::Pictures(view(text, request).pictures),
    }
}

fn export(text: &str, request: &Request, theme: &str) -> Exported {
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
    }
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
    use super::*;
    use crate::view::Writing;

    const TEXT: &str = "kind: Pod\nmetadata: { name: \"The Shop/1\" }\nspec:\n  containers:\n    - { name: shop, image: x, env: [{ name: TOKEN, value: abc }] }\n    - { name: logs, image: fluent/fluent-bit }\n";

    #[test]
    fn a_link_opens_to_what_was_shared() {
        let settings = Settings { kind: "timeline".to_owned(), ..Settings::default() };
        for (is_masked, shared) in [(false, TEXT.to_owned()), (true, TEXT.replace("abc", "masked"))] {
            let Done::Shared { link, secrets, text } =
                run(TEXT, &Task::Share { settings: settings.clone(), is_masked })
            else {
                panic!()
            };
            assert_eq!(text, shared);
            assert_eq!(secrets, [Hidden { name: "TOKEN".to_owned(), line: 5 }]);
            let opened = run("", &Task::Open(link.unwrap()));
            assert_eq!(opened, Done::Opened(Ok(Shared { text: shared, settings: settings.clone() })));
        }
    }

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
}
