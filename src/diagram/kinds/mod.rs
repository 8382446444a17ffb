//! The kinds of pictures: one file each, one line each below.

mod map;
mod resources;
mod sequence;
mod timeline;
mod topology;

use super::Diagram;
use crate::Analysis;
use crate::form::Form;

/// A kind of picture.
#[derive(Debug)]
pub struct Kind {
    /// The id, as in links and options.
    pub id: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// When to look at it.
    pub about: &'static str,
    /// What one picture of it is about.
    pub scope: Scope,
}

/// What a picture is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A workload in one of the two forms.
    Form,
    /// A workload as it is written.
    Workload,
    /// The whole text.
    Text,
}

/// All kinds, in the order in which they are offered.
pub static KINDS: &[Kind] = &[
    Kind {
        id: "topology",
        title: "Both forms",
        about: "Which containers a Pod has, in which list and order, and which volumes they share.",
        scope: Scope::Form,
    },
    Kind {
        id: "written",
        title: "As written",
        about: "The same picture of the form that the manifest has, and no other.",
        scope: Scope::Workload,
    },
    Kind {
        id: "map",
        title: "Map",
        about: "All workloads of the text: who calls whom, what sends traffic to them, what they share.",
        scope: Scope::Text,
    },
    Kind {
        id: "timeline",
        title: "Timeline",
        about: "What each container does over time: start, probes, crashes, shutdown.",
        scope: Scope::Form,
    },
    Kind {
        id: "sequence",
        title: "Sequence",
        about: "What the kubelet starts, what it waits for, and what it stops, one after the other.",
        scope: Scope::Form,
    },
    Kind {
        id: "resources",
        title: "Resources",
        about: "What the scheduler reserves, for whom, and when the most is needed.",
        scope: Scope::Form,
    },
];

/// The kind of an id.
#[must_use]
pub fn kind(id: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.id == id)
}

impl Kind {
    /// Builds the pictures that need nothing but what was read and detected; see [`Kind::build`].
    #[must_use]
    pub fn build_first(&self, analysis: &Analysis, workload: usize, form: Form) -> Option<Diagram> {
        match self.id {
            "topology" => topology::build(analysis, workload, Some(form)),
            "written" => topology::build(analysis, workload, None),
            _ => None,
        }
    }

    /// Builds the picture of a workload in a form; `None` when there is no such workload, or nothing to draw in it.
    #[must_use]
    pub fn build(&self, analysis: &Analysis, workload: usize, form: Form) -> Option<Diagram> {
        // Not a field of the list above: the page shows that list and would carry the whole engine with it.
        match self.id {
            "map" => map::build(analysis, workload),
            "timeline" => timeline::build(analysis, workload, form),
            "resources" => resources::build(analysis, workload, form),
            "sequence" => sequence::build(analysis, workload, form),
            _ => self.build_first(analysis, workload, form),
        }
    }
}
