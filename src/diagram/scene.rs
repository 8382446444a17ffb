//! What a layout produces: shapes and texts with places, in pixels. Writers only put it down.

use super::Target;
use super::text::Font;
use crate::detect::Role;

/// A point.
pub(super) type Point = (f32, f32);

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) w: f32,
    pub(super) h: f32,
}

impl Rect {
    pub(super) fn right(self) -> f32 {
        self.x + self.w
    }

    pub(super) fn bottom(self) -> f32 {
        self.y + self.h
    }

    pub(super) fn middle(self) -> Point {
        (self.x + self.w / 2.0, self.y + self.h / 2.0)
    }

    /// Whether two rectangles have a common area.
    #[cfg(test)]
    pub(super) fn overlaps(self, other: Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }
}

/// How an outline looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shape {
    /// Corners rounded by this radius.
    Rounded(f32),
    /// A right edge that points forward: it is done and goes on.
    Step,
    /// A drum.
    Cylinder,
}

impl Default for Shape {
    fn default() -> Self {
        Self::Rounded(0.0)
    }
}

/// One line of text.
#[derive(Clone, Debug)]
pub(super) struct Text {
    /// Left end (or middle, see `is_centred`) of the base line.
    pub(super) at: Point,
    pub(super) font: Font,
    pub(super) text: String,
    pub(super) class: &'static str,
    pub(super) is_centred: bool,
}

impl Text {
    /// The area that the text covers.
    #[cfg(test)]
    pub(super) fn area(&self) -> Rect {
        let w = self.font.width(&self.text);
        let x = if self.is_centred { self.at.0 - w / 2.0 } else { self.at.0 };
        Rect { x, y: self.at.1 - self.font.size * 0.8, w, h: self.font.size }
    }
}

/// A box with its texts.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    pub(super) area: Rect,
    pub(super) shape: Shape,
    /// `node`, `group`, `note`…: the class of the whole.
    pub(super) class: &'static str,
    pub(super) role: Option<Role>,
    pub(super) texts: Vec<Text>,
    pub(super) target: Option<Target>,
    /// Whether it is drawn dashed, because it is not there yet.
    pub(super) is_added: bool,
}

/// What stands at an end of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tip {
    None,
    Arrow,
    /// It gets no further.
    Cross,
}

/// A line through points, with rounded corners.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) points: Vec<Point>,
    pub(super) class: &'static str,
    pub(super) start: Tip,
    pub(super) end: Tip,
}

#[cfg(test)]
impl Item {
    /// The texts in one line.
    pub(super) fn label(&self) -> String {
        self.texts.iter().map(|text| text.text.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// A drawn picture.
#[derive(Clone, Debug, Default)]
pub(super) struct Scene {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) title: String,
    pub(super) summary: String,
    /// Behind everything: groups, from the outermost.
    pub(super) groups: Vec<Item>,
    pub(super) lines: Vec<Line>,
    /// In reading order.
    pub(super) nodes: Vec<Item>,
    /// Where a line that marks a moment begins: its place, its top and its bottom.
    pub(super) playhead: Option<(f32, f32, f32)>,
    /// On top: labels of lines, each on a small plate.
    pub(super) labels: Vec<(Rect, Text)>,
}
