//! What is listed of a whole text: its workloads, and as many of its findings as are wanted.

use super::known::{Known, Tally};
use crate::finding::{Finding, Severity};
use crate::source::Text;
use crate::view::{Listed, Range, Request};
use std::collections::BTreeMap;

/// What the page lists, in the order of the text.
pub(super) fn list<'k>(text: &Text, known: &'k Known, request: &Request) -> Listed<'k> {
    let mut listed = Listed { workloads: known.titles.clone(), ..Listed::default() };
    let mut counts = Tally::default();
    known.results.iter().for_each(|result| counts.add(&result.counts));
    known.between.iter().flatten().for_each(|finding| counts.count(finding));
    (listed.counts, listed.hidden) = (counts.shown, counts.hidden);
    let away = away(known);
    let most = request.most.unwrap_or(usize::MAX);
    for piece in 0..known.pieces() {
        let is_full = listed.findings.len() >= most;
        if is_full && text.start(piece).unit > request.sight.to {
            break;
        }
        if is_full && text.start(piece + 1).unit < request.sight.from {
            continue;
        }
        for finding in findings(known, &away, piece, request.level) {
            if listed.findings.len() < most {
                listed.findings.push(finding);
            } else if request.sight != Range::default() {
                listed.in_sight.push(finding);
            }
        }
    }
    listed
}

/// Findings that stand in other documents than the workload that they are about, by document.
fn away(known: &Known) -> BTreeMap<usize, Vec<&Finding>> {
    let mut away: BTreeMap<usize, Vec<&Finding>> = BTreeMap::new();
    let pairs = known.analysis.model.workloads.iter().zip(&known.results).filter(|(_, result)| result.has_away);
    for (document, result) in pairs.map(|(workload, result)| (workload.document, result)) {
        for finding in result.findings.iter().filter(|finding| finding.place.document != document) {
            away.entry(finding.place.document as usize).or_default().push(finding);
        }
    }
    for finding in known.between.iter().flatten() {
        away.entry(finding.place.document as usize).or_default().push(finding);
    }
    away
}

/// The findings that stand in a piece and are to be shown.
fn findings<'k>(
    known: &'k Known,
    away: &BTreeMap<usize, Vec<&'k Finding>>,
    piece: usize,
    level: Severity,
) -> Vec<&'k Finding> {
    let (documents, workloads) = known.within(piece);
    let of_workloads = known.analysis.model.workloads.get(workloads.clone()).unwrap_or_default();
    let results = known.results.get(workloads).unwrap_or_default();
    let own = of_workloads.iter().zip(results).flat_map(|(workload, result)| {
        result.findings.iter().filter(|finding| finding.place.document == workload.document)
    });
    let away = documents.filter_map(|document| away.get(&document)).flatten().copied();
    let shown = own.chain(away).filter(|finding| finding.hidden.is_none() && finding.severity >= level);
    let mut found: Vec<&Finding> = shown.collect();
    found.sort_by_key(|finding| (known.analysis.source.span(finding.place).start, finding.rule));
    found
}
