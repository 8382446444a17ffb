//! What each container does over time, before anything has a place.

use super::Target;
use crate::detect::Role;
use crate::simulate::{Doing, Phase};

/// A picture of what happens when. Times are milliseconds since the Pod was created.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// Heading.
    pub title: String,
    /// The picture in one or two sentences.
    pub summary: String,
    /// What each container does, from top to bottom.
    pub lanes: Vec<Lane>,
    /// The phases of the Pod, and from when on they count.
    pub phases: Vec<(u64, Phase)>,
    /// What happens to the whole Pod.
    pub events: Vec<(u64, String)>,
    /// All times at which something changes, here or in the picture beside this one, ascending: both have one scale.
    pub changes: Vec<u64>,
    /// What was assumed, as sentences.
    pub assumptions: Vec<String>,
}

/// A container.
#[derive(Clone, Debug)]
pub struct Lane {
    /// Its name.
    pub title: String,
    /// Its role in words.
    pub subtitle: String,
    /// Its role.
    pub role: Role,
    /// What it stands for.
    pub target: Option<Target>,
    /// What it does: from, to.
    pub bands: Vec<(u64, u64, Doing)>,
    /// Moments in it.
    pub marks: Vec<(u64, Mark)>,
}

/// A moment in the life of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// It was killed.
    Kill,
    /// It ended with an error.
    Crash,
    /// It was sent its stop signal.
    Term,
    /// Its liveness probe failed.
    LivenessFailed,
    /// Its startup probe failed.
    StartupFailed,
    /// Its startup probe passed.
    StartupPassed,
    /// Its readiness probe failed.
    NotReady,
    /// Its `postStart` hook ran.
    PostStart,
    /// Its process is up.
    Up,
}

impl Mark {
    /// As few letters as can be understood.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Kill => "SIGKILL",
            Self::Crash => "crash",
            Self::Term => "SIGTERM",
            Self::LivenessFailed => "liveness ✗",
            Self::StartupFailed => "startup ✗",
            Self::StartupPassed => "startup ✓",
            Self::NotReady => "readiness ✗",
            Self::PostStart => "postStart",
            Self::Up => "up",
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Kill => "it is killed with SIGKILL",
            Self::Crash => "it ends with an error",
            Self::Term => "it is sent SIGTERM",
            Self::LivenessFailed => "its liveness probe fails",
            Self::StartupFailed => "its startup probe fails",
            Self::StartupPassed => "its startup probe passes",
            Self::NotReady => "its readiness probe fails",
            Self::PostStart => "its postStart hook runs",
            Self::Up => "it is up",
        }
    }
}
