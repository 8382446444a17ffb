//! A helper that requests nothing beside an app that does.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::rule;

rule! {
    /// ## What it does
    /// Finds sidecars without any request or limit in Pods whose app has requests.
    ///
    /// ## Why it matters
    /// The scheduler does not know what the helper needs, and among the containers of a busy node it gets the least.
    /// Helpers need little; a small request says how little.
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
    ///       resources:
    ///         requests: { cpu: 200m, memory: 256Mi }
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
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
    ///       resources:
    ///         requests: { cpu: 200m, memory: 256Mi }
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///       resources:
    ///         requests: { cpu: 10m, memory: 32Mi }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Resource Management for Pods and Containers](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/)
    /// - Fact 6.1
    HELPER_WITHOUT_REQUESTS, "helper-without-requests", Advice, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let complete = subject.pods().filter(|case| case.is_complete && case.workload.pod.resources.requests.is_empty());
    complete.flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, helper: Member<'_>) -> Option<Finding> {
    let own = &helper.container.resources;
    if !own.requests.is_empty() || !own.limits.is_empty() {
        return None;
    }
    let app = case.apps().find(|app| !app.container.resources.requests.is_empty())?;
    let name = helper.name();
    let message = format!("{name} requests nothing, although {} does", app.name());
    let help = format!("Give {name} the CPU and memory that it uses, for most helpers a few millicores and megabytes.");
    Some(case.about(rule, helper, helper.here(), message, help).at_most(helper.verdict.confidence))
}
