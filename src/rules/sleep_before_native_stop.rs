//! A `preStop` sleep on a native sidecar.

use super::support::{Case, Member, shell};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::finding::Fix;
use crate::model::Handler;
use crate::rule;
use crate::source::{NodeId, Part};

rule! {
    /// ## What it does
    /// Finds native sidecars whose `preStop` hook only waits.
    ///
    /// ## Why it matters
    /// On a traditional sidecar such a sleep keeps it alive while the app still works. A native sidecar needs none: it
    /// gets its stop signal after the app has ended. Its hook runs at once when the Pod is to end, at the same time as
    /// the app stops, and the seconds count against the one grace period that all share.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   initContainers:
    ///     - name: proxy
    ///       image: envoyproxy/envoy:v1.32.0
    ///       restartPolicy: Always
    ///       lifecycle:
    ///         preStop:
    ///           exec:
    ///             command: ["sh", "-c", "sleep 20"]
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
    ///     - name: proxy
    ///       image: envoyproxy/envoy:v1.32.0
    ///       restartPolicy: Always
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.29.
    ///
    /// ## References
    /// - [Kubernetes: Sidecar Containers](https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/)
    /// - [Kubernetes: Container Lifecycle Hooks](https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/)
    /// - Fact 4.3
    /// - Fact 4.12
    SLEEP_BEFORE_NATIVE_STOP, "sleep-before-native-stop", Warning, [since 29], check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, native: Member<'_>) -> Option<Finding> {
    let hook = native.container.lifecycle.pre_stop.as_ref().filter(|_| native.is_native())?;
    if !only_sleeps(hook.value.as_ref()?, hook.node) {
        return None;
    }
    let name = native.name();
    let message = format!("The preStop sleep of {name} keeps nothing alive: {name} is stopped after the app anyway");
    let help = format!("Remove the preStop hook of {name}; it only uses up the grace period of {}.", case.title());
    let lifecycle = case.document()?.tree.parent(hook.node)?;
    let is_alone = native.container.lifecycle.post_start.is_none();
    let edits =
        if is_alone { case.without(native.container.node, "lifecycle") } else { case.without(lifecycle, "preStop") };
    let finding = case.about(rule, native, (hook.node, Part::Key), message, help);
    Some(finding.mended_by(Fix::safe(format!("Remove the preStop hook of {name}"), edits)))
}

fn only_sleeps(hook: &Handler, node: NodeId) -> bool {
    let calls = shell::calls_of_handler(Some(hook), node);
    let mut others = calls.iter().filter(|call| !matches!(call.program(), "sleep" | "sh" | "bash" | "ash"));
    matches!(hook, Handler::Sleep(_)) || (shell::seconds_slept(&calls).is_some() && others.next().is_none())
}
