//! A native sidecar that the next container calls before it can answer.

use super::support::{Case, Member, ports};
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::model::ProbeKind;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds native sidecars that later containers call over localhost, without anything that holds those back until
    /// they answer.
    ///
    /// ## Why it matters
    /// A native sidecar starts first, but the next container is started as soon as its process runs. Only a
    /// `startupProbe`, or a `postStart` hook that waits, delays it; a `readinessProbe` does not. Without one the first
    /// calls of the app fail now and then.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   initContainers:
    ///     - name: cloud-sql-proxy
    ///       image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.13
    ///       args: ["--port=5432", "--health-check", "shop:europe-west1:shop"]
    ///       restartPolicy: Always
    ///       readinessProbe:
    ///         httpGet: { path: /readiness, port: 9090 }
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       env:
    ///         - { name: DATABASE_URL, value: "postgres://127.0.0.1:5432/shop" }
    ///       ports:
    ///         - containerPort: 8080
    ///       readinessProbe:
    ///         httpGet: { path: /healthz, port: 8080 }
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
    ///     - name: cloud-sql-proxy
    ///       image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.13
    ///       args: ["--port=5432", "--health-check", "shop:europe-west1:shop"]
    ///       restartPolicy: Always
    ///       startupProbe:
    ///         httpGet: { path: /startup, port: 9090 }
    ///         periodSeconds: 1
    ///         failureThreshold: 60
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       env:
    ///         - { name: DATABASE_URL, value: "postgres://127.0.0.1:5432/shop" }
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.29.
    ///
    /// ## References
    /// - [Kubernetes: Sidecar Containers](https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/)
    /// - [Kubernetes: Configure Liveness, Readiness and Startup Probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/)
    /// - Fact 2.3
    /// - Fact 2.7
    START_NOT_GATED, "start-not-gated", Warning, [since 29], check
}

/// Helpers that may answer late: what they are sent gets lost or is sent again, and the app goes on.
const MAY_BE_LATE: &[Category] = &[Category::Metrics, Category::Tracing, Category::LogShipper, Category::MeshProxy];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let complete = subject.pods().filter(|case| case.is_complete);
    complete.flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, native: Member<'_>) -> Option<Finding> {
    let container = native.container;
    let is_gated = container.probe(ProbeKind::Startup).is_some() || container.lifecycle.post_start.is_some();
    if !native.is_native() || is_gated || native.is_for(MAY_BE_LATE) {
        return None;
    }
    let (caller, port, node) = ports::caller(case, native, |caller| caller.number > native.number)?;
    let name = native.name();
    let readiness = container.probe(ProbeKind::Readiness);
    let but = if readiness.is_some() { ": its readinessProbe holds nothing back" } else { "" };
    let message = format!("{} calls localhost:{port} before {name} answers there{but}", caller.name());
    let help = format!("Give {name} a startupProbe: what comes next then starts when it has succeeded.");
    let place = readiness.map_or(native.here(), |probe| (probe.node, Part::Key));
    let finding = case.about(rule, native, place, message, help).at_most(Confidence::Likely);
    Some(finding.because(case.place(node), format!("{} calls localhost:{port}", caller.name())))
}
