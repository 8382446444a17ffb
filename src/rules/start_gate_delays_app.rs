//! A startup probe that makes the app wait for nothing.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::edit::{Edit, Yaml};
use crate::finding::Finding;
use crate::finding::Fix;
use crate::model::{Probe, ProbeKind};
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
    START_GATE_DELAYS_APP, "start-gate-delays-app", Advice, [since 29], check
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
    let finding = case.about(rule, native, (probe.node, Part::Key), message, help);
    Some(finding.mended_by(Fix::to_review(format!("Ask {name} every second"), ask_often(case, probe, delay))))
}

/// The same time in all, in steps of a second.
fn ask_often(case: &Case<'_>, probe: &Probe, delay: i64) -> Option<Vec<Edit>> {
    let times = probe.failure_threshold.unwrap_or(3).saturating_mul(probe.period.unwrap_or(10));
    let times = Yaml::from(delay.saturating_add(times));
    let all = ["initialDelaySeconds", "periodSeconds", "failureThreshold"];
    let given: Vec<&str> = all.into_iter().filter(|key| case.at(probe.node, &[*key]).is_some()).collect();
    let handler: &[&str] = &["httpGet", "tcpSocket", "exec", "grpc"];
    let added = [("periodSeconds", &Yaml::from(1), handler), ("failureThreshold", &times, handler)];
    case.editor()?.change_keys(probe.node, &given, &added)
}
