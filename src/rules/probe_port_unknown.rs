//! A probe that asks a port by a name that its own container does not have.

use super::support::{Case, Member, ports};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds probes and hooks whose port is a name that is no port of the same container.
    ///
    /// ## Why it matters
    /// The name is looked for in the container that has the probe, not in the whole Pod. When it is not found the probe
    /// fails for ever: the Pod never becomes ready, or is restarted over and over. To ask another container, write the
    /// number.
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
    ///       readinessProbe:
    ///         httpGet: { path: /ready, port: admin }
    ///     - name: envoy
    ///       image: envoyproxy/envoy:v1.32.0
    ///       ports:
    ///         - { name: admin, containerPort: 9901 }
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
    ///       readinessProbe:
    ///         httpGet: { path: /ready, port: 9901 }
    ///     - name: envoy
    ///       image: envoyproxy/envoy:v1.32.0
    ///       ports:
    ///         - { name: admin, containerPort: 9901 }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Configure Liveness, Readiness and Startup Probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/)
    /// - Fact 10.2
    PROBE_PORT_UNKNOWN, "probe-port-unknown", Error, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let complete = subject.pods().filter(|case| case.is_complete);
    complete.flat_map(|case| case.members().flat_map(move |member| find(rule, case, member))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, member: Member<'_>) -> Vec<Finding> {
    let container = member.container;
    let probes = container.probes.iter().map(|probe| (probe.kind.key(), probe.handler.as_ref(), probe.node));
    let start = container.lifecycle.post_start.iter().map(|hook| ("postStart", hook.value.as_ref(), hook.node));
    let stop = container.lifecycle.pre_stop.iter().map(|hook| ("preStop", hook.value.as_ref(), hook.node));
    let asking = probes.chain(start).chain(stop);
    let found = asking.filter_map(|(what, handler, node)| {
        let port = ports::asked(handler?)?;
        let is_name = port.bytes().any(|byte| byte.is_ascii_alphabetic()) && !port.contains(['{', '$']);
        let is_own = container.ports.iter().any(|own| own.name.as_deref() == Some(port));
        if !is_name || is_own {
            return None;
        }
        let name = member.name();
        let message = format!("The {what} of {name} asks port {port}, which {name} does not have");
        let other = ports::owner(case, port);
        let help = match other.and_then(|other| {
            Some((other, other.container.ports.iter().find(|own| own.name.as_deref() == Some(port))?))
        }) {
            Some((other, own)) => {
                format!("Write {} to ask {}: names count only within {name}.", own.port, other.name())
            }
            None => format!("Add a port with the name {port} to {name}, or write a number."),
        };
        let finding = case.about(rule, member, (node, Part::Key), message, help);
        Some(match other {
            Some(other) => {
                finding.because(case.place(other.container.node), format!("{} has port {port}", other.name()))
            }
            None => finding,
        })
    });
    found.collect()
}
