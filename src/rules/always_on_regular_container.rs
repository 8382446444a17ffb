//! `restartPolicy: Always` where it makes no sidecar.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::finding::Severity;
use crate::model::ContainerField;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds entries of `containers` with a `restartPolicy: Always` of their own.
    ///
    /// ## Why it matters
    /// Only in `initContainers` does it make a native sidecar. On a regular container it overrides the policy of the
    /// Pod for that one container: in a Job or a Pod that is to end, the Pod never completes; everywhere else it
    /// changes nothing.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: report
    /// spec:
    ///   template:
    ///     spec:
    ///       restartPolicy: Never
    ///       containers:
    ///         - name: report
    ///           image: registry.example.com/report:1.7
    ///         - name: relay
    ///           image: registry.example.com/relay:1.0
    ///           restartPolicy: Always
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: report
    /// spec:
    ///   template:
    ///     spec:
    ///       restartPolicy: Never
    ///       initContainers:
    ///         - name: relay
    ///           image: registry.example.com/relay:1.0
    ///           restartPolicy: Always
    ///       containers:
    ///         - name: report
    ///           image: registry.example.com/report:1.7
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.35. Up to 1.33 the API server refuses it, 1.34 drops it.
    ///
    /// ## References
    /// - [KEP-5307: Container restart rules](https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/5307-container-restart-policy)
    /// - [Kubernetes: Sidecar Containers](https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/)
    /// - Fact 1.2
    ALWAYS_ON_REGULAR_CONTAINER, "always-on-regular-container", Warning, [since 35], check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.members().filter_map(move |member| find(rule, case, member))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, member: Member<'_>) -> Option<Finding> {
    if member.container.field != ContainerField::Containers {
        return None;
    }
    let policy = member.container.restart_policy.as_ref().filter(|policy| policy.value == "Always")?;
    let name = member.name();
    let of_pod = case.workload.pod.restart_policy.as_ref().map_or("Always", |policy| policy.value.as_str());
    let (message, severity) = if of_pod == "Always" {
        (format!("restartPolicy: Always does not make {name} a sidecar, it has no effect in containers"), rule.severity)
    } else {
        let title = case.title();
        (format!("{title} never completes: {name} has restartPolicy: Always, but is no sidecar"), Severity::Error)
    };
    let help = format!("Move {name} to initContainers, if it is a helper; otherwise remove the line.");
    Some(case.about(rule, member, (policy.node, Part::Key), message, help).as_bad_as(severity))
}
