//! A Job that stops its helper by hand.

use super::support::{Case, is_finite_job};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::detect::done_file::ended_by_file;
use crate::detect::ending::ends_others;
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds Jobs whose containers end a traditional sidecar themselves: `/quitquitquit`, `pkill`, a file that the sidecar
    /// waits for, and the like.
    ///
    /// ## Why it matters
    /// That was the way before native sidecars. It fails when the app crashes before it comes to that line, and the app
    /// must know its helpers. A native sidecar is stopped by Kubernetes when the last regular container has ended.
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
    ///           image: registry.example.com/report:1.7
    ///           command: ["sh", "-c", "./report; curl -X POST http://localhost:9091/quitquitquit"]
    ///         - name: cloud-sql-proxy
    ///           image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.13
    ///           args: ["--quitquitquit", "shop:europe-west1:shop"]
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
    ///           args: ["shop:europe-west1:shop"]
    ///           restartPolicy: Always
    ///       containers:
    ///         - name: report
    ///           image: registry.example.com/report:1.7
    ///           command: ["./report"]
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.29.
    ///
    /// ## References
    /// - [KEP-753: Sidecar containers](https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/753-sidecar-containers)
    /// - Fact 9.1
    /// - Fact 9.2
    HAND_ROLLED_SHUTDOWN, "hand-rolled-shutdown", Advice, [since 29], check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().filter(|case| is_finite_job(case)).filter_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Option<Finding> {
    let helpers =
        || case.helpers().filter(|helper| !helper.is_native() && helper.verdict.confidence >= Confidence::Likely);
    let by_call = || {
        let (member, word) = case.running().find_map(|member| Some((member, ends_others(member.container)?)))?;
        Some((helpers().next()?, member, word))
    };
    let by_file = || {
        helpers().find_map(|helper| {
            let ender = ended_by_file(case.workload, helper.number)?;
            let member = case.members().find(|member| member.number == ender.container)?;
            let word = member
                .container
                .words()
                .find(|word| ender.file.as_ref().is_some_and(|file| word.value.contains(file)))?;
            Some((helper, member, word))
        })
    };
    let (helper, member, word) = by_call().or_else(by_file)?;
    let name = helper.name();
    let message = format!("{} ends {name} by hand when its work is done", member.name());
    let help = format!(
        "Make {name} a native sidecar and drop this: Kubernetes then stops it when {} has ended.",
        case.title()
    );
    let finding = case.about(rule, helper, (word.node, Part::Value), message, help).at_most(Confidence::Likely);
    Some(finding.because(case.place(helper.container.node), format!("{name} is a regular container")))
}
