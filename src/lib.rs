//! The engine of the Sidecar Playground.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

pub mod catalogue;
pub mod category;
pub mod detect;
pub mod diagram;
pub mod dialect;
pub mod export;
pub mod finding;
pub mod form;
pub mod gallery;
pub mod model;
pub mod rules;
pub mod source;
pub mod view;

use detect::Verdict;
use finding::Finding;
use model::Model;
use source::{Problem, Source, Span};

/// What the user asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {}

/// What is known about a text.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// What was read.
    pub source: Source,
    /// What was understood.
    pub model: Model,
    /// For each workload a verdict per container.
    pub verdicts: Vec<Vec<Verdict>>,
    /// What is wrong, in the order of the text.
    pub findings: Vec<Finding>,
}

impl Analysis {
    /// All that could not be read, with absolute spans, and the document it is in.
    pub fn problems(&self) -> impl Iterator<Item = (Option<usize>, Span, &Problem)> {
        let of_documents = self.source.documents.iter().enumerate().flat_map(|(index, document)| {
            document.problems.iter().map(move |problem| (Some(index), problem.span.shifted(document.start), problem))
        });
        of_documents.chain(self.source.problems.iter().map(|problem| (None, problem.span, problem)))
    }
}

/// Analyses a text of manifests. Never fails: what cannot be read or understood is part of the answer.
#[must_use]
pub fn analyze(text: &str, options: &Options) -> Analysis {
    let source = Source::read(text);
    let model = dialect::understand(&source);
    let verdicts = model.workloads.iter().map(|workload| detect::detect(workload, &model)).collect();
    let mut analysis = Analysis { source, model, verdicts, findings: Vec::new() };
    analysis.findings = rules::check(&analysis, options);
    analysis
}
