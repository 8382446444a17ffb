//! A helper that can start any container on the node.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::model::VolumeKind;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds sidecars that mount the socket of the container runtime, outside of DaemonSets.
    ///
    /// ## Why it matters
    /// Who can talk to Docker or containerd can start a privileged container with the disk of the node: the socket is
    /// root on the node. `readOnly` does not change that. A helper of one app has no business with the containers of
    /// others.
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
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///       volumeMounts:
    ///         - { name: docker, mountPath: /var/run/docker.sock }
    ///   volumes:
    ///     - name: docker
    ///       hostPath: { path: /var/run/docker.sock }
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
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Pod Security Standards](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
    RUNTIME_SOCKET_MOUNTED, "runtime-socket-mounted", Warning, check
}

const SOCKETS: &[&str] = &["docker.sock", "containerd.sock", "crio.sock"];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let others = subject.pods().filter(|case| !case.is_kind(&["DaemonSet"]));
    others.flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, helper: Member<'_>) -> Option<Finding> {
    let (mount, path) = helper.container.mounts.iter().find_map(|mount| {
        let volume = case.workload.pod.volume(&mount.volume).filter(|volume| volume.kind == VolumeKind::HostPath)?;
        let path = &volume.reference.as_ref()?.value;
        SOCKETS.iter().any(|socket| path.rsplit('/').next() == Some(*socket)).then_some((mount, path))
    })?;
    let name = helper.name();
    let message = format!("{name} can start any container on its node through {path}");
    let help = format!("Remove this mount from {name}; what needs it for all Pods of a node belongs in a DaemonSet.");
    Some(case.about(rule, helper, (mount.node, Part::Value), message, help).at_most(helper.verdict.confidence))
}
