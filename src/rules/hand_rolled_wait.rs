//! An app that waits for its helper by hand.

use super::support::{Case, Member, ports, shell};
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds start scripts of apps that ask a port of a sidecar in a loop before they start the app.
    ///
    /// ## Why it matters
    /// That was the way before native sidecars. It needs a shell and a tool in the image of the app, and every app must
    /// know how to ask each of its helpers. A native sidecar with a `startupProbe` holds the app back by itself.
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
    ///       command: ["sh", "-c", "until nc -z localhost 6432; do sleep 1; done; exec ./shop"]
    ///     - name: pgbouncer
    ///       image: bitnami/pgbouncer:1.23.1
    ///       ports:
    ///         - containerPort: 6432
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
    ///     - name: pgbouncer
    ///       image: bitnami/pgbouncer:1.23.1
    ///       restartPolicy: Always
    ///       ports:
    ///         - containerPort: 6432
    ///       startupProbe:
    ///         tcpSocket: { port: 6432 }
    ///         periodSeconds: 1
    ///         failureThreshold: 60
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       command: ["./shop"]
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.29.
    ///
    /// ## References
    /// - [Kubernetes: Sidecar Containers](https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/)
    /// - [KEP-753: Sidecar containers](https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/753-sidecar-containers)
    /// - Fact 2.7
    /// - Fact 11.5
    HAND_ROLLED_WAIT, "hand-rolled-wait", Advice, [since 29], check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.apps().filter_map(move |app| find(rule, case, app))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, app: Member<'_>) -> Option<Finding> {
    let script = app.container.words().find(|word| waits(&word.value))?;
    let calls = shell::calls(app.container);
    let asking = calls.iter().filter(|call| matches!(call.program(), "curl" | "wget" | "nc" | "pg_isready" | "ncat"));
    let helper = asking.flat_map(|call| ports::called(&call.words)).find_map(|port| {
        // Istio's agent answers on this port whether it declares it or not.
        let is_mesh = |helper: &Member<'_>| matches!(port, 15020 | 15021) && helper.is_for(&[Category::MeshProxy]);
        case.helpers().find(|helper| ports::says(helper.container, &port.to_string()) || is_mesh(helper))
    })?;
    let (name, own) = (helper.name(), app.name());
    let message = format!("{own} waits for {name} in its own start script");
    let help = format!("Make {name} a native sidecar with a startupProbe, and start {own} directly.");
    let finding = case.about(rule, app, (script.node, Part::Value), message, help).at_most(Confidence::Likely);
    Some(finding.because(case.place(helper.container.node), format!("{name} is what it waits for")))
}

fn waits(script: &str) -> bool {
    let mut words = script.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| matches!(word, "until" | "while")) && script.contains("sleep")
}
