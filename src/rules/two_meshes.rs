//! A Pod in two meshes.

use super::support::Case;
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds Pods that get, or have, the proxies of two meshes.
    ///
    /// ## Why it matters
    /// Both redirect all traffic of the Pod to themselves, each in its own init container. Whoever comes last wins; the
    /// other one gets nothing, or the two send traffic in a circle.
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
    ///       labels: { app: shop, sidecar.istio.io/inject: "true" }
    ///       annotations: { linkerd.io/inject: enabled }
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
    ///       annotations: { linkerd.io/inject: enabled }
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
    /// - [Istio: Installing the Sidecar](https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/)
    /// - [Linkerd: Automatic Proxy Injection](https://linkerd.io/2/features/proxy-injection/)
    TWO_MESHES, "two-meshes", Error, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().filter_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Option<Finding> {
    let mut added = case.injected.iter().filter(|injected| injected.category == Category::MeshProxy);
    let first = added.next()?;
    let (other, why) = match added.next() {
        Some(second) => (second.injector.name.to_owned(), second.reason.clone()),
        None => {
            let there = case.helpers().find(|helper| helper.is_for(&[Category::MeshProxy]))?;
            // The same proxy under another name is a duplicate, not a second mesh.
            let entry = there.known().filter(|entry| !entry.id.starts_with(first.injector.id))?;
            (entry.name.to_owned(), format!("container {}", there.name()))
        }
    };
    let name = first.injector.name;
    let message = format!("{} gets two mesh proxies: {name} ({}) and {other} ({why})", case.title(), first.reason);
    let help = "Keep one of them, and switch the other off for this Pod.";
    Some(case.finding(rule, (case.workload.pod.node, Part::Key), message, help).at_most(Confidence::Likely))
}
