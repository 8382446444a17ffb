//! Flow collections, `{…}` and `[…]`, JSON among them: adding and removing elements with their commas.

use super::Edit;
use super::layout::{Bytes, Editor};
use super::yaml::FlowStyle;
use crate::source::{Node, NodeId, Style};

/// An element of a flow collection: an item of a list, or a key with its value.
#[derive(Clone, Debug)]
pub(super) struct Element {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where the comma behind it stands.
    comma: Option<usize>,
}

/// A flow collection taken apart.
pub(super) struct Flow {
    open: usize,
    close: usize,
    pub(super) elements: Vec<Element>,
    /// Whether each element has lines of its own.
    pub(super) has_lines: bool,
}

/// A new element.
#[derive(Clone, Debug, Default)]
pub(super) struct NewElement {
    /// Comments for lines of their own in front of it.
    pub(super) before: Vec<String>,
    pub(super) body: String,
    /// A comment for the end of its line.
    pub(super) behind: Option<String>,
}

impl Editor<'_> {
    pub(super) fn flow(&self, id: NodeId) -> Option<Flow> {
        if !self.is_flow(id) {
            return None;
        }
        let span = self.span(id);
        let (open, close) = (span.start, span.end.checked_sub(1)?);
        let spans: Vec<Bytes> = match self.node(id)? {
            Node::Mapping(_) => {
                self.pairs(id).map(|(key, value)| self.span(key).start..self.end(value).max(self.end(key))).collect()
            }
            _ => self.children(id).iter().map(|item| self.span(*item).start..self.end(*item)).collect(),
        };
        let mut elements = Vec::new();
        let mut from = open + 1;
        for (index, span) in spans.iter().enumerate() {
            let start = self.start_with_properties(from, span.start);
            let mut end = span.end;
            let limit = spans.get(index + 1).map_or(close, |next| next.start);
            let mut next = self.next_solid(end, limit);
            // A key whose value is only implied.
            if let Some(at) = next.filter(|at| self.byte(*at) == Some(b':')) {
                end = at + 1;
                next = self.next_solid(end, limit);
            }
            let comma = match next {
                Some(at) if self.byte(at) == Some(b',') => Some(at),
                None if limit == close => None,
                _ => return None,
            };
            from = comma.map_or(end, |comma| comma + 1);
            elements.push(Element { start, end, comma });
        }
        let ends_its_line = |element: &Element| {
            let from = element.comma.map_or(element.end, |comma| comma + 1);
            self.line_end(element.end) == self.line_end(from) && self.next_solid(from, self.line_end(from)).is_none()
        };
        let has_lines = !elements.is_empty()
            && elements.iter().all(|element| self.starts_line(element.start) && ends_its_line(element))
            && self.starts_line(close)
            && self.next_solid(open + 1, self.line_end(open)).is_none();
        Some(Flow { open, close, elements, has_lines })
    }

    /// How far the elements of a collection with lines are indented.
    pub(super) fn flow_column(&self, flow: &Flow) -> usize {
        flow.elements.first().map_or(0, |first| self.column(first.start))
    }

    /// The lines of an element, with the comments directly above it.
    pub(super) fn element_lines(&self, flow: &Flow, index: usize) -> Option<Bytes> {
        let element = flow.elements.get(index)?;
        let floor = match index.checked_sub(1).and_then(|before| flow.elements.get(before)) {
            Some(before) => self.next_line(before.comma.unwrap_or(before.end)),
            None => self.next_line(flow.open),
        };
        let mut start = self.line_start(element.start);
        while start > floor {
            let above = self.line_start(start - 1);
            if self.comment_line(above).is_none() {
                break;
            }
            start = above;
        }
        Some(start..self.next_line(element.comma.unwrap_or(element.end)))
    }

    /// Edits that take elements away and put new ones in front of the element with a number, or at the end. `None` when
    /// a comment would be lost.
    pub(super) fn flow_edits(
        &self,
        flow: &Flow,
        removed: &[usize],
        added: &[(usize, NewElement)],
        style: FlowStyle,
    ) -> Option<Vec<Edit>> {
        if flow.elements.is_empty() {
            return self.fill(flow, added, style);
        }
        if flow.has_lines { self.by_lines(flow, removed, added) } else { self.inline(flow, removed, added, style) }
    }

    fn fill(&self, flow: &Flow, added: &[(usize, NewElement)], style: FlowStyle) -> Option<Vec<Edit>> {
        if !self.comments_within(flow.open..flow.close).is_empty() || added.iter().any(|(_, new)| new.has_comments()) {
            return None;
        }
        let bodies: Vec<&str> = added.iter().map(|(_, new)| new.body.as_str()).collect();
        let pad = if style.is_padded && self.byte(flow.open) == Some(b'{') { " " } else { "" };
        let text = format!("{pad}{}{pad}", bodies.join(style.comma()));
        Some(vec![Edit::new(flow.open + 1, flow.close, text)])
    }

    fn by_lines(&self, flow: &Flow, removed: &[usize], added: &[(usize, NewElement)]) -> Option<Vec<Edit>> {
        let count = flow.elements.len();
        let has_last_comma = flow.elements.last()?.comma.is_some();
        let kept = (0..count).rev().find(|index| !removed.contains(index));
        let added_last = added.iter().map(|(at, _)| *at).max();
        // Whether the element that comes last in the end is a new one.
        let is_new_last = added_last.is_some_and(|at| kept.is_none_or(|kept| at > kept));
        let mut edits = Vec::new();
        for index in removed {
            let lines = self.element_lines(flow, *index)?;
            edits.push(Edit::new(lines.start, lines.end, ""));
        }
        if let Some(kept) = kept {
            let element = flow.elements.get(kept)?;
            match element.comma {
                Some(comma) if !is_new_last && !has_last_comma && kept + 1 < count => {
                    edits.push(Edit::new(comma, comma + 1, ""));
                }
                None if is_new_last => edits.push(Edit::new(element.end, element.end, ",")),
                _ => {}
            }
        }
        let (column, eol) = (self.flow_column(flow), self.eol());
        for (number, (at, new)) in added.iter().enumerate() {
            let position = if *at < count {
                self.element_lines(flow, *at)?.start
            } else {
                self.element_lines(flow, count - 1)?.end
            };
            let is_last = is_new_last && number + 1 == added.len();
            let comma = if is_last && !has_last_comma { "" } else { "," };
            let behind = new.behind.as_ref().map(|comment| format!(" {comment}")).unwrap_or_default();
            let mut text = String::new();
            for comment in &new.before {
                text += &format!("{:column$}{comment}{eol}", "");
            }
            text += &format!("{:column$}{}{comma}{behind}{eol}", "", new.body);
            edits.push(Edit::new(position, position, text));
        }
        Some(edits)
    }

    fn inline(
        &self,
        flow: &Flow,
        removed: &[usize],
        added: &[(usize, NewElement)],
        style: FlowStyle,
    ) -> Option<Vec<Edit>> {
        if added.iter().any(|(_, new)| new.has_comments()) {
            return None;
        }
        let count = flow.elements.len();
        let is_removed = |index: usize| removed.contains(&index);
        let mut edits: Vec<Edit> = Vec::new();
        let mut index = 0;
        while index < count {
            if !is_removed(index) {
                index += 1;
                continue;
            }
            let first = index;
            while index < count && is_removed(index) {
                index += 1;
            }
            let (start, end) = match (flow.elements.get(index), first.checked_sub(1)) {
                (Some(next), _) => (flow.elements.get(first)?.start, next.start),
                (None, Some(before)) => (flow.elements.get(before)?.end, flow.elements.get(index - 1)?.end),
                (None, None) => {
                    let last = flow.elements.get(index - 1)?;
                    (flow.elements.get(first)?.start, last.comma.map_or(last.end, |comma| comma + 1))
                }
            };
            let lost = self.comments_within(start..end);
            let in_elements =
                |at: usize| flow.elements.iter().any(|element| (element.start..element.end).contains(&at));
            if lost.iter().any(|comment| !in_elements(comment.start as usize)) {
                return None;
            }
            edits.push(Edit::new(start, end, ""));
        }
        let kept_before = |at: usize| (0..at.min(count)).rev().find(|index| !is_removed(*index));
        let kept_from = |at: usize| (at..count).find(|index| !is_removed(*index));
        let mut pending = added.iter().peekable();
        while let Some((at, new)) = pending.next() {
            let comma = style.comma();
            if let Some(next) = kept_from(*at) {
                // In front of a deletion that reaches to the next kept element, if there is one.
                let from = kept_before(next).map_or(0, |before| before + 1);
                let position = flow.elements.get(from.min(next))?.start;
                edits.push(Edit::new(position, position, format!("{}{comma}", new.body)));
            } else if let Some(before) = kept_before(count) {
                let position = flow.elements.get(before)?.end;
                edits.push(Edit::new(position, position, format!("{comma}{}", new.body)));
            } else {
                let position = flow.elements.first()?.start;
                let comma = if pending.peek().is_some() { comma } else { "" };
                edits.push(Edit::new(position, position, format!("{}{comma}", new.body)));
            }
        }
        Some(edits)
    }

    /// How the flow collection around a place is written, as far as it shows.
    pub(super) fn flow_style(&self, id: NodeId) -> FlowStyle {
        let mut style = FlowStyle::YAML;
        let mut at = Some(id);
        let mut seen = (false, false, false, false);
        // From the inside out, until everything is known.
        while let Some(id) = at.filter(|_| seen != (true, true, true, true)) {
            at = self.document.tree.parent(id);
            let Some(flow) = self.flow(id) else { continue };
            for (key, value) in self.pairs(id) {
                if !seen.0 {
                    (seen.0, style.quotes_keys) = (true, self.byte(self.span(key).start) == Some(b'"'));
                }
                if let Some(Node::Scalar { style: written, .. }) = self.node(value) {
                    let is_text = *written == Style::Quoted;
                    let is_plain_text = *written == Style::Plain
                        && self
                            .document
                            .value(value)
                            .scalar()
                            .is_some_and(|scalar| matches!(scalar, crate::source::Scalar::Text(_)));
                    if !seen.1 && (is_text || is_plain_text) {
                        (seen.1, style.quotes_values) =
                            (true, is_text && self.byte(self.span(value).start) == Some(b'"'));
                    }
                }
                if !seen.2 {
                    let behind = self.slice(self.end(key)..self.span(value).start.max(self.end(key)));
                    (seen.2, style.is_spaced) = (true, behind.len() > 1);
                }
            }
            if !seen.3 && self.byte(flow.open) == Some(b'{') && !flow.has_lines && !flow.elements.is_empty() {
                (seen.3, style.is_padded) = (true, self.byte(flow.open + 1) == Some(b' '));
            }
        }
        if style.quotes_keys {
            style.quotes_values = true;
            style.is_padded &= seen.3;
        }
        style
    }
}

impl NewElement {
    fn has_comments(&self) -> bool {
        !self.before.is_empty() || self.behind.is_some()
    }
}
