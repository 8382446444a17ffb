//! Entries of lists: moved between the lists of a mapping, with all that belongs to them.

use super::block::{BlockItem, shifted};
use super::flow::{Flow, NewElement};
use super::layout::{Bytes, Editor};
use super::template::keeps_blocks;
use super::{Edit, apply};
use crate::source::{Node, NodeId, Span};
use std::fmt;

/// An entry to move from one list of a mapping to another, or to another place of the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The key of the list that it stands in.
    pub from: String,
    /// Its index there.
    pub index: usize,
    /// The key of the list that it goes to; the list is made when there is none.
    pub to: String,
    /// The entry of that list in front of which it goes, counted before anything moves; at the end when none is given.
    pub before: Option<usize>,
}

/// Why entries cannot be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// An alias would come before its anchor, or something else refers to what moves.
    Anchor,
    /// The list is merged in or shared.
    Shared,
    /// A comment would be lost.
    Comment,
    /// A layout that is not understood.
    Layout,
    /// The list must not become empty.
    Empty,
    /// It would come out of, or into, an `if`, a `range` or the like of a template, or its indentation is computed.
    Template,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Anchor => "an alias (`*name`) would come before its anchor (`&name`)",
            Self::Shared => "the list is used in several places through an anchor or a merge key",
            Self::Comment => "a comment would be lost",
            Self::Layout => "the text is laid out in a way that cannot be edited safely",
            Self::Empty => "the list must keep an entry",
            Self::Template => "the template decides with `if`, `range` or `indent` what stands here",
        })
    }
}

/// A list as it is written.
enum Layout {
    Block(Vec<BlockItem>),
    Flow(NodeId, Flow),
    /// `[]`, `null` or nothing behind the key.
    Empty(NodeId),
    Missing,
}

/// An entry on its way.
struct Piece {
    /// What is taken out of the text.
    bytes: Bytes,
    content: Content,
}

enum Content {
    /// Whole lines with the dash at a column.
    Block(String, usize),
    /// A flow value whose first line is indented by so much.
    Flow(NewElement, usize),
}

impl Editor<'_> {
    /// Moves entries between lists of a mapping: comments directly above an entry and on its lines go with it, quotes,
    /// order of keys and everything else stay. Entries that go to the same place stand there in the order of `moves`.
    /// `inner` are edits inside of what moves (or anywhere else outside of the lists' own layout), in bytes of the text.
    ///
    /// # Errors
    ///
    /// What stands in the way.
    pub fn move_items(&self, mapping: NodeId, moves: &[Move], inner: &[Edit]) -> Result<Vec<Edit>, Obstacle> {
        let inner = self.relative(inner).ok_or(Obstacle::Layout)?;
        let mut keys: Vec<&str> = Vec::new();
        for key in moves.iter().flat_map(|one| [one.from.as_str(), one.to.as_str()]) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let mut layouts = Vec::new();
        for key in keys {
            layouts.push((key, self.list_layout(mapping, key)?));
        }
        let layout = |key: &str| layouts.iter().find(|(own, _)| *own == key).map(|(_, layout)| layout);
        let mut pieces = Vec::new();
        for one in moves {
            let from = layout(&one.from).ok_or(Obstacle::Layout)?;
            pieces.push(self.piece(from, one.index, &inner)?);
        }
        self.check_computed_indents(&pieces, moves, &layouts)?;
        let is_moved = |at: usize| pieces.iter().any(|piece| piece.bytes.contains(&at));
        let mut edits: Vec<Edit> = inner.iter().filter(|edit| !is_moved(edit.span.start as usize)).cloned().collect();
        let mut places = vec![0; moves.len()];
        for (key, layout) in &layouts {
            let removed: Vec<usize> = moves.iter().filter(|one| one.from == *key).map(|one| one.index).collect();
            let added: Vec<(Option<usize>, usize)> =
                moves.iter().enumerate().filter(|(_, one)| one.to == *key).map(|(at, one)| (one.before, at)).collect();
            let change = Change { mapping, key, layout, removed: &removed, added: &added };
            edits.extend(self.change_list(&change, &pieces, moves, &mut places)?);
        }
        let moved: Vec<(Bytes, usize)> =
            pieces.iter().map(|piece| piece.bytes.clone()).zip(places.iter().copied()).collect();
        if !self.keeps_anchors(&moved) {
            return Err(Obstacle::Anchor);
        }
        if self.document.is_template && !keeps_blocks(&self.document.text, &moved) {
            return Err(Obstacle::Template);
        }
        Ok(self.absolute(edits))
    }

    /// What a template indents by itself cannot be moved to the side.
    fn check_computed_indents(
        &self,
        pieces: &[Piece],
        moves: &[Move],
        layouts: &[(&str, Layout)],
    ) -> Result<(), Obstacle> {
        for (piece, one) in pieces.iter().zip(moves).filter(|_| self.document.is_template) {
            let (Content::Block(text, column), Some((_, target))) =
                (&piece.content, layouts.iter().find(|(key, _)| *key == one.to))
            else {
                continue;
            };
            let new = match target {
                Layout::Block(items) => items.first().map_or(0, |first| self.column(first.dash)),
                Layout::Missing => *column,
                Layout::Flow(list, _) | Layout::Empty(list) => {
                    let key = self.document.tree.key(*list).ok_or(Obstacle::Layout)?;
                    self.column(self.span(key).start) + self.list_offset()
                }
            };
            if new != *column && text.contains("indent ") {
                return Err(Obstacle::Template);
            }
        }
        Ok(())
    }

    fn relative(&self, edits: &[Edit]) -> Option<Vec<Edit>> {
        let start = self.document.start;
        let shift = |edit: &Edit| {
            let span = Span { start: edit.span.start.checked_sub(start)?, end: edit.span.end.checked_sub(start)? };
            Some(Edit { span, text: edit.text.clone() })
        };
        edits.iter().map(shift).collect()
    }

    fn list_layout(&self, mapping: NodeId, key: &str) -> Result<Layout, Obstacle> {
        let Some(list) = self.own(mapping, key) else {
            // A merge key may bring the list in.
            let is_merged = self.document.value(mapping).get(key).is_some();
            return if is_merged { Err(Obstacle::Shared) } else { Ok(Layout::Missing) };
        };
        if self.is_shared(list) {
            return Err(Obstacle::Shared);
        }
        match self.node(list) {
            Some(Node::Sequence(_)) if self.children(list).is_empty() => Ok(Layout::Empty(list)),
            Some(Node::Sequence(_)) if self.is_flow(list) => {
                self.flow(list).map(|flow| Layout::Flow(list, flow)).ok_or(Obstacle::Layout)
            }
            Some(Node::Sequence(_)) => self.block_items(list).map(Layout::Block).ok_or(Obstacle::Layout),
            Some(Node::Scalar { .. }) if self.document.value(list).is_null() => Ok(Layout::Empty(list)),
            _ => Err(Obstacle::Layout),
        }
    }

    /// Whether an alias stands for this node or for one around it.
    fn is_shared(&self, id: NodeId) -> bool {
        let tree = &self.document.tree;
        let around: Vec<NodeId> = std::iter::successors(Some(id), |id| tree.parent(*id)).collect();
        matches!(self.node(id), Some(Node::Alias(_))) || self.aliases().any(|(_, target)| around.contains(&target))
    }

    fn piece(&self, layout: &Layout, index: usize, inner: &[Edit]) -> Result<Piece, Obstacle> {
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
        let is_inside = |edit: &&Edit| bytes.start <= edit.span.start as usize && edit.span.end as usize <= bytes.end;
        let shift = |edit: &Edit| {
            let at = |byte: u32| (byte as usize).saturating_sub(bytes.start);
            Edit::new(at(edit.span.start), at(edit.span.end), edit.text.clone())
        };
        let edits: Vec<Edit> = inner.iter().filter(is_inside).map(shift).collect();
        apply(self.slice(bytes.clone()), &edits)
    }

    fn change_list(
        &self,
        change: &Change<'_>,
        pieces: &[Piece],
        moves: &[Move],
        places: &mut [usize],
    ) -> Result<Vec<Edit>, Obstacle> {
        let Change { mapping, key, layout, removed, added } = *change;
        let count = match layout {
            Layout::Block(items) => items.len(),
            Layout::Flow(_, flow) => flow.elements.len(),
            Layout::Empty(_) | Layout::Missing => 0,
        };
        if added.is_empty() && removed.len() >= count {
            if key == "containers" {
                return Err(Obstacle::Empty);
            }
            let moved: Vec<Bytes> = pieces.iter().map(|piece| piece.bytes.clone()).collect();
            return self.cut_entry(mapping, key, &moved).ok_or(Obstacle::Comment);
        }
        let mut set_places = |position: &dyn Fn(Option<usize>) -> Option<usize>| {
            for (before, at) in added {
                if let (Some(place), Some(position)) = (places.get_mut(*at), position(*before)) {
                    *place = position;
                }
            }
        };
        let chosen: Vec<(Option<usize>, &Piece)> =
            added.iter().filter_map(|(before, at)| Some((*before, pieces.get(*at)?))).collect();
        match layout {
            Layout::Block(items) => {
                let position = |before: Option<usize>| self.block_position(items, removed, before);
                set_places(&position);
                self.change_block(items, removed, &chosen)
            }
            Layout::Flow(list, flow) => {
                let start = |before: Option<usize>| match before.and_then(|before| flow.elements.get(before)) {
                    Some(element) => Some(element.start),
                    None => flow.elements.last().map(|element| element.end),
                };
                set_places(&start);
                if chosen.iter().any(|(_, piece)| matches!(piece.content, Content::Block(..))) {
                    return self.change_to_block(*list, flow, removed, &chosen);
                }
                let base = if flow.has_lines { self.flow_column(flow) } else { self.indent(self.span(*list).start) };
                let new: Vec<(usize, NewElement)> = chosen
                    .iter()
                    .filter_map(|(before, piece)| {
                        Some((before.unwrap_or(flow.elements.len()), piece.content.as_flow(base)?))
                    })
                    .collect();
                self.flow_edits(flow, removed, &new, self.flow_style(*list)).ok_or(Obstacle::Comment)
            }
            Layout::Empty(list) => {
                set_places(&|_| Some(self.span(*list).start));
                self.fill_list(mapping, *list, &chosen, moves)
            }
            Layout::Missing => {
                let from = moves.iter().find(|one| one.to == key).map(|one| one.from.as_str());
                let (from_key, from_list) = from.and_then(|from| self.pair(mapping, from)).ok_or(Obstacle::Layout)?;
                set_places(&|_| Some(self.span(from_key).start));
                self.make_list(mapping, key, from_key, from_list, &chosen)
            }
        }
    }

    fn block_position(&self, items: &[BlockItem], removed: &[usize], before: Option<usize>) -> Option<usize> {
        match before {
            Some(before) if before < items.len() => {
                // Blank lines in front of an entry go with it.
                let is_removed = removed.contains(&before);
                if is_removed {
                    self.lines_to_remove(items, before).map(|lines| lines.start)
                } else {
                    items.get(before).map(|item| item.lines.start)
                }
            }
            _ => items.last().map(|item| item.lines.end),
        }
    }

    fn change_block(
        &self,
        items: &[BlockItem],
        removed: &[usize],
        added: &[(Option<usize>, &Piece)],
    ) -> Result<Vec<Edit>, Obstacle> {
        let mut edits = Vec::new();
        for index in removed {
            let lines = self.lines_to_remove(items, *index).ok_or(Obstacle::Layout)?;
            edits.push(Edit::new(lines.start, lines.end, ""));
        }
        let column = items.first().map_or(0, |first| self.column(first.dash));
        let is_airy = self.is_airy(items);
        for (before, piece) in added {
            let at = self.block_position(items, removed, *before).ok_or(Obstacle::Layout)?;
            let mut lines = piece.content.as_block(column, self.eol());
            if is_airy {
                let is_first = before.is_some();
                lines = if is_first { lines + self.eol() } else { format!("{}{lines}", self.eol()) };
            }
            edits.push(self.insert_raw(at, &lines));
        }
        Ok(edits)
    }

    /// Turns a flow list into a block list and adds entries to it.
    fn change_to_block(
        &self,
        list: NodeId,
        flow: &Flow,
        removed: &[usize],
        added: &[(Option<usize>, &Piece)],
    ) -> Result<Vec<Edit>, Obstacle> {
        let key = self.document.tree.key(list).ok_or(Obstacle::Layout)?;
        let span = self.span(list);
        let is_plain = !self.is_in_flow(self.document.tree.parent(list).ok_or(Obstacle::Layout)?)
            && self.line_start(span.start) == self.line_start(self.span(key).start)
            && self.next_solid(span.end, self.line_end(span.end)).is_none();
        let inside = self.comments_within(span.clone());
        let in_elements = |at: usize| flow.elements.iter().any(|element| (element.start..element.end).contains(&at));
        if !is_plain || !removed.is_empty() || inside.iter().any(|comment| !in_elements(comment.start as usize)) {
            return Err(Obstacle::Layout);
        }
        let column = self.column(self.span(key).start) + self.list_offset();
        let (eol, count) = (self.eol(), flow.elements.len());
        let mut lines = String::new();
        for at in 0..=count {
            for (before, piece) in added {
                if before.unwrap_or(count).min(count) == at {
                    lines += &piece.content.as_block(column, eol);
                }
            }
            if let Some(element) = flow.elements.get(at) {
                let body = self.slice(element.start..element.end).to_owned();
                let old = Content::Flow(NewElement { body, ..NewElement::default() }, self.indent(element.start));
                lines += &old.as_block(column, eol);
            }
        }
        let rest = self.slice(span.end..self.line_end(span.end));
        let start = self.slice(0..span.start).trim_end_matches(' ').len();
        Ok(vec![
            Edit::new(start, self.line_end(span.end), rest.trim_end()),
            self.insert_raw(self.next_line(span.end), &lines),
        ])
    }

    /// Puts the first entries into a list that has none.
    fn fill_list(
        &self,
        mapping: NodeId,
        list: NodeId,
        added: &[(Option<usize>, &Piece)],
        moves: &[Move],
    ) -> Result<Vec<Edit>, Obstacle> {
        let tree = &self.document.tree;
        let key = tree.key(list).ok_or(Obstacle::Layout)?;
        let colon = self.next_solid(self.end(key), self.len()).ok_or(Obstacle::Layout)?;
        let end = self.end(list).max(colon + 1);
        if self.is_in_flow(mapping) {
            if !self.comments_within(colon..end).is_empty() {
                return Err(Obstacle::Comment);
            }
            let from = moves.first().and_then(|one| self.own(mapping, &one.from)).ok_or(Obstacle::Layout)?;
            let text = self.flow_list(from, added).ok_or(Obstacle::Layout)?;
            return Ok(vec![Edit::new(colon + 1, end, format!(" {text}"))]);
        }
        if self.line_start(colon) != self.line_start(end) {
            return Err(Obstacle::Layout);
        }
        let column = self.column(self.span(key).start) + self.list_offset();
        let lines: String = added.iter().map(|(_, piece)| piece.content.as_block(column, self.eol())).collect();
        Ok(vec![Edit::new(colon + 1, end, ""), self.insert_raw(self.next_line(end), &lines)])
    }

    /// Makes a list in front of the one that its entries come from.
    fn make_list(
        &self,
        mapping: NodeId,
        key: &str,
        from_key: NodeId,
        from_list: NodeId,
        added: &[(Option<usize>, &Piece)],
    ) -> Result<Vec<Edit>, Obstacle> {
        let eol = self.eol();
        if let Some(flow) = self.flow(mapping) {
            let style = self.flow_style(mapping);
            let text = self.flow_list(from_list, added).ok_or(Obstacle::Layout)?;
            let body = format!("{}{}{text}", style.key(key), style.colon());
            let start = self.span(from_key).start;
            let at = flow.elements.iter().position(|element| element.start == start).ok_or(Obstacle::Layout)?;
            let new = NewElement { body, ..NewElement::default() };
            return self.flow_edits(&flow, &[], &[(at, new)], style).ok_or(Obstacle::Comment);
        }
        if self.is_in_flow(mapping) {
            return Err(Obstacle::Layout);
        }
        let start = self.span(from_key).start;
        let column = self.column(start);
        let text = if self.is_flow(from_list) {
            format!("{key}: {}{eol}", self.flow_list(from_list, added).ok_or(Obstacle::Layout)?)
        } else {
            let items = self.block_items(from_list).ok_or(Obstacle::Layout)?;
            let dash = items.first().map_or(column + 2, |item| self.column(item.dash));
            let gap = if self.is_airy(&items) { eol } else { "" };
            let pieces: Vec<String> = added.iter().map(|(_, piece)| piece.content.as_block(dash, eol)).collect();
            format!("{key}:{eol}{}", pieces.join(gap))
        };
        if !self.starts_line(start) {
            return Ok(vec![Edit::new(start, start, format!("{text}{:column$}", ""))]);
        }
        // Above the comments that introduce the old list.
        let mut at = self.line_start(start);
        while at > 0 && self.comment_line(self.line_start(at - 1)) == Some(column) {
            at = self.line_start(at - 1);
        }
        Ok(vec![Edit::new(at, at, format!("{:column$}{text}", ""))])
    }

    /// A flow list of entries that come from a list of the same mapping, written as that one is.
    fn flow_list(&self, from: NodeId, added: &[(Option<usize>, &Piece)]) -> Option<String> {
        let flow = self.flow(from)?;
        let style = self.flow_style(from);
        let open = self.span(from).start;
        if !flow.has_lines {
            let bodies: Option<Vec<NewElement>> =
                added.iter().map(|(_, piece)| piece.content.as_flow(self.indent(open))).collect();
            let bodies = bodies?;
            let texts: Vec<&str> = bodies.iter().map(|new| new.body.as_str()).collect();
            return Some(format!("[{}]", texts.join(style.comma())));
        }
        let (column, eol, count) = (self.flow_column(&flow), self.eol(), added.len());
        let has_last_comma = self.slice(flow.elements.last()?.end..self.end(from)).trim_start().starts_with(',');
        let mut text = format!("[{eol}");
        for (number, (_, piece)) in added.iter().enumerate() {
            let new = piece.content.as_flow(column)?;
            for comment in &new.before {
                text += &format!("{:column$}{comment}{eol}", "");
            }
            let comma = if number + 1 < count || has_last_comma { "," } else { "" };
            let behind = new.behind.map(|comment| format!(" {comment}")).unwrap_or_default();
            text += &format!("{:column$}{}{comma}{behind}{eol}", "", new.body);
        }
        Some(format!("{text}{:1$}]", "", self.indent(open)))
    }

    /// Like [`Editor::insert_lines`] for text that has the document's line breaks.
    fn insert_raw(&self, at: usize, lines: &str) -> Edit {
        if at == self.len() && at > 0 && self.byte(at - 1) != Some(b'\n') {
            let text = lines.strip_suffix(self.eol()).unwrap_or(lines);
            return Edit::new(at, at, format!("{}{text}", self.eol()));
        }
        Edit::new(at, at, lines)
    }

    /// Whether each alias still comes behind its anchor when these bytes stand in front of those places.
    fn keeps_anchors(&self, moved: &[(Bytes, usize)]) -> bool {
        let order = |at: usize| match moved.iter().position(|(bytes, _)| bytes.contains(&at)) {
            Some(index) => (moved.get(index).map_or(at, |(_, place)| *place), 0, index, at),
            None => (at, 1, 0, 0),
        };
        self.aliases().all(|(alias, target)| order(self.span(target).start) < order(self.span(alias).start))
    }
}

/// What happens to one list.
struct Change<'c> {
    mapping: NodeId,
    key: &'c str,
    layout: &'c Layout,
    removed: &'c [usize],
    /// In front of which entry, and the number of the move.
    added: &'c [(Option<usize>, usize)],
}

impl Content {
    /// Lines of a block list whose dashes stand at a column.
    fn as_block(&self, column: usize, eol: &str) -> String {
        match self {
            Self::Block(lines, from) => shifted(lines, *from, column),
            Self::Flow(new, base) => {
                let mut text = String::new();
                for comment in &new.before {
                    text += &format!("{:column$}{comment}{eol}", "");
                }
                let behind = new.behind.as_ref().map(|comment| format!(" {comment}")).unwrap_or_default();
                text + &format!("{:column$}- {}{behind}{eol}", "", shifted_tail(&new.body, *base, column + 2))
            }
        }
    }

    /// As an element of a flow list whose lines are indented by `base`; `None` for lines with a dash.
    fn as_flow(&self, base: usize) -> Option<NewElement> {
        match self {
            Self::Block(..) => None,
            Self::Flow(new, from) => Some(NewElement { body: shifted_tail(&new.body, *from, base), ..new.clone() }),
        }
    }
}

/// Moves all lines but the first.
fn shifted_tail(text: &str, from: usize, to: usize) -> String {
    match text.split_once('\n') {
        Some((first, rest)) => format!("{first}\n{}", shifted(rest, from, to)),
        None => text.to_owned(),
    }
}
