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
            let end = self.block_end(*item, column);
            let mut start = self.line_start(dash);
            while start > floor {
                let above = self.line_start(start - 1);
                if above < floor || self.comment_line(above).is_none() {
                    break;
                }
                start = above;
            }
            items.push(BlockItem { dash, lines: start..end });
        }
        Some(items)
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
    pub(super) fn lines_to_remove(&self, items: &[BlockItem], index: usize) -> Option<Bytes> {
        let Bytes { mut start, mut end } = items.get(index)?.lines.clone();
        let floor = match index.checked_sub(1).and_then(|before| items.get(before)) {
            Some(before) => before.lines.end,
            None => start,
        };
        while start > floor && self.is_blank_line(self.line_start(start - 1)) {
            start = self.line_start(start - 1);
        }
        if index == 0 && items.len() > 1 {
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
