//! A helper that costs its app the class Guaranteed.

use super::support::{Case, Member, amounts, named};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::finding::Severity;
use crate::model::ContainerField;
use crate::release::Cluster;
use crate::resources::{PodResources, QosClass};
use crate::rule;

rule! {
    /// ## What it does
    /// Finds Pods whose apps have limits equal to their requests for CPU and memory, while a sidecar or init container
    /// has not.
    ///
    /// ## Why it matters
    /// A Pod is Guaranteed only when every container is, init containers and sidecars included. One without limits
    /// makes it Burstable: it loses exclusive CPUs, and is evicted and killed for memory before others.
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
    ///       resources:
    ///         requests: { cpu: 500m, memory: 512Mi }
    ///         limits: { cpu: 500m, memory: 512Mi }
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///       resources:
    ///         requests: { cpu: 50m, memory: 64Mi }
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
    ///       resources:
    ///         requests: { cpu: 500m, memory: 512Mi }
    ///         limits: { cpu: 500m, memory: 512Mi }
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///       resources:
    ///         requests: { cpu: 50m, memory: 64Mi }
    ///         limits: { cpu: 50m, memory: 64Mi }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Pod Quality of Service Classes](https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/)
    /// - Fact 6.10
    HELPER_LOWERS_QOS, "helper-lowers-qos", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().filter(|case| case.is_complete).filter_map(|case| find(rule, subject, case)).collect()
}

fn find(rule: &Rule, subject: Subject<'_>, case: &Case<'_>) -> Option<Finding> {
    // Without these no app is Guaranteed, and most apps are without.
    let is_limited = |app: Member<'_>| {
        let limits = &app.container.resources.limits;
        ["cpu", "memory"].iter().all(|name| limits.iter().any(|(own, _)| own == name))
    };
    if !case.apps().all(is_limited) {
        return None;
    }
    let pod = amounts::of_pod(case);
    let cluster = Cluster::new(subject.options.release);
    if pod.has_pod_level() || pod.qos(&cluster) == QosClass::Guaranteed {
        return None;
    }
    let is_guaranteed = |number: usize| {
        let claims = pod.claims.get(number).cloned().into_iter().collect();
        PodResources { claims, ..PodResources::default() }.qos(&cluster) == QosClass::Guaranteed
    };
    let mut apps = case.apps().peekable();
    apps.peek()?;
    if !apps.all(|app| is_guaranteed(app.number)) {
        return None;
    }
    let culprits: Vec<Member<'_>> = case
        .members()
        .filter(|member| member.container.field != ContainerField::EphemeralContainers && !is_guaranteed(member.number))
        .collect();
    let first = culprits.first()?;
    // That the start of the Pod has no limits troubles fewer people than that a sidecar has none.
    let severity = if culprits.iter().all(Member::is_plain_init) { Severity::Advice } else { rule.severity };
    let names = named(culprits.iter().map(|member| member.name()));
    let message = format!("{} is Burstable, not Guaranteed, because of {names}", case.title());
    let help = format!("Give {names} CPU and memory limits that are equal to the requests.");
    Some(case.about(rule, *first, first.here(), message, help).as_bad_as(severity).at_most(Confidence::Likely))
}
