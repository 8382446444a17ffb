//! A native sidecar that makes the start of its Pod more expensive.

use super::support::{Case, Member, amounts};
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::resources::Counting;
use crate::rule;

rule! {
    /// ## What it does
    /// Finds native sidecars in front of init containers that do not need them, where the other order would lower the
    /// request of the Pod.
    ///
    /// ## Why it matters
    /// The request of a Pod is the most that it needs at any time. A sidecar that already runs while an init container
    /// works adds to that peak. Behind it, it counts only beside the app.
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
    ///         requests: { cpu: 200m }
    ///     - name: build-index
    ///       image: registry.example.com/index:1.0
    ///       resources:
    ///         requests: { cpu: "1" }
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       resources:
    ///         requests: { cpu: 500m }
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
    ///     - name: build-index
    ///       image: registry.example.com/index:1.0
    ///       resources:
    ///         requests: { cpu: "1" }
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///       restartPolicy: Always
    ///       resources:
    ///         requests: { cpu: 200m }
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       resources:
    ///         requests: { cpu: 500m }
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.29.
    ///
    /// ## References
    /// - [Kubernetes: Resource Management for Pods and Containers](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/)
    /// - Fact 6.1
    /// - Fact 6.4
    /// - Fact 11.2
    SIDECAR_BEFORE_BIG_INIT, "sidecar-before-big-init", Advice, [since 29], check
}

/// Helpers that init containers may need, too.
const EARLY: &[Category] = &[
    Category::MeshProxy,
    Category::DbProxy,
    Category::SecretsAgent,
    Category::Ambassador,
    Category::AuthProxy,
    Category::Tls,
];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, native: Member<'_>) -> Option<Finding> {
    if !native.is_native() || native.is_for(EARLY) {
        return None;
    }
    let later: Vec<Member<'_>> = case.inits().filter(|init| init.number > native.number).collect();
    let last = later.last()?;
    let mounts =
        |member: &Member<'_>| member.container.mounts.iter().map(|mount| mount.volume.clone()).collect::<Vec<_>>();
    let own = mounts(&native);
    let is_needed =
        case.links.iter().any(|link| link.to == native.number && later.iter().any(|init| init.number == link.from))
            || later.iter().any(|init| mounts(init).iter().any(|volume| own.contains(volume)));
    if is_needed {
        return None;
    }
    let now = amounts::of_pod(case);
    let mut moved = now.clone();
    let at = moved.claims.iter().position(|claim| claim.name == native.name())?;
    let to = moved.claims.iter().position(|claim| claim.name == last.name()).filter(|to| *to > at)?;
    moved.claims.get_mut(at..=to)?.rotate_left(1);
    let (now, then) = (now.requests(Counting::default()), moved.requests(Counting::default()));
    let (resource, before, after) = ["cpu", "memory"].into_iter().find_map(|resource| {
        let (before, after) = (now.get(resource)?, then.get(resource)?);
        (after < before).then_some((resource, before, after))
    })?;
    let name = native.name();
    let message = format!(
        "{name} in front of {} raises the {resource} request of {} from {after} to {before}",
        last.name(),
        case.title()
    );
    let help = format!("Move {name} behind {}, unless an init container needs it.", last.name());
    let finding = case.about(rule, native, native.here(), message, help).at_most(Confidence::Likely);
    Some(finding.because(case.place(last.container.node), format!("{} runs while {name} already does", last.name())))
}
