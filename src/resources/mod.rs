//! What a Pod costs: requests and limits by Kubernetes' formula, its QoS class, and who is killed first when memory runs
//! out.
//!
//! **Invariant:** [`PodResources`] is what the API server stores; [`PodResources::with_defaults`] does what it does
//! before. Facts: section 6. Sources: `staging/src/k8s.io/component-helpers/resource/helpers.go`,
//! `pkg/apis/core/v1/defaults.go`, `pkg/apis/core/v1/helper/qos/qos.go`, `pkg/kubelet/qos/policy.go`.

mod bill;
mod defaults;
mod qos;
mod sums;

pub use bill::{Bill, Stage, bill, claim, written_bill};
pub use qos::QosClass;
pub use sums::Counting;

use crate::quantity::Quantity;
use std::collections::BTreeMap;

/// Amounts by the name of the resource.
pub type Amounts = BTreeMap<String, Quantity>;

/// Adds amounts.
fn add(to: &mut Amounts, more: &Amounts) {
    for (name, amount) in more {
        let sum = to.get(name).map_or(*amount, |known| known.plus(*amount));
        to.insert(name.clone(), sum);
    }
}

/// Raises amounts to at least those given.
fn raise(to: &mut Amounts, least: &Amounts) {
    for (name, amount) in least {
        if to.get(name).is_none_or(|known| known < amount) {
            to.insert(name.clone(), *amount);
        }
    }
}

/// How a container takes part in the sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A plain init container: alone, but for the sidecars before it.
    Init,
    /// A native sidecar: from its start to the end.
    Sidecar,
    /// A regular container.
    Regular,
}

/// What a container asks for.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Its name.
    pub name: String,
    /// How it takes part.
    pub part: Part,
    /// `resources.requests`.
    pub requests: Amounts,
    /// `resources.limits`.
    pub limits: Amounts,
    /// What its status says, when that is known: a resize may be under way.
    pub status: Option<ClaimStatus>,
}

/// What the status of a container says about its resources.
#[derive(Clone, Debug, Default)]
pub struct ClaimStatus {
    /// `allocatedResources`.
    pub allocated: Amounts,
    /// `resources.requests`.
    pub requests: Amounts,
    /// `resources.limits`.
    pub limits: Amounts,
}

/// What a Pod asks for.
#[derive(Clone, Debug, Default)]
pub struct PodResources {
    /// Entries of `initContainers` in their order, then those of `containers`.
    pub claims: Vec<Claim>,
    /// `spec.overhead`.
    pub overhead: Amounts,
    /// `spec.resources.requests`.
    pub pod_requests: Amounts,
    /// `spec.resources.limits`.
    pub pod_limits: Amounts,
    /// Whether a resize was found to be impossible on the node.
    pub is_resize_infeasible: bool,
}

impl PodResources {
    /// Whether the Pod as a whole asks for something.
    #[must_use]
    pub fn has_pod_level(&self) -> bool {
        !self.pod_requests.is_empty() || !self.pod_limits.is_empty()
    }
}

/// Whether a resource can be given to the Pod as a whole.
fn is_pod_level(name: &str) -> bool {
    matches!(name, "cpu" | "memory") || is_hugepages(name)
}

fn is_hugepages(name: &str) -> bool {
    name.starts_with("hugepages-")
}

#[cfg(test)]
mod testing {
    use super::{Amounts, Claim, Part};
    use crate::quantity::Quantity;

    /// `cpu=1 memory=2Gi`.
    pub(super) fn amounts(text: &str) -> Amounts {
        let part = |part: &str| {
            let (name, amount) = part.split_once('=').unwrap();
            (name.to_owned(), Quantity::parse(amount).unwrap())
        };
        text.split_whitespace().map(part).collect()
    }

    pub(super) fn claim(name: &str, part: Part, requests: &str, limits: &str) -> Claim {
        Claim { name: name.to_owned(), part, requests: amounts(requests), limits: amounts(limits), status: None }
    }
}
