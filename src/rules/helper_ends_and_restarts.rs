//! A helper that does its work once, where containers are restarted for ever.

use super::support::endless::once;
use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds sidecars that are told to end after their work, in a place where an ended container is started again.
    ///
    /// ## Why it matters
    /// With `--one-time` and the like a helper ends when it is done. As a regular container of a Deployment, or as a
    /// native sidecar anywhere, it is started again with growing delays: the Pod looks as if it crashed, over and over.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: docs
    /// spec:
    ///   selector:
    ///     matchLabels: { app: docs }
    ///   template:
    ///     metadata:
    ///       labels: { app: docs }
    ///     spec:
    ///       containers:
    ///         - name: nginx
    ///           image: nginx:1.26
    ///         - name: git-sync
    ///           image: registry.k8s.io/git-sync/git-sync:v4.3.0
    ///           args: ["--repo=https://git.example.com/docs", "--one-time"]
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: docs
    /// spec:
    ///   selector:
    ///     matchLabels: { app: docs }
    ///   template:
    ///     metadata:
    ///       labels: { app: docs }
    ///     spec:
    ///       initContainers:
    ///         - name: git-sync
    ///           image: registry.k8s.io/git-sync/git-sync:v4.3.0
    ///           args: ["--repo=https://git.example.com/docs", "--one-time"]
    ///       containers:
    ///         - name: nginx
    ///           image: nginx:1.26
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Pod Lifecycle](https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/)
    /// - [Kubernetes: Init Containers](https://kubernetes.io/docs/concepts/workloads/pods/init-containers/)
    /// - Fact 3.1
    /// - Fact 3.5
    HELPER_ENDS_AND_RESTARTS, "helper-ends-and-restarts", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, helper: Member<'_>) -> Option<Finding> {
    let of_pod = case.workload.pod.restart_policy.as_ref().map_or("Always", |policy| policy.value.as_str());
    let is_lasting = case.is_kind(&["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod"]);
    if !(helper.is_native() || (of_pod == "Always" && is_lasting)) {
        return None;
    }
    let (word, node) = once(helper)?;
    let name = helper.name();
    let message = format!("{name} ends when its work is done ({word}) and is then restarted, again and again");
    let help = format!("Let it run before the app as a plain init container, or without {word} beside it.");
    Some(case.about(rule, helper, (node, Part::Value), message, help).at_most(Confidence::Likely))
}
