//! An app on a port that the mesh proxy needs.

use super::support::{Case, Member, ports};
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds containers in a mesh that declare a port of its proxy.
    ///
    /// ## Why it matters
    /// Proxy and app share one network. When both want 15001 or 4143 one of them cannot start, and the error is seen
    /// only in the log of the loser.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: shop
    /// spec:
    ///   selector:
    ///     matchLabels: { app: shop }
    ///   template:
    ///     metadata:
    ///       labels: { app: shop, sidecar.istio.io/inject: "true" }
    ///     spec:
    ///       containers:
    ///         - name: shop
    ///           image: registry.example.com/shop:1.4
    ///           ports:
    ///             - containerPort: 15021
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: shop
    /// spec:
    ///   selector:
    ///     matchLabels: { app: shop }
    ///   template:
    ///     metadata:
    ///       labels: { app: shop, sidecar.istio.io/inject: "true" }
    ///     spec:
    ///       containers:
    ///         - name: shop
    ///           image: registry.example.com/shop:1.4
    ///           ports:
    ///             - containerPort: 8080
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Istio: Application Requirements](https://istio.io/latest/docs/ops/deployment/application-requirements/)
    /// - [Linkerd: Proxy Configuration](https://linkerd.io/2/reference/proxy-configuration/)
    /// - Fact 10.4
    MESH_PORT_TAKEN, "mesh-port-taken", Error, check
}

/// Meshes and the ports on which their proxies listen.
const PORTS: &[(&str, &str, &[i64])] = &[
    ("istio", "Istio", &[15000, 15001, 15004, 15006, 15008, 15020, 15021, 15053, 15090]),
    ("linkerd", "Linkerd", &[4140, 4143, 4190, 4191]),
];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| PORTS.iter().flat_map(move |mesh| find(rule, case, mesh))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, (id, mesh, reserved): &(&str, &str, &[i64])) -> Vec<Finding> {
    let Some(why) = case.mesh(id) else { return Vec::new() };
    let is_proxy = |member: &Member<'_>| member.is_for(&[Category::MeshProxy]);
    // When the proxy itself declares it, the two clash in plain sight.
    let is_declared =
        |number: i64| case.running().filter(is_proxy).any(|proxy| ports::says(proxy.container, &number.to_string()));
    let found = case.running().filter(|member| !is_proxy(member)).filter_map(|member| {
        let port =
            member.container.ports.iter().find(|port| reserved.contains(&port.port) && !is_declared(port.port))?;
        let name = member.name();
        let message = format!("{name} wants port {}, on which the proxy of {mesh} listens", port.port);
        let help = format!("Let {name} listen on another port.");
        let finding = case.about(rule, member, (port.node, Part::Value), message, help).at_most(Confidence::Likely);
        Some(finding.because(case.place(case.workload.pod.node), format!("{} is in {mesh}: {why}", case.title())))
    });
    found.collect()
}
