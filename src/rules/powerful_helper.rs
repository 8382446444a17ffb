//! A helper with a capability that its task does not need.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::category::Category;
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds sidecars that add capabilities such as `SYS_ADMIN` or `NET_ADMIN` and are neither mesh proxy nor VPN nor
    /// debugging tool.
    ///
    /// ## Why it matters
    /// With `NET_ADMIN` a helper can redirect or read the traffic of the app, with `SYS_PTRACE` its memory, with
    /// `SYS_ADMIN` it is close to root on the node. All containers of the Pod share its network, so the app is exposed
    /// too.
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
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///       securityContext: { capabilities: { add: [SYS_ADMIN] } }
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
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///       securityContext: { capabilities: { drop: [ALL] } }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Pod Security Standards](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
    /// - [Kubernetes: Configure a Security Context](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/)
    POWERFUL_HELPER, "powerful-helper", Warning, check
}

const POWERFUL: &[&str] =
    &["ALL", "SYS_ADMIN", "NET_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO", "BPF", "DAC_READ_SEARCH", "SYS_BOOT"];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, helper: Member<'_>) -> Option<Finding> {
    let security = &helper.container.security;
    if helper.is_for(&[Category::MeshProxy, Category::Ambassador, Category::Debug]) || security.privileged {
        return None;
    }
    let added = security.added_capabilities.iter().map(|name| name.strip_prefix("CAP_").unwrap_or(name));
    // Looking at the processes of others is what a shared process namespace is for.
    let may_trace = case.workload.pod.share_process_namespace;
    let mut powerful = added.filter(|name| POWERFUL.contains(name) && !(may_trace && *name == "SYS_PTRACE"));
    let capability = powerful.next()?;
    let (name, node) = (helper.name(), security.node?);
    let what = helper.verdict.category.filter(|category| *category != Category::Other);
    let what = what.map(|category| format!(" ({})", category.label())).unwrap_or_default();
    let message = format!("{name}{what} has the capability {capability}, which its work does not need");
    let help = format!("Remove {capability} from {name}, or say in a comment what it is for and hide this finding.");
    Some(case.about(rule, helper, (node, Part::Value), message, help).at_most(helper.verdict.confidence))
}
