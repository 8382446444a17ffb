//! The two forms of a Pod with sidecars, and which container stands where in each.
//!
//! *Traditional*: helpers are regular containers beside the app. *Native*: helpers are entries of `initContainers` with
//! `restartPolicy: Always`. Both are made from the same workload, whichever of the two it is.

use crate::category::Category;
use crate::detect::{Role, Verdict};
use crate::model::{ContainerField, Workload};
use serde::{Deserialize, Serialize};

/// How the helpers of a Pod are declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// As regular containers.
    Traditional,
    /// As entries of `initContainers` with `restartPolicy: Always`.
    Native,
}

impl Form {
    /// Both, in the order in which they are shown.
    pub const BOTH: [Self; 2] = [Self::Traditional, Self::Native];

    /// The id, as in links and options.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Traditional => "traditional",
            Self::Native => "native",
        }
    }
}

/// Which form a workload is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Written {
    /// It has no sidecar, so both forms are the same.
    Neither,
    /// All its sidecars are traditional.
    Traditional,
    /// All its sidecars are native.
    Native,
    /// Some are, some are not.
    Mixed,
}

impl Written {
    /// Which form the verdicts show.
    #[must_use]
    pub fn of(verdicts: &[Verdict]) -> Self {
        let has = |role| verdicts.iter().any(|verdict| verdict.role == role);
        match (has(Role::Sidecar), has(Role::NativeSidecar)) {
            (false, false) => Self::Neither,
            (true, false) => Self::Traditional,
            (false, true) => Self::Native,
            (true, true) => Self::Mixed,
        }
    }

    /// Whether drawing this form shows the manifest as it is.
    #[must_use]
    pub fn is(self, form: Form) -> bool {
        match self {
            Self::Neither => true,
            Self::Traditional => form == Form::Traditional,
            Self::Native => form == Form::Native,
            Self::Mixed => false,
        }
    }
}

/// The containers of a Pod in one form, as indices into its list of containers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// `initContainers`, in order.
    pub init: Vec<usize>,
    /// `containers`, in order.
    pub regular: Vec<usize>,
    /// `ephemeralContainers`.
    pub ephemeral: Vec<usize>,
    /// Those that stand elsewhere in the manifest.
    pub moved: Vec<usize>,
}

impl Placement {
    /// The role of a container in this form.
    #[must_use]
    pub fn role(&self, container: usize, verdict: &Verdict) -> Role {
        match verdict.role {
            Role::Sidecar | Role::NativeSidecar if self.init.contains(&container) => Role::NativeSidecar,
            Role::Sidecar | Role::NativeSidecar => Role::Sidecar,
            other => other,
        }
    }
}

/// Where each container stands in the manifest.
#[must_use]
pub fn as_written(workload: &Workload) -> Placement {
    let mut placement = Placement::default();
    for (index, container) in workload.pod.containers.iter().enumerate() {
        let list = match container.field {
            ContainerField::InitContainers => &mut placement.init,
            ContainerField::EphemeralContainers => &mut placement.ephemeral,
            _ => &mut placement.regular,
        };
        list.push(index);
    }
    placement
}

/// Where each container stands in a form. A helper that becomes native goes behind the init containers, so that the
/// init phase and the Pod's request stay as they are (facts 6.4 and 11.2); a mesh proxy goes in front of those that may
/// need the network, but behind the one that redirects the traffic. A helper that becomes traditional goes behind the
/// app, so that kubectl still picks the app by default (fact 10.7).
#[must_use]
pub fn placement(workload: &Workload, verdicts: &[Verdict], form: Form) -> Placement {
    let mut placement = as_written(workload);
    let role = |index: usize| verdicts.get(index).map_or(Role::App, |verdict| verdict.role);
    match form {
        Form::Traditional => {
            let (moved, stay) = placement.init.iter().partition(|index| role(**index) == Role::NativeSidecar);
            placement.init = stay;
            placement.regular.extend(&moved);
            placement.moved = moved;
        }
        Form::Native => {
            let (moved, stay): (Vec<usize>, Vec<usize>) =
                placement.regular.iter().partition(|index| role(**index) == Role::Sidecar);
            placement.regular = stay;
            let is_proxy =
                |index: &usize| verdicts.get(*index).and_then(|verdict| verdict.category) == Some(Category::MeshProxy);
            let (proxies, others): (Vec<usize>, Vec<usize>) = moved.iter().partition(|index| is_proxy(index));
            let behind =
                placement.init.iter().position(|index| redirects_traffic(workload, *index)).map_or(0, |at| at + 1);
            placement.init.splice(behind..behind, proxies);
            placement.init.extend(others);
            placement.moved = moved;
        }
    }
    placement
}

/// Whether an init container sets up the traffic redirection of a mesh: it may change the network of the Pod.
fn redirects_traffic(workload: &Workload, index: usize) -> bool {
    workload.pod.containers.get(index).is_some_and(|container| {
        !container.is_native_sidecar()
            && (container.security.added_capabilities.iter().any(|capability| capability == "NET_ADMIN")
                || container.words().any(|word| word.value.contains("iptables") || word.value == "transparent-proxy"))
    })
}

#[cfg(test)]
mod tests {
    use super::{Form, Placement, Written, placement};
    use crate::{Options, analyze};

    fn names(text: &str, form: Form) -> (Vec<String>, Vec<String>) {
        let analysis = analyze(text, &Options::default());
        let (workload, verdicts) = (&analysis.model.workloads[0], &analysis.verdicts[0]);
        let Placement { init, regular, .. } = placement(workload, verdicts, form);
        let name = |index: &usize| workload.pod.containers[*index].display_name().to_owned();
        (init.iter().map(name).collect(), regular.iter().map(name).collect())
    }

    const MESH: &str = "
kind: Pod
spec:
  initContainers:
    - { name: istio-init, image: istio/proxyv2, args: [istio-iptables] }
    - { name: migrate, image: shop/migrate }
  containers:
    - { name: istio-proxy, image: istio/proxyv2, args: [proxy, sidecar] }
    - { name: log-shipper, image: shop/logs }
    - { name: app, image: shop/app }
";

    #[test]
    fn a_mesh_proxy_becomes_native_behind_its_init_container_and_others_last() {
        let (init, regular) = names(MESH, Form::Native);
        assert_eq!(init, ["istio-init", "istio-proxy", "migrate", "log-shipper"]);
        assert_eq!(regular, ["app"]);
    }

    #[test]
    fn native_helpers_become_traditional_behind_the_app() {
        let text = "
kind: Pod
spec:
  initContainers:
    - { name: shipper, image: x, restartPolicy: Always }
    - { name: migrate, image: y }
  containers: [{ name: app, image: z }]
";
        assert_eq!(names(text, Form::Traditional), (vec!["migrate".into()], vec!["app".into(), "shipper".into()]));
        assert_eq!(names(text, Form::Native), (vec!["shipper".into(), "migrate".into()], vec!["app".into()]));
    }

    #[test]
    fn the_written_form_is_seen() {
        let written = |text: &str| Written::of(&analyze(text, &Options::default()).verdicts[0]);
        assert_eq!(written(MESH), Written::Traditional);
        assert_eq!(written("kind: Pod\nspec: { containers: [{ name: a }] }"), Written::Neither);
    }
}
