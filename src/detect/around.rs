//! The objects of a text that have to do with a workload: what sends traffic to it, limits it, scales it, feeds it.

use crate::model::{Model, Object, Pairs, Relates, TlsMode, VolumeKind, Workload};

/// An object that has to do with a workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Around {
    /// Index of the object.
    pub object: usize,
    /// How, as the end of a sentence that starts with the object: `sends traffic to port http`.
    pub how: String,
}

/// All objects that have to do with a workload, in the order of the text.
#[must_use]
pub fn around(workload: &Workload, model: &Model) -> Vec<Around> {
    let services: Vec<&Object> =
        services(workload, model).into_iter().filter_map(|index| model.objects.get(index)).collect();
    // Whatever relates to nothing can only be what has made it.
    let has_owner = !workload.owners.is_empty();
    let all = has_owner.then(|| model.objects.iter().enumerate()).into_iter().flatten();
    let relating = (!has_owner).then(|| model.relating()).into_iter().flatten();
    let objects = all.chain(relating).filter(|(index, _)| *index != workload.object);
    objects
        .filter_map(|(index, object)| Some(Around { object: index, how: how(workload, &services, object)? }))
        .collect()
}

/// The Services that select the Pods of a workload.
#[must_use]
pub fn services(workload: &Workload, model: &Model) -> Vec<usize> {
    let mut found = model.services_near(&workload.pod.labels);
    found.retain(|index| model.objects.get(*index).is_some_and(|object| serves(object, workload)));
    found
}

/// Whether a route names a Service, possibly with its namespace and domain: `web.shop.svc.cluster.local`.
#[must_use]
pub fn routes_to(named: &str, service: &Object) -> bool {
    service
        .name
        .as_deref()
        .is_some_and(|name| named == name || named.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
}

/// How an object has to do with a workload, and with the Services that select it.
fn how(workload: &Workload, own: &[&Object], object: &Object) -> Option<String> {
    match &object.relates {
        Relates::Service { selector, ports } => {
            if !is_near(workload, object) || !selects(selector, &workload.pod.labels) {
                return None;
            }
            let targets: Vec<&str> = ports.iter().map(|port| port.target.as_str()).collect();
            Some(if targets.is_empty() {
                "gives it a name".to_owned()
            } else {
                format!("sends traffic to port {}", targets.join(", "))
            })
        }
        Relates::Routes { services, .. } => {
            let service = own.iter().find(|service| services.iter().any(|named| routes_to(named, service)))?;
            Some(format!("routes traffic to Service {}", service.name.as_deref().unwrap_or_default()))
        }
        Relates::Selects { .. } | Relates::PeerAuthentication { .. } | Relates::Targets { .. } => {
            governs(workload, object)
        }
        Relates::Provides => provides(workload, object),
        Relates::Nothing => owns(workload, object),
    }
}

/// What a policy, an autoscaler and the like does to a workload; nothing when the object is another one.
#[must_use]
pub fn governs(workload: &Workload, object: &Object) -> Option<String> {
    let is_it = |selector: &Pairs| selector.is_empty() || selects(selector, &workload.pod.labels);
    let how = match &object.relates {
        Relates::Selects { what, selector } if is_it(selector) => what.as_str(),
        Relates::PeerAuthentication { selector, mode, .. } if is_it(selector) => mutual_tls(*mode),
        Relates::Targets { what, kind, name } => {
            let is_it = workload.kind.as_ref() == Some(kind) && workload.name.as_ref() == Some(name);
            is_it.then_some(what.as_str())?
        }
        _ => return None,
    };
    is_near(workload, object).then(|| how.to_owned())
}

/// Whether an object is a Service that selects the Pods of a workload.
#[must_use]
pub fn serves(object: &Object, workload: &Workload) -> bool {
    match &object.relates {
        Relates::Service { selector, .. } => is_near(workload, object) && selects(selector, &workload.pod.labels),
        _ => false,
    }
}

fn mutual_tls(mode: Option<TlsMode>) -> &'static str {
    match mode {
        Some(TlsMode::Strict) => "lets only mutual TLS reach it",
        Some(TlsMode::Permissive) => "lets mutual TLS and plain text reach it",
        Some(TlsMode::Disable) => "switches mutual TLS off for it",
        None => "says how callers must connect to it",
    }
}

fn provides(workload: &Workload, object: &Object) -> Option<String> {
    let wanted = match object.kind.as_deref()? {
        "ConfigMap" => VolumeKind::ConfigMap,
        "Secret" => VolumeKind::Secret,
        _ => VolumeKind::PersistentVolumeClaim,
    };
    let volume = workload.pod.volumes.iter().find(|volume| {
        volume.kind == wanted && volume.reference.as_ref().map(|reference| &reference.value) == object.name.as_ref()
    })?;
    is_near(workload, object).then(|| format!("is volume {}", volume.name))
}

/// A dump of a cluster holds a Deployment, its ReplicaSet and its Pods.
fn owns(workload: &Workload, object: &Object) -> Option<String> {
    let is_owner = workload
        .owners
        .iter()
        .any(|(kind, name)| object.kind.as_ref() == Some(kind) && object.name.as_ref() == Some(name));
    (is_owner && is_near(workload, object)).then(|| "has made it".to_owned())
}

/// Whether an object can have to do with a workload: they share a namespace, or one of the two does not say its own.
pub(super) fn is_near(workload: &Workload, object: &Object) -> bool {
    object.namespace == workload.namespace || object.namespace.is_none() || workload.namespace.is_none()
}

/// Whether labels fulfil a selector; an empty one selects nothing.
pub(super) fn selects(selector: &Pairs, labels: &Pairs) -> bool {
    !selector.is_empty() && selector.iter().all(|pair| labels.contains(pair))
}
