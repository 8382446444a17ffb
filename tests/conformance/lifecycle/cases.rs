//! Single decisions.

use crate::section::items;
use serde_json::Value;
use sidecar_playground::release::Cluster;
use sidecar_playground::simulate::{
    Action, Behaviour, Condition, ContainerSpec, ContainerState, ContainerStatus, Kind, OnStop, PodSpec, ProbeSpec,
    Recorded, RestartPolicy, Sandbox, Scenario, Seen, Statuses, Stimulus, Sync, Termination, What, When, decide,
    simulate,
};

fn policy(case: &Value) -> RestartPolicy {
    RestartPolicy::parse(case["restart_policy"].as_str().unwrap_or_default()).unwrap_or_default()
}

fn pod(containers: Vec<ContainerSpec>, restart_policy: RestartPolicy) -> PodSpec {
    PodSpec { containers, restart_policy, grace: 30, active_deadline: None }
}

fn status(name: &Value) -> Result<Option<ContainerStatus>, String> {
    let Some(name) = name.as_str() else { return Ok(None) };
    let end = |exit_code| Termination { exit_code, reason: "reason".into() };
    let mut status = ContainerStatus::waiting("");
    status.state = match name {
        "running" | "running_started" => {
            status.is_started = true;
            ContainerState::Running
        }
        "running_not_started" => ContainerState::Running,
        "waiting_first" => return Ok(Some(status)),
        "waiting_last_exit_0" | "waiting_last_exit_nonzero" => {
            status.last = Some(end(i32::from(name.ends_with("nonzero"))));
            return Ok(Some(status));
        }
        "exit_0" | "terminated_0_no_code" => ContainerState::Terminated(end(0)),
        "exit_nonzero" => ContainerState::Terminated(end(1)),
        other => return Err(format!("an unknown state {other}")),
    };
    Ok(Some(status))
}

pub(crate) fn phase(case: &Value) -> Result<(), String> {
    let mut containers = vec![ContainerSpec::new("X", Kind::Sidecar)];
    let mut statuses = vec![status(&case["sidecar"])?];
    for regular in items(case, "regular") {
        containers.push(ContainerSpec::new("A", Kind::Regular));
        statuses.push(status(regular)?);
    }
    let of = Statuses {
        pod: &pod(containers, policy(case)),
        of: &statuses,
        is_over: case["pod_is_terminal"] == true,
        has_regular_started: case["regular_started_in_this_sandbox"] == true,
        cluster: &Cluster::default(),
    };
    let found = of.phase().id();
    if case["phase"] == found { Ok(()) } else { Err(format!("{found}, not {}", case["phase"])) }
}

fn seen(value: &Value) -> Result<Seen, String> {
    let state = if value.is_string() { value } else { &value["state"] };
    let code = i32::try_from(value["exit_code"].as_i64().unwrap_or_default()).unwrap_or_default();
    let record = match state.as_str() {
        None => None,
        Some("created") => Some(Recorded::Created),
        Some("running") => Some(Recorded::Running),
        Some("unknown") => Some(Recorded::Unknown),
        Some("exited") => Some(Recorded::Exited(code)),
        Some(exit) if exit.starts_with("exit_") => {
            Some(Recorded::Exited(exit.trim_start_matches("exit_").parse().map_err(|_| exit.to_owned())?))
        }
        Some(other) => return Err(format!("an unknown state {other}")),
    };
    let result = |key: &str| match value[key].as_str() {
        Some("success") => Some(true),
        Some("failure") => Some(false),
        _ => None,
    };
    let is_changed = value["image_changed"] == true;
    Ok(Seen { record, startup: result("startup"), liveness: result("liveness"), is_changed })
}

pub(crate) fn sync(case: &Value) -> Result<(), String> {
    let (sidecars, regular) = (items(case, "sidecars"), items(case, "regular"));
    let mut containers = Vec::new();
    for index in 0..sidecars.len() {
        let mut sidecar = ContainerSpec::new("sidecar", Kind::Sidecar);
        // The first one has no probes.
        let probe = (index > 0).then(ProbeSpec::default);
        (sidecar.startup, sidecar.liveness) = (probe, probe);
        containers.push(sidecar);
    }
    containers.extend(regular.iter().map(|_| ContainerSpec::new("regular", Kind::Regular)));
    let seen = sidecars.iter().chain(regular).map(seen).collect::<Result<Vec<_>, _>>()?;
    let sandbox = if case["sandbox_ready"] == false { Sandbox::Lost } else { Sandbox::Ready };
    let found = decide(Sync {
        pod: &pod(containers, policy(case)),
        seen: &seen,
        sandbox,
        is_restarting_all: false,
        cluster: &Cluster::default(),
    });
    let first = sidecars.len();
    let regular: Vec<usize> = found.start_regular.iter().map(|index| index - first).collect();
    let killed: Vec<usize> = found.kill.iter().map(|(index, _)| *index).collect();
    let found = serde_json::json!({
        "kill_pod": found.kill_pod,
        "create_sandbox": found.create_sandbox,
        "init_to_start": found.start_init,
        "init_to_kill": killed,
        "regular_to_start": regular,
    });
    let wanted = &case["actions"];
    if found == *wanted { Ok(()) } else { Err(format!("{found}, not {wanted}")) }
}

pub(crate) fn termination_order(case: &Value) -> Result<(), String> {
    let names = |key| items(case, key).iter().filter_map(Value::as_str);
    let containers: Vec<ContainerSpec> = names("sidecars")
        .map(|name| ContainerSpec::new(name, Kind::Sidecar))
        .chain(names("regular").map(|name| ContainerSpec::new(name, Kind::Regular)))
        .collect();
    let takes = &case["each_takes_s"];
    let behaviours = containers.iter().map(|container| {
        let seconds = takes.as_f64().or_else(|| takes[&container.name].as_f64()).unwrap_or_default();
        Behaviour { on_stop: OnStop::Ends { after: (seconds * 1000.0) as u64, code: None }, ..Behaviour::default() }
    });
    let scenario = Scenario {
        behaviours: behaviours.collect(),
        stimuli: vec![Stimulus { when: When::At(1000), action: Action::Delete(case["grace_s"].as_u64()) }],
        until: vec![Condition::Ended],
        horizon: 600_000,
    };
    let run = simulate(&pod(containers.clone(), RestartPolicy::Always), &scenario, &Cluster::default());
    for (name, wanted) in case["wait_s"].as_object().into_iter().flatten() {
        let index = containers.iter().position(|container| container.name == *name).ok_or("no such container")?;
        let signalled = run.first(|what| *what == What::Signalled(index)).ok_or("never signalled")?;
        let waited = (signalled - 1000) / 1000;
        if Some(waited) != wanted.as_u64() {
            return Err(format!("{name} waited {waited} s, not {wanted}"));
        }
    }
    Ok(())
}
