//! An autoscaler that cannot count because a helper requests nothing.

use super::support::{Case, amounts};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::model::Object;
use crate::rule;
use crate::source::{NodeId, Part, Place, Value};

rule! {
    /// ## What it does
    /// Finds workloads with a HorizontalPodAutoscaler on CPU or memory utilisation in which a running container does
    /// not request that resource.
    ///
    /// ## Why it matters
    /// Utilisation is use divided by the requests of all containers, native sidecars included. When one is missing the
    /// autoscaler reports `missing request for cpu` and does nothing. With a `ContainerResource` metric it looks at the
    /// app alone.
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
    ///         - name: shop
    ///           image: registry.example.com/shop:1.4
    ///           resources:
    ///             requests: { cpu: 200m }
    ///         - name: fluent-bit
    ///           image: fluent/fluent-bit:3.1
    ///           resources:
    ///             requests: { memory: 64Mi }
    /// ---
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: shop
    /// spec:
    ///   scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: shop }
    ///   minReplicas: 2
    ///   maxReplicas: 10
    ///   metrics:
    ///     - type: Resource
    ///       resource:
    ///         name: cpu
    ///         target: { type: Utilization, averageUtilization: 70 }
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
    ///     spec:
    ///       containers:
    ///         - name: shop
    ///           image: registry.example.com/shop:1.4
    ///           resources:
    ///             requests: { cpu: 200m }
    ///         - name: fluent-bit
    ///           image: fluent/fluent-bit:3.1
    ///           resources:
    ///             requests: { cpu: 50m, memory: 64Mi }
    /// ---
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: shop
    /// spec:
    ///   scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: shop }
    ///   minReplicas: 2
    ///   maxReplicas: 10
    ///   metrics:
    ///     - type: Resource
    ///       resource:
    ///         name: cpu
    ///         target: { type: Utilization, averageUtilization: 70 }
    /// ```
    ///
    /// ## Since
    /// All versions. Metrics of one container are stable since Kubernetes 1.30.
    ///
    /// ## References
    /// - [Kubernetes: Horizontal Pod Autoscaling](https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/)
    /// - Fact 6.13
    AUTOSCALER_MISSES_REQUEST, "autoscaler-misses-request", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let complete = subject.pods().filter(|case| case.is_complete);
    complete
        .flat_map(|case| {
            let (kind, name) = (case.workload.kind.as_deref(), case.workload.name.as_deref());
            let scalers = kind.zip(name).into_iter();
            let scalers = scalers.flat_map(|(kind, name)| subject.analysis.model.targeting(kind, name));
            scalers.filter_map(|scaler| find(rule, subject, case, scaler)).collect::<Vec<_>>()
        })
        .collect()
}

fn find(rule: &Rule, subject: Subject<'_>, case: &Case<'_>, scaler: &Object) -> Option<Finding> {
    if scaler.kind.as_deref() != Some("HorizontalPodAutoscaler") || scaler.namespace != case.workload.namespace {
        return None;
    }
    let spec = subject.analysis.source.documents.get(scaler.document as usize)?.value(scaler.node).get("spec")?;
    let is_for_pod = |resource: &str| case.workload.pod.resources.requests.iter().any(|(own, _)| own == resource);
    let (resource, node) = wanted(spec).into_iter().find(|(resource, _)| !is_for_pod(resource))?;
    let missing = case.running().find(|member| amounts::request(*member, &resource).is_none())?;
    let (own, title) = (missing.name(), scaler.title());
    let message = format!("{title} cannot scale {} by {resource}: {own} does not request any", case.title());
    let help = if missing.verdict.role.is_sidecar() {
        let app = case.apps().next().map_or("the app", |app| app.name());
        format!(
            "Give {own} a request for {resource}, or let {title} look at {app} alone with a ContainerResource metric."
        )
    } else {
        format!("Give {own} a request for {resource}.")
    };
    // A LimitRange of the namespace may give it one.
    let finding = case.about(rule, missing, missing.here(), message, help).at_most(Confidence::Likely);
    let place = Place { document: scaler.document, node, part: Part::Value };
    Some(finding.because(place, format!("{title} wants the use of {resource} in percent of the request")))
}

/// The resources whose utilisation an autoscaler looks at, over all containers.
fn wanted(spec: Value<'_>) -> Vec<(String, NodeId)> {
    if let Some(old) = spec.get("targetCPUUtilizationPercentage") {
        return vec![("cpu".to_owned(), old.id())];
    }
    let metrics = spec.get("metrics").into_iter().flat_map(Value::items);
    let over_all = metrics.filter(|metric| metric.get("type").and_then(Value::text) == Some("Resource"));
    over_all
        .filter_map(|metric| {
            let resource = metric.get("resource")?;
            let is_share = resource.at(&["target", "averageUtilization"]).is_some()
                || resource.get("targetAverageUtilization").is_some();
            Some((resource.get("name")?.text()?.to_owned(), metric.id())).filter(|_| is_share)
        })
        .collect()
}
