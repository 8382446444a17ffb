//! A container while the simulation runs.

use super::backoff::Backoff;
use super::decide::{Recorded, Seen};
use super::run::Doing;
use super::scenario::Behaviour;
use super::spec::{ContainerSpec, Kind};
use super::status::{ContainerState, ContainerStatus, Termination};

/// How far the stopping of a container has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Its `preStop` hook runs.
    PreStop,
    /// It waits for its turn.
    Waiting,
    /// It has its signal.
    Signalled,
}

/// A container that is being stopped.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kill {
    /// Tells its events from those of an earlier kill.
    pub(super) number: u32,
    /// Seconds left.
    pub(super) budget: u64,
    /// How far it has come.
    pub(super) stage: Stage,
    /// Since when.
    pub(super) since: u64,
    /// Whether it waits for its turn.
    pub(super) is_ordered: bool,
}

/// The newest container of a name in the runtime.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    pub(super) recorded: Recorded,
    /// The reason of its end.
    pub(super) reason: &'static str,
    pub(super) finished: u64,
    /// When its process was started.
    pub(super) launched: u64,
    /// When it was asked to stop.
    pub(super) stops_at: Option<u64>,
    /// The code it would end with by itself.
    pub(super) exit_code: i32,
    pub(super) is_changed: bool,
    /// Whether it belongs to the sandbox of now.
    pub(super) is_of_sandbox: bool,
}

impl Instance {
    pub(super) fn running(launched: u64, exit_code: i32) -> Self {
        Self {
            recorded: Recorded::Running,
            reason: "",
            finished: 0,
            launched,
            stops_at: None,
            exit_code,
            is_changed: false,
            is_of_sandbox: true,
        }
    }

    pub(super) fn termination(&self) -> Option<Termination> {
        match self.recorded {
            Recorded::Exited(exit_code) => Some(Termination { exit_code, reason: self.reason.into() }),
            _ => None,
        }
    }
}

/// A container.
pub(super) struct Live<'a> {
    pub(super) spec: &'a ContainerSpec,
    pub(super) behaviour: &'a Behaviour,
    pub(super) instance: Option<Instance>,
    /// How many instances there were: tells the events of one from those of the next.
    pub(super) number: usize,
    pub(super) restart_count: u32,
    /// Whether the next start was counted as a restart already.
    pub(super) is_counted: bool,
    pub(super) last: Option<Termination>,
    pub(super) backoff: Backoff,
    pub(super) image_backoff: Backoff,
    /// When the kubelet looks at it again.
    pub(super) wakes_at: Option<u64>,
    pub(super) is_pulled: bool,
    pub(super) is_pulling: bool,
    /// Why it could not be started.
    pub(super) waits: Option<&'static str>,
    pub(super) startup: Option<bool>,
    pub(super) liveness: Option<bool>,
    pub(super) readiness: Option<bool>,
    pub(super) kill: Option<Kill>,
    /// Whether others still wait for its end.
    pub(super) holds_others: bool,
}

impl<'a> Live<'a> {
    pub(super) fn new(spec: &'a ContainerSpec, behaviour: &'a Behaviour) -> Self {
        Self {
            spec,
            behaviour,
            instance: None,
            number: 0,
            restart_count: 0,
            is_counted: false,
            last: None,
            backoff: Backoff::default(),
            image_backoff: Backoff::default(),
            wakes_at: None,
            is_pulled: false,
            is_pulling: false,
            waits: None,
            startup: None,
            liveness: None,
            readiness: None,
            kill: None,
            holds_others: false,
        }
    }

    pub(super) fn is_running(&self) -> bool {
        self.instance.as_ref().is_some_and(|instance| instance.recorded == Recorded::Running)
    }

    /// Whether events of an instance still count.
    pub(super) fn is_current(&self, number: usize) -> bool {
        self.number == number && self.is_running()
    }

    pub(super) fn is_started(&self) -> bool {
        self.is_running() && (self.spec.startup.is_none() || self.startup == Some(true))
    }

    pub(super) fn is_ready(&self) -> bool {
        match (self.spec.kind, &self.instance) {
            (Kind::Init, Some(instance)) => instance.recorded == Recorded::Exited(0),
            _ => self.is_started() && (self.spec.readiness.is_none() || self.readiness == Some(true)),
        }
    }

    pub(super) fn seen(&self) -> Seen {
        let (record, is_changed) = match &self.instance {
            Some(instance) => (Some(instance.recorded), instance.is_changed),
            None => (None, false),
        };
        Seen { record, startup: self.startup, liveness: self.liveness, is_changed }
    }

    /// What the kubelet reports. `may_restart` is whether it would be started again.
    pub(super) fn status(&self, default_reason: &'static str, may_restart: bool) -> ContainerStatus {
        let mut last = self.last.clone();
        let mut state = match &self.instance {
            None => ContainerState::Waiting(default_reason.into()),
            Some(instance) => match instance.recorded {
                Recorded::Running => ContainerState::Running,
                Recorded::Exited(exit_code) => {
                    ContainerState::Terminated(Termination { exit_code, reason: instance.reason.into() })
                }
                Recorded::Created | Recorded::Unknown => ContainerState::Waiting("".into()),
            },
        };
        // An init container or sidecar that ended with 0 is never shown as waiting (fact 5.11).
        let is_done =
            self.spec.kind != Kind::Regular && matches!(&state, ContainerState::Terminated(end) if end.exit_code == 0);
        if let Some(reason) = self.waits.filter(|_| may_restart && !is_done && !self.is_running()) {
            if let ContainerState::Terminated(end) = &state {
                last = Some(end.clone());
            }
            state = ContainerState::Waiting(reason.into());
        }
        ContainerStatus {
            state,
            last,
            restart_count: self.restart_count,
            is_started: self.is_started(),
            is_ready: self.is_ready(),
        }
    }

    pub(super) fn doing(&self, may_restart: bool) -> Doing {
        let stage = self.kill.map(|kill| kill.stage).filter(|_| self.is_running());
        match (stage, &self.instance) {
            (Some(Stage::PreStop), _) => Doing::PreStop,
            (Some(Stage::Waiting), _) => Doing::WaitingToStop,
            (Some(Stage::Signalled), _) => Doing::Stopping,
            _ if self.is_pulling => Doing::Pulling,
            (None, Some(instance)) => match instance.recorded {
                Recorded::Running if !self.is_started() => Doing::Starting,
                Recorded::Running if self.spec.kind == Kind::Init || self.is_ready() => Doing::Ready,
                Recorded::Running => Doing::Started,
                Recorded::Exited(_) if may_restart && self.waits.is_some() => Doing::BackOff,
                Recorded::Exited(0) => Doing::Completed,
                Recorded::Exited(_) => Doing::Failed,
                Recorded::Created | Recorded::Unknown => Doing::Waiting,
            },
            (None, None) if may_restart && self.waits.is_some() => Doing::BackOff,
            (None, None) => Doing::Waiting,
        }
    }
}
