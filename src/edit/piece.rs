//! Entries on their way from one list to another.

use super::block::shifted;
use super::flow::NewElement;
use super::layout::{Bytes, Editor};
use super::list::{Layout, Obstacle};
use super::{Edit, apply};
use crate::source::{NodeId, Span};

/// An entry on its way.
pub(super) struct Piece {
    /// What is taken out of the text.
    pub(super) bytes: Bytes,
    pub(super) content: Content,
}

/// An entry for another document.
pub struct Taken(pub(super) Piece);

pub(super) enum Content {
    /// Whole lines with the dash at a column.
    Block(String, usize),
    /// A flow value whose first line is indented by so much.
    Flow(NewElement, usize),
}

impl Editor<'_> {
    /// Takes a copy of an entry, comments and all, for a list in another document. The entry itself stays.
    ///
    /// # Errors
    ///
    /// What stands in the way.
    pub fn take_item(&self, mapping: NodeId, key: &str, index: usize, inner: &[Edit]) -> Result<Taken, Obstacle> {
        let inner = self.relative(inner).ok_or(Obstacle::Layout)?;
        let piece = self.piece(&self.list_layout(mapping, key)?, index, &inner)?;
        let refers = |(alias, target): (NodeId, NodeId)| {
            let (alias, target) = (self.span(alias).start, self.span(target).start);
            piece.bytes.contains(&alias) || piece.bytes.contains(&target)
        };
        if self.aliases().any(refers) {
            return Err(Obstacle::Anchor);
        }
        if self.document.is_template {
            return Err(Obstacle::Template);
        }
        Ok(Taken(piece))
    }

    /// The comments of the document that stand outside of an entry that was taken.
    #[must_use]
    pub fn comments_around(&self, taken: &[&Taken]) -> Vec<&str> {
        let is_inside = |at: usize| taken.iter().any(|taken| taken.0.bytes.contains(&at));
        let spans = self.comments().iter().filter(|span| !is_inside(span.start as usize));
        spans.map(|span| span.slice(&self.document.text)).collect()
    }

    pub(super) fn relative(&self, edits: &[Edit]) -> Option<Vec<Edit>> {
        let start = self.document.start;
        let shift = |edit: &Edit| {
            let span = Span { start: edit.span.start.checked_sub(start)?, end: edit.span.end.checked_sub(start)? };
            Some(Edit { span, text: edit.text.clone() })
        };
        edits.iter().map(shift).collect()
    }

    pub(super) fn piece(&self, layout: &Layout, index: usize, inner: &[Edit]) -> Result<Piece, Obstacle> {
        match layout {
            Layout::Block(items) => {
                let item = items.get(index).ok_or(Obstacle::Layout)?;
                let mut text = self.changed(item.lines.clone(), inner).ok_or(Obstacle::Layout)?;
                if !text.ends_with('\n') {
                    text += self.eol();
                }
                Ok(Piece { bytes: item.lines.clone(), content: Content::Block(text, self.column(item.dash)) })
            }
            Layout::Flow(_, flow) => {
                let element = flow.elements.get(index).ok_or(Obstacle::Layout)?;
                let body = self.changed(element.start..element.end, inner).ok_or(Obstacle::Layout)?;
                let mut new = NewElement { body, ..NewElement::default() };
                let mut bytes = element.start..element.end;
                if flow.has_lines {
                    let lines = self.element_lines(flow, index).ok_or(Obstacle::Layout)?;
                    let text = |span: &Span| span.slice(&self.document.text).to_owned();
                    new.before = self.comments_within(lines.start..element.start).iter().map(text).collect();
                    new.behind = self.comments_within(element.end..lines.end).first().map(text);
                    bytes = lines;
                }
                Ok(Piece { bytes, content: Content::Flow(new, self.indent(element.start)) })
            }
            Layout::Empty(_) | Layout::Missing => Err(Obstacle::Layout),
        }
    }

    /// A part of the text with the edits inside of it made.
    fn changed(&self, bytes: Bytes, inner: &[Edit]) -> Option<String> {
        let shift = |edit: &Edit| {
            let at = |byte: u32| (byte as usize).saturating_sub(bytes.start);
            Edit::new(at(edit.span.start), at(edit.span.end), edit.text.clone())
        };
        let edits: Vec<Edit> = inner.iter().filter(|edit| is_of(edit, &bytes)).map(shift).collect();
        apply(self.slice(bytes.clone()), &edits)
    }

    /// Whether each alias still comes behind its anchor when these bytes stand in front of those places.
    pub(super) fn keeps_anchors(&self, moved: &[(Bytes, usize)]) -> bool {
        let order = |at: usize| match moved.iter().position(|(bytes, _)| bytes.contains(&at)) {
            Some(index) => (moved.get(index).map_or(at, |(_, place)| *place), 0, index, at),
            None => (at, 1, 0, 0),
        };
        self.aliases().all(|(alias, target)| order(self.span(target).start) < order(self.span(alias).start))
    }
}

/// Whether an edit is one of these bytes. What is inserted behind an entry's last line is; what is inserted in front of
/// its first one belongs to the entry before.
pub(super) fn is_of(edit: &Edit, bytes: &Bytes) -> bool {
    let (start, end) = (edit.span.start as usize, edit.span.end as usize);
    let is_in_front = start == end && start == bytes.start;
    bytes.start <= start && end <= bytes.end && !is_in_front
}

impl Content {
    /// Lines of a block list whose dashes stand at a column.
    pub(super) fn as_block(&self, column: usize, eol: &str) -> String {
        match self {
            Self::Block(lines, from) => shifted(lines, *from, column),
            Self::Flow(new, base) => {
                let mut text = String::new();
                for comment in &new.before {
                    text += &format!("{:column$}{comment}{eol}", "");
                }
                let behind = new.behind.as_ref().map(|comment| format!(" {comment}")).unwrap_or_default();
                let from = least_indent(&new.body).map_or(*base, |least| least.min(*base));
                text + &format!("{:column$}- {}{behind}{eol}", "", shifted_tail(&new.body, from, column + 2))
            }
        }
    }

    /// As an element of a flow list whose lines are indented by `base`; `None` for lines with a dash.
    pub(super) fn as_flow(&self, base: usize) -> Option<NewElement> {
        match self {
            Self::Block(..) => None,
            // Lines that are only filled up may stand anywhere.
            Self::Flow(new, from) if least_indent(&new.body) != Some(*from) => Some(new.clone()),
            Self::Flow(new, from) => Some(NewElement { body: shifted_tail(&new.body, *from, base), ..new.clone() }),
        }
    }
}

/// How far the lines but the first are indented at least. Where brackets have lines, that is the closing one's.
fn least_indent(text: &str) -> Option<usize> {
    let lines = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    lines.map(|line| line.len() - line.trim_start_matches(' ').len()).min()
}

/// Moves all lines but the first.
fn shifted_tail(text: &str, from: usize, to: usize) -> String {
    match text.split_once('\n') {
        Some((first, rest)) => format!("{first}\n{}", shifted(rest, from, to)),
        None => text.to_owned(),
    }
}
