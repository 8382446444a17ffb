//! The text in pieces that are read one by one: an edit cuts anew only the pieces that it touches.

use super::chunk::starts_document;
use super::{Lines, MAX_BYTES, Piece, Position, Problem, Usable};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

/// A change of a text, as editors tell it: what stands between two UTF-16 offsets is replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The first unit that is replaced.
    pub from: u32,
    /// The unit behind the last one.
    pub to: u32,
    /// What stands there then.
    pub insert: String,
}

/// A piece of the text, with what is asked of it again and again.
#[derive(Debug)]
pub struct Part {
    /// The text.
    pub text: String,
    /// Whether there is a document in it.
    pub is_document: bool,
    /// How many UTF-16 units it has.
    units: u32,
    /// How many line breaks it has.
    breaks: u32,
}

/// Where a piece starts in the whole text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Start {
    /// Bytes in front of it.
    pub byte: u32,
    /// UTF-16 units in front of it.
    pub unit: u32,
    /// Line breaks in front of it.
    pub line: u32,
}

/// The whole text.
#[derive(Debug, Default)]
pub struct Text {
    parts: Vec<Part>,
    /// Where the pieces start, and where the last one ends.
    starts: Vec<Start>,
    problems: Vec<Problem>,
}

/// Pieces that took the place of others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replaced {
    /// The pieces that are gone, by their old numbers.
    pub old: Range<usize>,
    /// How many stand there now.
    pub new: usize,
    /// By how many bytes what stands behind them has moved.
    pub moved: i64,
}

impl Part {
    fn new(piece: &Piece<'_>) -> Self {
        let text = piece.text;
        Self {
            text: text.to_owned(),
            is_document: piece.is_document,
            units: if text.is_ascii() { narrow(text.len()) } else { narrow(text.encode_utf16().count()) },
            breaks: narrow(text.bytes().filter(|byte| *byte == b'\n').count()),
        }
    }

    /// The byte in front of which so many UTF-16 units of the piece stand.
    fn byte(&self, units: u32) -> usize {
        if self.units as usize == self.text.len() {
            return self.text.len().min(units as usize);
        }
        let mut left = units;
        for (byte, character) in self.text.char_indices() {
            let width = narrow(character.len_utf16());
            if left < width {
                return byte;
            }
            left -= width;
        }
        self.text.len()
    }
}

impl Text {
    /// Cuts a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let usable = Usable::of(text);
        let other = |text| Piece { text, is_document: false, is_closed: true };
        let head = text.get(..usable.start).unwrap_or_default();
        let tail = text.get(usable.start + usable.text.len()..).unwrap_or_default();
        let pieces = std::iter::once(other(head)).chain(Piece::cut(usable.text)).chain([other(tail)]);
        let parts = pieces.filter(|piece| !piece.text.is_empty()).map(|piece| Part::new(&piece)).collect();
        let mut this = Self { parts, starts: Vec::new(), problems: usable.problems };
        this.count_from(0);
        this
    }

    /// The pieces; together they are the text.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Where a piece starts; the end of the text for all beyond the last.
    #[must_use]
    pub fn start(&self, part: usize) -> Start {
        self.starts.get(part).or(self.starts.last()).copied().unwrap_or_default()
    }

    /// How many UTF-16 units there are.
    #[must_use]
    pub fn units(&self) -> u32 {
        self.start(self.parts.len()).unit
    }

    /// The piece that holds a byte of the text; the last one for its end.
    #[must_use]
    pub fn part_at(&self, byte: u32) -> usize {
        let behind = self.starts.partition_point(|start| start.byte <= byte);
        behind.saturating_sub(1).min(self.parts.len().saturating_sub(1))
    }

    /// What is wrong with the text as a whole; spans are absolute.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Makes a change, and says which pieces are others now. A place between the two units of a character is the one in
    /// front of it.
    pub fn change(&mut self, change: &Change) -> Replaced {
        let (from, to) = (self.byte_of(change.from), self.byte_of(change.to.max(change.from)));
        let was_plain = self.is_plain();
        let mut region = self.touched(from, to);
        let start = self.start(region.start).byte as usize;
        let mut joined: String =
            self.parts.get(region.clone()).unwrap_or_default().iter().map(|part| part.text.as_str()).collect();
        let (from, to) = (from - start, to.max(from) - start);
        if joined.is_char_boundary(from) && joined.is_char_boundary(to) && to <= joined.len() {
            joined.replace_range(from..to, &change.insert);
        }
        // What follows can only stay as it is when it still starts a piece.
        let new = loop {
            let pieces = Piece::cut(&joined);
            let next = self.parts.get(region.end);
            let is_end = match (pieces.last(), next) {
                (_, None) => true,
                (Some(last), Some(next)) => {
                    joined.ends_with('\n') && (last.is_closed || (last.is_document && starts_document(&next.text)))
                }
                (None, Some(_)) => region.start == 0,
            };
            if is_end {
                break pieces.iter().map(Part::new).collect::<Vec<_>>();
            }
            if let Some(next) = next {
                joined.push_str(&next.text);
            }
            region.end += 1;
        };
        let (count, length) = (new.len(), self.length());
        self.parts.splice(region.clone(), new);
        self.count_from(region.start);
        let moved = i64::from(self.length()) - i64::from(length);
        let replaced = Replaced { old: region, new: count, moved };
        if was_plain && self.is_plain() {
            return replaced;
        }
        // A text that is too long, no text at all, or has a byte order mark: rare enough to be looked at as a whole.
        let old = 0..self.parts.len() + replaced.old.len() - replaced.new;
        *self = Self::new(&self.whole());
        Replaced { old, new: self.parts.len(), moved: 0 }
    }

    /// How many bytes there are.
    fn length(&self) -> u32 {
        self.start(self.parts.len()).byte
    }

    /// The whole text.
    #[must_use]
    pub fn whole(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect()
    }

    /// The smallest change that makes another text of this one; none when it is the same.
    #[must_use]
    pub fn change_to(&self, text: &str) -> Option<Change> {
        // Whole pieces first: they are compared at once.
        let mut from = 0;
        let mut first = 0;
        for part in &self.parts {
            if !text.get(from..).unwrap_or_default().starts_with(part.text.as_str()) {
                break;
            }
            from += part.text.len();
            first += 1;
        }
        let mut end = text.len();
        let mut last = self.parts.len();
        while let Some(part) = last.checked_sub(1).filter(|last| *last >= first).and_then(|last| self.parts.get(last)) {
            if end - from < part.text.len() || !text.get(from..end).unwrap_or_default().ends_with(part.text.as_str()) {
                break;
            }
            end -= part.text.len();
            last -= 1;
        }
        if first == last && from == end {
            return None;
        }
        let (from_unit, to_unit) = (self.start(first).unit, self.start(last).unit);
        Some(Change { from: from_unit, to: to_unit, insert: text.get(from..end).unwrap_or_default().to_owned() })
    }

    /// The pieces that a change of these bytes can have to do with.
    fn touched(&self, from: usize, to: usize) -> Range<usize> {
        let first = self.part_at(narrow(from));
        let start = self.start(first).byte as usize;
        // In the marker in front of a piece, or right behind the one before.
        let is_near_marker = from <= start + MARKER;
        let first = if is_near_marker { first.saturating_sub(1) } else { first };
        let last = self.part_at(narrow(to.max(from)));
        first..(last + 1).min(self.parts.len())
    }

    /// Whether nothing of it is left out.
    fn is_plain(&self) -> bool {
        let mut head = String::new();
        for part in &self.parts {
            head.push_str(&part.text);
            if head.len() > HEAD {
                break;
            }
        }
        let is_short = (self.length() as usize) < MAX_BYTES;
        let usable = Usable::of(&head);
        is_short && self.problems.is_empty() && usable.problems.is_empty() && usable.start == 0
    }

    fn byte_of(&self, unit: u32) -> usize {
        let behind = self.starts.partition_point(|start| start.unit <= unit);
        let index = behind.saturating_sub(1);
        let start = self.start(index);
        start.byte as usize + self.parts.get(index).map_or(0, |part| part.byte(unit - start.unit.min(unit)))
    }

    fn count_from(&mut self, first: usize) {
        let mut at = if first == 0 { Start::default() } else { self.start(first) };
        self.starts.truncate(first);
        for part in self.parts.get(first..).unwrap_or_default() {
            self.starts.push(at);
            at = Start {
                byte: at.byte.saturating_add(narrow(part.text.len())),
                unit: at.unit.saturating_add(part.units),
                line: at.line.saturating_add(part.breaks),
            };
        }
        self.starts.push(at);
    }
}

/// Lines, columns and UTF-16 units of a whole text. The lines of a piece are looked for when they are asked for.
#[derive(Debug)]
pub struct Places<'t> {
    text: &'t Text,
    known: RefCell<BTreeMap<usize, Rc<Lines<'t>>>>,
}

impl<'t> Places<'t> {
    /// The places of a text.
    #[must_use]
    pub fn new(text: &'t Text) -> Self {
        Self { text, known: RefCell::default() }
    }

    /// UTF-16 units in front of a byte.
    #[must_use]
    pub fn utf16(&self, byte: u32) -> u32 {
        let (start, lines) = self.at(byte);
        start.unit.saturating_add(lines.utf16(byte.saturating_sub(start.byte)))
    }

    /// Line and column of a byte.
    #[must_use]
    pub fn position(&self, byte: u32) -> Position {
        let (start, lines) = self.at(byte);
        let inside = lines.position(byte.saturating_sub(start.byte));
        Position { line: start.line.saturating_add(inside.line), column: inside.column }
    }

    /// The text of the line that holds a byte, without its line break.
    #[must_use]
    pub fn line(&self, byte: u32) -> &'t str {
        let (start, lines) = self.at(byte);
        lines.line(lines.position(byte.saturating_sub(start.byte)).line)
    }

    fn at(&self, byte: u32) -> (Start, Rc<Lines<'t>>) {
        let part = self.text.part_at(byte);
        let lines = || Rc::new(Lines::new(self.text.parts.get(part).map_or("", |part| &part.text)));
        (self.text.start(part), self.known.borrow_mut().entry(part).or_insert_with(lines).clone())
    }
}

/// `---` and the character behind it.
const MARKER: usize = 4;

/// As much of a text as tells whether it is one.
const HEAD: usize = 8192;

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Change, Places, Replaced, Text};
    use crate::source::{Lines, Piece};

    fn texts(text: &Text) -> Vec<&str> {
        text.parts().iter().map(|part| part.text.as_str()).collect()
    }

    fn change(from: u32, to: u32, insert: &str) -> Change {
        Change { from, to, insert: insert.to_owned() }
    }

    #[test]
    fn a_change_cuts_anew_what_it_touches_and_nothing_else() {
        let mut text = Text::new("a: 1\n---\nb: 2\n---\nc: 3\n---\nd: 4\n");
        assert_eq!(text.change(&change(21, 22, "33")), Replaced { old: 2..3, new: 1, moved: 1 });
        assert_eq!(texts(&text), ["a: 1\n", "---\nb: 2\n", "---\nc: 33\n", "---\nd: 4\n"]);
        // The marker breaks: two become one. It comes back: one becomes two.
        assert_eq!(text.change(&change(5, 6, "")), Replaced { old: 0..2, new: 1, moved: -1 });
        assert_eq!(texts(&text), ["a: 1\n--\nb: 2\n", "---\nc: 33\n", "---\nd: 4\n"]);
        assert_eq!(text.change(&change(5, 5, "-")), Replaced { old: 0..1, new: 2, moved: 1 });
        assert_eq!(text.change(&change(14, 15, "")).old, 1..3, "the line break in front of a marker");
    }

    /// All single changes of a text with every kind of cut, and what a fresh look at the result says.
    #[test]
    fn pieces_are_the_same_as_those_of_a_fresh_text() {
        let whole = "# é\n---\na: 😀\n...\n# x\n...\n%YAML 1.2\n---\nb\n---\n---\n# c\n";
        let units = u32::try_from(whole.encode_utf16().count()).unwrap();
        for from in 0..=units {
            for to in from..=units.min(from + 6) {
                for insert in ["", "-", "\n", "---\n", "...\n", "x", "\n---\ny\n...\n", "\u{feff}", "\u{0}"] {
                    let mut text = Text::new(whole);
                    text.change(&change(from, to, insert));
                    let result = text.whole();
                    let fresh = Text::new(&result);
                    assert_eq!(texts(&text), texts(&fresh), "{from} {to} {insert:?}");
                    assert_eq!(text.starts, fresh.starts);
                    assert_eq!(text.problems, fresh.problems);
                    let is = |text: &Text| text.parts.iter().map(|part| part.is_document).collect::<Vec<_>>();
                    assert_eq!(is(&text), is(&fresh), "{result:?}");
                }
            }
        }
        assert_eq!(Piece::cut(whole).len(), 5);
    }

    #[test]
    fn the_change_between_two_texts_makes_one_of_the_other() {
        let one = "a: 1\n---\nb: 2\n---\nb: 2\n---\nd: 4\n";
        for other in
            [one, "", "a: 1\n---\nb: 2\n---\nd: 4\n", "a: 1\n---\nb: é\n---\nb: 2\n---\nd: 4\n", "---\nd: 4\n", "x"]
        {
            let mut text = Text::new(one);
            let found = text.change_to(other);
            assert_eq!(found.is_none(), one == other);
            let touched = found.map(|change| text.change(&change).old.len());
            assert_eq!(text.whole(), other);
            assert!(touched.is_none_or(|touched| touched <= 4));
        }
    }

    #[test]
    fn places_are_those_of_the_whole_text() {
        let whole = "# é\r\n---\na: 😀 b\n...\n---\nc: d\n";
        let (text, lines) = (Text::new(whole), Lines::new(whole));
        let places = Places::new(&text);
        for (byte, _) in whole.char_indices() {
            let byte = u32::try_from(byte).unwrap();
            assert_eq!(places.utf16(byte), lines.utf16(byte));
            assert_eq!(places.position(byte), lines.position(byte));
            assert_eq!(places.line(byte), lines.line(lines.position(byte).line));
        }
        assert_eq!(places.utf16(999), text.units());
    }
}
