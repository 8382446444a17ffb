//! A volume that is read but never written.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Direction;
use crate::finding::Finding;
use crate::model::{Mount, Volume, VolumeKind};
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds `emptyDir` volumes that containers only read.
    ///
    /// ## Why it matters
    /// An `emptyDir` starts empty. When nobody writes to it a log shipper ships nothing and a web server serves
    /// nothing, and no error says so. Mostly the app lacks the mount, or has it under another volume.
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
    ///       volumeMounts:
    ///         - { name: logs, mountPath: /logs, readOnly: true }
    ///   volumes:
    ///     - name: logs
    ///       emptyDir: { sizeLimit: 500Mi }
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
    ///       volumeMounts:
    ///         - { name: logs, mountPath: /var/log/shop }
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///       volumeMounts:
    ///         - { name: logs, mountPath: /logs, readOnly: true }
    ///   volumes:
    ///     - name: logs
    ///       emptyDir: { sizeLimit: 500Mi }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Volumes](https://kubernetes.io/docs/concepts/storage/volumes/)
    /// - [Kubernetes: Logging Architecture](https://kubernetes.io/docs/concepts/cluster-administration/logging/)
    VOLUME_NOBODY_WRITES, "volume-nobody-writes", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let complete = subject.pods().filter(|case| case.is_complete && case.injected.is_empty());
    complete
        .flat_map(|case| {
            let empty = case.workload.pod.volumes.iter().filter(|volume| volume.kind == VolumeKind::EmptyDir);
            empty.filter_map(move |volume| find(rule, case, volume))
        })
        .collect()
}

fn find(rule: &Rule, case: &Case<'_>, volume: &Volume) -> Option<Finding> {
    let uses: Vec<(Member<'_>, &Mount, Direction)> = case
        .uses
        .iter()
        .filter_map(|used| {
            let member = case.member(used.container)?;
            let mount = member.container.mounts.get(used.mount).filter(|mount| mount.volume == volume.name)?;
            Some((member, mount, used.direction))
        })
        .collect();
    let only_reads = uses.iter().find(|(_, mount, _)| mount.read_only);
    let (reader, mount, _) =
        only_reads.or_else(|| uses.first().filter(|_| uses.len() == 1 && is_mixed_up(case, &uses)))?;
    if uses.iter().any(|(_, mount, direction)| !mount.read_only && *direction != Direction::Reads) {
        return None;
    }
    let name = &volume.name;
    let message = format!("{} reads volume {name}, which nobody writes: it stays empty", reader.name());
    let others: Vec<&str> = case.apps().filter(|app| app.number != reader.number).map(|app| app.name()).collect();
    let help = match others.first() {
        Some(app) => format!("Mount {name} in {app} as well, where it writes what {} is to read.", reader.name()),
        None => format!("Mount {name} without readOnly in the container that fills it, or remove it."),
    };
    let finding = case.about(rule, *reader, (mount.node, Part::Value), message, help);
    Some(finding.because(case.place(volume.node), format!("{name} is an emptyDir")))
}

/// Whether the only one that uses a volume is a log shipper that looks where the app writes to another volume.
fn is_mixed_up(case: &Case<'_>, uses: &[(Member<'_>, &Mount, Direction)]) -> bool {
    let Some((shipper, mount, Direction::Reads)) = uses.first() else { return false };
    let others = case.apps().flat_map(|app| app.container.mounts.iter());
    let mut same_path =
        others.filter(|other| other.volume != mount.volume && other.path == mount.path && !other.read_only);
    shipper.is_for(&[Category::LogShipper]) && same_path.next().is_some()
}
