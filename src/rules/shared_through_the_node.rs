//! Containers of one Pod that exchange files through the disk of the node.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::model::{Volume, VolumeKind};
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds `hostPath` volumes by which an app and its sidecar share their own files.
    ///
    /// ## Why it matters
    /// A `hostPath` belongs to the node: two Pods on it write into the same files, what is left stays there when the
    /// Pod has gone, and many clusters forbid it. An `emptyDir` gives each Pod its own directory on the same disk.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       volumeMounts:
    ///         - { name: logs, mountPath: /var/log/shop }
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///       volumeMounts:
    ///         - { name: logs, mountPath: /logs, readOnly: true }
    ///   volumes:
    ///     - name: logs
    ///       hostPath: { path: /data/shop-logs }
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       volumeMounts:
    ///         - { name: logs, mountPath: /var/log/shop }
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///       volumeMounts:
    ///         - { name: logs, mountPath: /logs, readOnly: true }
    ///   volumes:
    ///     - name: logs
    ///       emptyDir: { sizeLimit: 500Mi }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Volumes](https://kubernetes.io/docs/concepts/storage/volumes/)
    /// - [Kubernetes: Pod Security Standards](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
    SHARED_THROUGH_THE_NODE, "shared-through-the-node", Advice, check
}

/// Directories of a node that have a meaning of their own.
const SYSTEM: &[&str] = &[
    "/dev", "/sys", "/proc", "/run", "/var/run", "/etc", "/lib", "/usr", "/boot", "/var/lib", "/var/log", "/opt",
    "/srv",
];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let others = subject.pods().filter(|case| !case.is_kind(&["DaemonSet"]));
    others
        .flat_map(|case| case.workload.pod.volumes.iter().filter_map(move |volume| find(rule, case, volume)))
        .collect()
}

fn find(rule: &Rule, case: &Case<'_>, volume: &Volume) -> Option<Finding> {
    let path = volume.reference.as_ref().filter(|_| volume.kind == VolumeKind::HostPath)?.value.as_str();
    let is_system = |start: &str| path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if path == "/" || path.is_empty() || SYSTEM.iter().any(|start| is_system(start)) {
        return None;
    }
    let mounts = |member: &Member<'_>, may_read: bool| {
        let mut own = member.container.mounts.iter();
        own.any(|mount| mount.volume == volume.name && (may_read || !mount.read_only))
    };
    let app = case.apps().find(|app| mounts(app, false))?;
    let helper = case.helpers().find(|helper| mounts(helper, true))?;
    let name = &volume.name;
    let message = format!("{} and {} share {path} with every other Pod on their node", app.name(), helper.name());
    let help = format!("Make {name} an emptyDir, unless the files are to outlive the Pod.");
    let finding = case.finding(rule, (volume.node, Part::Value), message, help).at_most(Confidence::Likely);
    Some(finding.because(case.place(helper.container.node), format!("{} mounts {name}", helper.name())))
}
