//! How wide text is, without a font: the metrics of Helvetica, which Arial and Liberation Sans share. Writers also pin
//! each text to its measured width, so that another font cannot make it overflow.

/// A style of text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Font {
    /// Height of the letters, in pixels.
    pub(super) size: f32,
    pub(super) face: Face,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    Regular,
    Bold,
    Mono,
}

/// Longest label that is drawn, in characters. Kubernetes allows 253 in a name.
const MAX_LABEL: usize = 260;

/// Advance widths of ASCII 32 to 126 in thousandths of the size.
const REGULAR: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];
const BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611,
    556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389,
    280, 389, 584,
];

fn advance(character: char, face: Face) -> u16 {
    let code = u32::from(character);
    if (32..127).contains(&code) {
        let index = code as usize - 32;
        return match face {
            Face::Mono => 600,
            Face::Regular => REGULAR.get(index).copied().unwrap_or(556),
            Face::Bold => BOLD.get(index).copied().unwrap_or(611),
        };
    }
    match code {
        // Marks that sit on the character before.
        0x0300..=0x036f | 0x200b..=0x200d | 0xfe00..=0xfe0f => 0,
        // Scripts and signs that are a full square wide.
        0x1100..=0x115f | 0x2e80..=0x9fff | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xff00..=0xff60 => 1000,
        0x1f000..=0x1faff | 0x2600..=0x27bf => 1300,
        _ if face == Face::Mono => 600,
        _ => 660,
    }
}

impl Font {
    pub(super) fn width(self, text: &str) -> f32 {
        let units: u32 = text.chars().map(|character| u32::from(advance(character, self.face))).sum();
        units as f32 * self.size / 1000.0
    }

    /// Breaks a text into lines no wider than `max`: at spaces, else behind `-`, `/`, `:`, `.`, `_` and the like, else
    /// anywhere.
    pub(super) fn wrap(self, text: &str, max: f32) -> Vec<String> {
        let text = clean(text);
        let mut lines = Vec::new();
        let mut line = String::new();
        for piece in pieces(&text) {
            if line.is_empty() || self.width(&line) + self.width(piece.trim_end()) <= max {
                line.push_str(piece);
            } else {
                lines.push(std::mem::replace(&mut line, piece.to_owned()));
            }
            while self.width(line.trim_end()) > max && line.chars().count() > 1 {
                let fits = self.fitting(&line, max);
                let rest = line.split_off(fits);
                lines.push(std::mem::replace(&mut line, rest));
            }
        }
        lines.push(line);
        let mut lines: Vec<String> = lines.into_iter().map(|line| line.trim().to_owned()).collect();
        lines.retain(|line| !line.is_empty());
        lines
    }

    /// How many bytes of a line fit, at least one character.
    fn fitting(self, line: &str, max: f32) -> usize {
        let mut width = 0.0;
        for (at, character) in line.char_indices() {
            width += f32::from(advance(character, self.face)) * self.size / 1000.0;
            if width > max && at > 0 {
                return at;
            }
        }
        line.len()
    }
}

/// Pieces between which a line may break, each with the separator at its end.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive([' ', '-', '/', ':', '.', '_', ',', '@'])
}

/// A label that is safe to show: one line, no control characters, nothing that turns the direction of writing, not
/// endless.
pub(super) fn clean(text: &str) -> String {
    let is_unsafe = |c: char| {
        c.is_control()
            || matches!(u32::from(c), 0x2028..=0x202e | 0x2066..=0x2069 | 0x200e | 0x200f | 0x061c | 0xfeff | 0xfffe | 0xffff)
    };
    let mut clean: String = text.chars().take(MAX_LABEL).map(|c| if is_unsafe(c) { ' ' } else { c }).collect();
    if text.chars().nth(MAX_LABEL).is_some() {
        clean.push('…');
    }
    clean.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Face, Font, clean};

    const FONT: Font = Font { size: 10.0, face: Face::Regular };

    #[test]
    fn lines_are_never_wider_than_asked_and_nothing_is_lost() {
        let texts =
            ["a-very-long-container-name-that-goes-on", "日本語のとても長い名前です", &"x".repeat(200), "a b", ""];
        for text in texts {
            for max in [20.0, 60.0, 200.0] {
                let lines = FONT.wrap(text, max);
                assert!(lines.iter().all(|line| FONT.width(line) <= max), "{lines:?}");
                assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
            }
        }
    }

    #[test]
    fn labels_cannot_turn_the_writing_direction_or_grow_without_end() {
        assert_eq!(clean("a\u{202e}b\nc\u{7}"), "a b c");
        // To JavaScript, and so to Mermaid, these end a line too.
        assert_eq!(clean("a\u{2028}b\u{2029}c\u{85}d"), "a b c d");
        assert_eq!(clean(&"x".repeat(5000)).chars().count(), 261);
    }
}
