//! A Job whose helper runs for ever beside its regular containers.

use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::{Confidence, Role, Verdict};
use crate::finding::{Finding, Related};
use crate::model::{Container, Workload};
use crate::rule;
use crate::source::Part;

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
    let analysis = subject.analysis;
    let workloads = analysis.model.workloads.iter().zip(&analysis.verdicts).enumerate();
    let jobs = workloads.filter(|(_, (workload, _))| matches!(workload.kind.as_deref(), Some("Job" | "CronJob")));
    jobs.flat_map(|(index, (workload, verdicts))| {
        let pairs = workload.pod.containers.iter().zip(verdicts).enumerate();
        let endless =
            pairs.filter(|(_, (container, verdict))| is_endless(container, verdict) && !is_ended_by_others(workload));
        endless.map(move |(number, (container, verdict))| {
            let name = container.display_name();
            let reason = verdict.evidence.iter().find(|evidence| evidence.points > 0);
            Finding {
                rule: rule.id,
                severity: rule.severity,
                confidence: verdict.confidence,
                place: workload.place(container.node, Part::Value),
                message: format!(
                    "{} never completes: its helper {name} keeps running when the work is done",
                    workload.title()
                ),
                help: format!(
                    "Make {name} a native sidecar: move it to initContainers and give it restartPolicy: Always. It is \
                     then stopped when the last regular container has ended."
                ),
                evidence: reason
                    .and_then(|reason| Some(Related { place: reason.place?, text: format!("{name}: {}", reason.text) }))
                    .into_iter()
                    .collect(),
                workloads: vec![index],
                container: Some(number),
                hidden: None,
            }
        })
    })
    .collect()
}

/// Helpers run until they are stopped, unless they say that they do their work once.
fn is_endless(container: &Container, verdict: &Verdict) -> bool {
    let once = ["--one-time", "--onetime", "--once", "--oneshot", "--exit-after"];
    let ends = container.words().any(|word| once.iter().any(|flag| word.value.starts_with(flag)));
    let is_sure = verdict.confidence >= Confidence::Likely;
    verdict.role == Role::Sidecar && is_sure && !ends && verdict.category != Some(Category::Backup)
}

/// Some Jobs stop their proxy themselves when the work is done.
fn is_ended_by_others(workload: &Workload) -> bool {
    let mut words = workload.pod.containers.iter().flat_map(Container::words);
    words.any(|word| ["quitquitquit", "/shutdown", "pkill", "killall"].iter().any(|end| word.value.contains(end)))
}
