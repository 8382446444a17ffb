//! Lanes from top to bottom, time from left to right. Long times in which nothing changes are drawn short, with a gap
//! that says so.

use super::stack::Stack;
use super::{LABEL, NOTE, SUBTITLE, TITLE};
use crate::diagram::scene::{Item, Line, Rect, Scene, Shape, Text, Tip};
use crate::diagram::text::{Face, Font};
use crate::diagram::timeline::{Lane, Mark, Timeline};
use crate::simulate::{Doing, time};
use serde::{Deserialize, Serialize};

const MARGIN: f32 = 12.0;
const HEAD: f32 = 168.0;
const CHART: f32 = 760.0;
const LANE: f32 = 46.0;
const BAND: f32 = 20.0;
const SMALL: Font = Font { size: 10.5, face: Face::Regular };
/// A time without change that is longer than this is drawn as long as [`SHORT`], in milliseconds.
const LONG: u64 = 14_000;
const SHORT: f32 = 5000.0;

/// A stretch of the time axis.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stretch {
    /// First millisecond.
    pub from: u64,
    /// Last millisecond.
    pub to: u64,
    /// Where it begins, in pixels of the picture.
    pub left: f32,
    /// Where it ends.
    pub right: f32,
    /// Whether it is drawn shorter than it is.
    pub is_cut: bool,
}

/// The time axis of a picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// From left to right.
    pub stretches: Vec<Stretch>,
    /// Top of the lanes, in pixels.
    pub top: f32,
    /// Their bottom.
    pub bottom: f32,
}

impl Axis {
    fn new(changes: &[u64]) -> Self {
        let pairs: Vec<(u64, u64)> =
            changes.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect();
        let width = |(from, to): &(u64, u64)| if to - from > LONG { SHORT } else { (to - from) as f32 };
        let total: f32 = pairs.iter().map(width).sum::<f32>().max(1.0);
        let mut left = MARGIN + HEAD;
        let mut stretches = Vec::with_capacity(pairs.len());
        for pair in &pairs {
            let right = left + width(pair) / total * CHART;
            let (from, to) = *pair;
            stretches.push(Stretch { from, to, left, right, is_cut: to - from > LONG });
            left = right;
        }
        Self { stretches, top: 0.0, bottom: 0.0 }
    }

    /// Where a time is drawn.
    #[must_use]
    pub fn x(&self, at: u64) -> f32 {
        let behind = self.stretches.partition_point(|stretch| stretch.to < at);
        match self.stretches.get(behind) {
            Some(stretch) => {
                let share = at.saturating_sub(stretch.from) as f32 / (stretch.to - stretch.from).max(1) as f32;
                stretch.left + share.min(1.0) * (stretch.right - stretch.left)
            }
            None => self.stretches.last().map_or(MARGIN + HEAD, |last| last.right),
        }
    }

    /// The time that is drawn at a place.
    #[must_use]
    pub fn time(&self, x: f32) -> u64 {
        let behind = self.stretches.partition_point(|stretch| stretch.right < x);
        match self.stretches.get(behind) {
            Some(stretch) => {
                let share = ((x - stretch.left) / (stretch.right - stretch.left).max(0.01)).clamp(0.0, 1.0);
                stretch.from + (share * (stretch.to - stretch.from) as f32) as u64
            }
            None => self.stretches.last().map_or(0, |last| last.to),
        }
    }
}

/// Places a timeline.
pub(in crate::diagram) fn timeline(timeline: &Timeline, has_notes: bool) -> (Scene, Axis) {
    let mut layout = Lanes {
        timeline,
        axis: Axis::new(&timeline.changes),
        scene: Scene { title: timeline.title.clone(), summary: timeline.summary.clone(), ..Scene::default() },
        y: MARGIN,
    };
    layout.events();
    layout.axis.top = layout.y;
    layout.phases();
    for lane in &timeline.lanes {
        layout.lane(lane);
    }
    layout.axis.bottom = layout.y;
    layout.ticks();
    if has_notes {
        layout.notes();
    }
    layout.finish()
}

struct Lanes<'t> {
    timeline: &'t Timeline,
    axis: Axis,
    scene: Scene,
    y: f32,
}

impl Lanes<'_> {
    fn right(&self) -> f32 {
        MARGIN + HEAD + CHART
    }

    /// What happens to the whole Pod: labels in as few rows as they need, with a line through all lanes.
    fn events(&mut self) {
        let height = 16.0;
        let mut rows: Vec<f32> = Vec::new();
        let mut placed = Vec::new();
        for (at, text) in &self.timeline.events {
            let x = self.axis.x(*at);
            let width = LABEL.width(text);
            let left = (x - width / 2.0).clamp(MARGIN + HEAD, (self.right() - width).max(MARGIN + HEAD));
            let row = rows.iter().position(|end| *end + 10.0 < left).unwrap_or(rows.len());
            match rows.get_mut(row) {
                Some(end) => *end = left + width,
                None => rows.push(left + width),
            }
            placed.push((x, left, row, text));
        }
        let bottom = self.y + rows.len() as f32 * height + if rows.is_empty() { 0.0 } else { 8.0 };
        for (x, left, row, text) in placed {
            let base = self.y + row as f32 * height + 12.0;
            self.scene.labels.push((
                Rect { x: left, y: base, w: 0.0, h: 0.0 },
                Text { at: (left, base), font: LABEL, text: text.clone(), class: "event-text", is_centred: false },
            ));
            self.scene.lines.push(Line {
                points: vec![(x, base + 4.0), (x, f32::MAX)],
                class: "event",
                start: Tip::None,
                end: Tip::None,
            });
        }
        self.y = bottom;
    }

    fn phases(&mut self) {
        let mut head = Stack::default();
        head.add("Pod", SUBTITLE, "subtitle", HEAD - 16.0);
        let top = self.y;
        self.head_texts(&head, top, BAND + 8.0);
        let ends = self.timeline.phases.iter().skip(1).map(|(at, _)| *at);
        let last = self.timeline.lanes.iter().filter_map(|lane| lane.bands.last()).map(|band| band.1).max();
        let ends: Vec<u64> = ends.chain(last).collect();
        for ((from, phase), to) in self.timeline.phases.iter().zip(ends) {
            let class = match phase {
                crate::simulate::Phase::Pending => "band phase pending",
                crate::simulate::Phase::Running => "band phase running",
                crate::simulate::Phase::Succeeded => "band phase succeeded",
                crate::simulate::Phase::Failed => "band phase failed",
            };
            // What is final needs no time to be seen.
            let to = if phase.is_terminal() { self.timeline.changes.last().copied().unwrap_or(to).max(to) } else { to };
            let area = self.band_area(*from, to, top + 4.0);
            let least = SMALL.width(phase.id()) + 10.0;
            let area = if phase.is_terminal() && area.w < least { Rect { w: least, ..area } } else { area };
            self.band(area, class, phase.id());
        }
        self.y += BAND + 14.0;
    }

    fn band_area(&self, from: u64, to: u64, y: f32) -> Rect {
        let (left, right) = (self.axis.x(from), self.axis.x(to));
        Rect { x: left, y, w: (right - left - 0.5).max(0.0), h: BAND }
    }

    fn band(&mut self, area: Rect, class: &'static str, label: &str) {
        let fits = SMALL.width(label) + 8.0 <= area.w;
        let texts = fits.then(|| Text {
            at: (area.x + 5.0, area.y + BAND / 2.0 + 3.8),
            font: SMALL,
            text: label.to_owned(),
            class: "band-text",
            is_centred: false,
        });
        self.scene.nodes.push(Item {
            area,
            shape: Shape::Rounded(3.0),
            class,
            texts: texts.into_iter().collect(),
            ..Item::default()
        });
    }

    fn head_texts(&mut self, head: &Stack, top: f32, height: f32) {
        let texts = head.place(MARGIN, top + (height - head.height) / 2.0, false);
        let area = Rect { x: MARGIN, y: top, w: HEAD - 8.0, h: height.max(head.height) };
        self.scene.groups.push(Item { area, class: "lane-head", texts, ..Item::default() });
    }

    fn lane(&mut self, lane: &Lane) {
        let mut head = Stack::default();
        head.add(&lane.title, TITLE, "title", HEAD - 44.0);
        head.add(&lane.subtitle, SUBTITLE, "subtitle", HEAD - 20.0);
        let height = LANE.max(head.height + 14.0);
        let top = self.y;
        self.scene.groups.push(Item {
            area: Rect { x: MARGIN + HEAD, y: top, w: CHART, h: height },
            class: "row",
            ..Item::default()
        });
        let area = Rect { x: MARGIN, y: top + 2.0, w: HEAD - 10.0, h: height - 4.0 };
        self.scene.nodes.push(Item {
            area,
            shape: Shape::Rounded(6.0),
            class: "container",
            role: Some(lane.role),
            texts: head.place(MARGIN + 10.0, top + (height - head.height) / 2.0, false),
            target: lane.target,
            ..Item::default()
        });
        let y = top + height - BAND - 6.0;
        for (from, to, doing) in &lane.bands {
            let area = self.band_area(*from, *to, y);
            // Ends that have been need no band: the lane is empty from there on.
            let (class, label) = look(*doing, lane.role == crate::detect::Role::Init);
            self.band(area, class, label);
            if let Some(item) = self.scene.nodes.last_mut() {
                item.role = Some(lane.role);
            }
        }
        self.marks(lane, y);
        self.y = top + height + 4.0;
    }

    /// Labels above the bands, those that matter most first; one for which there is no room is only a line.
    fn marks(&mut self, lane: &Lane, y: f32) {
        let mut marks = lane.marks.clone();
        marks.sort_by_key(|(at, mark)| (*mark, *at));
        let mut taken: Vec<(f32, f32)> = Vec::new();
        for (at, mark) in marks {
            let x = self.axis.x(at);
            let class = match mark {
                Mark::StartupPassed => "mark good",
                Mark::Term | Mark::PostStart | Mark::Up => "mark",
                _ => "mark bad",
            };
            self.scene.lines.push(Line {
                points: vec![(x, y - 5.0), (x, y + BAND + 2.0)],
                class,
                start: Tip::None,
                end: Tip::None,
            });
            let width = SMALL.width(mark.label());
            let left = (x - width / 2.0).clamp(MARGIN + HEAD, self.right() - width);
            if taken.iter().any(|(from, to)| left < to + 6.0 && from - 6.0 < left + width) {
                continue;
            }
            taken.push((left, left + width));
            let text = Text {
                at: (left, y - 7.0),
                font: SMALL,
                text: mark.label().to_owned(),
                class: "mark-text",
                is_centred: false,
            };
            self.scene.labels.push((Rect { x: left, y, w: 0.0, h: 0.0 }, text));
        }
    }

    /// The axis below the lanes: seconds, and gaps where time was cut.
    fn ticks(&mut self) {
        let (top, bottom) = (self.axis.top, self.axis.bottom);
        let base = bottom + 16.0;
        let stretches = self.axis.stretches.clone();
        let shown: f32 = stretches.iter().filter(|one| !one.is_cut).map(|one| (one.to - one.from) as f32).sum();
        let pixels = stretches.iter().filter(|one| !one.is_cut).map(|one| one.right - one.left).sum::<f32>();
        let per_second = if shown > 0.0 { pixels / shown * 1000.0 } else { 1.0 };
        let steps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400];
        let step = steps.into_iter().find(|step| *step as f32 * per_second >= 44.0).unwrap_or(86_400) * 1000;
        let mut free = MARGIN + HEAD - 20.0;
        for stretch in &stretches {
            if stretch.is_cut {
                let area = Rect { x: stretch.left, y: top, w: stretch.right - stretch.left, h: bottom - top };
                self.scene.groups.push(Item { area, class: "gap", ..Item::default() });
                let cut = time(stretch.to - stretch.from);
                let long = format!("{cut} without a change");
                let fits = SMALL.width(&long) + 60.0 < area.w;
                let text = if fits { long } else { format!("… {cut} …") };
                let middle = (stretch.left + stretch.right) / 2.0;
                self.tick(middle, base, &text, &mut free, "gap-text");
                continue;
            }
            let mut at = stretch.from.div_ceil(step) * step;
            while at <= stretch.to {
                let x = self.axis.x(at);
                self.scene.lines.push(Line {
                    points: vec![(x, top), (x, bottom + 4.0)],
                    class: "grid",
                    start: Tip::None,
                    end: Tip::None,
                });
                self.tick(x, base, &time(at), &mut free, "tick-text");
                at += step;
            }
        }
        self.y = base + 8.0;
    }

    fn tick(&mut self, x: f32, base: f32, text: &str, free: &mut f32, class: &'static str) {
        let width = SMALL.width(text);
        let left = (x - width / 2.0).min(self.right() - width);
        if left < *free {
            return;
        }
        *free = left + width + 8.0;
        let text = Text { at: (left, base), font: SMALL, text: text.to_owned(), class, is_centred: false };
        self.scene.labels.push((Rect { x: left, y: base, w: 0.0, h: 0.0 }, text));
    }

    fn finish(mut self) -> (Scene, Axis) {
        for line in self.scene.lines.iter_mut().filter(|line| line.class == "event") {
            if let Some(end) = line.points.last_mut() {
                end.1 = self.axis.bottom;
            }
        }
        self.scene.playhead = Some((MARGIN + HEAD, self.axis.top - 4.0, self.axis.bottom + 4.0));
        let right = self.scene.nodes.iter().map(|item| item.area.right()).fold(self.right(), f32::max);
        self.scene.width = (right + MARGIN).ceil();
        self.scene.height = (self.y + MARGIN).ceil();
        (self.scene, self.axis)
    }

    /// What was assumed.
    fn notes(&mut self) {
        let mut notes = Stack::default();
        for (index, text) in self.timeline.assumptions.iter().enumerate() {
            let text = if index == 0 { format!("Assumed: {text}") } else { text.clone() };
            notes.add(&text, NOTE, "note-text", HEAD + CHART);
        }
        self.y += 4.0;
        let texts = notes.place(MARGIN, self.y, false);
        let area = Rect { x: MARGIN, y: self.y, w: HEAD + CHART, h: notes.height };
        self.scene.groups.push(Item { area, class: "assumed", texts, ..Item::default() });
        self.y += notes.height;
    }
}

/// The class and the label of a band.
fn look(doing: Doing, is_init: bool) -> (&'static str, &'static str) {
    match doing {
        Doing::Waiting => ("band waiting", "waiting"),
        Doing::Pulling => ("band pulling", "pulling"),
        Doing::BackOff => ("band back-off", "back-off"),
        Doing::Starting => ("band starting", "starting"),
        Doing::Started => ("band started", "not ready"),
        Doing::Ready if is_init => ("band ready", "running"),
        Doing::Ready => ("band ready", "ready"),
        Doing::PreStop => ("band pre-stop", "preStop"),
        Doing::WaitingToStop => ("band waiting-to-stop", "works on, waits its turn"),
        Doing::Stopping => ("band stopping", "stopping"),
        Doing::Completed => ("band completed", "completed"),
        Doing::Failed => ("band failed", "failed"),
    }
}
