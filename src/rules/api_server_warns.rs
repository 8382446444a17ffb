//! What the API server takes with a warning, in its own words.

use super::{Rule, Subject};
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds what makes the API server of the chosen release answer with a `Warning:` header, and says it as the server does.
    ///
    /// ## Why it matters
    /// The object is accepted, and what is warned of happens: of two environment variables with one name the last one counts,
    /// of two ports with one number one gets no traffic. Tools that apply manifests for people often show no warnings.
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
    ///       image: registry.example.com/shop/shop:1.7
    ///       env:
    ///         - name: MODE
    ///           value: fast
    ///         - name: MODE
    ///           value: safe
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
    ///       image: registry.example.com/shop/shop:1.7
    ///       env:
    ///         - name: MODE
    ///           value: safe
    /// ```
    ///
    /// ## Since
    /// All versions; each has its own warnings.
    ///
    /// ## References
    /// - Fact 7.35
    API_SERVER_WARNS, "api-server-warns", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let release = subject.analysis.server.cluster().release;
    let found = subject.pods().filter_map(|case| Some((case, case.answer.as_ref()?)));
    let findings = found.filter(|(_, answer)| answer.is_accepted()).flat_map(|(case, answer)| {
        let help = format!("Kubernetes {release} accepts the object and warns with these words.");
        answer.warnings.iter().map(move |warning| {
            let place = (warning.node.unwrap_or(case.workload.pod.node), Part::Value);
            case.finding(rule, place, warning.text.clone(), help.clone())
        })
    });
    findings.collect()
}
