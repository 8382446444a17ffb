//! Shared processes that nobody seems to need.

use super::support::{Case, Member, shell};
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::finding::Fix;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds `shareProcessNamespace: true` in Pods where no container signals, traces or debugs another.
    ///
    /// ## Why it matters
    /// Every container then sees the processes of all others, their command lines, environment and open files, the
    /// secrets of the app among them. And no container has its own first process any more, which some images rely on.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   shareProcessNamespace: true
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Share Process Namespace between Containers in a Pod](https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/)
    /// - Fact 10.5
    SHARED_PROCESSES_UNUSED, "shared-processes-unused", Advice, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let shared = subject.pods().filter(|case| case.is_complete && case.workload.pod.share_process_namespace);
    shared.filter_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Option<Finding> {
    let helper = case.helpers().next()?;
    // Only of helpers that are well known, and known to stay with themselves, can this be said.
    let stays = |helper: Member<'_>| {
        let is_known = helper.known().is_some_and(|entry| !entry.is_generic) && helper.container.command.is_empty();
        is_known && helper.is_for(&[Category::LogShipper, Category::Metrics, Category::Tracing, Category::AuthProxy])
    };
    let has_reason = !case.helpers().all(stays)
        || case.running().any(|member| {
            let traces = member.container.security.added_capabilities.iter().any(|name| name.ends_with("SYS_PTRACE"));
            let line = shell::line(member.container);
            traces || ["kill", "signal", "pid", "/proc/", "nsenter"].iter().any(|word| line.contains(word))
        });
    let node = case.at(case.workload.pod.node, &["shareProcessNamespace"]).filter(|_| !has_reason)?.id();
    let message = format!("{} can look into the processes of {} and the other containers", helper.name(), case.title());
    let help = "Remove shareProcessNamespace, unless a container signals or traces another one.";
    let fix = Fix::to_review(
        "Let each container see its own processes only",
        case.without(case.workload.pod.node, "shareProcessNamespace"),
    );
    Some(case.finding(rule, (node, Part::Key), message, help).at_most(Confidence::Guess).mended_by(fix))
}
