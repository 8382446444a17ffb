//! What containers request, as exact amounts.

use super::{Case, Member};
use crate::model::{ContainerField, ResourceList};
use crate::quantity::Quantity;
use crate::resources::{Amounts, Claim, Part, PodResources};

/// The amounts of a list, as far as they can be read.
fn amounts(list: &ResourceList) -> Amounts {
    list.iter().filter_map(|(name, amount)| Some((name.clone(), Quantity::parse(&amount.value)?))).collect()
}

/// What a container requests; a limit without a request makes an equal request.
pub(in crate::rules) fn request(member: Member<'_>, name: &str) -> Option<Quantity> {
    let resources = &member.container.resources;
    let find =
        |list: &ResourceList| list.iter().find(|(own, _)| own == name).and_then(|(_, q)| Quantity::parse(&q.value));
    find(&resources.requests).or_else(|| find(&resources.limits))
}

/// What a Pod requests, container by container.
pub(in crate::rules) fn of_pod(case: &Case<'_>) -> PodResources {
    let claims = case.members().filter(|member| member.container.field != ContainerField::EphemeralContainers);
    let claims = claims.map(|member| {
        let part = match member.container.field {
            ContainerField::InitContainers if member.is_native() => Part::Sidecar,
            ContainerField::InitContainers => Part::Init,
            _ => Part::Regular,
        };
        let limits = amounts(&member.container.resources.limits);
        let mut requests = limits.clone();
        requests.extend(amounts(&member.container.resources.requests));
        Claim { name: member.name().to_owned(), part, requests, limits, status: None }
    });
    let pod = &case.workload.pod;
    PodResources {
        claims: claims.collect(),
        overhead: amounts(&pod.overhead),
        pod_requests: amounts(&pod.resources.requests),
        pod_limits: amounts(&pod.resources.limits),
        is_resize_infeasible: false,
    }
}
