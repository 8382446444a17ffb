//! A Pod with more helpers than anybody can keep an eye on.

use super::support::{Case, Member, named};
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds Pods with four or more sidecars for different purposes beside one app.
    ///
    /// ## Why it matters
    /// Every replica pays for all of them, and the Pod is ready only when all are. Much of what helpers do can be done
    /// once per node or per cluster: a DaemonSet for logs and figures, a gateway for authentication.
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
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///     - name: statsd-exporter
    ///       image: prom/statsd-exporter:v0.28.0
    ///     - name: otel-collector
    ///       image: otel/opentelemetry-collector:0.115.0
    ///     - name: redis
    ///       image: memcached:1.6
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
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///     - name: statsd-exporter
    ///       image: prom/statsd-exporter:v0.28.0
    ///     - name: otel-collector
    ///       image: otel/opentelemetry-collector:0.115.0
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Sidecar Containers](https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/)
    /// - Fact 5.8
    /// - Fact 6.1
    MANY_HELPERS, "many-helpers", Advice, check
}

/// From this many on it is said.
const MANY: usize = 4;

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().filter_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Option<Finding> {
    // The parts of storage drivers and of other products come together by design.
    let helpers: Vec<Member<'_>> = case
        .helpers()
        .filter(|helper| !helper.is_for(&[Category::Other]) && helper.verdict.confidence >= Confidence::Likely)
        .collect();
    let mut apps = case.apps();
    let app = apps.next().filter(|_| apps.next().is_none())?;
    if helpers.len() < MANY {
        return None;
    }
    let (count, name) = (helpers.len(), app.name());
    let names = named(helpers.iter().map(|helper| helper.name()));
    let message = format!("{name} has {count} helpers in every Pod: {names}");
    let help = format!("See which of them can run once per node or per cluster instead of once per replica of {name}.");
    let finding = case.finding(rule, (case.workload.pod.node, Part::Key), message, help).at_most(Confidence::Likely);
    Some(helpers.iter().fold(finding, |finding, helper| {
        let label = helper.verdict.category.map_or("helper", Category::label);
        finding.because(case.place(helper.container.node), format!("{}: {label}", helper.name()))
    }))
}
