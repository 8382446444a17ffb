//! A helper in a Pod of its own that exchanges data with its app through a shared claim.

use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::{Confidence, Direction, Role};
use crate::finding::{Finding, Related};
use crate::model::{Dialect, Volume, VolumeKind, Workload};
use crate::rule;
use crate::source::Part;
use std::collections::BTreeMap;

rule! {
    /// ## What it does
    /// Finds an app and its helper in separate Pods that exchange data through one PersistentVolumeClaim.
    ///
    /// ## Why it matters
    /// A log shipper or another helper that lives and dies with its app belongs into the app's Pod. Apart, the two are
    /// scheduled, started, scaled and stopped independently: the helper may be down while the app writes, every replica
    /// of the app writes into the same claim, and the claim needs storage that several nodes can mount at once. In one
    /// Pod they share an `emptyDir` on the node's own disk.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels: { app: backend }
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: registry.example.com/shop/web:1.4
    ///       volumeMounts:
    ///         - { name: logs, mountPath: /var/log/web }
    ///   volumes:
    ///     - name: logs
    ///       persistentVolumeClaim: { claimName: shared-logs }
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: log-shipper
    /// spec:
    ///   containers:
    ///     - name: fluentd
    ///       image: fluent/fluentd:v1.17
    ///       volumeMounts:
    ///         - { name: logs, mountPath: /var/log/web, readOnly: true }
    ///   volumes:
    ///     - name: logs
    ///       persistentVolumeClaim: { claimName: shared-logs }
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels: { app: backend }
    /// spec:
    ///   initContainers:
    ///     - name: fluentd
    ///       image: fluent/fluentd:v1.17
    ///       restartPolicy: Always
    ///       volumeMounts:
    ///         - { name: logs, mountPath: /var/log/web, readOnly: true }
    ///   containers:
    ///     - name: web
    ///       image: registry.example.com/shop/web:1.4
    ///       volumeMounts:
    ///         - { name: logs, mountPath: /var/log/web }
    ///   volumes:
    ///     - name: logs
    ///       emptyDir: { sizeLimit: 500Mi }
    /// ```
    ///
    /// ## Since
    /// All versions. The native form of the fix needs Kubernetes 1.29.
    ///
    /// ## References
    /// - [kubepattern-registry: k8s-sidecar](https://github.com/GabrieleGroppo/kubepattern-registry)
    /// - [Kubernetes: Sidecar Containers](https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/)
    SPLIT_SIDECAR, "split-sidecar", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let model = &subject.analysis.model;
    let workloads = &model.workloads;
    let mut by_claim: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, workload) in workloads.iter().enumerate() {
        for claim in claims(workload) {
            by_claim.entry(claim.name).or_default().push(index);
        }
    }
    let mut findings = Vec::new();
    for (helper_index, helper) in workloads.iter().enumerate() {
        if claims(helper).next().is_none() {
            continue;
        }
        let Some(help) = helping(subject, helper_index) else { continue };
        let partner = claims(helper).find_map(|claim| {
            let of_claim = by_claim.get(claim.name).into_iter().flatten();
            let mut partners = of_claim.filter_map(|index| {
                let other = workloads.get(*index)?;
                let is_partner = *index != helper_index
                    && other.object != helper.object
                    && other.namespace == helper.namespace
                    && model.origin(other) != model.origin(helper)
                    && helping(subject, *index).is_none();
                let own = claims(other).find(|own| own.name == claim.name)?;
                is_partner.then_some((*index, own))
            });
            partners.next().map(|(index, own)| (index, own, claim))
        });
        let Some((app_index, app_claim, helper_claim)) = partner else { continue };
        let Some(app) = workloads.get(app_index) else { continue };
        let claim = helper_claim.name;
        findings.push(Finding {
            rule: rule.id,
            severity: rule.severity,
            confidence: help.confidence,
            place: helper.place(help.node, Part::Value),
            message: format!(
                "{} helps {} from a Pod of its own: they exchange data through claim {claim}",
                helper.title(),
                app.title()
            ),
            help: format!(
                "Move container {} into the Pod of {} and replace claim {claim} by an emptyDir, if nothing else needs \
                 the data.",
                help.name,
                app.title()
            ),
            evidence: vec![
                Related { place: helper.place(help.node, Part::Value), text: help.reason },
                Related {
                    place: helper.place(helper_claim.node, Part::Value),
                    text: format!("{} mounts claim {claim}", helper.title()),
                },
                Related {
                    place: app.place(app_claim.node, Part::Value),
                    text: format!("{} mounts claim {claim}", app.title()),
                },
            ],
            workloads: vec![helper_index, app_index],
            container: Some(help.container),
            fix: None,
            hidden: None,
        });
    }
    findings
}

/// Why a workload looks like a helper that was put into a Pod of its own.
struct Help {
    container: usize,
    node: crate::source::NodeId,
    name: String,
    reason: String,
    confidence: Confidence,
}

/// A single container that does what helpers do with the data of others. DaemonSets are agents of their node, not of an
/// app, and Jobs take turns with apps on a claim for good reasons.
fn helping(subject: Subject<'_>, index: usize) -> Option<Help> {
    let workload = subject.analysis.model.workloads.get(index)?;
    let is_service = matches!(
        workload.kind.as_deref(),
        Some("Pod" | "Deployment" | "StatefulSet" | "ReplicaSet" | "ReplicationController")
    );
    if workload.dialect != Dialect::Kubernetes || !is_service {
        return None;
    }
    let verdicts = subject.analysis.verdicts.get(index)?;
    let mut apps = verdicts.iter().enumerate().filter(|(_, verdict)| matches!(verdict.role, Role::App | Role::Peer));
    let (container, verdict) = apps.next()?;
    if apps.next().is_some() {
        return None;
    }
    let helps: Vec<_> = verdict
        .evidence
        .iter()
        .filter(|evidence| evidence.points > 0)
        .filter(|evidence| evidence.category.is_some_and(|(category, _)| works_on_files(category)))
        .collect();
    let points: i16 = helps.iter().map(|evidence| evidence.points).sum();
    let strongest = helps.first()?;
    if points < 4 {
        return None;
    }
    let entry = workload.pod.containers.get(container)?;
    let own_direction = crate::detect::uses(workload, verdicts)
        .iter()
        .filter(|used| used.container == container)
        .filter(|used| {
            entry.mounts.get(used.mount).is_some_and(|mount| claims(workload).any(|claim| claim.volume == mount.volume))
        })
        .map(|used| used.direction)
        .next();
    let confidence =
        if points >= 7 && own_direction == Some(Direction::Reads) { Confidence::Certain } else { Confidence::Likely };
    Some(Help {
        container,
        node: entry.node,
        name: entry.display_name().to_owned(),
        reason: format!("{}: {}", entry.display_name(), strongest.text),
        confidence,
    })
}

/// Helpers that live from the files of their app.
fn works_on_files(category: Category) -> bool {
    matches!(
        category,
        Category::LogShipper | Category::Metrics | Category::DataSync | Category::ConfigReload | Category::SecretsAgent
    )
}

struct Claim<'w> {
    /// The claim's own name.
    name: &'w str,
    /// The name of the volume in the Pod.
    volume: &'w str,
    node: crate::source::NodeId,
}

fn claims(workload: &Workload) -> impl Iterator<Item = Claim<'_>> {
    let is_claim = |volume: &&Volume| volume.kind == VolumeKind::PersistentVolumeClaim;
    workload.pod.volumes.iter().filter(is_claim).filter_map(|volume| {
        Some(Claim { name: &volume.reference.as_ref()?.value, volume: &volume.name, node: volume.node })
    })
}
