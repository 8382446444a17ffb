//! Lines of text below each other, as all boxes have them.

use super::leading;
use crate::diagram::scene::Text;
use crate::diagram::text::Font;

/// Lines of text with a total height, not placed yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Stack {
    lines: Vec<(String, Font, &'static str)>,
    pub(super) height: f32,
    pub(super) width: f32,
}

impl Stack {
    /// Adds a text, wrapped to `max` pixels.
    pub(super) fn add(&mut self, text: &str, font: Font, class: &'static str, max: f32) {
        for line in font.wrap(text, max) {
            self.width = self.width.max(font.width(&line));
            self.height += leading(font);
            self.lines.push((line, font, class));
        }
    }

    /// The texts with their top at `y`; `x` is their left edge, or their middle when they are centred.
    pub(super) fn place(&self, x: f32, y: f32, is_centred: bool) -> Vec<Text> {
        let mut top = y;
        let place = |(text, font, class): &(String, Font, &'static str)| {
            let base = top + leading(*font) * 0.5 + font.size * 0.36;
            top += leading(*font);
            Text { at: (x, base), font: *font, text: text.clone(), class, is_centred }
        };
        self.lines.iter().map(place).collect()
    }
}
