//! Objects that hold no Pod but have to do with Pods: Services, routes, policies, autoscalers, Istio's objects.

use super::{int_at, pairs_of, text_of};
use crate::model::{Pairs, Relates, ServicePort, TlsMode};
use crate::source::Value;

/// What an object of a kind has to do with Pods.
pub(super) fn read(kind: Option<&str>, root: Value<'_>) -> Relates {
    let spec = root.get("spec");
    let (Some(kind), spec) = (kind, spec.unwrap_or(root)) else { return Relates::Nothing };
    match kind {
        "Service" => service(spec),
        "Ingress" | "VirtualService" | "HTTPRoute" | "GRPCRoute" | "TCPRoute" | "TLSRoute" | "Route"
        | "DestinationRule" => routes(kind, spec),
        "NetworkPolicy" => selects("limits who may talk to it", spec.get("podSelector")),
        "PodDisruptionBudget" => selects("limits how many of its Pods may be evicted at once", spec.get("selector")),
        "PodMonitor" => selects("has its metrics scraped", spec.get("selector")),
        "PeerAuthentication" => peer_authentication(spec),
        "AuthorizationPolicy" => selects("limits who may call it through the mesh", spec.get("selector")),
        "RequestAuthentication" => selects("checks the tokens of its callers", spec.get("selector")),
        "Sidecar" => selects("limits what its mesh proxy sees", spec.get("workloadSelector")),
        "EnvoyFilter" => selects("changes the configuration of its mesh proxy", spec.get("workloadSelector")),
        "Gateway" => selects("opens ports of the gateway it selects", spec.get("selector")),
        "HorizontalPodAutoscaler" => targets("scales it", spec.get("scaleTargetRef")),
        "VerticalPodAutoscaler" => targets("sizes it", spec.get("targetRef")),
        "ScaledObject" => targets("scales it", spec.get("scaleTargetRef")),
        "ConfigMap" | "Secret" | "PersistentVolumeClaim" => Relates::Provides,
        _ => Relates::Nothing,
    }
}

fn service(spec: Value<'_>) -> Relates {
    // A Knative or Cloud Run Service is a workload.
    if spec.get("template").is_some() {
        return Relates::Nothing;
    }
    let read = |port: Value<'_>| {
        let number = int_at(port, "port");
        let target = text_of(port, "targetPort").or_else(|| number.map(|number| number.to_string()));
        ServicePort { port: number, target: target.unwrap_or_default(), node: port.id() }
    };
    let ports = spec.get("ports").into_iter().flat_map(Value::items).map(read).collect();
    Relates::Service { selector: pairs_of(spec.get("selector")), ports }
}

/// Keys under which routes name their Services, wherever they stand in the spec.
const BACKENDS: &[(&str, &[&str])] = &[
    // Istio: http[].route[].destination.host; DestinationRule: host.
    ("destination", &["host"]),
    // Ingress: rules[].http.paths[].backend.service.name, and defaultBackend.
    ("backend", &["service", "name"]),
    ("defaultBackend", &["service", "name"]),
    // The form before networking.k8s.io/v1.
    ("backend", &["serviceName"]),
    // OpenShift Route: to.name.
    ("to", &["name"]),
];

/// Deepest level at which a route names a Service.
const ROUTE_DEPTH: usize = 8;

fn routes(kind: &str, spec: Value<'_>) -> Relates {
    let mut services: Vec<String> = Vec::new();
    let mut add = |name: Option<Value<'_>>| {
        if let Some(name) = name.and_then(Value::text)
            && !services.iter().any(|known| known == name)
        {
            services.push(name.to_owned());
        }
    };
    if kind == "DestinationRule" {
        add(spec.get("host"));
    }
    let mut todo = vec![(spec, 0)];
    while let Some((value, depth)) = todo.pop() {
        if depth > ROUTE_DEPTH {
            continue;
        }
        let mut next = Vec::new();
        for entry in value.entries() {
            for (_, route) in BACKENDS.iter().filter(|(key, _)| *key == entry.key) {
                add(entry.value.at(route));
            }
            // Gateway API: rules[].backendRefs[].name.
            if entry.key == "backendRefs" {
                entry.value.items().for_each(|backend| add(backend.get("name")));
            }
            next.push((entry.value, depth + 1));
        }
        next.extend(value.items().map(|item| (item, depth + 1)));
        todo.extend(next.into_iter().rev().take(256));
    }
    let named = ["hosts", "hostnames"].iter().filter_map(|key| spec.get(key)).flat_map(Value::items);
    let rules = spec.get("rules").into_iter().flat_map(Value::items).filter_map(|rule| rule.get("host"));
    let hosts = named.chain(rules).chain(spec.get("host").filter(|_| kind == "Route")).filter_map(Value::text);
    Relates::Routes { hosts: hosts.map(str::to_owned).collect(), services }
}

fn selects(what: &str, selector: Option<Value<'_>>) -> Relates {
    Relates::Selects { what: what.to_owned(), selector: labels_of(selector) }
}

fn labels_of(selector: Option<Value<'_>>) -> Pairs {
    let labels = selector.and_then(|selector| selector.get("matchLabels").or_else(|| selector.get("labels")));
    // Istio's Gateway and old selectors are the labels themselves.
    pairs_of(labels.or_else(|| selector.filter(|selector| selector.get("matchExpressions").is_none())))
}

fn peer_authentication(spec: Value<'_>) -> Relates {
    let mode = |value: Value<'_>| match value.get("mode").and_then(Value::text) {
        Some("STRICT") => Some(TlsMode::Strict),
        Some("PERMISSIVE") => Some(TlsMode::Permissive),
        Some("DISABLE") => Some(TlsMode::Disable),
        _ => None,
    };
    let ports = spec.get("portLevelMtls").map(|ports| ports.entries()).unwrap_or_default();
    Relates::PeerAuthentication {
        selector: labels_of(spec.get("selector")),
        mode: spec.get("mtls").and_then(mode),
        ports: ports.iter().filter_map(|port| Some((port.key.parse().ok()?, mode(port.value)?))).collect(),
    }
}

fn targets(what: &str, reference: Option<Value<'_>>) -> Relates {
    let Some(reference) = reference else { return Relates::Nothing };
    let kind = text_of(reference, "kind").unwrap_or_else(|| "Deployment".to_owned());
    match text_of(reference, "name") {
        Some(name) => Relates::Targets { what: what.to_owned(), kind, name },
        None => Relates::Nothing,
    }
}
