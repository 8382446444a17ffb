//! A helper that nobody maintains any more.

use super::support::{Case, Member, images};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::finding::Fix;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds sidecars and init containers from images or registries that their makers have given up.
    ///
    /// ## Why it matters
    /// They get no fixes, also not for security, and some can no longer be pulled. Each has a successor that does the
    /// same.
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
    ///     - name: log-shipper
    ///       image: grafana/promtail:2.9.10
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
    ///     - name: log-shipper
    ///       image: grafana/alloy:v1.8.0
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Grafana: Promtail](https://grafana.com/docs/loki/latest/send-data/promtail/)
    /// - [Kubernetes: k8s.gcr.io Image Registry Will Be Frozen](https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/)
    /// - [kubebuilder: kube-rbac-proxy image](https://github.com/kubernetes-sigs/kubebuilder/discussions/3907)
    END_OF_LIFE_HELPER, "end-of-life-helper", Warning, check
}

/// Images by their whole last parts, what has become of them, and what to use.
const ENDED: &[(&str, &str, &str)] = &[
    ("grafana/promtail", "Promtail is no longer supported since March 2026", "grafana/alloy"),
    ("grafana/agent", "Grafana Agent is no longer supported since November 2025", "grafana/alloy"),
    ("jaegertracing/jaeger-agent", "Jaeger 2 has no agent any more", "an OpenTelemetry collector"),
    (
        "cloudsql-docker/gce-proxy",
        "this is version 1 of the Cloud SQL proxy",
        "gcr.io/cloud-sql-connectors/cloud-sql-proxy",
    ),
    ("gcr.io/kubebuilder/kube-rbac-proxy", "this registry no longer has the image", "quay.io/brancz/kube-rbac-proxy"),
    ("pusher/oauth2_proxy", "the project has moved", "quay.io/oauth2-proxy/oauth2-proxy"),
    ("bitly/oauth2_proxy", "the project has moved", "quay.io/oauth2-proxy/oauth2-proxy"),
    ("aws-appmesh-envoy", "AWS ends App Mesh in September 2026", "another mesh"),
    ("openservicemesh/init", "Open Service Mesh is archived", "another mesh"),
];

/// Registries that get no new images, with what took their place.
const FROZEN: &[(&str, &str)] = &[("k8s.gcr.io", "registry.k8s.io"), ("gcr.io/google_containers", "registry.k8s.io")];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let found = subject.cases.iter().flat_map(|case| {
        let helpers = case.members().filter(|member| member.verdict.role.is_sidecar() || member.is_plain_init());
        helpers.filter_map(move |member| find(rule, case, member))
    });
    found.collect()
}

fn find(rule: &Rule, case: &Case<'_>, member: Member<'_>) -> Option<Finding> {
    let image = member.container.image.as_ref().filter(|image| images::is_real(&image.value))?;
    let name = member.name();
    let at = (image.node, Part::Value);
    if let Some((_, what, instead)) = ENDED.iter().find(|(pattern, ..)| images::is(&image.value, pattern)) {
        let message = format!("{name} uses {}: {what}", image.value.short());
        return Some(case.about(
            rule,
            member,
            at,
            message,
            format!("Use {instead} instead, in a version that you have tested."),
        ));
    }
    let full = format!("{}/{}", image.value.registry.as_deref().unwrap_or_default(), image.value.repository);
    let (registry, instead) =
        FROZEN.iter().find(|(registry, _)| full.strip_prefix(registry).is_some_and(|rest| rest.starts_with('/')))?;
    let message = format!("{name} comes from {registry}, which gets no new images any more");
    let moved = format!("{instead}{}", image.value.text.strip_prefix(registry)?);
    let fix = Fix::to_review(format!("Take it from {instead}"), case.with_value(image.node, moved));
    let help = format!("Take the image from {instead}, in a version of today.");
    Some(case.about(rule, member, at, message, help).mended_by(fix))
}
