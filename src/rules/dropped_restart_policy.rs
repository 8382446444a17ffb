//! A container `restartPolicy` that Kubernetes 1.34 throws away.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::finding::Severity;
use crate::model::ContainerField;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds a `restartPolicy` of a container that Kubernetes 1.34 drops before it looks at it: anything but `Always`
    /// on an init container, and any value on a regular one.
    ///
    /// ## Why it matters
    /// 1.34 knows the field for all containers, but has the feature switched off. So a misspelt `always` is neither
    /// refused, as up to 1.33, nor is it a sidecar: the Pod is accepted and hangs in its init phase.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   initContainers:
    ///     - name: proxy
    ///       image: registry.example.com/proxy:1.0
    ///       restartPolicy: always
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
    ///     - name: proxy
    ///       image: registry.example.com/proxy:1.0
    ///       restartPolicy: Always
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.34 only. Releases before and after it refuse or honour the value.
    ///
    /// ## References
    /// - [KEP-5307: Container restart rules](https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/5307-container-restart-policy)
    /// - Fact 1.3
    /// - Fact 7.2
    DROPPED_RESTART_POLICY, "dropped-restart-policy", Error, [since 34 until 34], check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.members().filter_map(move |member| find(rule, case, member))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, member: Member<'_>) -> Option<Finding> {
    let is_dropped = match member.container.field {
        ContainerField::InitContainers => !member.is_native(),
        field => field == ContainerField::Containers,
    };
    let policy = member.container.restart_policy.as_ref().filter(|_| is_dropped)?;
    let name = member.name();
    let is_init = member.is_plain_init();
    let effect = if is_init { "stays a plain init container that must end" } else { "is restarted as the Pod says" };
    let message = format!("Kubernetes 1.34 drops restartPolicy: {} of {name}, which {effect}", policy.value);
    let help = if is_init {
        format!("Write restartPolicy: Always with a capital A to make {name} a native sidecar, or leave it out.")
    } else {
        format!("Leave it out, or move {name} to initContainers with restartPolicy: Always, if it is a helper.")
    };
    let severity = if is_init { Severity::Error } else { Severity::Warning };
    Some(case.about(rule, member, (policy.node, Part::Key), message, help).as_bad_as(severity))
}
