//! Which mesh a workload is in, and how two workloads of a mesh talk: with mutual TLS, in plain text, or not at all.

use super::Verdict;
use super::around::{is_near, routes_to, selects};
use super::injection::{injected, is_unfilled};
use crate::category::Category;
use crate::model::{Model, Object, Pairs, Relates, TlsMode, Workload, lookup};
use crate::source::Source;

/// A service mesh, as far as its rules for mutual TLS are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Istio,
    Linkerd,
    Consul,
    Other,
}

/// Where the traffic of a workload goes through a mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mesh {
    family: Family,
    /// What takes over its traffic.
    pub by: Proxy,
}

/// What takes over the traffic of a Pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proxy {
    /// A container of the Pod, by its index.
    Own(usize),
    /// One that will be added to the Pod, by its index among [`injected`].
    Added(usize),
    /// The node: ambient mode needs no sidecar.
    Node,
}

/// How a connection is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// Between proxies, with mutual TLS.
    Encrypted,
    /// As the caller sends it.
    Plain,
    /// Not at all: the callee wants mutual TLS and the caller has no proxy for it, or is told not to use it.
    Refused,
}

/// The mesh that the Pods of a workload are in.
#[must_use]
pub fn mesh(workload: &Workload, verdicts: &[Verdict], model: &Model) -> Option<Mesh> {
    let is_proxy = |verdict: &Verdict| verdict.role.is_sidecar() && verdict.category == Some(Category::MeshProxy);
    // A placeholder that nothing replaces is no proxy, and takes no traffic.
    let is_there = |index: usize| !workload.pod.containers.get(index).is_some_and(|own| is_unfilled(own, workload));
    let mut own = verdicts.iter().enumerate().filter(|(_, verdict)| is_proxy(verdict)).map(|(index, _)| index);
    if let Some(index) = own.find(|index| is_there(*index)) {
        let known = verdicts.get(index).and_then(|verdict| verdict.known_as).unwrap_or_default();
        return Some(Mesh { family: family(known), by: Proxy::Own(index) });
    }
    let added = injected(workload, model);
    if let Some(index) = added.iter().position(|injected| injected.category == Category::MeshProxy) {
        let helper = added.get(index).map_or("", |injected| injected.injector.helper);
        return Some(Mesh { family: family(helper), by: Proxy::Added(index) });
    }
    is_ambient(workload, model).then_some(Mesh { family: Family::Istio, by: Proxy::Node })
}

fn family(helper: &str) -> Family {
    match helper.split('-').next() {
        Some("istio") => Family::Istio,
        Some("linkerd") => Family::Linkerd,
        Some("consul") => Family::Consul,
        _ => Family::Other,
    }
}

fn is_ambient(workload: &Workload, model: &Model) -> bool {
    const MODE: &str = "istio.io/dataplane-mode";
    let own = workload.namespace.as_deref().unwrap_or("default");
    let of_namespace = model.namespaces(own).next().and_then(|namespace| lookup(&namespace.labels, MODE));
    lookup(&workload.pod.labels, MODE).or(of_namespace) == Some("ambient")
}

/// One end of a connection.
#[derive(Clone, Copy, Debug)]
pub struct End<'m> {
    /// The workload.
    pub workload: &'m Workload,
    /// The mesh that it is in.
    pub mesh: Option<Mesh>,
}

impl End<'_> {
    /// The mesh, unless an annotation keeps a port out of it.
    fn mesh_for(&self, port: Option<u32>, direction: &str) -> Option<Mesh> {
        let key = format!("traffic.sidecar.istio.io/exclude{direction}Ports");
        let excluded = lookup(&self.workload.pod.annotations, &key).unwrap_or_default();
        let is_out = port.is_some_and(|port| excluded.split(',').any(|one| one.trim().parse() == Ok(port)));
        self.mesh.filter(|_| !is_out)
    }
}

/// How one workload reaches another through a Service. None when that hangs on what the text does not say.
#[must_use]
pub fn wire(
    from: End<'_>,
    to: End<'_>,
    service: &Object,
    port: Option<u32>,
    model: &Model,
    source: &Source,
) -> Option<Wire> {
    let target = target_port(service, to.workload, port);
    match (from.mesh_for(port, "Outbound"), to.mesh_for(target, "Inbound")) {
        (None, None) => Some(Wire::Plain),
        (Some(a), Some(b)) if a.family == b.family => match a.family {
            Family::Istio => {
                let mode = tls_mode(to.workload, target, model);
                let is_off = tls_is_off(service, model, source);
                Some(match (mode, is_off) {
                    (TlsMode::Strict, true) => Wire::Refused,
                    (TlsMode::Disable, _) | (_, true) => Wire::Plain,
                    _ => Wire::Encrypted,
                })
            }
            Family::Linkerd | Family::Consul => Some(Wire::Encrypted),
            Family::Other => None,
        },
        (_, Some(to_mesh)) if to_mesh.family == Family::Istio => Some(match tls_mode(to.workload, target, model) {
            TlsMode::Strict => Wire::Refused,
            _ => Wire::Plain,
        }),
        // Proxies leave alone what is not in their mesh, and Linkerd lets callers from outside of it in.
        (_, None) => Some(Wire::Plain),
        (None, Some(to_mesh)) if to_mesh.family == Family::Linkerd => Some(Wire::Plain),
        _ => None,
    }
}

/// The port of the Pod behind a port of a Service.
fn target_port(service: &Object, to: &Workload, port: Option<u32>) -> Option<u32> {
    let Relates::Service { ports, .. } = &service.relates else { return port };
    let target = match port {
        Some(port) => ports.iter().find(|own| own.port == Some(i64::from(port)))?,
        None => ports.first()?,
    };
    let named = || {
        let mut all = to.pod.containers.iter().flat_map(|container| &container.ports);
        all.find(|own| own.name.as_ref() == Some(&target.target)).and_then(|own| u32::try_from(own.port).ok())
    };
    target.target.parse().ok().or_else(named)
}

/// How callers may connect to the Pods of a workload: what is said for them counts before what is said for their
/// namespace, and that before what is said for the mesh. Nothing said is `PERMISSIVE`.
#[must_use]
pub fn tls_mode(workload: &Workload, port: Option<u32>, model: &Model) -> TlsMode {
    let rules = || {
        model.relating().filter_map(|(_, object)| match &object.relates {
            Relates::PeerAuthentication { selector, mode, ports } => Some((object, selector, *mode, ports)),
            _ => None,
        })
    };
    let own =
        rules().find(|(object, selector, ..)| is_near(workload, object) && selects(selector, &workload.pod.labels));
    let of_port = own.and_then(|(.., ports)| {
        ports.iter().find(|(number, _)| port.map(i64::from) == Some(*number)).map(|(_, mode)| *mode)
    });
    let is_wide = |selector: &Pairs| selector.is_empty();
    let of_namespace = || {
        rules()
            .filter(|(object, selector, ..)| is_wide(selector) && is_near(workload, object))
            .find_map(|(.., mode, _)| mode)
    };
    let is_root = |object: &Object| object.namespace.as_deref() == Some("istio-system");
    let of_mesh =
        || rules().filter(|(object, selector, ..)| is_wide(selector) && is_root(object)).find_map(|(.., mode, _)| mode);
    of_port
        .or_else(|| own.and_then(|(.., mode, _)| mode))
        .or_else(of_namespace)
        .or_else(of_mesh)
        .unwrap_or(TlsMode::Permissive)
}

/// Whether a DestinationRule makes callers of a Service use no TLS.
fn tls_is_off(service: &Object, model: &Model, source: &Source) -> bool {
    model.relating().filter(|(_, object)| object.kind.as_deref() == Some("DestinationRule")).any(|(_, object)| {
        let Relates::Routes { services, .. } = &object.relates else { return false };
        let mode = || {
            let root = source.documents.get(object.document as usize)?.value(object.node);
            root.at(&["spec", "trafficPolicy", "tls", "mode"])?.text()
        };
        services.iter().any(|named| routes_to(named, service)) && mode() == Some("DISABLE")
    })
}

#[cfg(test)]
mod tests {
    use super::{End, Wire, mesh, wire};
    use crate::{Options, analyze};

    /// A caller and a callee with a label each, and what else is in the text.
    fn between(caller: &str, callee: &str, rest: &str) -> Option<Wire> {
        let workload = |name: &str, labels: &str| {
            format!(
                "kind: Deployment\nmetadata: {{ name: {name}, namespace: shop }}\nspec:\n  template:\n    metadata: {{ labels: {{ app: {name}{labels} }} }}\n    spec: {{ containers: [{{ name: {name}, ports: [{{ name: http, containerPort: 8080 }}] }}] }}\n---\n"
            )
        };
        let service = "kind: Service\nmetadata: { name: orders, namespace: shop }\nspec: { selector: { app: orders }, ports: [{ port: 80, targetPort: http }] }\n";
        let text = workload("web", caller) + &workload("orders", callee) + service + rest;
        let analysis = analyze(&text, &Options::default());
        let end = |index: usize| {
            let workload = &analysis.model.workloads[index];
            End { workload, mesh: mesh(workload, &analysis.verdicts[index], &analysis.model) }
        };
        let service = analysis.model.objects.iter().find(|object| object.kind.as_deref() == Some("Service")).unwrap();
        wire(end(0), end(1), service, Some(80), &analysis.model, &analysis.source)
    }

    const IN: &str = ", sidecar.istio.io/inject: 'true'";

    fn rule(spec: &str, namespace: &str) -> String {
        format!("---\nkind: PeerAuthentication\nmetadata: {{ name: a, namespace: {namespace} }}\nspec: {{ {spec} }}\n")
    }

    #[test]
    fn two_proxies_use_mutual_tls_unless_it_is_switched_off() {
        assert_eq!(between(IN, IN, ""), Some(Wire::Encrypted));
        assert_eq!(between(IN, IN, &rule("mtls: { mode: STRICT }", "shop")), Some(Wire::Encrypted));
        assert_eq!(between(IN, IN, &rule("mtls: { mode: DISABLE }", "shop")), Some(Wire::Plain));
        assert_eq!(between(IN, IN, &rule("mtls: { mode: DISABLE }", "other")), Some(Wire::Encrypted));
        assert_eq!(between(IN, IN, &rule("mtls: { mode: DISABLE }", "istio-system")), Some(Wire::Plain));
        let off = "---\nkind: DestinationRule\nspec: { host: orders, trafficPolicy: { tls: { mode: DISABLE } } }\n";
        assert_eq!(between(IN, IN, off), Some(Wire::Plain));
        assert_eq!(between(IN, IN, &(off.to_owned() + &rule("mtls: { mode: STRICT }", "shop"))), Some(Wire::Refused));
    }

    #[test]
    fn a_caller_without_a_proxy_is_refused_where_mutual_tls_is_wanted() {
        assert_eq!(between("", IN, ""), Some(Wire::Plain));
        assert_eq!(between("", IN, &rule("mtls: { mode: STRICT }", "shop")), Some(Wire::Refused));
        assert_eq!(between(IN, "", &rule("mtls: { mode: STRICT }", "shop")), Some(Wire::Plain));
        assert_eq!(between("", "", ""), Some(Wire::Plain));
    }

    #[test]
    fn what_is_nearer_counts_first() {
        let namespace = rule("mtls: { mode: STRICT }", "shop");
        let own = |spec: &str| {
            namespace.clone() + &rule(&format!("selector: {{ matchLabels: {{ app: orders }} }}, {spec}"), "shop")
        };
        assert_eq!(between("", IN, &own("mtls: { mode: PERMISSIVE }")), Some(Wire::Plain));
        assert_eq!(between("", IN, &own("mtls: { mode: UNSET }")), Some(Wire::Refused));
        assert_eq!(between("", IN, &own("portLevelMtls: { 8080: { mode: DISABLE } }")), Some(Wire::Plain));
        assert_eq!(between("", IN, &own("portLevelMtls: { 80: { mode: DISABLE } }")), Some(Wire::Refused));
    }

    #[test]
    fn a_placeholder_that_nothing_replaces_is_no_proxy() {
        let pod = |label: &str| {
            let text = format!(
                "kind: Pod\nmetadata: {{ labels: {{ {label} }} }}\nspec: {{ containers: [{{ name: web, image: a/web }}, {{ name: istio-proxy, image: auto }}] }}\n"
            );
            let analysis = analyze(&text, &Options::default());
            mesh(&analysis.model.workloads[0], &analysis.verdicts[0], &analysis.model).is_some()
        };
        assert!(pod("sidecar.istio.io/inject: 'true'"));
        assert!(pod("app: web"), "its namespace may be labelled");
        assert!(!pod("sidecar.istio.io/inject: 'false'"));
    }

    #[test]
    fn ambient_mode_needs_no_sidecar() {
        let ambient = "---\nkind: Namespace\nmetadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }\n";
        assert_eq!(between("", "", ambient), Some(Wire::Encrypted));
    }
}
