//! Nodes, keys, entries and block scalars.

use super::super::Span;
use super::super::tree::Style;
use super::scalar::Token;
use super::{Level, MAX_KEY, MAX_LEVELS, Quick, is_blank_or_end};

impl Quick<'_> {
    /// What begins at a byte of a line: an entry, a `key: value`, or a value.
    pub(super) fn node(&mut self, start: usize, here: usize) -> Option<()> {
        let column = here - start;
        if self.is_entry(here) {
            self.open(here, column, false)?;
            return self.entry(start, here);
        }
        if matches!(self.byte(here), b'{' | b'[') {
            let end = self.flow(here)?;
            return self.end_of_line(end);
        }
        let token = self.token(here, false)?;
        if self.colon(&token).is_some() {
            self.open(here, column, true)?;
            return self.pair(token);
        }
        // A text of its own is nobody's manifest: the parser may see to it.
        if self.levels.is_empty() { None } else { self.whole_value(token) }
    }

    /// A further key of the innermost mapping, and its value.
    pub(super) fn key(&mut self, here: usize) -> Option<()> {
        let token = self.token(here, false)?;
        self.pair(token)
    }

    fn pair(&mut self, key: Token) -> Option<()> {
        let colon = self.colon(&key)?;
        self.growing.scalar(key.span, key.text, key.style);
        self.value(colon)
    }

    /// The colon that makes a scalar a key.
    fn colon(&self, token: &Token) -> Option<usize> {
        let at = self.behind_spaces(token.span.end as usize);
        let is_key = self.byte(at) == b':' && is_blank_or_end(self.byte(at + 1));
        (is_key && at - token.span.start as usize <= MAX_KEY).then_some(at)
    }

    /// An entry of the innermost list, whose `-` stands at a byte.
    pub(super) fn entry(&mut self, start: usize, dash: usize) -> Option<()> {
        let at = self.behind_dash(dash);
        match self.byte(at) {
            b'\n' | 0 => {
                self.levels.last_mut()?.waits = Some(at);
                self.end_of_line(at)
            }
            b'\t' | b'#' => None,
            b'|' | b'>' => self.block_scalar(at),
            _ => self.node(start, at),
        }
    }

    /// Where what follows a `-` begins.
    pub(super) fn behind_dash(&self, dash: usize) -> usize {
        self.behind_spaces(dash + 1)
    }

    /// The value behind a colon, in the same line or in the next ones.
    fn value(&mut self, colon: usize) -> Option<()> {
        let at = self.behind_spaces(colon + 1);
        match self.byte(at) {
            b'\n' | b'#' | 0 => {
                self.levels.last_mut()?.waits = Some(colon);
                self.end_of_line(colon + 1)
            }
            b'\t' => None,
            b'|' | b'>' => self.block_scalar(at),
            b'{' | b'[' => {
                let end = self.flow(at)?;
                self.end_of_line(end)
            }
            b'-' if self.is_entry(at) => None,
            _ => {
                let token = self.token(at, false)?;
                self.whole_value(token)
            }
        }
    }

    /// A scalar with nothing but a comment behind it.
    fn whole_value(&mut self, token: Token) -> Option<()> {
        self.end_of_line(token.span.end as usize)?;
        self.growing.scalar(token.span, token.text, token.style);
        Some(())
    }

    /// Opens a block collection: where it starts is known, how far it goes is not.
    pub(super) fn open(&mut self, at: usize, column: usize, is_mapping: bool) -> Option<()> {
        self.growing.open(Span::new(at, at), is_mapping);
        self.levels.push(Level { column, is_mapping, is_flush: false, waits: None });
        (self.levels.len() < MAX_LEVELS).then_some(())
    }

    /// A text that keeps its lines (`|`) or joins them (`>`), whose sign stands at a byte.
    fn block_scalar(&mut self, sign: usize) -> Option<()> {
        let is_literal = self.byte(sign) == b'|';
        let chomping = self.byte(sign + 1);
        self.end_of_line(if matches!(chomping, b'+' | b'-') { sign + 2 } else { sign + 1 })?;
        let around = self.levels.last()?.column;
        let (mut breaks, mut widest) = (0, 0);
        // The first line that is not blank sets the indentation.
        let (start, indentation) = loop {
            let here = self.behind_spaces(self.at);
            let width = here - self.at;
            match self.byte(here) {
                b'\n' => {
                    breaks += 1;
                    widest = widest.max(width);
                    self.at = here + 1;
                }
                b'\t' | 0 => return None,
                _ if width <= around || width < widest => return None,
                _ => break (here, width),
            }
        };
        let mut text = String::new();
        let (mut is_first, mut was_blank) = (true, false);
        let mut at = start;
        let end = loop {
            // At the first character of a line of the text.
            let is_blank = matches!(self.byte(at), b' ' | b'\t');
            let joins = !is_literal && !is_first && !was_blank && !is_blank;
            if joins && breaks == 0 {
                text.push(' ');
            } else if !is_first && !joins {
                text.push('\n');
            }
            text.extend(std::iter::repeat_n('\n', breaks));
            breaks = 0;
            (is_first, was_blank) = (false, is_blank);
            let line_end = self.line_end(at);
            text.push_str(self.text.get(at..line_end)?);
            self.at = (line_end + 1).min(self.text.len());
            at = loop {
                let here = self.behind_spaces(self.at).min(self.at + indentation);
                if self.byte(here) != b'\n' {
                    break here;
                }
                breaks += 1;
                self.at = here + 1;
            };
            if at - self.at < indentation || at == self.text.len() {
                break at;
            }
        };
        // A last line without a break counts as if it had one.
        if chomping != b'-' {
            text.push('\n');
        }
        if chomping == b'+' {
            text.extend(std::iter::repeat_n('\n', breaks));
        }
        let span = Span::new(start, end);
        let text = if span.slice(self.text) == text { None } else { Some(text.into_boxed_str()) };
        self.growing.scalar(span, text, if is_literal { Style::Literal } else { Style::Folded });
        Some(())
    }
}
