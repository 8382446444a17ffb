//! A log agent for the whole node in every Pod.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::category::Category;
use crate::finding::Finding;
use crate::model::VolumeKind;
use crate::rule;

rule! {
    /// ## What it does
    /// Finds log shippers that stand beside an app and read the log directory of the node.
    ///
    /// ## Why it matters
    /// There lie the logs of all Pods of the node. As a sidecar the agent runs once per Pod instead of once per node,
    /// ships everything as often as there are Pods, and can read what it should not. One DaemonSet does it for all.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: shop
    /// spec:
    ///   selector:
    ///     matchLabels: { app: shop }
    ///   template:
    ///     metadata:
    ///       labels: { app: shop }
    ///     spec:
    ///       containers:
    ///         - name: shop
    ///           image: registry.example.com/shop:1.4
    ///         - name: fluent-bit
    ///           image: fluent/fluent-bit:3.1
    ///           volumeMounts:
    ///             - { name: node-logs, mountPath: /var/log, readOnly: true }
    ///       volumes:
    ///         - name: node-logs
    ///           hostPath: { path: /var/log }
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: DaemonSet
    /// metadata:
    ///   name: shop
    /// spec:
    ///   selector:
    ///     matchLabels: { app: shop }
    ///   template:
    ///     metadata:
    ///       labels: { app: shop }
    ///     spec:
    ///       containers:
    ///         - name: fluent-bit
    ///           image: fluent/fluent-bit:3.1
    ///           volumeMounts:
    ///             - { name: node-logs, mountPath: /var/log, readOnly: true }
    ///       volumes:
    ///         - name: node-logs
    ///           hostPath: { path: /var/log }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Logging Architecture](https://kubernetes.io/docs/concepts/cluster-administration/logging/)
    NODE_AGENT_AS_SIDECAR, "node-agent-as-sidecar", Warning, check
}

/// Where nodes keep the logs of all their containers.
const NODE_LOGS: &[&str] = &["/var/log", "/var/log/pods", "/var/log/containers", "/var/lib/docker/containers"];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let others = subject.pods().filter(|case| !case.is_kind(&["DaemonSet"]));
    others.flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, helper: Member<'_>) -> Option<Finding> {
    if !helper.is_for(&[Category::LogShipper]) {
        return None;
    }
    let (volume, path) = helper.container.mounts.iter().find_map(|mount| {
        let volume = case.workload.pod.volume(&mount.volume).filter(|volume| volume.kind == VolumeKind::HostPath)?;
        let path = volume.reference.as_ref()?.value.trim_end_matches('/');
        NODE_LOGS.contains(&path).then_some((volume, path))
    })?;
    // An app that writes there itself makes it its own directory.
    if case.apps().any(|app| app.container.mounts.iter().any(|mount| mount.volume == volume.name)) {
        return None;
    }
    let name = helper.name();
    let message = format!("{name} reads the logs of the whole node ({path}) in every Pod of {}", case.title());
    let help = format!("Run {name} as a DaemonSet, or let it read a volume that it shares with the app.");
    let finding = case.about(rule, helper, helper.here(), message, help).at_most(helper.verdict.confidence);
    Some(finding.because(case.place(volume.node), format!("{} is a directory of the node", volume.name)))
}
