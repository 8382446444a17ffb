//! Cuts a text at its document markers.

/// A stretch of a text that is read by itself: the text of one document with the comments and directives in front of it,
/// or text that belongs to no document.
#[derive(Debug, PartialEq, Eq)]
pub struct Piece<'t> {
    /// The text.
    pub text: &'t str,
    /// Whether there is a document in it.
    pub is_document: bool,
    /// Whether a `...` line ends it: whatever follows belongs to another piece.
    pub is_closed: bool,
}

impl<'t> Piece<'t> {
    /// Cuts at lines that start with `---` or `...`; the pieces together are the text. Lines that hold only comments,
    /// blanks or directives belong to the document that follows them, and are none by themselves unless a `---` stands in
    /// front of them.
    #[must_use]
    pub fn cut(text: &'t str) -> Vec<Self> {
        let mut pieces = Vec::new();
        let mut start = 0;
        let mut has_marker = false;
        let mut has_content = false;
        let mut offset = 0;
        let mut push = |start: usize, end: usize, is_document: bool, is_closed: bool| {
            if let Some(text) = text.get(start..end).filter(|text| !text.is_empty()) {
                pieces.push(Self { text, is_document, is_closed });
            }
        };
        for line in text.split_inclusive('\n') {
            let end = offset + line.len();
            if starts_document(line) {
                if has_content || has_marker {
                    push(start, offset, true, false);
                    start = offset;
                }
                has_marker = true;
                has_content = !is_blank(line.get(3..).unwrap_or_default());
            } else if is_marker(line, "...") {
                push(start, end, has_content || has_marker, true);
                start = end;
                has_marker = false;
                has_content = false;
            } else if !has_content {
                // A `%` line is a directive in front of a marker and content behind one.
                has_content = !is_blank(line) && (has_marker || !line.starts_with('%'));
            }
            offset = end;
        }
        push(start, offset, has_content || has_marker, false);
        pieces
    }
}

/// Whether a text starts with the line that starts a document.
pub(super) fn starts_document(text: &str) -> bool {
    is_marker(text, "---")
}

fn is_marker(line: &str, marker: &str) -> bool {
    line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

/// A comment that YAML refuses is no blank: it must not take the document behind it along.
fn is_blank(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || (line.starts_with('#') && !line.trim_end().contains(is_refused))
}

/// A character that YAML allows nowhere: control characters, and two that are none in Unicode.
pub(super) fn is_refused(character: char) -> bool {
    let is_control = character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{85}');
    is_control || matches!(character, '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::Piece;

    fn texts(text: &str) -> Vec<&str> {
        Piece::cut(text).into_iter().filter(|piece| piece.is_document).map(|piece| piece.text).collect()
    }

    #[test]
    fn a_comment_before_the_first_marker_is_no_document() {
        assert_eq!(texts("# hello\n---\na: 1\n---\nb: 2\n"), ["# hello\n---\na: 1\n", "---\nb: 2\n"]);
    }

    #[test]
    fn a_comment_with_a_control_character_is_a_document_of_its_own() {
        assert_eq!(texts("# a\u{3}\n# b\n---\na: 1\n"), ["# a\u{3}\n# b\n", "---\na: 1\n"]);
        assert_eq!(texts("# \u{fffe}\n---\na: 1\n"), ["# \u{fffe}\n", "---\na: 1\n"]);
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
    fn the_pieces_are_the_text() {
        let text = "# a\n...\r\n# b\na\r\n---\r\nb\r\n--- c\n...\nd\n...\n# e";
        let all: String = Piece::cut(text).into_iter().map(|piece| piece.text).collect();
        assert_eq!(all, text);
        assert_eq!(texts(text), ["# b\na\r\n", "---\r\nb\r\n", "--- c\n...\n", "d\n...\n"]);
    }
}
