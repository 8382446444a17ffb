//! Two mesh proxies in one Pod.

use super::support::Case;
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Confidence;
use crate::finding::{Finding, Related};
use crate::model::Container;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds Pods in which the same mesh proxy stands twice, such as once as a native sidecar and once as a regular
    /// container.
    ///
    /// ## Why it matters
    /// Both want the same ports of the one network namespace, so one of them never becomes ready; with the same name the
    /// API server refuses the Pod. It happens when a hand-written overlay for the traditional form meets an injector that
    /// adds the native one.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: hello
    /// spec:
    ///   initContainers:
    ///     - name: istio-proxy
    ///       image: istio/proxyv2:1.27.0
    ///       restartPolicy: Always
    ///   containers:
    ///     - name: hello
    ///       image: registry.example.com/hello:1.0
    ///     - name: istio-proxy-extra
    ///       image: istio/proxyv2:1.27.0
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: hello
    /// spec:
    ///   initContainers:
    ///     - name: istio-proxy
    ///       image: istio/proxyv2:1.27.0
    ///       restartPolicy: Always
    ///   containers:
    ///     - name: hello
    ///       image: registry.example.com/hello:1.0
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Istio: Installing the Sidecar](https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/)
    /// - Fact 7.4
    /// - Fact 10.4
    DUPLICATE_PROXY, "duplicate-proxy", Error, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.cases.iter().filter_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Option<Finding> {
    let workload = case.workload;
    let proxies = case.helpers().filter(|helper| helper.is_for(&[Category::MeshProxy]));
    let proxies: Vec<(usize, &Container)> = proxies.map(|helper| (helper.number, helper.container)).collect();
    let [(_, first), (number, second), ..] = proxies.as_slice() else { return None };
    Some(Finding {
        rule: rule.id,
        severity: rule.severity,
        confidence: Confidence::Certain,
        place: workload.place(second.node, Part::Value),
        message: format!(
            "{} has two mesh proxies: {} in {} and {} in {}",
            workload.title(),
            first.display_name(),
            first.field.key(),
            second.display_name(),
            second.field.key()
        ),
        help: "Remove one of them. If an injector adds the other one, move your settings to its annotations."
            .to_owned(),
        evidence: vec![Related {
            place: workload.place(first.node, Part::Value),
            text: format!("{} is the first one", first.display_name()),
        }],
        workloads: vec![case.index],
        container: Some(*number),
        fix: None,
        hidden: None,
    })
}
