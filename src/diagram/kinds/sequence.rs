//! What the kubelet and the containers do one after the other, from a simulated run.

use crate::Analysis;
use crate::diagram::{Arrow, Diagram, Participant, Sequence, Step, Target};
use crate::form::{Form, placement};
use crate::simulate::{Action, Process, Run, Told, What, time};
use crate::source::Part;
use std::collections::HashMap;

/// The lifeline of the kubelet.
const KUBELET: usize = 0;
/// Most steps that are drawn.
const MOST: usize = 60;
/// Most starts of one container that are drawn.
const MOST_STARTS: usize = 3;

pub(super) fn build(analysis: &Analysis, index: usize, form: Form) -> Option<Diagram> {
    let all = analysis.told(index);
    let told = all.iter().find(|told| told.form == form)?;
    let workload = analysis.model.workloads.get(index)?;
    let verdicts = analysis.verdicts.get(index)?;
    let placement = placement(workload, verdicts, form);
    let kubelet =
        Participant { title: "kubelet".to_owned(), subtitle: "on the node".to_owned(), role: None, target: None };
    let lifeline = |own: &usize| {
        let container = workload.pod.containers.get(*own)?;
        let role = placement.role(*own, verdicts.get(*own)?);
        Some(Participant {
            title: container.display_name().to_owned(),
            subtitle: role.label().to_owned(),
            role: Some(role),
            target: Some(Target { container: Some(*own), place: workload.place(container.node, Part::Value) }),
        })
    };
    Some(Diagram::Sequence(Sequence {
        title: format!("Sequence of {} with {} sidecars", workload.title(), form.id()),
        summary: told.facts.iter().take(2).cloned().collect::<Vec<_>>().join(" "),
        participants: std::iter::once(kubelet).chain(told.setup.of.iter().filter_map(lifeline)).collect(),
        steps: Teller { told, starts: HashMap::new(), steps: Vec::new() }.steps(&told.run),
    }))
}

struct Teller<'t> {
    told: &'t Told,
    /// How often each container was started.
    starts: HashMap<usize, usize>,
    steps: Vec<Step>,
}

impl Teller<'_> {
    fn steps(mut self, run: &Run) -> Vec<Step> {
        let mut left_out = 0;
        for entry in &run.log {
            if let What::Starting(index, Process::Container) = entry.what {
                *self.starts.entry(index).or_default() += 1;
            }
            if self.steps.len() >= MOST {
                left_out += 1;
                continue;
            }
            self.step(entry.at, &entry.what);
        }
        if left_out > 0 {
            let text = format!("and so on: {left_out} more steps until {}", time(run.end));
            self.note_for_all(text);
        } else if !run.phase().is_terminal() && run.ending.is_none() {
            let text = format!("{} after {}, and no end in sight", run.phase().id(), time(run.end));
            self.note_for_all(text);
        }
        self.steps
    }

    /// Whether a container was restarted so often that more of the same teaches nothing.
    fn is_worn(&self, index: usize) -> bool {
        self.starts.get(&index).is_some_and(|starts| *starts > MOST_STARTS)
    }

    fn to(&mut self, at: u64, index: usize, text: &str) {
        let text = format!("{}: {text}", time(at));
        self.steps.push(Step::Message { from: KUBELET, to: index + 1, text, arrow: Arrow::Solid });
    }

    fn from(&mut self, at: u64, index: usize, text: &str) {
        let text = format!("{}: {text}", time(at));
        self.steps.push(Step::Message { from: index + 1, to: KUBELET, text, arrow: Arrow::Dotted });
    }

    fn note(&mut self, index: usize, text: String) {
        self.steps.push(Step::Note { from: index + 1, to: index + 1, text });
    }

    fn note_for_all(&mut self, text: String) {
        let to = self.told.setup.pod.containers.len();
        self.steps.push(Step::Note { from: KUBELET, to, text });
    }

    fn step(&mut self, at: u64, what: &What) {
        let spec = |index: usize| self.told.setup.pod.containers.get(index);
        match *what {
            What::Starting(index, Process::Container) => match self.starts.get(&index) {
                Some(starts) if *starts == MOST_STARTS + 1 => {
                    self.note(index, "and so on, each time after a longer wait".to_owned());
                }
                Some(starts) if *starts > MOST_STARTS => {}
                Some(1) | None => self.to(at, index, "start"),
                Some(_) => self.to(at, index, "start again"),
            },
            What::Ending(ref why, grace) => {
                self.note_for_all(format!("{}: the Pod ends, because {why}; {grace} s to stop", time(at)));
            }
            What::Ended => self.note_for_all(format!("{}: all containers have stopped", time(at))),
            What::RestartingAll(_) => self.note_for_all(format!("{}: all containers are started again", time(at))),
            What::Done(Action::Reboot) => self.note_for_all(format!("{}: the node restarts", time(at))),
            What::Done(Action::SetImage(index)) => self.note(index, format!("{}: new image", time(at))),
            What::Done(_) => {}
            What::Starting(index, Process::PreStop) => self.to(at, index, "preStop hook"),
            What::Starting(index, Process::PostStart) => self.to(at, index, "postStart hook, nothing else starts"),
            What::Exited(index, Process::PostStart, _) => self.from(at, index, "postStart done"),
            What::Signalled(index) => self.to(at, index, "SIGTERM"),
            What::Killed(index, Process::Container) => self.to(at, index, "SIGKILL"),
            What::PullFailed(index) => self.note(index, format!("{}: its image cannot be pulled", time(at))),
            ref other => {
                let Some(index) = about(other).filter(|index| !self.is_worn(*index)) else { return };
                match *other {
                    What::Up(_, Process::Container) if spec(index).is_some_and(|own| own.startup.is_none()) => {
                        self.from(at, index, "up");
                    }
                    What::StartupProbe(_, true) => self.from(at, index, "startup probe passes: started"),
                    What::StartupProbe(_, false) => self.from(at, index, "startup probe fails"),
                    What::ReadinessProbe(_, true) => self.from(at, index, "ready"),
                    What::ReadinessProbe(_, false) => self.from(at, index, "not ready"),
                    What::LivenessFailed(_) => self.from(at, index, "liveness probe fails"),
                    What::Exited(_, Process::Container, code) => self.from(at, index, &format!("ends with {code}")),
                    What::HookFailed(_, Process::PostStart) => self.from(at, index, "postStart fails"),
                    What::HookFailed(..) => self.from(at, index, "preStop fails"),
                    What::BackOff(_, until) => {
                        self.note(index, format!("back-off until {}", time(until)));
                    }
                    _ => {}
                }
            }
        }
    }
}

fn about(what: &What) -> Option<usize> {
    match what {
        What::Up(index, _)
        | What::Exited(index, ..)
        | What::HookFailed(index, _)
        | What::StartupProbe(index, _)
        | What::ReadinessProbe(index, _)
        | What::LivenessFailed(index)
        | What::BackOff(index, _) => Some(*index),
        _ => None,
    }
}
