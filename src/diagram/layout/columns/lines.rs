//! Lines, each in a channel where no box stands.

use super::{ARROW, Columns, GAP, INSET, PAD, TRACK, leaves_right};
use crate::diagram::graph::{Edge, EdgeKind, NodeKind};
use crate::diagram::layout::stack::Stack;
use crate::diagram::layout::{DETAIL, LABEL, look};
use crate::diagram::scene::{Line, Point, Rect, Text, Tip};

impl Columns<'_> {
    pub(super) fn route(&mut self) {
        for edge in &self.graph.edges {
            match edge.kind {
                EdgeKind::Then => self.between(edge, "then", Tip::Arrow),
                EdgeKind::Parallel => self.between(edge, "parallel", Tip::None),
                _ => {}
            }
        }
        self.route_left();
        self.route_mounts();
    }

    /// From the bottom of a box to the top of the next one, with the label beside the line.
    fn between(&mut self, edge: &Edge, class: &'static str, end: Tip) {
        let (from, to) = (self.rect(edge.from), self.rect(edge.to));
        let x = from.x + ARROW;
        let (top, bottom) = (from.bottom(), to.y);
        self.scene.lines.push(Line { points: vec![(x, top), (x, bottom)], class, start: Tip::None, end });
        let group_of = |node: usize| self.graph.nodes.get(node).and_then(|node| node.group);
        // Between two lanes the label stands in the gap between them.
        let label_y = top + GAP / 2.0 + if group_of(edge.from) == group_of(edge.to) { 0.0 } else { PAD };
        self.label(&edge.label, (x + 10.0, label_y), class);
    }

    /// A label whose left end and vertical middle are at a point.
    fn label(&mut self, text: &str, at: Point, class: &'static str) {
        if text.is_empty() {
            return;
        }
        let width = LABEL.width(text);
        let plate = Rect { x: at.0, y: at.1 - 8.0, w: width + 10.0, h: 16.0 };
        let text = Text {
            at: (at.0 + 5.0, at.1 + LABEL.size * 0.36),
            font: LABEL,
            text: text.to_owned(),
            class,
            is_centred: false,
        };
        self.scene.labels.push((plate, text));
    }

    /// Traffic, connections and dependencies run left of the lanes, each on its own track.
    fn route_left(&mut self) {
        for position in 0..self.left.len() {
            self.route_track(position);
        }
        // From what stands at the top to what stands below it.
        for edge in self.graph.edges.iter().filter(|edge| edge.kind == EdgeKind::Traffic) {
            let is_service = self.graph.nodes.get(edge.to).is_some_and(|node| node.kind == NodeKind::Service);
            if is_service {
                let (from, to) = (self.rect(edge.from), self.rect(edge.to));
                let (start, end) = ((from.x + 26.0, from.bottom()), (to.x + 26.0, to.y));
                let turn = start.1 + (end.1 - start.1) / 2.0;
                let points =
                    if start.0 == end.0 { vec![start, end] } else { vec![start, (start.0, turn), (end.0, turn), end] };
                self.scene.lines.push(Line { points, class: "traffic", start: Tip::None, end: Tip::Arrow });
            }
        }
    }

    fn route_track(&mut self, position: usize) {
        let Some(track) = self.left.get(position) else { return };
        let Some(edge) = self.graph.edges.get(track.edge) else { return };
        let (from, to) = (self.rect(edge.from), self.rect(edge.to));
        let x = self.box_x - PAD - track.offset;
        // Lines that meet at the same box arrive a little apart.
        let before = self.left.iter().take(position).filter_map(|other| self.graph.edges.get(other.edge));
        let shift =
            |node: usize| before.clone().filter(|other| other.to == node || other.from == node).count() as f32 * 9.0;
        let target: Point = (to.x, (to.y + 20.0 + shift(edge.to)).min(to.bottom() - 6.0));
        let is_from_above = self.graph.nodes.get(edge.from).is_some_and(|node| node.kind == NodeKind::Service);
        let points = if is_from_above {
            let start = (from.x + from.w / 2.0).max(x.min(from.right() - 12.0)).min(from.right() - 12.0);
            let turn = from.bottom() + GAP / 2.0;
            vec![(start, from.bottom()), (start, turn), (x, turn), (x, target.1), target]
        } else {
            let start = (from.x, (from.y + 20.0 + shift(edge.from)).min(from.bottom() - 6.0));
            vec![start, (x, start.1), (x, target.1), target]
        };
        let (class, start, end) = look(edge.kind);
        let middle = (from.y.max(0.0) + 20.0 + shift(edge.from) + target.1) / 2.0;
        self.scene.lines.push(Line { points, class, start, end });
        self.track_label(position, x, middle);
    }

    /// The label of a track, centred on its line.
    fn track_label(&mut self, position: usize, x: f32, middle: f32) {
        let Some(track) = self.left.get(position).filter(|track| !track.label.is_empty()) else { return };
        let mut stack = Stack::default();
        for line in &track.label {
            stack.add(line, LABEL, "talks", f32::MAX);
        }
        let (w, h) = (stack.width + 8.0, stack.height + 4.0);
        let top = middle - h / 2.0;
        let mut plate = Rect { x: x - w / 2.0, y: top, w, h };
        for text in stack.place(x, top + 2.0, true) {
            // One plate for all lines.
            self.scene.labels.push((plate, text));
            plate = Rect::default();
        }
    }

    /// Mounts and calls: out of the container, along the track of their other end, into that.
    fn route_mounts(&mut self) {
        for is_inside in [true, false] {
            let mut column: Vec<usize> = self.stores(is_inside).collect();
            column.sort_by(|a, b| self.rect(*a).y.total_cmp(&self.rect(*b).y));
            for (position, store) in column.iter().enumerate() {
                let rect = self.rect(*store);
                let track = rect.x - 14.0 - TRACK * self.track_of(position, &column) as f32;
                self.route_store(*store, rect, track);
            }
        }
        self.mount_paths();
    }

    /// Upper volumes whose lines come from below take outer tracks, so that lines cross as little as possible.
    fn track_of(&self, position: usize, column: &[usize]) -> usize {
        let middle = |store: usize| {
            let ports: Vec<f32> = self
                .graph
                .edges
                .iter()
                .enumerate()
                .filter(|(_, edge)| edge.to == store && leaves_right(edge.kind) && self.rect(edge.from).x <= self.box_x)
                .map(|(number, edge)| self.port(number, edge).1)
                .collect();
            ports.iter().sum::<f32>() / ports.len().max(1) as f32
        };
        let goes_down = column.get(position).is_some_and(|store| self.rect(*store).middle().1 > middle(*store));
        if goes_down { column.len() - 1 - position } else { position }
    }

    fn route_store(&mut self, store: usize, rect: Rect, track: f32) {
        let entry = (rect.x, rect.middle().1);
        for (number, edge) in
            self.graph.edges.iter().enumerate().filter(|(_, edge)| edge.to == store && leaves_right(edge.kind))
        {
            let is_neighbour = self.graph.nodes.get(edge.from).is_some_and(|node| node.kind == NodeKind::Workload);
            if is_neighbour {
                continue;
            }
            let port = self.port(number, edge);
            let (class, start, end) = look(edge.kind);
            let mut points = vec![port];
            points.extend(self.around_inner(store, port));
            let last = points.last().map_or(port.1, |point| point.1);
            points.extend([(track, last), (track, entry.1), entry]);
            self.scene.lines.push(Line { points, class, start, end });
            self.label(&edge.label, (self.box_x + self.box_width + PAD + 5.0, port.1), class);
        }
    }

    /// Where a line to the outside turns so that it passes between the stores in the Pod; nowhere when none is in its way.
    fn around_inner(&self, store: usize, port: Point) -> Vec<Point> {
        let inner: Vec<Rect> = self.stores(true).map(|index| self.rect(index)).collect();
        let hits = |y: f32| inner.iter().any(|rect| rect.y - 4.0 < y && y < rect.bottom() + 4.0);
        let Some(nth) = self.stores(false).position(|other| other == store) else { return Vec::new() };
        if !hits(port.1) {
            return Vec::new();
        }
        // Lines to several stores pass the same gap beside each other.
        let aside = 6.0 + 4.0 * (nth % 3) as f32;
        let gaps = inner.iter().flat_map(|rect| [rect.y - aside, rect.bottom() + aside]).filter(|y| !hits(*y));
        let nearest = gaps.min_by(|a, b| (a - port.1).abs().total_cmp(&(b - port.1).abs()));
        let left = inner.first().map_or(port.0, |rect| rect.x);
        let track = left - 14.0 - TRACK * (inner.len() + nth) as f32;
        nearest.map(|y| vec![(track, port.1), (track, y)]).unwrap_or_default()
    }

    /// The path of a mount, at the right edge of its container.
    fn mount_paths(&mut self) {
        for (number, edge) in
            self.graph.edges.iter().enumerate().filter(|(_, edge)| leaves_right(edge.kind) && !edge.detail.is_empty())
        {
            let port = self.port(number, edge);
            let max = self.box_width - 2.0 * INSET;
            let text = shortened(&edge.detail, max);
            let x = port.0 - INSET - DETAIL.width(&text);
            self.scene.labels.push((
                Rect::default(),
                Text { at: (x, port.1 + DETAIL.size * 0.36), font: DETAIL, text, class: "path", is_centred: false },
            ));
        }
    }
}

/// The end of a path tells more than its start.
fn shortened(path: &str, max: f32) -> String {
    let path = crate::diagram::text::clean(path);
    if DETAIL.width(&path) <= max {
        return path;
    }
    let mut start = 0;
    for (at, _) in path.char_indices() {
        start = at;
        if DETAIL.width(path.get(at..).unwrap_or_default()) + DETAIL.width("…") <= max {
            break;
        }
    }
    format!("…{}", path.get(start..).unwrap_or_default())
}
