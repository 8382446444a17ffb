//! A report on one workload as Markdown, for pull requests and wikis that draw Mermaid.

use super::plain;
use crate::Analysis;
use crate::diagram::Diagram;
use crate::form::{Form, Written};
use crate::source::Lines;
use std::fmt::Write as _;

/// Writes the report on the workload with an index, with the pictures that are given.
#[must_use]
pub fn write(text: &str, analysis: &Analysis, workload: usize, diagrams: &[(Form, Diagram)]) -> String {
    let mut out = String::new();
    let shown = analysis.model.workloads.get(workload).zip(analysis.verdicts.get(workload));
    if let Some((workload, verdicts)) = shown {
        let _ = writeln!(out, "# {}\n", plain::markdown(&workload.title()));
        let _ = writeln!(out, "{}\n", form(Written::of(verdicts)));
        out.push_str("| Container | Role | For | Sure | Why |\n|---|---|---|---|---|\n");
        for (container, verdict) in workload.pod.containers.iter().zip(verdicts) {
            let why = verdict.evidence.iter().filter(|evidence| !evidence.is_ignored);
            let why: Vec<String> = why.map(|evidence| plain::markdown(&evidence.text)).collect();
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} |",
                plain::markdown(container.display_name()),
                verdict.role.label(),
                verdict.category.map_or("", |category| category.label()),
                verdict.confidence.id(),
                why.join("; ")
            );
        }
        out.push('\n');
    }
    findings(&mut out, text, analysis);
    for (form, diagram) in diagrams {
        let heading = match (diagrams.len() > 1, form) {
            (false, _) => diagram.title().to_owned(),
            (true, Form::Traditional) => "As traditional sidecars".to_owned(),
            (true, Form::Native) => "As native sidecars".to_owned(),
        };
        let _ = writeln!(out, "## {}\n\n{}\n", plain::markdown(&heading), plain::markdown(diagram.summary()));
        let _ = writeln!(out, "```mermaid\n{}```\n", diagram.mermaid());
    }
    out.push_str("Made with the Sidecar Playground.\n");
    out
}

fn form(written: Written) -> &'static str {
    match written {
        Written::Neither => "It has no sidecar.",
        Written::Traditional => "Its sidecars are traditional ones: entries of `containers`.",
        Written::Native => "Its sidecars are native ones: entries of `initContainers` with `restartPolicy: Always`.",
        Written::Mixed => "Some of its sidecars are traditional, some are native.",
    }
}

fn findings(out: &mut String, text: &str, analysis: &Analysis) {
    let lines = Lines::new(text);
    let problems = analysis.problems().map(|(_, span, problem)| {
        format!("* **cannot be read**, line {}: {}", lines.position(span.start).line, plain::markdown(&problem.message))
    });
    let shown = analysis.findings.iter().filter(|finding| finding.hidden.is_none());
    let findings = shown.map(|finding| {
        let line = lines.position(analysis.source.span(finding.place).start).line;
        let (level, rule) = (finding.severity.id(), finding.rule);
        format!(
            "* **{level}**, line {line}: {} {} (`{rule}`)",
            plain::markdown(&finding.message),
            plain::markdown(&finding.help)
        )
    });
    let all: Vec<String> = problems.chain(findings).collect();
    let list = if all.is_empty() { "None.".to_owned() } else { all.join("\n") };
    let _ = writeln!(out, "## Findings\n\n{list}\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, analyze};

    fn report(text: &str) -> String {
        let analysis = analyze(text, &Options::default());
        let kind = crate::diagram::kinds::kind("topology").unwrap();
        let diagrams: Vec<_> =
            Form::BOTH.into_iter().filter_map(|form| Some((form, kind.build(&analysis, 0, form)?))).collect();
        write(text, &analysis, 0, &diagrams)
    }

    #[test]
    fn it_has_roles_findings_and_pictures() {
        let found = report(
            "kind: Job\nmetadata: { name: load }\nspec:\n  template:\n    spec:\n      containers:\n        - { name: load, image: x/load }\n        - { name: logs, image: fluent/fluent-bit }\n",
        );
        assert!(found.starts_with("# Job/load\n\nIts sidecars are traditional ones"), "{found}");
        assert!(found.contains("| logs | sidecar | log shipper |"), "{found}");
        assert!(found.contains(", line 8: "), "{found}");
        assert_eq!(found.matches("```mermaid\n").count(), 2);
    }

    #[test]
    fn names_cannot_become_markdown() {
        let name = "a|b\\n```\\n# x <img src=x> [y](z) @me";
        let found = report(&format!(
            "kind: Pod\nmetadata: {{ name: \"{name}\" }}\nspec: {{ containers: [{{ name: \"{name}\", image: \"{name}\" }}] }}\n"
        ));
        let outside: String =
            found.split("```mermaid").map(|part| part.rsplit("```\n").next().unwrap_or(part)).collect();
        assert!(!outside.contains("<img") && !outside.contains(" [y]"), "{outside}");
        assert_eq!(found.lines().filter(|line| line.starts_with('#')).count(), 4, "{found}");
        assert_eq!(found.lines().filter(|line| line.starts_with("```")).count() % 2, 0, "{found}");
    }
}
