//! Scalars in one line: plain ones, and those in quotes.

use super::super::Span;
use super::super::tree::Style;
use super::{Quick, is_blank_or_end};

/// A scalar that was found.
pub(super) struct Token {
    pub(super) span: Span,
    /// See [`super::super::tree::Node::Scalar`].
    pub(super) text: Option<Box<str>>,
    pub(super) style: Style,
}

impl Quick<'_> {
    /// The scalar that begins at a byte.
    pub(super) fn token(&self, at: usize, is_in_flow: bool) -> Option<Token> {
        let next = self.byte(at + 1);
        match self.byte(at) {
            b'"' => self.double_quoted(at),
            b'\'' => self.single_quoted(at),
            0 | b'\n' | b'\t' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@' | b'`' | b',' | b'[' | b']'
            | b'{' | b'}' => None,
            b'-' | b'?' | b':' if is_blank_or_end(next) => None,
            b'-' | b'?' | b':' if is_in_flow && (is_flow_sign(next) || self.byte(at) != b'-') => None,
            _ => self.plain(at, is_in_flow),
        }
    }

    fn plain(&self, start: usize, is_in_flow: bool) -> Option<Token> {
        let bytes = self.text.as_bytes();
        let mut at = start;
        let end = loop {
            let rest = bytes.get(at..).unwrap_or_default();
            at += rest.iter().position(|byte| may_end_plain(*byte)).unwrap_or(rest.len());
            let is_end = match self.byte(at) {
                b'\n' | 0 => true,
                b'\t' => return None,
                b':' => is_blank_or_end(self.byte(at + 1)) || (is_in_flow && is_flow_sign(self.byte(at + 1))),
                b'#' => self.byte(at - 1) == b' ',
                _ => is_in_flow,
            };
            if is_end {
                break at;
            }
            at += 1;
        };
        let spaces = bytes.get(start..end)?.iter().rev().take_while(|byte| **byte == b' ').count();
        Some(Token { span: Span::new(start, end - spaces), text: None, style: Style::Plain })
    }

    fn single_quoted(&self, start: usize) -> Option<Token> {
        let inside = start + 1;
        let mut at = inside;
        let mut has_quotes = false;
        loop {
            match self.byte(at) {
                b'\'' if self.byte(at + 1) == b'\'' => {
                    has_quotes = true;
                    at += 2;
                }
                b'\'' => break,
                b'\n' | 0 => return None,
                _ => at += 1,
            }
        }
        let text = self.text.get(inside..at)?;
        let text = if has_quotes { text.replace("''", "'").into_boxed_str() } else { text.into() };
        Some(Token { span: Span::new(start, at + 1), text: Some(text), style: Style::Quoted })
    }

    fn double_quoted(&self, start: usize) -> Option<Token> {
        let inside = start + 1;
        let rest = self.text.as_bytes().get(inside..)?;
        let mut at = inside + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | b'\n'))?;
        let mut text = String::new();
        let mut from = inside;
        loop {
            match self.byte(at) {
                b'"' => break,
                b'\\' => {
                    text.push_str(self.text.get(from..at)?);
                    text.push(match self.byte(at + 1) {
                        b'n' => '\n',
                        b't' => '\t',
                        b'r' => '\r',
                        same @ (b'"' | b'\\' | b'/') => char::from(same),
                        _ => return None,
                    });
                    at += 2;
                    from = at;
                }
                b'\n' | 0 => return None,
                _ => at += 1,
            }
        }
        let last = self.text.get(from..at)?;
        let text = if from == inside { last.into() } else { (text + last).into_boxed_str() };
        Some(Token { span: Span::new(start, at + 1), text: Some(text), style: Style::Quoted })
    }
}

/// Whether a plain scalar may end in front of a byte; what stands around it decides.
fn may_end_plain(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\t' | b':' | b'#' | b',' | b'[' | b']' | b'{' | b'}')
}

fn is_flow_sign(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}
