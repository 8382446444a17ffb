//! Bars from left to right, one row a stage, with a line at what is reserved all the time.

use super::stack::Stack;
use super::{GROUP, LABEL, NOTE};
use crate::diagram::bars::{Bars, Chart, Row};
use crate::diagram::scene::{Item, Line, Rect, Scene, Shape, Text, Tip};
use crate::diagram::text::{Face, Font};

const MARGIN: f32 = 12.0;
const HEAD: f32 = 150.0;
const CHART: f32 = 330.0;
const TOTAL: f32 = 70.0;
const BAR: f32 = 26.0;
const SMALL: Font = Font { size: 10.5, face: Face::Regular };

/// Places bars.
pub(in crate::diagram) fn bars(bars: &Bars) -> Scene {
    let scene = Scene { title: bars.title.clone(), summary: bars.summary.clone(), ..Scene::default() };
    let mut layout = Layout { scene, y: MARGIN };
    for chart in &bars.charts {
        layout.chart(chart);
    }
    layout.notes(&bars.notes);
    layout.scene.width = (MARGIN + HEAD + CHART + TOTAL + MARGIN).ceil();
    layout.scene.height = (layout.y + MARGIN).ceil();
    layout.scene
}

struct Layout {
    scene: Scene,
    y: f32,
}

impl Layout {
    fn chart(&mut self, chart: &Chart) {
        let width = HEAD + CHART + TOTAL;
        let mut heading = Stack::default();
        heading.add(&chart.title, GROUP, "group-title", width);
        self.texts(&heading, MARGIN, self.y, width);
        self.y += heading.height + 16.0;
        let sum = |row: &Row| row.parts.iter().map(|part| part.amount).sum::<f64>();
        let most = chart.rows.iter().map(sum).fold(chart.reserved.0, f64::max).max(1e-9);
        let scale = f64::from(CHART) / most;
        let top = self.y;
        for row in &chart.rows {
            self.row(row, scale);
        }
        let x = MARGIN + HEAD + (chart.reserved.0 * scale) as f32;
        self.scene.lines.push(Line {
            points: vec![(x, top - 4.0), (x, self.y)],
            class: "event",
            start: Tip::None,
            end: Tip::None,
        });
        let text = format!("reserved: {}", chart.reserved.1);
        let left = (x - LABEL.width(&text)).max(MARGIN + HEAD);
        let text = Text { at: (left, top - 8.0), font: LABEL, text, class: "event-text", is_centred: false };
        self.scene.labels.push((Rect { x: left, y: top, w: 0.0, h: 0.0 }, text));
        self.y += 12.0;
    }

    fn row(&mut self, row: &Row, scale: f64) {
        let mut head = Stack::default();
        head.add(&row.title, NOTE, "note-text", HEAD - 10.0);
        let height = head.height.max(BAR) + 8.0;
        self.texts(&head, MARGIN, self.y + (height - head.height) / 2.0, HEAD);
        let mut x = MARGIN + HEAD;
        let y = self.y + (height - BAR) / 2.0;
        for part in &row.parts {
            let w = (part.amount * scale) as f32;
            let area = Rect { x, y, w: (w - 0.6).max(0.0), h: BAR };
            x += w;
            let long = format!("{} {}", part.title, part.text);
            let label = [long, part.title.clone(), part.text.clone()]
                .into_iter()
                .find(|label| SMALL.width(label) + 10.0 <= area.w);
            let texts = label.map(|text| Text {
                at: (area.x + 5.0, y + BAR / 2.0 + 3.8),
                font: SMALL,
                text,
                class: "band-text",
                is_centred: false,
            });
            self.scene.nodes.push(Item {
                area,
                shape: Shape::Rounded(3.0),
                class: "bar",
                role: part.role,
                texts: texts.into_iter().collect(),
                target: part.target,
                ..Item::default()
            });
        }
        let at = (x + 8.0, y + BAR / 2.0 + 4.0);
        let text = Text { at, font: LABEL, text: row.total.clone(), class: "tick-text", is_centred: false };
        self.scene.labels.push((Rect { x, y, w: 0.0, h: 0.0 }, text));
        self.y += height;
    }

    fn texts(&mut self, stack: &Stack, x: f32, y: f32, w: f32) {
        let area = Rect { x, y, w, h: stack.height };
        let texts = stack.place(x, y, false);
        self.scene.groups.push(Item { area, class: "assumed", texts, ..Item::default() });
    }

    fn notes(&mut self, notes: &[String]) {
        for note in notes {
            let mut stack = Stack::default();
            stack.add(note, NOTE, "note-text", HEAD + CHART + TOTAL);
            self.texts(&stack, MARGIN, self.y, HEAD + CHART + TOTAL);
            self.y += stack.height + 3.0;
        }
    }
}
