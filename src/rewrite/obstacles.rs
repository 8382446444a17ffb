//! What stands in the way of a rewrite.

use super::Rewrite;
use crate::Analysis;
use crate::model::{Container, ContainerField, Dialect, Relates, Workload, lookup};
use crate::release::{Cluster, Feature};
use crate::source::{Node, Part};

/// What no rewrite of a Pod's lists can deal with.
pub(super) fn of_text(rewrite: &mut Rewrite, analysis: &Analysis, workload: &Workload) {
    let place = Some(workload.place(workload.pod.node, Part::Key));
    if workload.dialect == Dialect::Compose {
        rewrite.refuse("Compose has no Pods. Turn the project into a Pod first.", place);
    } else if workload.is_embedded {
        rewrite.refuse(
            "This manifest stands as text in another object, whose indentation and quotes would have to change with it. \
             Paste it by itself.",
            place,
        );
    } else if let Some(document) = analysis.source.documents.get(workload.document as usize)
        && document.is_broken()
    {
        rewrite.refuse("A part of this document cannot be read. Repair it first.", place);
    }
}

/// What stands in the way of moving these containers into `initContainers`.
pub(super) fn to_native(
    rewrite: &mut Rewrite,
    analysis: &Analysis,
    workload: &Workload,
    moved: &[usize],
    cluster: &Cluster,
    despite: bool,
) {
    let containers = &workload.pod.containers;
    if !cluster.has(Feature::SidecarContainers) {
        let reason = if cluster.knows(Feature::SidecarContainers) {
            format!(
                "On Kubernetes {} native sidecars are switched off (feature gate SidecarContainers): the Pod would wait \
                 for ever for an init container that does not end.",
                cluster.release
            )
        } else {
            format!("Kubernetes {} has no native sidecars. They come with 1.29.", cluster.release)
        };
        rewrite.refuse(reason, None);
    }
    for index in moved {
        let Some(container) = containers.get(*index) else { continue };
        let (name, place) = (container.display_name(), Some(workload.place(container.node, Part::Value)));
        if container.field != ContainerField::Containers {
            let list = container.field.key();
            rewrite.refuse(format!("{name} stands in {list}: the workflow engine decides how it runs."), place);
        } else if container.image.is_none() && !workload.is_whole {
            rewrite.refuse(
                format!("{name} has no image here: this patch changes a container that stands in another file."),
                place,
            );
        }
        if super::probe::asks_another(
            workload,
            *index,
            container.probe(crate::model::ProbeKind::Startup).and_then(|probe| probe.handler.as_ref()),
        ) {
            rewrite.refuse(
                format!(
                    "{name} would start before the app, but its startupProbe asks the app: neither would ever start."
                ),
                place,
            );
        }
        unique_name(rewrite, workload, container);
        if !container.restart_rules.is_empty() && !cluster.has(Feature::RestartAllContainers) {
            rewrite.refuse(
                format!(
                    "{name} has restartPolicyRules, which Kubernetes {} does not allow for native sidecars.",
                    cluster.release
                ),
                place,
            );
        }
        named_ports(rewrite, analysis, workload, moved, container, cluster);
        host_ports(rewrite, workload, *index, cluster, despite);
    }
    let stays = |(index, container): (usize, &Container)| container.field.is_regular() && !moved.contains(&index);
    if !containers.iter().enumerate().any(stays) {
        rewrite.refuse("A Pod must keep at least one regular container.", None);
    }
}

/// Names are unique in a Pod (fact 7.4).
pub(super) fn unique_name(rewrite: &mut Rewrite, workload: &Workload, container: &Container) {
    let Some(name) = &container.name else { return };
    let has_it = |other: &&Container| {
        other.node != container.node && other.name.as_ref().is_some_and(|other| other.value == name.value)
    };
    if let Some(other) = workload.pod.containers.iter().find(has_it) {
        let list = other.field.key();
        rewrite.refuse(
            format!("There is another container named {} in {list}. Names must be unique in a Pod.", name.value),
            Some(workload.place(container.node, Part::Value)),
        );
    }
}

/// Before 1.33 a Service does not find the named port of a native sidecar (fact 10.3).
fn named_ports(
    rewrite: &mut Rewrite,
    analysis: &Analysis,
    workload: &Workload,
    moved: &[usize],
    container: &Container,
    cluster: &Cluster,
) {
    if cluster.has(Feature::SidecarNamedTargetPort) {
        return;
    }
    let stays_named = |name: &str| {
        let regular = workload.pod.containers.iter().enumerate();
        regular.into_iter().any(|(index, other)| {
            other.field == ContainerField::Containers
                && !moved.contains(&index)
                && other.ports.iter().any(|port| port.name.as_deref() == Some(name))
        })
    };
    for object in &analysis.model.objects {
        let Relates::Service { selector, ports } = &object.relates else { continue };
        let selects = !selector.is_empty()
            && object.namespace == workload.namespace
            && selector.iter().all(|(key, value)| lookup(&workload.pod.labels, key) == Some(value.as_str()));
        for port in ports.iter().filter(|_| selects) {
            let names = container.ports.iter().filter_map(|port| port.name.as_deref());
            if names.into_iter().any(|name| name == port.target) && !stays_named(&port.target) {
                rewrite.refuse(
                    format!(
                        "{} sends to the port named {} of {}. Before Kubernetes 1.33 a Service does not find the named \
                         port of a native sidecar: use the number of the port there.",
                        object.title(),
                        port.target,
                        container.display_name()
                    ),
                    Some(crate::source::Place { document: object.document, node: port.node, part: Part::Value }),
                );
            }
        }
    }
}

/// Two users of a host port are an error among regular containers and only a warning with a native sidecar (fact 7.32);
/// before 1.33 the scheduler does not count the host ports of native sidecars.
fn host_ports(rewrite: &mut Rewrite, workload: &Workload, index: usize, cluster: &Cluster, despite: bool) {
    let Some(container) = workload.pod.containers.get(index) else { return };
    for port in container.ports.iter().filter(|port| port.host_port.is_some_and(|port| port > 0)) {
        let place = Some(workload.place(port.node, Part::Value));
        let name = container.display_name();
        let number = port.host_port.unwrap_or_default();
        let others = workload.pod.containers.iter().enumerate().filter(|(other, _)| *other != index);
        let same = |other: &Container| {
            other.ports.iter().any(|own| own.host_port == port.host_port && own.protocol == port.protocol)
        };
        if let Some((_, other)) = others.into_iter().find(|(_, other)| same(other)) {
            rewrite.refuse(
                format!(
                    "{name} and {} want the same host port {number}. Today the API server refuses that; with a native \
                     sidecar it would let it through, and one of the two could not start.",
                    other.display_name()
                ),
                place,
            );
        } else if !cluster.has(Feature::SidecarHostPorts) {
            rewrite.refuse_unless(
                despite,
                format!(
                    "Before Kubernetes 1.33 the scheduler does not count host port {number} of {name} when it is a native \
                     sidecar: two such Pods could be put on one node."
                ),
                place,
            );
        }
    }
}

/// Whether an entry of a list is written in its place, not as an alias.
pub(super) fn is_written_in_place(analysis: &Analysis, workload: &Workload, container: &Container) -> bool {
    let document = analysis.source.documents.get(workload.document as usize);
    document.is_some_and(|document| {
        let list = document.value(workload.pod.node).get(container.field.key());
        let raw = list.and_then(|list| document.tree.children(list.id()).get(container.index));
        raw.is_some_and(|raw| !matches!(document.tree.node(*raw), Some(Node::Alias(_))))
    })
}
