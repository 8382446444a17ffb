//! The clockwork: events in the order of their time, and what the kubelet writes down after each of them.

use super::columns::{PodLine, columns};
use super::decide::{Recorded, Sandbox};
use super::live::Live;
use super::run::{Band, Ending, Entry, Moment, Process, Run, What};
use super::scenario::{Action, Behaviour, Condition, EndedBy, OnStop, Scenario, When};
use super::spec::{Kind, PodSpec};
use super::status::{ContainerState, ContainerStatus, Phase, Statuses};
use super::worker::Worker;
use crate::model::ProbeKind;
use crate::release::{Cluster, Feature};
use std::collections::BTreeMap;

/// Most events of one simulation: far more than a day of crashes has, so that nothing can go on for ever.
const MOST_EVENTS: usize = 200_000;

/// Something that is going to happen. The number after that of the container tells its instance, or its kill.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    Up(usize, usize),
    Exits(usize, usize),
    Stops(usize, usize),
    SigKill(usize, u32),
    PreStopUp(usize, u32),
    PreStopOver(usize, u32, bool),
    TurnTimeout(usize, u32),
    PostStartUp(usize, usize),
    PostStartOver(usize, usize),
    Probed(usize, usize, ProbeKind, bool),
    Pulled(usize),
    Wake,
    Deadline,
    Stimulus,
}

/// Why a Pod ends before all of it has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    Deleted,
    Deadline,
    /// Its phase is terminal.
    Phase,
}

pub(super) struct Machine<'a> {
    pub(super) pod: &'a PodSpec,
    pub(super) cluster: &'a Cluster,
    pub(super) now: u64,
    pub(super) lives: Vec<Live<'a>>,
    pub(super) worker: Worker,
    pub(super) sandbox: Sandbox,
    pub(super) is_restarting_all: bool,
    pub(super) cause: Option<Cause>,
    pub(super) is_over: bool,
    /// Something changed that the kubelet has not looked at.
    pub(super) is_dirty: bool,
    /// Something changed that is not written down.
    pub(super) is_unwritten: bool,
    pub(super) kills: u32,
    pub(super) run: Run,
    scenario: &'a Scenario,
    events: BTreeMap<(u64, u64), Event>,
    sequence: u64,
    next_stimulus: usize,
    last_stimulus: u64,
    is_timed: bool,
    phase: Phase,
    is_initialized: bool,
    is_ready: bool,
    ever_up: Vec<bool>,
}

impl<'a> Machine<'a> {
    pub(super) fn new(
        pod: &'a PodSpec,
        scenario: &'a Scenario,
        behaviours: &'a [Behaviour],
        cluster: &'a Cluster,
    ) -> Self {
        let pairs = pod.containers.iter().zip(behaviours);
        let count = pod.containers.len();
        Self {
            pod,
            cluster,
            now: 0,
            lives: pairs.map(|(spec, behaviour)| Live::new(spec, behaviour)).collect(),
            worker: Worker::default(),
            sandbox: Sandbox::None,
            is_restarting_all: false,
            cause: None,
            is_over: false,
            is_dirty: true,
            is_unwritten: true,
            kills: 0,
            run: Run { lanes: vec![Vec::new(); count], ..Run::default() },
            scenario,
            events: BTreeMap::new(),
            sequence: 0,
            next_stimulus: 0,
            last_stimulus: 0,
            is_timed: false,
            phase: Phase::Pending,
            is_initialized: false,
            is_ready: false,
            ever_up: vec![false; count],
        }
    }

    pub(super) fn run(mut self) -> Run {
        if let Some(deadline) = self.pod.active_deadline {
            self.at(deadline.saturating_mul(1000), Event::Deadline);
        }
        self.settle();
        for _ in 0..MOST_EVENTS {
            if self.has_reached() {
                break;
            }
            let Some(((time, _), event)) = self.events.pop_first() else {
                if !self.is_over {
                    self.now = self.now.max(self.scenario.horizon);
                }
                break;
            };
            if time > self.scenario.horizon {
                self.now = self.scenario.horizon;
                break;
            }
            self.now = time;
            self.handle(event);
            self.settle();
        }
        self.finish()
    }

    fn finish(mut self) -> Run {
        let end = self.now;
        for lane in &mut self.run.lanes {
            if let Some(band) = lane.last_mut() {
                band.to = end.max(band.from);
            }
        }
        self.run.statuses = self.statuses();
        self.run.end = end;
        self.run
    }

    pub(super) fn at(&mut self, time: u64, event: Event) {
        self.sequence += 1;
        self.events.insert((time, self.sequence), event);
    }

    pub(super) fn after(&mut self, time: u64, event: Event) {
        self.at(self.now.saturating_add(time), event);
    }

    pub(super) fn log(&mut self, what: What) {
        self.is_unwritten = true;
        self.run.log.push(Entry { at: self.now, what });
    }

    /// Lets the kubelet do all it can do now, writes down what changed, and does what was waiting for that.
    fn settle(&mut self) {
        loop {
            self.advance();
            if !self.write_down() && !self.stimulate() {
                return;
            }
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Up(index, number) => {
                if self.lives.get(index).is_some_and(|live| live.is_current(number)) {
                    self.up(index, number);
                }
            }
            Event::Exits(index, number) => {
                if let Some(live) = self.lives.get(index).filter(|live| live.is_current(number)) {
                    let code = live.instance.as_ref().map_or(0, |instance| instance.exit_code);
                    self.exit(index, code, None);
                }
            }
            Event::Stops(index, number) => {
                if let Some(live) = self.lives.get(index).filter(|live| live.is_current(number)) {
                    let own = live.instance.as_ref().map_or(0, |instance| instance.exit_code);
                    let code = match live.behaviour.on_stop {
                        OnStop::Ends { code: Some(code), .. } => code,
                        _ => own,
                    };
                    self.exit(index, code, None);
                }
            }
            Event::SigKill(index, kill) => {
                if self.is_kill(index, kill) && self.lives.get(index).is_some_and(Live::is_running) {
                    self.exit(index, 137, Some("Error"));
                }
            }
            Event::PreStopUp(index, kill) => {
                if self.is_kill(index, kill) {
                    self.log(What::Up(index, Process::PreStop));
                }
            }
            Event::PreStopOver(index, kill, is_cut) => {
                if self.is_kill(index, kill) {
                    self.pre_stop_over(index, is_cut);
                }
            }
            Event::TurnTimeout(index, kill) => {
                if self.is_kill(index, kill) {
                    self.turn_over(index);
                }
            }
            Event::PostStartUp(index, number) => {
                if self.lives.get(index).is_some_and(|live| live.is_current(number)) {
                    self.log(What::Up(index, Process::PostStart));
                }
            }
            Event::PostStartOver(index, number) => self.post_start_over(index, number),
            Event::Probed(index, number, kind, result) => self.probed(index, number, kind, result),
            Event::Pulled(index) => self.pulled(index),
            Event::Wake => self.is_dirty = true,
            Event::Deadline => self.end_pod(Cause::Deadline, self.pod.grace),
            // That its time has come is seen when the kubelet has settled.
            Event::Stimulus => {}
        }
    }

    /// A process is up.
    pub(super) fn up(&mut self, index: usize, number: usize) {
        if let Some(ever) = self.ever_up.get_mut(index) {
            *ever = true;
        }
        self.log(What::Up(index, Process::Container));
        self.answers(index);
        let lasts = self.lives.get(index).and_then(|live| live.behaviour.run(number.saturating_sub(1)).lasts);
        if let Some(lasts) = lasts {
            self.after(lasts, Event::Exits(index, number));
        }
    }

    /// A process ends. `reason` is given when it did not end by itself.
    pub(super) fn exit(&mut self, index: usize, code: i32, reason: Option<&'static str>) {
        let now = self.now;
        let Some(live) = self.lives.get_mut(index) else { return };
        let Some(instance) = &mut live.instance else { return };
        instance.recorded = Recorded::Exited(code);
        instance.reason = reason.unwrap_or(if code == 0 { "Completed" } else { "Error" });
        instance.finished = now;
        let is_killed = reason.is_some();
        live.startup = None;
        live.liveness = None;
        live.readiness = None;
        let restarts_all = live.spec.restarts_all(code, self.cluster) && self.cause.is_none();
        let process = Process::Container;
        self.log(if is_killed { What::Killed(index, process) } else { What::Exited(index, process, code) });
        if restarts_all && !self.is_restarting_all {
            self.is_restarting_all = true;
            self.log(What::RestartingAll(index));
        }
        self.is_dirty = true;
        self.exited_while_killed(index);
        self.exited_during_post_start(index);
        if !is_killed {
            self.end_helpers_of(index, code);
        }
    }

    /// A container whose work is done has asked its helpers to stop.
    fn end_helpers_of(&mut self, index: usize, code: i32) {
        let is_told = |by: EndedBy| by.container == index && (code == 0 || !by.needs_success);
        let helpers = self.lives.iter().enumerate().filter(|(_, live)| live.behaviour.ended_by.is_some_and(is_told));
        let stops = helpers.filter(|(_, live)| live.is_running()).map(|(helper, live)| {
            let after = match live.behaviour.on_stop {
                OnStop::Ends { after, .. } => after,
                OnStop::Ignores => 0,
            };
            (after, Event::Stops(helper, live.number))
        });
        for (after, event) in stops.collect::<Vec<_>>() {
            self.after(after, event);
        }
    }

    /// What the kubelet reports now.
    pub(super) fn statuses(&self) -> Vec<ContainerStatus> {
        let default = if self.pod.init().next().is_some() { "PodInitializing" } else { "ContainerCreating" };
        self.lives.iter().map(|live| live.status(default, self.may_restart(live))).collect()
    }

    fn may_restart(&self, live: &Live<'_>) -> bool {
        let is_deleted = self.run.ending.is_some_and(|ending| ending.is_deletion);
        !is_deleted
            && match live.instance.as_ref().map(|instance| instance.recorded) {
                Some(Recorded::Exited(code)) => live.spec.restarts(self.pod.restart_policy, code, self.cluster),
                _ => true,
            }
    }

    /// Says whether that ends the Pod.
    pub(super) fn write_down(&mut self) -> bool {
        if !std::mem::take(&mut self.is_unwritten) {
            return false;
        }
        let statuses: Vec<Option<ContainerStatus>> = self.statuses().into_iter().map(Some).collect();
        let has_run = |live: &Live<'_>| match self.cluster.has(Feature::PendingWhileReinitializing) {
            true => live.instance.as_ref().is_some_and(|instance| instance.is_of_sandbox),
            false => live.number > 0,
        };
        let of = Statuses {
            pod: self.pod,
            of: &statuses,
            is_over: self.is_over,
            has_regular_started: self.lives.iter().any(|live| live.spec.kind == Kind::Regular && has_run(live)),
            cluster: self.cluster,
        };
        let phase = match self.cause {
            Some(Cause::Deadline) => Phase::Failed,
            _ if self.phase.is_terminal() => self.phase,
            _ => of.phase(),
        };
        let is_initialized = of.is_initialized(self.is_initialized);
        let is_ready = !phase.is_terminal() && of.unready().next().is_none();
        let line = PodLine {
            phase,
            reason: (self.cause == Some(Cause::Deadline)).then_some("DeadlineExceeded"),
            is_initialized,
            is_ready,
            is_deleted: self.cause == Some(Cause::Deleted),
        };
        let statuses: Vec<ContainerStatus> = statuses.into_iter().flatten().collect();
        let columns = columns(self.pod, &statuses, line);
        (self.phase, self.is_initialized, self.is_ready) = (phase, is_initialized, is_ready);
        let is_final = phase.is_terminal() && self.cause.is_none();
        if is_final {
            self.phase_is_final();
        }

        let moment = Moment { at: self.now, phase, is_initialized, is_ready, columns };
        let is_new = self.run.moments.last().is_none_or(|last| !last.stands_like(&moment));
        if is_new {
            self.run.moments.pop_if(|last| last.at == moment.at);
            self.run.moments.push(moment);
        }
        let now = self.now;
        let doing: Vec<_> = self.lives.iter().map(|live| live.doing(self.may_restart(live))).collect();
        for (lane, doing) in self.run.lanes.iter_mut().zip(doing) {
            match lane.last_mut() {
                Some(band) if band.doing == doing => continue,
                Some(band) if band.from == now => {
                    band.doing = doing;
                    // What was so for no time at all leaves no trace.
                    let before = lane.len().checked_sub(2).and_then(|at| lane.get(at)).map(|band| band.doing);
                    if before == Some(doing) {
                        lane.pop();
                    }
                    continue;
                }
                Some(band) => band.to = now,
                None => {}
            }
            lane.push(Band { from: now, to: now, doing });
        }
        is_final
    }

    fn holds(&self, condition: &Condition) -> bool {
        let live = |index: &usize| self.lives.get(*index);
        match condition {
            Condition::Phase(phase) => self.phase == *phase,
            Condition::Ready => self.is_ready,
            Condition::Ended => self.phase.is_terminal() && !self.lives.iter().any(Live::is_running),
            Condition::Up(index) => self.ever_up.get(*index) == Some(&true),
            Condition::Running(index) => live(index).is_some_and(Live::is_running),
            Condition::RunningNotStarted(index) => {
                live(index).is_some_and(|live| live.is_running() && !live.is_started())
            }
            Condition::Restarts(index, count) => live(index).is_some_and(|live| live.restart_count >= *count),
            Condition::AllRestarts(count) => self.lives.iter().map(|live| live.restart_count).sum::<u32>() >= *count,
            Condition::Waits(index, reason) => {
                let status = live(index).map(|live| live.status("", self.may_restart(live)).state);
                matches!(status, Some(ContainerState::Waiting(own)) if own == *reason)
            }
        }
    }

    fn has_reached(&mut self) -> bool {
        let until = &self.scenario.until;
        let has = !until.is_empty() && until.iter().all(|condition| self.holds(condition));
        if has {
            self.run.reached = Some(self.now);
        }
        has
    }

    /// Does the next thing of the scenario, when its time has come; says whether it did.
    fn stimulate(&mut self) -> bool {
        let Some(stimulus) = self.scenario.stimuli.get(self.next_stimulus) else { return false };
        let time = match &stimulus.when {
            When::At(time) => Some(*time),
            When::After(time) => Some(self.last_stimulus + time),
            When::All(conditions) => {
                if !conditions.iter().all(|condition| self.holds(condition)) {
                    return false;
                }
                None
            }
        };
        if let Some(time) = time.filter(|time| *time > self.now) {
            if !std::mem::replace(&mut self.is_timed, true) {
                self.at(time, Event::Stimulus);
            }
            return false;
        }
        self.is_timed = false;
        self.next_stimulus += 1;
        self.last_stimulus = self.now;
        self.act(stimulus.action);
        true
    }

    fn act(&mut self, action: Action) {
        self.log(What::Done(action));
        match action {
            Action::Delete(grace) => {
                let grace = grace.unwrap_or(self.pod.grace).max(1);
                self.end_pod(Cause::Deleted, grace);
            }
            Action::Exit(index, code) if self.lives.get(index).is_some_and(Live::is_running) => {
                self.exit(index, code, None);
            }
            Action::OutOfMemory(index) if self.lives.get(index).is_some_and(Live::is_running) => {
                self.exit(index, 137, Some("OOMKilled"));
            }
            Action::Exit(..) | Action::OutOfMemory(_) | Action::KubeletRestart => {}
            Action::SetImage(index) => {
                if let Some(live) = self.lives.get_mut(index) {
                    live.backoff.reset();
                    live.is_pulled = false;
                    if let Some(instance) = &mut live.instance {
                        instance.is_changed = true;
                    }
                }
                self.is_dirty = true;
            }
            Action::Reboot => self.reboot(),
        }
    }

    /// Begins to end the Pod. A deletion overrules every other end; a later deletion can only shorten the grace period.
    pub(super) fn end_pod(&mut self, cause: Cause, grace: u64) {
        let is_deletion = cause == Cause::Deleted;
        let is_shorter = self.run.ending.is_none_or(|earlier| !earlier.is_deletion || grace < earlier.grace);
        if self.is_over || (self.cause.is_some() && !is_deletion) || !is_shorter {
            return;
        }
        if self.cause != Some(Cause::Deadline) {
            self.cause = Some(cause);
        }
        let at = self.now;
        if is_deletion || self.run.ending.is_none() {
            self.run.ending = Some(Ending { at, grace, is_deletion, over: None });
            let why = match cause {
                Cause::Deleted => "it is deleted",
                Cause::Deadline => "its activeDeadlineSeconds are over",
                Cause::Phase => "its phase is final",
            };
            self.log(What::Ending(why.to_owned(), grace));
        }
        self.stop_pod(grace);
    }
}
