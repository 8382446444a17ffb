//! Diagram → Mermaid text, as documentation hosts render it. Both of Mermaid's layouts (dagre and ELK) are tested.

use super::bars::Bars;
use super::graph::{EdgeKind, Graph, GroupKind, Node, NodeKind};
use super::sequence::{Arrow, Sequence, Step};
use super::svg::colour;
use super::text::clean;
use super::timeline::Timeline;
use crate::detect::Role;
use crate::simulate::Doing;
use std::fmt::Write as _;

/// The theme whose colours the text carries; dark and light hosts can both show it.
const THEME: &str = "paper";

/// Writes a timeline as a Gantt chart; a second of the run is a second of a day that never was.
pub(super) fn gantt(timeline: &Timeline) -> String {
    let mut out = String::from("gantt\n");
    let _ = writeln!(out, "  title {}", plain(&timeline.title));
    out.push_str("  dateFormat x\n  axisFormat %M:%S\n");
    for lane in &timeline.lanes {
        let _ = writeln!(out, "  section {}", plain(&lane.title));
        for (from, to, doing) in lane.bands.iter().filter(|(from, to, _)| from < to) {
            let tag = match doing {
                Doing::Ready => "active, ",
                Doing::Completed => "done, ",
                Doing::Failed | Doing::BackOff => "crit, ",
                _ => "",
            };
            let _ = writeln!(out, "    {} :{tag}{from}, {to}", plain(doing.label()));
        }
    }
    out
}

/// Writes bars as a flowchart without arrows: a group for each stage, a box for each part of it. Mermaid's own bars have
/// no parts.
pub(super) fn stages(bars: &Bars) -> String {
    let mut out = String::from("flowchart LR\n");
    let mut boxes = 0;
    for (number, chart) in bars.charts.iter().enumerate() {
        let title = format!("{}: {} reserved", chart.title, chart.reserved.1);
        let _ = writeln!(out, "  subgraph chart{number}[\"{}\"]", escape(&title));
        for (stage, row) in chart.rows.iter().enumerate() {
            let title = format!("{}: {}", row.title, row.total);
            let _ = writeln!(out, "    subgraph stage{number}x{stage}[\"{}\"]", escape(&title));
            // Mermaid draws a group without boxes as a box.
            if row.parts.is_empty() {
                let _ = writeln!(out, "      p{boxes}[\"nothing is requested\"]");
                boxes += 1;
            }
            for part in &row.parts {
                let label = format!("{} {}", part.title, part.text);
                let _ = writeln!(out, "      p{boxes}[\"{}\"]", escape(&label));
                boxes += 1;
            }
            out.push_str("    end\n");
        }
        out.push_str("  end\n");
    }
    let notes = bars.notes.iter().map(|note| escape(note)).collect::<Vec<_>>().join("<br/>");
    let _ = writeln!(out, "  p{boxes}[\"{notes}\"]");
    out
}

/// Text for the parts of a Gantt chart, which know no quotes: what could end or begin something is left out.
fn plain(text: &str) -> String {
    let text = clean(text).replace([':', ';', '#', ',', '%', '{', '}', '<', '>', '"', '`', '|', '[', ']', '&'], " ");
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() { "(no name)".to_owned() } else { words }
}

/// Writes a graph as a flowchart.
pub(super) fn flowchart(graph: &Graph, direction: &str) -> String {
    let mut out = format!("flowchart {direction}\n");
    for (index, _) in graph.groups.iter().enumerate().filter(|(_, group)| group.parent.is_none()) {
        subgraph(&mut out, graph, index, 1);
    }
    for node in graph.nodes.iter().filter(|node| node.group.is_none()) {
        let _ = writeln!(out, "  {}", shape(node));
    }
    for edge in &graph.edges {
        let (Some(from), Some(to)) = (graph.nodes.get(edge.from), graph.nodes.get(edge.to)) else { continue };
        let (from, to) = (&from.id, &to.id);
        let label = match (edge.label.is_empty(), edge.detail.is_empty()) {
            (true, true) => String::new(),
            (_, true) => format!("|\"{}\"|", escape(&edge.label)),
            _ => format!("|\"{} {}\"|", escape(&edge.label), escape(&edge.detail)),
        };
        let _ = match edge.kind {
            EdgeKind::Then | EdgeKind::Writes | EdgeKind::Traffic | EdgeKind::Talks | EdgeKind::Calls => {
                writeln!(out, "  {from} -->{label} {to}")
            }
            EdgeKind::Encrypted => writeln!(out, "  {from} <==>{label} {to}"),
            EdgeKind::Refused => writeln!(out, "  {from} --x{label} {to}"),
            EdgeKind::Parallel => writeln!(out, "  {from} -.-{label} {to}"),
            EdgeKind::Reads => writeln!(out, "  {to} -->{label} {from}"),
            EdgeKind::Shares | EdgeKind::Fetches | EdgeKind::Hands => writeln!(out, "  {from} <-->{label} {to}"),
            EdgeKind::DependsOn => writeln!(out, "  {from} -.->{label} {to}"),
        };
    }
    classes(&mut out, graph);
    out
}

fn subgraph(out: &mut String, graph: &Graph, index: usize, depth: usize) {
    let Some(group) = graph.groups.get(index) else { return };
    let pad = "  ".repeat(depth);
    let title = if group.note.is_empty() { group.title.clone() } else { format!("{}: {}", group.title, group.note) };
    let _ = writeln!(out, "{pad}subgraph {}[\"{}\"]", group.id, escape(&title));
    // The boxes of a map keep its direction, so that Mermaid may draw arrows between those of two workloads.
    if !matches!(group.kind, GroupKind::Namespace | GroupKind::Card) {
        let _ = writeln!(out, "{pad}  direction TB");
    }
    for (inner, _) in graph.groups.iter().enumerate().filter(|(_, inner)| inner.parent == Some(index)) {
        subgraph(out, graph, inner, depth + 1);
    }
    for (_, node) in graph.in_group(index) {
        let _ = writeln!(out, "{pad}  {}", shape(node));
    }
    let _ = writeln!(out, "{pad}end");
    let _ = match group.kind {
        GroupKind::Pod | GroupKind::Card => writeln!(
            out,
            "{pad}style {} fill:{},stroke:{},color:{}",
            group.id,
            ink("--d-pod"),
            ink("--d-pod-line"),
            ink("--d-fg")
        ),
        _ => writeln!(
            out,
            "{pad}style {} fill:{},stroke:{},color:{},stroke-dasharray:5 4",
            group.id,
            ink("--d-lane"),
            ink("--d-lane-line"),
            ink("--d-muted")
        ),
    };
}

fn shape(node: &Node) -> String {
    let lines = std::iter::once(&node.title).chain([&node.subtitle]).chain(&node.details).chain(&node.remark);
    let label: Vec<String> = lines.map(|line| escape(line)).filter(|line| !line.is_empty()).collect();
    let label = label.join("<br/>");
    let id = &node.id;
    match node.kind {
        NodeKind::Container(Role::App | Role::Peer) => format!("{id}[\"{label}\"]"),
        NodeKind::Container(Role::Init) => format!("{id}[/\"{label}\"/]"),
        NodeKind::Container(_) => format!("{id}(\"{label}\")"),
        NodeKind::Volume | NodeKind::Storage | NodeKind::Store => format!("{id}[(\"{label}\")]"),
        NodeKind::Service => format!("{id}([\"{label}\"])"),
        NodeKind::Route => format!("{id}>\"{label}\"]"),
        NodeKind::Workload => format!("{id}[[\"{label}\"]]"),
        NodeKind::Outside => format!("{id}([\"{label}\"])"),
    }
}

fn class_of(node: &Node) -> (&'static str, &'static str) {
    match node.kind {
        NodeKind::Container(Role::App) => ("app", "app"),
        NodeKind::Container(Role::Peer) => ("peer", "peer"),
        NodeKind::Container(Role::Sidecar) => ("sidecar", "sidecar"),
        NodeKind::Container(Role::NativeSidecar) => ("native", "native"),
        NodeKind::Container(Role::Init) => ("init", "init"),
        NodeKind::Container(Role::Ephemeral) => ("ephemeral", "ephemeral"),
        NodeKind::Volume => ("volume", "volume"),
        NodeKind::Storage
        | NodeKind::Service
        | NodeKind::Route
        | NodeKind::Workload
        | NodeKind::Outside
        | NodeKind::Store => ("outside", "outside"),
    }
}

fn classes(out: &mut String, graph: &Graph) {
    let mut known: Vec<(&str, &str)> = graph.nodes.iter().map(class_of).collect();
    known.sort_unstable();
    known.dedup();
    for (class, colours) in known {
        let [fill, line, text] = ["", "-line", "-text"].map(|part| ink(&format!("--d-{colours}{part}")));
        let _ = writeln!(out, "  classDef k_{class} fill:{fill},stroke:{line},color:{text}");
        let members: Vec<&str> =
            graph.nodes.iter().filter(|node| class_of(node).0 == class).map(|node| node.id.as_str()).collect();
        let _ = writeln!(out, "  class {} k_{class}", members.join(","));
    }
    for node in graph.nodes.iter().filter(|node| node.is_added) {
        let _ = writeln!(out, "  style {} stroke-dasharray:6 4", node.id);
    }
}

fn ink(variable: &str) -> &'static str {
    colour(THEME, variable).unwrap_or("#808080")
}

/// Writes a sequence.
pub(super) fn sequence(sequence: &Sequence) -> String {
    let mut out = String::from("sequenceDiagram\n");
    for (index, participant) in sequence.participants.iter().enumerate() {
        let _ = writeln!(
            out,
            "  participant p{index} as {}<br/>{}",
            escape(&participant.title),
            escape(&participant.subtitle)
        );
    }
    for step in &sequence.steps {
        write_step(&mut out, step, 1);
    }
    out
}

fn write_step(out: &mut String, step: &Step, depth: usize) {
    let pad = "  ".repeat(depth);
    match step {
        Step::Message { from, to, text, arrow } => {
            let arrow = if *arrow == Arrow::Solid { "->>" } else { "-->>" };
            let _ = writeln!(out, "{pad}p{from}{arrow}p{to}: {}", escape(text));
        }
        Step::Note { from, to, text } if from == to => {
            let _ = writeln!(out, "{pad}Note over p{from}: {}", escape(text));
        }
        Step::Note { from, to, text } => {
            let _ = writeln!(out, "{pad}Note over p{from},p{to}: {}", escape(text));
        }
        Step::Parallel { label, steps } => {
            for (index, step) in steps.iter().enumerate() {
                let keyword = if index == 0 { format!("par {}", escape(label)) } else { "and".to_owned() };
                let _ = writeln!(out, "{pad}{keyword}");
                write_step(out, step, depth + 1);
            }
            let _ = writeln!(out, "{pad}end");
        }
    }
}

/// Text that Mermaid shows as it is: signs with a meaning become numbered entities, `#` first because it starts them.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for character in clean(text).chars() {
        match character {
            '#' | '"' | '\'' | '<' | '>' | '&' | '`' | ';' | '\\' | '{' | '}' | '[' | ']' | '(' | ')' | '|' | '%'
            | ':' | '*' | '_' | '~' | '@' | '$' => {
                let _ = write!(out, "#{};", u32::from(character));
            }
            other => out.push(other),
        }
    }
    // A lone `end` closes a block in Mermaid, whatever it stands in.
    if out.eq_ignore_ascii_case("end") {
        out.insert(0, '\u{200b}')
    }
    out
}
