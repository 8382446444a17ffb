//! The engine of the Sidecar Playground: text and options in, a value out.
//!
//! [`analyze`] reads manifests, understands them, tells the app of each Pod from its helpers, and runs the rules.
//! A [`session`] does the same for a text that is being edited, and gives the [`view`] that the page shows. Everything else is reached from an [`Analysis`].
//!
//! ```
//! use sidecar_playground::{Options, analyze, detect::Role};
//!
//! let text = "
//! kind: Pod
//! spec:
//!   containers:
//!     - { name: shop, image: example.com/shop }
//!     - { name: logs, image: fluent/fluent-bit }
//! ";
//! let analysis = analyze(text, &Options::default());
//! let roles: Vec<Role> = analysis.verdicts[0].iter().map(|verdict| verdict.role).collect();
//! assert_eq!(roles, [Role::App, Role::Sidecar]);
//! ```
//!
//! # How a text becomes an answer
//!
//! ```text
//! text ──source──▶ documents with spans ──dialect──▶ model ──detect──▶ verdicts ──rules──▶ findings
//!                                                      └────form, diagram────▶ pictures (SVG, Mermaid, outline)
//! ```
//!
//! | module | what it knows |
//! |---|---|
//! | [`source`] | text, spans, what could not be read; the only one that knows YAML |
//! | [`edit`] | changes of the text that leave the rest of it alone |
//! | [`model`] | the words of the domain, plain data |
//! | [`release`] | releases of Kubernetes and their features |
//! | [`quantity`] | amounts such as `250m` and `1Gi` |
//! | [`resources`] | what a Pod requests, its QoS class, who is killed first |
//! | [`validation`] | what the API server of a release answers to a manifest |
//! | [`dialect`] | how Kubernetes and Compose write these words |
//! | [`catalogue`] | known helpers, as data |
//! | [`detect`] | who is the app, who helps, and why |
//! | [`simulate`] | what happens to a Pod over time |
//! | [`form`] | which container stands where in the traditional and in the native form |
//! | [`rules`] | what is wrong, one file a rule |
//! | [`rewrite`] | whole-manifest changes: traditional ↔ native and others |
//! | [`diagram`] | pictures, one file a kind, and their writers |
//! | [`export`] | reports for terminals and programs |
//! | [`gallery`] | examples |
//! | [`compare`] | two texts, line by line |
//! | [`view`] | what the page shows |
//! | [`session`] | a text that is being edited |
//! | [`task`] | what the page asks for now and then |
//! | [`kubectl`] | the lines that someone types next |
//! | [`lesson`] | lessons: what their files say, whether their goals hold, the answers of their questions |
//! | [`link`] | a text and what its reader looks at, as a part of an address |
//! | [`mask`] | what is secret in a text, and the text without it |
//!
//! # Invariants
//!
//! * **Pure.** No clock, network, storage, randomness, global state or web type: the same text and options give the same
//!   answer, on the host and in the browser. `tests/tidy.rs` checks it, and which module may use which.
//! * **Never fails.** Bad text is data: what could be read, and problems with place, cause and a way out. Nothing panics.
//! * **Bounded.** Size, nesting and aliases have limits; work is linear in the text, but for a sort.
//! * **Symbolic places.** Evidence and findings name a node of a document; only [`source`] turns that into bytes, lines
//!   and UTF-16 units.
//! * **Order.** Whatever comes out is in the order of the text or of a list. Hash order never reaches output.
//! * **Untrusted labels.** Names from a manifest are text wherever they go; writers escape them, nothing else does. What is
//!   defended against, and how: [`security`].

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

pub mod catalogue;
pub mod category;
pub mod compare;
pub mod detect;
pub mod diagram;
pub mod dialect;
pub mod edit;
pub mod export;
pub mod finding;
pub mod form;
pub mod gallery;
pub mod kubectl;
pub mod lesson;
pub mod link;
pub mod mask;
pub mod model;
pub mod quantity;
pub mod release;
pub mod resources;
pub mod rewrite;
pub mod rules;
#[doc = include_str!("security.md")]
pub mod security {}
pub mod session;
pub mod simulate;
pub mod source;
pub mod task;
pub mod validation;
pub mod view;

use detect::Verdict;
use finding::Finding;
use model::Model;
use source::{Problem, Source, Span};

/// What the user asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Evidence to leave out, to see what hangs on it.
    pub ignored: Vec<detect::Ignored>,
    /// The release of Kubernetes that the manifests are for; the newest one when nothing is said.
    pub release: release::Release,
    /// Findings below this level are left out. Advice is given on request only.
    pub level: finding::Severity,
    /// Findings that are less sure than this are left out.
    pub confidence: detect::Confidence,
    /// What is supposed to happen to a Pod, beside what its manifest says.
    pub what_if: Vec<simulate::WhatIf>,
}

/// What is known about a text.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// What was read.
    pub source: Source,
    /// What was understood.
    pub model: Model,
    /// The API server of the cluster that the manifests are for.
    pub server: validation::Server,
    /// What is supposed to happen to a Pod.
    pub what_if: Vec<simulate::WhatIf>,
    /// For each workload a verdict per container.
    pub verdicts: Vec<Vec<Verdict>>,
    /// What is wrong, in the order of the text.
    pub findings: Vec<Finding>,
}

impl Analysis {
    /// Goes over to the API server of another cluster.
    pub fn set_cluster(&mut self, cluster: release::Cluster) {
        if *self.server.cluster() != cluster {
            self.server = validation::Server::new(&cluster);
        }
    }

    /// What happens to a workload over time, in both its forms; nothing for one that cannot be run.
    #[must_use]
    pub fn told(&self, workload: usize) -> Vec<simulate::Told> {
        let (Some(own), Some(verdicts)) = (self.model.workloads.get(workload), self.verdicts.get(workload)) else {
            return Vec::new();
        };
        simulate::tell(simulate::Asked {
            workload: own,
            verdicts,
            cluster: self.server.cluster(),
            what_if: &self.what_if,
        })
    }

    /// What happens to a workload over time as it is written; nothing for one that cannot be run.
    #[must_use]
    pub fn told_written(&self, workload: usize) -> Option<simulate::Told> {
        let (own, verdicts) = (self.model.workloads.get(workload)?, self.verdicts.get(workload)?);
        let asked = simulate::Asked { workload: own, verdicts, cluster: self.server.cluster(), what_if: &self.what_if };
        simulate::tell_written(asked)
    }

    /// The number of the document that holds a workload, as a YAML parser counts documents.
    #[must_use]
    pub fn document_number(&self, workload: &model::Workload) -> u32 {
        self.source.documents.get(workload.document as usize).map_or(workload.document, |document| document.number)
    }

    /// Makes edits of a document, in its own style; none when it cannot be edited.
    #[must_use]
    pub fn editor(&self, document: u32) -> Option<edit::Editor<'_>> {
        edit::Editor::new(self.source.documents.get(document as usize)?)
    }

    /// What could not be read, with absolute spans, and the index of the document it is in. Of the documents these are
    /// the first [`source::MAX_PROBLEMS`].
    pub fn problems(&self) -> impl Iterator<Item = (Option<usize>, Span, &Problem)> {
        let of_documents = self.source.documents.iter().enumerate().flat_map(|(index, document)| {
            document.problems.iter().map(move |problem| (Some(index), problem.span.shifted(document.start), problem))
        });
        let of_text = self.source.problems.iter().map(|problem| (None, problem.span, problem));
        of_documents.take(source::MAX_PROBLEMS).chain(of_text)
    }
}

/// Analyses a text of manifests. Never fails: what cannot be read or understood is part of the answer.
#[must_use]
pub fn analyze(text: &str, options: &Options) -> Analysis {
    let mut analysis = understand(text, options);
    analysis.findings = rules::check(&analysis, options);
    analysis
}

/// Reads a text and tells who is who in it, but runs no rule.
#[must_use]
pub fn understand(text: &str, options: &Options) -> Analysis {
    let source = Source::read(text);
    let model = dialect::understand(&source);
    let detector = detect::Detector::default();
    let verdicts = model.workloads.iter().map(|own| detector.detect(own, &model, &options.ignored)).collect();
    let server = validation::Server::new(&release::Cluster::new(options.release));
    let what_if = options.what_if.clone();
    Analysis { source, model, server, what_if, verdicts, findings: Vec::new() }
}
