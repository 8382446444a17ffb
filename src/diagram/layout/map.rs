//! A whole text: workloads as cards that list their containers, what leads to them on their left, what they lead to on
//! their right.

use super::columns::{CAP, INSET};
use super::layers::{Frame, Link, Places, Ports, Ranks, Size, place, ranks};
use super::stack::Stack;
use super::{DETAIL, GROUP, LABEL, NOTE, SUBTITLE, TITLE, look, node};
use crate::diagram::graph::{Graph, Group, GroupKind, Node, NodeKind};
use crate::diagram::scene::{Item, Line, Point, Rect, Scene, Shape, Text, Tip};

const MARGIN: f32 = 14.0;
const PAD: f32 = 12.0;
const CARD: f32 = 222.0;
const FREE: f32 = 156.0;
/// Space between the boxes of a card.
const ROW_GAP: f32 = 8.0;
/// Height that a line with its label needs at the side of a box.
const PORT: f32 = 17.0;
/// Distance of the lines within a card, left of its boxes.
const GUTTER: f32 = 9.0;

/// Places the graph of a whole text.
pub(in crate::diagram) fn map(graph: &Graph) -> Scene {
    let mut layout = Map::new(graph);
    let ranks = ranks(layout.boxes.len(), &layout.links());
    layout.measure(&ranks);
    let places = layout.place(&ranks);
    layout.draw(&places, &ranks)
}

/// What takes a place of its own: a card with all that is in it, or a free box.
#[derive(Clone, Copy, Debug)]
enum Outer {
    Card(usize),
    Free(usize),
}

struct Map<'g> {
    graph: &'g Graph,
    boxes: Vec<Outer>,
    /// The outer box of each node.
    outer: Vec<usize>,
    /// Edges between two outer boxes.
    between: Vec<usize>,
    /// Edges within a card.
    within: Vec<usize>,
    sizes: Vec<Size>,
    stacks: Vec<Stack>,
    /// Where each node stands in its outer box.
    inner: Vec<Rect>,
    /// Ends of lines at the sides of each node: at its left, at its right.
    ends: Vec<(usize, usize)>,
}

impl<'g> Map<'g> {
    fn new(graph: &'g Graph) -> Self {
        let mut boxes = Vec::new();
        let mut outer = vec![0; graph.nodes.len()];
        let mut card_of = vec![None; graph.groups.len()];
        for (index, (group, card)) in graph.groups.iter().zip(&mut card_of).enumerate() {
            if group.kind == GroupKind::Card {
                *card = Some(boxes.len());
                boxes.push(Outer::Card(index));
            }
        }
        for (index, node) in graph.nodes.iter().enumerate() {
            let card = node.group.and_then(|group| card_of.get(group).copied().flatten());
            let own = card.unwrap_or(boxes.len());
            if card.is_none() {
                boxes.push(Outer::Free(index));
            }
            if let Some(slot) = outer.get_mut(index) {
                *slot = own;
            }
        }
        let of = |node: usize| outer.get(node).copied();
        let (within, between) = (0..graph.edges.len())
            .partition(|index| graph.edges.get(*index).is_some_and(|edge| of(edge.from) == of(edge.to)));
        let count = graph.nodes.len();
        Self {
            graph,
            boxes,
            outer,
            between,
            within,
            sizes: Vec::new(),
            stacks: vec![Stack::default(); count],
            inner: vec![Rect::default(); count],
            ends: vec![(0, 0); count],
        }
    }

    fn links(&self) -> Vec<Link> {
        let edges = self.between.iter().filter_map(|index| self.graph.edges.get(*index));
        let of = |node: usize| self.outer.get(node).copied().unwrap_or_default();
        edges.map(|edge| Link { from: of(edge.from), to: of(edge.to) }).collect()
    }

    /// The nodes of a line, the left one first.
    fn sides(&self, link: usize, ranks: &Ranks) -> (usize, usize) {
        let edge = self.between.get(link).and_then(|index| self.graph.edges.get(*index));
        let (from, to) = edge.map_or((0, 0), |edge| (edge.from, edge.to));
        if ranks.is_back.get(link) == Some(&true) { (to, from) } else { (from, to) }
    }

    fn measure(&mut self, ranks: &Ranks) {
        for link in 0..self.between.len() {
            let (left, right) = self.sides(link, ranks);
            if let Some(ends) = self.ends.get_mut(left) {
                ends.1 += 1;
            }
            if let Some(ends) = self.ends.get_mut(right) {
                ends.0 += 1;
            }
        }
        for index in 0..self.boxes.len() {
            let size = match self.boxes.get(index) {
                Some(Outer::Card(group)) => self.measure_card(*group),
                Some(Outer::Free(node)) => self.measure_free(*node),
                None => Size::default(),
            };
            self.sizes.push(size);
        }
    }

    /// Namespaces are bands; what belongs to none stands below all of them.
    fn band(&self, group: Option<usize>) -> usize {
        let bands = self.bands();
        let is_outer =
            |group: &usize| self.graph.groups.get(*group).is_some_and(|own| own.kind == GroupKind::Namespace);
        let outer = group.filter(is_outer).or_else(|| self.graph.groups.get(group?)?.parent);
        outer.and_then(|outer| bands.iter().position(|band| *band == outer)).unwrap_or(bands.len())
    }

    fn bands(&self) -> Vec<usize> {
        let groups = self.graph.groups.iter().enumerate();
        groups.filter(|(_, group)| group.kind == GroupKind::Namespace).map(|(index, _)| index).collect()
    }

    fn card_heading(&self, group: &Group) -> Stack {
        let mut heading = Stack::default();
        heading.add(&group.title, GROUP, "group-title", CARD - 2.0 * PAD);
        for line in group.note.split('\n') {
            heading.add(line, NOTE, "card-note", CARD - 2.0 * PAD);
        }
        heading
    }

    /// Width of the space left of the boxes in which lines within a card run.
    fn gutter(&self, card: usize) -> f32 {
        let edges = self.within.iter().filter_map(|index| self.graph.edges.get(*index));
        let own = edges.filter(|edge| self.outer.get(edge.from) == Some(&card)).count();
        own as f32 * GUTTER
    }

    fn measure_card(&mut self, group: usize) -> Size {
        let Some(own) = self.graph.groups.get(group) else { return Size::default() };
        let card = self.boxes.iter().position(|outer| matches!(outer, Outer::Card(other) if *other == group));
        let gutter = card.map_or(0.0, |card| self.gutter(card));
        let mut y = PAD - 2.0 + self.card_heading(own).height + 6.0;
        let members: Vec<usize> = self.graph.in_group(group).map(|(index, _)| index).collect();
        for index in members {
            let Some(node) = self.graph.nodes.get(index) else { continue };
            let x = PAD + gutter;
            let w = CARD - PAD - x;
            let stack = texts(node, w - 2.0 * INSET);
            let h = self.height(index, stack.height + 16.0);
            self.set(index, Rect { x, y, w, h }, stack);
            y += h + ROW_GAP;
        }
        Size { w: CARD, h: (y - ROW_GAP + PAD).ceil(), band: self.band(Some(group)) }
    }

    fn measure_free(&mut self, index: usize) -> Size {
        let Some(node) = self.graph.nodes.get(index) else { return Size::default() };
        let is_card = matches!(node.kind, NodeKind::Workload | NodeKind::Container(_));
        let width = if is_card { CARD } else { FREE };
        let stack = texts(node, width - 2.0 * INSET);
        let caps =
            if matches!(node.kind, NodeKind::Volume | NodeKind::Storage | NodeKind::Store) { CAP * 2.0 } else { 0.0 };
        let h = self.height(index, stack.height + 18.0 + caps);
        self.set(index, Rect { x: 0.0, y: 0.0, w: width, h }, stack);
        Size { w: width, h, band: self.band(node.group) }
    }

    /// A box is as high as its texts, and as the lines at its right side.
    fn height(&self, node: usize, texts: f32) -> f32 {
        let right = self.ends.get(node).map_or(0, |ends| ends.1);
        texts.max(right as f32 * PORT + 4.0).ceil()
    }

    fn set(&mut self, node: usize, rect: Rect, stack: Stack) {
        if let Some(slot) = self.inner.get_mut(node) {
            *slot = rect;
        }
        if let Some(slot) = self.stacks.get_mut(node) {
            *slot = stack;
        }
    }

    fn place(&self, ranks: &Ranks) -> Places {
        let room = |link| self.label(link).map_or(0.0, |label| LABEL.width(&label) + 22.0);
        let labels: Vec<f32> = (0..self.between.len()).map(room).collect();
        let has_bands = !self.bands().is_empty();
        let (x, head, foot) = if has_bands { (MARGIN + PAD, 30.0, PAD) } else { (MARGIN, 0.0, 0.0) };
        let links = self.links();
        let layers = place(&self.sizes, &links, ranks, &labels, Frame { x, y: MARGIN, head, foot });
        let mut ports = vec![Ports::default(); links.len()];
        for is_left_end in [true, false] {
            let mut of: Vec<Vec<(f32, usize)>> = vec![Vec::new(); self.graph.nodes.len()];
            for link in 0..links.len() {
                let (left, right) = self.sides(link, ranks);
                if let Some(list) = of.get_mut(if is_left_end { left } else { right }) {
                    list.push((layers.beside(link, is_left_end), link));
                }
            }
            for (mut list, inner) in of.into_iter().zip(&self.inner) {
                // Lines that go up leave above those that go down, so that they do not cross.
                list.sort_by(|a, b| a.0.total_cmp(&b.0));
                let count = list.len().max(1) as f32;
                let step = if is_left_end { PORT } else { PORT.min((inner.h - 8.0) / count) };
                for (nth, (_, link)) in list.into_iter().enumerate() {
                    let y = inner.y + inner.h / 2.0 + (nth as f32 - (count - 1.0) / 2.0) * step;
                    if let Some(ports) = ports.get_mut(link) {
                        *(if is_left_end { &mut ports.left } else { &mut ports.right }) = y;
                    }
                }
            }
        }
        layers.route(&ports)
    }

    /// What a line says: its label and, when that is short, its address.
    fn label(&self, link: usize) -> Option<String> {
        let edge = self.between.get(link).and_then(|index| self.graph.edges.get(*index))?;
        let shown = if edge.kind.is_mount() || edge.detail.is_empty() {
            edge.label.clone()
        } else {
            format!("{} {}", edge.label, edge.detail)
        };
        LABEL.wrap(&shown, 150.0).into_iter().next().filter(|label| !label.is_empty())
    }

    fn draw(&self, places: &Places, ranks: &Ranks) -> Scene {
        let mut scene =
            Scene { title: self.graph.title.clone(), summary: self.graph.summary.clone(), ..Scene::default() };
        let right = places.right + PAD;
        for (band, group) in self.bands().into_iter().enumerate() {
            let (Some((top, bottom)), Some(own)) = (places.bands.get(band), self.graph.groups.get(group)) else {
                continue;
            };
            let mut heading = Stack::default();
            heading.add(&own.title, GROUP, "group-title", right - MARGIN - 2.0 * PAD);
            scene.groups.push(Item {
                area: Rect { x: MARGIN, y: *top, w: right - MARGIN, h: bottom - top },
                shape: Shape::Rounded(12.0),
                class: "namespace",
                texts: heading.place(MARGIN + PAD, top + 7.0, false),
                target: own.target,
                ..Item::default()
            });
        }
        for (outer, rect) in self.boxes.iter().zip(&places.boxes) {
            let Outer::Card(group) = outer else { continue };
            let Some(own) = self.graph.groups.get(*group) else { continue };
            scene.groups.push(Item {
                area: *rect,
                shape: Shape::Rounded(10.0),
                class: "card",
                texts: self.card_heading(own).place(rect.x + PAD, rect.y + PAD - 2.0, false),
                target: own.target,
                ..Item::default()
            });
        }
        for (index, own) in self.graph.nodes.iter().enumerate() {
            let rect = self.rect(index, places);
            let stack = self.stacks.get(index).cloned().unwrap_or_default();
            scene.nodes.push(node::item(own, rect, &stack));
        }
        for (link, points) in places.lines.iter().enumerate() {
            let mut points = points.clone();
            // A line goes on to the box in the card that it is about.
            let (left, right) = self.sides(link, ranks);
            if let [first, .., last] = points.as_mut_slice() {
                (first.0, last.0) = (self.rect(left, places).right(), self.rect(right, places).x);
            }
            self.line(&mut scene, link, points, (places, ranks));
        }
        self.inner_lines(&mut scene, places);
        let areas = scene.nodes.iter().chain(&scene.groups).map(|item| item.area);
        let corners = areas.map(|area| (area.right(), area.bottom()));
        let points = scene.lines.iter().flat_map(|line| line.points.iter().copied());
        let (right, bottom) = corners.chain(points).fold((0.0_f32, 0.0_f32), |(r, b), (x, y)| (r.max(x), b.max(y)));
        scene.width = (right + MARGIN).ceil();
        scene.height = (bottom + MARGIN).ceil();
        scene
    }

    fn rect(&self, node: usize, places: &Places) -> Rect {
        let outer = self.outer.get(node).and_then(|outer| places.boxes.get(*outer)).copied().unwrap_or_default();
        let inner = self.inner.get(node).copied().unwrap_or_default();
        Rect { x: outer.x + inner.x, y: outer.y + inner.y, ..inner }
    }

    fn line(&self, scene: &mut Scene, link: usize, mut points: Vec<Point>, (places, ranks): (&Places, &Ranks)) {
        let Some(edge) = self.between.get(link).and_then(|index| self.graph.edges.get(*index)) else { return };
        let (class, mut start, mut end) = look(edge.kind);
        let is_back = ranks.is_back.get(link) == Some(&true);
        if is_back {
            std::mem::swap(&mut start, &mut end);
        }
        if let (Some(text), Some(first)) = (self.label(link), points.first()) {
            // In a card the line first has to leave that.
            let (left, _) = self.sides(link, ranks);
            let outer =
                self.outer.get(left).and_then(|outer| places.boxes.get(*outer)).map_or(first.0, |rect| rect.right());
            let at = (outer + 12.0, first.1);
            let plate = Rect { x: at.0, y: at.1 - 8.0, w: LABEL.width(&text) + 8.0, h: 16.0 };
            let at = (at.0 + 4.0, at.1 + LABEL.size * 0.36);
            scene.labels.push((plate, Text { at, font: LABEL, text, class, is_centred: false }));
        }
        // A cross stands at the end of a line.
        if start == Tip::Cross {
            points.reverse();
            std::mem::swap(&mut start, &mut end);
        }
        scene.lines.push(Line { points, class, start, end });
    }

    /// Lines within a card, left of its boxes.
    fn inner_lines(&self, scene: &mut Scene, places: &Places) {
        let mut used = vec![0; self.boxes.len()];
        for edge in self.within.iter().filter_map(|index| self.graph.edges.get(*index)) {
            let (from, to) = (self.rect(edge.from, places), self.rect(edge.to, places));
            let nth = self.outer.get(edge.from).and_then(|outer| used.get_mut(*outer));
            let nth = nth.map_or(0, |nth| {
                *nth += 1;
                *nth
            });
            let x = from.x - nth as f32 * GUTTER;
            // Lines that meet at the same box arrive a little apart.
            let shift = (nth as f32 - 1.0) * 9.0 - 7.0;
            let (y_from, y_to) = (from.middle().1 + shift, to.middle().1 + shift);
            let (class, start, end) = look(edge.kind);
            scene.lines.push(Line {
                points: vec![(from.x, y_from), (x, y_from), (x, y_to), (to.x, y_to)],
                class,
                start,
                end,
            });
        }
    }
}

/// The texts of a box.
fn texts(node: &Node, max: f32) -> Stack {
    let mut stack = Stack::default();
    // The sign of the role stands in the corner.
    let corner = if matches!(node.kind, NodeKind::Container(_)) { 16.0 } else { 0.0 };
    stack.add(&node.title, TITLE, "title", max - corner);
    stack.add(&node.subtitle, SUBTITLE, "subtitle", max);
    for detail in &node.details {
        stack.add(detail, DETAIL, "detail", max);
    }
    if let Some(remark) = &node.remark {
        stack.add(remark, NOTE, "remark", max);
    }
    stack
}
