//! From a manifest to something that can be run: the Pod in one of its forms, and what its containers will likely do.
//!
//! A manifest does not say how long a migration takes or whether a proxy drains. What is assumed instead is said in words,
//! so that nobody takes it for a fact, and can be changed by a [`WhatIf`](super::WhatIf).

mod command;
mod container;

use super::what_if::{WhatIf, apply};
use super::{Action, Behaviour, Condition, ContainerSpec, EndedBy, Kind, PodSpec, RestartPolicy, Scenario, simulate};
use crate::detect::Verdict;
use crate::detect::ending::ended_by;
use crate::detect::injection::is_unfilled;
use crate::form::{Form, Placement, as_written, placement};
use crate::model::{Dialect, Workload};
use crate::release::{Cluster, Feature};

/// How long a Pod without an end is watched, in milliseconds.
const WATCHED: u64 = 120_000;
/// From the moment at which a Pod is ready until it is deleted, in milliseconds.
const READY_FOR: u64 = 20_000;

/// Something that was assumed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// The container that it is about, as an index into [`Setup::pod`]; none for the whole Pod.
    pub container: Option<usize>,
    /// What, as a sentence without its subject: `ends after 20 s`.
    pub text: String,
}

/// A workload made ready to run.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The Pod, in one form.
    pub pod: PodSpec,
    /// What happens.
    pub scenario: Scenario,
    /// For each container of [`Setup::pod`] its index in the workload.
    pub of: Vec<usize>,
    /// What was assumed.
    pub assumptions: Vec<Assumption>,
}

/// What is to be run.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The workload.
    pub workload: &'a Workload,
    /// Its verdicts.
    pub verdicts: &'a [Verdict],
    /// The cluster.
    pub cluster: &'a Cluster,
    /// What the user wants to be different.
    pub what_if: &'a [WhatIf],
}

/// Whether a workload can be run: one of Kubernetes, with a regular container.
#[must_use]
pub fn can_run(workload: &Workload) -> bool {
    workload.dialect == Dialect::Kubernetes && workload.pod.containers.iter().any(|own| own.field.is_regular())
}

/// Makes a workload ready to run, in each of its forms. Both get the same things at the same times, so that they can be
/// compared.
#[must_use]
pub fn setups(asked: Asked<'_>, forms: &[Form]) -> Vec<Setup> {
    let placed = forms.iter().map(|form| placement(asked.workload, asked.verdicts, *form));
    let mut setups: Vec<Setup> = placed.map(|placement| setup(asked, &placement)).collect();
    schedule(asked, &mut setups);
    setups
}

/// Makes a workload ready to run as it is written, whether that is one form, the other, or some of each.
#[must_use]
pub fn written_setup(asked: Asked<'_>) -> Setup {
    let mut setup = setup(asked, &as_written(asked.workload));
    schedule(asked, std::slice::from_mut(&mut setup));
    setup
}

/// Says what happens to the Pods, the same to all of them at the same times.
fn schedule(asked: Asked<'_>, setups: &mut [Setup]) {
    for setup in setups.iter_mut() {
        apply(asked.what_if, setup);
    }
    let has_end = setups.iter().any(|setup| has_end(asked.workload, setup));
    if !has_end && let Some(at) = delete_at(setups, asked.cluster) {
        for setup in setups.iter_mut() {
            setup.scenario.stimuli.push(super::Stimulus { when: super::When::At(at), action: Action::Delete(None) });
            let text = format!("is deleted after {} s, as in a rollout", at / 1000);
            setup.assumptions.push(Assumption { container: None, text });
        }
    }
    for setup in setups {
        setup.scenario.stimuli.sort_by_key(|stimulus| match stimulus.when {
            super::When::At(time) => time,
            _ => u64::MAX,
        });
        let last = setup.scenario.stimuli.iter().filter_map(|stimulus| match stimulus.when {
            super::When::At(time) => Some(time),
            _ => None,
        });
        let last = last.max().unwrap_or_default();
        setup.scenario.horizon = WATCHED.max(last + setup.pod.grace.min(3600) * 1000 + 10_000);
        setup.scenario.until = vec![Condition::Ended];
    }
}

/// Whether something ends the Pod: its own work, or the user.
fn has_end(workload: &Workload, setup: &Setup) -> bool {
    let is_deleted = setup.scenario.stimuli.iter().any(|stimulus| matches!(stimulus.action, Action::Delete(_)));
    is_deleted || runs_to_completion(workload)
}

/// Whether a workload is there to end.
pub(super) fn runs_to_completion(workload: &Workload) -> bool {
    matches!(workload.kind.as_deref(), Some("Job" | "CronJob"))
}

/// Some time after all forms are ready, in whole ten seconds; none when one of them never is.
fn delete_at(setups: &[Setup], cluster: &Cluster) -> Option<u64> {
    let ready_at = |setup: &Setup| {
        let mut scenario = setup.scenario.clone();
        (scenario.until, scenario.horizon) = (vec![Condition::Ready], WATCHED);
        simulate(&setup.pod, &scenario, cluster).reached
    };
    let ready = setups.iter().map(ready_at).collect::<Option<Vec<u64>>>()?;
    Some((ready.into_iter().max()? + READY_FOR).div_ceil(10_000) * 10_000)
}

fn setup(asked: Asked<'_>, placement: &Placement) -> Setup {
    let Asked { workload, verdicts, cluster, .. } = asked;
    let mut setup =
        Setup { pod: pod(workload), scenario: Scenario::default(), of: Vec::new(), assumptions: Vec::new() };
    let entries =
        placement.init.iter().map(|index| (*index, true)).chain(placement.regular.iter().map(|i| (*i, false)));
    for (index, is_init) in entries {
        let Some(container) = workload.pod.containers.get(index) else { continue };
        let is_helper = verdicts.get(index).is_some_and(|verdict| verdict.role.is_sidecar());
        let is_sidecar = is_init && (container.is_native_sidecar() || is_helper);
        let kind = match (is_init, is_sidecar && cluster.has(Feature::SidecarContainers)) {
            (true, true) => Kind::Sidecar,
            (true, false) => Kind::Init,
            (false, _) => Kind::Regular,
        };
        let own = container::Entry {
            container,
            verdict: verdicts.get(index),
            kind,
            workload,
            ended_by: ended_by(workload, verdicts, index),
            is_placeholder: is_unfilled(container, workload),
        };
        let number = setup.pod.containers.len();
        let (behaviour, words) = own.behaviour();
        setup.pod.containers.push(own.spec(cluster));
        setup.scenario.behaviours.push(behaviour);
        setup.of.push(index);
        let about = words.into_iter().map(|text| Assumption { container: Some(number), text });
        setup.assumptions.extend(about);
        if is_sidecar && kind == Kind::Init {
            let text = format!(
                "is a plain init container to Kubernetes {}, which drops the field that makes it a sidecar: the next \
                 container waits for its end",
                cluster.release
            );
            setup.assumptions.push(Assumption { container: Some(number), text });
        }
    }
    // The containers stand elsewhere now than in the workload.
    let number = |own: Option<usize>| own.and_then(|own| setup.of.iter().position(|index| *index == own));
    for behaviour in &mut setup.scenario.behaviours {
        behaviour.ended_by = behaviour
            .ended_by
            .and_then(|by| Some(EndedBy { container: number(Some(by.container))?, needs_success: by.needs_success }));
        behaviour.post_start.waits_for = number(behaviour.post_start.waits_for);
    }
    setup
}

fn pod(workload: &Workload) -> PodSpec {
    let pod = &workload.pod;
    let policy = pod.restart_policy.as_ref().and_then(|policy| RestartPolicy::parse(&policy.value));
    let seconds = |value: i64| u64::try_from(value).unwrap_or(1);
    PodSpec {
        containers: Vec::<ContainerSpec>::new(),
        // A Job without a policy is refused; it is shown as if it had the usual one.
        restart_policy: policy.unwrap_or(match runs_to_completion(workload) {
            true => RestartPolicy::Never,
            false => RestartPolicy::Always,
        }),
        grace: pod.termination_grace_period.as_ref().map_or(PodSpec::DEFAULT_GRACE, |grace| seconds(grace.value)),
        active_deadline: pod.active_deadline.as_ref().map(|deadline| seconds(deadline.value)),
    }
}

impl Setup {
    /// The container of a name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<usize> {
        self.pod.containers.iter().position(|container| container.name == name)
    }

    /// How a container behaves.
    pub(super) fn behaviour(&mut self, index: usize) -> Option<&mut Behaviour> {
        self.scenario.behaviours.get_mut(index)
    }
}
