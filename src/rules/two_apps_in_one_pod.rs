//! Two services in one Pod.

use super::support::{Case, Member, ports};
use super::{Rule, Subject};
use crate::detect::{Confidence, Role};
use crate::finding::Finding;
use crate::model::{Object, Relates};
use crate::rule;

rule! {
    /// ## What it does
    /// Finds Pods with two apps that neither know each other nor share a volume, each with a Service of its own.
    ///
    /// ## Why it matters
    /// They are scaled, placed, rolled out and restarted together though they have nothing to do with each other: a new
    /// version of one replaces the other as well. A Pod is for what cannot live apart.
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
    ///     spec:
    ///       containers:
    ///         - name: shop
    ///           image: registry.example.com/shop:1.4
    ///           ports:
    ///             - containerPort: 8080
    ///         - name: billing
    ///           image: registry.example.com/billing:2.0
    ///           ports:
    ///             - containerPort: 9000
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: shop
    /// spec:
    ///   selector: { app: shop }
    ///   ports:
    ///     - { port: 80, targetPort: 8080 }
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: billing
    /// spec:
    ///   selector: { app: shop }
    ///   ports:
    ///     - { port: 80, targetPort: 9000 }
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
    ///     spec:
    ///       containers:
    ///         - name: shop
    ///           image: registry.example.com/shop:1.4
    ///           ports:
    ///             - containerPort: 8080
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: shop
    /// spec:
    ///   selector: { app: shop }
    ///   ports:
    ///     - { port: 80, targetPort: 8080 }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Pods](https://kubernetes.io/docs/concepts/workloads/pods/)
    TWO_APPS_IN_ONE_POD, "two-apps-in-one-pod", Advice, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().filter_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Option<Finding> {
    let served: Vec<(Member<'_>, &Object)> = case.services().filter_map(|service| served_by(case, service)).collect();
    let (first, one) = served.first()?;
    let (second, other) = served.iter().find(|(member, _)| member.number != first.number)?;
    let (a, b) = (first.name(), second.name());
    let knows = case.links.iter().any(|link| {
        (link.from, link.to) == (first.number, second.number) || (link.to, link.from) == (first.number, second.number)
    });
    let volumes =
        |member: &Member<'_>| member.container.mounts.iter().map(|mount| mount.volume.clone()).collect::<Vec<_>>();
    let theirs = volumes(second);
    if knows || volumes(first).iter().any(|volume| theirs.contains(volume)) {
        return None;
    }
    let message =
        format!("{a} and {b} share a Pod, but each has a Service of its own: {} and {}", one.title(), other.title());
    let help = format!("Give {b} a Deployment of its own, unless the two must be scaled and replaced together.");
    let finding = case.about(rule, *second, second.here(), message, help).at_most(Confidence::Guess);
    Some(finding.because(case.place(first.container.node), format!("{a} is an app, too")))
}

/// The app, known to nobody as a helper, that all ports of a Service belong to.
fn served_by<'a>(case: &Case<'a>, service: &'a Object) -> Option<(Member<'a>, &'a Object)> {
    let Relates::Service { ports, .. } = &service.relates else { return None };
    let mut owners = ports.iter().map(|port| ports::owner(case, &port.target));
    let first = owners.next()??;
    let is_app = matches!(first.verdict.role, Role::App | Role::Peer) && first.known().is_none();
    let is_only = owners.all(|owner| owner.is_some_and(|owner| owner.number == first.number));
    (is_app && is_only).then_some((first, service))
}
