//! A Service that goes around the auth proxy.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Confidence;
use crate::detect::links::Purpose;
use crate::finding::Finding;
use crate::model::Relates;
use crate::rule;
use crate::source::{Part, Place};

rule! {
    /// ## What it does
    /// Finds Services that send traffic straight to the port in front of which an auth or TLS proxy of the same Pod
    /// stands.
    ///
    /// ## Why it matters
    /// The proxy checks only what passes through it. Who calls the Service on this port reaches the app without any
    /// check.
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
    ///       ports:
    ///         - { name: http, containerPort: 8080 }
    ///     - name: oauth2-proxy
    ///       image: quay.io/oauth2-proxy/oauth2-proxy:v7.7.0
    ///       args: ["--upstream=http://127.0.0.1:8080", "--http-address=0.0.0.0:4180"]
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
    ///     - { port: 80, targetPort: http }
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
    ///       ports:
    ///         - { name: http, containerPort: 8080 }
    ///     - name: oauth2-proxy
    ///       image: quay.io/oauth2-proxy/oauth2-proxy:v7.7.0
    ///       args: ["--upstream=http://127.0.0.1:8080", "--http-address=0.0.0.0:4180"]
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
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Service](https://kubernetes.io/docs/concepts/services-networking/service/)
    /// - Fact 10.4
    SERVICE_BYPASSES_PROXY, "service-bypasses-proxy", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.helpers().flat_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, proxy: Member<'_>) -> Vec<Finding> {
    if !proxy.is_for(&[Category::AuthProxy, Category::Tls]) {
        return Vec::new();
    }
    let guarded = case.links.iter().filter(|link| link.from == proxy.number && link.purpose == Purpose::Proxies);
    let mut found = Vec::new();
    for link in guarded {
        let Some(app) = case.member(link.to) else { continue };
        let Some(number) = link.over.strip_prefix("localhost:") else { continue };
        let own = app.container.ports.iter().find(|port| port.port.to_string() == number);
        let is_it = |target: &str| {
            target == number || own.and_then(|port| port.name.as_deref()).is_some_and(|name| name == target)
        };
        for service in case.services() {
            let Relates::Service { ports, .. } = &service.relates else { continue };
            let Some(port) = ports.iter().find(|port| is_it(&port.target)) else { continue };
            let message = format!("{} reaches {} without passing {}", service.title(), app.name(), proxy.name());
            let help = format!("Send this port to {}, and let {} listen on 127.0.0.1 only.", proxy.name(), app.name());
            let finding = case.about(rule, proxy, proxy.here(), message, help).at_most(Confidence::Likely);
            let finding = finding.because(case.place(link.node), format!("{} guards port {number}", proxy.name()));
            let place = Place { document: service.document, node: port.node, part: Part::Value };
            found.push(Finding { place, ..finding });
        }
    }
    found
}
