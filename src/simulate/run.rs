//! What a simulation tells: a log, and everything that changed, with the time of each change. Times are milliseconds since
//! the Pod was created.

use super::columns::Columns;
use super::scenario::Action;
use super::status::{ContainerStatus, Phase};
use serde::{Deserialize, Serialize};

/// Which process an entry of the log is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Process {
    /// The container itself.
    Container,
    /// Its `postStart` hook.
    PostStart,
    /// Its `preStop` hook.
    PreStop,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// A process was started.
    Starting(usize, Process),
    /// A process is up.
    Up(usize, Process),
    /// A process ended by itself, or after it was asked to.
    Exited(usize, Process, i32),
    /// A process was cut off: killed with SIGKILL, or a hook that took too long.
    Killed(usize, Process),
    /// A hook failed.
    HookFailed(usize, Process),
    /// The startup probe gave its result.
    StartupProbe(usize, bool),
    /// The readiness probe changed its result.
    ReadinessProbe(usize, bool),
    /// The liveness probe failed.
    LivenessFailed(usize),
    /// The container was sent its stop signal.
    Signalled(usize),
    /// Its image is being pulled.
    Pulling(usize),
    /// Its image could not be pulled.
    PullFailed(usize),
    /// The kubelet begins to stop a container alone, for a reason.
    Killing(usize, String),
    /// The wait before it is started again, until this time.
    BackOff(usize, u64),
    /// All containers are reset because of the end of this one.
    RestartingAll(usize),
    /// The Pod begins to end, for a reason, with a grace period in seconds.
    Ending(String, u64),
    /// The last container has stopped.
    Ended,
    /// Something that the scenario did.
    Done(Action),
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: u64,
    /// What.
    pub what: What,
}

/// What a container does for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doing {
    /// It waits for its turn to be started.
    Waiting,
    /// Its image is being pulled.
    Pulling,
    /// It waits to be started once more.
    BackOff,
    /// Its process runs, but it is not started in the sense of its startup probe.
    Starting,
    /// It is started, but not ready.
    Started,
    /// It is ready, or runs, for a plain init container.
    Ready,
    /// Its `preStop` hook runs.
    PreStop,
    /// It still works, and waits for others to stop before it is asked to.
    WaitingToStop,
    /// It was asked to stop.
    Stopping,
    /// It ended with code 0.
    Completed,
    /// It ended with another code, or was killed.
    Failed,
}

impl Doing {
    /// Whether there is a process.
    #[must_use]
    pub fn is_running(self) -> bool {
        let is_up = matches!(self, Self::Starting | Self::Started | Self::Ready);
        is_up || matches!(self, Self::PreStop | Self::WaitingToStop | Self::Stopping)
    }

    /// In words, for learners.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Pulling => "pulling the image",
            Self::BackOff => "back-off",
            Self::Starting => "starting",
            Self::Started => "started, not ready",
            Self::Ready => "ready",
            Self::PreStop => "preStop hook",
            Self::WaitingToStop => "waiting for its turn to stop",
            Self::Stopping => "stopping",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }
}

/// A container does something from one time to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// First millisecond.
    pub from: u64,
    /// First millisecond after it.
    pub to: u64,
    /// What it does.
    pub doing: Doing,
}

/// How the Pod stands from a time on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// From when on.
    pub at: u64,
    /// Its phase.
    pub phase: Phase,
    /// The condition `Initialized`.
    pub is_initialized: bool,
    /// The condition `Ready`.
    pub is_ready: bool,
    /// What `kubectl get pod` shows.
    pub columns: Columns,
}

impl Moment {
    /// Whether all but the time is the same.
    pub(super) fn stands_like(&self, other: &Self) -> bool {
        let flags = |moment: &Self| (moment.phase, moment.is_initialized, moment.is_ready);
        flags(self) == flags(other) && self.columns == other.columns
    }
}

/// How the Pod was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// When that began.
    pub at: u64,
    /// The grace period, in seconds.
    pub grace: u64,
    /// Whether it was deleted; else it ended by itself.
    pub is_deletion: bool,
    /// When the last container had stopped, if it has.
    pub over: Option<u64>,
}

/// A simulated Pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// All that happened, in order.
    pub log: Vec<Entry>,
    /// What each container did, without gaps.
    pub lanes: Vec<Vec<Band>>,
    /// How the Pod stood; each one counts until the next.
    pub moments: Vec<Moment>,
    /// The statuses at the end.
    pub statuses: Vec<ContainerStatus>,
    /// How it was ended, when it was.
    pub ending: Option<Ending>,
    /// When the conditions to end the simulation held, when there were any and they did.
    pub reached: Option<u64>,
    /// When the simulation ended.
    pub end: u64,
}

impl Run {
    /// How the Pod stands at a time.
    #[must_use]
    pub fn moment(&self, at: u64) -> Option<&Moment> {
        let behind = self.moments.partition_point(|moment| moment.at <= at);
        self.moments.get(behind.checked_sub(1)?)
    }

    /// What a container does at a time.
    #[must_use]
    pub fn doing(&self, container: usize, at: u64) -> Option<Doing> {
        let lane = self.lanes.get(container)?;
        let behind = lane.partition_point(|band| band.from <= at);
        lane.get(behind.checked_sub(1)?).map(|band| band.doing)
    }

    /// The first time of an entry that fits.
    pub fn first(&self, fits: impl Fn(&What) -> bool) -> Option<u64> {
        self.log.iter().find(|entry| fits(&entry.what)).map(|entry| entry.at)
    }

    /// The phase at the end.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.moments.last().map_or(Phase::Pending, |moment| moment.phase)
    }
}
