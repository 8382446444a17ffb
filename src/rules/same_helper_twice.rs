//! The same kind of collector twice in a Pod.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::category::Category;
use crate::finding::Finding;
use crate::rule;

rule! {
    /// ## What it does
    /// Finds Pods with two log shippers or two trace collectors of the same product.
    ///
    /// ## Why it matters
    /// One of them can read all files and send to all places. Two cost twice the memory in every replica, and often the
    /// second is left over from a migration, or an injector adds one to the one that is there.
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
    ///     - name: fluent-bit-audit
    ///       image: fluent/fluent-bit:3.1
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
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes Patterns: Sidecar](https://github.com/k8spatterns/examples/tree/main/structural/Sidecar)
    SAME_HELPER_TWICE, "same-helper-twice", Advice, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().filter_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Option<Finding> {
    let collectors: Vec<Member<'_>> =
        case.helpers().filter(|helper| helper.is_for(&[Category::LogShipper, Category::Tracing])).collect();
    let (first, second) = collectors.iter().enumerate().find_map(|(index, first)| {
        // A busybox that tails one file stands once per file by design.
        let entry = first.known().filter(|entry| !entry.is_generic)?;
        let is_same =
            |other: &&Member<'_>| other.known().is_some_and(|own| own.id == entry.id) && task(first) == task(other);
        let second = collectors.iter().skip(index + 1).find(is_same)?;
        Some((first, second))
    })?;
    let product = first.known().map_or("it", |entry| entry.name);
    let message = format!("{} runs {product} twice: {} and {}", case.title(), first.name(), second.name());
    let help = format!("Let {} do the work of both, with one configuration.", first.name());
    let finding = case.about(rule, *second, second.here(), message, help).at_most(second.verdict.confidence);
    Some(finding.because(case.place(first.container.node), format!("{} is the first one", first.name())))
}

/// What an image with several programs is told to be.
fn task<'a>(member: &Member<'a>) -> Vec<&'a str> {
    member.container.words().map(|word| word.value.as_str()).take_while(|word| !word.starts_with('-')).collect()
}
