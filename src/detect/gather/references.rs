//! Evidence from other objects: the container that a Service sends traffic to is rarely a helper.

use super::Subject;
use crate::detect::{Evidence, EvidenceKind, around};
use crate::model::{Model, Object, Relates, Workload};

/// The Services that select the Pods of a workload, and say that they stand in its namespace.
pub(super) fn services<'m>(workload: &Workload, model: &'m Model) -> Vec<&'m Object> {
    let found = around::services(workload, model).into_iter().filter_map(|index| model.objects.get(index));
    found.filter(|object| object.namespace == workload.namespace).collect()
}

pub(super) fn gather(subject: Subject<'_>) -> Vec<Evidence> {
    for object in subject.services {
        let Relates::Service { ports, .. } = &object.relates else { continue };
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
