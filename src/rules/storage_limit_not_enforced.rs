//! A storage limit that nobody enforces.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds native sidecars with an `ephemeral-storage` limit.
    ///
    /// ## Why it matters
    /// The kubelet checks this limit for each regular container, and for the Pod as a whole, but not for a native
    /// sidecar. It only raises the sum; a sidecar that fills the disk is noticed when the whole Pod is over it.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   initContainers:
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///       restartPolicy: Always
    ///       resources:
    ///         limits: { ephemeral-storage: 100Mi }
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   initContainers:
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///       restartPolicy: Always
    ///       resources:
    ///         limits: { memory: 100Mi }
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.29.
    ///
    /// ## References
    /// - [Kubernetes: Resource Management for Pods and Containers](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/)
    /// - Fact 6.14
    STORAGE_LIMIT_NOT_ENFORCED, "storage-limit-not-enforced", Advice, [since 29], check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, native: Member<'_>) -> Option<Finding> {
    let mut limits = native.container.resources.limits.iter().filter(|_| native.is_native());
    let (_, limit) = limits.find(|(name, _)| name == "ephemeral-storage")?;
    let name = native.name();
    let message = format!("The ephemeral-storage limit of {name} is not enforced: it is a native sidecar");
    let help = format!("Give the volumes that {name} writes a sizeLimit, and count on the sum over the Pod only.");
    Some(case.about(rule, native, (limit.node, Part::Key), message, help))
}
