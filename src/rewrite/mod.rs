//! Whole-manifest changes as edits of the user's own text: traditional → native and back, a split sidecar merged into its
//! app's Pod, a Compose project as a Pod.
//!
//! A [`Rewrite`] is a proposal: edits, what to know about them, what is lost, or why it is refused. The caller applies the
//! edits, analyses the new text and [`compare()`]s.
//!
//! **Invariants:** comments, order of keys, quotes, anchors and everything outside of the edits stay. Each rewrite is
//! read back before it is handed out, and refused if it does anything but what was planned.

mod check;
mod compare;
mod compose;
mod hooks;
mod merge;
mod native;
mod obstacles;
mod probe;
mod stop_calls;
mod traditional;

pub use compare::{Cost, Difference, compare, compare_moved};
pub use compose::{Converted, compose_to_pod, groups};
pub use merge::{MergeChoices, merge_split};
pub use native::to_native;
pub use traditional::to_traditional;

use crate::Analysis;
use crate::edit::{Edit, Editor, Move, Patch, Yaml};
use crate::form::Form;
use crate::model::Workload;
use crate::release::Cluster;
use crate::source::Place;
use serde::Serialize;

/// Something to know about a rewrite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// A sentence.
    pub text: String,
    /// Where that stands in the text before the rewrite.
    pub place: Option<Place>,
}

/// Why a rewrite is not made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// A sentence.
    pub reason: String,
    /// Where the reason stands.
    pub place: Option<Place>,
    /// Whether nothing helps. Otherwise [`Choices::despite`] makes the rewrite, and the reason becomes a loss.
    pub is_final: bool,
}

/// A change that somebody may want with a rewrite: a startup probe.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Index of the container; with it in [`Choices::startup_probes`] the change is made.
    pub container: usize,
    /// What it does, as a command.
    pub title: String,
    /// Why, and what to look at first.
    pub reason: String,
    /// Whether it surely works.
    pub is_sure: bool,
    /// The probe.
    pub probe: Yaml,
}

/// What the user chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// The containers to move, as indices; all helpers when none are given.
    pub containers: Option<Vec<usize>>,
    /// The containers that get the startup probe that is proposed for them.
    pub startup_probes: Vec<usize>,
    /// Leaves preStop hooks as they are.
    pub keeps_hooks: bool,
    /// Leaves scripts as they are.
    pub keeps_scripts: bool,
    /// Makes the rewrite although it takes something away.
    pub despite: bool,
}

/// A rewrite of one workload.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rewrite {
    /// What it does, as a command.
    pub title: String,
    /// The edits, which only make sense together; none when the rewrite is refused or there is nothing to do.
    pub edits: Vec<Edit>,
    /// What was done why, and what to look at.
    pub notes: Vec<Note>,
    /// What the workload could do before and cannot do any more.
    pub losses: Vec<Note>,
    /// More that could be done.
    pub proposals: Vec<Proposal>,
    /// Why it is not made.
    pub refused: Vec<Refusal>,
}

impl Rewrite {
    /// The edits as a patch of one group.
    #[must_use]
    pub fn patch(&self) -> Patch {
        Patch::new(self.edits.clone())
    }

    fn new(title: String) -> Self {
        Self { title, ..Self::default() }
    }

    fn note(&mut self, text: impl Into<String>, place: Option<Place>) {
        self.notes.push(Note { text: text.into(), place });
    }

    fn lose(&mut self, text: impl Into<String>, place: Option<Place>) {
        self.losses.push(Note { text: text.into(), place });
    }

    fn refuse(&mut self, reason: impl Into<String>, place: Option<Place>) {
        self.refused.push(Refusal { reason: reason.into(), place, is_final: true });
    }

    /// Refuses, unless the user wants it nevertheless.
    fn refuse_unless(&mut self, despite: bool, reason: impl Into<String>, place: Option<Place>) {
        let reason = reason.into();
        if despite {
            self.losses.push(Note { text: reason, place });
        } else {
            self.refused.push(Refusal { reason, place, is_final: false });
        }
    }
}

/// Rewrites a workload into a form.
#[must_use]
pub fn to_form(analysis: &Analysis, workload: usize, form: Form, cluster: &Cluster, choices: &Choices) -> Rewrite {
    match form {
        Form::Native => to_native(analysis, workload, cluster, choices),
        Form::Traditional => to_traditional(analysis, workload, cluster, choices),
    }
}

/// Rewrites all workloads of a text: one group of the patch for each that changes.
#[must_use]
pub fn all_to_form(analysis: &Analysis, form: Form, cluster: &Cluster, choices: &Choices) -> (Patch, Vec<Rewrite>) {
    let workloads = 0..analysis.model.workloads.len();
    let rewrites: Vec<Rewrite> = workloads.map(|index| to_form(analysis, index, form, cluster, choices)).collect();
    let groups = rewrites.iter().map(|rewrite| rewrite.edits.clone()).filter(|edits| !edits.is_empty()).collect();
    (Patch { groups }, rewrites)
}

/// A rewrite of a Pod's lists of containers before its edits are made.
struct Plan<'a> {
    workload: &'a Workload,
    editor: Editor<'a>,
    moves: Vec<Move>,
    /// Edits inside of containers.
    inner: Vec<Edit>,
    /// Containers and the keys of theirs that change.
    changed: Vec<(usize, Vec<&'static str>)>,
    /// The containers of `initContainers` and of `containers` afterwards.
    order: (Vec<usize>, Vec<usize>),
}

impl Plan<'_> {
    fn change(&mut self, container: usize, key: &'static str) {
        match self.changed.iter_mut().find(|(known, _)| *known == container) {
            Some((_, keys)) => keys.push(key),
            None => self.changed.push((container, vec![key])),
        }
    }

    /// A script changes that stands in `command` or `args`.
    fn change_script(&mut self, container: usize, call: &stop_calls::StopCall<'_>) {
        let command = self.workload.pod.containers.get(container).map(|container| container.command.as_slice());
        let is_command = command.is_some_and(|words| words.iter().any(|word| word.node == call.script.node));
        self.change(container, if is_command { "command" } else { "args" });
    }

    /// Makes the edits, reads the result back, and refuses what is not as planned.
    fn carry_out(self, analysis: &Analysis, rewrite: &mut Rewrite) {
        let place = Some(self.workload.place(self.workload.pod.node, crate::source::Part::Key));
        let edits = match self.editor.move_items(self.workload.pod.node, &self.moves, &self.inner) {
            Ok(edits) => edits,
            Err(obstacle) => {
                return rewrite.refuse(format!("This text cannot be rewritten safely: {obstacle}."), place);
            }
        };
        let document = analysis.source.documents.get(self.workload.document as usize);
        match document.map(|document| check::check(document, &edits, &self)) {
            Some(Ok(())) => rewrite.edits = edits,
            Some(Err(what)) => {
                rewrite.refuse(format!("This text cannot be rewritten safely: {what}."), place);
            }
            None => {}
        }
    }
}

/// A few names as a part of a sentence: `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
