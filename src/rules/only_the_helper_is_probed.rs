//! A Pod that is ready when its helper is.

use super::support::{Case, Member, ports};
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::{Confidence, Role};
use crate::finding::Finding;
use crate::model::{Handler, Probe, ProbeKind};
use crate::rule;

rule! {
    /// ## What it does
    /// Finds Pods that serve a port, in which a helper has a `readinessProbe` and the app has none.
    ///
    /// ## Why it matters
    /// A container without a probe counts as ready at once. The probe of the helper makes it look as if readiness were
    /// checked, but traffic comes before the app can answer. One probed container does not excuse another.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    ///   labels: { app: shop }
    /// spec:
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       ports:
    ///         - containerPort: 8080
    ///     - name: cache
    ///       image: memcached:1.6
    ///       ports:
    ///         - containerPort: 11211
    ///       readinessProbe:
    ///         tcpSocket: { port: 11211 }
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: shop
    /// spec:
    ///   selector: { app: shop }
    ///   ports:
    ///     - { port: 80, targetPort: 8080 }
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    ///   labels: { app: shop }
    /// spec:
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       ports:
    ///         - containerPort: 8080
    ///       readinessProbe:
    ///         httpGet: { path: /healthz, port: 8080 }
    ///     - name: cache
    ///       image: memcached:1.6
    ///       ports:
    ///         - containerPort: 11211
    ///       readinessProbe:
    ///         tcpSocket: { port: 11211 }
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: shop
    /// spec:
    ///   selector: { app: shop }
    ///   ports:
    ///     - { port: 80, targetPort: 8080 }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Configure Liveness, Readiness and Startup Probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/)
    /// - Fact 5.8
    ONLY_THE_HELPER_IS_PROBED, "only-the-helper-is-probed", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let complete = subject.pods().filter(|case| case.is_complete && case.injected.is_empty());
    complete.filter_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Option<Finding> {
    let service = case.services().next();
    if case.apps().any(|app| probe(&app).is_some()) {
        return None;
    }
    // A proxy in front of it shows that it serves, too.
    let front = [Category::AuthProxy, Category::Tls, Category::Ambassador, Category::Adapter];
    let is_behind = case.helpers().any(|helper| probe(&helper).is_some() && helper.is_for(&front));
    let serves = |app: &Member<'_>| service.is_some() || is_behind || !app.container.ports.is_empty();
    let app = case.apps().find(|app| app.verdict.role == Role::App).filter(serves)?;
    // What an injector adds has its probe from there, and some helpers are probed for the app.
    let asks_app = |helper: &Member<'_>| {
        let handler = probe(helper).and_then(|probe| probe.handler.as_ref());
        let owner = handler.and_then(ports::asked).and_then(|port| ports::owner(case, port));
        matches!(handler, Some(Handler::Exec(_))) || owner.is_some_and(|owner| owner.number != helper.number)
    };
    let helper = case
        .helpers()
        .find(|helper| probe(helper).is_some() && !helper.is_for(&[Category::MeshProxy]) && !asks_app(helper))?;
    let node = probe(&helper)?.node;
    let message = format!("{} is ready when {} is: {} has no readinessProbe", case.title(), helper.name(), app.name());
    let help = match service {
        Some(service) => format!("Give {} a readinessProbe: {} sends it traffic.", app.name(), service.title()),
        None => format!("Give {} a readinessProbe, so that traffic waits until it can answer.", app.name()),
    };
    let finding = case.about(rule, app, app.here(), message, help).at_most(app.verdict.confidence);
    let finding = if service.is_some() { finding } else { finding.at_most(Confidence::Likely) };
    Some(finding.because(case.place(node), format!("only {} is asked", helper.name())))
}

fn probe<'a>(member: &Member<'a>) -> Option<&'a Probe> {
    member.container.probe(ProbeKind::Readiness)
}
