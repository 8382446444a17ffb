//! What is around the Pod: Services, routes, and what Compose services wait for.

use super::{Picture, Slot, words};
use crate::detect::Role;
use crate::detect::around::{routes_to, services};
use crate::diagram::{EdgeKind, Node, NodeKind, Target};
use crate::model::{Relates, ServicePort};
use crate::source::{Part, Place};

impl Picture<'_> {
    /// Services that select the Pod, and what routes traffic to them.
    pub(super) fn draw_services(&mut self) {
        let objects = &self.analysis.model.objects;
        let own = services(self.workload, &self.analysis.model);
        for (number, object) in self.analysis.model.relating() {
            let Relates::Routes { hosts, services: routed } = &object.relates else { continue };
            let leads_here = own
                .iter()
                .filter_map(|index| objects.get(*index))
                .any(|service| routed.iter().any(|named| routes_to(named, service)));
            if leads_here && object.kind.as_deref() != Some("DestinationRule") {
                let kind = object.kind.clone().unwrap_or_default();
                let subtitle = if hosts.is_empty() { kind } else { format!("{kind} {}", hosts.join(", ")) };
                self.outside_node(format!("r{number}"), NodeKind::Route, number, subtitle);
            }
        }
        for number in own {
            let Some(Relates::Service { ports, .. }) = objects.get(number).map(|object| &object.relates) else {
                continue;
            };
            self.outside_node(format!("s{number}"), NodeKind::Service, number, words::service(ports));
        }
    }

    fn outside_node(&mut self, id: String, kind: NodeKind, number: usize, subtitle: String) {
        let Some(object) = self.analysis.model.objects.get(number) else { return };
        let place = Place { document: object.document, node: object.node, part: Part::Value };
        self.graph.node(Node {
            id,
            kind,
            title: object.name.clone().unwrap_or_default(),
            subtitle,
            target: Some(Target { container: None, place }),
            ..Node::default()
        });
    }

    /// From routes to Services, from Services to the containers whose ports they name; through the mesh, if there is one.
    pub(super) fn draw_traffic(&mut self) {
        let objects = &self.analysis.model.objects;
        for number in services(self.workload, &self.analysis.model) {
            let Some(object) = objects.get(number) else { continue };
            let (Some(service), Relates::Service { ports, .. }) =
                (self.node_called(&format!("s{number}")), &object.relates)
            else {
                continue;
            };
            for (index, route) in self.analysis.model.relating() {
                let Relates::Routes { services: routed, .. } = &route.relates else { continue };
                if routed.iter().any(|named| routes_to(named, object))
                    && let Some(from) = self.node_called(&format!("r{index}"))
                {
                    self.graph.edge(from, service, EdgeKind::Traffic, "routes", "");
                }
            }
            for (container, targets) in self.targets(ports) {
                self.graph.edge(service, container, EdgeKind::Traffic, &format!("port {}", targets.join(", ")), "");
            }
        }
    }

    /// The containers that ports of a Service lead to.
    fn targets(&self, ports: &[ServicePort]) -> Vec<(usize, Vec<String>)> {
        let mut targets: Vec<(usize, Vec<String>)> = Vec::new();
        for port in ports {
            let owner = words::owner(self.workload, &port.target);
            // A port that no container declares is still open if its process listens: most likely the app's.
            let owner = owner.or_else(|| self.verdicts.iter().position(|verdict| verdict.role == Role::App));
            let node = self.mesh_proxy().or_else(|| owner.and_then(|owner| self.node_of(Slot::Own(owner))));
            let Some(node) = node else { continue };
            match targets.iter_mut().find(|(target, _)| *target == node) {
                Some((_, ports)) => ports.push(port.target.clone()),
                None => targets.push((node, vec![port.target.clone()])),
            }
        }
        targets
    }

    fn node_called(&self, id: &str) -> Option<usize> {
        self.graph.nodes.iter().position(|node| node.id == id)
    }

    /// `depends_on`, and the networks that Compose services share.
    pub(super) fn draw_dependencies(&mut self) {
        let containers = &self.workload.pod.containers;
        let by_name = |name: &str| {
            containers.iter().position(|other| {
                let own = other.compose.as_ref().and_then(|part| part.container_name.as_deref());
                other.display_name() == name || own == Some(name)
            })
        };
        for (index, container) in containers.iter().enumerate() {
            let Some(part) = &container.compose else { continue };
            let mut edges: Vec<(Option<usize>, EdgeKind, &str)> = Vec::new();
            for (name, condition) in &part.depends_on {
                edges.push((by_name(&name.value), EdgeKind::DependsOn, words::after(condition.as_deref())));
            }
            let joined = part.network_mode.as_ref().and_then(|mode| mode.value.split_once(':'));
            edges.extend(joined.map(|(_, name)| (by_name(name), EdgeKind::Talks, "in the network of")));
            for (other, kind, label) in edges {
                let other = other.filter(|other| *other != index);
                if let (Some(from), Some(to)) =
                    (self.node_of(Slot::Own(index)), other.and_then(|other| self.node_of(Slot::Own(other))))
                {
                    self.graph.edge(from, to, kind, label, "");
                }
            }
        }
    }
}
