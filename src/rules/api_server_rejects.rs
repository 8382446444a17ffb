//! What the API server refuses, in its own words.

use super::support::is_placeholder;
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds everything that makes the API server of the chosen release refuse an object, and says it as the server does:
    /// fields, types and details are those of `kubectl apply`.
    ///
    /// ## Why it matters
    /// Nothing of a refused object runs. Several of the messages are met when helpers are rearranged: a plain init container
    /// may have no probes, a native sidecar has no `restartPolicy` but `Always`, a name can be used only once in a Pod.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   initContainers:
    ///     - name: migrate
    ///       image: registry.example.com/shop/migrate:1.7
    ///       livenessProbe:
    ///         tcpSocket:
    ///           port: 8080
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop/shop:1.7
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
    ///     - name: migrate
    ///       image: registry.example.com/shop/migrate:1.7
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop/shop:1.7
    /// ```
    ///
    /// ## Since
    /// All versions; each has its own checks.
    ///
    /// ## References
    /// - Fact 7.1
    API_SERVER_REJECTS, "api-server-rejects", Error, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let release = subject.analysis.server.cluster().release;
    let found = subject.pods().filter_map(|case| Some((case, case.answer.as_ref()?)));
    let findings = found.flat_map(|(case, answer)| {
        let help = format!("Kubernetes {release} refuses the object with these words, and keeps nothing of it.");
        let unread = answer.decode_error.iter().map(|text| (text.clone(), None));
        let errors = answer.errors.iter().map(|error| (error.to_string(), error.node));
        let all: Vec<_> = unread.chain(errors).filter(|(text, _)| !is_placeholder(text)).collect();
        all.into_iter().map(move |(text, node)| {
            let place = (node.unwrap_or(case.workload.pod.node), Part::Value);
            case.finding(rule, place, text, help.clone())
        })
    });
    findings.collect()
}
