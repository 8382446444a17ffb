//! What a manifest cannot say: how long containers run, how they end, how their probes answer, and what happens to the
//! Pod meanwhile. Times are in milliseconds.

use serde::{Deserialize, Serialize};

/// One run of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessRun {
    /// How long it runs, from the moment it is up, until it ends by itself; none for one that never does.
    pub lasts: Option<u64>,
    /// The code that it ends with, by itself.
    pub exit_code: i32,
}

/// What a process does when it is asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnStop {
    /// It ends so long after the signal, with this code, or with that of the run.
    Ends {
        /// Milliseconds.
        after: u64,
        /// None: the code of the run.
        code: Option<i32>,
    },
    /// It takes no notice and has to be killed.
    Ignores,
}

/// How the image comes to the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pull {
    /// It takes so long, once.
    Takes(u64),
    /// It cannot be pulled.
    Fails,
}

/// How a probe answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// It always succeeds.
    Success,
    /// It always fails.
    Failure,
    /// It succeeds as soon as the process is up.
    #[default]
    WhenUp,
    /// It succeeds when the process is up, until so long after that.
    UpUntil(u64),
}

/// How a hook runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HookRun {
    /// From its call until it does something.
    pub start_delay: u64,
    /// How long it takes; none for one that never returns.
    pub lasts: Option<u64>,
    /// Anything but 0 is a failure.
    pub exit_code: i32,
    /// The container that it waits for: it takes until that one is up, if that is longer.
    pub waits_for: Option<usize>,
}

/// The container that ends another one when its own work is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedBy {
    /// Which one.
    pub container: usize,
    /// Whether it has to end with code 0 for that.
    pub needs_success: bool,
}

/// How a container behaves.
#[derive(Clone, Debug)]
pub struct Behaviour {
    /// One run after the other; the last one repeats.
    pub runs: Vec<ProcessRun>,
    /// From the start of the process until it is up.
    pub start_delay: u64,
    /// When it is asked to stop.
    pub on_stop: OnStop,
    /// The container that asks it to stop when its own work is done.
    pub ended_by: Option<EndedBy>,
    /// How its image comes.
    pub pull: Pull,
    /// How the startup probe answers.
    pub startup: Answer,
    /// How the readiness probe answers.
    pub readiness: Answer,
    /// How the liveness probe answers.
    pub liveness: Answer,
    /// How the `postStart` hook runs.
    pub post_start: HookRun,
    /// How the `preStop` hook runs.
    pub pre_stop: HookRun,
}

impl Default for Behaviour {
    /// Runs for ever, is up at once, stops at once.
    fn default() -> Self {
        Self {
            runs: Vec::new(),
            start_delay: 0,
            on_stop: OnStop::Ends { after: 0, code: None },
            ended_by: None,
            pull: Pull::Takes(0),
            startup: Answer::WhenUp,
            readiness: Answer::WhenUp,
            liveness: Answer::WhenUp,
            post_start: HookRun::default(),
            pre_stop: HookRun::default(),
        }
    }
}

impl Behaviour {
    /// The run of a number, from 0.
    #[must_use]
    pub fn run(&self, number: usize) -> ProcessRun {
        let last = self.runs.last().copied().unwrap_or(ProcessRun { lasts: None, exit_code: 0 });
        self.runs.get(number).copied().unwrap_or(last)
    }
}

/// When something happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// At a time since the Pod was created.
    At(u64),
    /// So long after the stimulus before it.
    After(u64),
    /// As soon as all of these hold.
    All(Vec<Condition>),
}

/// Something that can be waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The Pod has this phase.
    Phase(super::Phase),
    /// The Pod is ready.
    Ready,
    /// The Pod has ended, and none of its containers runs.
    Ended,
    /// A process was up at least once.
    Up(usize),
    /// A container runs.
    Running(usize),
    /// A container runs but is not started, in the sense of its startup probe.
    RunningNotStarted(usize),
    /// A container was restarted at least so often.
    Restarts(usize, u32),
    /// All containers together were restarted at least so often.
    AllRestarts(u32),
    /// A container waits for this reason.
    Waits(usize, String),
}

/// What is done to a Pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// `kubectl delete pod`, with a grace period in seconds, or with that of the Pod.
    Delete(Option<u64>),
    /// A process ends at once with this code.
    Exit(usize, i32),
    /// The kernel kills a process that takes too much memory.
    OutOfMemory(usize),
    /// The image of a container is changed.
    SetImage(usize),
    /// The kubelet restarts: nothing that has completed runs again (fact 2.13).
    KubeletRestart,
    /// The node restarts: all processes and the sandbox are lost.
    Reboot,
}

/// Something that happens to a Pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stimulus {
    /// When. A stimulus waits for those in front of it.
    pub when: When,
    /// What.
    pub action: Action,
}

/// All that a simulation needs beside the Pod.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    /// One for each container of the Pod; for those that are missing the default.
    pub behaviours: Vec<Behaviour>,
    /// What happens, in order.
    pub stimuli: Vec<Stimulus>,
    /// The simulation ends when all of these hold.
    pub until: Vec<Condition>,
    /// The latest end, in milliseconds.
    pub horizon: u64,
}
