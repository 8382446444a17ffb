//! A debugging tool that has stayed in the template.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::rule;

rule! {
    /// ## What it does
    /// Finds containers for debugging in workloads that run for ever.
    ///
    /// ## Why it matters
    /// They cost memory in every replica and give whoever gets in a full set of tools. `kubectl debug` adds an
    /// ephemeral container to a running Pod when it is needed, and nothing stays.
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
    ///         - name: netshoot
    ///           image: nicolaka/netshoot:v0.13
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
    /// ```
    ///
    /// ## Since
    /// All versions. Ephemeral containers are stable since Kubernetes 1.25.
    ///
    /// ## References
    /// - [Kubernetes: Ephemeral Containers](https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/)
    DEBUG_CONTAINER_LEFT_IN, "debug-container-left-in", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let lasting = subject.pods().filter(|case| case.is_kind(&["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"]));
    lasting.flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, helper: Member<'_>) -> Option<Finding> {
    if !helper.is_for(&[Category::Debug]) || helper.verdict.confidence < Confidence::Likely {
        return None;
    }
    let name = helper.name();
    let message = format!("Every Pod of {} runs the debugging tool {name}", case.title());
    let help = format!("Remove {name}, and add it with kubectl debug when it is needed.");
    let finding = case.about(rule, helper, helper.here(), message, help).at_most(helper.verdict.confidence);
    Some(match helper.reason() {
        Some((place, text)) => finding.because(place, text),
        None => finding,
    })
}
