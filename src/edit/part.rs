//! Parts of texts: a command cut out of a script, wherever the script is written.

use super::Edit;
use super::layout::Editor;
use crate::source::{Node, NodeId, Style};

impl Editor<'_> {
    /// Takes the bytes `start..end` of a scalar's *value* out of the text. `None` where the value is not written as it is
    /// read, because of escapes or folding.
    #[must_use]
    pub fn cut_text(&self, node: NodeId, start: usize, end: usize) -> Option<Vec<Edit>> {
        let value = self.document.value(node).text()?.to_owned();
        let Node::Scalar { style, .. } = self.node(node)? else { return None };
        value.get(start..end)?;
        let span = self.span(node);
        let raw = self.text.get(span.clone())?;
        let (from, to) = match style {
            Style::Plain if raw == value => (span.start + start, span.start + end),
            Style::Quoted if raw.get(1..raw.len().checked_sub(1)?) == Some(value.as_str()) => {
                (span.start + 1 + start, span.start + 1 + end)
            }
            Style::Literal => (self.in_literal(node, &value, start)?, self.in_literal(node, &value, end)?),
            _ => return None,
        };
        Some(self.absolute(vec![Edit::new(from, to, "")]))
    }

    /// Where a byte of a literal block's value stands in the document.
    fn in_literal(&self, node: NodeId, value: &str, at: usize) -> Option<usize> {
        let span = self.span(node);
        let indent = self.column(span.start);
        let before = value.get(..at)?;
        let line = before.matches('\n').count();
        let column = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1);
        let mut start = self.line_start(span.start);
        for _ in 0..line {
            start = self.next_line(start);
        }
        let found = start + indent.min(self.indent(start)) + column;
        // The line must be the one that was meant.
        let wanted = value.split('\n').nth(line)?;
        let written = self.text.get(start..self.line_end(start))?;
        (written.get(indent.min(written.len())..) == Some(wanted)).then_some(found)
    }
}
