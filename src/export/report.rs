//! A report for a terminal.

use super::plain::line;
use crate::Analysis;
use crate::source::{Lines, Span};
use std::fmt::Write as _;

/// Writes the analysis of `text`; `path` is the name that the user gave it.
#[must_use]
pub fn write(path: &str, text: &str, analysis: &Analysis) -> String {
    let lines = Lines::new(text);
    let mut out = String::new();
    let at = |span: Span| {
        let position = lines.position(span.start);
        format!("{path}:{}:{}", position.line, position.column)
    };
    for (_, span, problem) in analysis.problems() {
        let _ = writeln!(out, "{}: {}", at(span), line(&problem.message));
        let position = lines.position(span.start);
        let _ = writeln!(out, "    {}", line(lines.line(position.line)));
        let _ = writeln!(out, "    {}^", " ".repeat(position.column.saturating_sub(1).min(200) as usize));
        for more in problem.cause.iter().chain(&problem.help) {
            let _ = writeln!(out, "    {}", line(more));
        }
        out.push('\n');
    }
    for (workload, verdicts) in analysis.model.workloads.iter().zip(&analysis.verdicts) {
        let _ = writeln!(out, "{}", line(&workload.title()));
        for (container, verdict) in workload.pod.containers.iter().zip(verdicts) {
            let category = verdict.category.map(|category| format!(", {}", category.label())).unwrap_or_default();
            let _ = writeln!(
                out,
                "  {:<28} {}{category} ({})",
                line(container.display_name()),
                verdict.role.label(),
                verdict.confidence.id()
            );
            for evidence in &verdict.evidence {
                let _ = writeln!(out, "  {:<28}   - {}", "", line(&evidence.text));
            }
        }
        out.push('\n');
    }
    for finding in &analysis.findings {
        let _ =
            writeln!(out, "{}: {} [{}]", at(analysis.source.span(finding.place)), finding.severity.id(), finding.rule);
        let _ = writeln!(out, "    {}", line(&finding.message));
        if let Some(reason) = &finding.hidden {
            let _ = writeln!(out, "    hidden: {}\n", line(reason));
            continue;
        }
        let _ = writeln!(out, "    {}", line(&finding.help));
        for related in &finding.evidence {
            let _ = writeln!(out, "    - {} ({})", line(&related.text), at(analysis.source.span(related.place)));
        }
        out.push('\n');
    }
    if analysis.model.workloads.is_empty() {
        let _ = writeln!(out, "{path}: no Pod, Pod template or Compose service found");
    }
    out
}
