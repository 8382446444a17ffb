//! Evidence from other objects: the container that a Service sends traffic to is rarely a helper.

use super::Subject;
use crate::detect::{Evidence, EvidenceKind};
use crate::model::Relates;

pub(super) fn gather(subject: Subject<'_>) -> Vec<Evidence> {
    let labels = &subject.workload.pod.labels;
    for object in &subject.model.objects {
        let Relates::Service { selector, ports } = &object.relates else { continue };
        let selects = !selector.is_empty() && selector.iter().all(|pair| labels.contains(pair));
        if !selects || object.namespace != subject.workload.namespace {
            continue;
        }
        let own = subject.container.ports.iter().find(|own| {
            let number = own.port.to_string();
            ports.iter().any(|port| port.target == number || Some(&port.target) == own.name.as_ref())
        });
        if let Some(port) = own {
            let service = object.name.as_deref().unwrap_or("(no name)");
            let text = format!("Service {service} sends traffic to its port {}", port.port);
            return vec![subject.evidence(EvidenceKind::References, -2, text, Some(port.node))];
        }
    }
    Vec::new()
}
