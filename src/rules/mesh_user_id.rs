//! A container that runs as the mesh proxy's user and so escapes the mesh.

use super::support::Case;
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::rule;
use crate::source::{Part, Value};

rule! {
    /// ## What it does
    /// Finds containers in a mesh that run with the user id of its proxy: 1337 for Istio, 2102 for Linkerd.
    ///
    /// ## Why it matters
    /// The mesh tells its proxy from the rest by this user: what runs as it is not redirected. The traffic of such a
    /// container goes out without mutual TLS, policies and metrics.
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
    ///           securityContext: { runAsUser: 1337 }
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
    ///           securityContext: { runAsUser: 10001 }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Istio: Application Requirements](https://istio.io/latest/docs/ops/deployment/application-requirements/)
    /// - [Linkerd: Proxy Configuration](https://linkerd.io/2/reference/proxy-configuration/)
    MESH_USER_ID, "mesh-user-id", Warning, check
}

/// Meshes and the users of their proxies.
const USERS: &[(&str, &str, i64)] = &[("istio", "Istio", 1337), ("linkerd", "Linkerd", 2102)];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| USERS.iter().flat_map(move |mesh| find(rule, case, mesh))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, (id, mesh, user): &(&str, &str, i64)) -> Vec<Finding> {
    let Some(why) = case.mesh(id) else { return Vec::new() };
    let pod = case.at(case.workload.pod.node, &["securityContext", "runAsUser"]);
    let found = case.running().filter(|member| !member.is_for(&[Category::MeshProxy])).filter_map(|member| {
        let security = &member.container.security;
        let node = match security.run_as_user {
            Some(own) if own == *user => security.node?,
            None if pod.and_then(Value::int) == Some(*user) => pod?.id(),
            _ => return None,
        };
        let name = member.name();
        let message = format!("The traffic of {name} bypasses {mesh}: {name} runs as user {user}, like the proxy");
        let help = format!("Run {name} as another user than the proxy of {mesh}.");
        let finding = case.about(rule, member, (node, Part::Value), message, help).at_most(Confidence::Likely);
        Some(finding.because(case.place(case.workload.pod.node), format!("{} is in {mesh}: {why}", case.title())))
    });
    found.collect()
}
