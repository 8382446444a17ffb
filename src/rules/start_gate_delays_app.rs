//! A startup probe that makes the app wait for nothing.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::model::ProbeKind;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds native sidecars whose `startupProbe` has an `initialDelaySeconds` of five or more.
    ///
    /// ## Why it matters
    /// The app starts when this probe has first succeeded. A delay in front of it is paid by every start of every Pod,
    /// also when the sidecar was up at once. Short periods with a high `failureThreshold` allow the same time and lose
    /// none.
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
    ///       startupProbe:
    ///         httpGet: { path: /ready, port: 9901 }
    ///         initialDelaySeconds: 20
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
    ///       startupProbe:
    ///         httpGet: { path: /ready, port: 9901 }
    ///         periodSeconds: 1
    ///         failureThreshold: 60
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.29.
    ///
    /// ## References
    /// - [Kubernetes: Configure Liveness, Readiness and Startup Probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/)
    /// - Fact 2.3
    /// - Fact 2.8
    START_GATE_DELAYS_APP, "start-gate-delays-app", Advice, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, native: Member<'_>) -> Option<Finding> {
    let probe = native.container.probe(ProbeKind::Startup).filter(|_| native.is_native())?;
    let delay = probe.initial_delay.filter(|delay| *delay >= 5)?;
    let name = native.name();
    let message = format!("Every start of {} waits at least {delay} seconds for {name}", case.title());
    let help =
        format!("Drop initialDelaySeconds and ask {name} more often: periodSeconds: 1 with a high failureThreshold.");
    Some(case.about(rule, native, (probe.node, Part::Key), message, help))
}
