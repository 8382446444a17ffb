//! The pod worker: one sync after the other, one step after the other. While it is blocked by a pull, a `postStart` hook or
//! a kill, no other container of the Pod is started (fact 2.1).
//! Source: `SyncPod` in `pkg/kubelet/kuberuntime/kuberuntime_manager.go`.

use super::decide::{KillReason, Recorded, Sandbox, Sync, decide};
use super::engine::{Event, Machine};
use super::live::{Instance, Live};
use super::probing::{Asked, results};
use super::run::{Ending, Process, What};
use super::scenario::{Answer, Pull};
use super::spec::Kind;
use super::status::{RESTARTING_ALL, Termination};
use crate::model::ProbeKind;
use std::collections::VecDeque;

/// From a failed pull until the kubelet tries again and finds that it has to wait. In a cluster, some seconds.
const PULL_RETRY: u64 = 2000;

/// A step of a sync.
#[derive(Clone, Copy, Debug)]
enum Step {
    KillPod,
    NewSandbox,
    Kill(usize, KillReason),
    Reset(usize, bool),
    ResetDone,
    Start(usize),
}

/// What the worker is waiting for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Busy {
    #[default]
    No,
    Pulling(usize),
    PostStart(usize),
    /// A container is being stopped; then its start counts as failed, or it is removed.
    Killing(usize),
    FailedStart(usize),
    Resetting(usize),
    KillingPod,
}

/// The worker of a Pod.
#[derive(Debug, Default)]
pub(super) struct Worker {
    steps: VecDeque<Step>,
    pub(super) busy: Busy,
}

impl Machine<'_> {
    /// Goes on until the worker is blocked or has nothing to do.
    pub(super) fn advance(&mut self) {
        while self.worker.busy == Busy::No && !self.is_over {
            if let Some(step) = self.worker.steps.pop_front() {
                self.step(step);
            } else if self.is_dirty && self.cause.is_none() {
                // As in a cluster, the status is written first: a Pod whose phase is final is not synced any more.
                if !self.write_down() {
                    self.is_dirty = false;
                    self.sync();
                }
            } else {
                return;
            }
        }
    }

    fn sync(&mut self) {
        let seen: Vec<_> = self.lives.iter().map(Live::seen).collect();
        let actions = decide(Sync {
            pod: self.pod,
            seen: &seen,
            sandbox: self.sandbox,
            is_restarting_all: self.is_restarting_all,
            cluster: self.cluster,
        });
        let steps = &mut self.worker.steps;
        if actions.kill_pod {
            steps.push_back(Step::KillPod);
        } else {
            steps.extend(actions.kill.iter().map(|(index, reason)| Step::Kill(*index, *reason)));
            steps.extend(actions.reset.iter().map(|(index, kill)| Step::Reset(*index, *kill)));
        }
        if self.is_restarting_all {
            steps.push_back(Step::ResetDone);
        }
        if actions.create_sandbox {
            steps.push_back(Step::NewSandbox);
        }
        steps.extend(actions.start_init.iter().chain(&actions.start_regular).map(|index| Step::Start(*index)));
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::KillPod => {
                let is_new_sandbox = self.sandbox != Sandbox::Ready;
                if !is_new_sandbox && self.run.ending.is_none() {
                    let grace = self.pod.grace;
                    self.run.ending = Some(Ending { at: self.now, grace, is_deletion: false, over: None });
                    self.log(What::Ending("no regular container runs or is to run again".to_owned(), grace));
                }
                self.kill_all(self.pod.grace);
            }
            Step::NewSandbox => {
                for live in &mut self.lives {
                    if let Some(instance) = &mut live.instance {
                        instance.is_of_sandbox = false;
                    }
                    // What the init containers of the old sandbox left is thrown away.
                    if live.spec.kind != Kind::Regular
                        && let Some(old) = live.instance.take()
                    {
                        live.last = old.termination();
                    }
                }
                self.sandbox = Sandbox::Ready;
            }
            Step::Kill(index, reason) => {
                let Some(live) = self.lives.get(index).filter(|live| live.is_running()) else { return };
                let probe = match reason {
                    KillReason::StartupProbe => live.spec.startup,
                    KillReason::LivenessProbe => live.spec.liveness,
                    _ => None,
                };
                let grace = probe.and_then(|probe| probe.grace).unwrap_or(self.pod.grace);
                self.worker.busy = Busy::Killing(index);
                self.log(What::Killing(index, reason.words().to_owned()));
                self.kill(index, grace, false);
            }
            Step::Reset(index, kill) => {
                self.worker.busy = Busy::Resetting(index);
                match kill && self.lives.get(index).is_some_and(Live::is_running) {
                    true => self.kill(index, 0, false),
                    false => self.killed(index),
                }
            }
            Step::ResetDone => {
                self.is_restarting_all = false;
                self.is_dirty = true;
            }
            Step::Start(index) => self.start(index),
        }
    }

    /// A container that the worker waits for has stopped.
    pub(super) fn killed(&mut self, index: usize) {
        match self.worker.busy {
            Busy::Killing(own) if own == index => self.worker.busy = Busy::No,
            Busy::FailedStart(own) if own == index => {
                self.worker.busy = Busy::No;
                self.start_failed(index);
            }
            Busy::Resetting(own) if own == index => {
                self.worker.busy = Busy::No;
                if let Some(live) = self.lives.get_mut(index) {
                    live.instance = None;
                    live.restart_count += 1;
                    live.is_counted = true;
                    live.backoff.reset();
                    live.waits = None;
                    live.last = Some(Termination { exit_code: 137, reason: RESTARTING_ALL.into() });
                }
            }
            _ => {}
        }
        self.is_dirty = true;
        self.is_unwritten = true;
    }

    /// The worker drops what it does: the Pod ends.
    pub(super) fn abandon(&mut self) {
        self.worker.steps.clear();
        if let Busy::Pulling(index) = self.worker.busy
            && let Some(live) = self.lives.get_mut(index)
        {
            live.is_pulling = false;
        }
        self.worker.busy = Busy::No;
        self.is_restarting_all = false;
    }

    /// An init container that cannot be started ends the sync; a sidecar is skipped (fact 2.5).
    fn start_failed(&mut self, index: usize) {
        if self.lives.get(index).is_some_and(|live| live.spec.kind == Kind::Init) {
            self.worker.steps.clear();
        }
    }

    fn start(&mut self, index: usize) {
        let now = self.now;
        let Some(live) = self.lives.get_mut(index).filter(|live| !live.is_running()) else { return };
        let finished = live.instance.as_ref().filter(|instance| matches!(instance.recorded, Recorded::Exited(_)));
        if let Some(finished) = finished.map(|instance| instance.finished) {
            if let Some(until) = live.backoff.until(finished, now) {
                let is_known = live.waits == Some("CrashLoopBackOff");
                live.waits = Some("CrashLoopBackOff");
                self.is_unwritten |= !is_known;
                if !is_known {
                    self.log(What::BackOff(index, until));
                }
                self.wake(index, until);
                self.start_failed(index);
                return;
            }
            live.backoff.next(finished, now);
        }
        match live.behaviour.pull {
            _ if live.is_pulled => self.launch(index),
            Pull::Takes(0) => {
                live.is_pulled = true;
                self.launch(index);
            }
            Pull::Takes(time) => {
                live.is_pulling = true;
                self.worker.busy = Busy::Pulling(index);
                self.log(What::Pulling(index));
                self.after(time, Event::Pulled(index));
            }
            Pull::Fails => {
                match live.image_backoff.until_update(now) {
                    Some(until) => {
                        live.waits = Some("ImagePullBackOff");
                        self.is_unwritten = true;
                        self.wake(index, until);
                    }
                    None => {
                        live.image_backoff.next(now, now);
                        live.waits = Some("ErrImagePull");
                        self.log(What::PullFailed(index));
                        self.wake(index, now + PULL_RETRY);
                    }
                }
                self.start_failed(index);
            }
        }
    }

    /// Looks again at a time; once, however often that is asked for.
    fn wake(&mut self, index: usize, time: u64) {
        if let Some(live) = self.lives.get_mut(index)
            && live.wakes_at != Some(time)
        {
            live.wakes_at = Some(time);
            self.at(time, Event::Wake);
        }
    }

    pub(super) fn pulled(&mut self, index: usize) {
        if self.worker.busy != Busy::Pulling(index) {
            return;
        }
        self.worker.busy = Busy::No;
        if let Some(live) = self.lives.get_mut(index) {
            live.is_pulling = false;
            live.is_pulled = true;
        }
        self.launch(index);
    }

    fn launch(&mut self, index: usize) {
        let Some(live) = self.lives.get_mut(index) else { return };
        let run = live.behaviour.run(live.number);
        live.number += 1;
        if live.number > 1 && !live.is_counted {
            live.restart_count += 1;
        }
        live.is_counted = false;
        if let Some(old) = live.instance.take() {
            live.last = old.termination();
        }
        live.instance = Some(Instance::running(self.now, run.exit_code));
        live.waits = None;
        (live.startup, live.liveness, live.readiness) = (None, None, None);
        let (number, delay, post_start) = (live.number, live.behaviour.start_delay, live.behaviour.post_start);
        let (startup, has_post_start) = (live.spec.startup, live.spec.has_post_start);
        let answer = live.behaviour.startup;
        self.log(What::Starting(index, Process::Container));
        self.is_dirty = true;
        let now = self.now;
        match delay {
            0 => self.up(index, number),
            _ => self.after(delay, Event::Up(index, number)),
        }
        match startup {
            Some(probe) => {
                let asked = Asked { start: self.now, up: self.now + delay, not_before: 0, at_once: false };
                // After its first result a startup probe is not asked again.
                for (time, result) in results(probe, answer, asked).into_iter().take(1) {
                    self.at(time, Event::Probed(index, number, ProbeKind::Startup, result));
                }
            }
            None => self.probe_when_started(index, number, self.now),
        }
        if has_post_start {
            self.worker.busy = Busy::PostStart(index);
            self.log(What::Starting(index, Process::PostStart));
            match post_start.start_delay {
                0 => self.log(What::Up(index, Process::PostStart)),
                delay => self.after(delay, Event::PostStartUp(index, number)),
            }
            let least = post_start.lasts.map(|lasts| post_start.start_delay + lasts);
            match (least, post_start.waits_for) {
                (Some(least), Some(other)) if !self.will_answer(other, now + least) => {}
                (Some(least), _) => self.after(least, Event::PostStartOver(index, number)),
                (None, _) => {}
            }
        }
    }

    /// Whether a container that runs is up at a time, and answers whoever waits for it.
    fn will_answer(&self, index: usize, time: u64) -> bool {
        let Some(live) = self.lives.get(index).filter(|live| live.behaviour.readiness != Answer::Failure) else {
            return false;
        };
        let launched = live.instance.as_ref().map_or(0, |instance| instance.launched);
        live.is_running() && launched + live.behaviour.start_delay <= time
    }

    /// A container is up: a hook that waits for it is over, though not before it has done the rest of what it does.
    pub(super) fn answers(&mut self, index: usize) {
        let Busy::PostStart(waiting) = self.worker.busy else { return };
        let Some(live) = self.lives.get(waiting) else { return };
        let (hook, number) = (live.behaviour.post_start, live.number);
        let begun = live.instance.as_ref().map_or(0, |instance| instance.launched);
        let least = hook.lasts.map(|lasts| begun + hook.start_delay + lasts);
        if let Some(least) = least.filter(|_| hook.waits_for == Some(index) && self.will_answer(index, self.now)) {
            self.at(self.now.max(least), Event::PostStartOver(waiting, number));
        }
    }

    /// From now on the other two probes count. `launched` is when the process was started.
    fn probe_when_started(&mut self, index: usize, number: usize, launched: u64) {
        let Some(live) = self.lives.get(index) else { return };
        let up = launched + live.behaviour.start_delay;
        let asked = |at_once| Asked { start: launched, up, not_before: self.now, at_once };
        let of = |probe, answer, asked: Asked| results(probe, answer, asked);
        let liveness = live.spec.liveness.map(|probe| of(probe, live.behaviour.liveness, asked(false)));
        let readiness = live.spec.readiness.map(|probe| of(probe, live.behaviour.readiness, asked(true)));
        for (kind, changes) in [(ProbeKind::Liveness, liveness), (ProbeKind::Readiness, readiness)] {
            for (time, result) in changes.into_iter().flatten() {
                self.at(time, Event::Probed(index, number, kind, result));
            }
        }
    }

    pub(super) fn probed(&mut self, index: usize, number: usize, kind: ProbeKind, result: bool) {
        let Some(live) = self.lives.get_mut(index).filter(|live| live.is_current(number)) else { return };
        let is_ending = self.cause.is_some() || self.worker.busy == Busy::KillingPod || live.kill.is_some();
        let launched = live.instance.as_ref().map_or(0, |instance| instance.launched);
        match kind {
            // Their failures have no effect while a Pod ends (fact 4.13).
            ProbeKind::Startup | ProbeKind::Liveness if is_ending => return,
            ProbeKind::Startup => {
                live.startup = Some(result);
                self.log(What::StartupProbe(index, result));
                if result {
                    self.probe_when_started(index, number, launched);
                }
            }
            ProbeKind::Liveness => {
                if live.liveness == Some(false) {
                    return;
                }
                live.liveness = Some(result);
                if !result {
                    self.log(What::LivenessFailed(index));
                }
            }
            ProbeKind::Readiness => {
                live.readiness = Some(result);
                self.log(What::ReadinessProbe(index, result));
            }
        }
        self.is_dirty = true;
    }

    pub(super) fn post_start_over(&mut self, index: usize, number: usize) {
        if self.worker.busy != Busy::PostStart(index) || self.lives.get(index).is_none_or(|l| !l.is_current(number)) {
            return;
        }
        let code = self.lives.get(index).map_or(0, |live| live.behaviour.post_start.exit_code);
        self.log(What::Exited(index, Process::PostStart, code));
        self.worker.busy = Busy::No;
        if code != 0 {
            self.log(What::HookFailed(index, Process::PostStart));
            self.worker.busy = Busy::FailedStart(index);
            self.log(What::Killing(index, KillReason::PostStart.words().to_owned()));
            self.kill(index, self.pod.grace, false);
        }
    }

    /// A hook cannot outlive its container.
    pub(super) fn exited_during_post_start(&mut self, index: usize) {
        if self.worker.busy == Busy::PostStart(index) {
            self.worker.busy = Busy::No;
            self.log(What::Killed(index, Process::PostStart));
            self.start_failed(index);
        }
    }

    /// The node restarts: nothing runs any more, and the sandbox is gone.
    pub(super) fn reboot(&mut self) {
        self.abandon();
        for index in 0..self.lives.len() {
            if let Some(live) = self.lives.get_mut(index) {
                live.kill = None;
                live.holds_others = false;
            }
            if self.lives.get(index).is_some_and(Live::is_running) {
                self.exit(index, 137, Some("Error"));
            }
        }
        self.is_restarting_all = false;
        self.sandbox = Sandbox::Lost;
        if self.cause.is_some() {
            self.pod_stopped();
        }
        self.is_dirty = true;
    }
}
