//! A native sidecar with a limit above that of the whole Pod.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::quantity::Quantity;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds native sidecars whose limit is higher than the limit of the Pod.
    ///
    /// ## Why it matters
    /// For regular containers the API server refuses this, for native sidecars it does not look. The limit of the
    /// sidecar has no effect, and what it uses up to that is missing for the app.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   resources:
    ///     limits: { cpu: "1", memory: 1Gi }
    ///   initContainers:
    ///     - name: proxy
    ///       image: envoyproxy/envoy:v1.32.0
    ///       restartPolicy: Always
    ///       resources:
    ///         requests: { cpu: 100m, memory: 64Mi }
    ///         limits: { cpu: "2", memory: 64Mi }
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
    ///   resources:
    ///     limits: { cpu: "1", memory: 1Gi }
    ///   initContainers:
    ///     - name: proxy
    ///       image: envoyproxy/envoy:v1.32.0
    ///       restartPolicy: Always
    ///       resources:
    ///         limits: { cpu: 250m, memory: 64Mi }
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.34, where a Pod can have limits of its own.
    ///
    /// ## References
    /// - [Kubernetes: Resource Management for Pods and Containers](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/)
    /// - Fact 7.21
    /// - Fact 7.34
    SIDECAR_ABOVE_POD_LIMIT, "sidecar-above-pod-limit", Warning, [since 34], check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, native: Member<'_>) -> Option<Finding> {
    let of_pod = &case.workload.pod.resources.limits;
    let (resource, own, most) =
        native.container.resources.limits.iter().filter(|_| native.is_native()).find_map(|(name, own)| {
            let (_, most) = of_pod.iter().find(|(resource, _)| resource == name)?;
            let is_above = Quantity::parse(&own.value)? > Quantity::parse(&most.value)?;
            is_above.then_some((name, own, most))
        })?;
    let name = native.name();
    let message = format!("{name} may use {} of {resource}, but its Pod only {}", own.value, most.value);
    let help = format!("Lower the limit of {name}, so that something is left for the app, or raise that of the Pod.");
    let finding = case.about(rule, native, (own.node, Part::Value), message, help);
    Some(finding.because(case.place(most.node), format!("the Pod may use {}", most.value)))
}
