//! The quick way to read what nearly all manifests are made of: block mappings and lists, scalars, JSON.
//!
//! It gives exactly the tree that the YAML parser gives, or nothing: whatever it does not know (anchors, tags, directives,
//! complex keys, values over several lines, tabs, and everything that is wrong) is left to the parser, a document as a
//! whole. So it needs no errors of its own, and is several times as fast.
//!
//! It goes line by line. What a line belongs to is told by its column and by the [`Level`]s that are open.

mod block;
mod flow;
mod scalar;

use super::grow::{Growing, Grown};

/// Deepest nesting that is read here, far below [`super::MAX_DEPTH`].
const MAX_LEVELS: usize = 60;

/// Longest key that is read here; YAML sets a limit of 1024 characters.
const MAX_KEY: usize = 1000;

/// Reads a document that has nothing unusual in it.
pub(super) fn read(text: &str) -> Option<Grown> {
    if has_odd_characters(text) {
        return None;
    }
    let mut quick = Quick { text, at: 0, growing: Growing::new(text), levels: Vec::new(), has_root: false };
    quick.document()?;
    Some(quick.growing.finish())
}

struct Quick<'t> {
    text: &'t str,
    /// The next byte to be read.
    at: usize,
    growing: Growing<'t>,
    /// Block collections that are open, the innermost last.
    levels: Vec<Level>,
    has_root: bool,
}

/// A block collection that is open.
struct Level {
    column: usize,
    is_mapping: bool,
    /// Whether it is a list in the same column as the mapping that holds it.
    is_flush: bool,
    /// Its last key or `-` has no value yet: where a null stands if none follows.
    waits: Option<usize>,
}

impl Quick<'_> {
    fn document(&mut self) -> Option<()> {
        let mut has_marker = false;
        loop {
            let start = self.at;
            let here = self.behind_spaces(start);
            match self.byte(here) {
                0 => break,
                b'\n' => self.at = here + 1,
                b'#' => self.at = self.next_line(here),
                b'\t' => return None,
                b'-' if here == start && self.is_marker(start, "---") => {
                    if has_marker || self.has_root {
                        return None;
                    }
                    has_marker = true;
                    self.end_of_line(start + 3)?;
                }
                b'.' if here == start && self.is_marker(start, "...") => return None,
                b'%' if here == start => return None,
                _ => self.line(start, here)?,
            }
        }
        while let Some(level) = self.levels.pop() {
            level.waits.into_iter().for_each(|waits| self.growing.null(waits));
            self.growing.close(None);
        }
        self.has_root.then_some(())
    }

    /// A line that starts at a byte and has its first character at another.
    fn line(&mut self, start: usize, here: usize) -> Option<()> {
        let column = here - start;
        let is_entry = self.is_entry(here);
        if !self.has_root {
            self.has_root = true;
            return self.node(start, here);
        }
        loop {
            let level = self.levels.last_mut()?;
            if let Some(waits) = level.waits.take() {
                if column > level.column {
                    return self.node(start, here);
                }
                if column == level.column && level.is_mapping && is_entry {
                    // The parser, too, lets such a list begin with its first entry, not with the `-`.
                    let first = self.behind_dash(here);
                    self.open(first, column, false)?;
                    self.levels.last_mut()?.is_flush = true;
                    return self.entry(start, here);
                }
                self.growing.null(waits);
                continue;
            }
            if column > level.column {
                return None;
            }
            if column == level.column {
                match (level.is_mapping, is_entry) {
                    (true, false) => return self.key(here),
                    (false, true) => return self.entry(start, here),
                    (false, false) if level.is_flush => {}
                    _ => return None,
                }
            }
            self.growing.close(None);
            self.levels.pop();
        }
    }

    /// The byte at a place; 0 behind the end. A text with a real one is not read here.
    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    /// Whether what stands at a byte is the `-` of an entry.
    fn is_entry(&self, at: usize) -> bool {
        self.byte(at) == b'-' && is_blank_or_end(self.byte(at + 1))
    }

    fn is_marker(&self, at: usize, marker: &str) -> bool {
        self.text.get(at..).is_some_and(|rest| rest.starts_with(marker)) && is_blank_or_end(self.byte(at + 3))
    }

    fn behind_spaces(&self, at: usize) -> usize {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        at + rest.iter().position(|byte| *byte != b' ').unwrap_or(rest.len())
    }

    /// The start of the line behind the one that holds a byte.
    fn next_line(&self, at: usize) -> usize {
        (self.line_end(at) + 1).min(self.text.len())
    }

    /// The line break of the line that holds a byte, or the end of the text.
    fn line_end(&self, at: usize) -> usize {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
    }

    /// Goes to the next line, when nothing but a comment stands in between.
    fn end_of_line(&mut self, from: usize) -> Option<()> {
        let at = self.behind_spaces(from);
        match self.byte(at) {
            b'\n' => self.at = at + 1,
            0 => self.at = at,
            b'#' if at > from => self.at = self.next_line(at),
            _ => return None,
        }
        Some(())
    }
}

fn is_blank_or_end(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | 0)
}

/// Whether a text has characters that YAML does not allow, or line breaks other than `\n`.
fn has_odd_characters(text: &str) -> bool {
    let is_odd = |byte: u8| (byte < b' ' && byte != b'\n' && byte != b'\t') || byte == 0x7f;
    // Without an early end, so that a compiler can look at many bytes at once.
    let (is_any_odd, is_ascii) =
        text.bytes().fold((false, true), |(odd, ascii), byte| (odd | is_odd(byte), ascii & byte.is_ascii()));
    let is_odd_character = |c| matches!(c, '\u{80}'..='\u{9f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    is_any_odd || (!is_ascii && text.contains(is_odd_character))
}
