//! Whom the Pod calls: other Pods of the text, and what is outside of it. In a mesh the calls of the app go through its
//! proxy, with mutual TLS where the other side has one too.

use super::{Picture, Slot};
use crate::category::Category;
use crate::detect::around::serves;
use crate::detect::calls::{Call, Callee, Concern, calls};
use crate::detect::injection::injected;
use crate::detect::mesh::{End, Proxy, Wire, mesh, wire};
use crate::detect::{Role, Verdict};
use crate::diagram::{Edge, EdgeKind, Node, NodeKind, Target};
use crate::model::{Container, Model, Object, Workload};
use crate::source::{Part, Place};

/// Most boxes outside of the Pod that are drawn for its calls; what they leave out is told in one more.
const MOST: usize = 12;

impl Picture<'_> {
    pub(super) fn draw_calls(&mut self) {
        let calls = calls(self.workload, &self.analysis.model, &self.analysis.source);
        let mut left_out = Vec::new();
        for call in &calls {
            let Some(own) = self.node_of(Slot::Own(call.container)) else { continue };
            let callee = match call.to {
                Callee::Container(index) => self.node_of(Slot::Own(index)),
                Callee::Service(index) => self.service_called(index, call),
                Callee::Outside => self.address_called(call),
            };
            match callee {
                Some(callee) => self.draw_call(call, own, callee),
                None => left_out.push(call),
            }
        }
        if let [first, ..] = left_out.as_slice() {
            let node = self.graph.node(Node {
                id: "more".to_owned(),
                kind: NodeKind::Outside,
                title: format!("{} more addresses", left_out.len()),
                subtitle: format!("{} and others", first.address()),
                ..Node::default()
            });
            let mut callers: Vec<usize> = left_out.iter().map(|call| call.container).collect();
            callers.dedup();
            let callers: Vec<usize> = callers.into_iter().filter_map(|index| self.node_of(Slot::Own(index))).collect();
            for caller in callers {
                self.graph.edge(caller, node, EdgeKind::Calls, "calls", "");
            }
        }
    }

    fn draw_call(&mut self, call: &Call, own: usize, callee: usize) {
        let verdict = self.verdicts.get(call.container);
        if let Callee::Container(_) = call.to {
            self.graph.edge(own, callee, EdgeKind::Talks, "calls", &call.address());
            return;
        }
        let role = verdict.map(|verdict| verdict.role);
        let to = match call.to {
            Callee::Service(index) => self.analysis.model.objects.get(index),
            _ => None,
        };
        // What runs before the proxy, and what helpers send out of the cluster, is shown as their own.
        let is_app = matches!(role, Some(Role::App | Role::Peer));
        let proxy =
            self.mesh_proxy().filter(|proxy| *proxy != own && role != Some(Role::Init) && (is_app || to.is_some()));
        let wire = to.and_then(|service| self.wire(service, call));
        let (kind, label) = arrow(verdict, call, wire, self.mesh.map(|mesh| mesh.by));
        let label = if proxy.is_some() && to.is_none() { "hands on to" } else { label };
        let edge = Edge {
            from: proxy.unwrap_or(own),
            to: callee,
            kind,
            label: label.to_owned(),
            detail: call.port.map_or_else(String::new, |_| call.address()),
        };
        let is_same = |other: &&mut Edge| (other.from, other.to, other.kind) == (edge.from, edge.to, edge.kind);
        match self.graph.edges.iter_mut().find(is_same) {
            Some(other) if other.detail == edge.detail || edge.detail.is_empty() => {}
            Some(other) if other.detail.is_empty() => other.detail = edge.detail,
            Some(other) => other.detail = format!("{}, :{}", other.detail, call.port.unwrap_or_default()),
            None => self.graph.edges.push(edge),
        }
    }

    /// How the call reaches the Pods behind a Service: the worst of what happens to any of them.
    fn wire(&self, service: &Object, call: &Call) -> Option<Wire> {
        let model = &self.analysis.model;
        let from = End { workload: self.workload, mesh: self.mesh };
        let ends = behind(service, self.analysis).into_iter().filter_map(|index| {
            let workload = model.workloads.get(index)?;
            let mesh = mesh(workload, self.analysis.verdicts.get(index)?, model);
            (mesh.is_some() || self.mesh.is_some()).then_some(End { workload, mesh })
        });
        let wires: Vec<Option<Wire>> =
            ends.map(|to| wire(from, to, service, call.port, model, &self.analysis.source)).collect();
        let has = |wanted| wires.contains(&Some(wanted));
        [Wire::Refused, Wire::Plain, Wire::Encrypted].into_iter().find(|wanted| has(*wanted))
    }

    /// The box of a Service of the text: the workload behind it, when there is just one.
    fn service_called(&mut self, index: usize, call: &Call) -> Option<usize> {
        let service = self.analysis.model.objects.get(index)?;
        let workloads = behind(service, self.analysis);
        let name = service.name.clone().unwrap_or_default();
        let (kind, title, subtitle, place) = match workloads.as_slice() {
            [one] => {
                let other = self.analysis.model.workloads.get(*one)?;
                let names = names(other, &self.analysis.model);
                let place = other.place(other.pod.node, Part::Value);
                (NodeKind::Workload, other.title(), format!("another Pod with {names}"), place)
            }
            _ => {
                let place = Place { document: service.document, node: service.node, part: Part::Value };
                (kind_of(call.concern), name, "Service".to_owned(), place)
            }
        };
        self.called(
            format!("o{index}"),
            Node { kind, title, subtitle, target: Some(Target { container: None, place }), ..Node::default() },
        )
    }

    fn address_called(&mut self, call: &Call) -> Option<usize> {
        let title = short(&call.host);
        let known = self.graph.nodes.iter().filter(|node| is_called(node)).position(|node| node.title == title);
        let number = known.unwrap_or_else(|| self.graph.nodes.iter().filter(|node| is_called(node)).count());
        // Numbers of objects are taken by those of the text.
        let id = format!("o{}", self.analysis.model.objects.len() + number);
        let about = call.concern.map(|concern| format!(", {}", concern.label())).unwrap_or_default();
        self.called(
            id,
            Node {
                kind: kind_of(call.concern),
                title: title.to_owned(),
                subtitle: format!("outside{about}"),
                target: Some(Target { container: None, place: call.place }),
                ..Node::default()
            },
        )
    }

    /// A box with an id: the one that is there already or, as long as there are not too many, this one.
    fn called(&mut self, id: String, node: Node) -> Option<usize> {
        if let Some(known) = self.graph.nodes.iter().position(|known| known.id == id) {
            return Some(known);
        }
        let count = self.graph.nodes.iter().filter(|node| is_called(node)).count();
        (count < MOST).then(|| self.graph.node(Node { id, ..node }))
    }
}

fn is_called(node: &Node) -> bool {
    node.id.starts_with('o')
}

/// The workloads that a Service selects, each origin once.
pub(in crate::diagram::kinds) fn behind(service: &Object, analysis: &crate::Analysis) -> Vec<usize> {
    let model = &analysis.model;
    let mut found: Vec<usize> = Vec::new();
    for (index, workload) in model.workloads.iter().enumerate() {
        let is_known = || {
            let known = found.iter().filter_map(|known| model.workloads.get(*known));
            known.into_iter().any(|known| model.origin(known) == model.origin(workload))
        };
        if serves(service, workload) && !is_known() {
            found.push(index);
        }
    }
    found
}

/// The containers of a workload, with those that will be added.
fn names(workload: &Workload, model: &Model) -> String {
    let added = injected(workload, model);
    let added = added.iter().map(|injected| injected.injector.container);
    let names: Vec<&str> = workload.pod.containers.iter().map(Container::display_name).chain(added).collect();
    match names.as_slice() {
        [] => "nothing in it".to_owned(),
        [one] => (*one).to_owned(),
        [one, other] => format!("{one} and {other}"),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
    }
}

/// What the cluster adds to the name of a Service says nothing new.
pub(in crate::diagram::kinds) fn short(host: &str) -> &str {
    host.strip_suffix(".cluster.local").unwrap_or(host)
}

pub(in crate::diagram::kinds) fn kind_of(concern: Option<Concern>) -> NodeKind {
    if concern.is_some_and(Concern::is_kept) { NodeKind::Store } else { NodeKind::Outside }
}

/// What the arrow of a call looks like, and says.
pub(in crate::diagram::kinds) fn arrow(
    verdict: Option<&Verdict>,
    call: &Call,
    wire: Option<Wire>,
    by: Option<Proxy>,
) -> (EdgeKind, &'static str) {
    match (wire, by) {
        (Some(Wire::Encrypted), Some(Proxy::Node)) => (EdgeKind::Encrypted, "mTLS by the node"),
        (Some(Wire::Encrypted), _) => (EdgeKind::Encrypted, "mTLS"),
        (Some(Wire::Refused), _) => (EdgeKind::Refused, "refused: no mTLS"),
        (Some(Wire::Plain), _) => (EdgeKind::Calls, "plain text"),
        (None, _) => verb(verdict, call.concern),
    }
}

fn verb(verdict: Option<&Verdict>, concern: Option<Concern>) -> (EdgeKind, &'static str) {
    use Category::*;
    let category = verdict.filter(|verdict| verdict.role.is_sidecar()).and_then(|verdict| verdict.category);
    match (category, concern) {
        (_, Some(Concern::Alerts)) => (EdgeKind::Calls, "alerts"),
        (Some(LogShipper), _) => (EdgeKind::Calls, "ships to"),
        (Some(DataSync), _) => (EdgeKind::Fetches, "pulls from"),
        (Some(ConfigReload), _) => (EdgeKind::Fetches, "watches"),
        (Some(SecretsAgent | Tls), _) => (EdgeKind::Fetches, "fetches from"),
        (Some(AuthProxy), Some(Concern::Auth)) => (EdgeKind::Fetches, "asks"),
        (Some(Backup), _) => (EdgeKind::Calls, "saves to"),
        (Some(MeshProxy | DbProxy | Ambassador | Adapter), _) => (EdgeKind::Calls, "outbound to"),
        (_, Some(Concern::Metrics | Concern::Traces)) => (EdgeKind::Calls, "sends to"),
        (_, Some(Concern::Logs)) => (EdgeKind::Calls, "logs to"),
        (_, Some(Concern::Configuration | Concern::Secrets)) => (EdgeKind::Fetches, "reads from"),
        (Some(Metrics), _) => (EdgeKind::Calls, "asks"),
        _ => (EdgeKind::Calls, "calls"),
    }
}
