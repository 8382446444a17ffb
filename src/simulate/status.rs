//! `status` of a Pod: phase and conditions from the states of its containers (facts 5.1 to 5.12).
//! Sources: `getPhase` in `pkg/kubelet/kubelet_pods.go`, `pkg/kubelet/status/generate.go`.

use super::spec::{ContainerSpec, Kind, PodSpec, RestartPolicy};
use crate::release::{Cluster, Feature};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// `status.phase`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Phase {
    /// Something was not started yet.
    #[default]
    Pending,
    /// All was started, something runs or will run again.
    Running,
    /// All regular containers ended with code 0 and stay so.
    Succeeded,
    /// All ended, one of them with another code, or the Pod was ended.
    Failed,
}

impl Phase {
    /// As Kubernetes writes it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Running => "Running",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
        }
    }

    /// Reads what Kubernetes writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Pending, Self::Running, Self::Succeeded, Self::Failed].into_iter().find(|phase| phase.id() == text)
    }

    /// Whether it never changes again.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

/// The reason that a container has while all containers of its Pod are reset.
pub(super) const RESTARTING_ALL: &str = "RestartingAllContainers";

/// `state.terminated` of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Termination {
    /// `exitCode`.
    pub exit_code: i32,
    /// `reason`: `Completed`, `Error`, `OOMKilled` and so on.
    pub reason: Cow<'static, str>,
}

/// `state` of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContainerState {
    /// It does not run, but is going to.
    Waiting(Cow<'static, str>),
    /// It runs.
    Running,
    /// It ended.
    Terminated(Termination),
}

/// An entry of `initContainerStatuses` or `containerStatuses`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerStatus {
    /// `state`.
    pub state: ContainerState,
    /// `lastState.terminated`.
    pub last: Option<Termination>,
    /// `restartCount`.
    pub restart_count: u32,
    /// `started`.
    pub is_started: bool,
    /// `ready`.
    pub is_ready: bool,
}

impl ContainerStatus {
    /// A container that was never started.
    #[must_use]
    pub fn waiting(reason: &str) -> Self {
        let state = ContainerState::Waiting(reason.to_owned().into());
        Self { state, last: None, restart_count: 0, is_started: false, is_ready: false }
    }
}

/// All that a phase depends on.
#[derive(Clone, Copy)]
pub struct Statuses<'a> {
    /// The Pod.
    pub pod: &'a PodSpec,
    /// One for each of its containers; none when the kubelet has not written one.
    pub of: &'a [Option<ContainerStatus>],
    /// Whether the Pod was ended and nothing of it runs any more.
    pub is_over: bool,
    /// Whether a regular container was started in the sandbox of now.
    pub has_regular_started: bool,
    /// The cluster.
    pub cluster: &'a Cluster,
}

/// Counts of containers, as Kubernetes decides by.
#[derive(Default)]
struct Counts {
    pending_init: u32,
    pending_sidecars: u32,
    failed_init: u32,
    failed_init_for_good: u32,
    unknown: u32,
    running: u32,
    waiting: u32,
    stopped: u32,
    stopped_for_good: u32,
    succeeded: u32,
}

impl Statuses<'_> {
    fn get(&self, index: usize) -> Option<&ContainerStatus> {
        self.of.get(index).and_then(Option::as_ref)
    }

    fn is_for_good(&self, container: &ContainerSpec, end: &Termination) -> bool {
        let is_reset = self.cluster.has(Feature::RestartAllContainers) && end.reason == RESTARTING_ALL;
        !is_reset && !container.restarts(self.pod.restart_policy, end.exit_code, self.cluster)
    }

    fn count(&self) -> Counts {
        let mut counts = Counts::default();
        for (index, container) in self.pod.containers.iter().enumerate() {
            let status = self.get(index);
            match container.kind {
                Kind::Init => self.count_init(container, status, &mut counts),
                Kind::Sidecar => count_sidecar(status, &mut counts),
                Kind::Regular => self.count_regular(container, status, &mut counts),
            }
        }
        counts
    }

    fn count_init(&self, container: &ContainerSpec, status: Option<&ContainerStatus>, counts: &mut Counts) {
        let end = match status.map(|status| (&status.state, &status.last)) {
            Some((ContainerState::Terminated(end), _) | (ContainerState::Waiting(_), Some(end))) => end,
            None | Some((ContainerState::Running, _) | (ContainerState::Waiting(_), None)) => {
                counts.pending_init += 1;
                return;
            }
        };
        if end.exit_code != 0 {
            counts.failed_init += 1;
            counts.failed_init_for_good += u32::from(self.is_for_good(container, end));
        }
    }

    fn count_regular(&self, container: &ContainerSpec, status: Option<&ContainerStatus>, counts: &mut Counts) {
        let Some(status) = status else {
            counts.unknown += 1;
            return;
        };
        let end = match (&status.state, &status.last) {
            (ContainerState::Running, _) => {
                counts.running += 1;
                return;
            }
            (ContainerState::Waiting(_), None) => {
                counts.waiting += 1;
                return;
            }
            (ContainerState::Terminated(end), _) => {
                counts.succeeded += u32::from(end.exit_code == 0);
                end
            }
            (ContainerState::Waiting(_), Some(end)) => end,
        };
        counts.stopped += 1;
        counts.stopped_for_good += u32::from(self.is_for_good(container, end));
    }

    /// The phase, but for what an earlier phase or an eviction forces.
    #[must_use]
    pub fn phase(&self) -> Phase {
        let counts = self.count();
        let has_rules = self.cluster.has(Feature::ContainerRestartRules);
        let has_failed = match has_rules {
            true => counts.failed_init_for_good > 0,
            false => counts.failed_init > 0 && self.pod.restart_policy == RestartPolicy::Never,
        };
        if has_failed {
            return Phase::Failed;
        }
        let is_initializing =
            counts.pending_init > 0 || (counts.pending_sidecars > 0 && !self.has_regular_started) || counts.waiting > 0;
        if is_initializing || counts.unknown > 0 {
            return Phase::Pending;
        }
        let all_succeeded = counts.stopped == counts.succeeded;
        let ended = if all_succeeded { Phase::Succeeded } else { Phase::Failed };
        match () {
            () if counts.running > 0 => Phase::Running,
            () if counts.stopped == 0 => Phase::Pending,
            () if self.is_over => ended,
            () if has_rules => match counts.stopped == counts.stopped_for_good {
                true => ended,
                false => Phase::Running,
            },
            () => match (self.pod.restart_policy, all_succeeded) {
                (RestartPolicy::Always, _) | (RestartPolicy::OnFailure, false) => Phase::Running,
                _ => ended,
            },
        }
    }

    /// `Initialized`. `was` is what it was before: with in-place restarts it never becomes false again.
    #[must_use]
    pub fn is_initialized(&self, was: bool) -> bool {
        let is_done = |index: usize, container: &ContainerSpec| {
            self.get(index).is_some_and(|status| match container.kind {
                Kind::Sidecar => status.is_started,
                _ => status.is_ready,
            })
        };
        let has_run = |index: usize| {
            let state = self.get(index).map(|status| &status.state);
            matches!(state, Some(ContainerState::Running | ContainerState::Terminated(_)))
        };
        self.pod.init().all(|(index, container)| is_done(index, container))
            || self.pod.regular().any(|(index, _)| has_run(index))
            || (was && self.cluster.has(Feature::RestartAllContainers))
    }

    /// Numbers of the containers that keep the Pod from being ready: native sidecars first (fact 5.8).
    pub fn unready(&self) -> impl Iterator<Item = usize> {
        let counts = |container: &&ContainerSpec| container.kind != Kind::Init;
        let containers = self.pod.containers.iter().enumerate().filter(move |(_, container)| counts(container));
        containers
            .map(|(index, _)| index)
            .filter(|index| !self.get(*index).is_some_and(|status| status.is_ready))
            .collect::<Vec<_>>()
            .into_iter()
    }
}

fn count_sidecar(status: Option<&ContainerStatus>, counts: &mut Counts) {
    let Some(status) = status else {
        counts.unknown += 1;
        return;
    };
    match (&status.state, &status.last) {
        (ContainerState::Running, _) => {
            counts.pending_sidecars += u32::from(!status.is_started);
            counts.running += 1;
        }
        // One that ended is not counted: neither its end nor its code has a say (facts 5.4 and 5.5).
        (ContainerState::Terminated(_), _) | (ContainerState::Waiting(_), Some(_)) => {}
        (ContainerState::Waiting(_), None) => {
            counts.pending_sidecars += 1;
            counts.waiting += 1;
        }
    }
}
