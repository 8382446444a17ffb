//! The QoS class of a Pod, and the order in which the kernel kills when memory runs out (facts 6.10 and 6.11).

use super::{Amounts, Claim, Counting, Part, PodResources, add};
use crate::release::{Cluster, Feature};
use serde::{Deserialize, Serialize};

/// `status.qosClass`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum QosClass {
    /// Every container has CPU and memory limits, and equal requests.
    Guaranteed,
    /// Something is requested or limited.
    Burstable,
    /// Nothing is requested or limited.
    BestEffort,
}

impl QosClass {
    /// As Kubernetes writes it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Guaranteed => "Guaranteed",
            Self::Burstable => "Burstable",
            Self::BestEffort => "BestEffort",
        }
    }
}

/// Only CPU and memory count, and only when they are more than nothing.
fn counted(amounts: &Amounts) -> Amounts {
    let counts = |name: &str| matches!(name, "cpu" | "memory");
    let some = amounts.iter().filter(|(name, amount)| counts(name) && amount.nano() > 0);
    some.map(|(name, amount)| (name.clone(), *amount)).collect()
}

impl PodResources {
    /// The QoS class. Looks at the Pod level only, when that is given.
    #[must_use]
    pub fn qos(&self, cluster: &Cluster) -> QosClass {
        let (mut requests, mut limits) = (Amounts::new(), Amounts::new());
        let mut is_limited = true;
        let mut count = |own_requests: &Amounts, own_limits: &Amounts| {
            add(&mut requests, &counted(own_requests));
            let own_limits = counted(own_limits);
            is_limited &= own_limits.len() == 2;
            add(&mut limits, &own_limits);
        };
        if cluster.has(Feature::PodLevelResources) && self.has_pod_level() {
            count(&self.pod_requests, &self.pod_limits);
        } else {
            self.claims.iter().for_each(|claim| count(&claim.requests, &claim.limits));
        }
        match () {
            () if requests.is_empty() && limits.is_empty() => QosClass::BestEffort,
            () if is_limited && requests == limits => QosClass::Guaranteed,
            () => QosClass::Burstable,
        }
    }

    /// The `oom_score_adj` of a container on a node with so many bytes of memory: from -997, killed last, to 1000,
    /// killed first.
    #[must_use]
    pub fn oom_score(&self, claim: &Claim, node_memory: i64, cluster: &Cluster) -> i64 {
        match self.qos(cluster) {
            QosClass::Guaranteed => return -997,
            QosClass::BestEffort => return 1000,
            QosClass::Burstable => {}
        }
        let shared = self.unclaimed_memory(cluster);
        let score = |memory: i64| {
            let share = i128::from(memory.saturating_add(shared)) * 1000 / i128::from(node_memory.max(1));
            1000 - i64::try_from(share).unwrap_or(i64::MAX / 2)
        };
        let mut own = score(memory(&claim.requests));
        if claim.part == Part::Sidecar && cluster.has(Feature::SidecarOomAdjustment) {
            let regular = self.claims.iter().filter(|claim| claim.part == Part::Regular);
            if let Some(least) = regular.map(|claim| memory(&claim.requests)).min() {
                own = own.min(score(least));
            }
        }
        own.clamp(3, 999)
    }

    /// Memory that the Pod requests beyond its containers, divided evenly among them.
    fn unclaimed_memory(&self, cluster: &Cluster) -> i64 {
        let own = memory(&self.pod_requests);
        if own == 0 || !cluster.has(Feature::PodLevelResources) {
            return 0;
        }
        let of_containers = memory(&self.requests(Counting { overhead: false, pod_level: false, status: false }));
        (own - of_containers) / i64::try_from(self.claims.len().max(1)).unwrap_or(i64::MAX)
    }
}

/// Bytes.
fn memory(amounts: &Amounts) -> i64 {
    amounts.get("memory").map_or(0, |amount| i64::try_from(amount.value()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{amounts, claim};
    use super::super::{Part, PodResources};
    use super::QosClass;
    use crate::release::{Cluster, Release};

    const GIB: i64 = 1 << 30;

    fn pod(sidecar: &str, app: &str) -> PodResources {
        let claims = vec![claim("proxy", Part::Sidecar, sidecar, ""), claim("app", Part::Regular, app, "")];
        PodResources { claims, ..PodResources::default() }
    }

    #[test]
    fn a_sidecar_is_never_killed_before_the_smallest_app() {
        let score = |pod: &PodResources, minor| {
            pod.oom_score(&pod.claims[0], 10 * GIB, &Cluster::new(Release::new(minor).unwrap()))
        };
        assert_eq!(score(&pod("memory=100Mi", "memory=1Gi"), 36), 900);
        assert_eq!(score(&pod("memory=100Mi", "memory=1Gi"), 31), 991, "not before 1.32");
        assert_eq!(score(&pod("memory=2Gi", "memory=1Gi"), 36), 800);
        assert_eq!(score(&pod("", "memory=20Gi"), 36), 3);
    }

    #[test]
    fn one_helper_without_limits_makes_a_pod_burstable() {
        let full = || claim("app", Part::Regular, "cpu=1 memory=1Gi", "cpu=1 memory=1Gi");
        let qos = |claims| PodResources { claims, ..PodResources::default() }.qos(&Cluster::default());
        assert_eq!(qos(vec![full()]), QosClass::Guaranteed);
        assert_eq!(qos(vec![claim("init", Part::Init, "", ""), full()]), QosClass::Burstable);
        assert_eq!(qos(vec![claim("app", Part::Regular, "cpu=0", "ephemeral-storage=1Gi")]), QosClass::BestEffort);
    }

    #[test]
    fn the_pod_level_decides_alone() {
        let mut pod = pod("", "");
        pod.pod_requests = amounts("cpu=1 memory=1Gi");
        pod.pod_limits = amounts("cpu=1 memory=1Gi");
        assert_eq!(pod.qos(&Cluster::default()), QosClass::Guaranteed);
        assert_eq!(pod.qos(&Cluster::new(Release::new(33).unwrap())), QosClass::BestEffort);
    }
}
