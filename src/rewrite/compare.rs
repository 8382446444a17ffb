//! What a change did: findings, start order and cost before and after.

use crate::Analysis;
use crate::finding::Severity;
use crate::model::{Container, ContainerField, Pod, ProbeKind, ResourceList, Workload};
use crate::quantity::Quantity;
use crate::release::Cluster;
use crate::resources::{Amounts, Claim, Counting, Part, PodResources, QosClass};
use serde::Serialize;

/// The difference between two analyses of what is the same workload.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Difference {
    /// Rule and message of findings that are gone.
    pub solved: Vec<(&'static str, Severity, String)>,
    /// Rule and message of findings that are new.
    pub new: Vec<(&'static str, Severity, String)>,
    /// What starts when, before: one line for each step.
    pub start_before: Vec<String>,
    /// What starts when, after.
    pub start_after: Vec<String>,
    /// What the Pod costs, before and after; none where the numbers cannot be read.
    pub cost: Option<(Cost, Cost)>,
}

/// What a Pod costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// What the scheduler reserves, as `name: amount`.
    pub requests: Vec<(String, String)>,
    /// The QoS class.
    pub qos: &'static str,
}

/// Compares a workload, given by its index, in two analyses. A rewrite keeps the number and order of workloads.
#[must_use]
pub fn compare(before: &Analysis, after: &Analysis, workload: usize, cluster: &Cluster) -> Difference {
    let findings = |analysis: &Analysis| -> Vec<(&'static str, Severity, String)> {
        let own = analysis.findings.iter().filter(|finding| finding.workloads.contains(&workload));
        own.map(|finding| (finding.rule, finding.severity, finding.message.clone())).collect()
    };
    let (old, new) = (findings(before), findings(after));
    let missing = |from: &[(&'static str, Severity, String)], other: &[(&'static str, Severity, String)]| {
        from.iter().filter(|finding| !other.contains(finding)).cloned().collect()
    };
    let pods = (before.model.workloads.get(workload), after.model.workloads.get(workload));
    let steps = |workload: Option<&Workload>| workload.map(|workload| start_steps(&workload.pod)).unwrap_or_default();
    let cost = |workload: Option<&Workload>| cost(&workload?.pod, cluster);
    Difference {
        solved: missing(&old, &new),
        new: missing(&new, &old),
        start_before: steps(pods.0),
        start_after: steps(pods.1),
        cost: cost(pods.0).zip(cost(pods.1)),
    }
}

/// What starts when (facts 2.2, 2.3 and 2.6).
fn start_steps(pod: &Pod) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    for (_, container) in pod.of(ContainerField::InitContainers) {
        let name = container.display_name();
        steps.push(if !container.is_native_sidecar() {
            format!("{name} runs to its end")
        } else if container.probe(ProbeKind::Startup).is_some() {
            format!("{name} starts; what follows waits for its startupProbe")
        } else {
            format!("{name} starts")
        });
    }
    let regular: Vec<&str> =
        pod.containers.iter().filter(|one| one.field.is_regular()).map(Container::display_name).collect();
    match regular.as_slice() {
        [] => {}
        [one] => steps.push(format!("{one} starts")),
        _ => steps.push(format!("{} start together", super::listed(&regular))),
    }
    steps
}

fn cost(pod: &Pod, cluster: &Cluster) -> Option<Cost> {
    let resources = resources(pod)?.with_defaults(cluster);
    let requests = resources.requests(Counting::default());
    let qos: QosClass = resources.qos(cluster);
    Some(Cost {
        requests: requests.iter().map(|(name, amount)| (name.clone(), amount.to_string())).collect(),
        qos: qos.id(),
    })
}

/// What a Pod asks for; `None` when an amount cannot be read.
fn resources(pod: &Pod) -> Option<PodResources> {
    let mut claims = Vec::new();
    for container in &pod.containers {
        let part = match container.field {
            ContainerField::InitContainers if container.is_native_sidecar() => Part::Sidecar,
            ContainerField::InitContainers => Part::Init,
            ContainerField::EphemeralContainers => continue,
            _ => Part::Regular,
        };
        claims.push(Claim {
            name: container.display_name().to_owned(),
            part,
            requests: amounts(&container.resources.requests)?,
            limits: amounts(&container.resources.limits)?,
            status: None,
        });
    }
    Some(PodResources {
        claims,
        overhead: amounts(&pod.overhead)?,
        pod_requests: amounts(&pod.resources.requests)?,
        pod_limits: amounts(&pod.resources.limits)?,
        is_resize_infeasible: false,
    })
}

fn amounts(list: &ResourceList) -> Option<Amounts> {
    list.iter().map(|(name, amount)| Some((name.clone(), Quantity::parse(&amount.value)?))).collect()
}
