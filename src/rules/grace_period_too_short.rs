//! A `preStop` hook that lasts longer than the grace period.

use super::support::{Case, Member, shell};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::model::Handler;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds `preStop` hooks that sleep as long as the Pod has time to stop, or longer.
    ///
    /// ## Why it matters
    /// The hook and the stop that follows it share `terminationGracePeriodSeconds`, which is 30 unless given. When the
    /// hook has used it up, the container gets two seconds and is then killed; it never stops by itself, and native
    /// sidecars lose their turn.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       lifecycle:
    ///         preStop:
    ///           exec:
    ///             command: ["sleep", "45"]
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   terminationGracePeriodSeconds: 75
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       lifecycle:
    ///         preStop:
    ///           exec:
    ///             command: ["sleep", "45"]
    /// ```
    ///
    /// ## Since
    /// All versions. A `sleep` action longer than the grace period is refused by the API server.
    ///
    /// ## References
    /// - [Kubernetes: Container Lifecycle Hooks](https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/)
    /// - [Kubernetes: Pod Lifecycle](https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/)
    /// - Fact 4.3
    /// - Fact 4.11
    GRACE_PERIOD_TOO_SHORT, "grace-period-too-short", Warning, check
}

/// What Kubernetes gives a Pod to stop, in seconds.
const DEFAULT_GRACE: i64 = 30;

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.running().filter_map(move |member| find(rule, case, member))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, member: Member<'_>) -> Option<Finding> {
    let hook = member.container.lifecycle.pre_stop.as_ref()?;
    let given = case.workload.pod.termination_grace_period.as_ref();
    // A patch may leave out what its base says.
    let grace = given.map(|grace| grace.value).or_else(|| case.is_complete.then_some(DEFAULT_GRACE))?;
    let slept = match hook.value.as_ref()? {
        Handler::Sleep(seconds) => Some(*seconds).filter(|seconds| *seconds == grace),
        handler => shell::seconds_slept(&shell::calls_of_handler(Some(handler), hook.node)),
    };
    let slept = slept.filter(|slept| *slept >= grace && grace > 1)?;
    let name = member.name();
    let message = format!("{name} is killed before it can stop: its preStop hook takes {slept} of {grace} seconds");
    let help = format!("Set terminationGracePeriodSeconds to {slept} plus the seconds that {name} needs to stop.");
    let finding = case.about(rule, member, (hook.node, Part::Key), message, help);
    Some(match given {
        Some(given) => finding.because(case.place(given.node), format!("the Pod has {grace} seconds to stop")),
        None => finding,
    })
}
