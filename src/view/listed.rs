//! What does not depend on the workload that is shown, and is kept from one answer to the next.

use crate::finding::Finding;
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// How far the engine is with a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Documents that were read and looked at.
    pub done: usize,
    /// All documents.
    pub all: usize,
}

/// What is listed of a whole text. See [`super::View`] for its parts.
#[derive(Default)]
pub(crate) struct Listed<'a> {
    pub(crate) workloads: Rc<Vec<String>>,
    pub(crate) findings: Vec<&'a Finding>,
    pub(crate) in_sight: Vec<&'a Finding>,
    pub(crate) counts: [usize; 3],
    pub(crate) hidden: usize,
    pub(crate) progress: Option<Progress>,
}
