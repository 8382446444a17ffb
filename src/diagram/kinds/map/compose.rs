//! Compose projects: each service is a box, for Compose knows no Pods.

use super::{MOST_CARDS, Map, words};
use crate::detect::calls::Callee;
use crate::detect::uses;
use crate::diagram::{EdgeKind, GroupKind, Node, NodeKind, Target};
use crate::model::{Dialect, Workload};
use crate::source::Part;

impl Map<'_> {
    pub(super) fn draw_projects(&mut self) {
        let analysis = self.analysis;
        let projects = analysis.model.workloads.iter().enumerate();
        for (index, project) in projects.filter(|(_, workload)| workload.dialect == Dialect::Compose) {
            let name = project.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
            let title = format!("Compose project{name}");
            let group =
                self.graph.group(&format!("n{}", self.graph.groups.len()), GroupKind::Namespace, title, "", None);
            let nodes = self.draw_project(index, project, group);
            self.draw_dependencies(project, &nodes);
            self.draw_project_calls(index, project, &nodes);
            self.draw_project_volumes(index, project, group, &nodes);
        }
    }

    fn draw_project(&mut self, index: usize, project: &Workload, group: usize) -> Vec<Option<usize>> {
        let verdicts = self.analysis.verdicts.get(index).map_or(&[][..], Vec::as_slice);
        let mut nodes = Vec::new();
        for (number, (container, verdict)) in project.pod.containers.iter().zip(verdicts).enumerate() {
            if number >= MOST_CARDS {
                nodes.push(None);
                self.left_out += 1;
                continue;
            }
            let mut details = words::details(container);
            // What it waits for is drawn.
            details.truncate(1);
            nodes.push(Some(self.graph.node(Node {
                id: format!("w{index}c{number}"),
                kind: NodeKind::Container(verdict.role),
                group: Some(group),
                title: container.display_name().to_owned(),
                subtitle: words::subtitle(verdict.role, verdict.category),
                details,
                target: Some(Target {
                    container: (index == self.shown).then_some(number),
                    place: project.place(container.node, Part::Value),
                }),
                ..Node::default()
            })));
        }
        nodes
    }

    fn draw_dependencies(&mut self, project: &Workload, nodes: &[Option<usize>]) {
        let node_of = |name: &str| {
            let index = project.pod.containers.iter().position(|other| other.display_name() == name)?;
            nodes.get(index).copied().flatten()
        };
        for (container, from) in project.pod.containers.iter().zip(nodes) {
            let (Some(part), Some(from)) = (&container.compose, from) else { continue };
            for (name, condition) in &part.depends_on {
                if let Some(to) = node_of(&name.value) {
                    let label = words::after(condition.as_deref());
                    self.connect(*from, to, EdgeKind::DependsOn, label, "");
                }
            }
            let joined = part.network_mode.as_ref().and_then(|mode| mode.value.split_once(':'));
            if let Some(to) = joined.and_then(|(_, name)| node_of(name)) {
                self.connect(*from, to, EdgeKind::Talks, "in the network of", "");
            }
        }
    }

    fn draw_project_calls(&mut self, index: usize, project: &Workload, nodes: &[Option<usize>]) {
        for call in crate::detect::calls::calls(project, &self.analysis.model, &self.analysis.source) {
            let node = |container: usize| nodes.get(container).copied().flatten();
            let to = match call.to {
                Callee::Container(other) => node(other),
                _ => self.address(&call),
            };
            let verdict = self.analysis.verdicts.get(index).and_then(|verdicts| verdicts.get(call.container));
            if let (Some(from), Some(to)) = (node(call.container), to) {
                let (kind, label) = super::relations::arrow(verdict, &call);
                self.connect(from, to, kind, label, &call.address());
            }
        }
    }

    /// Named volumes and directories that several services mount.
    fn draw_project_volumes(&mut self, index: usize, project: &Workload, group: usize, nodes: &[Option<usize>]) {
        let verdicts = self.analysis.verdicts.get(index).map_or(&[][..], Vec::as_slice);
        let uses = uses(project, verdicts);
        for (number, volume) in project.pod.volumes.iter().enumerate() {
            if project.pod.users_of(&volume.name).len() < 2 {
                continue;
            }
            let node = self.free_node(
                format!("project {index} {number}"),
                Node {
                    id: format!("v{index}x{number}"),
                    kind: NodeKind::Volume,
                    group: Some(group),
                    title: volume.name.clone(),
                    subtitle: volume.kind.label().to_owned(),
                    target: Some(Target { container: None, place: project.place(volume.node, Part::Value) }),
                    ..Node::default()
                },
            );
            for used in &uses {
                let mount = project.pod.containers.get(used.container).and_then(|own| own.mounts.get(used.mount));
                let from = nodes.get(used.container).copied().flatten();
                if let (Some(node), Some(from), Some(mount)) = (node, from, mount)
                    && mount.volume == volume.name
                {
                    self.connect(from, node, words::mount(used.direction), used.direction.label(), &mount.path);
                }
            }
        }
    }
}
