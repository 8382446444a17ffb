//! What the Job controller makes of the Pods of a Job: it tries again, and at some point gives up (facts 3.17, 9.1 to 9.7).
//! Sources: `pkg/controller/job/job_controller.go`, `pod_failure_policy.go`.

use super::assume::Setup;
use super::tell::time;
use super::{Action, Condition, ContainerState, Kind, Phase, RestartPolicy, Run, Scenario, Stimulus, When, simulate};
use crate::model::{FailureRule, Job};
use crate::release::Cluster;

/// `backoffLimit` when a Job has none.
const DEFAULT_LIMIT: u64 = 6;
/// The wait before the second try; it doubles up to ten minutes.
const FIRST_WAIT: u64 = 10_000;
const LONGEST_WAIT: u64 = 600_000;
/// Most tries that are shown.
const MOST_TRIES: usize = 20;

/// How a Job ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobEnd {
    /// It completes.
    Complete,
    /// It fails, for a reason: `BackoffLimitExceeded`, `PodFailurePolicy` or `DeadlineExceeded`.
    Failed(&'static str),
    /// It is still active when the simulation ends.
    Active,
}

/// A simulated Job.
#[derive(Clone, Debug)]
pub struct JobRun {
    /// Its Pods one after the other: when each was created, and what happened to it.
    pub pods: Vec<(u64, Run)>,
    /// How it ended.
    pub end: JobEnd,
    /// When, or until when it was watched, in milliseconds.
    pub at: u64,
    /// A container that keeps the Pod from ending.
    pub kept_by: Option<usize>,
}

impl JobRun {
    /// In one sentence.
    pub(super) fn words(&self, name: impl Fn(usize) -> String) -> String {
        let tries = match self.pods.len() {
            0 | 1 => String::new(),
            count => format!(", with the Pod number {count}"),
        };
        match (&self.end, self.kept_by) {
            (JobEnd::Complete, _) => format!("The Job completes after {}{tries}.", time(self.at)),
            (JobEnd::Failed(reason), _) => {
                let tried = match self.pods.len() {
                    0 | 1 => String::new(),
                    count => format!(", after {count} Pods"),
                };
                format!("The Job fails after {} ({reason}){tried}.", time(self.at))
            }
            (JobEnd::Active, Some(kept_by)) => {
                format!("The Job never completes: the work is done, but {} keeps the Pod running.", name(kept_by))
            }
            (JobEnd::Active, None) => format!("The Job is still active after {}.", time(self.at)),
        }
    }
}

/// Goes on from the first Pod of a Job.
#[must_use]
pub fn simulate_job(job: &Job, setup: &Setup, first: &Run, cluster: &Cluster) -> JobRun {
    let number = |value: &Option<crate::model::Located<i64>>, default: u64| {
        value.as_ref().and_then(|value| u64::try_from(value.value).ok()).unwrap_or(default)
    };
    let limit = number(&job.backoff_limit, DEFAULT_LIMIT);
    let parallelism = number(&job.parallelism, 1).max(1);
    let mut rounds = number(&job.completions, 1).max(1).div_ceil(parallelism);
    let deadline = job.active_deadline.as_ref().and_then(|deadline| u64::try_from(deadline.value).ok());
    let deadline = deadline.map_or(u64::MAX, |seconds| seconds.saturating_mul(1000));
    let mut found = JobRun { pods: Vec::new(), end: JobEnd::Active, at: 0, kept_by: None };
    let (mut failures, mut now) = (0u32, 0);
    let mut run = first.clone();
    if setup.pod.restart_policy == RestartPolicy::OnFailure {
        run = with_limit(setup, limit, cluster);
    }
    loop {
        let over = now + run.end;
        found.pods.push((now, run.clone()));
        found.at = over;
        if over > deadline || (!run.phase().is_terminal() && deadline < u64::MAX) {
            found.at = deadline;
            found.end = JobEnd::Failed("DeadlineExceeded");
            return found;
        }
        if setup.pod.restart_policy == RestartPolicy::OnFailure && is_past(&run, limit) {
            found.end = JobEnd::Failed("BackoffLimitExceeded");
            return found;
        }
        if !run.phase().is_terminal() {
            found.kept_by = kept_by(setup, &run);
            return found;
        }
        if run.phase() == Phase::Succeeded {
            rounds -= 1;
            if rounds == 0 {
                found.end = JobEnd::Complete;
                return found;
            }
            now = over;
        } else {
            match matching(job, setup, &run) {
                Some("FailJob") => {
                    found.end = JobEnd::Failed("PodFailurePolicy");
                    return found;
                }
                Some("Ignore") => {}
                _ => failures += 1,
            }
            if u64::from(failures) > limit {
                found.end = JobEnd::Failed("BackoffLimitExceeded");
                return found;
            }
            let wait = FIRST_WAIT.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(LONGEST_WAIT);
            now = over + wait;
        }
        if found.pods.len() >= MOST_TRIES {
            return found;
        }
        run = simulate(&setup.pod, &without_stimuli(&setup.scenario), cluster);
    }
}

/// What the next Pod of a Job goes through: what happened to the first one was for that one.
fn without_stimuli(scenario: &Scenario) -> Scenario {
    Scenario { stimuli: Vec::new(), until: vec![Condition::Ended], ..scenario.clone() }
}

/// With `OnFailure` the Pod itself tries again; the Job deletes it when its containers were restarted too often, those of
/// sidecars counted (fact 3.17).
fn with_limit(setup: &Setup, limit: u64, cluster: &Cluster) -> Run {
    let mut scenario = setup.scenario.clone();
    let when = When::All(vec![Condition::AllRestarts(u32::try_from(limit.max(1)).unwrap_or(u32::MAX))]);
    scenario.stimuli.push(Stimulus { when, action: Action::Delete(None) });
    simulate(&setup.pod, &scenario, cluster)
}

fn is_past(run: &Run, limit: u64) -> bool {
    run.statuses.iter().map(|status| u64::from(status.restart_count)).sum::<u64>() >= limit.max(1)
        && run.ending.is_some_and(|ending| ending.is_deletion)
}

/// A container that still runs when all others of its kind that do work have ended.
fn kept_by(setup: &Setup, run: &Run) -> Option<usize> {
    let is_running =
        |index: usize| run.statuses.get(index).is_some_and(|status| status.state == ContainerState::Running);
    let has_ended = |index: usize| {
        let state = run.statuses.get(index).map(|status| &status.state);
        matches!(state, Some(ContainerState::Terminated(_)))
    };
    let regular = || setup.pod.regular().map(|(index, _)| index);
    let kept = regular().find(|index| is_running(*index))?;
    let init_done = setup.pod.init().all(|(index, container)| container.kind == Kind::Sidecar || has_ended(index));
    (init_done && regular().any(has_ended)).then_some(kept)
}

/// The action of the first rule of the Pod failure policy that fits a failed Pod.
fn matching<'j>(job: &'j Job, setup: &Setup, run: &Run) -> Option<&'j str> {
    let fits = |rule: &&FailureRule| {
        let Some(operator) = &rule.operator else { return false };
        let mut ends = setup.pod.containers.iter().zip(&run.statuses);
        ends.any(|(container, status)| {
            let ContainerState::Terminated(end) = &status.state else { return false };
            let is_named = rule.container.as_ref().is_none_or(|name| *name == container.name);
            let is_listed = rule.exit_codes.contains(&i64::from(end.exit_code));
            end.exit_code != 0 && is_named && is_listed == (operator == "In")
        })
    };
    job.failure_rules.iter().find(fits).map(|rule| rule.action.as_str())
}
