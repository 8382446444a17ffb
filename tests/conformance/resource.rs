//! Requests, limits, QoS classes, OOM scores, and the columns of kubectl.

use crate::section::{Section, items, load};
use serde_json::Value;
use sidecar_playground::quantity::Quantity;
use sidecar_playground::release::Cluster;
use sidecar_playground::resources::{Amounts, Claim, ClaimStatus, Counting, Part, PodResources};
use sidecar_playground::simulate::{
    ContainerSpec, ContainerState, ContainerStatus, Kind, Phase, PodLine, PodSpec, RestartPolicy, Termination, columns,
};
use std::path::Path;

pub(crate) fn run(folder: &Path) -> Vec<Section> {
    let Some(file) = load(folder, "resource.json") else { return Vec::new() };
    let with_id = |case: &Value| case["id"].as_str().unwrap_or("?").to_owned();
    let each = |name, key, run: fn(&Value) -> Result<(), String>| {
        Section::of(name, items(&file, key).iter().map(|case| (with_id(case), run(case))))
    };
    vec![
        each("requests, limits and QoS", "cases", resources_case),
        each("OOM scores", "oom_cases", oom_case),
        each("columns of kubectl", "kubectl_column_cases", column_case),
    ]
}

fn amounts(value: &Value) -> Amounts {
    let entries = value.as_object().into_iter().flatten();
    let amount = |text: &Value| match text {
        Value::String(text) => Quantity::parse(text).expect("a quantity"),
        other => Quantity::parse(&other.to_string()).expect("a quantity"),
    };
    entries.map(|(name, value)| (name.clone(), amount(value))).collect()
}

fn claims(pod: &Value) -> Vec<Claim> {
    let claim = |value: &Value, part, statuses: &Value| {
        let resources = if value["resources"].is_object() { &value["resources"] } else { value };
        let name = value["name"].as_str().unwrap_or_default().to_owned();
        let own = statuses.as_array().into_iter().flatten().find(|status| status["name"] == value["name"]);
        let status = own.map(|status| ClaimStatus {
            allocated: amounts(&status["allocated"]),
            requests: amounts(&status["actual"]["requests"]),
            limits: amounts(&status["actual"]["limits"]),
        });
        Claim { name, part, requests: amounts(&resources["requests"]), limits: amounts(&resources["limits"]), status }
    };
    let init = items(pod, "init").iter().map(|value| {
        let part = if value["native_sidecar"] == true { Part::Sidecar } else { Part::Init };
        claim(value, part, &pod["status"]["init"])
    });
    let regular = items(pod, "regular").iter().map(|value| claim(value, Part::Regular, &pod["status"]["regular"]));
    init.chain(regular).collect()
}

fn pod_resources(pod: &Value) -> PodResources {
    let conditions = items(&pod["status"], "conditions");
    PodResources {
        claims: claims(pod),
        overhead: amounts(&pod["overhead"]),
        pod_requests: amounts(&pod["pod_level"]["requests"]),
        pod_limits: amounts(&pod["pod_level"]["limits"]),
        is_resize_infeasible: conditions
            .iter()
            .any(|condition| condition["type"] == "PodResizePending" && condition["reason"] == "Infeasible"),
    }
}

fn resources_case(case: &Value) -> Result<(), String> {
    let cluster = Cluster::default();
    let mut pod = pod_resources(&case["pod"]);
    if case["apply_api_defaults"] == true {
        pod = pod.with_defaults(&cluster);
    }
    let option = |name: &str| case["options"][name] == true;
    let bare = option("aggregate_containers_only");
    let counting = Counting {
        overhead: !option("exclude_overhead") && !bare,
        pod_level: !option("skip_pod_level_resources") && !bare,
        status: option("use_status_resources"),
    };
    let expect = &case["expect"];
    let compare = |what: &str, value: &Value, found: Amounts| {
        let wanted = amounts(value);
        let is_same = |name: &String| {
            let zero = Quantity::new(0);
            wanted.get(name).unwrap_or(&zero) == found.get(name).unwrap_or(&zero)
        };
        let all_same = wanted.keys().chain(found.keys()).all(is_same);
        if all_same { Ok(()) } else { Err(format!("{what}: {found:?}, not {wanted:?}")) }
    };
    if expect["requests"].is_object() {
        compare("requests", &expect["requests"], pod.requests(counting))?;
    }
    if expect["limits"].is_object() {
        compare("limits", &expect["limits"], pod.limits(counting))?;
    }
    let level = &expect["pod_level_after_defaults"];
    if level.is_object() {
        compare("pod-level requests", &level["requests"], pod.pod_requests.clone())?;
        compare("pod-level limits", &level["limits"], pod.pod_limits.clone())?;
    }
    match expect["qos"].as_str() {
        Some(wanted) if wanted != pod.qos(&cluster).id() => {
            Err(format!("QoS class {}, not {wanted}", pod.qos(&cluster).id()))
        }
        _ => Ok(()),
    }
}

fn oom_case(case: &Value) -> Result<(), String> {
    let cluster = Cluster::default();
    let pod = pod_resources(if case["pod"].is_object() { &case["pod"] } else { case });
    let memory = Quantity::parse(case["node_memory"].as_str().unwrap_or("10Gi")).ok_or("a quantity")?;
    let memory = i64::try_from(memory.value()).unwrap_or(i64::MAX);
    let wanted = case["expect"]["oom_score_adj"].as_object().or_else(|| case["expect"].as_object());
    for (name, score) in wanted.into_iter().flatten() {
        let claim = pod.claims.iter().find(|claim| claim.name == *name).ok_or("no such container")?;
        let found = pod.oom_score(claim, memory, &cluster);
        if Some(found) != score.as_i64() {
            return Err(format!("{name}: {found}, not {score}"));
        }
    }
    Ok(())
}

fn termination(value: &Value) -> Option<Termination> {
    let exit_code = i32::try_from(value["exitCode"].as_i64()?).ok()?;
    Some(Termination { exit_code, reason: value["reason"].as_str().unwrap_or_default().to_owned().into() })
}

fn status(value: &Value) -> ContainerStatus {
    let state = &value["state"];
    let state = match termination(&state["terminated"]) {
        Some(end) => ContainerState::Terminated(end),
        None if state["running"].is_object() => ContainerState::Running,
        None => ContainerState::Waiting(state["waiting"]["reason"].as_str().unwrap_or_default().to_owned().into()),
    };
    ContainerStatus {
        state,
        last: termination(&value["lastState"]["terminated"]),
        restart_count: u32::try_from(value["restartCount"].as_u64().unwrap_or_default()).unwrap_or_default(),
        is_started: value["started"] == true,
        is_ready: value["ready"] == true,
    }
}

fn column_case(case: &Value) -> Result<(), String> {
    let init = items(case, "init").iter().map(|value| {
        let kind = if value["native_sidecar"] == true { Kind::Sidecar } else { Kind::Init };
        (value, kind)
    });
    let all = init.chain(items(case, "regular").iter().map(|value| (value, Kind::Regular)));
    let (containers, statuses): (Vec<_>, Vec<_>) = all
        .map(|(value, kind)| {
            (ContainerSpec::new(value["name"].as_str().unwrap_or_default(), kind), status(&value["status"]))
        })
        .unzip();
    let pod = PodSpec { containers, restart_policy: RestartPolicy::Always, grace: 30, active_deadline: None };
    let line = PodLine {
        phase: Phase::parse(case["phase"].as_str().unwrap_or_default()).ok_or("a phase")?,
        reason: case["reason"].as_str(),
        is_initialized: case["initialized_condition"] == true,
        is_ready: case["ready_condition"] == true,
        is_deleted: case["deleted"] == true,
    };
    let found = columns(&pod, &statuses, line);
    let found = [format!("{}/{}", found.ready, found.total), found.status, found.restarts.to_string()];
    let expect = &case["expect"];
    for (name, found) in ["READY", "STATUS", "RESTARTS"].iter().zip(&found) {
        // How long ago the last restart was stands behind the number.
        let wanted = expect[*name].as_str().unwrap_or_default();
        let wanted = if *name == "RESTARTS" { wanted.split(' ').next().unwrap_or_default() } else { wanted };
        if wanted != found {
            return Err(format!("{name} {found}, not {wanted}"));
        }
    }
    Ok(())
}
