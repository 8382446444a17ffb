//! The text of a lesson: a part of Markdown, read into blocks that a page can show without trusting them.
//!
//! What is read: headings, paragraphs, lists, tables, fenced code, quotes; in a line code, strong, emphasis and links. HTML
//! is text. A fence whose first words are `yaml picture` stands for a drawn manifest: `yaml picture start-order native`.
//!
//! **Invariant:** a link leads into this site (`#/…`) or to another one over HTTPS; anything else is shown as its text.

mod block;
mod inline;

use crate::form::Form;
use serde::{Deserialize, Serialize};

/// A part of a text that stands by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// A heading and its level, from 1.
    Heading(u8, Vec<Inline>),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list, numbered or not; each entry has blocks of its own.
    List(bool, Vec<Vec<Self>>),
    /// A table: its head, and its rows.
    Table(Vec<Vec<Inline>>, Vec<Vec<Vec<Inline>>>),
    /// Code and its language.
    Code(String, String),
    /// A manifest to draw.
    Picture(Picture),
    /// Something set apart from the rest.
    Note(Vec<Self>),
}

/// A manifest that is drawn instead of shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// The manifest.
    pub manifest: String,
    /// The kind of picture; empty for that of the playground.
    pub kind: String,
    /// Which form of it; both when none is given.
    pub form: Option<Form>,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Code.
    Code(String),
    /// Strong.
    Strong(Vec<Self>),
    /// Emphasis.
    Emphasis(Vec<Self>),
    /// A link: its address and what is shown.
    Link(String, Vec<Self>),
}

/// Something in a text that is not shown as its author wants: the line, from 1, what is wrong, and what to do.
pub(super) type Odd = (u32, String, String);

/// Reads a text.
#[must_use]
pub fn blocks(text: &str) -> Vec<Block> {
    read(text).0
}

/// Reads a text, and says what is odd about it.
pub(super) fn read(text: &str) -> (Vec<Block>, Vec<Odd>) {
    block::read(text)
}

/// Reads a line or a few, such as a question.
#[must_use]
pub fn line(text: &str) -> Vec<Inline> {
    inline::read(text, &mut |_, _| {})
}

/// The addresses that a text leads to.
#[must_use]
pub fn addresses(blocks: &[Block]) -> Vec<&str> {
    let mut found = Vec::new();
    visit(blocks, &mut |inline| {
        if let Inline::Link(address, _) = inline {
            found.push(address.as_str());
        }
    });
    found
}

/// Calls a function with each part of each line.
pub fn visit<'b>(blocks: &'b [Block], call: &mut impl FnMut(&'b Inline)) {
    // Texts are a few levels deep: reading stops there.
    for block in blocks {
        match block {
            Block::Heading(_, line) | Block::Paragraph(line) => visit_line(line, call),
            Block::List(_, entries) => entries.iter().for_each(|entry| visit(entry, call)),
            Block::Table(head, rows) => {
                std::iter::once(head).chain(rows).flatten().for_each(|cell| visit_line(cell, call));
            }
            Block::Note(inside) => visit(inside, call),
            Block::Code(..) | Block::Picture(_) => {}
        }
    }
}

fn visit_line<'b>(line: &'b [Inline], call: &mut impl FnMut(&'b Inline)) {
    for part in line {
        call(part);
        match part {
            Inline::Strong(inside) | Inline::Emphasis(inside) | Inline::Link(_, inside) => visit_line(inside, call),
            Inline::Text(_) | Inline::Code(_) => {}
        }
    }
}

/// The words of a line without any marks.
#[must_use]
pub fn plain(line: &[Inline]) -> String {
    let mut words = String::new();
    visit_line(line, &mut |part| {
        if let Inline::Text(text) | Inline::Code(text) = part {
            words.push_str(text);
        }
    });
    words
}
