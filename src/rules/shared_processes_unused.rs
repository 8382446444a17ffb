//! Shared processes that nobody seems to need.

use super::support::{Case, shell};
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Confidence;
use crate::finding::Finding;
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
    let has_reason = case.running().any(|member| {
        let container = member.container;
        let traces = container.security.added_capabilities.iter().any(|name| name.ends_with("SYS_PTRACE"));
        // A script or another unknown program may do anything.
        let is_script = member.verdict.role.is_sidecar() && (member.known().is_none() || !container.command.is_empty());
        let signals =
            ["kill", "signal", "pid", "/proc/", "nsenter"].iter().any(|word| shell::line(container).contains(word));
        traces || is_script || signals || member.is_for(&[Category::Debug, Category::ConfigReload, Category::Backup])
    });
    let node = case.at(case.workload.pod.node, &["shareProcessNamespace"]).filter(|_| !has_reason)?.id();
    let message = format!("{} can look into the processes of {} and the other containers", helper.name(), case.title());
    let help = "Remove shareProcessNamespace, unless a container signals or traces another one.";
    Some(case.finding(rule, (node, Part::Key), message, help).at_most(Confidence::Guess))
}
