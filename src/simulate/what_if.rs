//! What a user wants to be different: `crash:proxy@30 delete@60 grace=5`. The text is part of links, so it never changes
//! its meaning.

use super::assume::{Assumption, Setup};
use super::{Action, Answer, OnStop, ProcessRun, Pull, Stimulus, When};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One thing that is different. Times are seconds since the Pod was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhatIf {
    /// `delete@60`: the Pod is deleted.
    Delete(u64),
    /// `reboot@60`: the node restarts.
    Reboot(u64),
    /// `grace=5`: the Pod has this grace period, in seconds.
    Grace(u64),
    /// `exit:app@30=1`: a container ends with a code.
    Exit(String, u64, i32),
    /// `oom:app@30`: a container is killed because it takes too much memory.
    OutOfMemory(String, u64),
    /// `image:app@30`: the image of a container is changed.
    Image(String, u64),
    /// `never-ready:proxy`: neither its startup probe nor its readiness probe ever succeeds.
    NeverReady(String),
    /// `hangs:app@30`: from then on its probes fail.
    Hangs(String, u64),
    /// `slow-start:proxy=20`: it is up so many seconds after its start.
    SlowStart(String, u64),
    /// `slow-stop:app=20`: it takes so many seconds to stop.
    SlowStop(String, u64),
    /// `deaf:app`: it takes no notice of SIGTERM.
    Deaf(String),
    /// `no-image:proxy`: its image cannot be pulled.
    NoImage(String),
    /// `runs:app=30`: it ends by itself after so many seconds, with code 0.
    Runs(String, u64),
    /// `crashes:app=30`: it ends by itself after so many seconds, with code 1, each time.
    Crashes(String, u64),
}

/// Longest time and largest grace period that is taken, in seconds: a day.
const LONGEST: u64 = 86_400;

impl WhatIf {
    /// Reads a list of them. What cannot be read is left out.
    ///
    /// ```
    /// use sidecar_playground::simulate::WhatIf;
    /// let all = WhatIf::parse("exit:app@30=1 delete@60 nonsense");
    /// assert_eq!(all, [WhatIf::Exit("app".to_owned(), 30, 1), WhatIf::Delete(60)]);
    /// assert_eq!(WhatIf::write(&all), "exit:app@30=1 delete@60");
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Vec<Self> {
        text.split_whitespace().filter_map(Self::parse_one).collect()
    }

    /// Writes a list of them.
    #[must_use]
    pub fn write(all: &[Self]) -> String {
        all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    fn parse_one(text: &str) -> Option<Self> {
        let (head, value) = text.split_once('=').map_or((text, None), |(head, value)| (head, Some(value)));
        let (head, time) = head.split_once('@').map_or((head, None), |(head, time)| (head, Some(time)));
        let (word, name) = head.split_once(':').map_or((head, None), |(word, name)| (word, Some(name)));
        let number = |text: Option<&str>| text?.parse::<u64>().ok().map(|number| number.min(LONGEST));
        let (time, amount) = (number(time), number(value));
        let name = name.map(unescape);
        Some(match word {
            "delete" => Self::Delete(time?),
            "reboot" => Self::Reboot(time?),
            "grace" => Self::Grace(amount?),
            "exit" => Self::Exit(name?, time?, value?.parse().ok()?),
            "oom" => Self::OutOfMemory(name?, time?),
            "image" => Self::Image(name?, time?),
            "never-ready" => Self::NeverReady(name?),
            "hangs" => Self::Hangs(name?, time?),
            "slow-start" => Self::SlowStart(name?, amount?),
            "slow-stop" => Self::SlowStop(name?, amount?),
            "deaf" => Self::Deaf(name?),
            "no-image" => Self::NoImage(name?),
            "runs" => Self::Runs(name?, amount?),
            "crashes" => Self::Crashes(name?, amount?),
            _ => return None,
        })
    }

    /// The container that it is about.
    #[must_use]
    pub fn container(&self) -> Option<&str> {
        match self {
            Self::Delete(_) | Self::Reboot(_) | Self::Grace(_) => None,
            Self::Exit(name, ..)
            | Self::OutOfMemory(name, _)
            | Self::Image(name, _)
            | Self::NeverReady(name)
            | Self::Hangs(name, _)
            | Self::SlowStart(name, _)
            | Self::SlowStop(name, _)
            | Self::Deaf(name)
            | Self::NoImage(name)
            | Self::Runs(name, _)
            | Self::Crashes(name, _) => Some(name),
        }
    }

    /// In words, without its subject.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Delete(time) => format!("is deleted after {time} s"),
            Self::Reboot(time) => format!("loses its node to a restart after {time} s"),
            Self::Grace(grace) => format!("has a grace period of {grace} s"),
            Self::Exit(_, time, code) => format!("ends with code {code} after {time} s"),
            Self::OutOfMemory(_, time) => format!("runs out of memory after {time} s"),
            Self::Image(_, time) => format!("gets another image after {time} s"),
            Self::NeverReady(_) => "is never ready".to_owned(),
            Self::Hangs(_, time) => format!("answers no probe from {time} s on"),
            Self::SlowStart(_, time) => format!("takes {time} s to come up"),
            Self::SlowStop(_, time) => format!("takes {time} s to stop"),
            Self::Deaf(_) => "takes no notice of SIGTERM".to_owned(),
            Self::NoImage(_) => "has an image that cannot be pulled".to_owned(),
            Self::Runs(_, time) => format!("does its work in {time} s and ends with code 0"),
            Self::Crashes(_, time) => format!("crashes {time} s after each start"),
        }
    }
}

impl fmt::Display for WhatIf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delete(time) => write!(f, "delete@{time}"),
            Self::Reboot(time) => write!(f, "reboot@{time}"),
            Self::Grace(grace) => write!(f, "grace={grace}"),
            Self::Exit(name, time, code) => write!(f, "exit:{}@{time}={code}", escape(name)),
            Self::OutOfMemory(name, time) => write!(f, "oom:{}@{time}", escape(name)),
            Self::Image(name, time) => write!(f, "image:{}@{time}", escape(name)),
            Self::NeverReady(name) => write!(f, "never-ready:{}", escape(name)),
            Self::Hangs(name, time) => write!(f, "hangs:{}@{time}", escape(name)),
            Self::SlowStart(name, time) => write!(f, "slow-start:{}={time}", escape(name)),
            Self::SlowStop(name, time) => write!(f, "slow-stop:{}={time}", escape(name)),
            Self::Deaf(name) => write!(f, "deaf:{}", escape(name)),
            Self::NoImage(name) => write!(f, "no-image:{}", escape(name)),
            Self::Runs(name, time) => write!(f, "runs:{}={time}", escape(name)),
            Self::Crashes(name, time) => write!(f, "crashes:{}={time}", escape(name)),
        }
    }
}

/// Names of containers are words, but a manifest may hold anything.
fn escape(name: &str) -> String {
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"%@=:".contains(c);
    name.chars().map(|c| if is_plain(c) { c.to_string() } else { format!("%{:x};", u32::from(c)) }).collect()
}

fn unescape(text: &str) -> String {
    let mut parts = text.split('%');
    let mut name = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let Some((code, rest)) = part.split_once(';') else { continue };
        name.extend(u32::from_str_radix(code, 16).ok().and_then(char::from_u32));
        name.push_str(rest);
    }
    name
}

/// Changes a setup accordingly, and says so. What names a container that is not there is left out.
pub(super) fn apply(all: &[WhatIf], setup: &mut Setup) {
    for what_if in all {
        let container = match what_if.container() {
            Some(name) => match setup.named(name) {
                Some(index) => Some(index),
                None => continue,
            },
            None => None,
        };
        let index = container.unwrap_or_default();
        let mut at = |time: u64, action| {
            setup.scenario.stimuli.push(Stimulus { when: When::At(time * 1000), action });
        };
        match what_if {
            WhatIf::Delete(time) => at(*time, Action::Delete(None)),
            WhatIf::Reboot(time) => at(*time, Action::Reboot),
            WhatIf::Exit(_, time, code) => at(*time, Action::Exit(index, *code)),
            WhatIf::OutOfMemory(_, time) => at(*time, Action::OutOfMemory(index)),
            WhatIf::Image(_, time) => at(*time, Action::SetImage(index)),
            WhatIf::Grace(grace) => setup.pod.grace = *grace,
            _ => {
                if let Some(behaviour) = setup.behaviour(index) {
                    change(what_if, behaviour);
                }
            }
        }
        setup.assumptions.push(Assumption { container, text: what_if.words() });
    }
}

fn change(what_if: &WhatIf, behaviour: &mut super::Behaviour) {
    match what_if {
        WhatIf::NeverReady(_) => (behaviour.startup, behaviour.readiness) = (Answer::Failure, Answer::Failure),
        WhatIf::Hangs(_, time) => {
            // A process that answers no more does so from then on, however often it is started.
            let lasts = Answer::UpUntil(time * 1000);
            (behaviour.readiness, behaviour.liveness) = (lasts, lasts);
        }
        WhatIf::SlowStart(_, time) => behaviour.start_delay = time * 1000,
        WhatIf::SlowStop(_, time) => {
            behaviour.on_stop = OnStop::Ends { after: time * 1000, code: Some(0) };
        }
        WhatIf::Deaf(_) => behaviour.on_stop = OnStop::Ignores,
        WhatIf::NoImage(_) => behaviour.pull = Pull::Fails,
        WhatIf::Runs(_, time) => behaviour.runs = vec![ProcessRun { lasts: Some(time * 1000), exit_code: 0 }],
        WhatIf::Crashes(_, time) => behaviour.runs = vec![ProcessRun { lasts: Some(time * 1000), exit_code: 1 }],
        _ => {}
    }
}
