//! A mesh proxy that no injector adds.

use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds Pods with `hostNetwork: true` that are to join a mesh.
    ///
    /// ## Why it matters
    /// The proxy would redirect the traffic of the whole node, so Istio, Linkerd and the others leave such Pods out.
    /// The Pod runs without proxy: no mutual TLS, no policies, no metrics, and no message.
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
    ///       hostNetwork: true
    ///       containers:
    ///         - name: shop
    ///           image: registry.example.com/shop:1.4
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
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Istio: Installing the Sidecar](https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/)
    /// - [Linkerd: Automatic Proxy Injection](https://linkerd.io/2/features/proxy-injection/)
    MESH_ON_HOST_NETWORK, "mesh-on-host-network", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let on_node = subject.pods().filter(|case| case.workload.pod.host_network);
    let found = on_node.filter_map(|case| {
        let mut meshes = case.injected.iter().filter(|injected| injected.category == Category::MeshProxy);
        // A namespace is set for all of its Pods; who asks for the mesh on the Pod itself wants it.
        let mesh = meshes.find(|injected| !injected.reason.contains("namespace"))?;
        let name = mesh.injector.name;
        let message = format!("{} stays outside of {name}: it uses the network of its node", case.title());
        let help = format!("Remove hostNetwork, or the {} if the Pod needs the node's network.", mesh.reason);
        Some(case.finding(rule, (case.workload.pod.node, Part::Key), message, help).at_most(Confidence::Likely))
    });
    found.collect()
}
