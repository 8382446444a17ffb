//! What is wrong, where, and what to do about it.

use crate::detect::Confidence;
use crate::source::Place;
use serde::{Deserialize, Serialize};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Could be better.
    Advice,
    /// Works, but not as its author probably thinks.
    Warning,
    /// Does not work, or does harm.
    Error,
}

impl Severity {
    /// The id, as in reports.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place that has to do with a finding, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Related {
    /// The place.
    pub place: Place,
    /// What stands there.
    pub text: String,
}

/// Something that a rule found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Id of the rule: `split-sidecar`.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// The place it is about.
    pub place: Place,
    /// What is wrong, one sentence that names the parts.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// What the finding rests on.
    pub evidence: Vec<Related>,
    /// Indices of the workloads that it is about.
    pub workloads: Vec<usize>,
    /// Index of the container in the first of those workloads, when it is about one.
    pub container: Option<usize>,
}
