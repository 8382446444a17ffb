//! Parser events → [`Tree`]. The only file that knows the YAML parser.

use super::grow::{Growing, Grown};
use super::problem::{self, Problem};
use super::tree::{NodeId, Style};
use super::{Document, MAX_DEPTH, Span, quick, template};
use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, options};

/// Reads one document. Unrendered templates are read a second time with their template parts blanked out.
pub(super) fn read(start: usize, text: &str) -> Vec<Document> {
    let mut documents = Vec::new();
    let mut start = start;
    let mut text = text;
    loop {
        let (document, rest) = read_one(start, text);
        documents.push(document);
        let Some(at) = rest else { return documents };
        start += at;
        text = text.get(at..).unwrap_or_default();
    }
}

/// Reads one document if there is nothing unusual in it.
pub(super) fn read_usual(start: usize, text: &str) -> Option<Document> {
    let grown = quick::read(text)?;
    if grown.has_mapping_key && template::has_template_parts(text) {
        return None;
    }
    Some(document(start, text, grown))
}

/// Also gives the byte at which another JSON value follows without a `---` line, as JSON streams have it.
fn read_one(start: usize, text: &str) -> (Document, Option<usize>) {
    let mut reading = Reading::of(text);
    let mut is_template = false;
    if (reading.stopped.is_some() || reading.grown.has_mapping_key) && template::has_template_parts(text) {
        reading = Reading::of(&template::blank(text));
        reading.grown.tree.show_quoted(text);
        is_template = true;
    }
    let mut text = text;
    let mut rest = None;
    if let Some((kind, at)) = reading.stopped.take() {
        let is_stream = matches!(kind, ErrorKind::ExpectedDocumentStart | ErrorKind::InvalidDocumentEnd)
            && text.trim_start().starts_with(['{', '['])
            && text.get(at..).is_some_and(|next| next.starts_with(['{', '[']));
        if is_stream && at > 0 {
            rest = Some(at);
            text = text.get(..at).unwrap_or_default();
        } else {
            reading.grown.problems.push(problem::from_parser(&kind, at, text));
        }
    }
    // Of a stream, a value behind this one may be the template.
    is_template = is_template && template::has_template_parts(text);
    if is_template {
        let at = text.find("{{").or_else(|| text.find("{%")).unwrap_or_default();
        reading.grown.problems.push(Problem::doubtful(
            Span::new(at, at + 2),
            "this is a template that has not been rendered; what stands between its `{{ }}` is unknown here".into(),
            "For the full answer render it first, for example with `helm template`, and paste the result.",
        ));
    }
    (Document { is_template, ..document(start, text, reading.grown) }, rest)
}

fn document(start: usize, text: &str, grown: Grown) -> Document {
    let start = u32::try_from(start).unwrap_or(u32::MAX);
    let Grown { tree, mut problems, .. } = grown;
    problems.sort_by_key(|problem| problem.span.start);
    Document { start, text: text.to_owned(), tree, problems, ..Document::default() }
}

/// What was read, and how far.
struct Reading {
    grown: Grown,
    /// Why and at which byte the parser stopped, when it did not reach the end.
    stopped: Option<(ErrorKind, usize)>,
}

impl Reading {
    fn of(text: &str) -> Self {
        match quick::read(text) {
            Some(grown) => Self { grown, stopped: None },
            None => Self::with_parser(text),
        }
    }

    fn with_parser(text: &str) -> Self {
        let mut growing = Growing::new(text);
        let mut stopped = None;
        let mut anchors: Vec<(usize, NodeId)> = Vec::new();
        for next in Parser::new_from_str_with_options(text, parser_options()) {
            let (event, span) = match next {
                Ok(next) => next,
                Err(error) => {
                    let at = error.marker().byte_offset().unwrap_or(text.len());
                    stopped = Some((error.kind().clone(), at));
                    break;
                }
            };
            let mut bytes = span.byte_range().map_or_else(Span::default, |range| Span::new(range.start, range.end));
            match event {
                Event::Scalar(value, style, anchor, tag) => {
                    if bytes.is_empty() && matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
                        bytes = Span::new(block_start(text, bytes.end as usize), bytes.end as usize);
                    }
                    // A lone `!` says as much: not to be taken for a number or the like.
                    let is_text = tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str") || tag.parts() == ("", "!"));
                    let written = written(style, is_text);
                    // An implied null is given as `~` with an empty span.
                    let is_implied = bytes.is_empty() && style == ScalarStyle::Plain;
                    let is_source = is_implied || bytes.slice(text) == value;
                    let value = if is_source { None } else { Some(value.into_owned().into_boxed_str()) };
                    let id = growing.scalar(bytes, value, written);
                    remember(&mut anchors, anchor, id);
                }
                Event::MappingStart(_, anchor, _) | Event::SequenceStart(_, anchor, _) => {
                    let id = growing.open(bytes, matches!(event, Event::MappingStart(..)));
                    remember(&mut anchors, anchor, id);
                }
                Event::MappingEnd | Event::SequenceEnd => growing.close(Some(bytes.end)),
                Event::Alias(anchor) => {
                    let target = anchors.iter().rev().find(|(id, _)| *id == anchor).map(|(_, node)| *node);
                    // An alias inside its own anchor would make the tree endless.
                    growing.alias(bytes, target.filter(|target| !growing.is_open(*target)));
                }
                Event::UnresolvedAlias(name) => {
                    growing.problem(Problem::doubtful(
                        bytes,
                        format!("`*{name}` refers to an anchor that is not defined above it in this document"),
                        "Define it with `&name` in front of a value, or quote the value if the `*` is meant as text.",
                    ));
                    growing.alias(bytes, None);
                }
                _ => {}
            }
        }
        Self { grown: growing.finish(), stopped }
    }
}

/// Where a block scalar without content begins: in front of a `...` the parser only says where it ends.
fn block_start(text: &str, end: usize) -> usize {
    let head = text.get(..end).unwrap_or_default().trim_end();
    let line = head.rfind('\n').map_or(0, |newline| newline + 1);
    let is_header = |(at, _): &(usize, &str)| {
        let rest = head
            .get(at + 1..)
            .unwrap_or_default()
            .trim_start_matches(['+', '-'])
            .trim_start_matches(|c: char| c.is_ascii_digit());
        let rest = rest.trim_start_matches(['+', '-']);
        rest.is_empty() || rest.starts_with([' ', '\t'])
    };
    let found = head.match_indices(['|', '>']).filter(|(at, _)| *at >= line).find(is_header);
    found.map_or(end, |(at, _)| at)
}

fn written(style: ScalarStyle, is_tagged_text: bool) -> Style {
    match style {
        ScalarStyle::Plain if !is_tagged_text => Style::Plain,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
        _ => Style::Quoted,
    }
}

fn remember(anchors: &mut Vec<(usize, NodeId)>, anchor: usize, id: NodeId) {
    if anchor != 0 {
        anchors.push((anchor, id));
    }
}

fn parser_options() -> Options {
    options! {
        emit_unresolved_aliases: true,
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    }
}
#[cfg(test)]
mod tests {
    use super::{Reading, quick};
    use crate::gallery::{examples, text};
    use crate::source::Piece;
    use proptest::prelude::*;

    /// Both readers see the same, or the quick one declines; gives whether it did not.
    fn agree(text: &str) -> bool {
        let Some(quick) = quick::read(text) else { return false };
        let parser = Reading::with_parser(text);
        assert_eq!(parser.stopped, None, "in {text:?}");
        assert_eq!(parser.grown, quick, "in {text:?}");
        true
    }

    #[test]
    fn a_block_without_content_begins_at_its_bar_whatever_ends_it() {
        for text in ["|\n", "a: |\n", "a: >-\n", "a: |2-  # x | y\n", "- |\n\n"] {
            let one = Reading::of(text).grown.tree;
            let other = Reading::of(&format!("{text}...\n")).grown.tree;
            assert_eq!(format!("{one:?}"), format!("{other:?}"), "{text:?}");
        }
    }

    const PIECES: &[&str] = &[
        "\n", "\n  ", "\n    ", "\n\n", " ", "  ", "- ", ": ", ":", "a", "a: 1\n", "- b\n", "#", " # c\n", "'", "\"",
        "''", "{", "}", "[", "]", ",", "|", ">", "|-\n", ">\n", "|+\n", "\t", "&a ", "*a", "!x ", "? ", "---\n",
        "...\n", "%", "é", "\\", "\\n", "~", "<<", "\r\n", "-", "?", "\u{feff}", "@", "null", "{}", "[]",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn pieces_of_yaml_are_read_alike(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..14)) {
            agree(&pieces.concat());
        }

        #[test]
        fn changed_examples_are_read_alike(
            example in 0..examples().len(),
            from in any::<prop::sample::Index>(),
            changes in prop::collection::vec((any::<prop::sample::Index>(), 0..4_usize, prop::sample::select(PIECES)), 0..4),
        ) {
            let lines: Vec<&str> = text(examples()[example].id).unwrap().split_inclusive('\n').collect();
            let from = from.index(lines.len());
            let mut text: String = lines.into_iter().skip(from).take(12).collect();
            for (at, gone, piece) in changes {
                let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
                let at = at.index(places.len());
                let end = places[(at + gone).min(places.len() - 1)];
                text.replace_range(places[at]..end, piece);
            }
            agree(&text);
        }
    }

    #[test]
    fn what_manifests_are_made_of_is_read_quickly() {
        for text in [
            "a: 1\n",
            "# c\n---\na:\n  b: c # d\n\n  e:\n  - f\n  -\n    g\n  - - h\n    - i: j\n      k:\nl:\n",
            "- a: 'it''s'\n  \"b\": \"c\\n\\\"\"\n- [a, {b: c, \"d\":1}, []]\n- {}\n",
            "{\n  \"a\": [\n    1,\n    true\n  ]\n}\n",
            "a: |\n  b\n    c\n\n  d\ne: >-\n  f\n  g\n\n  h\ni:\n  - |+\n    j\n\n",
            "- http://a:80/#b\n- a#b: c:d\n- -1\n",
        ] {
            assert!(agree(text), "{text:?}");
        }
        let texts = examples().iter().map(|example| text(example.id).unwrap());
        let documents: Vec<bool> = texts.flat_map(Piece::cut).map(|chunk| agree(chunk.text)).collect();
        let quick = documents.iter().filter(|is_quick| **is_quick).count();
        assert!(quick * 20 >= documents.len() * 19, "only {quick} of {} documents", documents.len());
    }

    /// `SIDECAR_YAML=<folder> cargo test --lib read_alike` compares the readers on the files of a folder.
    #[test]
    fn files_of_a_folder_are_read_alike() {
        let mut folders: Vec<_> = std::env::var("SIDECAR_YAML").into_iter().map(std::path::PathBuf::from).collect();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(text) = std::fs::read_to_string(path) {
                    for chunk in Piece::cut(&text) {
                        agree(chunk.text);
                    }
                }
            }
        }
    }
}
