//! A helper that requests more than its app.

use super::support::{Case, Member, amounts};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::quantity::Quantity;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds sidecars that request more CPU or memory than all apps of the Pod together.
    ///
    /// ## Why it matters
    /// A sidecar costs what it requests once per replica. When it is larger than what it helps, one shared service per
    /// node or per cluster may do the same for less; or the request was copied from there.
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
    ///         requests: { cpu: 100m, memory: 128Mi }
    ///     - name: otel-collector
    ///       image: otel/opentelemetry-collector:0.115.0
    ///       resources:
    ///         requests: { cpu: 500m, memory: 64Mi }
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
    ///         requests: { cpu: 100m, memory: 128Mi }
    ///     - name: otel-collector
    ///       image: otel/opentelemetry-collector:0.115.0
    ///       resources:
    ///         requests: { cpu: 50m, memory: 64Mi }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Resource Management for Pods and Containers](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/)
    /// - Fact 6.1
    HELPER_OUTWEIGHS_APP, "helper-outweighs-app", Advice, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, helper: Member<'_>) -> Option<Finding> {
    let (resource, own, apps) = ["cpu", "memory"].into_iter().find_map(|resource| {
        let own = amounts::request(helper, resource)?;
        let apps: Option<Vec<Quantity>> = case.apps().map(|app| amounts::request(app, resource)).collect();
        let sum = apps?.into_iter().reduce(Quantity::plus)?;
        // Of next to nothing, twice as much is nothing either.
        let least = Quantity::parse(if resource == "cpu" { "100m" } else { "128Mi" })?;
        (own > sum && own >= least).then_some((resource, own, sum))
    })?;
    let name = helper.name();
    let message = format!("{name} requests {own} of {resource}, more than the app it helps ({apps})");
    let help = format!("Measure what {name} uses and request that, or share one between many Pods.");
    let node = helper.container.resources.node?;
    Some(case.about(rule, helper, (node, Part::Key), message, help).at_most(helper.verdict.confidence))
}
