//! A helper that stands first and so is what `kubectl logs` shows.

use super::support::Case;
use super::{Rule, Subject};
use crate::detect::{Confidence, Role};
use crate::finding::Finding;
use crate::model::{ContainerField, lookup};
use crate::rule;

rule! {
    /// ## What it does
    /// Finds Pods whose first regular container is a sidecar, without an annotation that names another default.
    ///
    /// ## Why it matters
    /// `kubectl logs`, `exec` and `attach` take the first entry of `containers` unless told otherwise. With a
    /// traditional sidecar there everybody sees the wrong log first.
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
    ///         - name: fluent-bit
    ///           image: fluent/fluent-bit:3.1
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
    ///         - name: fluent-bit
    ///           image: fluent/fluent-bit:3.1
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
    /// - Fact 10.7
    KUBECTL_DEFAULTS_TO_HELPER, "kubectl-defaults-to-helper", Advice, check
}

const KEY: &str = "kubectl.kubernetes.io/default-container";

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().filter(|case| case.is_complete).filter_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Option<Finding> {
    if lookup(&case.workload.pod.annotations, KEY).is_some() {
        return None;
    }
    let first = case.members().find(|member| member.container.field == ContainerField::Containers)?;
    let is_helper = first.verdict.role == Role::Sidecar && first.verdict.confidence >= Confidence::Likely;
    let app = case.apps().next().filter(|_| is_helper)?;
    let message = format!("kubectl logs shows {} first, not {}", first.name(), app.name());
    let help = format!("Put {} first, or set the annotation {KEY}: {}.", app.name(), app.name());
    Some(case.about(rule, first, first.here(), message, help).at_most(first.verdict.confidence))
}
