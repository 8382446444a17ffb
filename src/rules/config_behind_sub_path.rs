//! A reloader for a file that never changes.

use super::support::Case;
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::model::VolumeKind;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds ConfigMaps and Secrets that a reloader watches while a container mounts them with `subPath`.
    ///
    /// ## Why it matters
    /// A volume from a ConfigMap or Secret follows its source, but not through `subPath`: such a mount keeps what it
    /// had when the container started. The reloader sees the change and makes the app read the old file again.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: monitor
    /// spec:
    ///   containers:
    ///     - name: prometheus
    ///       image: prom/prometheus:v3.0.0
    ///       volumeMounts:
    ///         - { name: config, mountPath: /etc/prometheus/prometheus.yml, subPath: prometheus.yml }
    ///     - name: config-reloader
    ///       image: ghcr.io/jimmidyson/configmap-reload:v0.14.0
    ///       args: ["--volume-dir=/etc/config", "--webhook-url=http://localhost:9090/-/reload"]
    ///       volumeMounts:
    ///         - { name: config, mountPath: /etc/config }
    ///   volumes:
    ///     - name: config
    ///       configMap: { name: monitor }
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: monitor
    /// spec:
    ///   containers:
    ///     - name: prometheus
    ///       image: prom/prometheus:v3.0.0
    ///       volumeMounts:
    ///         - { name: config, mountPath: /etc/prometheus }
    ///     - name: config-reloader
    ///       image: ghcr.io/jimmidyson/configmap-reload:v0.14.0
    ///       args: ["--volume-dir=/etc/config", "--webhook-url=http://localhost:9090/-/reload"]
    ///       volumeMounts:
    ///         - { name: config, mountPath: /etc/config }
    ///   volumes:
    ///     - name: config
    ///       configMap: { name: monitor }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: ConfigMaps](https://kubernetes.io/docs/concepts/configuration/configmap/)
    /// - [Kubernetes: Volumes](https://kubernetes.io/docs/concepts/storage/volumes/)
    CONFIG_BEHIND_SUB_PATH, "config-behind-sub-path", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Vec<Finding> {
    let Some(reloader) = case.helpers().find(|helper| helper.is_for(&[Category::ConfigReload])) else {
        return Vec::new();
    };
    let is_watched = |volume: &str| {
        let kind = case.workload.pod.volume(volume).map(|volume| volume.kind);
        let is_source = matches!(kind, Some(VolumeKind::ConfigMap | VolumeKind::Secret));
        is_source && reloader.container.mounts.iter().any(|mount| mount.volume == volume)
    };
    let found = case.running().filter_map(|member| {
        let mut mounts = member.container.mounts.iter();
        let mount = mounts.find(|mount| mount.sub_path.is_some() && is_watched(&mount.volume))?;
        let (name, volume) = (member.name(), &mount.volume);
        let message = format!("{name} never sees a change of {volume}: it is mounted with subPath");
        let help = format!("Mount the whole of {volume} as a directory in {name}, and point {name} at the file in it.");
        let finding = case.about(rule, member, (mount.node, Part::Value), message, help).at_most(Confidence::Likely);
        Some(finding.because(case.place(reloader.container.node), format!("{} watches {volume}", reloader.name())))
    });
    found.collect()
}
