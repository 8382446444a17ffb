//! A Pod that has init containers and nothing to run after them.

use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::{Finding, Related};
use crate::model::{ContainerField, Workload};
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds Pods and Pod templates with init containers or native sidecars but without a regular container.
    ///
    /// ## Why it matters
    /// `spec.containers` must have at least one entry; the API server refuses the object with
    /// `spec.containers: Required value`. It happens when the only container of a Pod was a proxy, and something moved it
    /// to `initContainers` to make it a native sidecar: a helper needs somebody to help.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: gateway
    /// spec:
    ///   initContainers:
    ///     - name: istio-proxy
    ///       image: istio/proxyv2:1.27.0
    ///       restartPolicy: Always
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: gateway
    /// spec:
    ///   containers:
    ///     - name: istio-proxy
    ///       image: istio/proxyv2:1.27.0
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - Fact 7.5
    POD_WITHOUT_APP, "pod-without-app", Error, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let workloads = subject.pods().map(|case| (case.index, case.workload));
    let without = workloads.filter(|(_, workload)| {
        workload.is_well_placed
            && workload.is_whole
            && workload.pod.of(ContainerField::InitContainers).next().is_some()
            && workload.pod.of(ContainerField::Containers).next().is_none()
    });
    without.map(|(index, workload)| finding(rule, index, workload)).collect()
}

fn finding(rule: &Rule, index: usize, workload: &Workload) -> Finding {
    let init = workload.pod.of(ContainerField::InitContainers);
    let related = init.map(|(_, container)| Related {
        place: workload.place(container.node, Part::Value),
        text: format!("{} is an entry of initContainers", container.display_name()),
    });
    Finding {
        rule: rule.id,
        severity: rule.severity,
        confidence: Confidence::Certain,
        place: workload.place(workload.pod.node, Part::Key),
        message: format!(
            "{} has no regular container: {}.containers: Required value",
            workload.title(),
            workload.pod_path
        ),
        help:
            "Put the container that the Pod exists for into containers. A proxy that is alone in its Pod is no sidecar."
                .to_owned(),
        evidence: related.collect(),
        workloads: vec![index],
        container: None,
        fix: None,
        hidden: None,
    }
}
