//! A Job that gets a helper which does not end.

use super::support::{Case, is_finite_job};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::detect::ending::speaks_of_ending;
use crate::detect::injection::Injected;
use crate::finding::Finding;
use crate::finding::Severity;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds Jobs and CronJobs to which an injector adds an endless helper, when nothing makes it a native sidecar.
    ///
    /// ## Why it matters
    /// As a regular container it keeps the Pod running after the work is done, and the Job never completes. Injectors
    /// can add native sidecars instead; some do so by themselves in newer versions, so for those this is only advice.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: report
    /// spec:
    ///   template:
    ///     metadata:
    ///       annotations: { dapr.io/enabled: "true" }
    ///     spec:
    ///       restartPolicy: Never
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
    ///   template:
    ///     metadata:
    ///       annotations: { dapr.io/enabled: "true", dapr.io/enable-native-sidecar: "true" }
    ///     spec:
    ///       restartPolicy: Never
    ///       containers:
    ///         - name: report
    ///           image: registry.example.com/report:1.7
    /// ```
    ///
    /// ## Since
    /// All versions. The native form of the fix needs Kubernetes 1.29.
    ///
    /// ## References
    /// - [Istio: Kubernetes Native Sidecars](https://istio.io/latest/blog/2023/native-sidecars/)
    /// - [Linkerd: Proxy Configuration](https://linkerd.io/2/reference/proxy-configuration/)
    /// - Fact 9.1
    JOB_WITH_INJECTED_SIDECAR, "job-with-injected-sidecar", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let jobs = subject.pods().filter(|case| is_finite_job(case));
    let endless = jobs.filter(|case| !case.members().any(|member| speaks_of_ending(member.container)));
    endless.flat_map(|case| case.injected.iter().filter_map(move |injected| find(rule, case, injected))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, injected: &Injected) -> Option<Finding> {
    let injector = injected.injector;
    // What a namespace does to all of its Pods is not for the author of this one to change.
    if injected.is_native || injected.reason.contains("namespace") {
        return None;
    }
    let is_native_by_default =
        injector.native_on.is_empty() || injector.native.is_some_and(|text| text.contains("default"));
    let severity = if is_native_by_default { Severity::Advice } else { rule.severity };
    let name = injector.container;
    let message = format!("{} never completes if {} adds {name} as a regular container", case.title(), injector.name);
    let help = match injector.native_on.first() {
        Some(switch) => format!(
            "Set {}: \"{}\" on the Pod, so that {name} becomes a native sidecar.",
            switch.key,
            switch.value.unwrap_or("true")
        ),
        None => format!("Tell {} to add native sidecars, or leave it out of this Job.", injector.name),
    };
    let finding = case.finding(rule, (case.workload.pod.node, Part::Key), message, help);
    Some(finding.as_bad_as(severity).at_most(Confidence::Likely))
}
