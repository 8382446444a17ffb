//! What the kubelet starts in which order, and what it waits for (facts 2.1 to 2.7).

use crate::Analysis;
use crate::detect::Verdict;
use crate::diagram::{Arrow, Diagram, Participant, Sequence, Step, Target};
use crate::form::{Form, Placement, placement};
use crate::model::{Container, Dialect, ProbeKind, Workload};
use crate::source::Part;

/// The lifeline of the kubelet.
const KUBELET: usize = 0;

pub(super) fn build(analysis: &Analysis, index: usize, form: Form) -> Option<Diagram> {
    let workload = analysis.model.workloads.get(index)?;
    let verdicts = analysis.verdicts.get(index)?;
    if workload.dialect != Dialect::Kubernetes || workload.pod.containers.is_empty() {
        return None;
    }
    let Placement { init, regular, .. } = placement(workload, verdicts, form);
    let kubelet =
        Participant { title: "kubelet".to_owned(), subtitle: "on the node".to_owned(), role: None, target: None };
    let order: Vec<usize> = init.iter().chain(&regular).copied().collect();
    let lifelines = order.iter().filter_map(|index| participant(workload, verdicts, form, *index));
    let mut sequence = Sequence {
        title: format!("Start order of {} with {} sidecars", workload.title(), form.id()),
        summary: summary(workload, &init, &regular, verdicts),
        participants: std::iter::once(kubelet).chain(lifelines).collect(),
        steps: Vec::new(),
    };
    for (position, index) in init.iter().enumerate() {
        let Some(container) = workload.pod.containers.get(*index) else { continue };
        let is_sidecar = verdicts.get(*index).is_some_and(|verdict| verdict.role.is_sidecar());
        init_entry(&mut sequence.steps, position + 1, container, is_sidecar);
    }
    let first = init.len() + 1;
    let starts: Vec<Step> = regular
        .iter()
        .enumerate()
        .filter_map(|(position, index)| Some((position, workload.pod.containers.get(*index)?)))
        .map(|(position, container)| start(first + position, container))
        .collect();
    match starts.len() {
        0 => {}
        1 => sequence.steps.extend(starts),
        _ => sequence.steps.push(Step::Parallel {
            label: "in the order of the list, none waits for another".to_owned(),
            steps: starts,
        }),
    }
    let running: Vec<usize> = running_lifelines(&init, &regular, verdicts);
    if let (Some(from), Some(to)) = (running.iter().min(), running.iter().max())
        && running.len() > 1
    {
        let text = "all of these run together from here on".to_owned();
        sequence.steps.push(Step::Note { from: *from, to: *to, text });
    }
    Some(Diagram::Sequence(sequence))
}

fn participant(workload: &Workload, verdicts: &[Verdict], form: Form, index: usize) -> Option<Participant> {
    let container = workload.pod.containers.get(index)?;
    let verdict = verdicts.get(index)?;
    let role = placement(workload, verdicts, form).role(index, verdict);
    Some(Participant {
        title: container.display_name().to_owned(),
        subtitle: role.label().to_owned(),
        role: Some(role),
        target: Some(Target { container: Some(index), place: workload.place(container.node, Part::Value) }),
    })
}

fn start(to: usize, container: &Container) -> Step {
    let text = if container.lifecycle.post_start.is_some() { "start, run postStart" } else { "start" };
    Step::Message { from: KUBELET, to, text: text.to_owned(), arrow: Arrow::Solid }
}

fn init_entry(steps: &mut Vec<Step>, lifeline: usize, container: &Container, is_sidecar: bool) {
    let say = |text: &str| Step::Message { from: lifeline, to: KUBELET, text: text.to_owned(), arrow: Arrow::Dotted };
    steps.push(start(lifeline, container));
    if !is_sidecar {
        steps.push(say("exits with 0"));
        return;
    }
    if container.probe(ProbeKind::Startup).is_some() {
        let text = "startup probe, until it passes".to_owned();
        steps.push(Step::Message { from: KUBELET, to: lifeline, text, arrow: Arrow::Solid });
    }
    steps.push(say("started"));
    steps.push(Step::Note { from: lifeline, to: lifeline, text: "keeps running".to_owned() });
}

fn running_lifelines(init: &[usize], regular: &[usize], verdicts: &[Verdict]) -> Vec<usize> {
    let is_sidecar = |index: &usize| verdicts.get(*index).is_some_and(|verdict| verdict.role.is_sidecar());
    let sidecars = init.iter().enumerate().filter(|(_, index)| is_sidecar(index)).map(|(position, _)| position + 1);
    sidecars.chain((0..regular.len()).map(|position| init.len() + 1 + position)).collect()
}

fn summary(workload: &Workload, init: &[usize], regular: &[usize], verdicts: &[Verdict]) -> String {
    let name = |index: &usize| workload.pod.containers.get(*index).map_or("", Container::display_name);
    let is_sidecar = |index: &&usize| verdicts.get(**index).is_some_and(|verdict| verdict.role.is_sidecar());
    let before: Vec<&str> = init.iter().filter(is_sidecar).map(name).collect();
    let beside: Vec<&str> = regular.iter().filter(is_sidecar).map(name).collect();
    match (before.as_slice(), beside.as_slice()) {
        ([], []) => "No sidecar: the app starts when the init containers have finished.".to_owned(),
        ([], beside) => format!("Nothing makes the app wait for {}: both start together.", beside.join(", ")),
        (before, _) => format!("When the app's first instruction runs, {} are already started.", before.join(", ")),
    }
}
