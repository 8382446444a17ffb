//! What happens to the Pod and its containers over time.

use super::parse::Words;
use super::scene::listed;
use super::{Checked, Miss, Pattern, Scene, plain};
use crate::simulate::{JobEnd, Process, Told, What, time};

pub(super) const PATTERNS: &[Pattern] = &[
    plain("the Job completes", |scene, _| job(scene, None)),
    plain("the Job completes within NUMBER s", |scene, words| job(scene, Some(words.number()))),
    plain("the Pod becomes ready", |scene, _| ready(scene, None)),
    plain("the Pod becomes ready within NUMBER s", |scene, words| ready(scene, Some(words.number()))),
    plain("the Pod is stopped within its grace period", |scene, _| stopped(scene)),
    plain("the Pod stops within NUMBER s", |scene, words| stops(scene, words.number())),
    plain("the Pod ends as PHASE", phase),
    plain("NAME starts", starts),
    plain("NAME is not killed", not_killed),
    plain("NAME is restarted", restarted),
    plain("NAME is never restarted", never_restarted),
];

fn facts(told: &Told) -> String {
    told.facts.first().cloned().unwrap_or_else(|| "Nothing happens.".to_owned())
}

/// The Pod of the first Job of the text.
fn job(scene: &Scene<'_>, within: Option<u64>) -> Checked {
    let mut workloads = scene.analysis.model.workloads.iter().enumerate();
    let Some((index, _)) = workloads.find(|(_, workload)| workload.job.is_some()) else {
        return Err(Miss::new("There is no Job in the text."));
    };
    let told = scene.told(index)?;
    let Some(job) = told.job.as_ref() else { return Err(Miss::new("The Job cannot be run.")) };
    match (&job.end, within) {
        (JobEnd::Complete, Some(limit)) if job.at > limit * 1000 => {
            Err(Miss::new(format!("It takes {}.", time(job.at))))
        }
        (JobEnd::Complete, _) => Ok(format!("After {}.", time(job.at))),
        _ => Err(Miss::new(facts(told))),
    }
}

fn ready(scene: &Scene<'_>, within: Option<u64>) -> Checked {
    let (index, _) = scene.pod()?;
    let told = scene.told(index)?;
    let Some(moment) = told.run.moments.iter().find(|moment| moment.is_ready) else {
        return Err(Miss::new(format!("It never is. {}", facts(told))));
    };
    match within {
        Some(limit) if moment.at > limit * 1000 => Err(Miss::new(format!("It is after {}.", time(moment.at)))),
        _ => Ok(format!("After {}.", time(moment.at))),
    }
}

/// Names of the containers that are killed while the Pod ends.
fn killed(told: &Told) -> Vec<&str> {
    let from = told.run.ending.map_or(u64::MAX, |ending| ending.at);
    let containers = told.setup.pod.containers.iter().enumerate();
    let is_killed = |index: usize| {
        told.run.log.iter().any(|entry| entry.at >= from && entry.what == What::Killed(index, Process::Container))
    };
    containers.filter(|(index, _)| is_killed(*index)).map(|(_, container)| container.name.as_str()).collect()
}

/// When the Pod began to end, and how long that took.
fn ending(told: &Told) -> Result<(u64, u64), Miss> {
    let ending = told.run.ending.ok_or_else(|| Miss::new(format!("It never ends. {}", facts(told))))?;
    let over = ending.over.ok_or_else(|| Miss::new("It is still ending when nobody looks any more."))?;
    Ok((ending.grace, over.saturating_sub(ending.at)))
}

fn stopped(scene: &Scene<'_>) -> Checked {
    let (index, _) = scene.pod()?;
    let told = scene.told(index)?;
    let (grace, took) = ending(told)?;
    let killed = killed(told);
    if killed.is_empty() {
        return Ok(format!("It takes {} of {grace} s.", time(took)));
    }
    let are = if killed.len() == 1 { "is" } else { "are" };
    let why = format!("After {}, {} {are} killed: the grace period is {grace} s.", time(took), listed(&killed));
    let place = scene.find(killed.first().copied().unwrap_or_default()).map(|member| member.place());
    Err(Miss { why, place: place.ok() })
}

fn stops(scene: &Scene<'_>, limit: u64) -> Checked {
    let (index, _) = scene.pod()?;
    let (_, took) = ending(scene.told(index)?)?;
    let how = format!("It takes {}.", time(took));
    if took <= limit * 1000 { Ok(how) } else { Err(Miss::new(how)) }
}

fn phase(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let (index, _) = scene.pod()?;
    let told = scene.told(index)?;
    let phase = told.run.phase().id();
    if phase == words.get("PHASE") {
        return Ok(String::new());
    }
    Err(Miss::new(format!("It ends as {phase}. {}", facts(told))))
}

fn starts(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let member = scene.find(words.get("NAME"))?;
    let (told, number) = scene.told_of(member)?;
    match told.run.first(|what| *what == What::Starting(number, Process::Container)) {
        Some(at) => Ok(format!("At {}.", time(at))),
        None => Err(member.miss(facts(told))),
    }
}

fn not_killed(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let member = scene.find(words.get("NAME"))?;
    let (told, _) = scene.told_of(member)?;
    ending(told)?;
    if killed(told).contains(&member.name()) {
        let grace = told.setup.pod.grace;
        return Err(member.miss(format!("It is: it does not stop within the grace period of {grace} s.")));
    }
    Ok(String::new())
}

/// How often a container is restarted.
fn restarts(scene: &Scene<'_>, words: &Words<'_>) -> Result<u32, Miss> {
    let member = scene.find(words.get("NAME"))?;
    let (told, number) = scene.told_of(member)?;
    Ok(told.run.statuses.get(number).map_or(0, |status| status.restart_count))
}

fn restarted(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    match restarts(scene, words)? {
        0 => Err(scene.find(words.get("NAME"))?.miss("It never is.")),
        count => Ok(format!("{count} times.")),
    }
}

fn never_restarted(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    match restarts(scene, words)? {
        0 => Ok(String::new()),
        count => Err(scene.find(words.get("NAME"))?.miss(format!("It is, {count} times."))),
    }
}
