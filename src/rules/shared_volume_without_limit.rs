//! Logs that can fill the disk of the node.

use super::support::{Case, Member, shell};
use super::{Rule, Subject};
use crate::category::Category;
use crate::finding::Finding;
use crate::model::{Mount, Volume, VolumeKind};
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds `emptyDir` volumes without `sizeLimit` that an app fills with logs for a log shipper.
    ///
    /// ## Why it matters
    /// A log shipper does not delete what it has shipped. Without a limit the files grow until the node runs out of
    /// disk and evicts Pods, possibly others. With one only this Pod is evicted, and the limit shows in its events.
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
    ///       volumeMounts:
    ///         - { name: logs, mountPath: /var/log/shop }
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///       volumeMounts:
    ///         - { name: logs, mountPath: /logs, readOnly: true }
    ///   volumes:
    ///     - name: logs
    ///       emptyDir: {}
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
    SHARED_VOLUME_WITHOUT_LIMIT, "shared-volume-without-limit", Advice, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let found = subject.pods().filter(|case| case.is_complete).flat_map(|case| {
        let empty = case.workload.pod.volumes.iter().filter(|volume| volume.kind == VolumeKind::EmptyDir);
        empty.filter_map(move |volume| find(rule, case, volume))
    });
    found.collect()
}

fn find(rule: &Rule, case: &Case<'_>, volume: &Volume) -> Option<Finding> {
    if case.at(volume.node, &["emptyDir", "sizeLimit"]).is_some() {
        return None;
    }
    let shipper =
        case.helpers().find(|helper| helper.is_for(&[Category::LogShipper]) && mount(*helper, volume).is_some())?;
    let app = case.apps().find(|app| mount(*app, volume).is_some_and(|mount| !mount.read_only))?;
    if !holds_logs(shipper, volume) && !holds_logs(app, volume) {
        return None;
    }
    let name = &volume.name;
    let message = format!("{} can fill the disk of its node with volume {name}", app.name());
    let help = format!("Give {name} a sizeLimit, and let {} rotate its files.", app.name());
    let finding = case.finding(rule, (volume.node, Part::Value), message, help).at_most(shipper.verdict.confidence);
    Some(finding.because(case.place(shipper.container.node), format!("{} ships what is in it", shipper.name())))
}

fn mount<'a>(member: Member<'a>, volume: &Volume) -> Option<&'a Mount> {
    member.container.mounts.iter().find(|mount| mount.volume == volume.name)
}

/// Whether a name, a path or the command line says that there are logs in a volume, not programs or settings.
fn holds_logs(member: Member<'_>, volume: &Volume) -> bool {
    let says = |text: &str| text.to_ascii_lowercase().contains("log");
    mount(member, volume).is_some_and(|mount| {
        let below = format!("{}/", mount.path.trim_end_matches('/'));
        let is_file = |word: &str| [".log", ".txt", ".out", "*"].iter().any(|end| word.ends_with(end));
        let line = shell::line(member.container);
        let mut words = line.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '>'));
        says(&volume.name) || says(&mount.path) || words.any(|word| word.starts_with(&below) && is_file(word))
    })
}
