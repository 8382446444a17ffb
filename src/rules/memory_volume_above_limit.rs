//! A volume in memory that is larger than its writer may be.

use super::support::Case;
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::model::{Volume, VolumeKind};
use crate::quantity::Quantity;
use crate::rule;
use crate::source::{Part, Value};

rule! {
    /// ## What it does
    /// Finds `emptyDir` volumes with `medium: Memory` whose `sizeLimit` is not below the memory limit of a container
    /// that writes to them.
    ///
    /// ## Why it matters
    /// What a container writes to such a volume counts as its own memory. It is killed for want of memory long before
    /// the volume is full, and the data it wrote still counts when it has restarted.
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
    ///         - { name: scratch, mountPath: /scratch, readOnly: true }
    ///     - name: renderer
    ///       image: registry.example.com/renderer:1.0
    ///       resources:
    ///         limits: { memory: 128Mi }
    ///       volumeMounts:
    ///         - { name: scratch, mountPath: /scratch }
    ///   volumes:
    ///     - name: scratch
    ///       emptyDir: { medium: Memory, sizeLimit: 256Mi }
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
    ///         - { name: scratch, mountPath: /scratch, readOnly: true }
    ///     - name: renderer
    ///       image: registry.example.com/renderer:1.0
    ///       resources:
    ///         limits: { memory: 128Mi }
    ///       volumeMounts:
    ///         - { name: scratch, mountPath: /scratch }
    ///   volumes:
    ///     - name: scratch
    ///       emptyDir: { medium: Memory, sizeLimit: 64Mi }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Volumes](https://kubernetes.io/docs/concepts/storage/volumes/)
    /// - [Kubernetes: Resource Management for Pods and Containers](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/)
    MEMORY_VOLUME_ABOVE_LIMIT, "memory-volume-above-limit", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject
        .pods()
        .flat_map(|case| {
            let empty = case.workload.pod.volumes.iter().filter(|volume| volume.kind == VolumeKind::EmptyDir);
            empty.filter_map(move |volume| find(rule, case, volume))
        })
        .collect()
}

fn find(rule: &Rule, case: &Case<'_>, volume: &Volume) -> Option<Finding> {
    let source = case.at(volume.node, &["emptyDir"])?;
    if source.get("medium").and_then(Value::text) != Some("Memory") {
        return None;
    }
    let size = Quantity::parse(source.get("sizeLimit")?.text()?)?;
    let (writer, limit) = case.running().find_map(|member| {
        let writes = member.container.mounts.iter().any(|mount| mount.volume == volume.name && !mount.read_only);
        let limits = &member.container.resources.limits;
        let (_, limit) = limits.iter().find(|(name, _)| name == "memory").filter(|_| writes)?;
        (Quantity::parse(&limit.value)? <= size).then_some((member, limit))
    })?;
    let (name, own) = (&volume.name, writer.name());
    let message =
        format!("{own} is killed before volume {name} is full: {size} in memory, but {} for {own}", limit.value);
    let help = format!("Raise the memory limit of {own} above {size} plus its own need, or lower sizeLimit.");
    let finding = case.finding(rule, (volume.node, Part::Value), message, help);
    Some(finding.because(case.place(limit.node), format!("{own} may have {}", limit.value)))
}
