//! What is known of the pieces that were read so far, and how that follows a change of the text.

use super::depend::{self, Influence};
use crate::finding::{Finding, Severity};
use crate::model::{Model, Workload};
use crate::source::Document;
use crate::{Analysis, dialect};
use std::ops::Range;
use std::rc::Rc;

/// The documents of a piece.
pub(super) type Read = Vec<Document>;

/// What is known; findings stand apart from the analysis, for each workload.
#[derive(Default)]
pub(super) struct Known {
    pub(super) analysis: Analysis,
    pub(super) results: Vec<Results>,
    /// What rules found that weigh workloads against each other; none when they have to run again.
    pub(super) between: Option<Vec<Finding>>,
    /// Kind and name of each workload.
    pub(super) titles: Rc<Vec<String>>,
    /// How much stands in the pieces up to each one; none before anything was read.
    ends: Vec<Counts>,
}

/// What was found out about a workload.
#[derive(Default)]
pub(super) struct Results {
    /// Whether anything was.
    pub(super) is_known: bool,
    pub(super) findings: Vec<Finding>,
    /// What there is to count of them: they are many, and asked for at each key.
    pub(super) counts: Tally,
    /// Whether one of them stands in another document than the workload.
    pub(super) has_away: bool,
}

/// How many findings there are.
#[derive(Clone, Copy, Default)]
pub(super) struct Tally {
    /// Of each level, the mildest first.
    pub(super) shown: [usize; 3],
    /// Those that the manifest hides.
    pub(super) hidden: usize,
}

impl Tally {
    pub(super) fn count(&mut self, finding: &Finding) {
        match (&finding.hidden, Severity::ALL.iter().position(|level| *level == finding.severity)) {
            (Some(_), _) => self.hidden += 1,
            (None, Some(level)) => self.shown.iter_mut().skip(level).take(1).for_each(|count| *count += 1),
            (None, None) => {}
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.shown.iter_mut().zip(other.shown).for_each(|(own, other)| *own += other);
        self.hidden += other.hidden;
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    documents: usize,
    objects: usize,
    workloads: usize,
}

impl Known {
    /// How many pieces were read.
    pub(super) fn pieces(&self) -> usize {
        self.ends.len()
    }

    /// The number that the first document of a piece has or would have.
    pub(super) fn number_at(&self, piece: usize) -> u32 {
        let documents = self.before(piece).documents;
        documents
            .checked_sub(1)
            .and_then(|last| self.analysis.source.documents.get(last))
            .map_or(0, |last| last.number + 1)
    }

    /// Indices of the documents and of the workloads of a piece.
    pub(super) fn within(&self, piece: usize) -> (Range<usize>, Range<usize>) {
        let (before, end) = (self.before(piece), self.before(piece + 1));
        (before.documents..end.documents, before.workloads..end.workloads)
    }

    /// The first workload of which nothing is known.
    pub(super) fn next_unknown(&self) -> Option<usize> {
        self.results.iter().position(|result| !result.is_known)
    }

    /// How many documents were read, and how many were looked at.
    pub(super) fn half_done(&self) -> usize {
        let looked_at = (0..self.pieces()).filter(|piece| {
            let (_, workloads) = self.within(*piece);
            self.results.get(workloads).unwrap_or_default().iter().all(|result| result.is_known)
        });
        self.pieces() + looked_at.count()
    }

    /// Everything has to be found out again, though not to be read.
    pub(super) fn forget_all(&mut self) {
        self.results.iter_mut().for_each(|result| *result = Results::default());
        self.between = None;
    }

    /// Notes what was found out about some workloads.
    pub(super) fn learn(&mut self, workloads: Range<usize>, findings: Vec<Finding>) {
        for result in self.results.get_mut(workloads).unwrap_or_default() {
            *result = Results { is_known: true, ..Results::default() };
        }
        for finding in without_edits(findings) {
            let Some(first) = finding.workloads.first().copied() else { continue };
            let workload = self.analysis.model.workloads.get(first);
            if let (Some(result), Some(workload)) = (self.results.get_mut(first), workload) {
                result.counts.count(&finding);
                result.has_away |= finding.place.document != workload.document;
                result.findings.push(finding);
            }
        }
    }

    /// Puts the documents of other pieces in place of those of some pieces; what stands behind them has moved by so many
    /// bytes.
    pub(super) fn replace(&mut self, pieces: Range<usize>, read: Vec<Read>, moved: i64) {
        let (first, old) = (self.before(pieces.start), self.before(pieces.end));
        let (mut model, ends) = understand(first, &read);
        let new = ends.last().copied().unwrap_or(first);
        let (number, old_number) = (self.number_at(pieces.start), self.number_at(pieces.end));
        let influences = self.influences(first, old, &model);

        let titles: Vec<String> = model.workloads.iter().map(Workload::title).collect();
        if self.titles.get(first.workloads..old.workloads).is_none_or(|own| own != titles) {
            Rc::make_mut(&mut self.titles).splice(first.workloads..old.workloads, titles);
        }
        let added = model.workloads.len();
        self.results.splice(first.workloads..old.workloads, (0..added).map(|_| Results::default()));
        self.analysis.verdicts.splice(first.workloads..old.workloads, (0..added).map(|_| Vec::new()));
        self.analysis.source.documents.splice(first.documents..old.documents, read.into_iter().flatten());
        self.analysis.model.replace(first.objects..old.objects, std::mem::take(&mut model.objects));
        self.analysis.model.workloads.splice(first.workloads..old.workloads, model.workloads.drain(..));
        let behind = pieces.start + ends.len();
        self.ends.splice(pieces, ends);

        let shift = Shift { old, new };
        for ends in self.ends.get_mut(behind..).unwrap_or_default() {
            *ends = shift.counts(*ends);
        }
        let last = new.documents.checked_sub(1).and_then(|last| self.analysis.source.documents.get(last));
        let next = if new == first { number } else { last.map_or(0, |last| last.number + 1) };
        for document in self.analysis.source.documents.get_mut(new.documents..).unwrap_or_default() {
            document.start = u32::try_from(i64::from(document.start) + moved).unwrap_or(u32::MAX);
            document.number = (document.number + next).saturating_sub(old_number);
        }
        self.renumber(&shift);
        self.forget(&influences);
    }

    /// What a change may have changed elsewhere: `first` to `old` is what is gone, the model what is new.
    fn influences(&mut self, first: Counts, old: Counts, new: &Model) -> Vec<Influence> {
        let objects = self.analysis.model.objects.get(first.objects..old.objects).unwrap_or_default();
        let workloads = self.analysis.model.workloads.get(first.workloads..old.workloads).unwrap_or_default();
        let influences: Vec<Influence> = objects.iter().chain(&new.objects).filter_map(Influence::of).collect();
        let is_weighed = |workload: &Workload| depend::is_weighed(workload, &self.analysis.model);
        let is_same = influences.is_empty()
            && depend::is_same_lineage(objects, &new.objects)
            && !workloads.iter().chain(&new.workloads).any(is_weighed);
        if !is_same {
            self.between = None;
        }
        influences
    }

    /// Gives everything behind a place its new indices.
    fn renumber(&mut self, shift: &Shift) {
        let new = shift.new;
        if shift.old == new {
            return;
        }
        let model = &mut self.analysis.model;
        for object in model.objects.get_mut(new.objects..).unwrap_or_default() {
            shift.document(&mut object.document);
        }
        for workload in model.workloads.get_mut(new.workloads..).unwrap_or_default() {
            shift.document(&mut workload.document);
            workload.object = (workload.object + new.objects).saturating_sub(shift.old.objects);
        }
        for verdict in self.analysis.verdicts.get_mut(new.workloads..).unwrap_or_default().iter_mut().flatten() {
            let places = verdict.evidence.iter_mut().filter_map(|evidence| evidence.place.as_mut());
            places.for_each(|place| shift.document(&mut place.document));
        }
        let own = self.results.iter_mut().flat_map(|result| &mut result.findings);
        own.chain(self.between.iter_mut().flatten()).for_each(|finding| shift.finding(finding));
    }

    /// What these objects may have changed is not known any more.
    fn forget(&mut self, influences: &[Influence]) {
        if influences.is_empty() {
            return;
        }
        for (workload, result) in self.analysis.model.workloads.iter().zip(&mut self.results) {
            if result.is_known && influences.iter().any(|influence| influence.reaches(workload)) {
                *result = Results::default();
            }
        }
    }

    fn before(&self, piece: usize) -> Counts {
        let last = piece.min(self.ends.len()).checked_sub(1);
        last.and_then(|last| self.ends.get(last)).copied().unwrap_or_default()
    }
}

/// Reads the words of the domain in some documents, and counts them.
fn understand(first: Counts, read: &[Read]) -> (Model, Vec<Counts>) {
    let mut model = Model::default();
    let mut at = first;
    let mut ends = Vec::new();
    for documents in read {
        for document in documents {
            dialect::read(u32::try_from(at.documents).unwrap_or(u32::MAX), document, &mut model);
            at.documents += 1;
        }
        at.objects = first.objects + model.objects.len();
        at.workloads = first.workloads + model.workloads.len();
        ends.push(at);
    }
    for workload in &mut model.workloads {
        workload.object += first.objects;
    }
    (model, ends)
}

/// Fixes are shown by their titles here; their edits are made anew when someone wants one.
pub(super) fn without_edits(mut findings: Vec<Finding>) -> Vec<Finding> {
    for fix in findings.iter_mut().filter_map(|finding| finding.fix.as_mut()) {
        fix.edits = Vec::new();
    }
    findings
}

/// What stood in front of a place, and what stands there now.
struct Shift {
    old: Counts,
    new: Counts,
}

impl Shift {
    fn counts(&self, counts: Counts) -> Counts {
        Counts {
            documents: (counts.documents + self.new.documents).saturating_sub(self.old.documents),
            objects: (counts.objects + self.new.objects).saturating_sub(self.old.objects),
            workloads: (counts.workloads + self.new.workloads).saturating_sub(self.old.workloads),
        }
    }

    fn document(&self, index: &mut u32) {
        let narrow = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        if *index as usize >= self.old.documents {
            *index = (*index + narrow(self.new.documents)).saturating_sub(narrow(self.old.documents));
        }
    }

    fn finding(&self, finding: &mut Finding) {
        self.document(&mut finding.place.document);
        finding.evidence.iter_mut().for_each(|related| self.document(&mut related.place.document));
        for workload in finding.workloads.iter_mut().filter(|workload| **workload >= self.old.workloads) {
            *workload = (*workload + self.new.workloads).saturating_sub(self.old.workloads);
        }
    }
}
