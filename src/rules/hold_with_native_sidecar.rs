//! A wait for the mesh proxy that native sidecars make needless.

use super::support::Case;
use super::{Rule, Subject};
use crate::category::Category;
use crate::finding::Finding;
use crate::model::lookup;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds `holdApplicationUntilProxyStarts` in Pods whose Istio proxy is a native sidecar.
    ///
    /// ## Why it matters
    /// It puts the proxy first in the list and blocks the app with a `postStart` hook. A native sidecar is up before
    /// the app starts anyway, so the setting does nothing any more and only makes readers wonder.
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
    ///       annotations:
    ///         sidecar.istio.io/nativeSidecar: "true"
    ///         proxy.istio.io/config: |
    ///           holdApplicationUntilProxyStarts: true
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
    ///       labels: { app: shop, sidecar.istio.io/inject: "true" }
    ///       annotations:
    ///         sidecar.istio.io/nativeSidecar: "true"
    ///     spec:
    ///       containers:
    ///         - name: shop
    ///           image: registry.example.com/shop:1.4
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.29.
    ///
    /// ## References
    /// - [Istio: Kubernetes Native Sidecars](https://istio.io/latest/blog/2023/native-sidecars/)
    /// - [Istio: Resource Annotations](https://istio.io/latest/docs/reference/config/annotations/)
    HOLD_WITH_NATIVE_SIDECAR, "hold-with-native-sidecar", Advice, [since 29], check
}

const CONFIG: &str = "proxy.istio.io/config";

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().filter_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Option<Finding> {
    let annotations = &case.workload.pod.annotations;
    let config: String = lookup(annotations, CONFIG)?.chars().filter(|c| !c.is_whitespace() && *c != '"').collect();
    let is_told = lookup(annotations, "sidecar.istio.io/nativeSidecar") == Some("true");
    let is_there = case.helpers().any(|helper| helper.is_native() && helper.is_for(&[Category::MeshProxy]));
    if !config.contains("holdApplicationUntilProxyStarts:true") || !(is_told || is_there) {
        return None;
    }
    let node = case.metadata_node("annotations", CONFIG)?;
    let message =
        format!("{} holds its app until the proxy starts, which a native sidecar does by itself", case.title());
    let help = "Remove holdApplicationUntilProxyStarts from proxy.istio.io/config.";
    Some(case.finding(rule, (node, Part::Key), message, help))
}
