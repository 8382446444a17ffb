//! Settings for a proxy that will not be there.

use super::support::Case;
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::finding::Fix;
use crate::model::lookup;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds Pods that switch a mesh proxy off and configure it at the same time.
    ///
    /// ## Why it matters
    /// The settings have no effect. Either the proxy was not to be switched off, or the settings are left over and
    /// mislead the next reader.
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
    ///       labels: { app: shop, sidecar.istio.io/inject: "false" }
    ///       annotations: { sidecar.istio.io/proxyCPU: 200m }
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
    ///       labels: { app: shop, sidecar.istio.io/inject: "false" }
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
    /// - [Istio: Resource Annotations](https://istio.io/latest/docs/reference/config/annotations/)
    /// - [Linkerd: Proxy Configuration](https://linkerd.io/2/reference/proxy-configuration/)
    INJECTION_OFF_BUT_CONFIGURED, "injection-off-but-configured", Warning, check
}

/// The key that switches a proxy, the value that switches it off, and how the keys of its settings start.
const PROXIES: &[(&str, &str, &[&str])] = &[
    (
        "sidecar.istio.io/inject",
        "false",
        &["sidecar.istio.io/", "proxy.istio.io/", "traffic.sidecar.istio.io/", "readiness.status.sidecar.istio.io/"],
    ),
    ("linkerd.io/inject", "disabled", &["config.linkerd.io/", "config.alpha.linkerd.io/", "config.beta.linkerd.io/"]),
];

/// Keys that are also read without the proxy, or that the injector itself writes.
const NEUTRAL: &[&str] = &["sidecar.istio.io/inject", "sidecar.istio.io/status"];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| PROXIES.iter().filter_map(move |proxy| find(rule, case, proxy))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, (key, off, settings): &(&str, &str, &[&str])) -> Option<Finding> {
    let pod = &case.workload.pod;
    let switch = lookup(&pod.labels, key).or_else(|| lookup(&pod.annotations, key)).filter(|value| value == off)?;
    // A proxy that is there by hand has its settings to itself.
    if case.helpers().any(|helper| helper.is_for(&[Category::MeshProxy])) {
        return None;
    }
    let (setting, _) = pod
        .annotations
        .iter()
        .find(|(name, _)| settings.iter().any(|start| name.starts_with(start)) && !NEUTRAL.contains(&name.as_str()))?;
    let node = case.metadata_node("annotations", setting)?;
    let message = format!("{setting} of {} has no effect: {key} is {switch}", case.title());
    let help = format!("Remove this annotation, or {key}: {switch} if the proxy is to be there.");
    let annotations = case.document()?.tree.parent(node)?;
    let fix = Fix::to_review(format!("Remove {setting}"), case.without(annotations, setting));
    Some(case.finding(rule, (node, Part::Key), message, help).at_most(Confidence::Likely).mended_by(fix))
}
