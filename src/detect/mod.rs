//! Who is the app, who helps it, and why.
//!
//! Syntax decides where it can: an entry of `initContainers` is a native sidecar or an init container whatever it does,
//! and the only regular container of a Pod is its app. Everything else is weighed: each file in `gather/` collects one
//! kind of [`Evidence`], `decide.rs` adds it up. Position is never evidence, for in real Pods the first container is
//! a sidecar in a third of the cases.

pub mod around;
pub mod calls;
mod compose;
mod decide;
pub mod done_file;
pub mod ending;
mod evidence;
mod gather;
pub mod injection;
pub mod links;
pub mod mesh;
mod relations;

pub use evidence::{Confidence, Evidence, EvidenceKind, Role, Verdict};
pub use relations::{Direction, Use};

use crate::catalogue::Index;
use crate::model::{Dialect, Model, Workload};

/// A piece of evidence that is to be left out, so that one can see what hangs on it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ignored {
    /// Name of the container.
    pub container: String,
    /// Its text, as in [`Evidence::text`].
    pub text: String,
}

/// Tells who is who, one workload at a time. Made once for many of them.
#[derive(Debug, Default)]
pub struct Detector {
    catalogue: Index,
}

impl Detector {
    /// A verdict for each container of a workload, in the order of [`crate::model::Pod::containers`].
    #[must_use]
    pub fn detect(&self, workload: &Workload, model: &Model, ignored: &[Ignored]) -> Vec<Verdict> {
        match workload.dialect {
            Dialect::Kubernetes => decide::pod(workload, gather::all(workload, model, ignored, &self.catalogue)),
            Dialect::Compose => compose::project(workload, &self.catalogue),
        }
    }
}

/// What each container does with each volume it mounts.
#[must_use]
pub fn uses(workload: &Workload, verdicts: &[Verdict]) -> Vec<Use> {
    relations::uses(workload, verdicts)
}
