//! An injection setting on the workload instead of its Pods.

use super::support::Case;
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::model::lookup;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds labels and annotations for injectors on a Deployment or another workload itself, where no injector looks.
    ///
    /// ## Why it matters
    /// Injectors see the Pod when it is created, so they read what stands in the Pod template. On the workload the
    /// setting does nothing: the sidecar is missing, or it is there although it was switched off.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: shop
    ///   annotations: { linkerd.io/inject: enabled }
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
    /// - [Linkerd: Automatic Proxy Injection](https://linkerd.io/2/features/proxy-injection/)
    /// - [Istio: Installing the Sidecar](https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/)
    /// - [Dapr: Arguments and Annotations](https://docs.dapr.io/reference/arguments-annotations-overview/)
    INJECTION_SETTING_MISPLACED, "injection-setting-misplaced", Warning, check
}

/// Keys that injectors read on Pods only.
const KEYS: &[&str] = &[
    "sidecar.istio.io/inject",
    "sidecar.istio.io/nativeSidecar",
    "linkerd.io/inject",
    "dapr.io/enabled",
    "vault.hashicorp.com/agent-inject",
    "consul.hashicorp.com/connect-inject",
    "kuma.io/sidecar-injection",
];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let kinds = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"];
    let templates = subject.pods().filter(|case| case.workload.is_well_placed && case.is_kind(&kinds));
    templates.filter_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Option<Finding> {
    let object = case.analysis.model.objects.get(case.workload.object)?;
    let pod = &case.workload.pod;
    let is_on_pod = |key: &str| lookup(&pod.labels, key).or_else(|| lookup(&pod.annotations, key)).is_some();
    let (field, key) =
        [("labels", &object.labels), ("annotations", &object.annotations)].into_iter().find_map(|(field, pairs)| {
            let key = KEYS.iter().find(|key| lookup(pairs, key).is_some() && !is_on_pod(key))?;
            Some((field, *key))
        })?;
    let node = case.at(object.node, &["metadata", field, key])?.id();
    let message = format!("{key} has no effect here: it stands on {}, not on its Pods", case.title());
    let path = case.workload.pod_path.strip_suffix(".spec").unwrap_or("template");
    let help = format!("Move it to {path}.metadata.{field}.");
    Some(case.finding(rule, (node, Part::Key), message, help))
}
