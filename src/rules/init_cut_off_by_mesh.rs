//! An init container that needs the network after the mesh has redirected it.

use super::support::Case;
use super::support::shell::{self, Call};
use super::{Rule, Subject};
use crate::category::Category;
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::rule;

rule! {
    /// ## What it does
    /// Finds init containers that use the network and stand behind the one that redirects all traffic into a mesh
    /// proxy, while that proxy is a regular container.
    ///
    /// ## Why it matters
    /// From then on all traffic of the Pod goes to a proxy that is not running yet: regular containers start after the
    /// last init container. The call fails, and the Pod never starts. With a native proxy it works.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    ///   annotations:
    ///     proxy.istio.io/config: "holdApplicationUntilProxyStarts: true"
    /// spec:
    ///   initContainers:
    ///     - name: istio-init
    ///       image: istio/proxyv2:1.27.0
    ///       args: ["istio-iptables", "-p", "15001"]
    ///     - name: fetch-content
    ///       image: registry.example.com/fetch:1.0
    ///       command: ["sh", "-c", "curl -fsS https://content.example.com/shop.tar -o /content/shop.tar"]
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///     - name: istio-proxy
    ///       image: istio/proxyv2:1.27.0
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
    ///     - name: istio-init
    ///       image: istio/proxyv2:1.27.0
    ///       args: ["istio-iptables", "-p", "15001"]
    ///     - name: istio-proxy
    ///       image: istio/proxyv2:1.27.0
    ///       restartPolicy: Always
    ///     - name: fetch-content
    ///       image: registry.example.com/fetch:1.0
    ///       command: ["sh", "-c", "curl -fsS https://content.example.com/shop.tar -o /content/shop.tar"]
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    /// ```
    ///
    /// ## Since
    /// All versions. The native form of the fix needs Kubernetes 1.29.
    ///
    /// ## References
    /// - [Istio: Compatibility with application init containers](https://istio.io/latest/docs/setup/additional-setup/cni/)
    /// - [Istio: Kubernetes Native Sidecars](https://istio.io/latest/blog/2023/native-sidecars/)
    /// - Fact 2.6
    INIT_CUT_OFF_BY_MESH, "init-cut-off-by-mesh", Warning, check
}

/// Init containers that redirect the traffic of the Pod.
const REDIRECTS: &[&str] =
    &["istio-init", "linkerd-init", "kuma-init", "appmesh-proxyinit", "consul-connect-inject-init"];

/// Users whose traffic the meshes leave alone: Istio's, Linkerd's and Kuma's proxies.
const EXEMPT_USERS: &[i64] = &[1337, 2102, 5678];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Vec<Finding> {
    let proxy = case.helpers().find(|helper| helper.is_for(&[Category::MeshProxy]));
    let redirect = case.inits().find(|init| init.is_one_of(REDIRECTS));
    let (Some(proxy), Some(redirect)) = (proxy.filter(|proxy| !proxy.is_native()), redirect) else { return Vec::new() };
    let later = case.inits().filter(|init| init.number > redirect.number);
    let cut_off = later.filter(|init| {
        let user = init.container.security.run_as_user;
        !user.is_some_and(|user| EXEMPT_USERS.contains(&user))
    });
    let found = cut_off.filter_map(|init| {
        let call = shell::calls(init.container).into_iter().find(uses_network)?;
        let name = init.name();
        let message = format!(
            "{name} has no network: {} sends its traffic to {}, which starts after it",
            redirect.name(),
            proxy.name()
        );
        let help = format!(
            "Make {} a native sidecar right behind {}, or move {name} in front of {}.",
            proxy.name(),
            redirect.name(),
            redirect.name()
        );
        let finding = case.about(rule, init, init.here(), message, help).at_most(Confidence::Likely);
        Some(finding.because(case.place(call.node), format!("{name} runs {}", call.program())))
    });
    found.collect()
}

/// Whether a program is one that talks to other machines.
fn uses_network(call: &Call<'_>) -> bool {
    const PROGRAMS: &[&str] =
        &["curl", "wget", "nc", "git", "psql", "mysql", "redis-cli", "apt-get", "apk", "pip", "npm", "aws", "gsutil"];
    PROGRAMS.contains(&call.program())
}
