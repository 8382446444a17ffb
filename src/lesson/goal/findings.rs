//! What the rules find. A finding that the manifest hides is still one: a lesson is about mending it.

use super::parse::Words;
use super::{Checked, Miss, Pattern, Scene};
use crate::finding::{Finding, Severity};

pub(super) const PATTERNS: &[Pattern] = &[
    Pattern {
        text: "no finding",
        says: "there is no finding, not even advice",
        check: |scene, _| none(scene, |_| true),
    },
    Pattern { text: "no finding above LEVEL", says: "there is no finding above the level LEVEL", check: above },
    Pattern {
        text: "no finding RULE",
        says: "the rule RULE finds nothing",
        check: |scene, words| none(scene, |finding| finding.rule == words.get("RULE")),
    },
    Pattern { text: "finding RULE", says: "the rule RULE finds something", check: some },
];

fn none(scene: &Scene<'_>, counts: impl Fn(&Finding) -> bool) -> Checked {
    // The worst one first; of those the first in the text.
    let findings = scene.analysis.findings.iter().filter(|finding| counts(finding));
    let worst = findings.rev().max_by_key(|finding| finding.severity);
    let Some(finding) = worst else { return Ok(String::new()) };
    let hidden = if finding.hidden.is_some() { " (It is hidden, not mended.)" } else { "" };
    let message = finding.message.trim_end_matches('.');
    Err(Miss::new(format!("{}: {message}.{hidden}", finding.rule)).at(finding.place))
}

fn above(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let level = Severity::from_id(words.get("LEVEL")).unwrap_or_default();
    none(scene, |finding| finding.severity > level)
}

fn some(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    match scene.analysis.findings.iter().find(|finding| finding.rule == words.get("RULE")) {
        Some(finding) => Ok(format!("{}.", finding.message.trim_end_matches('.'))),
        None => Err(Miss::new("It finds nothing.")),
    }
}
