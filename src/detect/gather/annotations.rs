//! Evidence from annotations: what tools were told, or have written down, about a container.

use super::Subject;
use crate::category::Category;
use crate::detect::{Evidence, EvidenceKind};
use crate::model::lookup;

pub(super) fn gather(subject: Subject<'_>) -> Vec<Evidence> {
    let Some(name) = subject.container.name.as_ref().map(|name| name.value.as_str()) else { return Vec::new() };
    let annotations = &subject.workload.pod.annotations;
    let mut found = Vec::new();
    for key in ["kubectl.kubernetes.io/default-container", "kubectl.kubernetes.io/default-logs-container"] {
        if lookup(annotations, key) == Some(name) {
            found.push(subject.evidence(EvidenceKind::Annotations, -7, format!("annotation {key} names it"), None));
            break;
        }
    }
    // Istio's injector writes down what it added: {"initContainers":["istio-init"],"containers":["istio-proxy"],…}.
    if let Some(status) = lookup(annotations, "sidecar.istio.io/status")
        && status.contains(&format!("\"{name}\""))
    {
        let text = "annotation sidecar.istio.io/status lists it as injected".to_owned();
        found.push(subject.of_category(EvidenceKind::Annotations, 10, (Category::MeshProxy, 6), text, None));
    }
    if lookup(annotations, "inject.istio.io/templates").is_some_and(|templates| templates.contains("gateway"))
        && name == "istio-proxy"
    {
        let text = "annotation inject.istio.io/templates makes it a gateway, which is the app of its Pod".to_owned();
        found.push(subject.evidence(EvidenceKind::Annotations, -20, text, None));
    }
    found
}
