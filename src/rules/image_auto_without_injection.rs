//! `image: auto` that nothing replaces.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::finding::Severity;
use crate::model::{Object, lookup};
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds containers with `image: auto` in Pods that do not ask for Istio's injection.
    ///
    /// ## Why it matters
    /// `auto` is a placeholder: Istio's injector puts the image of its proxy there. Without injection the kubelet looks
    /// for an image of this name, and the Pod ends in `ImagePullBackOff`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: gateway
    ///   labels: { app: gateway, sidecar.istio.io/inject: "false" }
    /// spec:
    ///   containers:
    ///     - name: istio-proxy
    ///       image: auto
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: gateway
    ///   labels: { app: gateway, sidecar.istio.io/inject: "true" }
    /// spec:
    ///   containers:
    ///     - name: istio-proxy
    ///       image: auto
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Istio: Installing the Sidecar](https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/)
    /// - [Istio: Installing Gateways](https://istio.io/latest/docs/setup/additional-setup/gateway/)
    IMAGE_AUTO_WITHOUT_INJECTION, "image-auto-without-injection", Error, check
}

const LABEL: &str = "sidecar.istio.io/inject";

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let complete = subject.pods().filter(|case| case.is_complete);
    complete.flat_map(|case| case.members().filter_map(move |member| find(rule, case, member))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, member: Member<'_>) -> Option<Finding> {
    let image = member.container.image.as_ref().filter(|image| image.value.text == "auto")?;
    let pod = &case.workload.pod;
    let wish = lookup(&pod.labels, LABEL).or_else(|| lookup(&pod.annotations, LABEL));
    let has_revision = lookup(&pod.labels, "istio.io/rev").is_some();
    let (severity, confidence) = match wish {
        Some("false") => (rule.severity, Confidence::Certain),
        Some(_) => return None,
        None if has_revision || namespace_injects(case) => return None,
        // The namespace may be labelled elsewhere.
        None => (Severity::Advice, Confidence::Guess),
    };
    let name = member.name();
    let message = match wish {
        Some(_) => format!("Nothing replaces image: auto of {name}: injection is off for {}", case.title()),
        None => {
            format!("image: auto of {name} stays as it is unless something switches injection on for {}", case.title())
        }
    };
    let help = format!("Set the label {LABEL}: \"true\" on the Pod, unless its namespace is labelled.");
    let finding = case.about(rule, member, (image.node, Part::Value), message, help);
    Some(finding.as_bad_as(severity).at_most(confidence))
}

fn namespace_injects(case: &Case<'_>) -> bool {
    let own = case.workload.namespace.as_deref().unwrap_or("default");
    let is_set = |object: &Object, label: &str| lookup(&object.labels, label).is_some();
    let mut namespaces = case.analysis.model.namespaces(own);
    namespaces.any(|object| ["istio-injection", "istio.io/rev"].iter().any(|label| is_set(object, label)))
}
