//! An annotation about a container that is not there.

use super::support::{Case, named};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::model::lookup;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds annotations that name containers of the Pod, such as `kubectl.kubernetes.io/default-container`, with a
    /// name that no container has.
    ///
    /// ## Why it matters
    /// Nothing checks these names. `kubectl logs` and `exec` then fail or fall back to the first container, an injector
    /// skips the container that was meant. It happens when a container or a sidecar is renamed.
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
    ///       annotations: { kubectl.kubernetes.io/default-container: web }
    ///     spec:
    ///       containers:
    ///         - name: shop
    ///           image: registry.example.com/shop:1.4
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
    ///       annotations: { kubectl.kubernetes.io/default-container: shop }
    ///     spec:
    ///       containers:
    ///         - name: shop
    ///           image: registry.example.com/shop:1.4
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Well-Known Labels, Annotations and Taints](https://kubernetes.io/docs/reference/labels-annotations-taints/)
    /// - Fact 10.6
    ANNOTATION_NAMES_NO_CONTAINER, "annotation-names-no-container", Warning, check
}

/// Annotations whose value is a name, or several between commas.
const KEYS: &[&str] = &[
    "kubectl.kubernetes.io/default-container",
    "kubectl.kubernetes.io/default-logs-container",
    "instrumentation.opentelemetry.io/container-names",
    "vault.hashicorp.com/agent-inject-containers",
];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let complete = subject.pods().filter(|case| case.is_complete);
    complete.flat_map(|case| KEYS.iter().filter_map(move |key| find(rule, case, key))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, key: &str) -> Option<Finding> {
    let value = lookup(&case.workload.pod.annotations, key)?;
    let is_there = |name: &str| {
        case.members().any(|member| member.name() == name)
            || case.injected.iter().any(|injected| injected.injector.container == name)
    };
    let missing = value.split(',').map(str::trim).find(|name| !name.is_empty() && !is_there(name))?;
    let node = case.metadata_node("annotations", key)?;
    let short = key.rsplit('/').next().unwrap_or(key);
    let message = format!("{} has no container {missing}, which {short} names", case.title());
    let names = case.members().filter(|member| !member.is_plain_init()).map(|member| member.name());
    let help = format!("Its containers are {}. Write one of them.", named(names));
    Some(case.finding(rule, (node, Part::Value), message, help))
}
