//! The reader: spans fit the text and each other, and a broken document hides no other one.

use sidecar_playground::source::{Document, Lines, Part, Place, Source, Span, Value};

/// So many nodes of a document are looked at one by one.
const LOOKED_AT: usize = 300;

pub fn run(text: &str) {
    let source = Source::read(text);
    for (index, document) in source.documents.iter().enumerate() {
        if !document.is_embedded {
            let start = document.start as usize;
            assert_eq!(text.get(start..start + document.text.len()), Some(document.text.as_str()));
        }
        tree(document);
        for problem in &document.problems {
            fits(problem.span, &document.text);
        }
        if let Some(root) = document.root() {
            for part in [Part::Key, Part::Value] {
                fits(source.span(Place { document: index as u32, node: root.id(), part }), text);
            }
        }
    }
    let lines = Lines::new(text);
    let mut units = 0;
    for (at, character) in text.char_indices().take(2000) {
        assert_eq!(lines.utf16(at as u32), units);
        assert_eq!(lines.byte_of_utf16(units) as usize, at);
        units += character.len_utf16() as u32;
    }
    neighbours(text, &source);
    both_ways(text);
}

/// The mark of an end makes the quick reader leave a document to the YAML parser, and changes nothing else.
fn both_ways(text: &str) {
    let whole = if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
    let one = Source::read(&whole);
    let other = Source::read(&format!("{whole}...\n"));
    assert_eq!(one.is_broken(), other.is_broken());
    if one.is_broken() {
        return;
    }
    assert_eq!(one.documents.len(), other.documents.len());
    for (one, other) in one.documents.iter().zip(&other.documents) {
        assert_eq!(format!("{:?}", one.tree), format!("{:?}", other.tree));
        assert_eq!(one.problems, other.problems);
    }
}

fn fits(span: Span, text: &str) {
    assert!(span.start <= span.end && text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
}

fn tree(document: &Document) {
    let tree = &document.tree;
    for id in tree.ids() {
        let span = tree.span(id);
        fits(span, &document.text);
        if let Some(parent) = tree.parent(id) {
            assert!(parent < id);
            let around = tree.span(parent);
            assert!(around.start <= span.start && span.end <= around.end, "{span:?} is outside of {around:?}");
        }
        if let Some(key) = tree.key(id) {
            assert!(key < id && tree.span(key).end <= span.start.max(tree.span(key).end));
        }
    }
    for id in tree.ids().take(LOOKED_AT) {
        let value: Value<'_> = document.value(id);
        let entries = value.entries();
        // A key that is no scalar has no text to ask for.
        for entry in entries.iter().filter(|entry| entry.key_node.text().is_some()).take(20) {
            assert!(value.get(entry.key).is_some());
        }
        let _ = (value.path(), value.line(), value.scalar(), value.int(), value.bool(), value.items().len());
    }
}

/// What stands behind a `---` is read whatever stands in front of it. A `%` could be a directive for it.
fn neighbours(text: &str, source: &Source) {
    let is_no_text = !source.problems.is_empty();
    if is_no_text || text.contains('%') || text.len() > 100_000 {
        return;
    }
    let more = Source::read(&format!("{text}\n---\nkind: Pod\n"));
    let last = more.documents.last().expect("the document at the end");
    assert_eq!(last.root().and_then(|root| root.get("kind")).and_then(Value::text), Some("Pod"));
    assert!(last.problems.is_empty(), "{:?}", last.problems);
    assert!(more.documents.len() > source.documents.len(), "{} documents before", source.documents.len());
}
