//! Goals: conditions over what is known of a text, written as short sentences.
//!
//! ```
//! use sidecar_playground::lesson::{Look, goal};
//! let text = "{kind: Pod, spec: {containers: [{name: shop, image: example.com/shop}, {name: logs, image: fluent/fluent-bit}]}}";
//! let goals = ["shop is the app".to_owned(), "logs is a native sidecar".to_owned()];
//! let held = goal::check(text, &goals, &Look::default());
//! assert_eq!(held.iter().map(|held| held.holds).collect::<Vec<_>>(), [true, false]);
//! ```
//!
//! Each file of this folder is one family of goals: a list of [`Pattern`]s. A word in capitals stands for a word of the
//! author. To add a goal, add a pattern to a family; the page, the list for authors and the help for an unknown goal come
//! from it.

pub(super) mod cost;
mod findings;
mod life;
mod mesh;
mod order;
mod parse;
mod roles;
mod scene;
pub(super) mod server;
mod shape;
mod share;
mod suggest;

pub use parse::{Goal, Unknown};
pub use suggest::suggest;

pub(super) use parse::{Words, fit, wrong_word};
pub(super) use scene::{Member, Miss, Scene};

use super::Look;
use crate::view::Range;
use serde::{Deserialize, Serialize};

/// A way to say a goal.
pub struct Pattern {
    /// The goal, with capitals for what its author fills in: `NAME is a native sidecar`.
    pub text: &'static str,
    /// The sentence that a learner reads; empty when that is the same.
    says: &'static str,
    /// Whether it holds: how that is, or why not.
    check: Check,
}

/// Whether a goal holds: what there is to say about it, possibly nothing, or why not.
type Checked = Result<String, Miss>;

type Check = fn(&Scene<'_>, &parse::Words<'_>) -> Checked;

/// A goal that is said as it is written.
const fn plain(text: &'static str, check: Check) -> Pattern {
    Pattern { text, says: "", check }
}

/// All goals: a heading for each family, and its patterns.
pub const FAMILIES: &[(&str, &[Pattern])] = &[
    ("Who is what", roles::PATTERNS),
    ("What there is", shape::PATTERNS),
    ("What is shared", share::PATTERNS),
    ("Order", order::PATTERNS),
    ("What happens over time", life::PATTERNS),
    ("Findings", findings::PATTERNS),
    ("What the API server says", server::PATTERNS),
    ("Cost", cost::PATTERNS),
    ("Labels, injection and meshes", mesh::PATTERNS),
];

/// Whether a goal holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The goal, as it was given.
    pub goal: String,
    /// As a sentence; words between backticks are code.
    pub sentence: String,
    /// Whether it holds.
    pub holds: bool,
    /// Why not; or how it holds, where there is more to say.
    pub why: Option<String>,
    /// Where to look.
    pub range: Option<Range>,
    /// Its line, from 1.
    pub line: Option<u32>,
}

/// Whether goals hold for a text, in their order. A goal that is not known does not.
#[must_use]
pub fn check(text: &str, goals: &[String], look: &Look) -> Vec<Held> {
    let scene = Scene::new(text, look);
    goals.iter().map(|goal| scene.held(goal)).collect()
}

impl Scene<'_> {
    fn held(&self, text: &str) -> Held {
        let held = |sentence: String, checked: Checked| {
            let goal = text.to_owned();
            match checked {
                Ok(how) => {
                    let why = Some(how).filter(|how| !how.is_empty());
                    Held { goal, sentence, holds: true, why, range: None, line: None }
                }
                Err(miss) => {
                    let (range, line) = miss.place.map(|place| self.range(place)).unzip();
                    Held { goal, sentence, holds: false, why: Some(miss.why), range, line }
                }
            }
        };
        match Goal::parse(text) {
            Ok(goal) => held(goal.sentence(), goal.check(self)),
            Err(unknown) => held(text.to_owned(), Err(Miss::new(unknown.message))),
        }
    }
}

impl Goal<'_> {
    /// Of a text that cannot be read to its end nobody knows what would stand in the rest.
    fn check(&self, scene: &Scene<'_>) -> Checked {
        scene.unreadable().map_or_else(|| (self.pattern.check)(scene, &self.words), Err)
    }
}
