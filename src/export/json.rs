//! The whole analysis as one JSON value.

use crate::Analysis;
use crate::source::{Lines, Place, Position, Span};
use serde::Serialize;

#[derive(Serialize)]
struct Report<'a> {
    version: &'static str,
    problems: Vec<ProblemOut<'a>>,
    workloads: Vec<WorkloadOut<'a>>,
    findings: Vec<FindingOut<'a>>,
}

#[derive(Serialize)]
struct At {
    start: Position,
    end: Position,
    bytes: Span,
}

#[derive(Serialize)]
struct ProblemOut<'a> {
    document: Option<usize>,
    kind: crate::source::ProblemKind,
    at: At,
    message: &'a str,
    cause: Option<&'a str>,
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct WorkloadOut<'a> {
    document: u32,
    kind: Option<&'a str>,
    namespace: Option<&'a str>,
    name: Option<&'a str>,
    pod_path: &'a str,
    containers: Vec<ContainerOut<'a>>,
}

#[derive(Serialize)]
struct ContainerOut<'a> {
    name: Option<&'a str>,
    field: &'static str,
    image: Option<&'a str>,
    at: At,
    role: crate::detect::Role,
    category: Option<crate::category::Category>,
    confidence: crate::detect::Confidence,
    known_as: Option<&'static str>,
    evidence: Vec<EvidenceOut<'a>>,
}

#[derive(Serialize)]
struct EvidenceOut<'a> {
    kind: crate::detect::EvidenceKind,
    points: i16,
    category: Option<crate::category::Category>,
    text: &'a str,
    at: Option<At>,
}

#[derive(Serialize)]
struct FindingOut<'a> {
    rule: &'static str,
    severity: crate::finding::Severity,
    confidence: crate::detect::Confidence,
    at: At,
    message: &'a str,
    help: &'a str,
    evidence: Vec<RelatedOut<'a>>,
    hidden: Option<&'a str>,
}

#[derive(Serialize)]
struct RelatedOut<'a> {
    text: &'a str,
    at: At,
}

/// Writes the analysis of `text`, indented.
#[must_use]
pub fn write(text: &str, analysis: &Analysis) -> String {
    let lines = Lines::new(text);
    let at_span = |span: Span| At { start: lines.position(span.start), end: lines.position(span.end), bytes: span };
    let at = |place: Place| at_span(analysis.source.span(place));
    let problems = analysis.problems().map(|(document, span, problem)| ProblemOut {
        document,
        kind: problem.kind,
        at: at_span(span),
        message: &problem.message,
        cause: problem.cause.as_deref(),
        help: problem.help.as_deref(),
    });
    let workloads = analysis.model.workloads.iter().zip(&analysis.verdicts).map(|(workload, verdicts)| WorkloadOut {
        document: analysis.document_number(workload),
        kind: workload.kind.as_deref(),
        namespace: workload.namespace.as_deref(),
        name: workload.name.as_deref(),
        pod_path: &workload.pod_path,
        containers: workload
            .pod
            .containers
            .iter()
            .zip(verdicts)
            .map(|(container, verdict)| ContainerOut {
                name: container.name.as_ref().map(|name| name.value.as_str()),
                field: container.field.key(),
                image: container.image.as_ref().map(|image| image.value.text.as_str()),
                at: at(workload.place(container.node, crate::source::Part::Value)),
                role: verdict.role,
                category: verdict.category,
                confidence: verdict.confidence,
                known_as: verdict.known_as,
                evidence: verdict
                    .evidence
                    .iter()
                    .map(|evidence| EvidenceOut {
                        kind: evidence.kind,
                        points: evidence.points,
                        category: evidence.category.map(|(category, _)| category),
                        text: &evidence.text,
                        at: evidence.place.map(at),
                    })
                    .collect(),
            })
            .collect(),
    });
    let findings = analysis.findings.iter().map(|finding| FindingOut {
        rule: finding.rule,
        severity: finding.severity,
        confidence: finding.confidence,
        at: at(finding.place),
        message: &finding.message,
        help: &finding.help,
        evidence: finding
            .evidence
            .iter()
            .map(|related| RelatedOut { text: &related.text, at: at(related.place) })
            .collect(),
        hidden: finding.hidden.as_deref(),
    });
    let report = Report {
        version: env!("CARGO_PKG_VERSION"),
        problems: problems.collect(),
        workloads: workloads.collect(),
        findings: findings.collect(),
    };
    serde_json::to_string_pretty(&report).unwrap_or_default()
}
