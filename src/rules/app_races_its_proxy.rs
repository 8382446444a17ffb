//! An app and the proxy it needs that start at the same time.

use super::support::{Case, Member, images, ports};
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::model::lookup;
use crate::rule;

rule! {
    /// ## What it does
    /// Finds apps that call a traditional sidecar over localhost, or whose traffic goes through a traditional mesh
    /// proxy, when nothing makes them wait for it.
    ///
    /// ## Why it matters
    /// Regular containers start together and nobody waits for anybody. When the app is faster, its first connection
    /// fails; many apps then crash and are restarted until it works. A native sidecar with a `startupProbe` is up
    /// before the app starts.
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
    ///       env:
    ///         - { name: DATABASE_URL, value: "postgres://127.0.0.1:5432/shop" }
    ///     - name: cloud-sql-proxy
    ///       image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.13
    ///       args: ["--port=5432", "shop:europe-west1:shop"]
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
    ///     - name: cloud-sql-proxy
    ///       image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.13
    ///       args: ["--port=5432", "--health-check", "shop:europe-west1:shop"]
    ///       restartPolicy: Always
    ///       startupProbe:
    ///         httpGet: { path: /startup, port: 9090 }
    ///         periodSeconds: 1
    ///         failureThreshold: 60
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       env:
    ///         - { name: DATABASE_URL, value: "postgres://127.0.0.1:5432/shop" }
    /// ```
    ///
    /// ## Since
    /// All versions. The native form of the fix needs Kubernetes 1.29.
    ///
    /// ## References
    /// - [Kubernetes: Sidecar Containers](https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/)
    /// - [KEP-753: Sidecar containers](https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/753-sidecar-containers)
    /// - Fact 2.6
    APP_RACES_ITS_PROXY, "app-races-its-proxy", Advice, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let complete = subject.pods().filter(|case| case.is_complete);
    complete.flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, proxy: Member<'_>) -> Option<Finding> {
    if proxy.is_for(&[Category::MeshProxy]) {
        return in_mesh(rule, case, proxy);
    }
    let is_needed = proxy.is_for(&[Category::DbProxy, Category::SecretsAgent, Category::Ambassador]);
    if proxy.is_native() || !is_needed || proxy.container.lifecycle.post_start.is_some() {
        return None;
    }
    let (app, port, node) = ports::caller(case, proxy, |caller| caller.container.field.is_regular())?;
    let name = proxy.name();
    let message = format!("{} calls localhost:{port} of {name}, but starts at the same time", app.name());
    let help =
        format!("Make {name} a native sidecar with a startupProbe, so that it is up before {} starts.", app.name());
    let finding = case.about(rule, proxy, proxy.here(), message, help).at_most(Confidence::Likely);
    Some(finding.because(case.place(node), format!("{} calls localhost:{port}", app.name())))
}

/// All traffic of the app fails until the proxy runs. Linkerd waits by itself, Istio when it is told to.
fn in_mesh(rule: &Rule, case: &Case<'_>, proxy: Member<'_>) -> Option<Finding> {
    let config = lookup(&case.workload.pod.annotations, "proxy.istio.io/config").unwrap_or_default();
    // Without an image it is only what somebody wants to change about an injected one.
    let is_whole = proxy.container.image.as_ref().is_some_and(|image| images::is_real(&image.value));
    let is_istio = is_whole && proxy.known().is_some_and(|entry| entry.id.starts_with("istio-proxy"));
    let waits = proxy.container.lifecycle.post_start.is_some() || config.contains("holdApplicationUntilProxyStarts");
    let has_native = case.helpers().any(|helper| helper.is_native() && helper.is_for(&[Category::MeshProxy]));
    let app = case.apps().next().filter(|_| is_istio && !has_native && !waits)?;
    let name = app.name();
    let message = format!("{name} has no network until {} runs, but starts at the same time", proxy.name());
    let help = "Use Istio's native sidecars, or set holdApplicationUntilProxyStarts in proxy.istio.io/config.";
    Some(case.about(rule, proxy, proxy.here(), message, help).at_most(Confidence::Likely))
}
