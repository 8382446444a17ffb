//! A Service that sends traffic to a port name that no container has.

use super::support::{Case, named, ports};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::model::{Object, Relates};
use crate::rule;
use crate::source::{Part, Place};
use std::collections::BTreeMap;

rule! {
    /// ## What it does
    /// Finds Services whose `targetPort` is a name that no container of the Pods they select gives to a port.
    ///
    /// ## Why it matters
    /// Nothing is refused: the Service just has no endpoint for this port, and every call to it fails. It happens when
    /// a sidecar that had the port is renamed, removed or injected elsewhere.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    ///   labels: { app: shop }
    /// spec:
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       ports:
    ///         - { name: http, containerPort: 8080 }
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
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       ports:
    ///         - { name: http, containerPort: 8080 }
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: shop
    /// spec:
    ///   selector: { app: shop }
    ///   ports:
    ///     - { port: 80, targetPort: http }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Service](https://kubernetes.io/docs/concepts/services-networking/service/)
    /// - Fact 10.3
    SERVICE_PORT_NOBODY_HAS, "service-port-nobody-has", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    // Services in the order of the text, with the Pods that they select.
    let mut selected: BTreeMap<usize, Vec<&Case<'_>>> = BTreeMap::new();
    for case in subject.pods() {
        for index in case.service_indices() {
            selected.entry(*index).or_default().push(case);
        }
    }
    let objects = &subject.analysis.model.objects;
    let pairs = selected.iter().filter_map(|(index, cases)| Some((objects.get(*index)?, cases)));
    pairs.flat_map(|(service, cases)| find(rule, service, cases)).collect()
}

fn find(rule: &Rule, service: &Object, selected: &[&Case<'_>]) -> Vec<Finding> {
    let Relates::Service { ports: wanted, .. } = &service.relates else { return Vec::new() };
    let Some(first) = selected.first() else { return Vec::new() };
    // What is added to a Pod later can bring ports of its own.
    if selected.iter().any(|case| !case.is_complete || !case.injected.is_empty()) {
        return Vec::new();
    }
    let missing = wanted.iter().filter(|port| {
        let is_name = ports::is_name(&port.target);
        let has = |case: &&Case<'_>| {
            case.members()
                .any(|member| member.container.ports.iter().any(|own| own.name.as_ref() == Some(&port.target)))
        };
        is_name && !selected.iter().any(has)
    });
    let found = missing.map(|port| {
        let names =
            first.members().flat_map(|member| member.container.ports.iter().filter_map(|own| own.name.as_deref()));
        let known: Vec<&str> = names.collect();
        let message = format!("{} has no port {} for {}", first.title(), port.target, service.title());
        let help = if known.is_empty() {
            format!("Name a port of a container {}, or write its number as targetPort.", port.target)
        } else {
            format!("Its ports are {}. Write one of them as targetPort, or a number.", named(known))
        };
        let finding = first.finding(rule, (port.node, Part::Value), message, help);
        Finding { place: Place { document: service.document, node: port.node, part: Part::Value }, ..finding }
    });
    found.collect()
}
