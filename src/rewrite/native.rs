//! Traditional → native: helpers become entries of `initContainers` with `restartPolicy: Always`. Facts 11.1 to 11.8.

use super::{Choices, Plan, Rewrite, hooks, listed, obstacles, probe, stop_calls};
use crate::Analysis;
use crate::category::Category;
use crate::detect::{Role, Verdict, links};
use crate::edit::{Move, Yaml};
use crate::form::{Form, placement};
use crate::model::{Container, ContainerField, Dialect, Handler, ProbeKind, Workload};
use crate::release::Cluster;
use crate::source::{Node, Part};

/// Makes the helpers of a workload native sidecars.
#[must_use]
pub fn to_native(analysis: &Analysis, workload: usize, cluster: &Cluster, choices: &Choices) -> Rewrite {
    let mut rewrite = Rewrite::new("Make the sidecars native".to_owned());
    let (Some(workload), Some(verdicts)) = (analysis.model.workloads.get(workload), analysis.verdicts.get(workload))
    else {
        return rewrite;
    };
    if workload.dialect == Dialect::Compose {
        obstacles::of_text(&mut rewrite, analysis, workload);
        return rewrite;
    }
    let is_chosen = |index: usize| match &choices.containers {
        Some(chosen) => chosen.contains(&index),
        None => verdicts.get(index).is_some_and(|verdict| verdict.role == Role::Sidecar),
    };
    let containers = &workload.pod.containers;
    let moved: Vec<usize> = (0..containers.len())
        .filter(|index| {
            is_chosen(*index)
                && containers
                    .get(*index)
                    .is_some_and(|one| one.field.is_regular() || one.field == ContainerField::Sidecars)
        })
        .collect();
    if moved.is_empty() {
        rewrite.note("There is no traditional sidecar here.", None);
        return rewrite;
    }
    let names: Vec<&str> =
        moved.iter().filter_map(|index| containers.get(*index)).map(Container::display_name).collect();
    rewrite.title = match names.as_slice() {
        [one] => format!("Make {one} a native sidecar"),
        _ => format!("Make {} native sidecars", listed(&names)),
    };
    obstacles::of_text(&mut rewrite, analysis, workload);
    if rewrite.refused.is_empty() {
        obstacles::to_native(&mut rewrite, analysis, workload, &moved, cluster, choices.despite);
    }
    let document = analysis.source.documents.get(workload.document as usize);
    let (Some(document), Some(editor)) = (document, analysis.editor(workload.document)) else { return rewrite };
    let connections = links::links(workload);
    for index in &moved {
        rewrite.proposals.extend(probe::propose(workload, *index, verdicts.get(*index), &connections, document));
    }
    if !rewrite.refused.is_empty() {
        return rewrite;
    }
    let order = order(workload, verdicts, &moved);
    let mut plan = Plan {
        workload,
        editor,
        moves: moves(workload, &order.0, &moved),
        inner: Vec::new(),
        changed: Vec::new(),
        order,
    };
    for index in &moved {
        convert(&mut plan, &mut rewrite, analysis, *index, choices);
    }
    if !choices.keeps_scripts {
        drop_stop_calls(&mut plan, &mut rewrite, &moved);
        drop_waits(&mut plan, &mut rewrite, &moved, choices);
    }
    explain(&mut rewrite, &plan, verdicts, &moved);
    warn(&mut rewrite, analysis, workload, &moved, verdicts, &connections);
    if rewrite.refused.is_empty() {
        plan.carry_out(analysis, &mut rewrite);
    }
    rewrite
}

/// The containers of both lists afterwards: as [`placement`] has them, with those that were not chosen where they are.
fn order(workload: &Workload, verdicts: &[Verdict], moved: &[usize]) -> (Vec<usize>, Vec<usize>) {
    // Whoever was chosen counts as a sidecar, and nobody else.
    let verdicts: Vec<Verdict> = verdicts
        .iter()
        .enumerate()
        .map(|(index, verdict)| {
            let role = match (moved.contains(&index), verdict.role) {
                (true, _) => Role::Sidecar,
                (false, Role::Sidecar) => Role::Peer,
                (false, role) => role,
            };
            Verdict { role, ..verdict.clone() }
        })
        .collect();
    let placed = placement(workload, &verdicts, Form::Native);
    (placed.init, placed.regular)
}

/// Each container that moves, in front of the init container that comes next and stays.
fn moves(workload: &Workload, init: &[usize], moved: &[usize]) -> Vec<Move> {
    let mut moves = Vec::new();
    for (at, index) in init.iter().enumerate().filter(|(_, index)| moved.contains(index)) {
        let next = init.iter().skip(at).find(|index| !moved.contains(index));
        let before = next.and_then(|next| workload.pod.containers.get(*next)).map(|next| next.index);
        let Some(container) = workload.pod.containers.get(*index) else { continue };
        let (from, to) = (ContainerField::Containers.key().to_owned(), ContainerField::InitContainers.key().to_owned());
        moves.push(Move { from, index: container.index, to, before });
    }
    moves
}

/// The edits inside of a container that becomes native.
fn convert(plan: &mut Plan<'_>, rewrite: &mut Rewrite, analysis: &Analysis, index: usize, choices: &Choices) {
    let workload = plan.workload;
    let Some(container) = workload.pod.containers.get(index) else { return };
    let (name, place) = (container.display_name(), Some(workload.place(container.node, Part::Value)));
    if !obstacles::is_written_in_place(analysis, workload, container) {
        return rewrite.refuse(format!("{name} is written in another place and only referred to here."), place);
    }
    let always = Yaml::from("Always");
    let wanted = rewrite.proposals.iter().find(|one| one.container == index && choices.startup_probes.contains(&index));
    let probe = wanted.map(|proposal| proposal.probe.clone());
    let mut removed: Vec<&'static str> = Vec::new();
    let mut added: Vec<(&str, &Yaml, &[&str])> = Vec::new();
    let mut edits = Vec::new();
    let policy = container.restart_policy.as_ref();
    match policy {
        Some(policy) if policy.value == "Always" => rewrite.note(
            format!("{name} had restartPolicy: Always already, where it makes no sidecar (fact 1.2)."),
            Some(workload.place(policy.node, Part::Key)),
        ),
        Some(policy) => {
            edits.push(plan.editor.set_value(policy.node, &always));
            plan.change(index, "restartPolicy");
        }
        None => {
            added.push(("restartPolicy", &always, &["image", "name"]));
            plan.change(index, "restartPolicy");
        }
    }
    if let Some(probe) = &probe {
        added.push(("startupProbe", probe, &["livenessProbe", "readinessProbe", "ports", "image", "name"]));
        plan.change(index, "startupProbe");
    }
    let needless = hooks::needless(container).filter(|_| !choices.keeps_hooks);
    if let (Some(what), Some(hook)) = (needless, &container.lifecycle.pre_stop) {
        let text = &analysis.source.documents.get(workload.document as usize);
        let lifecycle = text.and_then(|document| document.value(container.node).get("lifecycle"));
        if let Some(lifecycle) = lifecycle {
            if lifecycle.entries().len() == 1 {
                removed.push("lifecycle");
            } else {
                edits.push(plan.editor.remove_entry(lifecycle.id(), "preStop"));
            }
            plan.change(index, "lifecycle");
            rewrite.note(
                format!(
                    "The preStop hook of {name} goes: it {what}, so that {name} outlives the app. A native sidecar is \
                     stopped after the app anyway, and its hook would only use up the time to stop."
                ),
                Some(workload.place(hook.node, Part::Key)),
            );
        }
    }
    edits.push(plan.editor.change_keys(container.node, &removed, &added));
    match edits.into_iter().collect::<Option<Vec<_>>>() {
        Some(edits) => plan.inner.extend(edits.into_iter().flatten()),
        None => rewrite.refuse(format!("{name} is written in a way that cannot be edited safely."), place),
    }
}

/// Commands that stop a helper are not needed any more.
fn drop_stop_calls(plan: &mut Plan<'_>, rewrite: &mut Rewrite, moved: &[usize]) {
    let workload = plan.workload;
    let helpers: Vec<&Container> = moved.iter().filter_map(|index| workload.pod.containers.get(*index)).collect();
    let is_running = |container: &&(usize, &Container)| container.1.field == ContainerField::Containers;
    let containers: Vec<(usize, &Container)> = workload.pod.containers.iter().enumerate().collect();
    for (index, container) in containers.iter().filter(is_running) {
        let stops = stop_calls::find(container, &helpers);
        let mut has_more = stops.has_more;
        for call in &stops.calls {
            let place = Some(workload.place(call.script.node, Part::Value));
            match plan.editor.cut_text(call.script.node, call.bytes.start, call.bytes.end) {
                Some(edits) => {
                    plan.inner.extend(edits);
                    plan.change_script(*index, call);
                    rewrite.note(
                        format!(
                            "`{}` goes from the script of {}: native sidecars are stopped when the work is done.",
                            call.command.trim(),
                            container.display_name()
                        ),
                        place,
                    );
                }
                None => has_more = true,
            }
        }
        if has_more {
            rewrite.note(
                format!(
                    "{} stops its helper by a command. That is not needed any more and can be taken out by hand.",
                    container.display_name()
                ),
                Some(workload.place(container.node, Part::Value)),
            );
        }
    }
    for helper in &helpers {
        if ends_by_file(helper) {
            rewrite.note(
                format!(
                    "{} waits for a file to end itself. As a native sidecar it can simply run: the waiting can be taken \
                     out by hand.",
                    helper.display_name()
                ),
                Some(workload.place(helper.node, Part::Value)),
            );
        }
    }
}

/// Loops that wait for a helper are not needed behind a startupProbe.
fn drop_waits(plan: &mut Plan<'_>, rewrite: &mut Rewrite, moved: &[usize], choices: &Choices) {
    let workload = plan.workload;
    for index in moved {
        let Some(helper) = workload.pod.containers.get(*index) else { continue };
        let proposed = rewrite.proposals.iter().find(|one| one.container == *index);
        let is_gated = helper.probe(ProbeKind::Startup).is_some()
            || (proposed.is_some() && choices.startup_probes.contains(index));
        let mut ports: Vec<i64> = helper.ports.iter().map(|port| port.port).collect();
        ports.extend(helper.probes.iter().filter_map(|probe| probe_port(probe.handler.as_ref()?)));
        ports.extend(proposed.and_then(|one| one.probe.get("httpGet")?.get("port").cloned()).and_then(
            |port| match port {
                Yaml::Int(port) => Some(port),
                _ => None,
            },
        ));
        let regular = workload.pod.of(ContainerField::Containers).filter(|(other, _)| !moved.contains(other));
        for (other, container) in regular {
            let waits = stop_calls::find_waits(container, &ports);
            let (who, helper) = (container.display_name(), helper.display_name());
            let mut is_left = waits.has_more || (!is_gated && !waits.calls.is_empty());
            for call in waits.calls.iter().filter(|_| is_gated) {
                match plan.editor.cut_text(call.script.node, call.bytes.start, call.bytes.end) {
                    Some(edits) => {
                        plan.inner.extend(edits);
                        plan.change_script(other, call);
                        rewrite.note(
                            format!(
                                "`{}` goes from the script of {who}: the startupProbe of {helper} holds it back.",
                                call.command
                            ),
                            Some(workload.place(call.script.node, Part::Value)),
                        );
                    }
                    None => is_left = true,
                }
            }
            if is_left {
                rewrite.note(
                    format!("{who} waits for {helper} in a loop. With a startupProbe of {helper} that is not needed."),
                    Some(workload.place(container.node, Part::Value)),
                );
            }
        }
    }
}

fn probe_port(handler: &Handler) -> Option<i64> {
    match handler {
        Handler::HttpGet { port, .. } | Handler::TcpSocket(port) | Handler::Grpc(port) => port.parse().ok(),
        _ => None,
    }
}

/// A helper whose script runs its program in the background and ends it when a file appears.
fn ends_by_file(helper: &Container) -> bool {
    helper.words().any(|word| {
        let script = word.value.as_str();
        let looks = ["-f ", "-e ", "test -"].iter().any(|test| script.contains(test));
        looks
            && (script.contains("kill ") || script.contains("exit"))
            && (script.contains("while") || script.contains("until"))
    })
}

/// Says why each container stands where it does.
fn explain(rewrite: &mut Rewrite, plan: &Plan<'_>, verdicts: &[Verdict], moved: &[usize]) {
    let containers = &plan.workload.pod.containers;
    let name = |index: &usize| containers.get(*index).map_or("", Container::display_name);
    let init = &plan.order.0;
    for index in moved {
        let Some(at) = init.iter().position(|other| other == index) else { continue };
        let plain = |index: &&usize| {
            !moved.contains(index) && containers.get(**index).is_some_and(|one| !one.is_native_sidecar())
        };
        let later: Vec<&str> = init.iter().skip(at + 1).filter(plain).map(name).collect();
        let earlier: Vec<&str> = init.iter().take(at).filter(plain).map(name).collect();
        let is_proxy = verdicts.get(*index).and_then(|verdict| verdict.category) == Some(Category::MeshProxy);
        let text = if is_proxy && !later.is_empty() {
            format!("{} starts before {}, which may need the network that it takes over.", name(index), listed(&later))
        } else if !earlier.is_empty() {
            format!(
                "{} starts behind {}: the init phase stays as it is, and the Pod requests no more than before.",
                name(index),
                listed(&earlier)
            )
        } else {
            format!("{} starts before the app and is stopped after it.", name(index))
        };
        let place = containers.get(*index).map(|container| plan.workload.place(container.node, Part::Value));
        rewrite.note(text, place);
    }
}

/// What to look at before the new text is used.
fn warn(
    rewrite: &mut Rewrite,
    analysis: &Analysis,
    workload: &Workload,
    moved: &[usize],
    verdicts: &[Verdict],
    connections: &[links::Link],
) {
    let containers = || moved.iter().filter_map(|index| Some((*index, workload.pod.containers.get(*index)?)));
    for (index, container) in containers() {
        let name = container.display_name();
        let place = Some(workload.place(container.node, Part::Value));
        if container.lifecycle.post_start.is_some() {
            rewrite.note(
                format!("The postStart hook of {name} now holds back every container that starts after it."),
                place,
            );
        }
        if container.resources.limits.iter().any(|(resource, _)| resource == "ephemeral-storage") {
            rewrite.note(
                format!(
                    "The ephemeral-storage limit of {name} is not enforced by itself any more, only as a part of the Pod's."
                ),
                place,
            );
        }
        let is_proposed = rewrite.proposals.iter().any(|proposal| proposal.container == index);
        let has_probe = container.probe(ProbeKind::Startup).is_some() || is_proposed;
        if !has_probe && probe::is_needed_at_start(workload, index, verdicts.get(index), connections) {
            rewrite.note(
                format!("Without a startupProbe the app starts as soon as the process of {name} runs, ready or not."),
                place,
            );
        }
    }
    if let Some(job) = &workload.job {
        rewrite
            .note("The Job ends when its regular containers have ended; the native sidecars are then stopped.", None);
        let retries = workload.pod.restart_policy.as_ref().filter(|policy| policy.value == "OnFailure");
        if let Some(policy) = retries {
            rewrite.note(
                "With restartPolicy: OnFailure the restarts of native sidecars count against backoffLimit: one that keeps \
                 failing can fail the Job.",
                Some(workload.place(policy.node, Part::Value)),
            );
        }
        if job.failure_rules.iter().any(|rule| rule.container.is_none() && rule.operator.is_some()) {
            rewrite.note(
                "A rule of podFailurePolicy on exit codes names no container, so it also looks at native sidecars, which \
                 may end with 137 or 143 when they are stopped. Name the container.",
                None,
            );
        }
    }
    let document = analysis.source.documents.get(workload.document as usize);
    let object = analysis.model.objects.get(workload.object);
    let has_status = document.zip(object).is_some_and(|(document, object)| {
        matches!(document.value(object.node).get("status").and_then(|status| status.node()), Some(Node::Mapping(_)))
    });
    if !workload.owners.is_empty() {
        let owner = workload.owners.first().map_or("", |(kind, _)| kind.as_str());
        rewrite.note(format!("This object was made by a {owner}: change that one, or the change is undone."), None);
    } else if workload.kind.as_deref() == Some("Pod") && has_status {
        rewrite.note("A running Pod cannot be changed like that: delete it and create it anew.", None);
    }
    if !workload.is_well_placed && workload.kind.is_some() {
        let title = workload.title();
        rewrite.note(format!("Whether restartPolicy reaches the Pod of {title} is up to what makes that Pod."), None);
    }
}
