//! A helper that may do everything on the node.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::finding::Fix;
use crate::model::VolumeKind;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds privileged sidecars whose task does not need it.
    ///
    /// ## Why it matters
    /// A privileged container sees the devices of the node and can take it over. Log shippers, proxies and exporters
    /// need nothing of that; who breaks into one of them owns the node and all Pods on it.
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
    ///       securityContext: { privileged: true }
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
    ///       securityContext: { allowPrivilegeEscalation: false }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Pod Security Standards](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
    /// - [Kubernetes: Configure a Security Context](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/)
    PRIVILEGED_HELPER, "privileged-helper", Warning, check
}

/// Helpers that set up networks or run containers: they say themselves that they must.
const NEED_IT: &[&str] = &["dind", "buildkitd", "gluetun", "tailscale", "wireguard", "openvpn-client", "netbird"];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, helper: Member<'_>) -> Option<Finding> {
    let security = &helper.container.security;
    let is_for_network = helper.is_for(&[Category::MeshProxy, Category::Ambassador, Category::Debug]);
    // Parts of a storage driver mount for the whole node.
    let is_driver = helper.known().is_some_and(|entry| entry.id.starts_with("csi-")) || mounts_kubelet(case);
    // Docker in Docker goes by the tag.
    let image = helper.container.image.as_ref();
    let is_docker = image.is_some_and(|image| image.value.tag.as_deref().is_some_and(|tag| tag.contains("dind")));
    if !security.privileged
        || helper.verdict.confidence == Confidence::Guess
        || is_for_network
        || is_driver
        || is_docker
        || helper.is_one_of(NEED_IT)
    {
        return None;
    }
    let node = security.node?;
    let name = helper.name();
    let message = format!("{name} is privileged: it may do everything on its node");
    let help = format!("Remove privileged from {name}; add the one capability that it needs, if there is one.");
    let fix = Fix::to_review(format!("Take the privileges from {name}"), case.without(node, "privileged"));
    let finding = case.about(rule, helper, (node, Part::Value), message, help);
    Some(finding.at_most(helper.verdict.confidence).mended_by(fix))
}

fn mounts_kubelet(case: &Case<'_>) -> bool {
    let paths = case.workload.pod.volumes.iter().filter(|volume| volume.kind == VolumeKind::HostPath);
    let mut paths = paths.filter_map(|volume| volume.reference.as_ref());
    paths.any(|path| path.value.starts_with("/var/lib/kubelet"))
}
