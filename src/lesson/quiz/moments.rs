//! Answers that depend on what happens over time.

use super::Computed;
use crate::lesson::goal::{Miss, Scene, Words};
use crate::simulate::{self, ContainerState, JobEnd, Kind, Moment, Phase, Process, Told, What};

type Answer = Result<Computed, Miss>;

fn told<'s>(scene: &'s Scene<'_>) -> Result<&'s Told, Miss> {
    scene.told(scene.pod()?.0)
}

fn name(told: &Told, number: usize) -> String {
    told.setup.pod.containers.get(number).map(|container| container.name.clone()).unwrap_or_default()
}

fn numbers(told: &Told) -> std::ops::Range<usize> {
    0..told.setup.pod.containers.len()
}

/// Times become ranks.
fn ranked(told: &Told, times: Vec<(usize, u64)>) -> Computed {
    let mut all: Vec<u64> = times.iter().map(|(_, at)| *at).collect();
    all.sort_unstable();
    all.dedup();
    let rank =
        |at: u64| all.iter().position(|own| *own == at).and_then(|rank| u32::try_from(rank).ok()).unwrap_or_default();
    Computed::Order(times.into_iter().map(|(number, at)| (name(told, number), rank(at))).collect())
}

pub(super) fn start_order(scene: &Scene<'_>, _: &Words<'_>) -> Answer {
    let told = told(scene)?;
    // Regular containers start together, whatever the node does first.
    let step = |number: usize| {
        let is_regular = told.setup.pod.containers.get(number).is_some_and(|own| own.kind == Kind::Regular);
        (number, if is_regular { u64::MAX } else { number as u64 })
    };
    Ok(ranked(told, numbers(told).map(step).collect()))
}

/// When each container is asked to stop, or ends by itself; of those that run when the Pod begins to end.
fn stops(told: &Told) -> Result<Vec<(usize, u64)>, Miss> {
    let ending = told.run.ending.ok_or_else(|| Miss::new("The Pod never ends."))?;
    let asked = numbers(told).filter_map(|number| {
        let mut log = told.run.log.iter().rev();
        let signal = log.find(|entry| match entry.what {
            What::Signalled(own) => own == number && entry.at >= ending.at,
            _ => false,
        });
        Some((number, signal?.at))
    });
    Ok(asked.collect())
}

pub(super) fn stop_order(scene: &Scene<'_>, _: &Words<'_>) -> Answer {
    let told = told(scene)?;
    let stops = stops(told)?;
    if stops.len() < 2 {
        return Err(Miss::new("Fewer than two containers are asked to stop."));
    }
    Ok(ranked(told, stops))
}

pub(super) fn first_to_stop(scene: &Scene<'_>, _: &Words<'_>) -> Answer {
    let told = told(scene)?;
    let stops = stops(told)?;
    let first = stops.iter().map(|(_, at)| *at).min();
    Ok(some(told, |number| stops.iter().any(|(own, at)| *own == number && Some(*at) == first)))
}

fn some(told: &Told, fits: impl Fn(usize) -> bool) -> Computed {
    Computed::Some(numbers(told).map(|number| (name(told, number), fits(number))).collect())
}

/// Which containers are in a state when another one starts: what begins that state, and what ends it.
fn when_starts(scene: &Scene<'_>, words: &Words<'_>, begins: fn(&What, usize) -> bool) -> Answer {
    let member = scene.find(words.get("NAME"))?;
    let (told, own) = scene.told_of(member)?;
    let start = What::Starting(own, Process::Container);
    let moment = told.run.log.iter().position(|entry| entry.what == start);
    let moment = moment.ok_or_else(|| member.miss(format!("`{}` never starts.", member.name())))?;
    let before = told.run.log.get(..moment).unwrap_or_default();
    let is_in_it = |number: usize| {
        before.iter().fold(false, |is_in_it, entry| match entry.what {
            What::Exited(ended, Process::Container, _) | What::Killed(ended, Process::Container) if ended == number => {
                false
            }
            ref what => is_in_it || begins(what, number),
        })
    };
    let others = numbers(told).filter(|number| *number != own);
    Ok(Computed::Some(others.map(|number| (name(told, number), is_in_it(number))).collect()))
}

pub(super) fn running(scene: &Scene<'_>, words: &Words<'_>) -> Answer {
    when_starts(scene, words, |what, number| *what == What::Starting(number, Process::Container))
}

pub(super) fn up(scene: &Scene<'_>, words: &Words<'_>) -> Answer {
    when_starts(scene, words, |what, number| *what == What::Up(number, Process::Container))
}

pub(super) fn killed(scene: &Scene<'_>, _: &Words<'_>) -> Answer {
    let told = told(scene)?;
    let from = told.run.ending.ok_or_else(|| Miss::new("The Pod never ends."))?.at;
    let is_killed = |number: usize| {
        told.run.log.iter().any(|entry| entry.at >= from && entry.what == What::Killed(number, Process::Container))
    };
    Ok(some(told, is_killed))
}

fn at(told: &Told, words: &Words<'_>) -> Result<Moment, Miss> {
    let time = words.number().saturating_mul(1000);
    let gone = told.run.ending.filter(|ending| ending.is_deletion).and_then(|ending| ending.over);
    let moment = told.run.moment(time).filter(|_| gone.is_none_or(|gone| time < gone));
    let from =
        gone.map(|gone| format!(" It is deleted and gone after {}; a what-if moves that.", simulate::time(gone)));
    moment.cloned().ok_or_else(|| Miss::new(format!("The Pod is not there then.{}", from.unwrap_or_default())))
}

pub(super) fn ready(scene: &Scene<'_>, words: &Words<'_>) -> Answer {
    let columns = at(told(scene)?, words)?.columns;
    let all = (0..=columns.total).map(|ready| format!("{ready}/{}", columns.total));
    Ok(Computed::One(format!("{}/{}", columns.ready, columns.total), all.collect()))
}

/// What STATUS often is.
const STATUSES: &[&str] =
    &["Pending", "Init:0/1", "PodInitializing", "Running", "NotReady", "CrashLoopBackOff", "Completed"];

fn status_among(told: &Told, status: String) -> Computed {
    // What else it is at some time, then what it often is.
    let seen = told.run.moments.iter().map(|moment| moment.columns.status.clone());
    let mut others = vec![status.clone()];
    for other in seen.chain(STATUSES.iter().map(|status| (*status).to_owned())) {
        if !others.contains(&other) && others.len() < 4 {
            others.push(other);
        }
    }
    others.sort();
    Computed::One(status, others)
}

pub(super) fn status(scene: &Scene<'_>, words: &Words<'_>) -> Answer {
    let told = told(scene)?;
    let status = at(told, words)?.columns.status;
    Ok(status_among(told, status))
}

pub(super) fn last_status(scene: &Scene<'_>, _: &Words<'_>) -> Answer {
    let told = told(scene)?;
    let last = told.run.moments.last().ok_or_else(|| Miss::new("The Pod is never there."))?;
    Ok(status_among(told, last.columns.status.clone()))
}

/// A number and its neighbours.
fn near(number: u32) -> Computed {
    let low = number.saturating_sub(1);
    Computed::One(number.to_string(), (low..=low + 3).map(|number| number.to_string()).collect())
}

pub(super) fn restarts(scene: &Scene<'_>, words: &Words<'_>) -> Answer {
    Ok(near(at(told(scene)?, words)?.columns.restarts))
}

/// A time in whole seconds, and what else somebody might think.
fn seconds(millis: u64) -> Computed {
    let seconds = millis.div_ceil(1000);
    let mut all = vec![seconds, seconds / 2, seconds + 5, seconds * 2 + 10];
    all.sort_unstable();
    all.dedup();
    Computed::One(format!("{seconds} s"), all.iter().map(|seconds| format!("{seconds} s")).collect())
}

pub(super) fn seconds_until_start(scene: &Scene<'_>, words: &Words<'_>) -> Answer {
    let member = scene.find(words.get("NAME"))?;
    let (told, own) = scene.told_of(member)?;
    let start = told.run.first(|what| *what == What::Starting(own, Process::Container));
    start.map(seconds).ok_or_else(|| member.miss(format!("`{}` never starts.", member.name())))
}

pub(super) fn seconds_until_ready(scene: &Scene<'_>, _: &Words<'_>) -> Answer {
    let ready = told(scene)?.run.moments.iter().find(|moment| moment.is_ready);
    ready.map(|moment| seconds(moment.at)).ok_or_else(|| Miss::new("The Pod is never ready."))
}

pub(super) fn seconds_to_stop(scene: &Scene<'_>, _: &Words<'_>) -> Answer {
    let ending = told(scene)?.run.ending.ok_or_else(|| Miss::new("The Pod never ends."))?;
    let over = ending.over.ok_or_else(|| Miss::new("It is still ending when nobody looks any more."))?;
    Ok(seconds(over.saturating_sub(ending.at)))
}

pub(super) fn seconds_of_job(scene: &Scene<'_>, _: &Words<'_>) -> Answer {
    match job_of(scene)?.job.as_ref().map(|job| (&job.end, job.at)) {
        Some((JobEnd::Complete, at)) => Ok(seconds(at)),
        _ => Err(Miss::new("The Job does not complete.")),
    }
}

/// What happens to the first Job of the text.
fn job_of<'s>(scene: &'s Scene<'_>) -> Result<&'s Told, Miss> {
    let mut workloads = scene.analysis.model.workloads.iter().enumerate();
    let job = workloads.find(|(_, workload)| workload.job.is_some()).map(|(index, _)| index);
    scene.told(job.ok_or_else(|| Miss::new("There is no Job in the text."))?)
}

pub(super) fn phase(scene: &Scene<'_>, _: &Words<'_>) -> Answer {
    let all = [Phase::Pending, Phase::Running, Phase::Succeeded, Phase::Failed].map(|phase| phase.id().to_owned());
    Ok(Computed::One(told(scene)?.run.phase().id().to_owned(), all.to_vec()))
}

pub(super) fn exit_code(scene: &Scene<'_>, words: &Words<'_>) -> Answer {
    let member = scene.find(words.get("NAME"))?;
    let (told, number) = scene.told_of(member)?;
    let Some(ContainerState::Terminated(end)) = told.run.statuses.get(number).map(|status| &status.state) else {
        return Err(member.miss(format!("`{}` has not ended.", member.name())));
    };
    let code = end.exit_code.to_string();
    let mut others: Vec<String> = ["0", "1", "137", "143"].map(str::to_owned).to_vec();
    if !others.contains(&code) {
        others.push(code.clone());
    }
    Ok(Computed::One(code, others))
}

pub(super) fn job(scene: &Scene<'_>, _: &Words<'_>) -> Answer {
    let told = job_of(scene)?;
    let all = ["it completes", "it fails", "it never ends"];
    let word = match told.job.as_ref().map(|job| &job.end) {
        Some(JobEnd::Complete) => "it completes",
        Some(JobEnd::Failed(_)) => "it fails",
        _ => "it never ends",
    };
    Ok(Computed::One(word.to_owned(), all.map(str::to_owned).to_vec()))
}
