//! A native sidecar on a cluster that does not know them.

use super::support::Member;
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds native sidecars in manifests for releases that have them not yet, or switched off.
    ///
    /// ## Why it matters
    /// An API server that does not have the feature drops `restartPolicy` from init containers without a word. What is
    /// left is a plain init container that never ends, so the Pod hangs at `Init:0/1`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   initContainers:
    ///     - name: log-shipper
    ///       image: fluent/fluent-bit:3.1
    ///       restartPolicy: Always
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
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
    ///     - name: log-shipper
    ///       image: fluent/fluent-bit:3.1
    /// ```
    ///
    /// ## Since
    /// Up to Kubernetes 1.28, where the feature is alpha and off. On by default since 1.29.
    ///
    /// ## References
    /// - [KEP-753: Sidecar containers](https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/753-sidecar-containers)
    /// - Fact 8.1
    /// - Fact 8.3
    NATIVE_SIDECAR_TOO_NEW, "native-sidecar-too-new", Error, [until 28], check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let release = subject.options.release;
    let found = subject.pods().flat_map(|case| {
        case.members().filter(Member::is_native).map(move |native| {
            let policy = native.container.restart_policy.as_ref().map_or(native.container.node, |policy| policy.node);
            let name = native.name();
            let message =
                format!("Kubernetes {release} has no native sidecars: {} waits for the end of {name}", case.title());
            let help = format!("Move {name} to containers for this release, or use Kubernetes 1.29 or newer.");
            case.about(rule, native, (policy, Part::Key), message, help)
        })
    });
    found.collect()
}
