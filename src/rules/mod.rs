//! The rules: one file each, one line each in the registry below.
//!
//! A rule is written with [`rule!`](crate::rule): its documentation stands in front of it, is shown as its page, and is
//! run as its test. The first YAML block must fire exactly this rule, the second must not.

mod duplicate_proxy;
mod job_never_completes;
mod pod_without_app;
mod split_sidecar;

use crate::finding::{Finding, Severity};
use crate::{Analysis, Options};

/// Everything a rule may look at.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The analysis so far: what was read, understood and detected.
    pub analysis: &'a Analysis,
    /// What the user asked for.
    pub options: &'a Options,
}

/// A rule.
pub struct Rule {
    /// In words, kebab-case, says the smell; never reused.
    pub id: &'static str,
    /// How bad its findings are, unless one says otherwise.
    pub severity: Severity,
    /// Markdown: what it does, why it matters, an example that fires, one that does not, since when, references.
    pub docs: &'static str,
    /// Finds.
    pub check: fn(&Self, Subject<'_>) -> Vec<Finding>,
}

/// Declares a rule whose documentation comment is kept as data.
#[macro_export]
macro_rules! rule {
    ($(#[doc = $doc:literal])* $name:ident, $id:literal, $severity:ident, $check:path) => {
        $(#[doc = $doc])*
        pub(super) static $name: $crate::rules::Rule = $crate::rules::Rule {
            id: $id,
            severity: $crate::finding::Severity::$severity,
            docs: concat!($($doc, "\n"),*),
            check: $check,
        };
    };
}

/// All rules, by id.
pub static REGISTRY: &[&Rule] = &[
    &duplicate_proxy::DUPLICATE_PROXY,
    &job_never_completes::JOB_NEVER_COMPLETES,
    &pod_without_app::POD_WITHOUT_APP,
    &split_sidecar::SPLIT_SIDECAR,
];

/// Runs all rules. Findings stand in the order of the text.
#[must_use]
pub fn check(analysis: &Analysis, options: &Options) -> Vec<Finding> {
    let subject = Subject { analysis, options };
    let mut findings: Vec<Finding> = REGISTRY.iter().flat_map(|rule| (rule.check)(rule, subject)).collect();
    findings.sort_by_key(|finding| (analysis.source.span(finding.place).start, finding.rule));
    findings
}

impl Rule {
    /// One sentence: the first of the documentation.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        let text = self.docs.split("## What it does").nth(1).unwrap_or(self.docs).trim_start();
        text.split("\n\n").next().unwrap_or(text)
    }

    /// The YAML blocks of the documentation: the first fires, the second does not.
    #[must_use]
    pub fn examples(&self) -> Vec<String> {
        let blocks = self.docs.split("```yaml\n").skip(1);
        let texts = blocks.filter_map(|block| block.split("```").next());
        // Documentation lines keep the space after `///`.
        texts
            .map(|text| {
                text.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n") + "\n"
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::REGISTRY;
    use crate::{Options, analyze};

    const SECTIONS: &[&str] =
        &["## What it does", "## Why it matters", "## Example", "## Use instead", "## Since", "## References"];

    #[test]
    fn the_registry_is_sorted_and_ids_are_words() {
        assert!(REGISTRY.windows(2).all(|pair| pair[0].id < pair[1].id));
        for rule in REGISTRY {
            assert!(rule.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", rule.id);
        }
    }

    #[test]
    fn each_rule_is_documented_and_its_examples_hold() {
        for rule in REGISTRY {
            for section in SECTIONS {
                assert!(rule.docs.contains(section), "{}: no section {section}", rule.id);
            }
            let examples = rule.examples();
            let [bad, good] = examples.as_slice() else {
                panic!("{}: one example that fires, one that does not", rule.id)
            };
            let fired = |text: &str| -> Vec<&str> {
                analyze(text, &Options::default()).findings.iter().map(|finding| finding.rule).collect()
            };
            assert_eq!(fired(bad), [rule.id], "{}: the first example\n{bad}", rule.id);
            assert!(!fired(good).contains(&rule.id), "{}: the second example\n{good}", rule.id);
        }
    }
}
