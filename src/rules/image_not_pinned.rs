//! A helper whose version depends on the day.

use super::support::{Case, Member, images, is_injected};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::finding::Severity;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds sidecars whose image has no tag and no digest, or the tag `latest`.
    ///
    /// ## Why it matters
    /// Two Pods of one Deployment can then run different versions of the helper, a restart can bring a new one, and
    /// nothing can be rolled back. Helpers are updated by nobody in particular, so it is theirs that surprise.
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
    ///     - name: log-shipper
    ///       image: registry.example.com:5000/logging/fluent-bit
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
    ///     - name: log-shipper
    ///       image: registry.example.com:5000/logging/fluent-bit:3.1.4
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Images](https://kubernetes.io/docs/concepts/containers/images/)
    IMAGE_NOT_PINNED, "image-not-pinned", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.cases.iter().flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, helper: Member<'_>) -> Option<Finding> {
    let image = helper.container.image.as_ref()?;
    let is_built = helper.container.compose.as_ref().is_some_and(|compose| compose.is_built);
    // What an injector has added is for the injector to pin.
    if !images::is_real(&image.value) || image.value.digest.is_some() || is_built || is_injected(case, helper) {
        return None;
    }
    let (what, name) = match image.value.tag.as_deref() {
        None => ("has no tag", helper.name()),
        Some("latest") => ("has the tag latest", helper.name()),
        Some(_) => return None,
    };
    // What a toolbox runs is in the manifest itself.
    let severity = if images::is_toolbox(&image.value) { Severity::Advice } else { rule.severity };
    let message = format!("The version of {name} depends on the day: image {} {what}", image.value.text);
    let help = format!("Write the version of {} that you have tested, or its digest.", image.value.repository);
    let finding = case.about(rule, helper, (image.node, Part::Value), message, help);
    Some(finding.as_bad_as(severity).at_most(helper.verdict.confidence))
}
