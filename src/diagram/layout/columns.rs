//! Boxes and arrows in columns: Services above, containers from top to bottom in spec order, volumes to their right,
//! what outlives the Pod outside of it.
//!
//! Lines run in channels of their own: waiting between boxes in the gap below the first one, volumes to the right of
//! the containers, traffic to the left. So no line ever crosses a box.

use super::stack::Stack;
use super::{DETAIL, GROUP, LABEL, NOTE, SUBTITLE, TITLE, leading};
use crate::diagram::graph::{Edge, EdgeKind, Graph, GroupKind, Node, NodeKind};
use crate::diagram::scene::{Item, Line, Point, Rect, Scene, Shape, Text, Tip};

const MARGIN: f32 = 12.0;
const PAD: f32 = 14.0;
/// Space between the text and the outline of a box.
const INSET: f32 = 12.0;
const MIN_BOX: f32 = 196.0;
const MAX_BOX: f32 = 256.0;
/// Where the arrow to the next container leaves, right of the left edge. Lane titles keep clear of it.
const ARROW: f32 = 16.0;
const GAP: f32 = 30.0;
/// Height of the row in which a mount leaves its container.
const ROW: f32 = 19.0;
const TRACK: f32 = 14.0;
const STORE: f32 = 142.0;
const STORE_GAP: f32 = 18.0;
const CAP: f32 = 7.0;

/// Places a graph.
pub(in crate::diagram) fn columns(graph: &Graph) -> Scene {
    let mut layout = Columns::new(graph);
    layout.place_services();
    layout.place_lanes();
    layout.place_stores();
    layout.frame_groups();
    layout.route();
    layout.finish()
}

struct Columns<'g> {
    graph: &'g Graph,
    scene: Scene,
    rects: Vec<Rect>,
    stacks: Vec<Stack>,
    /// Width of all container boxes.
    box_width: f32,
    /// Left edge of the container boxes.
    box_x: f32,
    /// Edges that leave a container to the right, per node, in drawing order.
    mounts: Vec<Vec<usize>>,
    /// Edges in the left channel.
    left: Vec<usize>,
    pod_top: f32,
    lanes: Vec<(usize, Rect)>,
    lanes_bottom: f32,
}

fn is_mount(kind: EdgeKind) -> bool {
    matches!(kind, EdgeKind::Reads | EdgeKind::Writes | EdgeKind::Shares)
}

fn is_store(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::Volume | NodeKind::Storage)
}

impl<'g> Columns<'g> {
    fn new(graph: &'g Graph) -> Self {
        let mut mounts = vec![Vec::new(); graph.nodes.len()];
        let mut left = Vec::new();
        for (index, edge) in graph.edges.iter().enumerate() {
            if is_mount(edge.kind)
                && let Some(list) = mounts.get_mut(edge.from)
            {
                list.push(index);
            } else if matches!(edge.kind, EdgeKind::Traffic | EdgeKind::DependsOn) {
                left.push(index);
            }
        }
        let wanted = graph.nodes.iter().filter(|node| matches!(node.kind, NodeKind::Container(_))).map(|node| {
            let widths = [TITLE.width(&node.title) + 22.0, SUBTITLE.width(&node.subtitle)];
            let details = node.details.iter().map(|detail| DETAIL.width(detail));
            widths.into_iter().chain(details).fold(0.0, f32::max) + 2.0 * INSET
        });
        let box_width = wanted.fold(MIN_BOX, f32::max).min(MAX_BOX).ceil();
        let channel = if left.is_empty() { 0.0 } else { 22.0 + TRACK * left.len().min(8) as f32 };
        Self {
            graph,
            scene: Scene { title: graph.title.clone(), summary: graph.summary.clone(), ..Scene::default() },
            rects: vec![Rect::default(); graph.nodes.len()],
            stacks: vec![Stack::default(); graph.nodes.len()],
            box_width,
            box_x: MARGIN + PAD + PAD + channel,
            mounts,
            left,
            pod_top: MARGIN,
            lanes: Vec::new(),
            lanes_bottom: 0.0,
        }
    }

    fn set(&mut self, node: usize, rect: Rect, stack: Stack) {
        if let Some(slot) = self.rects.get_mut(node) {
            *slot = rect;
        }
        if let Some(slot) = self.stacks.get_mut(node) {
            *slot = stack;
        }
    }

    fn rect(&self, node: usize) -> Rect {
        self.rects.get(node).copied().unwrap_or_default()
    }

    /// Services stand above the Pod, from left to right.
    fn place_services(&mut self) {
        let mut x = MARGIN + PAD;
        let mut bottom = MARGIN;
        for (index, node) in self.graph.nodes.iter().enumerate().filter(|(_, node)| node.kind == NodeKind::Service) {
            let mut stack = Stack::default();
            stack.add(&node.title, TITLE, "title", MAX_BOX - 2.0 * INSET);
            stack.add(&node.subtitle, SUBTITLE, "subtitle", MAX_BOX - 2.0 * INSET);
            let rect = Rect { x, y: MARGIN, w: (stack.width + 2.0 * INSET).ceil(), h: stack.height + 16.0 };
            x = rect.right() + STORE_GAP;
            bottom = bottom.max(rect.bottom());
            self.set(index, rect, stack);
        }
        if bottom > MARGIN {
            self.pod_top = bottom + GAP;
        }
    }

    fn place_lanes(&mut self) {
        let title_height = leading(GROUP) + 12.0;
        let mut y = self.pod_top + title_height;
        for group_index in (0..self.graph.groups.len())
            .filter(|index| self.graph.groups.get(*index).is_some_and(|group| group.kind != GroupKind::Pod))
        {
            let top = y;
            let heading = self.lane_heading(group_index);
            y += 8.0 + heading.height + 6.0;
            let nodes: Vec<usize> = self.graph.in_group(group_index).map(|(index, _)| index).collect();
            for (position, index) in nodes.iter().enumerate() {
                if position > 0 {
                    y += GAP;
                }
                let Some(node) = self.graph.nodes.get(*index) else { continue };
                let (stack, height) = self.container_stack(*index, node);
                self.set(*index, Rect { x: self.box_x, y, w: self.box_width, h: height }, stack);
                y += height;
            }
            y += PAD;
            let rect = Rect { x: self.box_x - PAD, y: top, w: self.box_width + 2.0 * PAD, h: y - top };
            self.lanes.push((group_index, rect));
            y += GAP;
        }
        self.lanes_bottom = y - GAP;
    }

    fn lane_heading(&self, group: usize) -> Stack {
        let mut heading = Stack::default();
        if let Some(own) = self.graph.groups.get(group) {
            let max = self.box_width + PAD - self.lane_indent(group);
            heading.add(&heading_of(&own.title, &own.note), NOTE, "lane-title", max);
        }
        heading
    }

    /// Lane titles keep clear of an arrow that comes in from the lane above.
    fn lane_indent(&self, group: usize) -> f32 {
        let group_of = |node: usize| self.graph.nodes.get(node).and_then(|node| node.group);
        let mut edges = self.graph.edges.iter().filter(|edge| edge.kind == EdgeKind::Then);
        let comes_in = edges.any(|edge| group_of(edge.to) == Some(group) && group_of(edge.from) != Some(group));
        if comes_in { ARROW + 9.0 } else { 0.0 }
    }

    fn container_stack(&self, index: usize, node: &Node) -> (Stack, f32) {
        let max = self.box_width - 2.0 * INSET;
        let mut stack = Stack::default();
        stack.add(&node.title, TITLE, "title", max - 20.0);
        stack.add(&node.subtitle, SUBTITLE, "subtitle", max);
        for detail in &node.details {
            stack.add(detail, DETAIL, "detail", max);
        }
        if let Some(remark) = &node.remark {
            stack.add(remark, NOTE, "remark", max);
        }
        let rows = self.mounts.get(index).map_or(0, Vec::len) as f32;
        let height = 9.0 + stack.height + 9.0 + if rows > 0.0 { rows * ROW + 2.0 } else { 0.0 };
        (stack, height.ceil())
    }

    /// Where a mount leaves its container.
    fn port(&self, edge_index: usize, edge: &Edge) -> Point {
        let rect = self.rect(edge.from);
        let rows = self.mounts.get(edge.from).map_or(&[][..], Vec::as_slice);
        let position = rows.iter().position(|index| *index == edge_index).unwrap_or_default() as f32;
        (rect.right(), rect.bottom() - 6.0 - (rows.len() as f32 - position - 0.5) * ROW)
    }

    /// Stores that live in the Pod stand in it; those that outlive it stand outside. Each as near to its users as the
    /// others let it.
    fn place_stores(&mut self) {
        let pill = self
            .graph
            .edges
            .iter()
            .filter(|edge| is_mount(edge.kind))
            .map(|edge| LABEL.width(&edge.label))
            .fold(0.0, f32::max);
        let mut x = self.box_x + self.box_width + PAD;
        for is_inside in [true, false] {
            let stores: Vec<usize> = self
                .graph
                .nodes
                .iter()
                .enumerate()
                .filter(|(_, node)| is_store(node.kind) && node.group.is_some() == is_inside)
                .map(|(index, _)| index)
                .collect();
            if stores.is_empty() {
                continue;
            }
            // Behind the inner stores the outer ones need a channel of their own, and the border of the Pod.
            let channel = if is_inside || x <= self.box_x + self.box_width + PAD {
                pill + 26.0 + TRACK * stores.len() as f32
            } else {
                2.0 * PAD + 12.0 + TRACK * stores.len() as f32
            };
            let x_store = x + channel + if is_inside { 0.0 } else { PAD };
            self.stack_stores(&stores, x_store);
            x = x_store + STORE;
        }
    }

    fn stack_stores(&mut self, stores: &[usize], x: f32) {
        let mut wanted: Vec<(f32, usize, Stack)> = stores
            .iter()
            .filter_map(|index| {
                let node = self.graph.nodes.get(*index)?;
                let mut stack = Stack::default();
                stack.add(&node.title, TITLE, "title", STORE - 18.0);
                stack.add(&node.subtitle, SUBTITLE, "subtitle", STORE - 18.0);
                let ports: Vec<f32> = self
                    .graph
                    .edges
                    .iter()
                    .enumerate()
                    .filter(|(_, edge)| edge.to == *index && self.rect(edge.from).w > 0.0)
                    .map(|(number, edge)| self.port(number, edge).1)
                    .collect();
                let middle = ports.iter().sum::<f32>() / ports.len().max(1) as f32;
                Some((middle, *index, stack))
            })
            .collect();
        wanted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let top = self.lanes.first().map_or(self.pod_top, |(_, rect)| rect.y);
        let mut y = top;
        let mut placed: Vec<(usize, Rect, Stack)> = Vec::new();
        for (middle, index, stack) in wanted {
            let h = stack.height + 2.0 * CAP + 16.0;
            let own = (middle - h / 2.0).max(y);
            y = own + h + STORE_GAP;
            placed.push((index, Rect { x, y: own, w: STORE, h }, stack));
        }
        // What went too far down because of those above is pulled up again as far as they let it.
        let mut limit = self.lanes_bottom.max(y - STORE_GAP - self.slack(&placed, top));
        for (_, rect, _) in placed.iter_mut().rev() {
            rect.y = rect.y.min(limit - rect.h);
            limit = rect.y - STORE_GAP;
        }
        for (index, rect, stack) in placed {
            self.set(index, rect, stack);
        }
    }

    /// How much the stores may be pulled up without leaving the top.
    fn slack(&self, placed: &[(usize, Rect, Stack)], top: f32) -> f32 {
        let needed: f32 = placed.iter().map(|(_, rect, _)| rect.h + STORE_GAP).sum::<f32>() - STORE_GAP;
        let bottom = placed.last().map_or(top, |(_, rect, _)| rect.bottom());
        (bottom - top - needed).max(0.0).min((bottom - self.lanes_bottom).max(0.0))
    }

    fn frame_groups(&mut self) {
        let inner =
            self.graph.nodes.iter().zip(&self.rects).filter(|(node, _)| is_store(node.kind) && node.group.is_some());
        let right = inner.map(|(_, rect)| rect.right()).fold(self.box_x + self.box_width + PAD, f32::max);
        let inner =
            self.graph.nodes.iter().zip(&self.rects).filter(|(node, _)| is_store(node.kind) && node.group.is_some());
        let bottom = inner.map(|(_, rect)| rect.bottom()).fold(self.lanes_bottom, f32::max);
        if let Some(group) = self.graph.groups.iter().find(|group| group.kind == GroupKind::Pod) {
            let mut heading = Stack::default();
            let mut area = Rect { x: MARGIN, y: self.pod_top, w: right + PAD - MARGIN, h: bottom + PAD - self.pod_top };
            heading.add(&group.title, GROUP, "group-title", f32::MAX);
            area.w = area.w.max(self.box_x - area.x + heading.width + PAD);
            self.scene.groups.push(Item {
                area,
                shape: Shape::Rounded(12.0),
                class: "pod",
                role: None,
                // Right of the channel in which traffic comes in from above.
                texts: heading.place(self.box_x - PAD, area.y + 8.0, false),
                target: None,
            });
        }
        for (index, area) in &self.lanes {
            let heading = self.lane_heading(*index);
            let indent = self.lane_indent(*index);
            self.scene.groups.push(Item {
                area: *area,
                shape: Shape::Rounded(8.0),
                class: "lane",
                role: None,
                texts: heading.place(area.x + PAD + indent, area.y + 8.0, false),
                target: None,
            });
        }
    }

    fn route(&mut self) {
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

    /// Traffic and dependencies run left of the lanes, each on its own track.
    fn route_left(&mut self) {
        let left = self.left.clone();
        for (position, index) in left.iter().enumerate() {
            let Some(edge) = self.graph.edges.get(*index) else { continue };
            let (from, to) = (self.rect(edge.from), self.rect(edge.to));
            let track = self.box_x - PAD - 12.0 - TRACK * (position % 8) as f32;
            let class = if edge.kind == EdgeKind::Traffic { "traffic" } else { "depends" };
            // Lines that meet at the same box arrive a little apart.
            let arrivals = left.iter().take(position).filter_map(|other| self.graph.edges.get(*other));
            let shift = arrivals.filter(|other| other.to == edge.to || other.from == edge.to).count() as f32 * 9.0;
            let target: Point = (to.x, (to.y + 20.0 + shift).min(to.bottom() - 6.0));
            let is_from_above = self.graph.nodes.get(edge.from).is_some_and(|node| node.kind == NodeKind::Service);
            let points = if is_from_above {
                let start = (from.x + from.w / 2.0).max(track.min(from.right() - 8.0)).min(from.right() - 8.0);
                let turn = from.bottom() + GAP / 2.0;
                vec![(start, from.bottom()), (start, turn), (track, turn), (track, target.1), target]
            } else {
                let start = (from.x, (from.y + 20.0 + shift).min(from.bottom() - 6.0));
                vec![start, (track, start.1), (track, target.1), target]
            };
            self.scene.lines.push(Line { points, class, start: Tip::None, end: Tip::Arrow });
        }
    }

    /// Mounts: out of the container, along the track of their volume, into the volume.
    fn route_mounts(&mut self) {
        let mut stores: Vec<usize> = (0..self.graph.nodes.len())
            .filter(|index| self.graph.nodes.get(*index).is_some_and(|node| is_store(node.kind)))
            .collect();
        stores.sort_by(|a, b| self.rect(*a).y.total_cmp(&self.rect(*b).y));
        for is_inside in [true, false] {
            let column: Vec<usize> = stores
                .iter()
                .copied()
                .filter(|index| self.graph.nodes.get(*index).is_some_and(|node| node.group.is_some() == is_inside))
                .collect();
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
                .filter(|(_, edge)| edge.to == store && is_mount(edge.kind) && self.rect(edge.from).x <= self.box_x)
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
            self.graph.edges.iter().enumerate().filter(|(_, edge)| edge.to == store && is_mount(edge.kind))
        {
            let is_neighbour = self.graph.nodes.get(edge.from).is_some_and(|node| node.kind == NodeKind::Workload);
            if is_neighbour {
                continue;
            }
            let port = self.port(number, edge);
            let (start, end, class) = match edge.kind {
                EdgeKind::Reads => (Tip::Arrow, Tip::None, "reads"),
                EdgeKind::Writes => (Tip::None, Tip::Arrow, "writes"),
                _ => (Tip::Arrow, Tip::Arrow, "shares"),
            };
            self.scene.lines.push(Line {
                points: vec![port, (track, port.1), (track, entry.1), entry],
                class,
                start,
                end,
            });
            self.label(&edge.label, (self.box_x + self.box_width + PAD + 5.0, port.1), class);
        }
    }

    /// The path of a mount, at the right edge of its container.
    fn mount_paths(&mut self) {
        for (number, edge) in
            self.graph.edges.iter().enumerate().filter(|(_, edge)| is_mount(edge.kind) && !edge.detail.is_empty())
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

    fn finish(mut self) -> Scene {
        self.place_neighbours();
        for (index, node) in self.graph.nodes.iter().enumerate() {
            let (rect, stack) = (self.rect(index), self.stacks.get(index).cloned().unwrap_or_default());
            let item = |class, shape, role, texts| Item { area: rect, shape, class, role, texts, target: node.target };
            let item = match node.kind {
                NodeKind::Container(role) => {
                    let shape = match role {
                        crate::detect::Role::Init => Shape::Step,
                        crate::detect::Role::App | crate::detect::Role::Peer => Shape::Rounded(6.0),
                        _ => Shape::Rounded(14.0),
                    };
                    item("container", shape, Some(role), stack.place(rect.x + INSET, rect.y + 9.0, false))
                }
                NodeKind::Volume | NodeKind::Storage => {
                    let class = if node.kind == NodeKind::Volume { "volume" } else { "storage" };
                    let top = rect.y + 2.0 * CAP + (rect.h - 2.0 * CAP - stack.height) / 2.0;
                    item(class, Shape::Cylinder, None, stack.place(rect.middle().0, top, true))
                }
                NodeKind::Service => item(
                    "service",
                    Shape::Rounded(rect.h / 2.0),
                    None,
                    stack.place(rect.middle().0, rect.y + 8.0, true),
                ),
                NodeKind::Workload => {
                    item("workload", Shape::Rounded(6.0), None, stack.place(rect.middle().0, rect.y + 8.0, true))
                }
            };
            self.scene.nodes.push(item);
        }
        let areas = self.scene.nodes.iter().chain(&self.scene.groups).map(|item| item.area);
        let (right, bottom) =
            areas.fold((0.0_f32, 0.0_f32), |(r, b), area| (r.max(area.right()), b.max(area.bottom())));
        self.scene.width = (right + MARGIN).ceil();
        self.scene.height = (bottom + MARGIN).ceil();
        self.scene
    }

    /// Other workloads that use a volume stand below it, or below each other.
    fn place_neighbours(&mut self) {
        let mut below: Vec<(usize, f32)> = Vec::new();
        for edge in &self.graph.edges {
            let Some(node) = self.graph.nodes.get(edge.from).filter(|node| node.kind == NodeKind::Workload) else {
                continue;
            };
            let store = self.rect(edge.to);
            let same_column = self
                .graph
                .nodes
                .iter()
                .zip(&self.rects)
                .filter(|(other, rect)| is_store(other.kind) && rect.x == store.x);
            let column_bottom = same_column.map(|(_, rect)| rect.bottom()).fold(store.bottom(), f32::max);
            let y = below.iter().map(|(_, bottom)| *bottom).fold(column_bottom, f32::max) + GAP;
            let mut stack = Stack::default();
            stack.add(&node.title, TITLE, "title", STORE + 10.0);
            stack.add(&node.subtitle, SUBTITLE, "subtitle", STORE + 10.0);
            let rect = Rect { x: store.x, y, w: STORE.max(stack.width + 2.0 * INSET), h: stack.height + 16.0 };
            below.push((edge.from, rect.bottom()));
            let x = store.middle().0;
            let is_read = edge.kind == EdgeKind::Reads;
            self.scene.lines.push(Line {
                points: vec![(x, rect.y), (x, store.bottom())],
                class: if is_read { "reads" } else { "shares" },
                start: Tip::Arrow,
                end: if is_read { Tip::None } else { Tip::Arrow },
            });
            self.set(edge.from, rect, stack);
        }
    }
}

fn heading_of(title: &str, note: &str) -> String {
    if note.is_empty() { title.to_owned() } else { format!("{title}: {note}") }
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
