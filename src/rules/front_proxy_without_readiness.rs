//! A proxy that takes the traffic before it is ready.

use super::support::{Case, Member, ports};
use super::{Rule, Subject};
use crate::category::Category;
use crate::finding::Finding;
use crate::model::{ProbeKind, Relates};
use crate::rule;
use crate::source::{Part, Place};

rule! {
    /// ## What it does
    /// Finds sidecars that a Service sends its traffic to and that have no `readinessProbe`, while the app behind has
    /// one.
    ///
    /// ## Why it matters
    /// Each container counts for itself: the probe of the app says nothing about the proxy. The Pod gets traffic as
    /// soon as the app is ready, and callers meet a proxy that does not answer yet.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: dashboard
    ///   labels: { app: dashboard }
    /// spec:
    ///   containers:
    ///     - name: dashboard
    ///       image: registry.example.com/dashboard:5.0
    ///       readinessProbe:
    ///         httpGet: { path: /healthz, port: 8080 }
    ///     - name: oauth2-proxy
    ///       image: quay.io/oauth2-proxy/oauth2-proxy:v7.7.0
    ///       args: ["--upstream=http://127.0.0.1:8080"]
    ///       ports:
    ///         - { name: proxy, containerPort: 4180 }
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: dashboard
    /// spec:
    ///   selector: { app: dashboard }
    ///   ports:
    ///     - { port: 80, targetPort: proxy }
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: dashboard
    ///   labels: { app: dashboard }
    /// spec:
    ///   containers:
    ///     - name: dashboard
    ///       image: registry.example.com/dashboard:5.0
    ///       readinessProbe:
    ///         httpGet: { path: /healthz, port: 8080 }
    ///     - name: oauth2-proxy
    ///       image: quay.io/oauth2-proxy/oauth2-proxy:v7.7.0
    ///       args: ["--upstream=http://127.0.0.1:8080"]
    ///       ports:
    ///         - { name: proxy, containerPort: 4180 }
    ///       readinessProbe:
    ///         httpGet: { path: /ping, port: proxy }
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: dashboard
    /// spec:
    ///   selector: { app: dashboard }
    ///   ports:
    ///     - { port: 80, targetPort: proxy }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Configure Liveness, Readiness and Startup Probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/)
    /// - Fact 5.8
    FRONT_PROXY_WITHOUT_READINESS, "front-proxy-without-readiness", Advice, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let complete = subject.pods().filter(|case| case.is_complete);
    complete.flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, proxy: Member<'_>) -> Option<Finding> {
    let has_probe = |member: &Member<'_>| member.container.probe(ProbeKind::Readiness).is_some();
    let is_front = proxy.is_for(&[Category::AuthProxy, Category::Tls, Category::Ambassador, Category::Adapter]);
    if !is_front || has_probe(&proxy) {
        return None;
    }
    let app = case.apps().find(has_probe)?;
    let (service, port) = case.services().find_map(|service| {
        let Relates::Service { ports, .. } = &service.relates else { return None };
        let port = ports
            .iter()
            .find(|port| ports::owner(case, &port.target).is_some_and(|owner| owner.number == proxy.number))?;
        Some((service, port))
    })?;
    let name = proxy.name();
    let message = format!("{} sends traffic to {name} when only {} is known to be ready", service.title(), app.name());
    let help = format!("Give {name} a readinessProbe of its own.");
    let finding = case.about(rule, proxy, proxy.here(), message, help).at_most(proxy.verdict.confidence);
    let place = Place { document: service.document, node: port.node, part: Part::Value };
    Some(finding.because(place, format!("this port is {name}'s")))
}
