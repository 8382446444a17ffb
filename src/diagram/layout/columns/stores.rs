//! Volumes, right of the containers that use them.

use super::{CAP, Columns, GAP, INSET, OUTSIDE, PAD, STORE, STORE_GAP, TRACK, leaves_right};
use crate::diagram::graph::{EdgeKind, NodeKind};
use crate::diagram::layout::stack::Stack;
use crate::diagram::layout::{LABEL, SUBTITLE, TITLE};
use crate::diagram::scene::{Line, Rect, Tip};

impl Columns<'_> {
    /// Stores that live in the Pod stand in it; those that outlive it stand outside. Each as near to its users as the
    /// others let it.
    pub(super) fn place_stores(&mut self) {
        let pill = self
            .graph
            .edges
            .iter()
            .filter(|edge| leaves_right(edge.kind))
            .map(|edge| LABEL.width(&edge.label))
            .fold(0.0, f32::max);
        let mut x = self.box_x + self.box_width + PAD;
        for is_inside in [true, false] {
            let stores: Vec<usize> = self.stores(is_inside).collect();
            if stores.is_empty() {
                continue;
            }
            // Behind the inner stores the outer ones need a channel of their own, and the border of the Pod.
            let channel = if is_inside || x <= self.box_x + self.box_width + PAD {
                // In front of them, tracks for the lines that go around them.
                let outer = if is_inside { self.stores(false).count() } else { 0 };
                pill + 26.0 + TRACK * (stores.len() + outer) as f32
            } else {
                2.0 * PAD + 12.0 + TRACK * stores.len() as f32
            };
            let x_store = x + channel + if is_inside { 0.0 } else { PAD };
            let width = if is_inside { STORE } else { OUTSIDE };
            self.stack_stores(&stores, x_store, width);
            x = x_store + width;
        }
    }

    fn stack_stores(&mut self, stores: &[usize], x: f32, width: f32) {
        let mut wanted: Vec<(f32, usize, Stack)> = stores
            .iter()
            .filter_map(|index| {
                let node = self.graph.nodes.get(*index)?;
                let mut stack = Stack::default();
                stack.add(&node.title, TITLE, "title", width - 18.0);
                stack.add(&node.subtitle, SUBTITLE, "subtitle", width - 18.0);
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
            placed.push((index, Rect { x, y: own, w: width, h }, stack));
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

    /// Other workloads that use a volume stand below it, or below each other.
    pub(super) fn place_neighbours(&mut self) {
        let mut below: Vec<(usize, f32)> = Vec::new();
        for edge in &self.graph.edges {
            let Some(node) = self.graph.nodes.get(edge.from).filter(|node| node.kind == NodeKind::Workload) else {
                continue;
            };
            let store = self.rect(edge.to);
            let same_column =
                self.stores.iter().zip(&self.rects).filter(|(is_store, rect)| **is_store && rect.x == store.x);
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
