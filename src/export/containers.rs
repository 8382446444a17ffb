//! One JSON object per container, one per line.

use crate::Analysis;
use serde::Serialize;
use std::fmt::Write as _;

#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    doc_index: u32,
    kind: Option<&'a str>,
    namespace: Option<&'a str>,
    name: Option<&'a str>,
    container: Option<&'a str>,
    field: &'static str,
    role: &'static str,
    category: Option<&'static str>,
    confidence: &'static str,
    evidence: Vec<&'a str>,
}

/// The containers of an analysis, as JSON lines. `path` is the name that the user gave the text.
#[must_use]
pub fn write(path: &str, analysis: &Analysis) -> String {
    let mut out = String::new();
    for (workload, verdicts) in analysis.model.workloads.iter().zip(&analysis.verdicts) {
        for (container, verdict) in workload.pod.containers.iter().zip(verdicts) {
            let line = Line {
                path,
                doc_index: analysis.document_number(workload),
                kind: workload.kind.as_deref(),
                namespace: workload.namespace.as_deref(),
                name: workload.name.as_deref(),
                container: container.name.as_ref().map(|name| name.value.as_str()),
                field: container.field.key(),
                role: verdict.role.id(),
                category: verdict.category.map(crate::category::Category::id),
                confidence: verdict.confidence.id(),
                evidence: verdict.evidence.iter().map(|evidence| evidence.text.as_str()).collect(),
            };
            let _ = writeln!(out, "{}", serde_json::to_string(&line).unwrap_or_default());
        }
    }
    out
}
