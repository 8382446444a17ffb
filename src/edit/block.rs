//! Block lists: where each item begins and ends with the comments that belong to it.

use super::layout::{Bytes, Editor};
use crate::source::{Node, NodeId};

/// An item of a block list.
#[derive(Clone, Debug)]
pub(super) struct BlockItem {
    /// Where its dash stands.
    pub(super) dash: usize,
    /// Its lines: from the comments directly above it to the deeper comments below it.
    pub(super) lines: Bytes,
}

impl Editor<'_> {
    /// The items of a block list; `None` when one of them shares its first line with something else.
    pub(super) fn block_items(&self, list: NodeId) -> Option<Vec<BlockItem>> {
        if !matches!(self.node(list), Some(Node::Sequence(_))) || self.is_in_flow(list) {
            return None;
        }
        let mut items: Vec<BlockItem> = Vec::new();
        for item in self.children(list) {
            let floor = match items.last() {
                Some(before) => before.lines.end,
                None => self.boundary(list)?,
            };
            let dash = self.dash(floor)?;
            if !self.starts_line(dash) {
                return None;
            }
            let column = self.column(dash);
            let mut end = self.block_end(*item, column);
            let mut start = self.above(self.line_start(dash), floor, |line| self.comment_line(line).is_some());
            // An `if` around nothing but this item belongs to it.
            while self.document.is_template
                && start > floor
                && let above = self.line_start(start - 1)
                && above >= floor
                && self.template_word(above).is_some_and(|word| matches!(word, "if" | "with" | "range"))
                && self.template_word(end) == Some("end")
            {
                start = self.above(above, floor, |line| self.comment_line(line).is_some());
                end = self.next_line(end);
            }
            items.push(BlockItem { dash, lines: start..end });
        }
        Some(items)
    }

    /// The start of the lines of a kind that stand directly above a line, none of them before `floor`.
    fn above(&self, mut start: usize, floor: usize, is_kind: impl Fn(usize) -> bool) -> usize {
        while start > floor {
            let line = self.line_start(start - 1);
            if line < floor || !is_kind(line) {
                break;
            }
            start = line;
        }
        start
    }

    /// The first word of a line that is nothing but one part of a template.
    fn template_word(&self, start: usize) -> Option<&str> {
        let line = self.slice(start..self.line_end(start)).trim();
        let inside = line.strip_prefix("{{")?.strip_suffix("}}")?;
        let words = inside.trim_start_matches('-').trim_start();
        (!inside.contains("}}")).then(|| words.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default())
    }

    /// The byte behind whatever stands in front of a list.
    fn boundary(&self, list: NodeId) -> Option<usize> {
        let tree = &self.document.tree;
        if let Some(key) = tree.key(list) {
            let at = self.next_solid(self.end(key), self.len())?;
            return (self.byte(at) == Some(b':')).then_some(at + 1);
        }
        match tree.parent(list) {
            // A list in a list shares its first line with the dash of the other one.
            Some(_) => None,
            None => {
                let marker = self.next_solid(0, self.len())?;
                let has_marker = self.text.get(marker..).is_some_and(|rest| rest.starts_with("---"));
                Some(if has_marker { marker + 3 } else { 0 })
            }
        }
    }

    /// The dash that comes next, behind an anchor or a tag of the list.
    fn dash(&self, from: usize) -> Option<usize> {
        let is_end = |byte: Option<u8>| matches!(byte, None | Some(b' ' | b'\n' | b'\r' | b'\t'));
        let mut at = self.next_solid(from, self.len())?;
        while matches!(self.byte(at), Some(b'&' | b'!')) {
            while !is_end(self.byte(at)) {
                at += 1;
            }
            at = self.next_solid(at, self.len())?;
        }
        (self.byte(at) == Some(b'-') && is_end(self.byte(at + 1))).then_some(at)
    }

    /// The lines of an item and the blank lines that go when it goes.
    pub(super) fn lines_to_remove(&self, items: &[BlockItem], removed: &[usize], index: usize) -> Option<Bytes> {
        let Bytes { mut start, mut end } = items.get(index)?.lines.clone();
        let floor = match index.checked_sub(1).and_then(|before| items.get(before)) {
            Some(before) => before.lines.end,
            None => start,
        };
        while start > floor && self.is_blank_line(self.line_start(start - 1)) {
            start = self.line_start(start - 1);
        }
        // The first one that stays needs no blank line in front of it.
        if (0..=index).all(|before| removed.contains(&before)) && index + 1 < items.len() {
            while self.is_blank_line(end) {
                end = self.next_line(end);
            }
        }
        Some(start..end)
    }

    /// Whether the items of a list are parted by blank lines.
    pub(super) fn is_airy(&self, items: &[BlockItem]) -> bool {
        items.len() > 1
            && items.iter().skip(1).all(|item| {
                let start = item.lines.start;
                start > 0 && self.is_blank_line(self.line_start(start - 1))
            })
    }
}

/// Moves lines to the right or to the left. Lines that have too few spaces for that keep none.
pub(super) fn shifted(text: &str, from: usize, to: usize) -> String {
    if from == to {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if line.trim_end_matches(['\n', '\r']).is_empty() {
            out.push_str(line);
        } else if to > from {
            out.extend(std::iter::repeat_n(' ', to - from));
            out.push_str(line);
        } else {
            let spaces = line.len() - line.trim_start_matches(' ').len();
            out.push_str(line.get(spaces.min(from - to)..).unwrap_or_default());
        }
    }
    out
}
