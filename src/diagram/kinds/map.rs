//! The whole text: every workload with its containers, what sends traffic to it, whom it calls, what it shares, and what
//! rules over it.

mod cards;
mod compose;
mod relations;

use super::topology::words;
use crate::Analysis;
use crate::diagram::{Diagram, EdgeKind, Graph, GroupKind, Node};
use crate::model::{Dialect, Workload};
use cards::Card;
use std::collections::HashMap;

/// Most workloads that are drawn, in all namespaces together.
const MOST_CARDS: usize = 120;
/// Up to so many workloads, the boxes of their containers are drawn; beyond, a line says who is in there.
const MOST_WHOLE: usize = 24;
/// Most boxes around the workloads.
const MOST_FREE: usize = 80;
/// Most arrows between workloads and what is around them.
const MOST_EDGES: usize = 300;

pub(super) fn build(analysis: &Analysis, shown: usize) -> Option<Diagram> {
    let mut map = Map {
        analysis,
        shown,
        graph: Graph::default(),
        namespaces: Vec::new(),
        cards: Vec::new(),
        services: HashMap::new(),
        free: HashMap::new(),
        left_out: 0,
    };
    map.draw_namespaces();
    map.draw_cards();
    map.draw_projects();
    if map.graph.nodes.is_empty() {
        return None;
    }
    map.draw_services();
    map.draw_routes();
    map.draw_calls();
    map.draw_shared();
    map.graph.title = "Map of the whole text".to_owned();
    map.graph.summary = map.summary();
    Some(Diagram::Map(map.graph))
}

struct Map<'a> {
    analysis: &'a Analysis,
    /// The workload that the rest of the page shows: its containers can be marked.
    shown: usize,
    graph: Graph,
    /// The namespaces of the text with their group, when there are several.
    namespaces: Vec<(Option<&'a str>, Option<usize>)>,
    cards: Vec<Card>,
    /// The node of each Service, by its index among the objects.
    services: HashMap<usize, usize>,
    /// Nodes around the workloads, by what they stand for.
    free: HashMap<String, usize>,
    /// Workloads that are not drawn.
    left_out: usize,
}

impl Map<'_> {
    /// The group of a namespace.
    fn group_of(&self, namespace: Option<&str>) -> Option<usize> {
        self.namespaces.iter().find(|(known, _)| *known == namespace).and_then(|(_, group)| *group)
    }

    /// A node around the workloads: the one that there is for a key or, as long as there are not too many, this one.
    fn free_node(&mut self, key: String, node: Node) -> Option<usize> {
        if let Some(known) = self.free.get(&key) {
            return Some(*known);
        }
        if self.free.len() >= MOST_FREE {
            return None;
        }
        let node = self.graph.node(node);
        self.free.insert(key, node);
        Some(node)
    }

    /// Draws an arrow, once.
    fn connect(&mut self, from: usize, to: usize, kind: EdgeKind, label: &str, detail: &str) {
        let is_same = |edge: &&mut crate::diagram::Edge| (edge.from, edge.to, edge.kind) == (from, to, kind);
        let is_full = self.graph.edges.len() >= MOST_EDGES;
        match self.graph.edges.iter_mut().find(is_same) {
            Some(edge) if edge.detail.is_empty() => edge.detail = detail.to_owned(),
            Some(_) => {}
            None if from == to || is_full => {}
            None => self.graph.edge(from, to, kind, label, detail),
        }
    }

    fn summary(&self) -> String {
        let count = |number: usize, one: &str, many: &str| match number {
            1 => format!("1 {one}"),
            other => format!("{other} {many}"),
        };
        let model = &self.analysis.model;
        let is_compose = |workload: &&Workload| workload.dialect == Dialect::Compose;
        let mut parts = Vec::new();
        if !self.cards.is_empty() {
            let helped = self.cards.iter().filter(|card| card.has_helper).count();
            parts.push(format!(
                "{}, {} with sidecars",
                count(self.cards.len(), "workload", "workloads"),
                if helped == self.cards.len() && helped > 1 { "all".to_owned() } else { helped.to_string() }
            ));
        }
        let services: usize =
            model.workloads.iter().filter(is_compose).map(|project| project.pod.containers.len()).sum();
        if services > 0 {
            parts.push(format!("{} of Compose", count(services, "service", "services")));
        }
        let calls = self.graph.edges.iter().filter(|edge| edge.kind.is_outbound()).count();
        let encrypted = self.graph.edges.iter().filter(|edge| edge.kind == EdgeKind::Encrypted).count();
        let refused = self.graph.edges.iter().filter(|edge| edge.kind == EdgeKind::Refused).count();
        let mut summary = format!("{}.", parts.join(", "));
        if calls > 0 {
            let mut told = vec![format!(" {}", count(calls, "connection", "connections"))];
            if encrypted > 0 {
                told.push(format!("{encrypted} with mutual TLS"));
            }
            if refused > 0 {
                told.push(format!("{refused} refused"));
            }
            summary = format!("{summary}{}.", told.join(", "));
        }
        if self.left_out > 0 {
            summary = format!("{summary} {} are not drawn.", count(self.left_out, "more workload", "more workloads"));
        }
        summary
    }
}

/// Whether a group is one of those around the workloads.
fn namespace_title(namespace: Option<&str>) -> (GroupKind, String) {
    (
        GroupKind::Namespace,
        namespace.map_or_else(|| "no namespace given".to_owned(), |name| format!("namespace {name}")),
    )
}
