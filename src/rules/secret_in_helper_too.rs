//! A log shipper that can read the secrets of the app.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::category::Category;
use crate::finding::Finding;
use crate::model::VolumeKind;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds Secrets that both the app and a log shipper, exporter or trace collector mount.
    ///
    /// ## Why it matters
    /// Such a helper has no use for the credentials of the app. It is often the older image, talks to the outside, and
    /// sends what it reads. Each container should see only the secrets it needs.
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
    ///       volumeMounts:
    ///         - { name: credentials, mountPath: /credentials }
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///       volumeMounts:
    ///         - { name: credentials, mountPath: /credentials }
    ///   volumes:
    ///     - name: credentials
    ///       secret: { secretName: shop-database }
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
    ///       volumeMounts:
    ///         - { name: credentials, mountPath: /credentials }
    ///     - name: fluent-bit
    ///       image: fluent/fluent-bit:3.1
    ///   volumes:
    ///     - name: credentials
    ///       secret: { secretName: shop-database }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Good practices for Secrets](https://kubernetes.io/docs/concepts/security/secrets-good-practices/)
    SECRET_IN_HELPER_TOO, "secret-in-helper-too", Advice, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, helper: Member<'_>) -> Option<Finding> {
    if !helper.is_for(&[Category::LogShipper, Category::Metrics, Category::Tracing]) {
        return None;
    }
    let (mount, app) = helper.container.mounts.iter().find_map(|mount| {
        let volume = case.workload.pod.volume(&mount.volume).filter(|volume| volume.kind == VolumeKind::Secret)?;
        // Certificates are often shared on purpose.
        let is_certificate =
            ["tls", "ssl", "cert", "ca"].iter().any(|word| volume.name.split('-').any(|part| part.starts_with(word)));
        let mounts = |app: &Member<'_>| app.container.mounts.iter().any(|own| own.volume == mount.volume);
        let app = case.apps().find(mounts).filter(|_| !is_certificate)?;
        Some((mount, app))
    })?;
    let (name, volume) = (helper.name(), &mount.volume);
    let message = format!("{name} can read Secret volume {volume} of {}", app.name());
    let help = format!("Remove the mount of {volume} from {name}, or give it a Secret of its own.");
    Some(case.about(rule, helper, (mount.node, Part::Value), message, help).at_most(helper.verdict.confidence))
}
