//! A Job's failure policy that also counts the exit codes of sidecars.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::model::FailureRule;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds `podFailurePolicy` rules on exit codes that name no container, in Jobs with a native sidecar, when the
    /// codes are those of a container that was stopped.
    ///
    /// ## Why it matters
    /// Without `containerName` a rule looks at the exit codes of all containers. A native sidecar that was stopped
    /// after the app has failed ends with 143 or 137, or 1 for its own reasons, and then decides what happens to the
    /// Job.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: report
    /// spec:
    ///   podFailurePolicy:
    ///     rules:
    ///       - action: FailJob
    ///         onExitCodes:
    ///           operator: NotIn
    ///           values: [0, 42]
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
    /// ## Use instead
    /// ```yaml
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: report
    /// spec:
    ///   podFailurePolicy:
    ///     rules:
    ///       - action: FailJob
    ///         onExitCodes:
    ///           containerName: report
    ///           operator: NotIn
    ///           values: [0, 42]
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
    /// - Fact 9.3
    FAILURE_POLICY_MATCHES_SIDECAR, "failure-policy-matches-sidecar", Warning, [since 29], check
}

/// What a stopped container ends with: by its own error, SIGKILL, SIGTERM.
const STOPPED: [i64; 3] = [1, 137, 143];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().filter_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Option<Finding> {
    let native = case.helpers().find(Member::is_native)?;
    let rules = &case.workload.job.as_ref()?.failure_rules;
    let number = rules.iter().position(|rule| rule.container.is_none() && catches_stopped(rule))?;
    let object = case.analysis.model.objects.get(case.workload.object)?;
    let spec = ["spec", "jobTemplate", "spec"];
    let route = if case.is_kind(&["CronJob"]) { &spec[..] } else { &spec[..1] };
    let policy = case.at(object.node, route)?.get("podFailurePolicy")?;
    let node = policy.get("rules")?.items().nth(number)?.id();
    let app = case.apps().next().map_or("the app", |app| app.name());
    let name = native.name();
    let message = format!("The failure policy of {} also looks at the exit code of {name}", case.title());
    let help = format!("Name the container that the rule is about: containerName: {app}.");
    let finding = case.finding(rule, (node, Part::Value), message, help);
    Some(finding.because(case.place(native.container.node), format!("{name} is stopped when {app} has ended")))
}

fn catches_stopped(rule: &FailureRule) -> bool {
    let has = |code: &i64| rule.exit_codes.contains(code);
    match rule.operator.as_deref() {
        Some("In") => STOPPED.iter().any(has),
        Some("NotIn") => !STOPPED.iter().all(has),
        _ => false,
    }
}
