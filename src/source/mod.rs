//! Text → documents: where every key and value of a YAML or JSON text stands, and what could not be read.
//!
//! Reading never fails: a broken document gives what could be read of it plus a [`Problem`], and never hides its
//! neighbours, because the text is cut at its `---` lines first and each piece is read on its own. That cut is sound:
//! YAML allows `---` at the start of a line in no other place, not even inside a quoted or block scalar.
//!
//! Positions are bytes relative to their document, so that an unchanged document that only moved needs no new reading.
//! [`Source::span`] makes them absolute, [`Lines`] turns bytes into lines, columns and the UTF-16 units of editors.
//!
//! Nearly all documents are read by a quick reader of our own, the unusual ones by a YAML parser. Both give the same.
//! Of the 402 cases of the public YAML test suite 399 are answered as it wants; `tests/yaml_suite.rs` says which are not,
//! and why.
//!
//! **Invariant:** nothing outside this folder knows which YAML parser is used.

mod chunk;
mod embedded;
mod grow;
mod lines;
mod problem;
mod quick;
mod read;
mod scalar;
mod template;
mod text;
mod tree;

pub use chunk::Piece;
pub use lines::{Lines, Position};
pub use problem::{Problem, ProblemKind, Usable};
pub use scalar::Scalar;
pub use text::{Change, Part as TextPart, Places, Replaced, Start, Text};
pub use tree::{Entry, Node, NodeId, Style, Tree, Value};

use serde::Serialize;
use std::borrow::Cow;

/// Longest text that is read, in bytes. Longer texts are cut at the last document that fits, with a problem saying so.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;

/// Deepest nesting that is read. Kubernetes' own objects stay below 40 levels.
pub const MAX_DEPTH: usize = 200;

/// Most problems that are told of one text, and kept of one document; the rest would only repeat the first ones.
pub const MAX_PROBLEMS: usize = 200;

/// A half-open range of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// Byte after the last one.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to, not including, `end`. Positions beyond 4 GiB do not occur ([`MAX_BYTES`]).
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// Whether the span covers no byte, as that of a value which is only implied.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The text that the span covers; empty when it does not fit the text.
    #[must_use]
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// The same span `by` bytes further on.
    #[must_use]
    pub fn shifted(self, by: u32) -> Self {
        Self { start: self.start.saturating_add(by), end: self.end.saturating_add(by) }
    }
}

/// Which part of a place is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The key in front of the value, or the value itself when it has none.
    Key,
    /// The value alone.
    Value,
}

/// A symbolic position: a node of a document. [`Source::span`] makes it concrete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// Index into [`Source::documents`].
    pub document: u32,
    /// The node.
    pub node: NodeId,
    /// Its key or its value.
    pub part: Part,
}

/// One document of a text, read as far as it can be.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Its number among the documents of the text, from 0. Embedded documents have the number of the one around them.
    pub number: u32,
    /// Whether it stands in a block scalar of another document, as manifests in a ConfigMap do.
    pub is_embedded: bool,
    /// Byte at which the document starts in the whole text.
    pub start: u32,
    /// The text of this document alone.
    pub text: String,
    /// What was read.
    pub tree: Tree,
    /// What could not be read; spans are relative to the document.
    pub problems: Vec<Problem>,
    /// Whether the text is a template (Helm, Jinja…) that was read with its `{{ … }}` parts blanked out.
    pub is_template: bool,
    /// Whether nothing was read, because it takes more than the reader of usual documents.
    pub(crate) is_unread: bool,
}

impl Document {
    /// The top value, if there is any.
    #[must_use]
    pub fn root(&self) -> Option<Value<'_>> {
        self.tree.root().map(|id| Value::new(self, id))
    }

    /// The value that a node stands for, with an alias already followed.
    #[must_use]
    pub fn value(&self, id: NodeId) -> Value<'_> {
        Value::new(self, id)
    }

    /// The text as it was read, byte for byte as long as [`Document::text`]: the parts of a template are blanked out.
    #[must_use]
    pub fn read_text(&self) -> Cow<'_, str> {
        if self.is_template { Cow::Owned(template::blank(&self.text)) } else { Cow::Borrowed(&self.text) }
    }

    /// Whether a part of the document could not be read.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.problems.iter().any(|problem| problem.kind == ProblemKind::Unreadable)
    }
}

/// A text cut into documents.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// In the order of the text, embedded ones behind the one around them. Counted as YAML 1.2 does: nothing but comments
    /// before the first `---` is no document.
    pub documents: Vec<Document>,
    /// Problems of the text as a whole; their spans are absolute.
    pub problems: Vec<Problem>,
}

impl Source {
    /// Reads a text of one or more YAML or JSON documents.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let Usable { start, text, problems } = Usable::of(text);
        let mut this = Self { documents: Vec::new(), problems };
        let mut start = start;
        for piece in Piece::cut(text) {
            if piece.is_document {
                let number = this.documents.last().map_or(0, |last| last.number + 1);
                this.documents.extend(Self::read_piece(piece.text, start, number));
            }
            start += piece.text.len();
        }
        this
    }

    /// Reads the documents of a piece that starts at a byte of its text. The first gets the number, those behind it the
    /// next ones.
    #[must_use]
    pub fn read_piece(text: &str, start: usize, number: u32) -> Vec<Document> {
        Self::read_piece_with(text, start, number, |start, text| Some(read::read(start, text))).unwrap_or_default()
    }

    /// The same for a piece that has nothing unusual in it; of another one it gives a document that is not read.
    #[must_use]
    pub(crate) fn read_usual_piece(text: &str, start: usize, number: u32) -> Vec<Document> {
        let read = |start, text: &str| Some(vec![read::read_usual(start, text)?]);
        Self::read_piece_with(text, start, number, read).unwrap_or_else(|| {
            let (start, text) = (u32::try_from(start).unwrap_or(u32::MAX), text.to_owned());
            vec![Document { number, start, text, is_unread: true, ..Document::default() }]
        })
    }

    fn read_piece_with(
        text: &str,
        start: usize,
        number: u32,
        read: impl Fn(usize, &str) -> Option<Vec<Document>>,
    ) -> Option<Vec<Document>> {
        let mut documents = Vec::new();
        for (document, number) in read(start, text)?.into_iter().zip(number..) {
            let inside = embedded::find(&document, &read)?;
            documents.extend(std::iter::once(document).chain(inside).map(|document| Document { number, ..document }));
        }
        Some(documents)
    }

    /// The absolute bytes of a place; empty at the start when the place is of another text.
    #[must_use]
    pub fn span(&self, place: Place) -> Span {
        let Some(document) = self.documents.get(place.document as usize) else { return Span::default() };
        let span = match place.part {
            Part::Key => document.tree.key_span(place.node),
            Part::Value => document.tree.span(place.node),
        };
        span.shifted(document.start)
    }

    /// Whether some document could not be read to its end.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.documents.iter().any(Document::is_broken)
            || self.problems.iter().any(|problem| problem.kind == ProblemKind::Unreadable)
    }
}
