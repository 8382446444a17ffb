//! The rules as the page shows them: all in a list, or one with its documentation.

use crate::finding::Severity;
use crate::release::Release;
use crate::rules::{REGISTRY, Rule, rule};
use serde::{Deserialize, Serialize};

/// A rule in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleLine {
    /// Its id.
    pub id: String,
    /// How bad its findings are.
    pub severity: Severity,
    /// What it finds, in one paragraph.
    pub summary: String,
    /// The releases of Kubernetes that it is about, in words; empty for all.
    pub releases: String,
}

/// A rule with its documentation. Texts are paragraphs; words between backticks are code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulePage {
    /// What the list says of it.
    pub line: RuleLine,
    /// What it does.
    pub what: Vec<String>,
    /// Why it matters.
    pub why: Vec<String>,
    /// A manifest in which it finds something.
    pub fires: String,
    /// The same manifest, mended.
    pub instead: String,
    /// Since when it is so.
    pub since: Vec<String>,
    /// What there is to read: title and address.
    pub references: Vec<(String, String)>,
    /// A release of Kubernetes that it is about: `1.29`.
    pub k8s: String,
}

pub(super) fn list() -> Vec<RuleLine> {
    REGISTRY.iter().map(|rule| line(rule)).collect()
}

pub(super) fn page(id: &str) -> Option<Box<RulePage>> {
    let rule = rule(id)?;
    let mut examples = rule.examples().into_iter().map(|text| text.trim_end().to_owned() + "\n");
    let references = rule.references();
    Some(Box::new(RulePage {
        line: line(rule),
        what: paragraphs(rule.section("What it does")),
        why: paragraphs(rule.section("Why it matters")),
        fires: examples.next().unwrap_or_default(),
        instead: examples.next().unwrap_or_default(),
        since: paragraphs(rule.section("Since")),
        references: references.iter().filter_map(|to| Some((to.title.to_owned(), to.url?.to_owned()))).collect(),
        k8s: rule.until.unwrap_or(Release::NEWEST).to_string(),
    }))
}

fn line(rule: &Rule) -> RuleLine {
    RuleLine {
        id: rule.id.to_owned(),
        severity: rule.severity,
        summary: joined(rule.summary()),
        releases: match (rule.since, rule.until) {
            (None, None) => String::new(),
            (Some(since), None) => format!("from {since}"),
            (None, Some(until)) => format!("up to {until}"),
            (Some(since), Some(until)) => format!("{since} to {until}"),
        },
    }
}

/// The paragraphs of a section, without its YAML.
fn paragraphs(section: &str) -> Vec<String> {
    let prose: String = section.split("```").step_by(2).collect::<Vec<_>>().join("\n \n");
    let mut found: Vec<String> = vec![String::new()];
    for line in prose.lines().map(str::trim) {
        match found.last_mut() {
            Some(last) if !line.is_empty() => *last = format!("{last} {line}"),
            _ => found.push(String::new()),
        }
    }
    found.iter().map(|text| joined(text)).filter(|text| !text.is_empty()).collect()
}

/// Lines of documentation as one line.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{list, page, paragraphs};

    #[test]
    fn every_rule_has_a_page_with_all_its_parts() {
        let rules = list();
        assert!(rules.len() >= 50);
        for line in rules {
            let page = page(&line.id).unwrap();
            assert!(!page.what.is_empty() && !page.why.is_empty() && !page.since.is_empty(), "{}", line.id);
            assert!(page.fires.contains(':') && page.instead.contains(':'), "{}", line.id);
            assert!(page.what.iter().chain(&page.why).all(|text| !text.contains("```")), "{}", line.id);
            assert!(page.references.iter().all(|(_, address)| address.starts_with("https://")), "{}", line.id);
            assert_eq!(page.line, line);
        }
        assert_eq!(page("no-such-rule"), None);
    }

    #[test]
    fn lines_are_joined_and_code_blocks_left_out() {
        assert_eq!(paragraphs("one\n two\n\n three\n ```yaml\n a: 1\n ```\n four"), ["one two", "three", "four"]);
    }
}
