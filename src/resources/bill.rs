//! What a Pod reserves at each stage of its life, and what that makes of it.

use super::{Amounts, Claim, Counting, Part, PodResources, QosClass, add};
use crate::model::{Container, ContainerField, Pod, ResourceList, Resources};
use crate::quantity::Quantity;
use crate::release::{Cluster, Feature};

/// A stage in the life of a Pod, and who runs in it.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The plain init container of that stage, as an index into the claims; none for the time after the last one.
    pub init: Option<usize>,
    /// Claims of all containers that run.
    pub running: Vec<usize>,
    /// What they request together.
    pub requests: Amounts,
}

/// What a Pod costs.
#[derive(Clone, Debug)]
pub struct Bill {
    /// The Pod.
    pub resources: PodResources,
    /// Its stages, in order.
    pub stages: Vec<Stage>,
    /// What the scheduler reserves for it, from its start to its end.
    pub requests: Amounts,
    /// What it is limited to.
    pub limits: Amounts,
    /// Its QoS class.
    pub qos: QosClass,
}

fn amounts(list: &ResourceList) -> Amounts {
    let amount = |text: &str| Quantity::parse(text.trim());
    list.iter().filter_map(|(name, text)| Some((name.clone(), amount(&text.value)?))).collect()
}

/// What a container asks for.
#[must_use]
pub fn claim(name: &str, part: Part, resources: &Resources) -> Claim {
    let (requests, limits) = (amounts(&resources.requests), amounts(&resources.limits));
    Claim { name: name.to_owned(), part, requests, limits, status: None }
}

/// The bill of a Pod as it is written.
#[must_use]
pub fn written_bill(pod: &Pod, cluster: &Cluster) -> Bill {
    let has_sidecars = cluster.has(Feature::SidecarContainers);
    let part = |container: &Container| match container.field {
        ContainerField::InitContainers if has_sidecars && container.is_native_sidecar() => Some(Part::Sidecar),
        ContainerField::InitContainers => Some(Part::Init),
        ContainerField::EphemeralContainers => None,
        _ => Some(Part::Regular),
    };
    let of = |container: &Container| Some(claim(container.display_name(), part(container)?, &container.resources));
    bill(pod, pod.containers.iter().filter_map(of).collect(), cluster)
}

/// The bill of a Pod whose containers stand as `claims` says: entries of `initContainers` first, in their order.
#[must_use]
pub fn bill(pod: &Pod, claims: Vec<Claim>, cluster: &Cluster) -> Bill {
    let resources = PodResources {
        claims,
        overhead: amounts(&pod.overhead),
        pod_requests: amounts(&pod.resources.requests),
        pod_limits: amounts(&pod.resources.limits),
        is_resize_infeasible: false,
    }
    .with_defaults(cluster);
    let counting = Counting::default();
    Bill {
        stages: stages(&resources.claims),
        requests: resources.requests(counting),
        limits: resources.limits(counting),
        qos: resources.qos(cluster),
        resources,
    }
}

fn stages(claims: &[Claim]) -> Vec<Stage> {
    let stage = |init: Option<usize>, running: Vec<usize>| {
        let mut requests = Amounts::new();
        for claim in running.iter().filter_map(|index| claims.get(*index)) {
            add(&mut requests, &claim.requests);
        }
        Stage { init, running, requests }
    };
    let of =
        |part: Part| claims.iter().enumerate().filter(move |(_, claim)| claim.part == part).map(|(index, _)| index);
    let before = |index: usize| of(Part::Sidecar).take_while(move |sidecar| *sidecar < index);
    let init = of(Part::Init).map(|index| stage(Some(index), before(index).chain([index]).collect()));
    let running = stage(None, of(Part::Sidecar).chain(of(Part::Regular)).collect());
    init.chain([running]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{amounts, claim};
    use super::{Part, stages};

    #[test]
    fn each_init_container_is_a_stage_with_the_sidecars_before_it() {
        let claims = vec![
            claim("proxy", Part::Sidecar, "cpu=100m", ""),
            claim("migrate", Part::Init, "cpu=1", ""),
            claim("logs", Part::Sidecar, "cpu=50m", ""),
            claim("app", Part::Regular, "cpu=500m", ""),
        ];
        let stages = stages(&claims);
        let shown: Vec<_> = stages.iter().map(|stage| (stage.init, stage.running.clone())).collect();
        assert_eq!(shown, [(Some(1), vec![0, 1]), (None, vec![0, 2, 3])]);
        assert_eq!(stages[0].requests, amounts("cpu=1100m"));
        assert_eq!(stages[1].requests, amounts("cpu=650m"));
    }
}
