//! Lifelines from left to right, messages from top to bottom.

use super::stack::Stack;
use super::{LABEL, NOTE, SUBTITLE, TITLE};
use crate::diagram::scene::{Item, Line, Rect, Scene, Shape, Tip};
use crate::diagram::sequence::{Arrow, Sequence, Step};

const MARGIN: f32 = 12.0;
const HEAD: f32 = 140.0;
const GAP: f32 = 18.0;
const STEP: f32 = 34.0;

/// Places a sequence.
pub(in crate::diagram) fn lifelines(sequence: &Sequence) -> Scene {
    let mut layout = Lifelines {
        sequence,
        scene: Scene { title: sequence.title.clone(), summary: sequence.summary.clone(), ..Scene::default() },
        y: 0.0,
    };
    layout.heads();
    let top = layout.y;
    layout.y += STEP;
    for step in &sequence.steps {
        layout.step(step);
    }
    layout.finish(top)
}

struct Lifelines<'s> {
    sequence: &'s Sequence,
    scene: Scene,
    y: f32,
}

impl Lifelines<'_> {
    fn x(&self, participant: usize) -> f32 {
        MARGIN + HEAD / 2.0 + participant as f32 * (HEAD + GAP)
    }

    fn heads(&mut self) {
        let stacks: Vec<Stack> = self
            .sequence
            .participants
            .iter()
            .map(|participant| {
                let mut stack = Stack::default();
                stack.add(&participant.title, TITLE, "title", HEAD - 44.0);
                stack.add(&participant.subtitle, SUBTITLE, "subtitle", HEAD - 16.0);
                stack
            })
            .collect();
        let height = stacks.iter().map(|stack| stack.height).fold(0.0, f32::max) + 16.0;
        for (index, (participant, stack)) in self.sequence.participants.iter().zip(&stacks).enumerate() {
            let area = Rect { x: self.x(index) - HEAD / 2.0, y: MARGIN, w: HEAD, h: height };
            let top = MARGIN + (height - stack.height) / 2.0;
            self.scene.nodes.push(Item {
                area,
                shape: Shape::Rounded(6.0),
                class: if participant.role.is_some() { "container" } else { "actor" },
                role: participant.role,
                texts: stack.place(area.middle().0, top, true),
                target: participant.target,
                ..Item::default()
            });
        }
        self.y = MARGIN + height;
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Message { from, to, text, arrow } => self.message(*from, *to, text, *arrow),
            Step::Note { from, to, text } => self.note(*from, *to, text),
            Step::Parallel { label, steps } => self.parallel(label, steps),
        }
    }

    fn message(&mut self, from: usize, to: usize, text: &str, arrow: Arrow) {
        let (a, b) = (self.x(from), self.x(to));
        let (left, right) = (a.min(b), a.max(b));
        let mut stack = Stack::default();
        stack.add(text, LABEL, "message", (right - left - 16.0).max(90.0));
        // Beside the lifeline that the message is about, so that long arrows can be read near their end.
        let middle =
            if to > from { right - (HEAD + GAP) / 2.0 } else { left.max(right - (HEAD + GAP)) + (HEAD + GAP) / 2.0 };
        let top = self.y;
        self.y += stack.height + 4.0;
        self.plates(&stack, middle, top);
        let class = if arrow == Arrow::Solid { "call" } else { "answer" };
        self.scene.lines.push(Line {
            points: vec![(a, self.y), (b, self.y)],
            class,
            start: Tip::None,
            end: Tip::Arrow,
        });
        self.y += 14.0;
    }

    fn plates(&mut self, stack: &Stack, middle: f32, top: f32) {
        for text in stack.place(middle, top, true) {
            let w = text.font.width(&text.text) + 6.0;
            let plate = Rect { x: middle - w / 2.0, y: text.at.1 - 11.0, w, h: 15.0 };
            self.scene.labels.push((plate, text));
        }
    }

    fn note(&mut self, from: usize, to: usize, text: &str) {
        let (left, right) = (self.x(from.min(to)), self.x(from.max(to)));
        let mut stack = Stack::default();
        stack.add(text, NOTE, "note-text", (right - left + HEAD - 30.0).max(90.0));
        let width = if from == to { stack.width + 16.0 } else { right - left + HEAD - 20.0 };
        let area = Rect { x: (left + right - width) / 2.0, y: self.y - 2.0, w: width, h: stack.height + 10.0 };
        self.scene.nodes.push(Item {
            area,
            shape: Shape::Rounded(3.0),
            class: "note",
            role: None,
            texts: stack.place(area.middle().0, area.y + 5.0, true),
            target: None,
            ..Item::default()
        });
        self.y = area.bottom() + 18.0;
    }

    fn parallel(&mut self, label: &str, steps: &[Step]) {
        let top = self.y;
        let last = self.sequence.participants.len().saturating_sub(1);
        let width = self.x(last) + HEAD / 2.0 - MARGIN;
        let mut heading = Stack::default();
        heading.add(&format!("parallel: {label}"), LABEL, "frame-title", width - 24.0);
        self.y += heading.height + 16.0;
        for step in steps {
            self.step(step);
        }
        let area = Rect { x: MARGIN, y: top, w: width, h: self.y - top };
        // The heading lies on plates, above the lifelines that run through the frame.
        for text in heading.place(area.x + 10.0, area.y + 6.0, false) {
            let plate = Rect { x: text.at.0 - 4.0, y: text.at.1 - 11.0, w: text.font.width(&text.text) + 8.0, h: 15.0 };
            self.scene.labels.push((plate, text));
        }
        self.scene.groups.push(Item {
            area,
            shape: Shape::Rounded(4.0),
            class: "frame",
            role: None,
            texts: Vec::new(),
            target: None,
            ..Item::default()
        });
        self.y = area.bottom() + 16.0;
    }

    fn finish(mut self, top: f32) -> Scene {
        let bottom = self.y + 4.0;
        let lines: Vec<Line> = (0..self.sequence.participants.len())
            .map(|index| self.x(index))
            .map(|x| Line { points: vec![(x, top), (x, bottom)], class: "lifeline", start: Tip::None, end: Tip::None })
            .collect();
        // Lifelines lie below everything else.
        self.scene.lines.splice(0..0, lines);
        let right = self.scene.nodes.iter().map(|item| item.area.right()).fold(0.0, f32::max);
        self.scene.width = (right + MARGIN).ceil();
        self.scene.height = (bottom + MARGIN).ceil();
        self.scene
    }
}
