//! How containers are stopped (facts 4.2 to 4.10).
//!
//! Each container has its own routine, and all of a Pod begin at the same moment: first the `preStop` hook, then the wait
//! for its turn, then the stop signal, at last SIGKILL. One budget of whole seconds pays for all of that.
//! Sources: `killContainer` in `pkg/kubelet/kuberuntime/kuberuntime_container.go`, `kuberuntime_termination_order.go`.

use super::engine::{Cause, Event, Machine};
use super::live::{Kill, Live, Stage};
use super::run::{Process, What};
use super::scenario::OnStop;
use super::spec::{Kind, PodSpec};
use super::worker::Busy;
use crate::release::Feature;

/// Even a container without budget gets so many seconds between its signal and SIGKILL.
const LEAST: u64 = 2;

/// Which containers a container waits for before it is asked to stop: a sidecar for all regular ones and for the next
/// later sidecar; nobody else for anybody (facts 4.4 and 4.6).
pub(super) fn waits_for(pod: &PodSpec, index: usize) -> Vec<usize> {
    if pod.containers.get(index).is_none_or(|container| container.kind != Kind::Sidecar) {
        return Vec::new();
    }
    let later = pod.init().find(|(other, container)| *other > index && container.kind == Kind::Sidecar);
    pod.regular().chain(later).map(|(other, _)| other).collect()
}

impl Machine<'_> {
    pub(super) fn is_kill(&self, index: usize, number: u32) -> bool {
        self.lives.get(index).and_then(|live| live.kill).is_some_and(|kill| kill.number == number)
    }

    /// Ends the Pod: whatever the worker was doing, all containers are stopped now.
    pub(super) fn stop_pod(&mut self, grace: u64) {
        self.abandon();
        for live in &mut self.lives {
            live.kill = None;
        }
        self.kill_all(grace);
    }

    /// Stops all running containers; the worker waits for the last of them.
    pub(super) fn kill_all(&mut self, grace: u64) {
        let is_ordered = self.pod.has_sidecar() && self.cluster.has(Feature::TerminationOrdering);
        let running: Vec<usize> =
            self.lives.iter().enumerate().filter(|(_, live)| live.is_running()).map(|(index, _)| index).collect();
        for live in &mut self.lives {
            live.holds_others = live.is_running();
        }
        self.worker.busy = Busy::KillingPod;
        for index in &running {
            self.kill(*index, grace, is_ordered);
        }
        if running.is_empty() {
            self.pod_stopped();
        }
    }

    /// Begins to stop a container within so many seconds.
    pub(super) fn kill(&mut self, index: usize, budget: u64, is_ordered: bool) {
        self.kills += 1;
        let (number, since) = (self.kills, self.now);
        let Some(live) = self.lives.get_mut(index) else { return };
        let kill = Kill { number, budget, stage: Stage::PreStop, since, is_ordered };
        live.kill = Some(kill);
        let hook = live.behaviour.pre_stop;
        if !live.spec.has_pre_stop || budget == 0 {
            self.turn(index);
            return;
        }
        self.log(What::Starting(index, Process::PreStop));
        let budget = budget.saturating_mul(1000);
        match hook.start_delay {
            0 => self.log(What::Up(index, Process::PreStop)),
            delay if delay <= budget => self.after(delay, Event::PreStopUp(index, number)),
            _ => {}
        }
        match hook.lasts.map(|lasts| lasts + hook.start_delay).filter(|lasts| *lasts <= budget) {
            Some(lasts) => self.after(lasts, Event::PreStopOver(index, number, false)),
            None => self.after(budget, Event::PreStopOver(index, number, true)),
        }
    }

    /// Whole seconds that went by are paid for.
    fn pay(&mut self, index: usize) {
        let now = self.now;
        if let Some(kill) = self.lives.get_mut(index).and_then(|live| live.kill.as_mut()) {
            kill.budget = kill.budget.saturating_sub((now - kill.since) / 1000);
            kill.since = now;
        }
    }

    pub(super) fn pre_stop_over(&mut self, index: usize, is_cut: bool) {
        let code = self.lives.get(index).map_or(0, |live| live.behaviour.pre_stop.exit_code);
        let process = Process::PreStop;
        self.log(if is_cut { What::Killed(index, process) } else { What::Exited(index, process, code) });
        if !is_cut && code != 0 {
            self.log(What::HookFailed(index, process));
        }
        self.pay(index);
        self.turn(index);
    }

    /// Waits until it is the turn of this container.
    fn turn(&mut self, index: usize) {
        let now = self.now;
        let others_stop = waits_for(self.pod, index);
        let is_held = others_stop.iter().any(|other| self.lives.get(*other).is_some_and(|live| live.holds_others));
        let Some(kill) = self.lives.get_mut(index).and_then(|live| live.kill.as_mut()) else { return };
        if kill.is_ordered && kill.budget > 0 && is_held {
            kill.stage = Stage::Waiting;
            kill.since = now;
            self.is_unwritten = true;
            let (number, budget) = (kill.number, kill.budget);
            self.after(budget.saturating_mul(1000), Event::TurnTimeout(index, number));
        } else {
            self.signal(index);
        }
    }

    pub(super) fn turn_over(&mut self, index: usize) {
        let is_waiting = |live: &Live<'_>| live.kill.is_some_and(|kill| kill.stage == Stage::Waiting);
        if self.lives.get(index).is_some_and(is_waiting) {
            self.pay(index);
            self.signal(index);
        }
    }

    fn signal(&mut self, index: usize) {
        let now = self.now;
        let Some(live) = self.lives.get_mut(index) else { return };
        let is_running = live.is_running();
        let (number, on_stop) = (live.number, live.behaviour.on_stop);
        let Some(kill) = &mut live.kill else { return };
        if !is_running {
            self.kill_over(index);
            return;
        }
        kill.budget = kill.budget.max(LEAST);
        kill.stage = Stage::Signalled;
        let (kill, budget) = (kill.number, kill.budget);
        let is_first = live.instance.as_mut().is_some_and(|instance| {
            let is_first = instance.stops_at.is_none();
            instance.stops_at.get_or_insert(now);
            is_first
        });
        self.log(What::Signalled(index));
        match on_stop {
            OnStop::Ends { after, .. } if is_first => self.after(after, Event::Stops(index, number)),
            _ => {}
        }
        self.after(budget.saturating_mul(1000), Event::SigKill(index, kill));
    }

    /// A container that is being stopped has ended.
    pub(super) fn exited_while_killed(&mut self, index: usize) {
        match self.lives.get(index).and_then(|live| live.kill).map(|kill| kill.stage) {
            Some(Stage::PreStop) => self.pre_stop_over(index, true),
            Some(Stage::Signalled) => self.kill_over(index),
            // One that ended while it waited still waits: those in front of it do not overtake.
            Some(Stage::Waiting) | None => {}
        }
    }

    fn kill_over(&mut self, index: usize) {
        if let Some(live) = self.lives.get_mut(index) {
            live.kill = None;
            live.holds_others = false;
        }
        self.is_unwritten = true;
        let is_free = |machine: &Self, other: usize| {
            let mut others = waits_for(machine.pod, other).into_iter();
            others.all(|before| !machine.lives.get(before).is_some_and(|live| live.holds_others))
        };
        for other in (0..self.lives.len()).rev() {
            let is_waiting =
                self.lives.get(other).and_then(|live| live.kill).is_some_and(|kill| kill.stage == Stage::Waiting);
            if is_waiting && is_free(self, other) {
                self.turn_over(other);
            }
        }
        match self.worker.busy {
            Busy::KillingPod if self.lives.iter().all(|live| live.kill.is_none()) => self.pod_stopped(),
            Busy::KillingPod => {}
            _ => self.killed(index),
        }
    }

    /// Nothing of the Pod runs any more.
    pub(super) fn pod_stopped(&mut self) {
        if self.worker.busy == Busy::KillingPod {
            self.worker.busy = Busy::No;
        }
        if self.cause.is_some() && !self.is_over {
            self.is_over = true;
            if let Some(ending) = &mut self.run.ending {
                ending.over = Some(self.now);
            }
            self.log(What::Ended);
        }
    }

    /// The phase is final. A Pod that is being stopped goes on with that; one of which something runs begins to.
    pub(super) fn phase_is_final(&mut self) {
        if self.worker.busy == Busy::KillingPod {
            self.cause = Some(Cause::Phase);
        } else {
            self.end_pod(Cause::Phase, self.pod.grace);
        }
    }
}
