//! What each container does over time, one lane a container.

use crate::Analysis;
use crate::diagram::timeline::{Lane, Mark, Timeline};
use crate::diagram::{Diagram, Target};
use crate::form::{Form, placement};
use crate::simulate::{Action, JobEnd, Process, Run, Told, What, time};
use crate::source::Part;

pub(super) fn build(analysis: &Analysis, index: usize, form: Form) -> Option<Diagram> {
    let all = analysis.told(index);
    let told = all.iter().find(|told| told.form == form)?;
    let workload = analysis.model.workloads.get(index)?;
    let verdicts = analysis.verdicts.get(index)?;
    let placement = placement(workload, verdicts, form);
    let lane = |(number, own): (usize, &usize)| {
        let container = workload.pod.containers.get(*own)?;
        let role = placement.role(*own, verdicts.get(*own)?);
        let bands = told.run.lanes.get(number)?.iter();
        Some(Lane {
            title: container.display_name().to_owned(),
            subtitle: role.label().to_owned(),
            role,
            target: Some(Target { container: Some(*own), place: workload.place(container.node, Part::Value) }),
            bands: bands.map(|band| (band.from, band.to, band.doing)).collect(),
            marks: marks(&told.run, number),
        })
    };
    let changes = changes(&all);
    let last = changes.last().copied().unwrap_or_default();
    let mut lanes: Vec<Lane> = told.setup.of.iter().enumerate().filter_map(lane).collect();
    // How it stands at the end is how it stays.
    for band in lanes.iter_mut().filter_map(|lane| lane.bands.last_mut()) {
        band.1 = last;
    }
    Some(Diagram::Timeline(Timeline {
        title: format!("Timeline of {} with {} sidecars", workload.title(), form.id()),
        summary: told.facts.iter().take(3).cloned().collect::<Vec<_>>().join(" "),
        lanes,
        phases: phases(&told.run),
        events: events(told),
        changes,
        assumptions: assumptions(told),
    }))
}

fn phases(run: &Run) -> Vec<(u64, crate::simulate::Phase)> {
    let mut phases: Vec<_> = run.moments.iter().map(|moment| (moment.at, moment.phase)).collect();
    phases.dedup_by_key(|(_, phase)| *phase);
    phases
}

fn marks(run: &Run, container: usize) -> Vec<(u64, Mark)> {
    let mark = |what: &What| match what {
        What::Killed(index, Process::Container) if *index == container => Some(Mark::Kill),
        What::Exited(index, Process::Container, code) if *index == container && *code != 0 => Some(Mark::Crash),
        What::Signalled(index) if *index == container => Some(Mark::Term),
        What::StartupProbe(index, passed) if *index == container => {
            Some(if *passed { Mark::StartupPassed } else { Mark::StartupFailed })
        }
        What::LivenessFailed(index) if *index == container => Some(Mark::LivenessFailed),
        What::ReadinessProbe(index, false) if *index == container => Some(Mark::NotReady),
        What::Starting(index, Process::PostStart) if *index == container => Some(Mark::PostStart),
        What::Up(index, Process::Container) if *index == container => Some(Mark::Up),
        _ => None,
    };
    let marks = run.log.iter().filter_map(|entry| Some((entry.at, mark(&entry.what)?)));
    // A process that is up at once needs no mark for that.
    let starts = run.lanes.get(container).into_iter().flatten().filter(|band| band.doing.is_running());
    let starts: Vec<u64> = starts.map(|band| band.from).collect();
    marks.filter(|(at, mark)| *mark != Mark::Up || !starts.contains(at)).collect()
}

fn events(told: &Told) -> Vec<(u64, String)> {
    let name = |index: &usize| told.setup.pod.containers.get(*index).map_or_else(String::new, |own| own.name.clone());
    let words = |what: &What| match what {
        What::Done(Action::Delete(_)) => Some("Pod deleted".to_owned()),
        What::Done(Action::Reboot) => Some("node restarts".to_owned()),
        What::Done(Action::KubeletRestart) => Some("kubelet restarts".to_owned()),
        What::Done(Action::SetImage(index)) => Some(format!("image of {} changed", name(index))),
        What::Done(Action::Exit(index, code)) => Some(format!("{} ends with {code}", name(index))),
        What::Done(Action::OutOfMemory(index)) => Some(format!("{} out of memory", name(index))),
        What::RestartingAll(_) => Some("all containers restart".to_owned()),
        What::Ending(..) if told.run.ending.is_some_and(|ending| !ending.is_deletion) => Some("Pod ends".to_owned()),
        What::Ended => Some("all stopped".to_owned()),
        _ => None,
    };
    let mut events: Vec<(u64, String)> =
        told.run.log.iter().filter_map(|entry| Some((entry.at, words(&entry.what)?))).collect();
    if let Some(ending) = told.run.ending
        && let Some(over) = ending.over.filter(|over| *over >= ending.at + ending.grace * 1000)
    {
        let at = ending.at + ending.grace * 1000;
        events.push((at, format!("grace period of {} s over", ending.grace)));
        events.retain(|(other, text)| *other != over || over != at || text != "all stopped");
    }
    if let Some(job) = told.job.as_ref().filter(|job| job.end == JobEnd::Active) {
        events.push((job.at, "the Job is still active".to_owned()));
    }
    events.dedup();
    events
}

/// The times at which anything changes, in both forms, and the last end.
fn changes(all: &[Told]) -> Vec<u64> {
    let mut times: Vec<u64> = all
        .iter()
        .flat_map(|told| {
            let bands = told.run.lanes.iter().flatten().map(|band| band.from);
            let log = told.run.log.iter().map(|entry| entry.at);
            bands.chain(log).chain([0, told.run.end])
        })
        .collect();
    // Room for what is final.
    let last = times.iter().max().copied().unwrap_or_default();
    times.push(last + (last / 16).clamp(1000, 4000));
    times.sort_unstable();
    times.dedup();
    times
}

fn assumptions(told: &Told) -> Vec<String> {
    let name = |index: Option<usize>| match index.and_then(|index| told.setup.pod.containers.get(index)) {
        Some(container) => container.name.clone(),
        None => "the Pod".to_owned(),
    };
    let mut said: Vec<(String, Vec<&str>)> = Vec::new();
    for assumption in &told.setup.assumptions {
        let name = name(assumption.container);
        match said.iter_mut().find(|(known, _)| *known == name) {
            Some((_, texts)) => texts.push(&assumption.text),
            None => said.push((name, vec![&assumption.text])),
        }
    }
    let end = format!("watched for {}", time(told.run.end));
    said.into_iter().map(|(name, texts)| format!("{name}: {}", texts.join(", "))).chain([end]).collect()
}
