//! Two containers of a Pod that want the same port.

use super::support::{Case, Member, ports};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::finding::Severity;
use crate::model::{Container, Port};
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds containers that run at the same time and declare the same port and protocol.
    ///
    /// ## Why it matters
    /// All containers of a Pod share one network: whoever comes second cannot listen and crashes. The API server only
    /// warns, and says nothing about native sidecars that clash with the app through `hostPort` or `hostNetwork`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       ports:
    ///         - containerPort: 8080
    ///     - name: admin
    ///       image: registry.example.com/shop-admin:1.4
    ///       ports:
    ///         - containerPort: 8080
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       ports:
    ///         - containerPort: 8080
    ///         - containerPort: 5353
    ///           protocol: TCP
    ///     - name: admin
    ///       image: registry.example.com/shop-admin:1.4
    ///       ports:
    ///         - containerPort: 8081
    ///         - containerPort: 5353
    ///           protocol: UDP
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Sidecar Containers](https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/)
    /// - Fact 7.32
    /// - Fact 10.4
    PORT_CLASH, "port-clash", Error, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let members: Vec<Member<'_>> = case.running().collect();
    for (position, second) in members.iter().enumerate() {
        for port in &second.container.ports {
            let is_same = |other: &&Port| other.port == port.port && other.protocol == port.protocol;
            let earlier = members.iter().take(position);
            let Some((first, other)) =
                earlier.filter_map(|first| Some((first, first.container.ports.iter().find(is_same)?))).next()
            else {
                continue;
            };
            let message = format!(
                "{} and {} both want port {}/{}, but share one network",
                first.name(),
                second.name(),
                port.port,
                port.protocol
            );
            let help = format!("Let {} listen on another port, and change who calls it.", second.name());
            // Of two blocks of a template perhaps only one is used.
            let is_template = case.document().is_some_and(|document| document.is_template);
            let may_be_idle =
                is_template || is_secondary(first.container, port) || is_secondary(second.container, port);
            let severity = if may_be_idle { Severity::Warning } else { rule.severity };
            let finding =
                case.about(rule, *second, (port.node, Part::Value), message, help).at_most(Confidence::Likely);
            let finding = finding.because(case.place(other.node), format!("{} has it first", first.name()));
            found.push(finding.as_bad_as(severity));
        }
    }
    found
}

/// Whether a container has the port among others and does not probe it: some list there what their neighbours listen on,
/// for `ports` is only documentation.
fn is_secondary(container: &Container, port: &Port) -> bool {
    let own = container.ports.iter().find(|own| own.port == port.port);
    let asked = container.probes.iter().filter_map(|probe| probe.handler.as_ref().and_then(ports::asked));
    let is_it =
        |asked: &str| asked == port.port.to_string() || own.is_some_and(|own| own.name.as_deref() == Some(asked));
    container.ports.len() > 1 && !asked.into_iter().any(is_it)
}
