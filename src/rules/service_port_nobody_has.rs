//! A Service that sends traffic to a port name that no container has.

use super::support::{Case, case, named, ports};
use super::{Rule, Subject};
use crate::Analysis;
use crate::finding::Finding;
use crate::model::{Container, Object, Relates, ServicePort};
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
    let model = &subject.analysis.model;
    // Services in the order of the text, with the Pods that they select.
    let mut selected: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, workload) in model.workloads.iter().enumerate() {
        for service in case::services(workload, model) {
            selected.entry(service).or_default().push(number);
        }
    }
    let pairs = selected.iter().filter_map(|(index, pods)| Some((model.objects.get(*index)?, pods.as_slice())));
    pairs.flat_map(|(service, pods)| find(rule, subject.analysis, service, pods)).collect()
}

fn find(rule: &Rule, analysis: &Analysis, service: &Object, pods: &[usize]) -> Vec<Finding> {
    let Relates::Service { ports: wanted, .. } = &service.relates else { return Vec::new() };
    let workloads = || pods.iter().filter_map(|number| analysis.model.workloads.get(*number));
    let is_missing = |port: &&ServicePort| {
        let has = |own: &Container| own.ports.iter().any(|own| own.name.as_ref() == Some(&port.target));
        ports::is_name(&port.target) && !workloads().any(|workload| workload.pod.containers.iter().any(has))
    };
    let missing: Vec<&ServicePort> = wanted.iter().filter(is_missing).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let selected: Vec<Case<'_>> =
        pods.iter().flat_map(|number| case::cases(analysis, *number..number + 1)).filter(Case::is_pod).collect();
    let Some(first) = selected.first() else { return Vec::new() };
    // What is added to a Pod later can bring ports of its own.
    if selected.iter().any(|case| !case.is_complete || !case.injected.is_empty()) {
        return Vec::new();
    }
    let found = missing.into_iter().map(|port| {
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
