//! What is wrong, where, and what to do about it.

use crate::detect::Confidence;
use crate::edit::Edit;
use crate::source::Place;
use serde::{Deserialize, Serialize};

/// How bad a finding is. [`Severity::Warning`] and above are shown unless somebody asks for more: a warning must be worth
/// everybody's time, advice is for those who want to polish.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Could be better. Shown on request.
    Advice,
    /// Works, but not as its author probably thinks.
    #[default]
    Warning,
    /// Does not work, or does harm.
    Error,
}

impl Severity {
    /// All levels, the mildest first.
    pub const ALL: &[Self] = &[Self::Advice, Self::Warning, Self::Error];

    /// The id, as in reports.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The level of an id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|level| level.id() == id)
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

/// A change of the text that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What it does, as a command: `Move restartPolicy into the container`.
    pub title: String,
    /// The edits, in bytes of the whole text.
    pub edits: Vec<Edit>,
    /// Whether the Pod surely does what its author wants afterwards; else somebody must look at it first.
    pub is_safe: bool,
}

impl Fix {
    /// A fix of which it is sure that it does what the author wants.
    #[must_use]
    pub fn safe(title: impl Into<String>, edits: Option<Vec<Edit>>) -> Option<Self> {
        Some(Self { title: title.into(), edits: edits?, is_safe: true })
    }

    /// A fix that somebody must look at first.
    #[must_use]
    pub fn to_review(title: impl Into<String>, edits: Option<Vec<Edit>>) -> Option<Self> {
        Some(Self { title: title.into(), edits: edits?, is_safe: false })
    }
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
    /// A change that mends it, where there is one.
    pub fix: Option<Fix>,
    /// Why its author wants it hidden, when the manifest says so.
    pub hidden: Option<String>,
}

impl Finding {
    /// The same finding, resting on one more place.
    #[must_use]
    pub fn because(mut self, place: Place, text: impl Into<String>) -> Self {
        self.evidence.push(Related { place, text: text.into() });
        self
    }

    /// The same finding, at most so sure.
    #[must_use]
    pub fn at_most(mut self, confidence: Confidence) -> Self {
        self.confidence = self.confidence.min(confidence);
        self
    }

    /// The same finding, as bad as that.
    #[must_use]
    pub fn as_bad_as(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}
