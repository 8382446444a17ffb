//! Native → traditional, for clusters without native sidecars: helpers become regular containers behind the app, and what
//! that costs is spelled out. Facts 11.9 to 11.13.

use super::{Choices, Plan, Rewrite, listed, obstacles};
use crate::Analysis;
use crate::category::Category;
use crate::detect::{Role, Verdict, links};
use crate::edit::Move;
use crate::form::{Form, placement};
use crate::model::{Container, ContainerField, Dialect, ProbeKind, Workload};
use crate::release::{Cluster, Feature};
use crate::source::Part;

/// Makes the native sidecars of a workload regular containers.
#[must_use]
pub fn to_traditional(analysis: &Analysis, workload: usize, cluster: &Cluster, choices: &Choices) -> Rewrite {
    let mut rewrite = Rewrite::new("Make the sidecars regular containers".to_owned());
    let (Some(workload), Some(verdicts)) = (analysis.model.workloads.get(workload), analysis.verdicts.get(workload))
    else {
        return rewrite;
    };
    if workload.dialect == Dialect::Compose {
        obstacles::of_text(&mut rewrite, analysis, workload);
        return rewrite;
    }
    let is_chosen = |index: usize| choices.containers.as_ref().is_none_or(|chosen| chosen.contains(&index));
    let containers = &workload.pod.containers;
    let moved: Vec<usize> = (0..containers.len())
        .filter(|index| is_chosen(*index) && containers.get(*index).is_some_and(Container::is_native_sidecar))
        .collect();
    if moved.is_empty() {
        rewrite.note("There is no native sidecar here.", None);
        return rewrite;
    }
    let names: Vec<&str> =
        moved.iter().filter_map(|index| containers.get(*index)).map(Container::display_name).collect();
    rewrite.title = match names.as_slice() {
        [one] => format!("Make {one} a regular container"),
        _ => format!("Make {} regular containers", listed(&names)),
    };
    obstacles::of_text(&mut rewrite, analysis, workload);
    let Some(editor) = analysis.editor(workload.document).filter(|_| rewrite.refused.is_empty()) else {
        return rewrite;
    };
    refuse(&mut rewrite, workload, verdicts, &moved, choices.despite);
    lose(&mut rewrite, workload, &moved, cluster);
    if !rewrite.refused.is_empty() {
        return rewrite;
    }
    let mut plan = Plan {
        workload,
        editor,
        moves: Vec::new(),
        inner: Vec::new(),
        changed: Vec::new(),
        order: order(workload, verdicts, &moved),
    };
    for index in &moved {
        let Some(container) = containers.get(*index) else { continue };
        let (name, place) = (container.display_name(), Some(workload.place(container.node, Part::Value)));
        let edits = plan.editor.remove_entry(container.node, "restartPolicy");
        match edits.filter(|_| obstacles::is_written_in_place(analysis, workload, container)) {
            Some(edits) => plan.inner.extend(edits),
            None => rewrite.refuse(format!("{name} is written in a way that cannot be edited safely."), place),
        }
        plan.change(*index, "restartPolicy");
        let (from, to) = (ContainerField::InitContainers.key().to_owned(), ContainerField::Containers.key().to_owned());
        plan.moves.push(Move { from, index: container.index, to, before: None });
        rewrite.note(
            format!("{name} stands behind the app, so that kubectl logs and exec still pick the app by default."),
            place,
        );
    }
    if rewrite.refused.is_empty() {
        plan.carry_out(analysis, &mut rewrite);
    }
    rewrite
}

fn order(workload: &Workload, verdicts: &[Verdict], moved: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let verdicts: Vec<Verdict> = verdicts
        .iter()
        .enumerate()
        .map(|(index, verdict)| {
            let stays = verdict.role == Role::NativeSidecar && !moved.contains(&index);
            Verdict { role: if stays { Role::Init } else { verdict.role }, ..verdict.clone() }
        })
        .collect();
    let placed = placement(workload, &verdicts, Form::Traditional);
    (placed.init, placed.regular)
}

/// What would break.
fn refuse(rewrite: &mut Rewrite, workload: &Workload, verdicts: &[Verdict], moved: &[usize], despite: bool) {
    let containers = &workload.pod.containers;
    let connections = links::links(workload);
    for index in moved {
        let Some(container) = containers.get(*index) else { continue };
        let (name, place) = (container.display_name(), Some(workload.place(container.node, Part::Value)));
        obstacles::unique_name(rewrite, workload, container);
        if !container.restart_rules.is_empty() {
            rewrite.refuse(
                format!(
                    "{name} has restartPolicyRules, which need a restartPolicy of its own: Always would keep the Pod alive for \
                     ever, and without rules {name} would be another thing. Take the rules out first."
                ),
                place,
            );
        }
        // Init containers that come later could use it so far.
        let later = containers.iter().enumerate().filter(|(other, init)| {
            *other > *index && init.field == ContainerField::InitContainers && !init.is_native_sidecar()
        });
        let category = verdicts.get(*index).and_then(|verdict| verdict.category);
        let serves = matches!(category, Some(Category::MeshProxy | Category::DbProxy | Category::Ambassador));
        let needing: Vec<&str> = later
            .filter(|(other, _)| serves || connections.iter().any(|link| link.from == *other && link.to == *index))
            .map(|(_, init)| init.display_name())
            .collect();
        if !needing.is_empty() {
            rewrite.refuse_unless(
                despite,
                format!(
                    "{} can use {name} today, because it starts before. As a regular container {name} starts only when all \
                     init containers have ended.",
                    listed(&needing)
                ),
                place,
            );
        }
        for port in container.ports.iter().filter(|port| port.host_port.is_some_and(|port| port > 0)) {
            let same = |other: &&Container| {
                other.node != container.node
                    && other.field == ContainerField::Containers
                    && other.ports.iter().any(|own| own.host_port == port.host_port && own.protocol == port.protocol)
            };
            if let Some(other) = containers.iter().find(same) {
                rewrite.refuse(
                    format!(
                        "{name} and {} want the same host port {}, which the API server refuses among regular containers.",
                        other.display_name(),
                        port.host_port.unwrap_or_default()
                    ),
                    Some(workload.place(port.node, Part::Value)),
                );
            }
        }
    }
    if workload.job.is_some() {
        rewrite.refuse_unless(
            despite,
            "The Job would not end any more when its work is done: a regular container that runs for ever keeps its Pod \
             running. Its app would have to stop the helper.",
            None,
        );
    }
}

/// What the workload could do before.
fn lose(rewrite: &mut Rewrite, workload: &Workload, moved: &[usize], cluster: &Cluster) {
    let containers: Vec<&Container> = moved.iter().filter_map(|index| workload.pod.containers.get(*index)).collect();
    let names: Vec<&str> = containers.iter().map(|container| container.display_name()).collect();
    let (all, is, they) = match names.as_slice() {
        [one] => ((*one).to_owned(), "is", "it"),
        _ => (listed(&names), "are", "them"),
    };
    rewrite.lose(format!("The app does not wait for {all} any more: all regular containers start together."), None);
    for container in &containers {
        if let Some(probe) = container.probe(ProbeKind::Startup) {
            rewrite.lose(
                format!(
                    "The startupProbe of {} holds back its own other probes only, not the app.",
                    container.display_name()
                ),
                Some(workload.place(probe.node, Part::Key)),
            );
        }
    }
    rewrite.lose(
        format!(
            "{all} {is} stopped together with the app, not after it: the last logs, metrics or requests may be lost."
        ),
        None,
    );
    let policy = workload.pod.restart_policy.as_ref();
    if let Some(policy) = policy.filter(|policy| policy.value != "Always") {
        rewrite.lose(
            format!(
                "restartPolicy: {} of the Pod now holds for {all} too, and the exit code of {they} decides with whether \
                 the Pod has failed.",
                policy.value
            ),
            Some(workload.place(policy.node, Part::Value)),
        );
    }
    if cluster.has(Feature::SidecarOomAdjustment) {
        rewrite.lose(format!("The OOM killer does not spare {all} any more for the sake of the app."), None);
    }
}
