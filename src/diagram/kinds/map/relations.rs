//! Arrows between workloads: traffic that comes in, calls that go out, volumes that are shared.

use super::{Map, words};
use crate::detect::around::{routes_to, serves};
use crate::detect::calls::{Call, Callee, calls};
use crate::detect::mesh::{End, wire};
use crate::detect::{Direction, Role, Verdict, uses};
use crate::diagram::kinds::topology::calls::{self as outbound, kind_of, short};
use crate::diagram::{EdgeKind, Node, NodeKind, Target};
use crate::model::{Object, Relates, ServicePort, VolumeKind, Workload};
use crate::source::Value;
use std::collections::HashMap;

impl<'a> Map<'a> {
    fn workload(&self, card: usize) -> Option<&'a Workload> {
        self.analysis.model.workloads.get(self.cards.get(card)?.workload)
    }

    /// A Service stands in the card of its workload; one with several workloads, or with none of this text, beside them.
    pub(super) fn draw_services(&mut self) {
        let analysis = self.analysis;
        for (number, object) in analysis.model.objects.iter().enumerate() {
            let Relates::Service { ports, selector } = &object.relates else { continue };
            let behind: Vec<usize> = (0..self.cards.len())
                .filter(|card| self.workload(*card).is_some_and(|workload| serves(object, workload)))
                .collect();
            // One of a workload that is left out is left out too.
            let is_left_out = || analysis.model.workloads.iter().any(|workload| serves(object, workload));
            if behind.is_empty() && (selector.is_empty() || is_left_out()) {
                continue;
            }
            let group = match behind.as_slice() {
                [one] => self.cards.get(*one).and_then(|card| card.group),
                _ => None,
            };
            let is_inside = group.is_some();
            let node = Node {
                id: format!("s{number}"),
                kind: NodeKind::Service,
                group: group.or_else(|| self.group_of(object.namespace.as_deref())),
                title: object.name.clone().unwrap_or_default(),
                subtitle: words::service(ports),
                target: self.target_of(number),
                ..Node::default()
            };
            // A Service of one that is drawn as a single box is that box.
            let single = match behind.as_slice() {
                [one] if !is_inside => {
                    self.cards.get(*one).and_then(|card| card.containers.iter().flatten().next().copied())
                }
                _ => None,
            };
            let node = match (is_inside, single) {
                (_, Some(single)) => Some(single),
                (true, None) => Some(self.graph.node(node)),
                (false, None) => self.free_node(format!("service {number}"), node),
            };
            let Some(node) = node else { continue };
            self.services.insert(number, node);
            for card in behind {
                for (to, label) in self.targets(card, ports) {
                    self.connect(node, to, EdgeKind::Traffic, &label, "");
                }
            }
        }
        // In its card a Service stands above the containers.
        self.order_cards();
    }

    /// The boxes of a card that the ports of a Service lead to.
    fn targets(&self, card: usize, ports: &[ServicePort]) -> Vec<(usize, String)> {
        let Some(own) = self.cards.get(card) else { return Vec::new() };
        let (Some(workload), Some(verdicts)) =
            (self.analysis.model.workloads.get(own.workload), self.analysis.verdicts.get(own.workload))
        else {
            return Vec::new();
        };
        let mut found: Vec<(usize, Vec<&str>)> = Vec::new();
        let nothing = [ServicePort { port: None, target: String::new(), node: workload.pod.node }];
        for port in if ports.is_empty() { &nothing } else { ports } {
            let owner = words::owner(workload, &port.target).and_then(|index| own.node(index));
            let Some(node) = own.proxy().or(owner).or_else(|| own.app(verdicts)) else { continue };
            match found.iter_mut().find(|(known, _)| *known == node) {
                Some((_, targets)) => targets.push(&port.target),
                None => found.push((node, vec![&port.target])),
            }
        }
        let label = |targets: Vec<&str>| match targets.as_slice() {
            [""] => "all ports".to_owned(),
            targets => format!("port {}", targets.join(", ")),
        };
        found.into_iter().map(|(node, targets)| (node, label(targets))).collect()
    }

    /// Puts the Services of each card in front of its containers, which were drawn first.
    fn order_cards(&mut self) {
        let mut order: Vec<usize> = (0..self.graph.nodes.len()).collect();
        let is_behind = |index: &usize| {
            let node = self.graph.nodes.get(*index);
            node.map(|node| (node.group, node.kind != NodeKind::Service))
        };
        // Nodes of one group stand together already, but for the Services.
        let first: HashMap<Option<usize>, usize> =
            order.iter().rev().filter_map(|index| Some((self.graph.nodes.get(*index)?.group, *index))).collect();
        order.sort_by_key(|index| {
            let (group, is_behind) = is_behind(index).unwrap_or_default();
            (first.get(&group).copied().unwrap_or(*index), is_behind)
        });
        self.renumber(&order);
    }

    /// Puts the nodes into an order of their indices.
    fn renumber(&mut self, order: &[usize]) {
        let mut place = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            if let Some(slot) = place.get_mut(*old) {
                *slot = new;
            }
        }
        let now = |old: usize| place.get(old).copied().unwrap_or(old);
        self.graph.nodes = order.iter().filter_map(|old| self.graph.nodes.get(*old).cloned()).collect();
        for edge in &mut self.graph.edges {
            (edge.from, edge.to) = (now(edge.from), now(edge.to));
        }
        for card in &mut self.cards {
            card.containers.iter_mut().flatten().chain(&mut card.added).for_each(|node| *node = now(*node));
        }
        self.services.values_mut().chain(self.free.values_mut()).for_each(|node| *node = now(*node));
    }

    /// What routes traffic to Services, and the gateways that it does so for.
    pub(super) fn draw_routes(&mut self) {
        let analysis = self.analysis;
        for (number, object) in analysis.model.objects.iter().enumerate() {
            let Relates::Routes { hosts, services } = &object.relates else { continue };
            let is_near = |service: &Object| {
                let namespaces = [service.namespace.as_deref(), object.namespace.as_deref()];
                namespaces.contains(&None) || namespaces[0] == namespaces[1]
            };
            let leads_to = |index: &usize, named: &str| {
                let service = analysis.model.objects.get(*index);
                service.is_some_and(|service| routes_to(named, service) && (is_near(service) || named.contains('.')))
            };
            let mut found: Vec<usize> = self
                .services
                .keys()
                .copied()
                .filter(|index| services.iter().any(|named| leads_to(index, named)))
                .collect();
            found.sort_unstable();
            // A DestinationRule says how callers connect; it leads nowhere by itself.
            if found.is_empty() || object.kind.as_deref() == Some("DestinationRule") {
                continue;
            }
            let kind = object.kind.clone().unwrap_or_default();
            let subtitle = if hosts.is_empty() { kind } else { format!("{kind} {}", hosts.join(", ")) };
            let Some(route) = self.object_node("r", number, NodeKind::Route, subtitle) else { continue };
            for service in found {
                if let Some(to) = self.services.get(&service).copied() {
                    self.connect(route, to, EdgeKind::Traffic, "routes", "");
                }
            }
            for gateway in self.gateways(object) {
                if let Some(from) = self.object_node("r", gateway, NodeKind::Route, "Gateway".to_owned()) {
                    self.connect(from, route, EdgeKind::Traffic, "lets in", "");
                }
            }
        }
    }

    /// The Gateways that a route names.
    fn gateways(&self, route: &Object) -> Vec<usize> {
        let document = self.analysis.source.documents.get(route.document as usize);
        let Some(spec) = document.and_then(|document| document.value(route.node).get("spec")) else {
            return Vec::new();
        };
        let named = spec.get("gateways").into_iter().flat_map(Value::items).filter_map(Value::text);
        let parents = spec.get("parentRefs").into_iter().flat_map(Value::items);
        let names: Vec<&str> = named.chain(parents.filter_map(|parent| parent.get("name")?.text())).collect();
        let is_named = |object: &Object| {
            let own = object.name.as_deref().unwrap_or_default();
            object.kind.as_deref() == Some("Gateway") && names.iter().any(|name| name.rsplit('/').next() == Some(own))
        };
        let objects = self.analysis.model.objects.iter().enumerate();
        objects.filter(|(_, object)| is_named(object)).map(|(index, _)| index).collect()
    }

    fn object_node(&mut self, letter: &str, number: usize, kind: NodeKind, subtitle: String) -> Option<usize> {
        let object = self.analysis.model.objects.get(number)?;
        let node = Node {
            id: format!("{letter}{number}"),
            kind,
            group: self.group_of(object.namespace.as_deref()),
            title: object.name.clone().unwrap_or_default(),
            subtitle,
            target: self.target_of(number),
            ..Node::default()
        };
        self.free_node(format!("object {number}"), node)
    }

    pub(super) fn draw_calls(&mut self) {
        let analysis = self.analysis;
        for card in 0..self.cards.len() {
            let Some(workload) = self.workload(card) else { continue };
            for call in calls(workload, &analysis.model, &analysis.source) {
                self.draw_call(card, &call);
            }
        }
    }

    fn draw_call(&mut self, card: usize, call: &Call) {
        let analysis = self.analysis;
        let Some(own) = self.cards.get(card) else { return };
        let verdict = analysis.verdicts.get(own.workload).and_then(|verdicts| verdicts.get(call.container));
        let Some(caller) = own.node(call.container) else { return };
        let (mesh, proxy) = (own.mesh, own.proxy().filter(|_| verdict.is_some_and(|own| own.role != Role::Init)));
        let Callee::Service(index) = call.to else {
            let Some(to) = self.address(call) else { return };
            let is_app = verdict.is_some_and(|verdict| matches!(verdict.role, Role::App | Role::Peer));
            let (kind, label) = arrow(verdict, call);
            match proxy.filter(|_| is_app) {
                Some(proxy) => self.connect(proxy, to, kind, "hands on to", &call.address()),
                None => self.connect(caller, to, kind, label, ""),
            }
            return;
        };
        let (Some(service), Some(from)) = (analysis.model.objects.get(index), self.workload(card)) else { return };
        let from = End { workload: from, mesh };
        let mut is_drawn = false;
        for other in 0..self.cards.len() {
            let (Some(to), Some(callee)) = (self.workload(other), self.cards.get(other)) else { continue };
            if !serves(service, to) || (mesh.is_none() && callee.mesh.is_none()) {
                continue;
            }
            let end = End { workload: to, mesh: callee.mesh };
            let wire = wire(from, end, service, call.port, &analysis.model, &analysis.source);
            let (kind, label) = outbound::arrow(verdict, call, wire, mesh.map(|mesh| mesh.by));
            let verdicts = analysis.verdicts.get(callee.workload).map_or(&[][..], Vec::as_slice);
            let target = callee.proxy().or_else(|| callee.app(verdicts));
            let at_service = self.services.get(&index).copied();
            let target =
                if matches!(kind, EdgeKind::Encrypted | EdgeKind::Refused) { target } else { at_service.or(target) };
            if let Some(target) = target {
                self.connect(proxy.unwrap_or(caller), target, kind, label, &call.address());
                is_drawn = true;
            }
        }
        if !is_drawn && let Some(to) = self.services.get(&index).copied() {
            let (kind, label) = arrow(verdict, call);
            self.connect(proxy.unwrap_or(caller), to, kind, label, &call.address());
        }
    }

    /// What answers at an address that is not in the text.
    pub(super) fn address(&mut self, call: &Call) -> Option<usize> {
        let host = short(&call.host);
        let about = call.concern.map(|concern| format!(", {}", concern.label())).unwrap_or_default();
        let node = Node {
            id: format!("o{}", self.free.len()),
            kind: kind_of(call.concern),
            title: call.port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
            subtitle: format!("outside{about}"),
            target: Some(Target { container: None, place: call.place }),
            ..Node::default()
        };
        self.free_node(format!("address {host}"), node)
    }

    /// Claims, ConfigMaps and Secrets that several workloads mount.
    pub(super) fn draw_shared(&mut self) {
        let analysis = self.analysis;
        let mut order: Vec<(Option<&str>, VolumeKind, &str)> = Vec::new();
        let mut users: HashMap<(Option<&str>, VolumeKind, &str), Vec<usize>> = HashMap::new();
        for (card, own) in self.cards.iter().enumerate() {
            let Some(workload) = analysis.model.workloads.get(own.workload) else { continue };
            for volume in &workload.pod.volumes {
                let is_shared = matches!(
                    volume.kind,
                    VolumeKind::PersistentVolumeClaim | VolumeKind::ConfigMap | VolumeKind::Secret
                );
                let Some(name) = volume.reference.as_ref().filter(|_| is_shared) else { continue };
                let key = (workload.namespace.as_deref(), volume.kind, name.value.as_str());
                let cards = users.entry(key).or_insert_with(|| {
                    order.push(key);
                    Vec::new()
                });
                if cards.last() != Some(&card) {
                    cards.push(card);
                }
            }
        }
        for (number, key) in order.into_iter().enumerate() {
            let cards = users.get(&key).cloned().unwrap_or_default();
            if cards.len() < 2 {
                continue;
            }
            let (namespace, kind, name) = key;
            let object = analysis.model.objects.iter().position(|object| {
                object.kind.as_deref() == Some(kind.label())
                    && object.name.as_deref() == Some(name)
                    && (object.namespace.as_deref() == namespace || object.namespace.is_none() || namespace.is_none())
            });
            let node = Node {
                id: format!("v{number}"),
                kind: NodeKind::Storage,
                group: self.group_of(namespace),
                title: name.to_owned(),
                subtitle: kind.label().to_owned(),
                target: object.and_then(|object| self.target_of(object)),
                ..Node::default()
            };
            let Some(node) = self.free_node(format!("volume {number}"), node) else { continue };
            for card in cards {
                self.draw_use(card, node, kind, name);
            }
        }
    }

    fn draw_use(&mut self, card: usize, node: usize, kind: VolumeKind, name: &str) {
        let analysis = self.analysis;
        let Some(own) = self.cards.get(card) else { return };
        let (Some(workload), Some(verdicts)) =
            (analysis.model.workloads.get(own.workload), analysis.verdicts.get(own.workload))
        else {
            return;
        };
        let mut found: Vec<(usize, Direction)> = Vec::new();
        for used in uses(workload, verdicts) {
            let mount =
                workload.pod.containers.get(used.container).and_then(|container| container.mounts.get(used.mount));
            let volume = mount.and_then(|mount| workload.pod.volume(&mount.volume));
            let is_it = volume.is_some_and(|volume| {
                volume.kind == kind && volume.reference.as_ref().is_some_and(|reference| reference.value == name)
            });
            if let Some(from) = own.node(used.container).filter(|_| is_it) {
                found.push((from, used.direction));
            }
        }
        for (from, direction) in found {
            self.connect(from, node, words::mount(direction), direction.label(), "");
        }
    }
}

/// What the arrow of a call looks like that no mesh takes over.
pub(super) fn arrow(verdict: Option<&Verdict>, call: &Call) -> (EdgeKind, &'static str) {
    outbound::arrow(verdict, call, None, None)
}
