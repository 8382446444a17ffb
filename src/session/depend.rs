//! What of one document has a say in what is found out about the workloads of another.
//!
//! Who is who in a Pod and what single-workload rules find depends on its own document, on the Services that select it, on
//! the autoscalers that name it and on its Namespace. Everything else that relates objects is only asked for when a picture
//! is drawn. A rule that looks at more has to be told here; `tests/session.rs` finds out.

use crate::detect::around::services;
use crate::model::{Model, Object, Pairs, Relates, VolumeKind, Workload};

/// Something that the results of other workloads rest on.
pub(super) enum Influence {
    /// A Service, by the labels that it selects.
    Labels(Pairs),
    /// An object that is about the workload of a kind and a name.
    Target(String, String),
    /// A Namespace of a name.
    Namespace(String),
}

impl Influence {
    /// What an object has a say in.
    pub(super) fn of(object: &Object) -> Option<Self> {
        match &object.relates {
            Relates::Service { selector, .. } => Some(Self::Labels(selector.clone())),
            Relates::Targets { kind, name, .. } => Some(Self::Target(kind.clone(), name.clone())),
            _ if object.kind.as_deref() == Some("Namespace") => object.name.clone().map(Self::Namespace),
            _ => None,
        }
    }

    /// Whether the results of a workload can rest on it.
    pub(super) fn reaches(&self, workload: &Workload) -> bool {
        match self {
            Self::Labels(selector) => selector.iter().all(|pair| workload.pod.labels.contains(pair)),
            Self::Target(kind, name) => workload.kind.as_ref() == Some(kind) && workload.name.as_ref() == Some(name),
            Self::Namespace(name) => workload.namespace.as_deref().unwrap_or("default") == name,
        }
    }
}

/// Whether rules that weigh workloads against each other look at a workload: it shares a claim, or Services select it.
pub(super) fn is_weighed(workload: &Workload, model: &Model) -> bool {
    let has_claim = workload.pod.volumes.iter().any(|volume| volume.kind == VolumeKind::PersistentVolumeClaim);
    has_claim || !services(workload, model).is_empty()
}

/// Whether objects are the same for whoever asks what was made by what.
pub(super) fn is_same_lineage(old: &[Object], new: &[Object]) -> bool {
    old.len() == new.len()
        && old
            .iter()
            .zip(new)
            .all(|(old, new)| (&old.kind, &old.name, &old.owners) == (&new.kind, &new.name, &new.owners))
}
