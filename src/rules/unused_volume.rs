//! A volume that no container mounts.

use super::{Rule, Subject};
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds entries of `volumes` that no container of the Pod mounts.
    ///
    /// ## Why it matters
    /// It is still set up: the Pod does not start while the ConfigMap, Secret or claim behind it is missing. Often it
    /// is what is left of a removed sidecar, or a mount has another name than its author thought.
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
    ///   volumes:
    ///     - name: settings
    ///       configMap: { name: shop }
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
    ///         - { name: settings, mountPath: /etc/shop }
    ///   volumes:
    ///     - name: settings
    ///       configMap: { name: shop }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Volumes](https://kubernetes.io/docs/concepts/storage/volumes/)
    UNUSED_VOLUME, "unused-volume", Advice, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let complete = subject.pods().filter(|case| case.is_complete && case.injected.is_empty());
    complete
        .flat_map(|case| {
            let unused =
                case.workload.pod.volumes.iter().filter(|volume| case.workload.pod.users_of(&volume.name).is_empty());
            unused.map(move |volume| {
                let name = &volume.name;
                let message = format!("No container of {} mounts volume {name}", case.title());
                let help = format!("Remove {name}, or mount it in the container that needs it.");
                case.finding(rule, (volume.node, Part::Value), message, help)
            })
        })
        .collect()
}
