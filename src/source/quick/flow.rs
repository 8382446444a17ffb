//! Collections in brackets, as in JSON, over as many lines as they like.

use super::super::Span;
use super::{MAX_KEY, MAX_LEVELS, Quick, is_blank_or_end};

impl Quick<'_> {
    /// A collection whose bracket stands at a byte; gives the byte behind its end.
    pub(super) fn flow(&mut self, bracket: usize) -> Option<usize> {
        let mut depth = 0;
        let mut at = bracket;
        loop {
            if matches!(self.byte(at), b'{' | b'[') {
                depth += 1;
                if depth + self.levels.len() > MAX_LEVELS {
                    return None;
                }
                self.growing.open(Span::new(at, at + 1), self.byte(at) == b'{');
                at = self.behind_white_space(at + 1)?;
            } else {
                let token = self.token(at, true)?;
                at = self.separator(token.span.end as usize)?;
                self.growing.scalar(token.span, token.text, token.style);
            }
            while self.byte(at) == if self.growing.is_in_mapping() { b'}' } else { b']' } {
                at += 1;
                self.growing.close(u32::try_from(at).ok());
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
                at = self.separator(at)?;
            }
            if self.growing.is_in_mapping() {
                at = self.flow_key(at)?;
            }
        }
    }

    /// A key; gives the byte at which its value begins.
    fn flow_key(&mut self, at: usize) -> Option<usize> {
        let token = self.token(at, true)?;
        let end = token.span.end as usize;
        let colon = self.behind_spaces(end);
        // JSON needs no space behind the colon, when the colon directly follows the quote.
        let is_json = token.text.is_some() && colon == end;
        let is_key = self.byte(colon) == b':' && (is_json || is_blank_or_end(self.byte(colon + 1)));
        if !is_key || colon - at > MAX_KEY {
            return None;
        }
        self.growing.scalar(token.span, token.text, token.style);
        self.behind_white_space(colon + 1)
    }

    /// Behind the comma that separates what ended at a byte from what follows, or at a closing bracket.
    fn separator(&self, end: usize) -> Option<usize> {
        let at = self.behind_white_space(end)?;
        match self.byte(at) {
            b',' => self.behind_white_space(at + 1),
            b']' | b'}' => Some(at),
            _ => None,
        }
    }

    fn behind_white_space(&self, at: usize) -> Option<usize> {
        let rest = self.text.as_bytes().get(at..)?;
        let at = at + rest.iter().position(|byte| !matches!(byte, b' ' | b'\n'))?;
        (!matches!(self.byte(at), b'\t' | b'#')).then_some(at)
    }
}
