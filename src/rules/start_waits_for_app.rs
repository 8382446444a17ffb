//! A native sidecar that waits for what starts after it.

use super::support::{Case, Member, ports};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::model::{Handler, ProbeKind};
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds native sidecars whose `startupProbe` or `postStart` hook asks a port of a container that starts later.
    ///
    /// ## Why it matters
    /// The next container starts when the sidecar has started, and the sidecar has started when its probe succeeds. If
    /// that probe asks the app, both wait for each other: the Pod stays Pending for ever.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   initContainers:
    ///     - name: proxy
    ///       image: envoyproxy/envoy:v1.32.0
    ///       restartPolicy: Always
    ///       ports:
    ///         - containerPort: 15000
    ///       startupProbe:
    ///         httpGet: { path: /healthz, port: 8080 }
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       ports:
    ///         - containerPort: 8080
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
    ///     - name: proxy
    ///       image: envoyproxy/envoy:v1.32.0
    ///       restartPolicy: Always
    ///       ports:
    ///         - containerPort: 15000
    ///       startupProbe:
    ///         httpGet: { path: /ready, port: 15000 }
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       ports:
    ///         - containerPort: 8080
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.29.
    ///
    /// ## References
    /// - [KEP-753: Sidecar containers](https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/753-sidecar-containers)
    /// - [Kubernetes: Sidecar Containers](https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/)
    /// - Fact 2.3
    /// - Fact 2.9
    START_WAITS_FOR_APP, "start-waits-for-app", Error, [since 29], check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, native: Member<'_>) -> Option<Finding> {
    if !native.is_native() {
        return None;
    }
    let probe = native.container.probe(ProbeKind::Startup).map(|probe| (probe.handler.as_ref(), probe.node));
    let hook = native.container.lifecycle.post_start.as_ref().map(|hook| (hook.value.as_ref(), hook.node));
    let (port, node) = probe.into_iter().chain(hook).find_map(|(handler, node)| {
        let handler = handler?;
        let asked = ports::asked(handler).and_then(|port| port.parse::<i64>().ok()).into_iter();
        let words = match handler {
            Handler::Exec(words) => words.as_slice(),
            _ => &[],
        };
        let mut all = asked.chain(words.iter().flat_map(|word| called(word)));
        all.find(|port| belongs_to_later(case, native, *port)).map(|port| (port, node))
    })?;
    let later = ports::owner(case, &port.to_string())?;
    let (name, other) = (native.name(), later.name());
    let message =
        format!("{name} and {other} wait for each other: {name} has started when port {port} of {other} answers");
    let help = format!("Ask {name} itself; what {other} needs to be ready belongs in the readinessProbe of {other}.");
    let finding = case.about(rule, native, (node, Part::Key), message, help).at_most(Confidence::Likely);
    Some(finding.because(case.place(later.container.node), format!("{other} has port {port}, and starts later")))
}

fn called(word: &str) -> Vec<i64> {
    ports::called(&word.split_whitespace().collect::<Vec<_>>())
}

fn belongs_to_later(case: &Case<'_>, native: Member<'_>, port: i64) -> bool {
    let text = port.to_string();
    !ports::says(native.container, &text) && ports::owner(case, &text).is_some_and(|owner| owner.number > native.number)
}
