//! A `hostPort` that does nothing on the node's own network.

use super::support::Member;
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::finding::Fix;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds native sidecars with a `hostPort` other than their `containerPort`, in a Pod with `hostNetwork: true`.
    ///
    /// ## Why it matters
    /// On the network of the node there is nothing to map: the container listens where it listens. For a regular
    /// container the API server refuses the difference, for a native sidecar it says nothing.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: edge
    /// spec:
    ///   hostNetwork: true
    ///   initContainers:
    ///     - name: proxy
    ///       image: envoyproxy/envoy:v1.32.0
    ///       restartPolicy: Always
    ///       ports:
    ///         - containerPort: 9000
    ///           hostPort: 9001
    ///   containers:
    ///     - name: edge
    ///       image: registry.example.com/edge:1.4
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: edge
    /// spec:
    ///   hostNetwork: true
    ///   initContainers:
    ///     - name: proxy
    ///       image: envoyproxy/envoy:v1.32.0
    ///       restartPolicy: Always
    ///       ports:
    ///         - containerPort: 9001
    ///   containers:
    ///     - name: edge
    ///       image: registry.example.com/edge:1.4
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.29.
    ///
    /// ## References
    /// - Fact 7.14
    /// - Fact 7.33
    HOST_PORT_IGNORED, "host-port-ignored", Warning, [since 29], check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let on_node = subject.pods().filter(|case| case.workload.pod.host_network);
    let found = on_node.flat_map(|case| {
        let natives = case.helpers().filter(Member::is_native);
        natives.flat_map(move |native| {
            let ports = native.container.ports.iter();
            ports.filter_map(move |port| {
                let wanted = port.host_port.filter(|wanted| *wanted != port.port)?;
                let name = native.name();
                let message =
                    format!("hostPort {wanted} of {name} has no effect: with hostNetwork it listens on {}", port.port);
                let help = format!("Remove hostPort, or let {name} itself listen on {wanted}.");
                let fix = Fix::safe(format!("Remove hostPort {wanted}"), case.without(port.node, "hostPort"));
                Some(case.about(rule, native, (port.node, Part::Value), message, help).mended_by(fix))
            })
        })
    });
    found.collect()
}
