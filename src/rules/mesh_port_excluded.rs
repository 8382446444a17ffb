//! A Service whose traffic goes around the mesh.

use super::support::{Case, ports};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::model::{Relates, lookup};
use crate::rule;
use crate::source::{Part, Place};

rule! {
    /// ## What it does
    /// Finds Services that send to a port which the Pod takes out of its mesh.
    ///
    /// ## Why it matters
    /// What comes in on an excluded port does not pass the proxy: no mutual TLS, no authorisation, no figures. That is
    /// meant for ports that are scraped or probed, not for those that a Service serves.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    ///   labels: { app: shop, sidecar.istio.io/inject: "true" }
    ///   annotations: { traffic.sidecar.istio.io/excludeInboundPorts: "8080,9090" }
    /// spec:
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       ports:
    ///         - { name: http, containerPort: 8080 }
    ///         - { name: metrics, containerPort: 9090 }
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: shop
    /// spec:
    ///   selector: { app: shop }
    ///   ports:
    ///     - { name: http, port: 80, targetPort: http }
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    ///   labels: { app: shop, sidecar.istio.io/inject: "true" }
    ///   annotations: { traffic.sidecar.istio.io/excludeInboundPorts: "9090" }
    /// spec:
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       ports:
    ///         - { name: http, containerPort: 8080 }
    ///         - { name: metrics, containerPort: 9090 }
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: shop
    /// spec:
    ///   selector: { app: shop }
    ///   ports:
    ///     - { name: http, port: 80, targetPort: http }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Istio: Resource Annotations](https://istio.io/latest/docs/reference/config/annotations/)
    /// - [Linkerd: Proxy Configuration](https://linkerd.io/2/reference/proxy-configuration/)
    MESH_PORT_EXCLUDED, "mesh-port-excluded", Advice, check
}

/// Annotations that take ports out, as lists or ranges, and whose they are.
const KEYS: &[(&str, &str, &str)] = &[
    ("traffic.sidecar.istio.io/excludeInboundPorts", "istio", "Istio"),
    ("config.linkerd.io/skip-inbound-ports", "linkerd", "Linkerd"),
];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| KEYS.iter().filter_map(move |key| find(rule, case, key))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, (key, id, mesh): &(&str, &str, &str)) -> Option<Finding> {
    let value = lookup(&case.workload.pod.annotations, key).filter(|_| case.mesh(id).is_some())?;
    let is_out = |number: i64| {
        value.split(',').any(|part| {
            let (from, to) = part.trim().split_once('-').unwrap_or((part.trim(), part.trim()));
            from.parse().is_ok_and(|from: i64| from <= number) && to.parse().is_ok_and(|to: i64| number <= to)
        })
    };
    let (service, port, number) = case.services().find_map(|service| {
        let Relates::Service { ports, .. } = &service.relates else { return None };
        ports.iter().find_map(|port| {
            // Figures are what ports are taken out for.
            let own = ports::owner(case, &port.target)?
                .container
                .ports
                .iter()
                .find(|own| own.name.as_deref() == Some(&port.target) || own.port.to_string() == port.target)?;
            let is_figures = own
                .name
                .as_deref()
                .is_some_and(|name| ["metric", "prom", "health"].iter().any(|word| name.contains(word)));
            (is_out(own.port) && !is_figures).then_some((service, port, own.port))
        })
    })?;
    let node = case.metadata_node("annotations", key)?;
    let message = format!("{} sends to port {number}, which {} takes out of {mesh}", service.title(), case.title());
    let help = format!("Take {number} out of this annotation, unless its traffic is to bypass {mesh}.");
    let finding = case.finding(rule, (node, Part::Value), message, help).at_most(Confidence::Likely);
    let place = Place { document: service.document, node: port.node, part: Part::Value };
    Some(finding.because(place, format!("{} serves it", service.title())))
}
