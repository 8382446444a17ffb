//! Boxes and arrows in columns: Services above, containers from top to bottom in spec order, volumes to their right,
//! what outlives the Pod outside of it.
//!
//! Lines run in channels of their own: waiting between boxes in the gap below the first one, volumes to the right of
//! the containers, traffic to the left. So no line ever crosses a box.

mod lines;
mod stores;

use super::stack::Stack;
use super::{DETAIL, GROUP, LABEL, NOTE, SUBTITLE, TITLE};
use crate::diagram::graph::{Edge, EdgeKind, Graph, GroupKind, Node, NodeKind};
use crate::diagram::scene::{Item, Point, Rect, Scene, Shape};

const MARGIN: f32 = 12.0;
const PAD: f32 = 14.0;
/// Space between the text and the outline of a box.
pub(super) const INSET: f32 = 12.0;
const MIN_BOX: f32 = 196.0;
const MAX_BOX: f32 = 256.0;
/// Where the arrow to the next container leaves, right of the left edge. Lane titles keep clear of it.
const ARROW: f32 = 16.0;
const GAP: f32 = 30.0;
/// Height of the row in which a mount leaves its container.
const ROW: f32 = 19.0;
const TRACK: f32 = 14.0;
const STORE: f32 = 142.0;
/// Width of what stands outside of the Pod: host names are long.
const OUTSIDE: f32 = 178.0;
const STORE_GAP: f32 = 18.0;
pub(super) const CAP: f32 = 7.0;

/// Places a graph.
pub(in crate::diagram) fn columns(graph: &Graph) -> Scene {
    let mut layout = Columns::new(graph);
    layout.place_outside();
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
    /// Whether each node stands right of the containers.
    stores: Vec<bool>,
    /// Width of all container boxes.
    box_width: f32,
    /// Left edge of the container boxes.
    box_x: f32,
    /// Edges that leave a container to the right, per node, in drawing order.
    mounts: Vec<Vec<usize>>,
    /// Edges in the left channel.
    left: Vec<Track>,
    pod_top: f32,
    lanes: Vec<(usize, Rect)>,
    lanes_bottom: f32,
}

/// Whether an arrow leaves its container to the right, where volumes and other Pods stand.
fn leaves_right(kind: EdgeKind) -> bool {
    kind.is_mount() || kind.is_outbound()
}

/// A vertical line in the left channel, with room for its label.
struct Track {
    edge: usize,
    /// From the left edge of the lanes to the line.
    offset: f32,
    width: f32,
    /// What it says, one text a line.
    label: Vec<String>,
}

/// Most pixels that labels may take in the left channel; beyond, lines go without.
const LABELS: f32 = 260.0;

/// The lines of the left channel from the inside out: traffic from above first, so that it crosses no label.
fn tracks(graph: &Graph) -> Vec<Track> {
    let is_left = |edge: &Edge| {
        let is_inside = graph.nodes.get(edge.to).is_some_and(|node| matches!(node.kind, NodeKind::Container(_)));
        is_inside && matches!(edge.kind, EdgeKind::Traffic | EdgeKind::Talks | EdgeKind::Hands | EdgeKind::DependsOn)
    };
    let mut edges: Vec<(usize, &Edge)> = graph.edges.iter().enumerate().filter(|(_, edge)| is_left(edge)).collect();
    let is_talk = |edge: &Edge| matches!(edge.kind, EdgeKind::Talks | EdgeKind::Hands);
    edges.sort_by_key(|(_, edge)| is_talk(edge));
    let mut tracks: Vec<Track> = Vec::new();
    let mut at = 10.0;
    for (index, edge) in edges {
        let mut label: Vec<String> = Vec::new();
        if is_talk(edge) && at < LABELS {
            label = [&edge.label, &edge.detail].into_iter().flat_map(|text| LABEL.wrap(text, 96.0)).collect();
        }
        let text = label.iter().map(|line| LABEL.width(line)).fold(0.0, f32::max);
        // Many lines without labels share tracks.
        let is_crowded = tracks.len() > 12 && label.is_empty();
        let width = if label.is_empty() { TRACK } else { text + 16.0 };
        if !is_crowded {
            at += width;
        }
        tracks.push(Track { edge: index, offset: at - width / 2.0, width, label });
    }
    tracks
}

/// Whether each node stands right of the containers: volumes, and what is called.
fn stores(graph: &Graph) -> Vec<bool> {
    let mut stores: Vec<bool> =
        graph.nodes.iter().map(|node| matches!(node.kind, NodeKind::Volume | NodeKind::Storage)).collect();
    for edge in graph.edges.iter().filter(|edge| edge.kind.is_outbound()) {
        if let Some(slot) = stores.get_mut(edge.to) {
            *slot = true;
        }
    }
    stores
}

impl<'g> Columns<'g> {
    fn new(graph: &'g Graph) -> Self {
        let mut mounts = vec![Vec::new(); graph.nodes.len()];
        for (index, edge) in graph.edges.iter().enumerate() {
            if leaves_right(edge.kind)
                && let Some(list) = mounts.get_mut(edge.from)
            {
                list.push(index);
            }
        }
        let wanted = graph.nodes.iter().filter(|node| matches!(node.kind, NodeKind::Container(_))).map(|node| {
            let widths = [TITLE.width(&node.title) + 22.0, SUBTITLE.width(&node.subtitle)];
            let details = node.details.iter().map(|detail| DETAIL.width(detail));
            widths.into_iter().chain(details).fold(0.0, f32::max) + 2.0 * INSET
        });
        let box_width = wanted.fold(MIN_BOX, f32::max).min(MAX_BOX).ceil();
        let left = tracks(graph);
        let channel = left.last().map_or(0.0, |outermost| outermost.offset + outermost.width / 2.0 + 10.0);
        Self {
            graph,
            scene: Scene { title: graph.title.clone(), summary: graph.summary.clone(), ..Scene::default() },
            rects: vec![Rect::default(); graph.nodes.len()],
            stacks: vec![Stack::default(); graph.nodes.len()],
            stores: stores(graph),
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

    /// The nodes right of the containers, in the Pod or outside of it.
    fn stores(&self, is_inside: bool) -> impl Iterator<Item = usize> {
        let nodes = self.graph.nodes.iter().zip(&self.stores).enumerate();
        nodes
            .filter(move |(_, (node, is_store))| **is_store && node.group.is_some() == is_inside)
            .map(|(index, _)| index)
    }

    fn rect(&self, node: usize) -> Rect {
        self.rects.get(node).copied().unwrap_or_default()
    }

    /// Routes stand at the top, Services below them, above the Pod.
    fn place_outside(&mut self) {
        let mut top = MARGIN;
        for kind in [NodeKind::Route, NodeKind::Service] {
            let mut x = MARGIN + PAD;
            let mut bottom = top;
            for (index, node) in self.graph.nodes.iter().enumerate().filter(|(_, node)| node.kind == kind) {
                let mut stack = Stack::default();
                stack.add(&node.title, TITLE, "title", MAX_BOX - 2.0 * INSET);
                stack.add(&node.subtitle, SUBTITLE, "subtitle", MAX_BOX - 2.0 * INSET);
                let rect = Rect { x, y: top, w: (stack.width + 2.0 * INSET + 8.0).ceil(), h: stack.height + 16.0 };
                x = rect.right() + STORE_GAP;
                bottom = bottom.max(rect.bottom());
                self.set(index, rect, stack);
            }
            if bottom > top {
                top = bottom + GAP;
            }
        }
        self.pod_top = top;
    }

    /// Title and note of the Pod, which stand right of the channel in which traffic comes in from above.
    fn pod_heading(&self) -> Stack {
        let mut heading = Stack::default();
        if let Some(group) = self.graph.groups.iter().find(|group| group.kind == GroupKind::Pod) {
            heading.add(&group.title, GROUP, "group-title", self.box_width + STORE);
            heading.add(&group.note, NOTE, "lane-title", self.box_width + 2.0 * PAD);
        }
        heading
    }

    fn place_lanes(&mut self) {
        let mut y = self.pod_top + self.pod_heading().height + 12.0;
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

    fn frame_groups(&mut self) {
        let right = self.stores(true).map(|index| self.rect(index).right());
        let right = right.fold(self.box_x + self.box_width + PAD, f32::max);
        let bottom = self.stores(true).map(|index| self.rect(index).bottom()).fold(self.lanes_bottom, f32::max);
        let heading = self.pod_heading();
        let width = (right + PAD - MARGIN).max(self.box_x - PAD - MARGIN + heading.width + PAD);
        let area = Rect { x: MARGIN, y: self.pod_top, w: width, h: bottom + PAD - self.pod_top };
        self.scene.groups.push(Item {
            area,
            shape: Shape::Rounded(12.0),
            class: "pod",
            texts: heading.place(self.box_x - PAD, area.y + 8.0, false),
            ..Item::default()
        });
        for (index, area) in &self.lanes {
            let heading = self.lane_heading(*index);
            let indent = self.lane_indent(*index);
            self.scene.groups.push(Item {
                area: *area,
                shape: Shape::Rounded(8.0),
                class: "lane",
                texts: heading.place(area.x + PAD + indent, area.y + 8.0, false),
                ..Item::default()
            });
        }
    }

    fn finish(mut self) -> Scene {
        self.place_neighbours();
        for (index, node) in self.graph.nodes.iter().enumerate() {
            let stack = self.stacks.get(index).cloned().unwrap_or_default();
            self.scene.nodes.push(super::node::item(node, self.rect(index), &stack));
        }
        let areas = self.scene.nodes.iter().chain(&self.scene.groups).map(|item| item.area);
        let (right, bottom) =
            areas.fold((0.0_f32, 0.0_f32), |(r, b), area| (r.max(area.right()), b.max(area.bottom())));
        self.scene.width = (right + MARGIN).ceil();
        self.scene.height = (bottom + MARGIN).ceil();
        self.scene
    }
}

fn heading_of(title: &str, note: &str) -> String {
    if note.is_empty() { title.to_owned() } else { format!("{title}: {note}") }
}
