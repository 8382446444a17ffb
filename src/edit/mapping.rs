//! Keys and values: set, insert, remove, rename.

use super::Edit;
use super::flow::{Flow, NewElement};
use super::layout::{Bytes, Editor};
use super::yaml::{Yaml, in_style_of, plain_or_quoted, quoted};
use crate::source::{Node, NodeId, Style};

impl Editor<'_> {
    /// Gives a node another value. A quoted text stays quoted. Comments inside of the old value are refused, for there is
    /// no place for them.
    #[must_use]
    pub fn set_value(&self, node: NodeId, value: &Yaml) -> Option<Vec<Edit>> {
        let old = self.node(node)?;
        let span = self.span(node);
        let in_flow = self.is_in_flow(node);
        let is_null = span.is_empty();
        let end = if is_null { span.end } else { self.end(node) };
        if !self.comments_within(span.start..end).is_empty() || self.is_needed(span.start..end) {
            return None;
        }
        if is_null || (value.has_parts() && !in_flow) {
            return self.set_behind_key(node, value, in_flow);
        }
        let text = match (old, value.has_parts()) {
            (Node::Scalar { style: Style::Plain | Style::Quoted, .. }, false) => {
                let style = if let Node::Scalar { style, .. } = old { *style } else { Style::Plain };
                in_style_of(value, self.slice(span.clone()), style, in_flow)
            }
            (Node::Alias(_), false) => in_style_of(value, "", Style::Plain, in_flow),
            (Node::Mapping(_) | Node::Sequence(_), _) if self.is_flow(node) => self.in_flow(node, value, span.start),
            _ if in_flow => self.in_flow(node, value, span.start),
            _ => return self.set_behind_key(node, value, in_flow),
        };
        Some(self.absolute(vec![Edit::new(span.start, end, text)]))
    }

    /// Replaces all that stands behind the key of a node.
    fn set_behind_key(&self, node: NodeId, value: &Yaml, in_flow: bool) -> Option<Vec<Edit>> {
        let tree = &self.document.tree;
        let key = tree.key(node)?;
        let colon = self.next_solid(self.end(key), self.len())?;
        if self.byte(colon) != Some(b':') {
            return None;
        }
        let end = self.end(node).max(colon + 1);
        if in_flow {
            let text = self.in_flow(node, value, colon);
            return Some(self.absolute(vec![Edit::new(colon + 1, end, format!(" {text}"))]));
        }
        if !self.comments_within(colon..end).is_empty() {
            return None;
        }
        let mut text = String::new();
        value.behind_key(&mut text, self.column(self.span(key).start), self.list_offset());
        let mut text = self.with_eol(&text);
        // A comment at the end of the line stays on the line of the key.
        let rest = self.slice(end..self.line_end(end)).to_owned();
        let stop = self.line_end(end);
        text.truncate(text.trim_end_matches(['\n', '\r']).len());
        if let Some(at) = text.find('\n') {
            let at = if text.get(..at).is_some_and(|head| head.ends_with('\r')) { at - 1 } else { at };
            text.insert_str(at, &rest);
        } else {
            text += &rest;
        }
        Some(self.absolute(vec![Edit::new(colon + 1, stop, text)]))
    }

    /// Puts a new key behind the first of the keys in `after` that the mapping has, else behind all others. `None` when
    /// the mapping has the key already, or is the place of an alias.
    #[must_use]
    pub fn insert_key(&self, mapping: NodeId, key: &str, value: &Yaml, after: &[&str]) -> Option<Vec<Edit>> {
        self.change_keys(mapping, &[], &[(key, value, after)])
    }

    /// Takes keys away and puts new ones in, each behind the first of some keys that the mapping has. In flow style this
    /// is more than one after the other, because they share commas.
    #[must_use]
    pub fn change_keys(
        &self,
        mapping: NodeId,
        removed: &[&str],
        added: &[(&str, &Yaml, &[&str])],
    ) -> Option<Vec<Edit>> {
        if !matches!(self.node(mapping)?, Node::Mapping(_)) {
            return None;
        }
        let pairs: Vec<(NodeId, NodeId)> = self.pairs(mapping).collect();
        let place = |key: &str| pairs.iter().rposition(|(own, _)| self.document.value(*own).text() == Some(key));
        if added.iter().any(|(key, ..)| place(key).is_some() && !removed.contains(key)) {
            return None;
        }
        if self.is_flow(mapping) {
            return self.change_flow_keys(mapping, removed, added, &place).map(|edits| self.absolute(edits));
        }
        let (first, _) = pairs.first()?;
        let column = self.column(self.span(*first).start);
        if self.is_in_flow(mapping) || self.slice(self.span(*first)).starts_with('?') {
            return None;
        }
        if !removed.is_empty() && added.is_empty() && removed.len() >= pairs.len() && pairs.len() > 1 {
            return None;
        }
        let mut edits = Vec::new();
        for key in removed {
            edits.extend(self.cut_entry(mapping, key, &[])?);
        }
        for (key, value, after) in added {
            let behind = after.iter().find_map(|after| place(after)).unwrap_or(pairs.len() - 1);
            let (own, last) = pairs.get(behind)?;
            let mut text = format!("{:column$}{}:", "", plain_or_quoted(key, false));
            value.behind_key(&mut text, column, self.list_offset());
            let at = self.block_end(*last, column).max(self.next_line(self.end(*own)));
            edits.push(self.insert_lines(at, &text));
        }
        Some(self.absolute(edits))
    }

    fn change_flow_keys(
        &self,
        mapping: NodeId,
        removed: &[&str],
        added: &[(&str, &Yaml, &[&str])],
        place: &dyn Fn(&str) -> Option<usize>,
    ) -> Option<Vec<Edit>> {
        let flow = self.flow(mapping)?;
        let style = self.flow_style(mapping);
        let column = flow.has_lines.then(|| self.flow_column(&flow));
        let step = column.map(|column| column.saturating_sub(self.indent(self.span(mapping).start)).max(1));
        let mut new = Vec::new();
        for (key, value, after) in added {
            // Where entries have lines, the parts of a long value have lines too.
            let lines = column.zip(step).filter(|_| value.has_parts());
            let body = format!("{}{}{}", style.key(key), style.colon(), value.flow_lines(style, lines));
            let at = after.iter().find_map(|after| place(after)).map_or(flow.elements.len(), |behind| behind + 1);
            new.push((at, NewElement { body: self.with_eol(&body), ..NewElement::default() }));
        }
        new.sort_by_key(|(at, _)| *at);
        let gone: Option<Vec<usize>> = removed.iter().map(|key| place(key)).collect();
        let gone = gone?;
        for element in gone.iter().filter_map(|index| flow.elements.get(*index)) {
            let bytes = element.start..element.end;
            if self.is_needed(bytes.clone()) || !self.comments_within(bytes).is_empty() {
                return None;
            }
        }
        let mut edits = self.flow_edits(&flow, &gone, &new, style)?;
        self.keep_comments(&flow, &mut edits, &|_| false);
        Some(edits)
    }

    /// Lines of a flow collection that are taken away leave their comments behind.
    fn keep_comments(&self, flow: &Flow, edits: &mut [Edit], is_moved: &dyn Fn(usize) -> bool) {
        for edit in edits.iter_mut().filter(|_| flow.has_lines) {
            let bytes = edit.span.start as usize..edit.span.end as usize;
            let column = self.indent(bytes.start);
            for comment in self.comments_within(bytes).iter().filter(|span| !is_moved(span.start as usize)) {
                edit.text += &format!("{:column$}{}{}", "", comment.slice(&self.document.text), self.eol());
            }
        }
    }

    /// Takes a key and its value away. Comments that stand inside stay behind, as lines of their own.
    #[must_use]
    pub fn remove_entry(&self, mapping: NodeId, key: &str) -> Option<Vec<Edit>> {
        self.cut_entry(mapping, key, &[]).map(|edits| self.absolute(edits))
    }

    /// Like [`Editor::remove_entry`], in bytes of the document; what stands in `moved` goes elsewhere, and so do its
    /// comments and anchors.
    pub(super) fn cut_entry(&self, mapping: NodeId, key: &str, moved: &[Bytes]) -> Option<Vec<Edit>> {
        let pairs: Vec<(NodeId, NodeId)> = self.pairs(mapping).collect();
        let index = pairs.iter().rposition(|(own, _)| self.document.value(*own).text() == Some(key))?;
        let is_moved = |at: usize| moved.iter().any(|bytes| bytes.contains(&at));
        let staying = |bytes: Bytes| -> Vec<&str> {
            let spans = self.comments_within(bytes).iter().filter(|span| !is_moved(span.start as usize));
            spans.map(|span| span.slice(&self.document.text)).collect()
        };
        if let Some(flow) = self.flow(mapping) {
            let element = flow.elements.get(index)?;
            let bytes = element.start..element.end;
            if (moved.is_empty() && self.is_needed(bytes.clone())) || !staying(bytes).is_empty() {
                return None;
            }
            let mut edits = self.flow_edits(&flow, &[index], &[], self.flow_style(mapping))?;
            self.keep_comments(&flow, &mut edits, &is_moved);
            return Some(edits);
        }
        let (own, value) = pairs.get(index)?;
        let start = self.span(*own).start;
        let column = self.column(start);
        let end = self.end(*value).max(self.end(*own));
        let stop = if end > 0 && self.byte(end - 1) == Some(b'\n') { end } else { self.next_line(end) };
        let stop = moved
            .iter()
            .filter(|bytes| bytes.start >= start && bytes.start < stop)
            .map(|bytes| bytes.end)
            .fold(stop, usize::max);
        if self.is_in_flow(mapping) || (moved.is_empty() && self.is_needed(start..stop)) {
            return None;
        }
        let eol = self.eol();
        let lines: String =
            staying(start..stop).into_iter().map(|comment| format!("{:column$}{comment}{eol}", "")).collect();
        if pairs.len() == 1 {
            return Some(vec![Edit::new(start, stop, format!("{{}}{eol}{lines}"))]);
        }
        if self.starts_line(start) {
            return Some(vec![Edit::new(self.line_start(start), stop, lines)]);
        }
        // The first key of an item stands behind its dash: the next one takes its place.
        let (next, _) = pairs.get(index + 1)?;
        let next = self.span(*next).start;
        let between = self.slice(stop.min(self.line_start(next))..self.line_start(next));
        let text = format!("{lines}{between}");
        let text = if text.trim().is_empty() { String::new() } else { format!("{}{:column$}", text.trim_start(), "") };
        Some(vec![Edit::new(start, next, text)])
    }

    /// Gives a key another name, in the same quotes.
    #[must_use]
    pub fn rename_key(&self, mapping: NodeId, key: &str, name: &str) -> Option<Vec<Edit>> {
        let (own, _) = self.pair(mapping, key)?;
        if self.pair(mapping, name).is_some() {
            return None;
        }
        let span = self.span(own);
        let old = self.slice(span.clone());
        let text = match old.as_bytes().first()? {
            b'"' => quoted(name),
            b'\'' => format!("'{}'", name.replace('\'', "''")),
            _ => plain_or_quoted(name, self.is_in_flow(mapping)),
        };
        Some(self.absolute(vec![Edit::new(span.start, span.end, text)]))
    }

    /// Lines that go in front of the line at `at`, or behind the last one.
    pub(super) fn insert_lines(&self, at: usize, lines: &str) -> Edit {
        let lines = self.with_eol(lines);
        let is_behind_unfinished_line = at == self.len() && at > 0 && self.byte(at - 1) != Some(b'\n');
        if is_behind_unfinished_line {
            let text = lines.strip_suffix(self.eol()).unwrap_or(&lines);
            return Edit::new(at, at, format!("{}{text}", self.eol()));
        }
        Edit::new(at, at, lines)
    }

    /// How much further in than their key the lists of this document start, where it shows.
    pub(super) fn list_offset(&self) -> usize {
        let tree = &self.document.tree;
        let offset = |id: NodeId| {
            let key = tree.key(id).filter(|_| !self.is_flow(id))?;
            let first = self.block_items(id)?.first()?.dash;
            Some(self.column(first).saturating_sub(self.column(self.span(key).start)))
        };
        let is_list = |id: &NodeId| matches!(tree.node(*id), Some(Node::Sequence(_)));
        tree.ids().filter(is_list).find_map(offset).unwrap_or(2)
    }

    /// A new value where the flow value of `node` stands.
    fn in_flow(&self, node: NodeId, value: &Yaml, at: usize) -> String {
        let style = self.flow_style(node);
        let is_long = self.flow(node).is_some_and(|flow| flow.has_lines);
        let step = self.flow(node).map_or(2, |flow| self.flow_column(&flow).saturating_sub(self.indent(at)).max(1));
        self.with_eol(&value.flow_lines(style, is_long.then(|| (self.indent(at), step))))
    }

    /// Whether an alias outside of these bytes refers to an anchor inside.
    pub(super) fn is_needed(&self, bytes: Bytes) -> bool {
        self.aliases()
            .any(|(alias, target)| !bytes.contains(&self.span(alias).start) && bytes.contains(&self.span(target).start))
    }

    /// Each alias with the node that it refers to.
    pub(super) fn aliases(&self) -> impl Iterator<Item = (NodeId, NodeId)> {
        let tree = &self.document.tree;
        // Most texts have none, and large ones have many nodes.
        let ids = self.text.contains('*').then(|| tree.ids()).into_iter().flatten();
        ids.filter_map(|id| match tree.node(id) {
            Some(Node::Alias(Some(target))) => Some((id, *target)),
            _ => None,
        })
    }

    fn with_eol(&self, text: &str) -> String {
        if self.eol() == "\n" { text.to_owned() } else { text.replace('\n', "\r\n") }
    }

    pub(super) fn absolute(&self, edits: Vec<Edit>) -> Vec<Edit> {
        let shift = |edit: Edit| Edit { span: edit.span.shifted(self.document.start), ..edit };
        edits.into_iter().map(shift).collect()
    }
}
