//! A text that is being edited, with all that is known of it. A change costs what its documents cost, not what the text
//! costs: everything else stays as it was read, understood and checked.
//!
//! ```
//! use sidecar_playground::session::Session;
//! use sidecar_playground::source::Change;
//! use sidecar_playground::view::Request;
//!
//! let mut session = Session::<true>::default();
//! session.set("kind: Pod\nspec: { containers: [{ name: shop }] }\n");
//! session.change(&Change { from: 39, to: 43, insert: "store".to_owned() });
//! let request = Request::default();
//! while session.work(&request) {}
//! assert_eq!(session.view(&request).containers[0].name, "store");
//! ```
//!
//! **Invariant:** once there is no more work, a session says of its text exactly what [`view`] says of it, whatever was
//! changed in which order. On the way it says what it knows so far: the workload that is shown comes first.

mod depend;
mod known;
mod list;

use crate::detect::Detector;
use crate::finding::Severity;
use crate::rules;
use crate::source::{Change, Places, Replaced, Source, Text};
use crate::view::{Progress, Request, View, Viewer, Writing, sketch};
use crate::{Options, release::Cluster};
use known::Known;
use std::ops::Range;

/// As many bytes are read in one step.
const READ: usize = 32 * 1024;

/// Longest text that a change may bring and have read at once; a longer one is read step by step.
const AT_ONCE: usize = 256 * 1024;

/// As many workloads are looked at in one step.
const CHECKED: usize = 16;

/// A text with all that is known of it. `IS_WHOLE` decides when the program is built, see [`first_view`].
#[derive(Default)]
pub struct Session<const IS_WHOLE: bool> {
    text: Text,
    known: Known,
    options: Options,
    detector: Detector,
    /// What was drawn last before the rules had run, and what for.
    sketched: Option<(Request, Vec<String>)>,
}

/// Analyses a text and gives what the page wants to see of it.
#[must_use]
pub fn view(text: &str, request: &Request) -> View {
    whole::<true>(text, request)
}

/// What of that a part of the engine can give that is a third as large: workloads, containers with their reasons, and the
/// topology; no findings, no API server, nothing that is simulated. Of a text with something unusual in it, which takes a
/// whole YAML parser, it only says that: see [`View::is_beyond`].
#[must_use]
pub fn first_view(text: &str, request: &Request) -> View {
    whole::<false>(text, request)
}

fn whole<const IS_WHOLE: bool>(text: &str, request: &Request) -> View {
    let mut session = Session::<IS_WHOLE>::default();
    session.set(text);
    while session.work(request) {}
    session.view(request)
}

impl<const IS_WHOLE: bool> Session<IS_WHOLE> {
    /// Puts another text in place of this one. What both have at their beginnings and ends stays known.
    pub fn set(&mut self, text: &str) {
        if let Some(change) = self.text.change_to(text) {
            self.change(&change);
        }
    }

    /// Makes a change of the text.
    pub fn change(&mut self, change: &Change) {
        self.sketched = None;
        let replaced = self.text.change(change);
        self.follow(&replaced);
        self.known.analysis.source.problems = self.text.problems().to_vec();
    }

    /// How many UTF-16 units the text has.
    #[must_use]
    pub fn units(&self) -> u32 {
        self.text.units()
    }

    /// Does a step of what is still to do, what the request needs first; `false` when there is nothing left.
    pub fn work(&mut self, request: &Request) -> bool {
        self.prepare(request);
        if self.known.pieces() < self.text.parts().len() {
            self.read_on();
        } else if let Some(first) = self.known.next_unknown() {
            self.look_at(first, CHECKED);
        } else if IS_WHOLE && self.known.between.is_none() {
            self.known.between = Some(known::without_edits(rules::check_between(&self.known.analysis, &self.options)));
        } else {
            return false;
        }
        true
    }

    /// The pictures alone, as they will be in the answer, before the rules have run: those take longest. Nothing where the
    /// answer may have others, or comes as soon.
    pub fn sketch(&mut self, request: &Request) -> &[String] {
        self.sketched = None;
        self.settle(request);
        let shown = self.shown(request);
        let others = self.known.results.iter().enumerate().filter(|(index, _)| *index != shown);
        let is_sure = IS_WHOLE
            && request.writing == Writing::Picture
            && self.known.pieces() == self.text.parts().len()
            && self.known.results.get(shown).is_some_and(|result| !result.is_known)
            && others.into_iter().all(|(_, result)| result.is_known)
            && !self.known.analysis.source.is_broken();
        if is_sure {
            self.detect(shown);
            let drawn = sketch(&self.known.analysis, request, shown);
            self.sketched = Some((request.clone(), drawn));
        }
        self.sketched.as_ref().map_or(&[], |(_, drawn)| drawn)
    }

    /// What the page wants to see, as far as it is known.
    pub fn view(&mut self, request: &Request) -> View {
        self.prepare(request);
        if !IS_WHOLE && self.known.analysis.source.documents.iter().any(|document| document.is_unread) {
            return View { is_beyond: true, is_partial: true, ..View::default() };
        }
        let places = Places::new(&self.text);
        let mut listed = list::list(&self.text, &self.known, request);
        listed.progress = self.progress();
        let between = self.known.between.as_deref().unwrap_or_default();
        let drawn = self.sketched.as_ref().filter(|(own, _)| own == request).map_or(&[][..], |(_, drawn)| drawn);
        Viewer::<IS_WHOLE> { analysis: &self.known.analysis, between, places: &places, listed, drawn }.view(request)
    }

    /// Makes sure that the workload that is asked for is known.
    fn prepare(&mut self, request: &Request) {
        self.settle(request);
        let shown = self.shown(request);
        if self.known.results.get(shown).is_some_and(|result| !result.is_known) {
            self.look_at(shown, 1);
        }
    }

    fn shown(&self, request: &Request) -> usize {
        request.workload.min(self.known.results.len().saturating_sub(1))
    }

    /// Makes sure that the workload that is asked for is read, and that what is known is what is asked for.
    fn settle(&mut self, request: &Request) {
        // All levels are counted, whichever is shown.
        let options = Options { level: Severity::Advice, what_if: Vec::new(), ..request.options() };
        if options != self.options {
            self.known.forget_all();
            self.known.analysis.set_cluster(Cluster::new(options.release));
            self.options = options;
        }
        self.known.analysis.what_if = request.options().what_if;
        let workloads = |session: &Self| session.known.analysis.model.workloads.len();
        while workloads(self) <= request.workload && self.known.pieces() < self.text.parts().len() {
            self.read_on();
        }
    }

    /// Brings what is known in line with the pieces of the text.
    fn follow(&mut self, replaced: &Replaced) {
        let read = self.known.pieces();
        if replaced.old.start >= read {
            return;
        }
        let new = replaced.old.start..replaced.old.start + replaced.new;
        let bytes = self.text.start(new.end).byte - self.text.start(new.start).byte;
        if replaced.old.end > read || (bytes as usize > AT_ONCE && replaced.new > 1) {
            self.known.replace(replaced.old.start..read, Vec::new(), 0);
            return;
        }
        let documents = self.read(new);
        self.known.replace(replaced.old.clone(), documents, replaced.moved);
    }

    fn read_on(&mut self) {
        let first = self.known.pieces();
        let mut end = first;
        let mut bytes = 0;
        while bytes < READ
            && let Some(part) = self.text.parts().get(end)
        {
            bytes += part.text.len();
            end += 1;
        }
        let documents = self.read(first..end);
        self.known.replace(first..first, documents, 0);
    }

    /// Reads the documents of some pieces.
    fn read(&self, pieces: Range<usize>) -> Vec<known::Read> {
        let mut number = self.known.number_at(pieces.start);
        let mut read = Vec::new();
        for index in pieces {
            let Some(part) = self.text.parts().get(index) else { continue };
            let start = self.text.start(index).byte as usize;
            let documents = match part.is_document {
                true if IS_WHOLE => Source::read_piece(&part.text, start, number),
                true => Source::read_usual_piece(&part.text, start, number),
                false => Vec::new(),
            };
            number = documents.last().map_or(number, |last| last.number + 1);
            read.push(documents);
        }
        read
    }

    /// Finds out about a workload, and about others behind it of which nothing is known.
    fn look_at(&mut self, first: usize, most: usize) {
        let unknown = self.known.results.get(first..).unwrap_or_default().iter().take_while(|result| !result.is_known);
        let end = first + unknown.take(most).count();
        for index in first..end {
            self.detect(index);
        }
        let findings = match IS_WHOLE {
            true => rules::check_some(&self.known.analysis, &self.options, first..end),
            false => Vec::new(),
        };
        self.known.learn(first..end, findings);
    }

    /// Finds out who does what in a workload.
    fn detect(&mut self, index: usize) {
        let analysis = &mut self.known.analysis;
        let Some(workload) = analysis.model.workloads.get(index) else { return };
        let verdicts = self.detector.detect(workload, &analysis.model, &self.options.ignored);
        if let Some(place) = analysis.verdicts.get_mut(index) {
            *place = verdicts;
        }
    }

    fn progress(&self) -> Option<Progress> {
        let all = self.text.parts().iter().filter(|part| part.is_document).count();
        let is_done = self.known.pieces() == self.text.parts().len()
            && self.known.next_unknown().is_none()
            && (self.known.between.is_some() || !IS_WHOLE);
        // Reading is half of it.
        (!is_done).then(|| Progress { done: self.known.half_done() / 2, all })
    }
}

#[cfg(test)]
mod tests {
    use super::{first_view, view};
    use crate::finding::Severity;
    use crate::view::{Request, View};

    const TEXT: &str = "kind: Pod
metadata: { name: shop }
spec:
  initContainers:
    - { name: wait, image: \"fluent/fluent-bit:3\", restartPolicy: OnFailure }
  containers:
    - { name: shop, image: \"example.com/shop:1\" }
    # sidecar-playground: ignore image-not-pinned – built here
    - { name: logs, image: fluent/fluent-bit }
";

    #[test]
    fn all_levels_are_counted_whichever_is_shown_and_what_is_hidden_apart() {
        let at = |level| view(TEXT, &Request { level, ..Request::default() });
        let all = at(Severity::Advice);
        let count = |level| all.findings.iter().filter(|finding| finding.severity == level).count();
        assert_eq!(all.counts, [Severity::Advice, Severity::Warning, Severity::Error].map(count));
        assert_eq!((all.counts[2], all.hidden), (1, 1));
        let errors = at(Severity::Error);
        assert_eq!((errors.counts, errors.hidden), (all.counts, all.hidden));
        assert_eq!(errors.findings.len(), all.counts[2]);
    }

    #[test]
    fn the_first_part_says_the_same_of_what_is_usual_and_nothing_of_the_rest() {
        let request = Request::of_newcomer();
        let (whole, first) = (view(TEXT, &request), first_view(TEXT, &request));
        assert_eq!((&first.pictures, first.is_beyond), (&whole.pictures, false));
        assert_eq!(first.pictures.len(), 2);
        let beyond = View { is_beyond: true, is_partial: true, ..View::default() };
        for unusual in ["kind: &kind Pod\n", "kind: Pod\nspec: { containers: [ }\n", "{{ kind }}: Pod\n"] {
            assert_eq!(first_view(&format!("{TEXT}---\n{unusual}"), &request), beyond, "{unusual}");
        }
        // The rest of the text is no hindrance once that is gone.
        let mut session = super::Session::<false>::default();
        for text in ["kind: &kind Pod\n", TEXT] {
            session.set(text);
            while session.work(&request) {}
        }
        assert_eq!(session.view(&request), first);
    }
}
