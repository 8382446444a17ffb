//! An endless helper in `initContainers` that does not say that it is one.

use super::support::endless::endless;
use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::rule;

rule! {
    /// ## What it does
    /// Finds init containers that run until they are stopped but have no `restartPolicy: Always`.
    ///
    /// ## Why it matters
    /// A plain init container must end before the next one starts. One that never ends keeps the Pod at `Init:0/1` for
    /// ever and the app never starts. What is missing is usually the one line that makes it a native sidecar.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   initContainers:
    ///     - name: cloud-sql-proxy
    ///       image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.13
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
    ///     - name: cloud-sql-proxy
    ///       image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.13
    ///       restartPolicy: Always
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
    /// - [Kubernetes: Sidecar Containers](https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/)
    /// - Fact 1.1
    /// - Fact 2.2
    INIT_NEVER_ENDS, "init-never-ends", Error, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let complete = subject.pods().filter(|case| case.is_complete);
    complete.flat_map(|case| case.inits().filter_map(move |init| find(rule, case, init))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, init: Member<'_>) -> Option<Finding> {
    if init.container.restart_policy.is_some() {
        return None;
    }
    let endless = endless(init)?;
    let name = init.name();
    let message = format!("{} never starts: its init container {name} does not end", case.title());
    let help = format!(
        "Give {name} restartPolicy: Always, which makes it a native sidecar, or let it end when its work is done."
    );
    let finding = case.about(rule, init, init.here(), message, help).at_most(endless.confidence);
    Some(finding.because(case.place(endless.node), format!("{name}: {}", endless.reason)))
}
