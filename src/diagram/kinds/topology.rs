//! Who is in the Pod: containers in the order of their lists, the volumes they share, and what is around the Pod.

use crate::Analysis;
use crate::detect::{self, Direction, Role, Verdict};
use crate::diagram::{Diagram, EdgeKind, Graph, GroupKind, Node, NodeKind, Target};
use crate::form::{Form, Placement, Written, placement};
use crate::model::{Container, Dialect, ProbeKind, Relates, Volume, VolumeKind, Workload};
use crate::source::Part;

/// Volumes that only one container mounts are drawn one by one up to this many, and as one box beyond.
const PRIVATE_VOLUMES: usize = 2;

pub(super) fn build(analysis: &Analysis, index: usize, form: Form) -> Option<Diagram> {
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
        placement: placement(workload, verdicts, form),
        graph: Graph::default(),
        nodes: vec![None; workload.pod.containers.len()],
        pod: 0,
    };
    match workload.dialect {
        Dialect::Kubernetes => picture.draw_pod(form),
        // Services are no containers of one Pod, so there is only one form.
        Dialect::Compose if form == Form::Native => return None,
        Dialect::Compose => picture.draw_project(),
    }
    Some(Diagram::Graph(picture.graph))
}

struct Picture<'a> {
    analysis: &'a Analysis,
    index: usize,
    workload: &'a Workload,
    verdicts: &'a [Verdict],
    placement: Placement,
    graph: Graph,
    /// The node of each container.
    nodes: Vec<Option<usize>>,
    pod: usize,
}

impl Picture<'_> {
    fn draw_pod(&mut self, form: Form) {
        let title = self.workload.title();
        self.pod = self.graph.group("pod", GroupKind::Pod, title.clone(), "", None);
        self.graph.title = format!("{title} with {} sidecars", form.id());
        self.graph.summary = summary(self.workload, &self.placement, self.verdicts, form);
        self.services();
        let Placement { init, regular, ephemeral, .. } = self.placement.clone();
        if !init.is_empty() {
            let note = "started one after another";
            self.lane("init", GroupKind::InitLane, "initContainers", note, &init);
        }
        let note = if regular.len() > 1 { "started together" } else { "" };
        self.lane("regular", GroupKind::RegularLane, "containers", note, &regular);
        if !ephemeral.is_empty() {
            self.lane(
                "ephemeral",
                GroupKind::EphemeralLane,
                "ephemeralContainers",
                "added by kubectl debug",
                &ephemeral,
            );
        }
        self.order(&init, &regular);
        self.volumes();
        self.traffic();
    }

    fn draw_project(&mut self) {
        let title = self
            .workload
            .name
            .as_ref()
            .map_or_else(|| "Compose project".to_owned(), |name| format!("Compose project {name}"));
        self.pod = self.graph.group("pod", GroupKind::Pod, title.clone(), "", None);
        self.graph.title = title;
        self.graph.summary = format!("{} services of a Compose project.", self.workload.pod.containers.len());
        let all: Vec<usize> = (0..self.workload.pod.containers.len()).collect();
        self.lane("services", GroupKind::RegularLane, "services", "a container each", &all);
        self.volumes();
        self.dependencies();
    }

    fn lane(&mut self, id: &str, kind: GroupKind, title: &str, note: &str, containers: &[usize]) {
        let group = self.graph.group(id, kind, title.to_owned(), note, Some(self.pod));
        for index in containers {
            let (Some(container), Some(verdict)) =
                (self.workload.pod.containers.get(*index), self.verdicts.get(*index))
            else {
                continue;
            };
            let role = self.placement.role(*index, verdict);
            let node = Node {
                id: format!("c{index}"),
                kind: NodeKind::Container(role),
                group: Some(group),
                title: container.display_name().to_owned(),
                subtitle: subtitle(role, verdict),
                details: details(container),
                remark: self.placement.moved.contains(index).then(|| moved_remark(role).to_owned()),
                target: Some(Target {
                    container: Some(*index),
                    place: self.workload.place(container.node, Part::Value),
                }),
            };
            let node = self.graph.node(node);
            if let Some(slot) = self.nodes.get_mut(*index) {
                *slot = Some(node);
            }
        }
    }

    /// Arrows of the start order: init entries one after another, then the regular containers together.
    fn order(&mut self, init: &[usize], regular: &[usize]) {
        let first_regular = regular.first();
        for (position, index) in init.iter().enumerate() {
            let next = init.get(position + 1).or(first_regular);
            if let (Some(from), Some(to)) = (self.node_of(*index), next.and_then(|next| self.node_of(*next))) {
                let label = self.waits_for(*index);
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

    /// What has to happen to an init entry before the next one starts (facts 2.2, 2.3 and 2.4).
    fn waits_for(&self, index: usize) -> &'static str {
        let Some(container) = self.workload.pod.containers.get(index) else { return "then" };
        let is_sidecar = self.verdicts.get(index).is_some_and(|verdict| verdict.role.is_sidecar());
        if !is_sidecar {
            return "once it has finished";
        }
        match (container.probe(ProbeKind::Startup).is_some(), container.lifecycle.post_start.is_some()) {
            (true, _) => "once its startup probe passes",
            (false, true) => "once its postStart hook is done",
            (false, false) => "once it is started",
        }
    }

    fn volumes(&mut self) {
        let uses = detect::uses(self.workload, self.verdicts);
        let mut folded: Vec<(usize, Vec<&str>)> = Vec::new();
        let pod = &self.workload.pod;
        for (number, volume) in pod.volumes.iter().enumerate() {
            let users = pod.users_of(&volume.name);
            let [first, ..] = users.as_slice() else { continue };
            let is_private = users.len() == 1 && !volume.kind.outlives_pod();
            if is_private && self.private_volumes(*first) > PRIVATE_VOLUMES {
                match folded.iter_mut().find(|(container, _)| container == first) {
                    Some((_, names)) => names.push(&volume.name),
                    None => folded.push((*first, vec![&volume.name])),
                }
                continue;
            }
            let node = self.volume_node(number, volume);
            for used in uses.iter().filter(|used| users.contains(&used.container)) {
                let mount = pod.containers.get(used.container).and_then(|container| container.mounts.get(used.mount));
                let (Some(mount), Some(container)) = (mount, self.node_of(used.container)) else { continue };
                if mount.volume == volume.name {
                    let kind = match used.direction {
                        Direction::Reads => EdgeKind::Reads,
                        Direction::Writes => EdgeKind::Writes,
                        Direction::Shares => EdgeKind::Shares,
                    };
                    self.graph.edge(container, node, kind, used.direction.label(), &mount.path);
                }
            }
            self.neighbours(volume, node);
        }
        for (container, names) in folded {
            let node = Node {
                id: format!("p{container}"),
                kind: NodeKind::Volume,
                group: Some(self.pod),
                title: format!("{} volumes of its own", names.len()),
                subtitle: names.join(", "),
                details: Vec::new(),
                remark: None,
                target: None,
            };
            let node = self.graph.node(node);
            if let Some(from) = self.node_of(container) {
                self.graph.edge(from, node, EdgeKind::Shares, "uses", "no other container does");
            }
        }
    }

    /// How many volumes that end with the Pod only this container mounts.
    fn private_volumes(&self, container: usize) -> usize {
        let pod = &self.workload.pod;
        pod.volumes
            .iter()
            .filter(|volume| !volume.kind.outlives_pod() && pod.users_of(&volume.name) == [container])
            .count()
    }

    fn volume_node(&mut self, number: usize, volume: &Volume) -> usize {
        let reference =
            volume.reference.as_ref().map(|reference| reference.value.as_str()).filter(|name| *name != volume.name);
        let subtitle = match reference {
            Some(reference) => format!("{} {reference}", volume.kind.label()),
            None => volume.kind.label().to_owned(),
        };
        let is_inside = !volume.kind.outlives_pod() || volume.kind == VolumeKind::Named;
        self.graph.node(Node {
            id: format!("v{number}"),
            kind: if is_inside { NodeKind::Volume } else { NodeKind::Storage },
            group: is_inside.then_some(self.pod),
            title: volume.name.clone(),
            subtitle,
            details: Vec::new(),
            remark: None,
            target: Some(Target { container: None, place: self.workload.place(volume.node, Part::Value) }),
        })
    }

    /// Other workloads of the text that mount the same claim.
    fn neighbours(&mut self, volume: &Volume, node: usize) {
        let Some(claim) = volume.reference.as_ref().filter(|_| volume.kind == VolumeKind::PersistentVolumeClaim) else {
            return;
        };
        for (number, other) in self.analysis.model.workloads.iter().enumerate() {
            let shares = other.pod.volumes.iter().any(|own| {
                own.kind == VolumeKind::PersistentVolumeClaim
                    && own.reference.as_ref().is_some_and(|reference| reference.value == claim.value)
            });
            if number == self.index || !shares || other.namespace != self.workload.namespace {
                continue;
            }
            let neighbour = self.graph.node(Node {
                id: format!("w{number}"),
                kind: NodeKind::Workload,
                group: None,
                title: other.title(),
                subtitle: format!("another Pod, {}", names_of(other)),
                details: Vec::new(),
                remark: None,
                target: Some(Target { container: None, place: other.place(other.pod.node, Part::Value) }),
            });
            let kind = if only_reads(other, &claim.value) { EdgeKind::Reads } else { EdgeKind::Shares };
            let label = if kind == EdgeKind::Reads { "reads" } else { "uses" };
            self.graph.edge(neighbour, node, kind, label, "");
        }
    }

    fn services(&mut self) {
        for (number, object) in self.analysis.model.objects.iter().enumerate() {
            let Relates::Service { selector, ports } = &object.relates else { continue };
            let labels = &self.workload.pod.labels;
            let selects = !selector.is_empty() && selector.iter().all(|pair| labels.contains(pair));
            if !selects || object.namespace != self.workload.namespace {
                continue;
            }
            let numbers = ports.iter().filter_map(|port| {
                let number = port.port?.to_string();
                Some(if port.target == number { format!(":{number}") } else { format!(":{number}→{}", port.target) })
            });
            let numbers: Vec<String> = numbers.collect();
            self.graph.node(Node {
                id: format!("s{number}"),
                kind: NodeKind::Service,
                group: None,
                title: object.name.clone().unwrap_or_default(),
                subtitle: format!("Service {}", numbers.join(" ")).trim_end().to_owned(),
                details: Vec::new(),
                remark: None,
                target: Some(Target {
                    container: None,
                    place: crate::source::Place { document: object.document, node: object.node, part: Part::Value },
                }),
            });
        }
    }

    /// From Services to the containers whose ports they name.
    fn traffic(&mut self) {
        for (number, object) in self.analysis.model.objects.iter().enumerate() {
            let Relates::Service { ports, .. } = &object.relates else { continue };
            let id = format!("s{number}");
            let Some(service) = self.graph.nodes.iter().position(|node| node.id == id) else { continue };
            let mut targets: Vec<(usize, Vec<String>)> = Vec::new();
            for port in ports {
                let owner = self.workload.pod.containers.iter().position(|container| {
                    let is_it = |own: &crate::model::Port| {
                        own.port.to_string() == port.target || own.name.as_ref() == Some(&port.target)
                    };
                    container.ports.iter().any(is_it)
                });
                // A port that no container declares is still open if its process listens: most likely the app's.
                let owner = owner.or_else(|| self.verdicts.iter().position(|verdict| verdict.role == Role::App));
                let Some(node) = owner.and_then(|owner| self.node_of(owner)) else { continue };
                match targets.iter_mut().find(|(target, _)| *target == node) {
                    Some((_, ports)) => ports.push(port.target.clone()),
                    None => targets.push((node, vec![port.target.clone()])),
                }
            }
            for (container, ports) in targets {
                self.graph.edge(service, container, EdgeKind::Traffic, &format!("port {}", ports.join(", ")), "");
            }
        }
    }

    /// `depends_on` and shared networks of Compose services.
    fn dependencies(&mut self) {
        let containers = &self.workload.pod.containers;
        let by_name = |name: &str| {
            containers.iter().position(|other| {
                other.display_name() == name
                    || other.compose.as_ref().is_some_and(|part| part.container_name.as_deref() == Some(name))
            })
        };
        for (index, container) in containers.iter().enumerate() {
            let Some(part) = &container.compose else { continue };
            for (name, condition) in &part.depends_on {
                let label = match condition.as_deref() {
                    Some("service_healthy") => "after healthy",
                    Some("service_completed_successfully") => "after it ended",
                    _ => "after",
                };
                if let (Some(from), Some(to)) =
                    (self.node_of(index), by_name(&name.value).and_then(|other| self.node_of(other)))
                {
                    self.graph.edge(from, to, EdgeKind::DependsOn, label, "");
                }
            }
            let joined = part.network_mode.as_ref().and_then(|mode| mode.value.split_once(':'));
            if let Some((_, name)) = joined
                && let (Some(from), Some(to)) =
                    (self.node_of(index), by_name(name).and_then(|other| self.node_of(other)))
            {
                self.graph.edge(from, to, EdgeKind::Traffic, "same network", "");
            }
        }
    }

    fn node_of(&self, container: usize) -> Option<usize> {
        self.nodes.get(container).copied().flatten()
    }
}

/// The containers of another workload, in short.
fn names_of(workload: &Workload) -> String {
    let names: Vec<&str> = workload.pod.containers.iter().map(Container::display_name).collect();
    match names.as_slice() {
        [] => "empty".to_owned(),
        [one] => format!("with {one}"),
        [first, rest @ ..] => format!("with {first} and {} more", rest.len()),
    }
}

/// Whether all mounts of a claim in a workload are read-only.
fn only_reads(workload: &Workload, claim: &str) -> bool {
    let pod = &workload.pod;
    let volumes = pod.volumes.iter().filter(|volume| volume.reference.as_ref().is_some_and(|name| name.value == claim));
    volumes
        .flat_map(|volume| {
            pod.containers.iter().flat_map(|container| &container.mounts).filter(|mount| mount.volume == volume.name)
        })
        .all(|mount| mount.read_only)
}

fn subtitle(role: Role, verdict: &Verdict) -> String {
    match verdict.category {
        Some(category) if role.is_sidecar() => format!("{} · {}", role.label(), category.label()),
        _ => role.label().to_owned(),
    }
}

fn moved_remark(role: Role) -> &'static str {
    if role == Role::NativeSidecar { "moved to initContainers" } else { "moved to containers" }
}

fn details(container: &Container) -> Vec<String> {
    let mut details = Vec::new();
    if let Some(image) = &container.image {
        details.push(image.value.short());
    }
    let ports = container.ports.iter().map(|port| match (&port.name, port.host_port) {
        (_, Some(host)) => format!(":{host}→{}", port.port),
        (Some(name), None) => format!(":{} {name}", port.port),
        (None, None) => format!(":{}", port.port),
    });
    let ports: Vec<String> = ports.collect();
    if !ports.is_empty() {
        details.push(ports.join("  "));
    }
    if let Some(part) = &container.compose {
        let after = part.depends_on.iter().map(|(name, condition)| match condition.as_deref() {
            Some("service_healthy") => format!("{} is healthy", name.value),
            Some("service_completed_successfully") => format!("{} has ended", name.value),
            _ => name.value.clone(),
        });
        let after: Vec<String> = after.collect();
        if !after.is_empty() {
            details.push(format!("after {}", after.join(", ")));
        }
    }
    details
}

fn summary(workload: &Workload, placement: &Placement, verdicts: &[Verdict], form: Form) -> String {
    let name = |index: &usize| workload.pod.containers.get(*index).map_or("", Container::display_name);
    let names = |indices: &[usize]| indices.iter().map(name).collect::<Vec<_>>();
    let together = match names(&placement.regular).as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} and {last} together", others.join(", ")),
    };
    let start = match (names(&placement.init).as_slice(), together.is_empty()) {
        ([], _) if placement.regular.len() == 1 => format!("{together} starts."),
        ([], _) => format!("{} start together.", together.trim_end_matches(" together")),
        (init, true) => format!("{} starts first.", init.join(", then ")),
        ([first, rest @ ..], false) => {
            let rest: String = rest.iter().map(|name| format!(", then {name}")).collect();
            format!("{first} starts first{rest}, then {together}.")
        }
    };
    let written = Written::of(verdicts);
    let note = match (written, written.is(form)) {
        (Written::Neither, _) => " There is no sidecar, so both forms are the same.",
        (_, true) => " This is how the manifest is written.",
        (_, false) => " This is the same Pod in the other form.",
    };
    start + note
}
