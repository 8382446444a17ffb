//! The formula (facts 6.1 to 6.4 and 6.9).

use super::{Amounts, Claim, Part, PodResources, add, is_pod_level, raise};

/// What goes into a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counting {
    /// `spec.overhead`.
    pub overhead: bool,
    /// `spec.resources`.
    pub pod_level: bool,
    /// What the status says, as the scheduler counts while a resize is under way.
    pub status: bool,
}

impl Default for Counting {
    /// What the Pod reserves on a node.
    fn default() -> Self {
        Self { overhead: true, pod_level: true, status: false }
    }
}

impl PodResources {
    /// What the Pod requests.
    #[must_use]
    pub fn requests(&self, counting: Counting) -> Amounts {
        let mut sum = self.aggregate(|claim| self.effective_requests(claim, counting));
        if counting.pod_level {
            let own = self.pod_requests.iter().filter(|(name, _)| is_pod_level(name));
            sum.extend(own.map(|(name, amount)| (name.clone(), *amount)));
        }
        if counting.overhead {
            add(&mut sum, &self.overhead);
        }
        sum
    }

    /// What the Pod is limited to, as far as it is: a container without a limit counts nothing.
    #[must_use]
    pub fn limits(&self, counting: Counting) -> Amounts {
        let mut sum = self.aggregate(|claim| self.effective_limits(claim, counting));
        if counting.pod_level {
            let own = self.pod_limits.iter().filter(|(name, _)| is_pod_level(name));
            sum.extend(own.map(|(name, amount)| (name.clone(), *amount)));
        }
        if counting.overhead {
            for (name, more) in &self.overhead {
                if let Some(amount) = sum.get_mut(name).filter(|amount| !amount.is_zero()) {
                    *amount = amount.plus(*more);
                }
            }
        }
        sum
    }

    /// The sum over all containers: the most that is needed at any time, when init containers run one after another
    /// and each finds the sidecars before it already running.
    pub(super) fn aggregate(&self, of: impl Fn(&Claim) -> Amounts) -> Amounts {
        let (mut run, mut sidecars, mut peak) = (Amounts::new(), Amounts::new(), Amounts::new());
        for claim in &self.claims {
            let own = of(claim);
            match claim.part {
                Part::Regular => add(&mut run, &own),
                Part::Sidecar => {
                    add(&mut run, &own);
                    add(&mut sidecars, &own);
                    raise(&mut peak, &sidecars);
                }
                Part::Init => {
                    let mut step = own;
                    add(&mut step, &sidecars);
                    raise(&mut peak, &step);
                }
            }
        }
        raise(&mut run, &peak);
        run
    }

    fn effective_requests(&self, claim: &Claim, counting: Counting) -> Amounts {
        let status = claim.status.as_ref().filter(|_| counting.status && claim.part != Part::Init);
        let Some(status) = status else { return claim.requests.clone() };
        let mut most = if self.is_resize_infeasible { Amounts::new() } else { claim.requests.clone() };
        raise(&mut most, &status.requests);
        raise(&mut most, &status.allocated);
        most
    }

    fn effective_limits(&self, claim: &Claim, counting: Counting) -> Amounts {
        let status = claim.status.as_ref().filter(|_| counting.status && claim.part != Part::Init);
        let Some(status) = status else { return claim.limits.clone() };
        let mut most = if self.is_resize_infeasible { Amounts::new() } else { claim.limits.clone() };
        raise(&mut most, &status.limits);
        most
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{amounts, claim};
    use super::{Counting, Part, PodResources};

    #[test]
    fn an_earlier_sidecar_adds_to_the_peak_of_an_init_container() {
        let sidecar = || claim("proxy", Part::Sidecar, "cpu=1", "");
        let init = || claim("migrate", Part::Init, "cpu=4", "");
        let app = || claim("app", Part::Regular, "cpu=2", "");
        let requests = |claims| PodResources { claims, ..PodResources::default() }.requests(Counting::default());
        assert_eq!(requests(vec![sidecar(), init(), app()]), amounts("cpu=5"));
        assert_eq!(requests(vec![init(), sidecar(), app()]), amounts("cpu=4"));
    }

    #[test]
    fn overhead_comes_on_top_of_requests_and_of_limits_that_exist() {
        let pod = PodResources {
            claims: vec![claim("app", Part::Regular, "cpu=1", "memory=1Gi")],
            overhead: amounts("cpu=250m memory=64Mi"),
            ..PodResources::default()
        };
        assert_eq!(pod.requests(Counting::default()), amounts("cpu=1250m memory=64Mi"));
        assert_eq!(pod.limits(Counting::default()), amounts("memory=1088Mi"));
        assert_eq!(pod.requests(Counting { overhead: false, ..Counting::default() }), amounts("cpu=1"));
    }

    #[test]
    fn pod_level_values_replace_the_sum() {
        let pod = PodResources {
            claims: vec![claim("app", Part::Regular, "cpu=1 example.com/gpu=1", "")],
            pod_requests: amounts("cpu=3 example.com/gpu=9"),
            ..PodResources::default()
        };
        assert_eq!(pod.requests(Counting::default()), amounts("cpu=3 example.com/gpu=1"));
    }
}
