//! A grace period that makes order and hooks pointless.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::finding::Fix;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds Pods with native sidecars or `preStop` hooks and a `terminationGracePeriodSeconds` of 0 or 1.
    ///
    /// ## Why it matters
    /// The app is to end first, then the sidecars one after another, and hooks before that: all within the grace
    /// period. With no time at all everything is signalled together and killed two seconds later.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   terminationGracePeriodSeconds: 0
    ///   initContainers:
    ///     - name: log-shipper
    ///       image: fluent/fluent-bit:3.1
    ///       restartPolicy: Always
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
    ///   terminationGracePeriodSeconds: 30
    ///   initContainers:
    ///     - name: log-shipper
    ///       image: fluent/fluent-bit:3.1
    ///       restartPolicy: Always
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.29 for the order, all versions for hooks.
    ///
    /// ## References
    /// - [Kubernetes: Pod Lifecycle](https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/)
    /// - Fact 4.4
    /// - Fact 4.10
    NO_TIME_TO_STOP, "no-time-to-stop", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().filter_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Option<Finding> {
    // Less than nothing is refused or warned of by the API server.
    let grace = case.workload.pod.termination_grace_period.as_ref().filter(|grace| matches!(grace.value, 0 | 1))?;
    let native = case.helpers().find(Member::is_native);
    let hooked = case.running().find(|member| member.container.lifecycle.pre_stop.is_some());
    let (member, what) = match (native, hooked) {
        (_, Some(hooked)) => (hooked, format!("the preStop hook of {} is cut off", hooked.name())),
        (Some(native), None) => (native, format!("{} is not kept until the app has ended", native.name())),
        (None, None) => return None,
    };
    let seconds = if grace.value == 1 { "1 second" } else { "no time" };
    let message = format!("{} has {seconds} to stop, so {what}", case.title());
    let help =
        "Leave terminationGracePeriodSeconds out for 30 seconds, or give the app and its sidecars what they need.";
    let edits = case.without(case.workload.pod.node, "terminationGracePeriodSeconds");
    let fix = Fix::to_review("Give it the usual 30 seconds", edits);
    let finding = case.finding(rule, (grace.node, Part::Key), message, help).mended_by(fix);
    Some(finding.because(case.place(member.container.node), format!("{} needs time", member.name())))
}
