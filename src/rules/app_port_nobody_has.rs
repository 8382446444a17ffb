//! An injected helper that is told to call a port nobody has.

use super::support::{Case, named, ports};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::model::lookup;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds the annotation `dapr.io/app-port` with a port that no container of the Pod declares.
    ///
    /// ## Why it matters
    /// The injected helper waits for this port and hands requests to it. When the app listens elsewhere, the helper
    /// never becomes ready and nothing arrives.
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
    ///       labels: { app: shop }
    ///       annotations: { dapr.io/enabled: "true", dapr.io/app-id: shop, dapr.io/app-port: "3000" }
    ///     spec:
    ///       containers:
    ///         - name: shop
    ///           image: registry.example.com/shop:1.4
    ///           ports:
    ///             - containerPort: 8080
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
    ///       labels: { app: shop }
    ///       annotations: { dapr.io/enabled: "true", dapr.io/app-id: shop, dapr.io/app-port: "8080" }
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
    /// - [Dapr: Arguments and Annotations](https://docs.dapr.io/reference/arguments-annotations-overview/)
    APP_PORT_NOBODY_HAS, "app-port-nobody-has", Warning, check
}

const KEY: &str = "dapr.io/app-port";

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().filter(|case| case.is_complete).filter_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Option<Finding> {
    let wanted = lookup(&case.workload.pod.annotations, KEY).filter(|port| port.parse::<u16>().is_ok())?;
    let declared: Vec<String> =
        case.running().flat_map(|member| member.container.ports.iter().map(|port| port.port.to_string())).collect();
    // Who declares no port at all may listen on any.
    if declared.is_empty() || case.running().any(|member| ports::says(member.container, wanted)) {
        return None;
    }
    let node = case.metadata_node("annotations", KEY)?;
    let message = format!("daprd calls port {wanted} of {}, which no container has", case.title());
    let help = format!("Write the port of the app: {}.", named(declared.iter().map(String::as_str)));
    Some(case.finding(rule, (node, Part::Value), message, help).at_most(Confidence::Likely))
}
