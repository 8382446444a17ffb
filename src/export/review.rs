//! Roles and findings of a whole text as Markdown, for comments on changes and for the logs of checks.

use super::plain::markdown;
use crate::Analysis;
use crate::finding::Severity;
use crate::rules;
use crate::source::Lines;
use std::fmt::Write as _;

/// Writes the roles and findings of a text; `path` is the name that the user gave it.
#[must_use]
pub fn write(path: &str, text: &str, analysis: &Analysis) -> String {
    let lines = Lines::new(text);
    let mut out = String::new();
    let _ = writeln!(out, "# {}\n", markdown(path));
    for (_, span, problem) in analysis.problems() {
        let _ = writeln!(out, "- **line {}**: {}", lines.position(span.start).line, markdown(&problem.message));
    }
    for (workload, verdicts) in analysis.model.workloads.iter().zip(&analysis.verdicts) {
        let _ = writeln!(out, "## {}\n\n| container | role | for |\n|---|---|---|", markdown(&workload.title()));
        for (container, verdict) in workload.pod.containers.iter().zip(verdicts) {
            let category = verdict.category.map_or("", |category| category.label());
            let _ = writeln!(out, "| {} | {} | {category} |", markdown(container.display_name()), verdict.role.label());
        }
        out.push('\n');
    }
    let shown: Vec<_> = analysis.findings.iter().filter(|finding| finding.hidden.is_none()).collect();
    let hidden = analysis.findings.len() - shown.len();
    let _ = writeln!(out, "## Findings\n");
    if shown.is_empty() {
        let _ = writeln!(out, "None.\n");
    }
    for severity in Severity::ALL.iter().rev() {
        for finding in shown.iter().filter(|finding| finding.severity == *severity) {
            let line = lines.position(analysis.source.span(finding.place).start).line;
            let _ = writeln!(out, "### {} · {} · line {line}\n", finding.severity.id(), finding.rule);
            let _ = writeln!(out, "{}.\n\n{}\n", markdown(&finding.message), markdown(&finding.help));
            for related in &finding.evidence {
                let line = lines.position(analysis.source.span(related.place).start).line;
                let _ = writeln!(out, "- {} (line {line})", markdown(&related.text));
            }
            for reference in rules::rule(finding.rule).into_iter().flat_map(rules::Rule::references) {
                let Some(url) = reference.url else { continue };
                let _ = writeln!(out, "- [{}]({url})", reference.title);
            }
            out.push('\n');
        }
    }
    if hidden > 0 {
        let _ = writeln!(out, "{hidden} more hidden by the manifest.");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::{Options, analyze};

    #[test]
    fn names_from_a_manifest_stay_text() {
        let text = "kind: Pod\nmetadata: { name: '<b>|x' }\nspec:\n  containers:\n    - { name: a }\n    - { name: 'b](javascript:1)', image: fluent/fluentd }\n";
        let out = write("my_file.yaml", text, &analyze(text, &Options::default()));
        assert!(out.contains("Pod/&lt;b\\>\\|x") && !out.contains("b](java"), "{out}");
        assert!(out.contains("### warning · image-not-pinned · line 6"), "{out}");
        assert!(out.contains("- [Kubernetes: Images](https://kubernetes.io/"), "{out}");
    }
}
