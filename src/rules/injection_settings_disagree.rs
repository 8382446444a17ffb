//! A label and an annotation that contradict each other.

use super::support::Case;
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::finding::Fix;
use crate::model::lookup;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds Pods whose label and annotation `sidecar.istio.io/inject` have different values.
    ///
    /// ## Why it matters
    /// The label wins; the annotation is the old way and is read only without the label. Who changed the annotation
    /// sees no effect.
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
    ///       annotations: { sidecar.istio.io/inject: "false" }
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
    /// - [Istio: Installing the Sidecar](https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/)
    /// - [Istio: Resource Annotations](https://istio.io/latest/docs/reference/config/annotations/)
    INJECTION_SETTINGS_DISAGREE, "injection-settings-disagree", Warning, check
}

const KEY: &str = "sidecar.istio.io/inject";

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().filter_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Option<Finding> {
    let pod = &case.workload.pod;
    let label = lookup(&pod.labels, KEY)?;
    let annotation = lookup(&pod.annotations, KEY).filter(|annotation| *annotation != label)?;
    let node = case.metadata_node("annotations", KEY)?;
    let message =
        format!("{} has label {KEY}: {label} and annotation {KEY}: {annotation}; the label counts", case.title());
    let help = "Remove the annotation, and say it with the label alone.";
    let annotations = case.document()?.tree.parent(node)?;
    let fix = Fix::safe("Remove the annotation, which has no effect", case.without(annotations, KEY));
    let finding = case.finding(rule, (node, Part::Key), message, help).mended_by(fix);
    Some(match case.metadata_node("labels", KEY) {
        Some(label) => finding.because(case.place(label), "this is what Istio reads"),
        None => finding,
    })
}
