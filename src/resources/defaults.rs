//! What the API server fills in before it stores a Pod (facts 6.6 and 6.7).

use super::{Counting, PodResources, is_hugepages, is_pod_level};
use crate::release::{Cluster, Feature};

impl PodResources {
    /// The same Pod as the API server stores it. Only Pods are treated so, no templates: the difference shows in
    /// `kubectl get deployment`, but not in what a Pod costs.
    #[must_use]
    pub fn with_defaults(mut self, cluster: &Cluster) -> Self {
        for claim in &mut self.claims {
            for (name, limit) in &claim.limits {
                claim.requests.entry(name.clone()).or_insert(*limit);
            }
        }
        if !cluster.has(Feature::PodLevelResources) {
            self.pod_requests.clear();
            self.pod_limits.clear();
        }
        if self.has_pod_level() {
            self.default_pod_level();
        }
        self
    }

    fn default_pod_level(&mut self) {
        let bare = Counting { overhead: false, pod_level: false, status: false };
        for (name, limit) in self.limits(bare) {
            if is_hugepages(&name) && !self.pod_requests.contains_key(&name) {
                self.pod_limits.entry(name).or_insert(limit);
            }
        }
        if self.pod_limits.is_empty() {
            return;
        }
        for (name, request) in self.requests(bare) {
            // Huge pages cannot be overcommitted: their request follows the limit.
            if is_pod_level(&name) && !is_hugepages(&name) {
                self.pod_requests.entry(name).or_insert(request);
            }
        }
        for (name, limit) in &self.pod_limits {
            if is_pod_level(name) {
                self.pod_requests.entry(name.clone()).or_insert(*limit);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{amounts, claim};
    use super::super::{Part, PodResources};
    use crate::release::{Cluster, Release};

    #[test]
    fn a_limit_without_a_request_makes_an_equal_request() {
        let claims = vec![claim("app", Part::Init, "cpu=1", "cpu=2 memory=1Gi")];
        let pod = PodResources { claims, ..PodResources::default() }.with_defaults(&Cluster::default());
        assert_eq!(pod.claims[0].requests, amounts("cpu=1 memory=1Gi"));
    }

    #[test]
    fn missing_pod_level_requests_are_the_sum_or_else_the_limit() {
        let pod = |minor| {
            PodResources {
                claims: vec![claim("app", Part::Regular, "cpu=1", "hugepages-2Mi=4Mi")],
                pod_limits: amounts("cpu=2 memory=1Gi"),
                ..PodResources::default()
            }
            .with_defaults(&Cluster::new(Release::new(minor).unwrap()))
        };
        assert_eq!(pod(36).pod_requests, amounts("cpu=1 memory=1Gi hugepages-2Mi=4Mi"));
        assert_eq!(pod(36).pod_limits, amounts("cpu=2 memory=1Gi hugepages-2Mi=4Mi"));
        assert!(!pod(33).has_pod_level(), "1.33 drops the field");
    }
}
