//! A Job that fails when its sidecar restarts once.

use super::support::{Case, Member, is_finite_job};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds Jobs with `restartPolicy: OnFailure`, a native sidecar and a `backoffLimit` of 0 or 1.
    ///
    /// ## Why it matters
    /// With this policy a Job counts the restarts of all containers of its Pod, those of sidecars too, and fails when
    /// they reach `backoffLimit`. A sidecar that restarts once, even after a clean exit, then fails a Job whose work
    /// goes well.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: report
    /// spec:
    ///   backoffLimit: 0
    ///   template:
    ///     spec:
    ///       restartPolicy: OnFailure
    ///       initContainers:
    ///         - name: log-shipper
    ///           image: fluent/fluent-bit:3.1
    ///           restartPolicy: Always
    ///       containers:
    ///         - name: report
    ///           image: registry.example.com/report:1.7
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: report
    /// spec:
    ///   backoffLimit: 0
    ///   template:
    ///     spec:
    ///       restartPolicy: Never
    ///       initContainers:
    ///         - name: log-shipper
    ///           image: fluent/fluent-bit:3.1
    ///           restartPolicy: Always
    ///       containers:
    ///         - name: report
    ///           image: registry.example.com/report:1.7
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.29.
    ///
    /// ## References
    /// - [Kubernetes: Jobs](https://kubernetes.io/docs/concepts/workloads/controllers/job/)
    /// - Fact 3.17
    /// - Fact 9.5
    RESTARTS_USE_UP_BACKOFF, "restarts-use-up-backoff", Warning, [since 29], check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().filter(|case| is_finite_job(case)).filter_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Option<Finding> {
    let limit = case.workload.job.as_ref()?.backoff_limit.as_ref().filter(|limit| matches!(limit.value, 0 | 1))?;
    let policy = case.workload.pod.restart_policy.as_ref().filter(|policy| policy.value == "OnFailure")?;
    let native = case.helpers().find(Member::is_native)?;
    let name = native.name();
    let message = format!("One restart of {name} fails {}: its backoffLimit is {}", case.title(), limit.value);
    let help = "Use restartPolicy: Never, where only failed Pods count, or allow more restarts.";
    let finding = case.finding(rule, (limit.node, Part::Key), message, help);
    let finding = finding.because(case.place(policy.node), "with OnFailure restarts of all containers count");
    Some(finding.because(case.place(native.container.node), format!("{name} is restarted whenever it exits")))
}
