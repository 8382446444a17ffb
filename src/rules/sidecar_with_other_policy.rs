//! A helper in `initContainers` with a `restartPolicy` that makes no sidecar.

use super::support::endless::endless;
use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds endless init containers whose own `restartPolicy` is `OnFailure` or `Never`.
    ///
    /// ## Why it matters
    /// Only `Always` makes a native sidecar. With the other two the container is a plain init container that must end,
    /// so the Pod hangs in its init phase although the field looks right.
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
    ///       restartPolicy: OnFailure
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
    ///   initContainers:
    ///     - name: log-shipper
    ///       image: fluent/fluent-bit:3.1
    ///       restartPolicy: Always
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.35. Up to 1.33 the API server refuses other values, 1.34 drops them.
    ///
    /// ## References
    /// - [Kubernetes: Sidecar Containers](https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/)
    /// - [KEP-5307: Container restart rules](https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/5307-container-restart-policy)
    /// - Fact 1.4
    SIDECAR_WITH_OTHER_POLICY, "sidecar-with-other-policy", Error, [since 35], check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.inits().filter_map(move |init| find(rule, case, init))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, init: Member<'_>) -> Option<Finding> {
    let policy = init.container.restart_policy.as_ref().filter(|policy| is_accepted(&policy.value))?;
    let endless = endless(init)?;
    let name = init.name();
    let message = format!(
        "restartPolicy: {} does not make {name} a sidecar: {} waits for its end, which never comes",
        policy.value,
        case.title()
    );
    let help = format!("Write restartPolicy: Always, if {name} is to run beside the app.");
    let finding = case.about(rule, init, (policy.node, Part::Key), message, help).at_most(endless.confidence);
    Some(finding.because(case.place(endless.node), format!("{name}: {}", endless.reason)))
}

/// The API server refuses anything else.
fn is_accepted(policy: &str) -> bool {
    matches!(policy, "OnFailure" | "Never")
}
