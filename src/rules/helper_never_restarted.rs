//! A traditional sidecar that stays down when it has ended.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds traditional sidecars with a `restartPolicy` of `Never` or `OnFailure` of their own, in workloads whose app
    /// runs for ever.
    ///
    /// ## Why it matters
    /// When such a helper ends, nothing starts it again. The app keeps running without it, and the Pod stays unready
    /// until somebody deletes it.
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
    ///         - name: log-shipper
    ///           image: fluent/fluent-bit:3.1
    ///           restartPolicy: Never
    /// ```
    ///
    /// ## Use instead
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
    ///         - name: log-shipper
    ///           image: fluent/fluent-bit:3.1
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.35. Before, a regular container has no policy of its own.
    ///
    /// ## References
    /// - [KEP-5307: Container restart rules](https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/5307-container-restart-policy)
    /// - Fact 3.2
    /// - Fact 5.8
    HELPER_NEVER_RESTARTED, "helper-never-restarted", Warning, [since 35], check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let lasting = subject.pods().filter(|case| case.is_kind(&["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"]));
    lasting.flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, helper: Member<'_>) -> Option<Finding> {
    let policy = helper.container.restart_policy.as_ref()?;
    if !matches!(policy.value.as_str(), "Never" | "OnFailure") || !helper.container.restart_rules.is_empty() {
        return None;
    }
    let name = helper.name();
    let message = format!("When {name} ends, restartPolicy: {} leaves {} without it", policy.value, case.title());
    let help = format!("Remove the restartPolicy of {name}, so that it is restarted like the app.");
    Some(case.about(rule, helper, (policy.node, Part::Key), message, help).at_most(helper.verdict.confidence))
}
