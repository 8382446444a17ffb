//! Who starts and stops before whom.

use super::parse::Words;
use super::{Checked, Member, Miss, Pattern, Scene, plain};
use crate::simulate::{Kind, Process, Told, What, time};

pub(super) const PATTERNS: &[Pattern] = &[
    plain("NAME starts before OTHER", starts_before),
    plain("NAME is up before OTHER starts", up_before),
    plain("NAME stops before OTHER", stops_before),
    plain("NAME is listed before OTHER", listed_before),
];

/// Both, what happens to them, and their numbers there.
fn both<'s>(scene: &'s Scene<'_>, words: &Words<'_>) -> Result<(Member<'s>, Member<'s>, &'s Told, [usize; 2]), Miss> {
    let (one, other) = scene.pair(words.get("NAME"), words.get("OTHER"))?;
    let (told, first) = scene.told_of(one)?;
    let (_, second) = scene.told_of(other)?;
    Ok((one, other, told, [first, second]))
}

fn kind(told: &Told, number: usize) -> Kind {
    told.setup.pod.containers.get(number).map_or(Kind::Regular, |container| container.kind)
}

/// Whether Kubernetes starts a container before another one whatever they do: entries of `initContainers` come one after
/// the other, and before all regular ones.
fn is_ordered(told: &Told, [first, second]: [usize; 2]) -> bool {
    kind(told, first) != Kind::Regular && first < second
}

fn starting(number: usize) -> impl Fn(&What) -> bool {
    move |what| *what == What::Starting(number, Process::Container)
}

fn starts_before(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let (one, other, told, numbers) = both(scene, words)?;
    let [first, second] = numbers;
    if !is_ordered(told, numbers) {
        let why = match (kind(told, first), kind(told, second)) {
            (Kind::Regular, Kind::Regular) => format!(
                "Both are regular containers. Kubernetes starts them together and lets neither wait for the other: \
                 `{}` may be first or last.",
                one.name()
            ),
            (Kind::Regular, _) => {
                format!("`{}` is a regular container; those start when all of `initContainers` has.", one.name())
            }
            _ => format!("`{}` stands in front of it in `initContainers`.", other.name()),
        };
        return Err(one.miss(why));
    }
    match (told.run.first(starting(first)), told.run.first(starting(second))) {
        (_, Some(_)) => Ok(String::new()),
        (Some(_), None) => Err(other.miss(format!("`{}` never starts. {}", other.name(), first_fact(told)))),
        (None, None) => Err(one.miss(format!("`{}` never starts. {}", one.name(), first_fact(told)))),
    }
}

fn first_fact(told: &Told) -> String {
    told.facts.first().cloned().unwrap_or_default()
}

fn up_before(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let (one, other, told, numbers) = both(scene, words)?;
    starts_before(scene, words)?;
    let [first, second] = numbers;
    let up = told.run.first(|what| match kind(told, first) {
        Kind::Init => matches!(what, What::Exited(own, Process::Container, 0) if *own == first),
        _ => *what == What::Up(first, Process::Container),
    });
    let start = told.run.first(starting(second)).unwrap_or_default();
    match up {
        Some(up) if up <= start => Ok(format!("It is up at {}, `{}` starts at {}.", time(up), other.name(), time(start))),
        Some(up) => Err(one.miss(format!(
            "`{}` starts at {}, when the process of `{}` runs but is not up yet: that is at {}. Only a startup probe or a \
             postStart hook holds back what follows.",
            other.name(),
            time(start),
            one.name(),
            time(up)
        ))),
        None => Err(one.miss(format!("`{}` never comes up.", one.name()))),
    }
}

/// When a container ended for the last time.
fn last_end(told: &Told, number: usize) -> Option<u64> {
    let ended = told.run.log.iter().rev().find(|entry| match entry.what {
        What::Exited(own, Process::Container, _) | What::Killed(own, Process::Container) => own == number,
        _ => false,
    });
    ended.map(|entry| entry.at)
}

fn stops_before(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let (one, other, told, [first, second]) = both(scene, words)?;
    if told.run.ending.is_none() {
        return Err(one.miss(format!("The Pod never ends. {}", first_fact(told))));
    }
    let signal = told.run.log.iter().rev().find(|entry| entry.what == What::Signalled(second));
    let asked = signal.map(|entry| entry.at).or_else(|| last_end(told, second));
    match (last_end(told, first), asked) {
        (Some(end), Some(asked)) if end <= asked && end < last_end(told, second).unwrap_or(u64::MAX) => Ok(format!(
            "`{}` has ended at {}, `{}` is asked to stop at {}.",
            one.name(),
            time(end),
            other.name(),
            time(asked)
        )),
        (Some(end), Some(asked)) => Err(other.miss(format!(
            "`{}` is asked to stop at {}, and `{}` ends at {} only.",
            other.name(),
            time(asked),
            one.name(),
            time(end)
        ))),
        (None, _) => Err(one.miss(format!("`{}` never runs, or never ends.", one.name()))),
        (_, None) => Err(other.miss(format!("`{}` never runs.", other.name()))),
    }
}

fn listed_before(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let (one, other) = scene.pair(words.get("NAME"), words.get("OTHER"))?;
    if one.container.field != other.container.field {
        let (ones, others) = (one.container.field.key(), other.container.field.key());
        return Err(one.miss(format!("They are in different lists: `{ones}` and `{others}`.")));
    }
    if one.container.index < other.container.index {
        return Ok(String::new());
    }
    Err(one.miss(format!("It stands behind `{}`.", other.name())))
}
