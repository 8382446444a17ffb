//! What the page asks for now and then, beside the [`crate::view`] at every keystroke: links, files to save,
//! changes to look at, rules to read about.

use crate::link::{self, Damage, Settings, Shared};
use crate::mask::{Hidden, mask};
use crate::session::view;
use crate::view::{Change, PictureView, Request};
use serde::{Deserialize, Serialize};

mod change;
mod export;
mod lesson;
mod rules;

pub use crate::lesson::quiz::suggest::Offer;
pub use change::{Chosen, Effect, HunkView, Probe, Proposed, Remark};
pub use export::{Exported, ExportedPicture};
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
        Task::Export { request, theme } => Done::Exported(export::export(text, request, theme)),
        Task::Propose { request, change, chosen } => {
            Done::Proposed(Box::new(change::propose(text, request, change, chosen)))
        }
        Task::Rules => Done::Rules(rules::list()),
        Task::Rule(id) => Done::Rule(rules::page(id)),
        Task::Lesson(task) => Done::Lesson(lesson::run(text, task)),
        Task::Pictures(request) => Done::Pictures(view(text, request).pictures),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
