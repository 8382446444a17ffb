//! Workloads as cards, by namespace.

use super::{MOST_CARDS, MOST_WHOLE, Map, namespace_title, words};
use crate::detect::around::governs;
use crate::detect::injection::{Injected, injected};
use crate::detect::mesh::{Mesh, Proxy, mesh};
use crate::detect::{Role, Verdict};
use crate::diagram::{EdgeKind, GroupKind, Node, NodeKind, Target};
use crate::form::as_written;
use crate::model::{Dialect, Workload};
use crate::source::{Part, Place};
use std::collections::HashMap;

/// Most lines of small print on a card.
const MOST_NOTES: usize = 4;

/// A workload that is drawn.
#[derive(Debug)]
pub(super) struct Card {
    /// Its index.
    pub(super) workload: usize,
    /// Its group, unless it is drawn as one box.
    pub(super) group: Option<usize>,
    /// The node of each of its containers; the same for all when it is one box.
    pub(super) containers: Vec<Option<usize>>,
    /// The nodes of the containers that will be added to it.
    pub(super) added: Vec<usize>,
    pub(super) mesh: Option<Mesh>,
    pub(super) has_helper: bool,
}

impl Card {
    pub(super) fn node(&self, container: usize) -> Option<usize> {
        self.containers.get(container).copied().flatten()
    }

    /// The node of its mesh proxy.
    pub(super) fn proxy(&self) -> Option<usize> {
        match self.mesh?.by {
            Proxy::Own(index) => self.node(index),
            Proxy::Added(index) => self.added.get(index).copied(),
            Proxy::Node => None,
        }
    }

    /// The node of its app.
    pub(super) fn app(&self, verdicts: &[Verdict]) -> Option<usize> {
        let app = verdicts.iter().position(|verdict| verdict.role == Role::App);
        app.and_then(|index| self.node(index)).or_else(|| self.containers.iter().flatten().next().copied())
    }
}

impl Map<'_> {
    /// A group for each namespace, when there are several.
    pub(super) fn draw_namespaces(&mut self) {
        let analysis = self.analysis;
        let workloads = analysis.model.workloads.iter().filter(|workload| workload.dialect == Dialect::Kubernetes);
        let mut known: Vec<Option<&str>> = Vec::new();
        for workload in workloads.filter(|workload| !workload.pod.containers.is_empty()) {
            let namespace = workload.namespace.as_deref();
            if known.len() < MOST_CARDS && !known.contains(&namespace) {
                known.push(namespace);
            }
        }
        let are_several = known.len() > 1;
        for (number, namespace) in known.into_iter().enumerate() {
            let group = are_several.then(|| {
                let (kind, title) = namespace_title(namespace);
                self.graph.group(&format!("n{number}"), kind, title, "", None)
            });
            self.namespaces.push((namespace, group));
        }
    }

    pub(super) fn draw_cards(&mut self) {
        let analysis = self.analysis;
        let origins = origins(analysis);
        let share = (MOST_CARDS / self.namespaces.len().max(1)).max(1);
        let is_whole = origins.len() <= MOST_WHOLE;
        for (namespace, group) in self.namespaces.clone() {
            let of_namespace = |index: &&Vec<usize>| {
                let first = index.first().and_then(|first| analysis.model.workloads.get(*first));
                first.is_some_and(|workload| workload.namespace.as_deref() == namespace)
            };
            let own: Vec<&Vec<usize>> = origins.iter().filter(of_namespace).collect();
            for members in own.iter().take(share) {
                if let [first, rest @ ..] = members.as_slice() {
                    self.draw_card(*first, rest.len(), group, is_whole);
                }
            }
            let rest = own.len().saturating_sub(share);
            let first = own.get(share).and_then(|members| analysis.model.workloads.get(*members.first()?));
            if let Some(first) = first {
                self.graph.node(Node {
                    id: format!("m{}", self.graph.nodes.len()),
                    kind: NodeKind::Workload,
                    group,
                    title: format!("{rest} more"),
                    subtitle: format!("{} and what follows", first.title()),
                    ..Node::default()
                });
            }
            self.left_out += rest;
        }
    }

    fn draw_card(&mut self, index: usize, copies: usize, namespace: Option<usize>, is_whole: bool) {
        let analysis = self.analysis;
        let (Some(workload), Some(verdicts)) = (analysis.model.workloads.get(index), analysis.verdicts.get(index))
        else {
            return;
        };
        let added = injected(workload, &analysis.model);
        let mut card = Card {
            workload: index,
            group: None,
            containers: vec![None; workload.pod.containers.len()],
            added: Vec::new(),
            mesh: mesh(workload, verdicts, &analysis.model),
            has_helper: !added.is_empty() || verdicts.iter().any(|verdict| verdict.role.is_sidecar()),
        };
        let node = analysis.model.objects.get(workload.object).map_or(workload.pod.node, |object| object.node);
        let node = if workload.is_well_placed { node } else { workload.pod.node };
        let target = Some(Target { container: None, place: workload.place(node, Part::Value) });
        let mut notes = self.notes(workload, copies);
        if is_whole {
            let group = self.graph.group(&format!("w{index}"), GroupKind::Card, workload.title(), "", namespace);
            card.group = Some(group);
            if let Some(own) = self.graph.groups.get_mut(group) {
                own.note = notes.join("\n");
                own.target = target;
            }
            self.draw_containers(&mut card, &added);
        } else {
            let who = who(workload, verdicts, &added);
            notes.truncate(1);
            let node = self.graph.node(Node {
                id: format!("w{index}"),
                kind: NodeKind::Workload,
                group: namespace,
                title: workload.title(),
                subtitle: who,
                details: notes,
                target,
                ..Node::default()
            });
            card.containers.fill(Some(node));
            card.added = vec![node; added.len()];
        }
        self.cards.push(card);
    }

    /// The boxes of the containers, in the order of their lists; what will be added stands where it starts.
    fn draw_containers(&mut self, card: &mut Card, added: &[Injected]) {
        let analysis = self.analysis;
        let index = card.workload;
        let (Some(workload), Some(verdicts)) = (analysis.model.workloads.get(index), analysis.verdicts.get(index))
        else {
            return;
        };
        card.added = vec![0; added.len()];
        for is_native in [true, false] {
            if !is_native {
                let placement = as_written(workload);
                let all = placement.init.into_iter().chain(placement.regular).chain(placement.ephemeral);
                for container in all {
                    let node = self.container(card, workload, verdicts, container);
                    if let Some(slot) = card.containers.get_mut(container) {
                        *slot = node;
                    }
                }
            }
            for (number, injected) in added.iter().enumerate().filter(|(_, own)| own.is_native == is_native) {
                let role = if is_native { Role::NativeSidecar } else { Role::Sidecar };
                let node = self.graph.node(Node {
                    id: format!("w{index}i{number}"),
                    kind: NodeKind::Container(role),
                    group: card.group,
                    title: injected.injector.container.to_owned(),
                    subtitle: words::subtitle(role, Some(injected.category)),
                    remark: Some(format!("will be added by {}", injected.injector.name)),
                    is_added: true,
                    ..Node::default()
                });
                if let Some(slot) = card.added.get_mut(number) {
                    *slot = node;
                }
            }
        }
        if let (Some(proxy), Some(app)) = (card.proxy(), card.app(verdicts)) {
            self.connect(proxy, app, EdgeKind::Hands, "all traffic", "in and out");
        }
    }

    fn container(&mut self, card: &Card, workload: &Workload, verdicts: &[Verdict], index: usize) -> Option<usize> {
        let (container, verdict) = (workload.pod.containers.get(index)?, verdicts.get(index)?);
        let is_shown = card.workload == self.shown;
        Some(self.graph.node(Node {
            id: format!("w{}c{index}", card.workload),
            kind: NodeKind::Container(verdict.role),
            group: card.group,
            title: container.display_name().to_owned(),
            subtitle: words::subtitle(verdict.role, verdict.category),
            target: Some(Target {
                container: is_shown.then_some(index),
                place: workload.place(container.node, Part::Value),
            }),
            ..Node::default()
        }))
    }

    /// What rules over a workload, a line each.
    fn notes(&self, workload: &Workload, copies: usize) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(replicas) = workload.replicas.filter(|replicas| *replicas != 1) {
            notes.push(format!("{replicas} replicas"));
        }
        if copies > 0 {
            notes.push(format!("has made {copies} more objects of this text"));
        }
        let rules = self.analysis.model.objects.iter().filter_map(|object| {
            let how = governs(workload, object)?;
            Some(format!("{} {how}", object.title()))
        });
        notes.extend(rules);
        if notes.len() > MOST_NOTES {
            let rest = notes.len() - MOST_NOTES + 1;
            notes.truncate(MOST_NOTES - 1);
            notes.push(format!("and {rest} more rules"));
        }
        notes
    }

    /// The place of an object.
    pub(super) fn target_of(&self, object: usize) -> Option<Target> {
        let object = self.analysis.model.objects.get(object)?;
        Some(Target {
            container: None,
            place: Place { document: object.document, node: object.node, part: Part::Value },
        })
    }
}

/// The workloads of Kubernetes that have containers, those that were made by the same object together: a dump of a
/// cluster has a Deployment, its ReplicaSet and its Pods.
fn origins(analysis: &crate::Analysis) -> Vec<Vec<usize>> {
    let model = &analysis.model;
    let mut found: Vec<Vec<usize>> = Vec::new();
    let mut known: HashMap<(Option<&str>, Option<&str>, &str), usize> = HashMap::new();
    for (index, workload) in model.workloads.iter().enumerate() {
        if workload.dialect == Dialect::Compose || workload.pod.containers.is_empty() {
            continue;
        }
        let (kind, name) = model.origin(workload);
        let key = name.map(|name| (workload.namespace.as_deref(), kind, name));
        let same = key.and_then(|key| known.get(&key)).and_then(|at| found.get_mut(*at)).filter(|members| {
            // Two templates of one object are two workloads.
            let first = members.first().and_then(|first| model.workloads.get(*first));
            first.is_some_and(|first| first.object != workload.object)
        });
        match same {
            Some(members) => members.push(index),
            None => {
                if let Some(key) = key {
                    known.entry(key).or_insert(found.len());
                }
                found.push(vec![index]);
            }
        }
    }
    found
}

/// Who is in a workload, in a line: `app web, sidecars fluent-bit and envoy`.
fn who(workload: &Workload, verdicts: &[Verdict], added: &[Injected]) -> String {
    let named = |wanted: &dyn Fn(Role) -> bool| -> Vec<&str> {
        let pairs = workload.pod.containers.iter().zip(verdicts);
        pairs.filter(|(_, verdict)| wanted(verdict.role)).map(|(container, _)| container.display_name()).collect()
    };
    let apps = named(&|role| matches!(role, Role::App | Role::Peer));
    let mut helpers = named(&|role: Role| role.is_sidecar());
    helpers.extend(added.iter().map(|injected| injected.injector.container));
    let others = named(&|role| matches!(role, Role::Init | Role::Ephemeral));
    let parts = [("app", apps), ("sidecar", helpers), ("before them", others)];
    let told = parts.iter().filter(|(_, names)| !names.is_empty());
    told.map(|(what, names)| format!("{what} {}", names.join(", "))).collect::<Vec<_>>().join("; ")
}
