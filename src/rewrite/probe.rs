//! Startup probes for helpers that become native: without one the next container starts as soon as the helper's process
//! runs, ready or not (facts 2.3 and 2.7).

use super::Proposal;
use crate::category::Category;
use crate::detect::Verdict;
use crate::detect::links::Link;
use crate::edit::Yaml;
use crate::model::{Container, ContainerField, Handler, ProbeKind, Workload};
use crate::source::Document;

/// Where known helpers say that they are usable, by their id in the catalogue: port and path.
const KNOWN: &[(&str, i64, &str)] = &[
    ("istio-proxy", 15021, "/healthz/ready"),
    ("istio-proxy-asm", 15021, "/healthz/ready"),
    ("istio-proxy-auto", 15021, "/healthz/ready"),
    ("istio-proxy-ossm", 15021, "/healthz/ready"),
    ("linkerd-proxy", 4191, "/ready"),
    ("daprd", 3500, "/v1.0/healthz/outbound"),
];

/// How long a helper may take to start, in seconds; then it is restarted.
const PATIENCE: i64 = 60;

/// The probe to propose for a helper, if one can be told from the manifest.
pub(super) fn propose(
    workload: &Workload,
    container: usize,
    verdict: Option<&Verdict>,
    links: &[Link],
    document: &Document,
) -> Option<Proposal> {
    let helper = workload.pod.containers.get(container)?;
    if helper.probe(ProbeKind::Startup).is_some() {
        return None;
    }
    let name = helper.display_name();
    let make = |reason: String, is_sure: bool, probe: Yaml| {
        Some(Proposal { container, title: format!("Give {name} a startupProbe"), reason, is_sure, probe })
    };
    if let Some(readiness) = helper.probe(ProbeKind::Readiness) {
        if asks_another(workload, container, readiness.handler.as_ref()) {
            return None;
        }
        let mut probe = Yaml::copy(document.value(readiness.node))?;
        let Yaml::Map(entries) = &mut probe else { return None };
        // The handler stays; how often and how long is another matter for a start.
        entries.retain(|(key, _)| matches!(key.as_str(), "httpGet" | "tcpSocket" | "grpc" | "exec" | "timeoutSeconds"));
        let wait = readiness.initial_delay.unwrap_or_default();
        let period = readiness.period.unwrap_or(10).clamp(1, 2);
        probe.set("periodSeconds", period);
        probe.set("failureThreshold", (PATIENCE.max(wait * 3) / period).max(1));
        let is_sure = !matches!(readiness.handler, Some(Handler::Exec(_)) | None);
        let reason = format!(
            "A readinessProbe does not hold back the app, a startupProbe does. This one asks what the readinessProbe of \
             {name} asks, for up to {} s.",
            PATIENCE.max(wait * 3)
        );
        let check = if is_sure { "" } else { " Make sure that its command does not need the app." };
        return make(reason + check, is_sure, probe);
    }
    let known = verdict.and_then(|verdict| verdict.known_as);
    if let Some((_, port, path)) = KNOWN.iter().find(|(id, ..)| Some(*id) == known) {
        let probe = with_patience("httpGet", Yaml::from([("path", Yaml::from(*path)), ("port", Yaml::from(*port))]));
        return make(
            format!("{name} says at port {port} under {path} when it is usable; the app then starts no earlier."),
            true,
            probe,
        );
    }
    // What brings files has ports for its figures, which say nothing about the files.
    let category = verdict.and_then(|verdict| verdict.category);
    let is_needed = is_needed_at_start(workload, container, verdict, links)
        && !matches!(category, Some(Category::SecretsAgent | Category::DataSync));
    let port = helper.ports.iter().find(|port| port.protocol == "TCP").filter(|_| is_needed)?;
    make(
        format!(
            "The app needs {name} from its start on. Look first whether {name} listens on all addresses: the kubelet asks \
             at the address of the Pod, and if {name} listens on 127.0.0.1 only, the app would never start."
        ),
        false,
        with_patience("tcpSocket", Yaml::from([("port", Yaml::from(port.port))])),
    )
}

/// Whether the app, as far as one can see, cannot do without a helper when it starts: it calls it, or such helpers are
/// there to be called or to bring what the app reads.
pub(super) fn is_needed_at_start(
    workload: &Workload,
    container: usize,
    verdict: Option<&Verdict>,
    links: &[Link],
) -> bool {
    let is_called = links.iter().any(|link| link.to == container && is_app(workload, link.from));
    let serves = matches!(
        verdict.and_then(|verdict| verdict.category),
        Some(
            Category::MeshProxy
                | Category::DbProxy
                | Category::Ambassador
                | Category::Cache
                | Category::SecretsAgent
                | Category::DataSync
        )
    );
    is_called || serves
}

fn with_patience(handler: &str, what: Yaml) -> Yaml {
    Yaml::from([(handler, what), ("periodSeconds", Yaml::from(1)), ("failureThreshold", Yaml::from(PATIENCE))])
}

fn is_app(workload: &Workload, index: usize) -> bool {
    workload.pod.containers.get(index).is_some_and(|container| container.field == ContainerField::Containers)
}

/// Whether a probe asks at the port of another container, which may start later (fact 2.9).
pub(super) fn asks_another(workload: &Workload, container: usize, handler: Option<&Handler>) -> bool {
    let port = match handler {
        Some(Handler::HttpGet { port, .. } | Handler::TcpSocket(port) | Handler::Grpc(port)) => port,
        _ => return false,
    };
    let has = |container: &Container| container.ports.iter().any(|own| own.port.to_string() == *port);
    let mut containers = workload.pod.containers.iter().enumerate();
    let own = workload.pod.containers.get(container).is_some_and(has);
    !own && containers
        .any(|(index, other)| index != container && other.field == ContainerField::Containers && has(other))
}
