//! Who is in the Pod: containers in the order of their lists, the volumes they share, who talks to whom, and what is
//! around the Pod. Helpers that will be injected are drawn too, dashed.

pub(super) mod calls;
mod outside;
mod volumes;
pub(super) mod words;

use crate::Analysis;
use crate::detect::injection::{Injected, injected};
use crate::detect::links::{Purpose, links};
use crate::detect::mesh::{Mesh, Proxy, mesh};
use crate::detect::{Role, Verdict};
use crate::diagram::{Diagram, EdgeKind, Graph, GroupKind, Node, NodeKind, Target};
use crate::form::{Form, Placement, as_written, placement};
use crate::model::{Dialect, Workload};
use crate::source::Part;

/// Draws a workload in a form, or as it is written.
pub(super) fn build(analysis: &Analysis, index: usize, form: Option<Form>) -> Option<Diagram> {
    let workload = analysis.model.workloads.get(index)?;
    let verdicts = analysis.verdicts.get(index)?;
    if workload.pod.containers.is_empty() {
        return None;
    }
    let mut picture = Picture {
        analysis,
        index,
        workload,
        verdicts,
        placement: form.map_or_else(|| as_written(workload), |form| placement(workload, verdicts, form)),
        added: injected(workload, &analysis.model),
        mesh: mesh(workload, verdicts, &analysis.model),
        graph: Graph::default(),
        own_nodes: vec![None; workload.pod.containers.len()],
        added_nodes: Vec::new(),
        pod: 0,
    };
    picture.added_nodes = vec![None; picture.added.len()];
    match workload.dialect {
        Dialect::Kubernetes => picture.draw_pod(form),
        // Services are no containers of one Pod, so there is only one form.
        Dialect::Compose if form == Some(Form::Native) => return None,
        Dialect::Compose => picture.draw_project(),
    }
    Some(Diagram::Graph(picture.graph))
}

/// A container of the manifest, or one that will be added to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Own(usize),
    Added(usize),
}

struct Picture<'a> {
    analysis: &'a Analysis,
    index: usize,
    workload: &'a Workload,
    verdicts: &'a [Verdict],
    placement: Placement,
    added: Vec<Injected>,
    mesh: Option<Mesh>,
    graph: Graph,
    /// The node of each container.
    own_nodes: Vec<Option<usize>>,
    /// The node of each container that will be added.
    added_nodes: Vec<Option<usize>>,
    pod: usize,
}

impl Picture<'_> {
    fn draw_pod(&mut self, form: Option<Form>) {
        let title = self.workload.title();
        let note = words::pod_note(self.workload, &self.analysis.model);
        self.pod = self.graph.group("pod", GroupKind::Pod, title.clone(), &note, None);
        self.graph.title = match form {
            Some(form) => format!("{title} with {} sidecars", form.id()),
            None => format!("{title} as it is written"),
        };
        self.graph.summary = words::summary(self.workload, &self.placement, self.verdicts, &self.added, form);
        self.draw_services();
        let own = |list: &[usize]| list.iter().map(|index| Slot::Own(*index)).collect::<Vec<_>>();
        let (mut init, mut regular) = (own(&self.placement.init), own(&self.placement.regular));
        let (native, traditional): (Vec<usize>, Vec<usize>) = (0..self.added.len()).partition(|index| match form {
            Some(form) => form == Form::Native,
            None => self.added.get(*index).is_some_and(|injected| injected.is_native),
        });
        init.splice(0..0, native.into_iter().map(Slot::Added));
        regular.extend(traditional.into_iter().map(Slot::Added));
        if !init.is_empty() {
            self.lane("init", GroupKind::InitLane, "initContainers", "started one after another", &init);
        }
        let note = if regular.len() > 1 { "started together" } else { "" };
        self.lane("regular", GroupKind::RegularLane, "containers", note, &regular);
        let ephemeral = own(&self.placement.ephemeral);
        if !ephemeral.is_empty() {
            let note = "added by kubectl debug";
            self.lane("ephemeral", GroupKind::EphemeralLane, "ephemeralContainers", note, &ephemeral);
        }
        self.order(&init, &regular);
        self.draw_volumes();
        self.draw_traffic();
        self.draw_links();
        self.draw_calls();
    }

    fn draw_project(&mut self) {
        let name = self.workload.name.as_ref();
        let title = name.map_or_else(|| "Compose project".to_owned(), |name| format!("Compose project {name}"));
        self.pod = self.graph.group("pod", GroupKind::Pod, title.clone(), "", None);
        self.graph.title = title;
        self.graph.summary = format!("{} services of a Compose project.", self.workload.pod.containers.len());
        let all: Vec<Slot> = (0..self.workload.pod.containers.len()).map(Slot::Own).collect();
        self.lane("services", GroupKind::RegularLane, "services", "a container each", &all);
        self.draw_volumes();
        self.draw_dependencies();
        self.draw_calls();
    }

    fn lane(&mut self, id: &str, kind: GroupKind, title: &str, note: &str, slots: &[Slot]) {
        let group = self.graph.group(id, kind, title.to_owned(), note, Some(self.pod));
        for slot in slots {
            match *slot {
                Slot::Own(index) => self.container(group, index),
                Slot::Added(index) => self.added_container(group, kind, index),
            }
        }
    }

    fn container(&mut self, group: usize, index: usize) {
        let (Some(container), Some(verdict)) = (self.workload.pod.containers.get(index), self.verdicts.get(index))
        else {
            return;
        };
        let role = self.placement.role(index, verdict);
        let place = self.workload.place(container.node, Part::Value);
        let node = self.graph.node(Node {
            id: format!("c{index}"),
            kind: NodeKind::Container(role),
            group: Some(group),
            title: container.display_name().to_owned(),
            subtitle: words::subtitle(role, verdict.category),
            details: words::details(container),
            remark: self.placement.moved.contains(&index).then(|| words::moved(role).to_owned()),
            target: Some(Target { container: Some(index), place }),
            is_added: false,
        });
        if let Some(slot) = self.own_nodes.get_mut(index) {
            *slot = Some(node);
        }
    }

    fn added_container(&mut self, group: usize, lane: GroupKind, index: usize) {
        let Some(injected) = self.added.get(index) else { return };
        let role = if lane == GroupKind::InitLane { Role::NativeSidecar } else { Role::Sidecar };
        let before = injected.injector.init.map(|init| format!("and {init} before it"));
        let node = self.graph.node(Node {
            id: format!("i{index}"),
            kind: NodeKind::Container(role),
            group: Some(group),
            title: injected.injector.container.to_owned(),
            subtitle: words::subtitle(role, Some(injected.category)),
            details: before.into_iter().collect(),
            remark: Some(format!("will be added by {}", injected.injector.name)),
            target: None,
            is_added: true,
        });
        if let Some(slot) = self.added_nodes.get_mut(index) {
            *slot = Some(node);
        }
    }

    /// Arrows of the start order: init entries one after another, then the regular containers together.
    fn order(&mut self, init: &[Slot], regular: &[Slot]) {
        for (position, slot) in init.iter().enumerate() {
            let next = init.get(position + 1).or(regular.first());
            if let (Some(from), Some(to)) = (self.node_of(*slot), next.and_then(|next| self.node_of(*next))) {
                let label = match *slot {
                    Slot::Own(index) => words::waits_for(self.workload, self.verdicts, index),
                    Slot::Added(_) => "once it is started",
                };
                self.graph.edge(from, to, EdgeKind::Then, label, "");
            }
        }
        for pair in regular.windows(2) {
            if let [a, b] = pair
                && let (Some(from), Some(to)) = (self.node_of(*a), self.node_of(*b))
            {
                self.graph.edge(from, to, EdgeKind::Parallel, "parallel start", "");
            }
        }
    }

    /// Connections inside the Pod. A mesh proxy passes all traffic on to the app.
    fn draw_links(&mut self) {
        let mut drawn: Vec<(usize, usize, Vec<String>, Purpose)> = Vec::new();
        for link in links(self.workload) {
            let (Some(from), Some(to)) = (self.node_of(Slot::Own(link.from)), self.node_of(Slot::Own(link.to))) else {
                continue;
            };
            match drawn.iter_mut().find(|(a, b, ..)| (*a, *b) == (from, to)) {
                Some((_, _, over, _)) => over.push(link.over),
                None => drawn.push((from, to, vec![link.over], link.purpose)),
            }
        }
        for (from, to, over, purpose) in drawn {
            let verb = match purpose {
                Purpose::Proxies => "proxies",
                Purpose::Reloads => "reloads",
                Purpose::Calls => "calls",
            };
            self.graph.edge(from, to, EdgeKind::Talks, verb, &over.join(", "));
        }
        if let (Some(proxy), Some(app)) = (self.mesh_proxy(), self.app()) {
            self.graph.edge(proxy, app, EdgeKind::Hands, "all traffic", "in and out");
        }
    }

    /// The mesh proxy that stands or will stand in the Pod.
    fn mesh_proxy(&self) -> Option<usize> {
        match self.mesh?.by {
            Proxy::Own(index) => self.node_of(Slot::Own(index)),
            Proxy::Added(index) => self.node_of(Slot::Added(index)),
            Proxy::Node => None,
        }
    }

    fn app(&self) -> Option<usize> {
        let index = self.verdicts.iter().position(|verdict| verdict.role == Role::App)?;
        self.node_of(Slot::Own(index))
    }

    fn node_of(&self, slot: Slot) -> Option<usize> {
        match slot {
            Slot::Own(index) => self.own_nodes.get(index).copied().flatten(),
            Slot::Added(index) => self.added_nodes.get(index).copied().flatten(),
        }
    }
}
