//! Cuts a text at its document markers.

/// The text of one document, with the comments and directives in front of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chunk<'t> {
    pub(super) start: usize,
    pub(super) text: &'t str,
}

/// Cuts at lines that start with `---` or `...`. Pieces that hold only comments, blank lines or directives belong to
/// the document that follows them, and are none by themselves unless a `---` stands in front of them.
pub(super) fn split(text: &str) -> Vec<Chunk<'_>> {
    let mut chunks = Vec::new();
    let mut start = 0;
    let mut has_marker = false;
    let mut has_content = false;
    let mut offset = 0;
    let mut push = |start: usize, end: usize, counts: bool| {
        if counts && let Some(piece) = text.get(start..end) {
            chunks.push(Chunk { start, text: piece });
        }
    };
    for line in text.split_inclusive('\n') {
        let end = offset + line.len();
        if is_marker(line, "---") {
            if has_content || has_marker {
                push(start, offset, true);
                start = offset;
            }
            has_marker = true;
            has_content = !is_blank(line.get(3..).unwrap_or_default());
        } else if is_marker(line, "...") {
            push(start, end, has_content || has_marker);
            start = end;
            has_marker = false;
            has_content = false;
        } else if !has_content {
            // A `%` line is a directive in front of a marker and content behind one.
            has_content = !is_blank(line) && (has_marker || !line.starts_with('%'));
        }
        offset = end;
    }
    push(start, offset, has_content || has_marker);
    chunks
}

fn is_marker(line: &str, marker: &str) -> bool {
    line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

fn is_blank(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::split;

    fn texts(text: &str) -> Vec<&str> {
        split(text).into_iter().map(|chunk| chunk.text).collect()
    }

    #[test]
    fn a_comment_before_the_first_marker_is_no_document() {
        assert_eq!(texts("# hello\n---\na: 1\n---\nb: 2\n"), ["# hello\n---\na: 1\n", "---\nb: 2\n"]);
    }

    #[test]
    fn an_empty_document_between_two_markers_counts() {
        assert_eq!(texts("a: 1\n---\n# nothing\n---\nb: 2"), ["a: 1\n", "---\n# nothing\n", "---\nb: 2"]);
    }

    #[test]
    fn a_marker_inside_a_block_scalar_ends_it_but_an_indented_one_does_not() {
        assert_eq!(texts("a: |\n  ---\n  x\n---\nb: 2\n").len(), 2);
        assert_eq!(texts("a: |\n  --- x\n---x: 1\n").len(), 1);
    }

    #[test]
    fn an_end_marker_ends_a_document_and_directives_belong_to_the_next() {
        assert_eq!(
            texts("%YAML 1.2\n---\na: 1\n...\n# c\n%YAML 1.2\n---\nb: 2\n...\n"),
            ["%YAML 1.2\n---\na: 1\n...\n", "# c\n%YAML 1.2\n---\nb: 2\n...\n"]
        );
    }

    #[test]
    fn empty_text_has_no_document() {
        assert!(texts("").is_empty());
        assert!(texts("\n# only a comment\n\n").is_empty());
    }

    #[test]
    fn every_byte_from_the_first_document_on_is_kept() {
        let text = "a\r\n---\r\nb\r\n--- c\n...\nd";
        assert_eq!(texts(text).concat(), text);
    }
}
