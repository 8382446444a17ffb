//! Lessons: what the files of one say, whether the goals of a step hold, and the answers to its questions.
//!
//! ```text
//! texts of a folder ──read──▶ Draft (as written) ──show──▶ Lesson (as shown)
//!                               ▲    └─write─▶ texts of a folder
//!                    what a teacher types in the page
//! ```
//!
//! A lesson comes from this site, from a teacher's own site or out of a link, always as text, and none of it is trusted:
//! what cannot be read is a [`Trouble`] with its place and a way out, sizes are bounded, links are checked. Nothing of the
//! lessons of this site is compiled in; they are files in `content/`, one folder each:
//!
//! ```text
//! content/what-is-a-sidecar/
//!   lesson.yaml                title, about, minutes, order, needs
//!   10-motorcycle/             steps, in the order of their numbers; the rest of the name is the id, for ever
//!     text.md                  what there is to read, see `prose`
//!     step.yaml                title, goals, hints, quiz, view, optional
//!     start.yaml               the manifest that the learner starts with
//!     solution.yaml            one that reaches all goals
//!     notes.md                 for whoever presents it
//! ```

mod folder;
pub mod goal;
pub mod prose;
pub mod quiz;
mod read;
mod show;
mod write;

pub use folder::{Folder, StepFiles};
pub use read::read;
pub use show::show;
pub use write::write;

use prose::Block;
use quiz::{Question, Quiz};
use serde::{Deserialize, Serialize};

/// Most steps of a lesson that are read.
pub const MAX_STEPS: usize = 40;

/// Most goals, hints or questions of a step that are read.
pub const MAX_ENTRIES: usize = 20;

/// Longest file of a lesson that is read, in bytes.
pub const MAX_FILE: usize = 64 * 1024;

/// Something in the files of a lesson that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// The file, in the folder of the lesson: `motorcycle/step.yaml`.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Character in the line, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// A lesson as its author writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its name in addresses.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is about, in a sentence or two.
    pub about: String,
    /// How many minutes it takes.
    pub minutes: u32,
    /// Its place among the lessons of the course.
    pub order: u32,
    /// Ids of the lessons that it builds on.
    pub needs: Vec<String>,
    /// Its steps.
    pub steps: Vec<DraftStep>,
}

/// A step as its author writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftStep {
    /// Its name in addresses.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What there is to read, in Markdown.
    pub text: String,
    /// What only the presenter reads, in Markdown.
    pub notes: String,
    /// The manifest to start with; empty for a step without one.
    pub start: String,
    /// A manifest that reaches the goals; empty for a step without an exercise.
    pub solution: String,
    /// What is to be reached, see [`goal`].
    pub goals: Vec<String>,
    /// Help, the faintest first, in Markdown.
    pub hints: Vec<String>,
    /// Questions.
    pub quiz: Vec<Question>,
    /// What the learner looks at.
    pub look: Look,
    /// Whether the lesson is done without it.
    pub is_optional: bool,
}

/// What a learner looks at, and under which suppositions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// The kind of picture; empty for that of the playground.
    pub kind: String,
    /// What is supposed to happen, see [`crate::simulate::WhatIf::parse`].
    pub what_if: String,
    /// The release of Kubernetes: `1.29`; empty for the newest one.
    pub release: String,
}

/// A lesson as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// Its name in addresses.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub about: String,
    /// How many minutes it takes.
    pub minutes: u32,
    /// Ids of the lessons that it builds on.
    pub needs: Vec<String>,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// A step as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its name in addresses.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What there is to read.
    pub text: Vec<Block>,
    /// What only the presenter reads.
    pub notes: Vec<Block>,
    /// The manifest to start with.
    pub start: Option<String>,
    /// A manifest that reaches the goals.
    pub solution: Option<String>,
    /// What is to be reached.
    pub goals: Vec<Aim>,
    /// Help, the faintest first.
    pub hints: Vec<Vec<Block>>,
    /// Questions.
    pub quiz: Vec<Quiz>,
    /// What the learner looks at.
    pub look: Look,
    /// Whether the lesson is done without it.
    pub is_optional: bool,
}

/// Something to be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aim {
    /// As its author writes it, and as it is given to [`goal::check`].
    pub goal: String,
    /// As a sentence; words between backticks are code.
    pub sentence: String,
}
