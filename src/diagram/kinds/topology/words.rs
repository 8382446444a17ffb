//! What boxes and arrows say.

use crate::category::Category;
use crate::detect::around::around;
use crate::detect::injection::Injected;
use crate::detect::{Direction, Role, Verdict};
use crate::diagram::EdgeKind;
use crate::form::{Form, Placement, Written};
use crate::model::{Container, Model, Port, ProbeKind, ServicePort, Workload};

/// `native sidecar · log shipper`.
pub(in crate::diagram::kinds) fn subtitle(role: Role, category: Option<Category>) -> String {
    match category {
        Some(category) if role.is_sidecar() => format!("{} · {}", role.label(), category.label()),
        _ => role.label().to_owned(),
    }
}

/// For a container that stands elsewhere in the manifest.
pub(super) fn moved(role: Role) -> &'static str {
    if role == Role::NativeSidecar { "moved to initContainers" } else { "moved to containers" }
}

/// Image and ports; for a Compose service also what it waits for.
pub(in crate::diagram::kinds) fn details(container: &Container) -> Vec<String> {
    let mut details = Vec::new();
    if let Some(image) = &container.image {
        details.push(image.value.short());
    }
    let ports = container.ports.iter().map(|port| match (&port.name, port.host_port) {
        (_, Some(host)) => format!(":{host}→{}", port.port),
        (Some(name), None) => format!(":{} {name}", port.port),
        (None, None) => format!(":{}", port.port),
    });
    let ports: Vec<String> = ports.collect();
    if !ports.is_empty() {
        details.push(ports.join("  "));
    }
    if let Some(part) = &container.compose {
        let after = part.depends_on.iter().map(|(name, condition)| match condition.as_deref() {
            Some("service_healthy") => format!("{} is healthy", name.value),
            Some("service_completed_successfully") => format!("{} has ended", name.value),
            _ => name.value.clone(),
        });
        let after: Vec<String> = after.collect();
        if !after.is_empty() {
            details.push(format!("after {}", after.join(", ")));
        }
    }
    details
}

/// What has to happen to an init entry before the next one starts (facts 2.2, 2.3 and 2.4).
pub(super) fn waits_for(workload: &Workload, verdicts: &[Verdict], index: usize) -> &'static str {
    let Some(container) = workload.pod.containers.get(index) else { return "then" };
    let is_sidecar = verdicts.get(index).is_some_and(|verdict| verdict.role.is_sidecar());
    if !is_sidecar {
        return "once it has finished";
    }
    match (container.probe(ProbeKind::Startup).is_some(), container.lifecycle.post_start.is_some()) {
        (true, _) => "once its startup probe passes",
        (false, true) => "once its postStart hook is done",
        (false, false) => "once it is started",
    }
}

/// What a Compose service waits for in another one.
pub(in crate::diagram::kinds) fn after(condition: Option<&str>) -> &'static str {
    match condition {
        Some("service_healthy") => "after healthy",
        Some("service_completed_successfully") => "after it ended",
        _ => "after",
    }
}

/// `Service :443→https`.
pub(in crate::diagram::kinds) fn service(ports: &[ServicePort]) -> String {
    let label = |port: &ServicePort| {
        let number = port.port?.to_string();
        Some(if port.target == number { format!(":{number}") } else { format!(":{number}→{}", port.target) })
    };
    let numbers: Vec<String> = ports.iter().filter_map(label).collect();
    format!("Service {}", numbers.join(" ")).trim_end().to_owned()
}

/// The container that declares the target port of a Service.
pub(in crate::diagram::kinds) fn owner(workload: &Workload, target: &str) -> Option<usize> {
    let is_it = |own: &Port| own.port.to_string() == target || own.name.as_deref() == Some(target);
    workload.pod.containers.iter().position(|container| container.ports.iter().any(is_it))
}

/// The arrow of a mount.
pub(in crate::diagram::kinds) fn mount(direction: Direction) -> EdgeKind {
    match direction {
        Direction::Reads => EdgeKind::Reads,
        Direction::Writes => EdgeKind::Writes,
        Direction::Shares => EdgeKind::Shares,
    }
}

/// What is special about the Pod as a whole.
pub(super) fn pod_note(workload: &Workload, model: &Model) -> String {
    let mut notes = Vec::new();
    if workload.pod.share_process_namespace {
        notes.push("one process namespace".to_owned());
    }
    if workload.pod.host_network {
        notes.push("network of the node".to_owned());
    }
    let objects =
        around(workload, model).into_iter().filter_map(|around| Some((model.objects.get(around.object)?, around.how)));
    let tls = objects.filter(|(object, _)| object.kind.as_deref() == Some("PeerAuthentication"));
    notes.extend(tls.map(|(object, how)| format!("{} {how}", object.title())));
    notes.join(", ")
}

/// What starts when, and how that relates to the manifest, in two sentences.
pub(super) fn summary(
    workload: &Workload,
    placement: &Placement,
    verdicts: &[Verdict],
    added: &[Injected],
    form: Option<Form>,
) -> String {
    let name = |index: &usize| workload.pod.containers.get(*index).map_or("", Container::display_name);
    let is_native = |injected: &&Injected| form.map_or(injected.is_native, |form| form == Form::Native);
    let (native, traditional): (Vec<&Injected>, Vec<&Injected>) = added.iter().partition(is_native);
    let mut init: Vec<&str> = placement.init.iter().map(name).collect();
    let mut regular: Vec<&str> = placement.regular.iter().map(name).collect();
    init.splice(0..0, native.iter().map(|injected| injected.injector.container)).for_each(drop);
    regular.extend(traditional.iter().map(|injected| injected.injector.container));
    let written = Written::of(verdicts);
    let note = match (written, form.is_none_or(|form| written.is(form))) {
        (Written::Neither, _) if form.is_none() && added.is_empty() => " There is no sidecar.",
        (Written::Neither, _) if workload.pod.containers.len() == regular.len() + init.len() => {
            " There is no sidecar, so both forms are the same."
        }
        (Written::Neither, _) => " The manifest does not show the helper that will be added.",
        (_, true) => " This is how the manifest is written.",
        (_, false) => " This is the same Pod in the other form.",
    };
    start(&init, &regular) + note
}

fn start(init: &[&str], regular: &[&str]) -> String {
    let together = match regular {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    };
    let jointly = if regular.len() > 1 { " together" } else { "" };
    match (init, regular) {
        ([], [_]) => format!("{together} starts."),
        ([], _) => format!("{together} start together."),
        (init, []) => format!("{} starts first.", init.join(", then ")),
        ([first, rest @ ..], _) => {
            let rest: String = rest.iter().map(|name| format!(", then {name}")).collect();
            format!("{first} starts first{rest}, then {together}{jointly}.")
        }
    }
}
