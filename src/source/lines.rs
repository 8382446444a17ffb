//! Bytes ↔ lines, columns and UTF-16 units. The only place where the three are converted.

use serde::Serialize;

/// A position for people: both counted from 1, the column in Unicode characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Character in the line, from 1.
    pub column: u32,
}

/// Where the lines of a text start.
#[derive(Clone, Debug)]
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<u32>,
    /// UTF-16 offset of each line start; absent while the text is ASCII and both are the same.
    utf16: Option<Vec<u32>>,
}

impl<'t> Lines<'t> {
    /// Finds the lines of `text`.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts: Vec<u32> = std::iter::once(0).chain(newlines.map(|(at, _)| narrow(at + 1))).collect();
        let utf16 = (!text.is_ascii()).then(|| {
            let mut total = 0;
            let lengths = text.split_inclusive('\n').map(|line| {
                total += narrow(line.encode_utf16().count());
                total
            });
            std::iter::once(0).chain(lengths).collect()
        });
        Self { text, starts, utf16 }
    }

    /// How many lines there are, at least one.
    #[must_use]
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// Line and column of a byte; the end of the text for bytes beyond it.
    #[must_use]
    pub fn position(&self, byte: u32) -> Position {
        let (index, before) = self.line_before(byte);
        Position { line: narrow(index + 1), column: narrow(before.chars().count() + 1) }
    }

    /// UTF-16 units in front of a byte.
    #[must_use]
    pub fn utf16(&self, byte: u32) -> u32 {
        let Some(starts) = &self.utf16 else { return byte.min(narrow(self.text.len())) };
        let (index, before) = self.line_before(byte);
        starts.get(index).copied().unwrap_or_default() + narrow(before.encode_utf16().count())
    }

    /// The byte in front of which `units` UTF-16 units stand.
    #[must_use]
    pub fn byte_of_utf16(&self, units: u32) -> u32 {
        let Some(starts) = &self.utf16 else { return units.min(narrow(self.text.len())) };
        let index = starts.partition_point(|start| *start <= units).saturating_sub(1).min(self.starts.len() - 1);
        let start = self.starts.get(index).copied().unwrap_or_default();
        let mut left = units.saturating_sub(starts.get(index).copied().unwrap_or_default());
        let mut byte = start;
        for character in self.text.get(start as usize..).unwrap_or_default().chars() {
            let width = narrow(character.len_utf16());
            if left < width {
                break;
            }
            left -= width;
            byte += narrow(character.len_utf8());
        }
        byte
    }

    /// The text of a line counted from 1, without its line break.
    #[must_use]
    pub fn line(&self, line: u32) -> &'t str {
        let index = line.saturating_sub(1) as usize;
        let Some(start) = self.starts.get(index) else { return "" };
        let end = self.starts.get(index + 1).map_or(self.text.len(), |next| *next as usize);
        self.text.get(*start as usize..end).unwrap_or_default().trim_end_matches(['\n', '\r'])
    }

    fn line_before(&self, byte: u32) -> (usize, &'t str) {
        let mut byte = (byte as usize).min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let index = self.starts.partition_point(|start| *start as usize <= byte).saturating_sub(1);
        let start = self.starts.get(index).copied().unwrap_or_default() as usize;
        (index, self.text.get(start..byte).unwrap_or_default())
    }
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Lines, Position};

    #[test]
    fn columns_count_characters_and_offsets_count_utf16_units() {
        let text = "a: 1\nb: \"😀é\" # x\n";
        let lines = Lines::new(text);
        let hash = u32::try_from(text.find('#').unwrap()).unwrap();
        assert_eq!(lines.position(hash), Position { line: 2, column: 9 });
        assert_eq!(lines.utf16(hash), 14);
        assert_eq!(lines.byte_of_utf16(14), hash);
        assert_eq!(lines.line(2), "b: \"😀é\" # x");
        assert_eq!(lines.count(), 3);
    }

    #[test]
    fn positions_outside_the_text_are_its_end() {
        let lines = Lines::new("é");
        assert_eq!(lines.position(99), Position { line: 1, column: 2 });
        assert_eq!(lines.position(1), Position { line: 1, column: 1 });
        assert_eq!(lines.utf16(99), 1);
        assert_eq!(lines.byte_of_utf16(99), 2);
        assert_eq!(Lines::new("").position(0), Position { line: 1, column: 1 });
    }

    #[test]
    fn utf16_and_bytes_convert_back_and_forth_at_every_character() {
        let text = "ä\r\n𝄞x\n\n日本: ok";
        let lines = Lines::new(text);
        for (byte, _) in text.char_indices() {
            let byte = u32::try_from(byte).unwrap();
            assert_eq!(lines.byte_of_utf16(lines.utf16(byte)), byte);
        }
    }
}
