//! What one sync of the kubelet decides: which containers to start, to kill, to reset.
//!
//! A translation of `computePodActions` and `computeInitContainerActions` in `pkg/kubelet/kuberuntime`, with the checks in
//! their order, because the order is what surprises people (facts 2.2, 2.3, 3.8 to 3.15, 4.15).

use super::spec::{ContainerSpec, Kind, PodSpec, RestartPolicy};
use crate::release::{Cluster, Feature};

/// What a container runtime says of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// Created, but not running.
    Created,
    /// Running.
    Running,
    /// Ended with this code.
    Exited(i32),
    /// The runtime cannot say.
    Unknown,
}

/// What is known of the last container of a name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// What the runtime says; none when it knows no such container.
    pub record: Option<Recorded>,
    /// Result of the startup probe: none while there is none yet.
    pub startup: Option<bool>,
    /// Result of the liveness probe: none while there is none yet.
    pub liveness: Option<bool>,
    /// Whether it runs another image than the Pod asks for.
    pub is_changed: bool,
}

/// The sandbox of a Pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sandbox {
    /// There was none yet.
    None,
    /// It is there.
    Ready,
    /// It is gone.
    Lost,
}

/// Why a container is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KillReason {
    /// Its startup probe failed.
    StartupProbe,
    /// Its liveness probe failed.
    LivenessProbe,
    /// Its image was changed.
    Changed,
    /// The runtime cannot say whether it runs.
    Unknown,
    /// Its `postStart` hook failed.
    PostStart,
    /// All containers are reset.
    RestartAll,
    /// The Pod ends.
    Pod,
}

impl KillReason {
    /// As the end of a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::StartupProbe => "its startup probe failed",
            Self::LivenessProbe => "its liveness probe failed",
            Self::Changed => "its image was changed",
            Self::Unknown => "its state is unknown",
            Self::PostStart => "its postStart hook failed",
            Self::RestartAll => "all containers are started again",
            Self::Pod => "the Pod ends",
        }
    }
}

/// What one sync does, as numbers of containers, in the order in which it is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actions {
    /// Stop all containers.
    pub kill_pod: bool,
    /// Make a new sandbox.
    pub create_sandbox: bool,
    /// Containers to kill.
    pub kill: Vec<(usize, KillReason)>,
    /// Containers to remove from the runtime, and whether they have to be killed for that.
    pub reset: Vec<(usize, bool)>,
    /// Entries of `initContainers` to start.
    pub start_init: Vec<usize>,
    /// Entries of `containers` to start.
    pub start_regular: Vec<usize>,
}

/// All that a sync looks at.
#[derive(Clone, Copy)]
pub struct Sync<'a> {
    /// The Pod.
    pub pod: &'a PodSpec,
    /// What is known of each of its containers.
    pub seen: &'a [Seen],
    /// Its sandbox.
    pub sandbox: Sandbox,
    /// Whether all containers are being reset.
    pub is_restarting_all: bool,
    /// The cluster.
    pub cluster: &'a Cluster,
}

/// Decides.
#[must_use]
pub fn decide(sync: Sync<'_>) -> Actions {
    if sync.is_restarting_all {
        return sync.reset_all();
    }
    if sync.sandbox != Sandbox::Ready {
        return sync.new_sandbox();
    }
    let mut actions = Actions::default();
    if sync.initialize(&mut actions) {
        sync.run_regular(&mut actions);
    }
    actions
}

impl Sync<'_> {
    fn seen(&self, index: usize) -> Seen {
        self.seen.get(index).copied().unwrap_or_default()
    }

    fn policy(&self) -> RestartPolicy {
        self.pod.restart_policy
    }

    /// Whether a container that does not run is to be started (`ShouldContainerBeRestarted`).
    fn starts(&self, container: &ContainerSpec, record: Option<Recorded>) -> bool {
        match record {
            None | Some(Recorded::Unknown | Recorded::Created) => true,
            Some(Recorded::Running) => false,
            Some(Recorded::Exited(code)) => container.restarts(self.policy(), code, self.cluster),
        }
    }

    fn reset_all(&self) -> Actions {
        let mut lists: [Vec<(usize, bool)>; 4] = Default::default();
        let [regular, init, source_regular, source_init] = &mut lists;
        for (index, container) in self.pod.containers.iter().enumerate() {
            let Some(record) = self.seen(index).record else { continue };
            let is_source = matches!(record, Recorded::Exited(code) if container.restarts_all(code, self.cluster));
            let is_regular = container.kind == Kind::Regular;
            let list = match (is_source, is_regular) {
                (false, true) => &mut *regular,
                (false, false) => &mut *init,
                (true, true) => &mut *source_regular,
                (true, false) => &mut *source_init,
            };
            list.push((index, !matches!(record, Recorded::Exited(_))));
        }
        Actions { reset: lists.concat(), ..Actions::default() }
    }

    fn new_sandbox(&self) -> Actions {
        let mut actions = Actions { kill_pod: true, create_sandbox: true, ..Actions::default() };
        let has_records = (0..self.pod.containers.len()).any(|index| self.seen(index).record.is_some());
        if self.policy() == RestartPolicy::Never && self.sandbox == Sandbox::Lost && has_records {
            actions.create_sandbox = false;
            return actions;
        }
        let is_done = |index: usize, container: &ContainerSpec| {
            let own = container.restart_policy.filter(|_| self.cluster.has(Feature::ContainerRestartRules));
            let runs_once = own.unwrap_or(self.policy()) == RestartPolicy::OnFailure;
            runs_once && self.seen(index).record == Some(Recorded::Exited(0))
        };
        let todo = self.pod.regular().filter(|(index, container)| !is_done(*index, container));
        let todo: Vec<usize> = todo.map(|(index, _)| index).collect();
        let has_regular = self.pod.regular().any(|(index, _)| self.seen(index).record.is_some());
        if todo.is_empty() && has_regular {
            actions.create_sandbox = false;
            return actions;
        }
        match self.pod.init().next() {
            Some((first, _)) => actions.start_init.push(first),
            None => actions.start_regular = todo,
        }
        actions
    }

    /// Goes on with the entries of `initContainers`; says whether the regular containers may be looked at.
    ///
    /// Walks backwards: the last entry that the runtime knows tells how far the Pod has come, because the runtime may
    /// have forgotten earlier ones.
    fn initialize(&self, actions: &mut Actions) -> bool {
        let init: Vec<(usize, &ContainerSpec)> = self.pod.init().collect();
        if init.is_empty() {
            return true;
        }
        let is_up = |record| matches!(record, Some(Recorded::Created | Recorded::Running));
        let mut has_initialized = self.pod.regular().any(|(index, _)| is_up(self.seen(index).record));
        let mut is_behind = has_initialized;
        for (position, (index, container)) in init.iter().enumerate().rev() {
            let (index, is_sidecar) = (*index, container.kind == Kind::Sidecar);
            let next = init.get(position + 1).map(|(next, _)| *next);
            let seen = self.seen(index);
            let Some(record) = seen.record else {
                if is_behind && is_sidecar {
                    actions.start_init.push(index);
                }
                continue;
            };
            if is_behind && !is_sidecar {
                continue;
            }
            match (record, is_sidecar) {
                (Recorded::Created, _) | (Recorded::Exited(_), true) => actions.start_init.push(index),
                (Recorded::Running, false) => {}
                (Recorded::Running, true) => {
                    self.keep_sidecar(index, container, seen, next, is_behind, &mut has_initialized, actions);
                }
                (Recorded::Exited(0), false) => match next {
                    None => has_initialized = true,
                    Some(next) => actions.start_init.push(next),
                },
                (Recorded::Exited(code), false) => {
                    if !container.restarts(self.policy(), code, self.cluster) {
                        return fail(actions);
                    }
                    actions.start_init.push(index);
                }
                (Recorded::Unknown, _) => {
                    let own = container.restart_policy.filter(|_| self.cluster.has(Feature::ContainerRestartRules));
                    if !is_sidecar && own.unwrap_or(self.policy()) == RestartPolicy::Never {
                        return fail(actions);
                    }
                    actions.kill.push((index, KillReason::Unknown));
                    actions.start_init.push(index);
                }
            }
            is_behind = true;
        }
        if !is_behind && let Some((first, _)) = init.first() {
            actions.start_init.push(*first);
        }
        actions.start_init.reverse();
        has_initialized
    }

    #[allow(clippy::too_many_arguments, reason = "one step of a loop, kept apart to be read")]
    fn keep_sidecar(
        &self,
        index: usize,
        container: &ContainerSpec,
        seen: Seen,
        next: Option<usize>,
        is_behind: bool,
        has_initialized: &mut bool,
        actions: &mut Actions,
    ) {
        if container.startup.is_some() {
            match seen.startup {
                Some(true) => {}
                Some(false) => {
                    actions.kill.push((index, KillReason::StartupProbe));
                    actions.start_init.push(index);
                    return;
                }
                None => return,
            }
        }
        match next {
            None => *has_initialized = true,
            Some(next) if !is_behind => actions.start_init.push(next),
            Some(_) => {}
        }
        let reason = match seen.liveness {
            _ if seen.is_changed && self.cluster.has(Feature::SidecarRestartOnImageChange) => KillReason::Changed,
            Some(false) if container.liveness.is_some() => KillReason::LivenessProbe,
            _ => return,
        };
        actions.kill.push((index, reason));
        actions.start_init.push(index);
    }

    fn run_regular(&self, actions: &mut Actions) {
        let mut kept = 0;
        for (index, container) in self.pod.regular() {
            let seen = self.seen(index);
            if seen.record != Some(Recorded::Running) {
                if self.starts(container, seen.record) {
                    actions.start_regular.push(index);
                    if seen.record == Some(Recorded::Unknown) {
                        actions.kill.push((index, KillReason::Unknown));
                    }
                }
                continue;
            }
            // Rules by exit code do not count here: there is no exit code yet (fact 3.3).
            let own = container.restart_policy.filter(|_| self.cluster.has(Feature::ContainerRestartRules));
            let restarts = own.unwrap_or(self.policy()) != RestartPolicy::Never;
            let (reason, restarts) = match (seen.liveness, seen.startup) {
                _ if seen.is_changed => (KillReason::Changed, true),
                (Some(false), _) => (KillReason::LivenessProbe, restarts),
                (_, Some(false)) => (KillReason::StartupProbe, restarts),
                _ => {
                    kept += 1;
                    continue;
                }
            };
            if restarts {
                actions.start_regular.push(index);
            }
            actions.kill.push((index, reason));
        }
        if kept == 0 && actions.start_regular.is_empty() {
            actions.kill_pod = true;
            actions.start_init.clear();
        }
    }
}

/// A plain init container failed for good: the Pod ends.
fn fail(actions: &mut Actions) -> bool {
    actions.kill_pod = true;
    actions.start_init.clear();
    false
}
