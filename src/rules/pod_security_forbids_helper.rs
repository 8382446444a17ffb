//! A container that the namespace does not let in.

use super::support::Case;
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::model::lookup;
use crate::rule;
use crate::source::{Part, Place};

rule! {
    /// ## What it does
    /// Finds containers that are privileged or add capabilities which the Pod security level of their namespace
    /// forbids.
    ///
    /// ## Why it matters
    /// The level `baseline` or `restricted` of a namespace is checked when a Pod is created. The Deployment is
    /// accepted, its Pods are not: they are missing, and the reason stands only in the events of the ReplicaSet.
    /// Sidecars that set up networks are the usual cause.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels: { pod-security.kubernetes.io/enforce: baseline }
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: shop
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: { app: shop }
    ///   template:
    ///     metadata:
    ///       labels: { app: shop }
    ///     spec:
    ///       containers:
    ///         - name: shop
    ///           image: registry.example.com/shop:1.4
    ///         - name: vpn
    ///           image: tailscale/tailscale:v1.78.1
    ///           securityContext: { capabilities: { add: [NET_ADMIN] } }
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels: { pod-security.kubernetes.io/enforce: privileged }
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: shop
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: { app: shop }
    ///   template:
    ///     metadata:
    ///       labels: { app: shop }
    ///     spec:
    ///       containers:
    ///         - name: shop
    ///           image: registry.example.com/shop:1.4
    ///         - name: vpn
    ///           image: tailscale/tailscale:v1.78.1
    ///           securityContext: { capabilities: { add: [NET_ADMIN] } }
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.25, where the check is always there.
    ///
    /// ## References
    /// - [Kubernetes: Pod Security Admission](https://kubernetes.io/docs/concepts/security/pod-security-admission/)
    /// - [Kubernetes: Pod Security Standards](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
    POD_SECURITY_FORBIDS_HELPER, "pod-security-forbids-helper", Error, check
}

const LEVEL: &str = "pod-security.kubernetes.io/enforce";

/// Capabilities that the level `baseline` allows.
const BASELINE: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Vec<Finding> {
    let own = case.workload.namespace.as_deref().unwrap_or("default");
    let Some(namespace) = case.analysis.model.namespaces(own).next() else { return Vec::new() };
    let allowed = match lookup(&namespace.labels, LEVEL) {
        Some("baseline") => BASELINE,
        Some("restricted") => &["NET_BIND_SERVICE"],
        _ => return Vec::new(),
    };
    let level = lookup(&namespace.labels, LEVEL).unwrap_or_default();
    let found = case.members().filter_map(|member| {
        let security = &member.container.security;
        let forbidden = security.added_capabilities.iter().find(|name| !allowed.contains(&name.as_str()));
        let what = match forbidden {
            _ if security.privileged => "is privileged".to_owned(),
            Some(capability) => format!("adds {capability}"),
            None => return None,
        };
        let name = member.name();
        let message = format!("Namespace {own} refuses the Pods of {}: {name} {what}", case.title());
        let help = format!(
            "Let {name} do without it, or run {} in a namespace with another level than {level}.",
            case.title()
        );
        // Some users and runtime classes may be exempt.
        let finding =
            case.about(rule, member, (security.node?, Part::Value), message, help).at_most(Confidence::Likely);
        let place = Place { document: namespace.document, node: namespace.node, part: Part::Value };
        Some(finding.because(place, format!("{own} enforces {level}")))
    });
    found.collect()
}
