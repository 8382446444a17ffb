//! Changes of a text that leave the rest of it alone.
//!
//! An [`Editor`] knows how a document is written, block or flow, YAML or JSON, and turns "set this value" or "move this
//! entry" into [`Edit`]s in the document's own style. A [`Patch`] applies edits, shows them as hunks and as a unified
//! diff.
//!
//! ```
//! use sidecar_playground::edit::{Editor, apply};
//! use sidecar_playground::source::Source;
//!
//! let text = "image: nginx   # the shop\nports: []\n";
//! let source = Source::read(text);
//! let document = &source.documents[0];
//! let root = document.root().unwrap();
//! let editor = Editor::new(document).unwrap();
//! let edits = editor.insert_key(root.id(), "restartPolicy", &"Always".into(), &["image"]).unwrap();
//! assert_eq!(apply(text, &edits).unwrap(), "image: nginx   # the shop\nrestartPolicy: Always\nports: []\n");
//! ```
//!
//! **Invariants:** text outside of edits is the same byte for byte. A layout that is not understood gives `None`, never a
//! guess. No comment is lost: those inside of what is removed stay behind as lines of their own.

mod block;
mod flow;
mod layout;
mod list;
mod mapping;
mod patch;
mod template;
mod yaml;

pub use layout::Editor;
pub use list::{Move, Obstacle};
pub use patch::{Hunk, Patch, apply};
pub use yaml::Yaml;

use crate::source::Span;
use serde::Serialize;

/// A piece of the text and what takes its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Edit {
    /// The bytes of the whole text that are replaced; empty to insert.
    pub span: Span,
    /// What stands there then.
    pub text: String,
}

impl Edit {
    /// Replaces a range of bytes.
    #[must_use]
    pub fn new(start: usize, end: usize, text: impl Into<String>) -> Self {
        Self { span: Span::new(start, end), text: text.into() }
    }
}
