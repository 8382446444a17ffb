//! A helper that can take a healthy app out of service.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::category::Category;
use crate::finding::Finding;
use crate::model::ProbeKind;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds log shippers, exporters and other helpers beside the traffic that have a `readinessProbe`, in Pods behind
    /// a Service.
    ///
    /// ## Why it matters
    /// A Pod is ready when all of its containers are, native sidecars included. When such a helper is not, the Service
    /// stops sending traffic to an app that works, and roll-outs wait. A `livenessProbe` restarts the helper and leaves
    /// the app alone.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    ///   labels: { app: shop }
    /// spec:
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       ports:
    ///         - containerPort: 8080
    ///       readinessProbe:
    ///         httpGet: { path: /healthz, port: 8080 }
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///       readinessProbe:
    ///         httpGet: { path: /, port: 2020 }
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: shop
    /// spec:
    ///   selector: { app: shop }
    ///   ports:
    ///     - { port: 80, targetPort: 8080 }
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    ///   labels: { app: shop }
    /// spec:
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       ports:
    ///         - containerPort: 8080
    ///       readinessProbe:
    ///         httpGet: { path: /healthz, port: 8080 }
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///       livenessProbe:
    ///         httpGet: { path: /, port: 2020 }
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: shop
    /// spec:
    ///   selector: { app: shop }
    ///   ports:
    ///     - { port: 80, targetPort: 8080 }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Configure Liveness, Readiness and Startup Probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/)
    /// - Fact 5.8
    /// - Fact 5.9
    READINESS_OF_A_HELPER, "readiness-of-a-helper", Advice, check
}

/// Helpers without which the app can serve.
const DISPENSABLE: &[Category] =
    &[Category::LogShipper, Category::Metrics, Category::Tracing, Category::Backup, Category::Debug];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, helper: Member<'_>) -> Option<Finding> {
    let probe = helper.container.probe(ProbeKind::Readiness).filter(|_| helper.is_for(DISPENSABLE))?;
    let service = case.services().next()?;
    let app = case.apps().next()?;
    let name = helper.name();
    let message = format!("When {name} is not ready, {} stops sending traffic to {}", service.title(), app.name());
    let help = format!("Use a livenessProbe for {name}, unless {} cannot work without it.", app.name());
    Some(case.about(rule, helper, (probe.node, Part::Key), message, help).at_most(helper.verdict.confidence))
}
