//! Manifests that stand as text in a block scalar of another document: in a ConfigMap, in a workflow step.
//!
//! The lines of a literal block keep their indentation, and YAML does not mind a document that is indented as a whole. So
//! the block is read from the text as it stands, and its spans need no translation.

use super::Document;

/// Reads the documents in the literal blocks of a document that look like manifests. `read` reads the text at a byte, or
/// declines; then nothing is found.
pub(super) fn find(document: &Document, read: impl Fn(usize, &str) -> Option<Vec<Document>>) -> Option<Vec<Document>> {
    let mut found = Vec::new();
    for literal in document.tree.literals() {
        let span = document.tree.span(literal);
        // The span starts behind the indentation of the first line.
        let head = document.text.get(..span.start as usize).unwrap_or_default();
        let start = head.rfind('\n').map_or(0, |newline| newline + 1);
        let block = document.text.get(start..span.end as usize).unwrap_or_default();
        if looks_like_manifest(block) {
            for (offset, text) in split(block) {
                let at = document.start as usize + start + offset;
                let documents = read(at, text)?.into_iter();
                found.extend(documents.filter(|inner| inner.root().is_some_and(|root| root.is_mapping())));
            }
        }
    }
    for inner in &mut found {
        inner.is_embedded = true;
        // What is text to the document around it is no problem of the manifest.
        inner.problems.clear();
    }
    Some(found)
}

/// A line `kind: …` and a line `containers:`. Scripts and configuration files hardly have both.
fn looks_like_manifest(block: &str) -> bool {
    let has = |start: &str| block.lines().any(|line| line.trim_start().trim_start_matches("- ").starts_with(start));
    has("kind:") && has("containers:")
}

/// Cuts at `---` lines, which are indented here and therefore no markers to a YAML parser.
fn split(block: &str) -> Vec<(usize, &str)> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in block.split_inclusive('\n') {
        if line.trim() == "---" {
            pieces.push((start, block.get(start..at).unwrap_or_default()));
            start = at + line.len();
        }
        at += line.len();
    }
    pieces.push((start, block.get(start..).unwrap_or_default()));
    pieces
}
