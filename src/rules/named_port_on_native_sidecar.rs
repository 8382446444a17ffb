//! A Service that reaches a native sidecar by the name of a port, on a release that cannot.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::model::{ContainerField, Object, Relates, ServicePort};
use crate::rule;
use crate::source::{Part, Place};

rule! {
    /// ## What it does
    /// Finds Services whose `targetPort` is the name of a port that only a native sidecar has.
    ///
    /// ## Why it matters
    /// Up to 1.32 the name is looked for in regular containers only. The Service then has no endpoint for it, without
    /// any message. This is what happens first when a proxy is moved to `initContainers`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    ///   labels: { app: shop }
    /// spec:
    ///   initContainers:
    ///     - name: proxy
    ///       image: envoyproxy/envoy:v1.32.0
    ///       restartPolicy: Always
    ///       ports:
    ///         - { name: web, containerPort: 10000 }
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: shop
    /// spec:
    ///   selector: { app: shop }
    ///   ports:
    ///     - { port: 80, targetPort: web }
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    ///   labels: { app: shop }
    /// spec:
    ///   initContainers:
    ///     - name: proxy
    ///       image: envoyproxy/envoy:v1.32.0
    ///       restartPolicy: Always
    ///       ports:
    ///         - { name: web, containerPort: 10000 }
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: shop
    /// spec:
    ///   selector: { app: shop }
    ///   ports:
    ///     - { port: 80, targetPort: 10000 }
    /// ```
    ///
    /// ## Since
    /// Up to Kubernetes 1.32; 1.33 finds it.
    ///
    /// ## References
    /// - [Kubernetes: Service](https://kubernetes.io/docs/concepts/services-networking/service/)
    /// - Fact 8.2
    /// - Fact 10.3
    NAMED_PORT_ON_NATIVE_SIDECAR, "named-port-on-native-sidecar", Error, [until 32], check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let found = subject.pods().flat_map(|case| {
        case.services().flat_map(move |service| {
            let Relates::Service { ports, .. } = &service.relates else { return Vec::new() };
            ports.iter().filter_map(|port| find(rule, subject, case, service, port)).collect()
        })
    });
    found.collect()
}

fn find(rule: &Rule, subject: Subject<'_>, case: &Case<'_>, service: &Object, port: &ServicePort) -> Option<Finding> {
    let release = subject.options.release;
    let name = port.target.as_str();
    let has = |member: &Member<'_>| member.container.ports.iter().any(|own| own.name.as_deref() == Some(name));
    if case.members().any(|member| member.container.field == ContainerField::Containers && has(&member)) {
        return None;
    }
    let native = case.helpers().find(|helper| helper.is_native() && has(helper))?;
    let message = format!(
        "Kubernetes {release} does not find port {name} for {}: {} is a native sidecar",
        service.title(),
        native.name()
    );
    let help = format!("Write the number of port {name} as targetPort.");
    let finding = case.about(rule, native, native.here(), message, help);
    let place = Place { document: service.document, node: port.node, part: Part::Value };
    let because = finding.because(case.place(native.container.node), format!("only {} has port {name}", native.name()));
    Some(Finding { place, ..because })
}
