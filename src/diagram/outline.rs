//! Diagram → nested list, for those who cannot see the picture and for documents without pictures.

use super::bars::Bars;
use super::graph::{EdgeKind, Graph, Group, Node, NodeKind};
use super::sequence::{Sequence, Step};
use super::timeline::Timeline;
use super::{Target, text::clean};
use crate::simulate::time;
use std::fmt::Write as _;

/// A line with lines below it.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// The line.
    pub text: String,
    /// What it stands for.
    pub target: Option<Target>,
    /// The lines below it.
    pub children: Vec<Self>,
}

impl Outline {
    fn new(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    /// As indented text with dashes.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        // Lines still to write, the next one last.
        let mut todo = vec![(self, 0)];
        while let Some((outline, depth)) = todo.pop() {
            let _ = writeln!(out, "{}- {}", "  ".repeat(depth), outline.text);
            todo.extend(outline.children.iter().rev().map(|child| (child, depth + 1)));
        }
        out
    }
}

/// The outline of a graph: groups, their nodes, and below each node its edges.
pub(super) fn of_graph(graph: &Graph) -> Outline {
    let mut top = Outline::new(format!("{}. {}", clean(&graph.title), clean(&graph.summary)));
    let outer = graph.groups.iter().enumerate().filter(|(_, group)| group.parent.is_none());
    top.children.extend(outer.map(|(index, group)| of_group(graph, index, group)));
    let outside = graph.nodes.iter().enumerate().filter(|(_, node)| node.group.is_none());
    top.children.extend(outside.map(|(number, node)| of_node(graph, number, node)));
    top
}

/// Groups are at most three levels deep.
fn of_group(graph: &Graph, index: usize, group: &Group) -> Outline {
    let note = if group.note.is_empty() { String::new() } else { format!(", {}", clean(&group.note)) };
    let mut own =
        Outline { text: format!("{}{note}", clean(&group.title)), target: group.target, children: Vec::new() };
    let inner = graph.groups.iter().enumerate().filter(|(_, inner)| inner.parent == Some(index));
    own.children.extend(inner.map(|(inner, group)| of_group(graph, inner, group)));
    own.children.extend(graph.in_group(index).map(|(number, node)| of_node(graph, number, node)));
    own
}

fn of_node(graph: &Graph, number: usize, node: &Node) -> Outline {
    let kind = match node.kind {
        NodeKind::Volume | NodeKind::Storage => "volume ",
        _ => "",
    };
    let parts = std::iter::once(&node.title).chain([&node.subtitle]).chain(&node.details).chain(&node.remark);
    let text = parts.map(|part| clean(part)).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    let mut outline = Outline { text: format!("{kind}{text}"), target: node.target, children: Vec::new() };
    for edge in graph.edges.iter().filter(|edge| edge.from == number) {
        let Some(other) = graph.nodes.get(edge.to) else { continue };
        let other = clean(&other.title);
        let at = if edge.detail.is_empty() { String::new() } else { format!(" at {}", clean(&edge.detail)) };
        let text = match edge.kind {
            EdgeKind::Then => format!("{}: {other}", edge.label),
            EdgeKind::Parallel => format!("starts in parallel with {other}"),
            EdgeKind::Writes | EdgeKind::Reads | EdgeKind::Shares => format!("{} {other}{at}", edge.label),
            EdgeKind::Traffic => format!("{} to {other}", clean(&edge.label)),
            EdgeKind::Calls | EdgeKind::Fetches if edge.detail.is_empty() => format!("{} {other}", clean(&edge.label)),
            EdgeKind::Calls | EdgeKind::Fetches => format!("{} {other}, {}", clean(&edge.label), clean(&edge.detail)),
            EdgeKind::Encrypted => format!("talks to {other} with {}, {}", clean(&edge.label), clean(&edge.detail)),
            EdgeKind::Refused => format!("is refused by {other}, {}: {}", clean(&edge.detail), clean(&edge.label)),
            EdgeKind::Hands => format!("hands on {} of {other}, {}", clean(&edge.label), clean(&edge.detail)),
            EdgeKind::Talks if edge.detail.is_empty() => format!("{} {other}", clean(&edge.label)),
            EdgeKind::Talks => format!("{} {other} over {}", clean(&edge.label), clean(&edge.detail)),
            EdgeKind::DependsOn => format!("starts {} {other}", edge.label.trim_start_matches("starts ")),
        };
        outline.children.push(Outline::new(text));
    }
    outline
}

/// The outline of a sequence: its steps in order.
pub(super) fn of_sequence(sequence: &Sequence) -> Outline {
    let mut top = Outline::new(format!("{}. {}", clean(&sequence.title), clean(&sequence.summary)));
    top.children.extend(sequence.steps.iter().map(|step| of_step(sequence, step)));
    top
}

/// The outline of bars: for each resource and stage who asks for how much.
pub(super) fn of_bars(bars: &Bars) -> Outline {
    let mut top = Outline::new(format!("{}. {}", clean(&bars.title), clean(&bars.summary)));
    for chart in &bars.charts {
        let mut own = Outline::new(format!("{}: {} reserved", clean(&chart.title), chart.reserved.1));
        for row in &chart.rows {
            let mut stage = Outline::new(format!("{}: {}", clean(&row.title), row.total));
            let parts = row.parts.iter();
            stage.children.extend(parts.map(|part| Outline {
                text: format!("{}: {}", clean(&part.title), part.text),
                target: part.target,
                children: Vec::new(),
            }));
            own.children.push(stage);
        }
        top.children.push(own);
    }
    top.children.extend(bars.notes.iter().map(|note| Outline::new(clean(note))));
    top
}

/// The outline of a timeline: for each container what it does from when to when.
pub(super) fn of_timeline(timeline: &Timeline) -> Outline {
    let mut top = Outline::new(format!("{}. {}", clean(&timeline.title), clean(&timeline.summary)));
    let mut pod = Outline::new("Pod".to_owned());
    pod.children
        .extend(timeline.phases.iter().map(|(at, phase)| Outline::new(format!("{} from {}", phase.id(), time(*at)))));
    pod.children
        .extend(timeline.events.iter().map(|(at, text)| Outline::new(format!("{}: {}", time(*at), clean(text)))));
    top.children.push(pod);
    for lane in &timeline.lanes {
        let text = format!("{}, {}", clean(&lane.title), clean(&lane.subtitle));
        let mut own = Outline { text, target: lane.target, children: Vec::new() };
        let bands = lane.bands.iter();
        let mut lines: Vec<(u64, String)> = bands
            .map(|(from, to, doing)| (*from, format!("{} to {}: {}", time(*from), time(*to), doing.label())))
            .collect();
        lines.extend(lane.marks.iter().map(|(at, mark)| (*at, format!("{}: {}", time(*at), mark.words()))));
        lines.sort_by_key(|(at, _)| *at);
        own.children.extend(lines.into_iter().map(|(_, text)| Outline::new(text)));
        top.children.push(own);
    }
    let mut assumed = Outline::new("Assumed".to_owned());
    assumed.children.extend(timeline.assumptions.iter().map(|text| Outline::new(clean(text))));
    top.children.push(assumed);
    top
}

fn of_step(sequence: &Sequence, step: &Step) -> Outline {
    let name = |index: &usize| {
        sequence.participants.get(*index).map_or(String::new(), |participant| clean(&participant.title))
    };
    match step {
        Step::Message { from, to, text, .. } => {
            let target = sequence.participants.get((*from).max(*to)).and_then(|participant| participant.target);
            Outline { text: format!("{} to {}: {text}", name(from), name(to)), target, children: Vec::new() }
        }
        Step::Note { from, to, text } if from == to => Outline::new(format!("{}: {text}", name(from))),
        Step::Note { from, to, text } => Outline::new(format!("{} to {}: {text}", name(from), name(to))),
        Step::Parallel { label, steps } => {
            let children = steps.iter().map(|step| of_step(sequence, step)).collect();
            Outline { text: label.clone(), target: None, children }
        }
    }
}
