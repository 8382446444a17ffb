//! A Job whose helper runs for ever beside its regular containers.

use super::support::endless::once;
use super::support::{Member, is_finite_job};
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::done_file::ended_by_file;
use crate::detect::ending::speaks_of_ending;
use crate::detect::{Confidence, Role};
use crate::finding::Finding;
use crate::rule;

rule! {
    /// ## What it does
    /// Finds Jobs and CronJobs with a traditional sidecar that does not end by itself.
    ///
    /// ## Why it matters
    /// A Job counts its Pods by their phase, and a Pod stays Running as long as one regular container does. With an
    /// endless helper among them the work is done, but the Job stays active until somebody deletes it or
    /// `activeDeadlineSeconds` ends it as failed. A CronJob with `concurrencyPolicy: Forbid` then never fires again. A
    /// native sidecar is stopped when the last regular container has ended.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: report
    /// spec:
    ///   template:
    ///     spec:
    ///       restartPolicy: Never
    ///       containers:
    ///         - name: report
    ///           image: registry.example.com/shop/report:1.7
    ///         - name: cloud-sql-proxy
    ///           image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.13
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: report
    /// spec:
    ///   template:
    ///     spec:
    ///       restartPolicy: Never
    ///       initContainers:
    ///         - name: cloud-sql-proxy
    ///           image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.13
    ///           restartPolicy: Always
    ///       containers:
    ///         - name: report
    ///           image: registry.example.com/shop/report:1.7
    /// ```
    ///
    /// ## Since
    /// All versions. The native form of the fix needs Kubernetes 1.29.
    ///
    /// ## References
    /// - [KEP-753: Sidecar containers](https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/753-sidecar-containers)
    /// - Fact 9.1
    /// - Fact 9.2
    JOB_NEVER_COMPLETES, "job-never-completes", Error, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let jobs = subject.pods().filter(|case| is_finite_job(case));
    let endless = jobs.filter(|case| !case.members().any(|member| speaks_of_ending(member.container)));
    let found = endless.flat_map(|case| {
        let ends = |helper: &Member<'_>| ended_by_file(case.workload, helper.number).is_some();
        case.helpers().filter(move |helper| is_endless(*helper) && !ends(helper)).map(move |helper| {
            let name = helper.name();
            let message =
                format!("{} never completes: its helper {name} keeps running when the work is done", case.title());
            let help = format!(
                "Make {name} a native sidecar: move it to initContainers and give it restartPolicy: Always. It is then \
                 stopped when the last regular container has ended."
            );
            let finding = case.about(rule, helper, helper.here(), message, help).at_most(helper.verdict.confidence);
            match helper.reason() {
                Some((place, text)) => finding.because(place, text),
                None => finding,
            }
        })
    });
    found.collect()
}

/// Helpers run until they are stopped, unless they say that they do their work once.
fn is_endless(container: Member<'_>) -> bool {
    let is_sure = container.verdict.confidence >= Confidence::Likely;
    let is_traditional = container.verdict.role == Role::Sidecar;
    is_traditional && is_sure && once(container).is_none() && !container.is_for(&[Category::Backup])
}
