//! Volumes, who uses them and which way, and other workloads that share a claim.

use super::{Picture, Slot, words};
use crate::detect;
use crate::diagram::{EdgeKind, Node, NodeKind, Target};
use crate::model::{Container, Volume, VolumeKind, Workload};
use crate::source::Part;

/// Volumes that only one container mounts are drawn one by one up to this many, and as one box beyond.
const PRIVATE_VOLUMES: usize = 2;

impl Picture<'_> {
    pub(super) fn draw_volumes(&mut self) {
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
                let (Some(mount), Some(container)) = (mount, self.node_of(Slot::Own(used.container))) else { continue };
                if mount.volume == volume.name {
                    self.graph.edge(container, node, words::mount(used.direction), used.direction.label(), &mount.path);
                }
            }
            self.neighbours(volume, node);
        }
        for (container, names) in folded {
            let node = self.graph.node(Node {
                id: format!("p{container}"),
                kind: NodeKind::Volume,
                group: Some(self.pod),
                title: format!("{} volumes of its own", names.len()),
                subtitle: names.join(", "),
                ..Node::default()
            });
            if let Some(from) = self.node_of(Slot::Own(container)) {
                self.graph.edge(from, node, EdgeKind::Shares, "uses", "no other container does");
            }
        }
    }

    /// How many volumes that end with the Pod only this container mounts.
    fn private_volumes(&self, container: usize) -> usize {
        let pod = &self.workload.pod;
        let is_private = |volume: &&Volume| !volume.kind.outlives_pod() && pod.users_of(&volume.name) == [container];
        pod.volumes.iter().filter(is_private).count()
    }

    fn volume_node(&mut self, number: usize, volume: &Volume) -> usize {
        let reference = volume.reference.as_ref().map(|reference| reference.value.as_str());
        let subtitle = match reference.filter(|name| *name != volume.name) {
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
            target: Some(Target { container: None, place: self.workload.place(volume.node, Part::Value) }),
            ..Node::default()
        })
    }

    /// Other workloads of the text that mount the same claim.
    fn neighbours(&mut self, volume: &Volume, node: usize) {
        let claim = volume.reference.as_ref().filter(|_| volume.kind == VolumeKind::PersistentVolumeClaim);
        let Some(claim) = claim.map(|reference| reference.value.as_str()) else { return };
        for (number, other) in self.analysis.model.workloads.iter().enumerate() {
            let shares = other.pod.volumes.iter().any(|own| is_claim(own, claim));
            let is_same = || self.analysis.model.origin(other) == self.analysis.model.origin(self.workload);
            if number == self.index || !shares || other.namespace != self.workload.namespace || is_same() {
                continue;
            }
            let neighbour = self.graph.node(Node {
                id: format!("w{number}"),
                kind: NodeKind::Workload,
                title: other.title(),
                subtitle: format!("another Pod, {}", names_of(other)),
                target: Some(Target { container: None, place: other.place(other.pod.node, Part::Value) }),
                ..Node::default()
            });
            let kind = if only_reads(other, claim) { EdgeKind::Reads } else { EdgeKind::Shares };
            self.graph.edge(neighbour, node, kind, if kind == EdgeKind::Reads { "reads" } else { "uses" }, "");
        }
    }
}

fn is_claim(volume: &Volume, claim: &str) -> bool {
    let is_it = volume.reference.as_ref().is_some_and(|reference| reference.value == claim);
    volume.kind == VolumeKind::PersistentVolumeClaim && is_it
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
    let names: Vec<&str> =
        pod.volumes.iter().filter(|volume| is_claim(volume, claim)).map(|volume| volume.name.as_str()).collect();
    let mut mounts = pod.containers.iter().flat_map(|container| &container.mounts);
    mounts.all(|mount| mount.read_only || !names.contains(&mount.volume.as_str()))
}
