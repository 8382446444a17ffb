//! How a document is laid out: lines, columns, comments, and where nodes begin and end with all that belongs to them.

use crate::source::{Document, Node, NodeId, Span, Style};
use std::borrow::Cow;

/// Makes edits of one document. All edits are in bytes of the whole text.
pub struct Editor<'d> {
    pub(super) document: &'d Document,
    /// The text in which layout is looked up; the parts of a template are blanked out.
    pub(super) text: Cow<'d, str>,
    /// In the order of the text, relative to the document.
    comments: Vec<Span>,
    /// The line break of the document.
    eol: &'static str,
}

/// A range of bytes of the document.
pub(super) type Bytes = std::ops::Range<usize>;

impl<'d> Editor<'d> {
    /// An editor for a document; none when the document could not be read to its end, and none for one that stands as
    /// text in another: the outer one has a say in its layout.
    #[must_use]
    pub fn new(document: &'d Document) -> Option<Self> {
        if document.is_broken() || document.is_embedded {
            return None;
        }
        let text = document.read_text();
        let eol = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let mut this = Self { document, text, comments: Vec::new(), eol };
        // A dump of a cluster is large and has none.
        if this.text.contains('#') {
            this.comments = this.find_comments();
        }
        Some(this)
    }

    /// The comments of the document from their `#` to the end of their line, relative to the document.
    #[must_use]
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// The text of the document as it stands, template parts and all.
    pub(super) fn slice(&self, bytes: Bytes) -> &'d str {
        self.document.text.get(bytes).unwrap_or_default()
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// The line break of the document.
    pub(super) fn eol(&self) -> &'static str {
        self.eol
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|head| head.rfind('\n')).map_or(0, |newline| newline + 1)
    }

    /// The byte behind the line break of the line that holds `at`.
    pub(super) fn next_line(&self, at: usize) -> usize {
        self.text.get(at..).and_then(|rest| rest.find('\n')).map_or(self.len(), |newline| at + newline + 1)
    }

    /// The end of the line that holds `at`, without its line break.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let end = self.text.get(at..).and_then(|rest| rest.find('\n')).map_or(self.len(), |newline| at + newline);
        if end > at && self.byte(end - 1) == Some(b'\r') { end - 1 } else { end }
    }

    pub(super) fn column(&self, at: usize) -> usize {
        at - self.line_start(at)
    }

    /// How many spaces the line that holds `at` starts with.
    pub(super) fn indent(&self, at: usize) -> usize {
        let line = self.text.get(self.line_start(at)..).unwrap_or_default();
        line.len() - line.trim_start_matches(' ').len()
    }

    /// Whether only spaces stand in front of `at` on its line.
    pub(super) fn starts_line(&self, at: usize) -> bool {
        self.slice(self.line_start(at)..at).trim_matches(' ').is_empty()
    }

    /// Whether the line at this start is blank in the text as it stands.
    pub(super) fn is_blank_line(&self, start: usize) -> bool {
        start < self.len() && self.slice(start..self.line_end(start)).trim().is_empty()
    }

    /// The comment that the line at this start consists of, as its column.
    pub(super) fn comment_line(&self, start: usize) -> Option<usize> {
        let indent = self.indent(start);
        let index = self.comments.binary_search_by_key(&(start + indent), |span| span.start as usize).ok()?;
        self.comments.get(index).map(|_| indent)
    }

    pub(super) fn comments_within(&self, bytes: Bytes) -> &[Span] {
        let from = self.comments.partition_point(|span| (span.start as usize) < bytes.start);
        let to = self.comments.partition_point(|span| (span.start as usize) < bytes.end);
        self.comments.get(from..to).unwrap_or_default()
    }

    /// The next byte from `from` on, before `to`, that is neither white space nor in a comment.
    pub(super) fn next_solid(&self, from: usize, to: usize) -> Option<usize> {
        let mut at = from;
        while at < to {
            match self.byte(at)? {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'#' => match self.comments.binary_search_by_key(&at, |span| span.start as usize) {
                    Ok(index) => at = self.comments.get(index)?.end as usize,
                    Err(_) => return Some(at),
                },
                _ => return Some(at),
            }
        }
        None
    }

    pub(super) fn span(&self, id: NodeId) -> Bytes {
        let span = self.document.tree.span(id);
        span.start as usize..span.end as usize
    }

    pub(super) fn node(&self, id: NodeId) -> Option<&'d Node> {
        self.document.tree.node(id)
    }

    pub(super) fn children(&self, id: NodeId) -> &'d [NodeId] {
        self.document.tree.children(id)
    }

    pub(super) fn is_flow(&self, id: NodeId) -> bool {
        let brackets = match self.node(id) {
            Some(Node::Mapping(_)) => (b'{', b'}'),
            Some(Node::Sequence(_)) => (b'[', b']'),
            _ => return false,
        };
        let span = self.span(id);
        let first = self.children(id).first().map(|first| self.span(*first).start);
        // A block list may start where its first item does, and that may be a flow list.
        first != Some(span.start)
            && self.byte(span.start) == Some(brackets.0)
            && span.end.checked_sub(1).and_then(|last| self.byte(last)) == Some(brackets.1)
    }

    /// Whether a node or one around it is written in flow style.
    pub(super) fn is_in_flow(&self, id: NodeId) -> bool {
        let mut at = Some(id);
        while let Some(id) = at {
            if self.is_flow(id) {
                return true;
            }
            at = self.document.tree.parent(id);
        }
        false
    }

    /// Keys and values of a mapping as they are written.
    pub(super) fn pairs(&self, mapping: NodeId) -> impl DoubleEndedIterator<Item = (NodeId, NodeId)> + 'd {
        let children = match self.node(mapping) {
            Some(Node::Mapping(_)) => self.children(mapping),
            _ => &[],
        };
        children.chunks_exact(2).filter_map(|pair| match pair {
            [key, value] => Some((*key, *value)),
            _ => None,
        })
    }

    /// The last entry of a key: the one that counts.
    pub(super) fn pair(&self, mapping: NodeId, key: &str) -> Option<(NodeId, NodeId)> {
        self.pairs(mapping).rev().find(|(own, _)| self.document.value(*own).text() == Some(key))
    }

    /// The value of a key as it is written, an alias unfollowed.
    pub(super) fn own(&self, mapping: NodeId, key: &str) -> Option<NodeId> {
        self.pair(mapping, key).map(|(_, value)| value)
    }

    /// The byte behind the content of a node: without the blank lines that the parser counts to a block scalar.
    pub(super) fn end(&self, id: NodeId) -> usize {
        let mut at = id;
        // The last leaf; a flow collection ends with its bracket.
        while !self.is_flow(at) {
            let Some(last) = self.children(at).last() else { break };
            at = *last;
        }
        let span = self.span(at);
        let keeps_blank_lines = self.text.get(..span.start).is_some_and(|head| {
            // The header of a block scalar ends the line in front of its first one.
            head.trim_end().rsplit('\n').next().is_some_and(|line| line.contains("|+") || line.contains(">+"))
        });
        let is_block_scalar = matches!(self.node(at), Some(Node::Scalar { style: Style::Literal | Style::Folded, .. }));
        if !is_block_scalar {
            return span.end;
        }
        let text = self.text.get(span.clone()).unwrap_or_default();
        if keeps_blank_lines {
            return span.start + text.trim_end_matches(' ').len();
        }
        span.start + text.trim_end().len()
    }

    /// The byte at which a node begins, with an anchor or a tag in front of it, when nothing of it stands before `from`.
    pub(super) fn start_with_properties(&self, from: usize, start: usize) -> usize {
        match self.next_solid(from, start) {
            Some(at) if matches!(self.byte(at), Some(b'&' | b'!')) => at,
            _ => start,
        }
    }

    /// The end of the lines of a block node: behind the line break of its last line, and of the deeper comments and
    /// template parts that follow it.
    pub(super) fn block_end(&self, id: NodeId, column: usize) -> usize {
        let end = self.end(id);
        let mut at = if end > 0 && self.byte(end - 1) == Some(b'\n') { end } else { self.next_line(end) };
        let mut sure = at;
        while at < self.len() {
            let next = self.next_line(at);
            match self.belonging(at) {
                Some(own) if own > column => sure = next,
                None if self.is_blank_line(at) => {}
                _ => break,
            }
            at = next;
        }
        sure
    }

    /// The column of a line that holds no data: a comment or a part of a template.
    fn belonging(&self, start: usize) -> Option<usize> {
        if let Some(column) = self.comment_line(start) {
            return Some(column);
        }
        let line = self.slice(start..self.line_end(start));
        let part = line.trim();
        let is_part = self.document.is_template
            && part.starts_with("{{")
            && self.text.get(start..self.line_end(start)).is_some_and(|read| read.trim().is_empty());
        if !is_part {
            return None;
        }
        // What a function indents by itself counts as indented by that much.
        let by_function = part.split_once("indent ").and_then(|(_, rest)| {
            let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<usize>().ok()
        });
        Some(by_function.unwrap_or(line.len() - line.trim_start().len()))
    }

    fn find_comments(&self) -> Vec<Span> {
        let tree = &self.document.tree;
        let is_leaf = |id: &NodeId| matches!(tree.node(*id), Some(Node::Scalar { .. } | Node::Alias(_)));
        let mut leaves: Vec<Bytes> = tree.ids().filter(is_leaf).map(|id| self.span(id)).collect();
        leaves.sort_by_key(|span| span.start);
        let mut comments = Vec::new();
        let mut at = 0;
        let end = self.len();
        for leaf in leaves.into_iter().chain(std::iter::once(end..end)) {
            while at < leaf.start {
                let before = if at == 0 { None } else { self.byte(at - 1) };
                let is_start = matches!(before, None | Some(b' ' | b'\t' | b'\n' | b'\r' | b'\xbf'));
                if self.byte(at) == Some(b'#') && is_start {
                    let stop = self.line_end(at);
                    comments.push(Span::new(at, stop));
                    at = stop;
                } else {
                    at += 1;
                }
            }
            at = at.max(leaf.end);
        }
        comments
    }
}

#[cfg(test)]
mod tests {
    use super::Editor;
    use crate::source::Source;

    fn comments(text: &str) -> Vec<String> {
        let source = Source::read(text);
        let editor = Editor::new(&source.documents[0]).unwrap();
        editor.comments().iter().map(|span| span.slice(text).to_owned()).collect()
    }

    #[test]
    fn comments_are_told_from_what_looks_like_them() {
        let text =
            "# one\na: x#y # two\nb: '# no'\nc: |  # three\n  # no\n  text\n# four\nd: [1, # five\n  2]\ne: # six\n";
        assert_eq!(comments(text), ["# one", "# two", "# three", "# four", "# five", "# six"]);
    }
}
