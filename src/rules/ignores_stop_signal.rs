//! A helper script that is killed at the end of every grace period.

use super::support::{Case, Member, endless, shell};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::rule;

rule! {
    /// ## What it does
    /// Finds sidecars whose shell script, or `tail -f`, runs for ever and does not say what to do with the stop signal.
    ///
    /// ## Why it matters
    /// The first process of a container gets no default handling of signals: a shell in a loop without `trap` ignores
    /// SIGTERM. So every end of the Pod takes the whole grace period, and the end of a Job with a native sidecar as
    /// well. With `trap 'exit 0' TERM`, and a `wait` for what runs in the background, it ends at once.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   initContainers:
    ///     - name: refresher
    ///       image: registry.example.com/tools:1.0
    ///       restartPolicy: Always
    ///       command: ["sh", "-c", "while true; do ./refresh; sleep 60; done"]
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   initContainers:
    ///     - name: refresher
    ///       image: registry.example.com/tools:1.0
    ///       restartPolicy: Always
    ///       command: ["sh", "-c", "trap 'exit 0' TERM; while true; do ./refresh; sleep 60 & wait; done"]
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Pod Lifecycle](https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/)
    /// - Fact 4.7
    /// - Fact 4.9
    /// - Fact 9.2
    IGNORES_STOP_SIGNAL, "ignores-stop-signal", Advice, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let apart = subject.pods().filter(|case| !case.workload.pod.share_process_namespace);
    apart.flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, helper: Member<'_>) -> Option<Finding> {
    let is_deaf = shell::calls(helper.container)
        .first()
        .is_some_and(|call| matches!(call.program(), "sh" | "bash" | "ash" | "tail" | "sleep"));
    let is_handled = || {
        let line = shell::line(helper.container);
        line.contains("trap ") || line.contains("tini")
    };
    if !is_deaf || is_handled() {
        return None;
    }
    let (reason, node) = endless::by_script(helper)?;
    let name = helper.name();
    let message =
        format!("{name} ignores the stop signal, so every end of {} takes the whole grace period", case.title());
    let help =
        format!("Run a script in {name} that starts with: trap 'exit 0' TERM, and waits for what it runs with &.");
    let finding = case.about(rule, helper, helper.here(), message, help).at_most(helper.verdict.confidence);
    Some(finding.because(case.place(node), format!("{name}: {reason}")))
}
