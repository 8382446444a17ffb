//! A native sidecar and another container that want the same port of the node.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::model::Port;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds a `hostPort` that a native sidecar shares with another container of the Pod, for different ports of their
    /// own.
    ///
    /// ## Why it matters
    /// Two regular containers with the same `hostPort` are refused. Between a native sidecar and the rest nobody
    /// checks: the Pod is accepted, and only one of the two can be reached, or the Pod fits on no node.
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
    ///       ports:
    ///         - containerPort: 10000
    ///           hostPort: 8080
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       ports:
    ///         - containerPort: 8081
    ///           hostPort: 8080
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
    ///       ports:
    ///         - containerPort: 10000
    ///           hostPort: 8080
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       ports:
    ///         - containerPort: 8081
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.29. The scheduler counts host ports of native sidecars since 1.33.
    ///
    /// ## References
    /// - Fact 7.12
    /// - Fact 7.32
    HOST_PORT_CLASH, "host-port-clash", Error, [since 29], check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Vec<Finding> {
    let address = |port: &Port| case.at(port.node, &["hostIP"]).and_then(|value| value.text().map(str::to_owned));
    let natives = case.helpers().filter(Member::is_native);
    let found = natives.flat_map(|native| {
        native.container.ports.iter().filter(|port| port.host_port.is_some()).filter_map(move |port| {
            let others = case.running().filter(|other| other.number > native.number);
            let (other, theirs) = others
                .flat_map(|other| other.container.ports.iter().map(move |theirs| (other, theirs)))
                .find(|(_, theirs)| {
                    theirs.host_port == port.host_port
                        && theirs.protocol == port.protocol
                        // The same port in both is a clash inside the Pod already.
                        && theirs.port != port.port
                        && address(theirs) == address(port)
                })?;
            let number = port.host_port?;
            let message = format!("{} and {} both want port {number} of the node", native.name(), other.name());
            let help = format!("Give only one of them hostPort {number}.");
            let finding = case.about(rule, native, (port.node, Part::Value), message, help);
            Some(finding.because(case.place(theirs.node), format!("{} wants it too", other.name())))
        })
    });
    found.collect()
}
