//! An init container that calls a container which starts after all init containers.

use super::support::{Case, Member, ports};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds init containers that call a port of a regular container of the same Pod.
    ///
    /// ## Why it matters
    /// Regular containers start when the last init container has ended. An init container that waits for one of them,
    /// such as a database proxy in the traditional form, waits for ever.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   initContainers:
    ///     - name: migrate
    ///       image: registry.example.com/shop-migrate:1.4
    ///       args: ["--database=postgres://127.0.0.1:5432/shop"]
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///     - name: cloud-sql-proxy
    ///       image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.13
    ///       args: ["--port=5432", "shop:europe-west1:shop"]
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
    ///     - name: cloud-sql-proxy
    ///       image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.13
    ///       args: ["--port=5432", "--health-check", "shop:europe-west1:shop"]
    ///       restartPolicy: Always
    ///       startupProbe:
    ///         httpGet: { path: /startup, port: 9090 }
    ///         periodSeconds: 1
    ///         failureThreshold: 60
    ///     - name: migrate
    ///       image: registry.example.com/shop-migrate:1.4
    ///       args: ["--database=postgres://127.0.0.1:5432/shop"]
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    /// ```
    ///
    /// ## Since
    /// All versions. The native form of the fix needs Kubernetes 1.29.
    ///
    /// ## References
    /// - [Kubernetes: Init Containers](https://kubernetes.io/docs/concepts/workloads/pods/init-containers/)
    /// - Fact 2.2
    /// - Fact 2.6
    INIT_NEEDS_REGULAR_CONTAINER, "init-needs-regular-container", Error, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.inits().filter_map(move |init| find(rule, case, init))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, init: Member<'_>) -> Option<Finding> {
    let (port, node, other) = ports::wanted(init.container).into_iter().find_map(|(port, node)| {
        // Somebody before it may be the one it calls.
        let earlier = case.members().take(init.number).any(|earlier| ports::listens(earlier, port));
        let mut regular = case.running().filter(|member| member.container.field.is_regular() && !earlier);
        let other = regular.find(|other| ports::listens(*other, port) && !is_same_product(init, *other))?;
        Some((port, node, other))
    })?;
    let name = other.name();
    let message = format!("{} calls localhost:{port} of {name}, which starts only after it has ended", init.name());
    let help = if other.verdict.role.is_sidecar() {
        format!("Make {name} a native sidecar in front of {}, with a startupProbe.", init.name())
    } else {
        format!("Do this in {name} itself or in a container beside it, after it has started.")
    };
    let finding = case.about(rule, init, (node, Part::Value), message, help).at_most(Confidence::Likely);
    Some(finding.because(case.place(other.container.node), format!("{name} is a regular container")))
}

/// An init container with the app's own image may well start the same server for itself.
fn is_same_product(init: Member<'_>, other: Member<'_>) -> bool {
    let repository = |member: Member<'_>| member.container.image.as_ref().map(|image| image.value.repository.clone());
    repository(init).is_some_and(|own| Some(own) == repository(other))
}
