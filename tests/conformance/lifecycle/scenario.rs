//! A Pod from its creation to what is expected of it.

use crate::section::items;
use serde_json::Value;
use sidecar_playground::release::Cluster;
use sidecar_playground::simulate::{
    Action, Answer, Behaviour, Condition, ContainerSpec, ContainerState, HookRun, Kind, OnStop, Phase, PodSpec,
    ProbeSpec, Process, ProcessRun, Pull, RestartPolicy, RestartRule, RuleAction, Run, Scenario, Stimulus, What, When,
    simulate,
};

type Checked = Result<(), String>;

/// All runs of a scenario, one for each restart policy: id and result. None for one that needs more than we log.
pub(crate) fn runs(case: &Value) -> Vec<(String, Checked)> {
    let id = case["id"].as_str().unwrap_or("?");
    let logs_probes = case["expect"].to_string().contains("ness:");
    if logs_probes && case["simulatable"] != true {
        return Vec::new();
    }
    let policies = items(&case["pod"], "restart_policies").iter().filter_map(Value::as_str);
    policies.map(|policy| (format!("{id} ({policy})"), check(case, policy))).collect()
}

fn check(case: &Value, policy: &str) -> Checked {
    let names = Names(items(case, "containers").iter().filter_map(|own| own["name"].as_str()).collect());
    let restart_policy = RestartPolicy::parse(policy).ok_or("a restart policy")?;
    let grace = case["pod"]["termination_grace_period_s"].as_u64().unwrap_or(PodSpec::DEFAULT_GRACE);
    let active_deadline = case["pod"]["active_deadline_s"].as_u64();
    let containers = items(case, "containers").iter().map(container).collect();
    let pod = PodSpec { containers, restart_policy, grace, active_deadline };
    let expect = &case["expect"];
    let stimuli = items(case, "stimuli").iter().map(|one| stimulus(one, &names)).collect::<Result<_, _>>()?;
    let mut until = conditions(&expect["until"], &names)?;
    if !expect["final_phase"].is_null() {
        until.push(Condition::Ended);
    }
    // Long enough for seven crashes in a row; what has no end of its own is watched for a quarter of an hour.
    let longest = if until.is_empty() { 900_000 } else { 4_000_000 };
    let horizon = expect["run_for_s"].as_u64().map_or(longest, |seconds| seconds * 1000);
    let scenario = Scenario {
        behaviours: items(case, "containers").iter().map(behaviour).collect(),
        stimuli,
        until: until.clone(),
        horizon,
    };
    let run = simulate(&pod, &scenario, &Cluster::default());
    if run != simulate(&pod, &scenario, &Cluster::default()) {
        return Err("another run gave another result".to_owned());
    }
    Checker { expect, names: &names, run: &run, must_reach: !until.is_empty() }.check()
}

struct Names<'v>(Vec<&'v str>);

impl Names<'_> {
    fn get(&self, name: &str) -> Result<usize, String> {
        self.0.iter().position(|own| *own == name).ok_or_else(|| format!("no container {name}"))
    }

    /// `PreStop:app` is a hook of the container `app`.
    fn process(&self, name: &str) -> Result<(usize, Process), String> {
        match name.split_once(':') {
            Some(("PreStop", of)) => Ok((self.get(of)?, Process::PreStop)),
            Some(("PostStart", of)) => Ok((self.get(of)?, Process::PostStart)),
            _ => Ok((self.get(name)?, Process::Container)),
        }
    }
}

fn millis(value: &Value) -> Option<u64> {
    value.as_f64().map(|seconds| (seconds * 1000.0) as u64)
}

fn int(value: &Value) -> i32 {
    i32::try_from(value.as_i64().unwrap_or_default()).unwrap_or_default()
}

fn container(value: &Value) -> ContainerSpec {
    let kind = match value["kind"].as_str() {
        Some("init") => Kind::Init,
        Some("sidecar") => Kind::Sidecar,
        _ => Kind::Regular,
    };
    let mut container = ContainerSpec::new(value["name"].as_str().unwrap_or_default(), kind);
    if let Some(policy) = value["restart_policy"].as_str() {
        container.restart_policy = RestartPolicy::parse(policy);
    }
    let probe = |key: &str| {
        let value = &value[key];
        let default = ProbeSpec::default();
        let count = |key: &str, default| value[key].as_u64().map_or(default, |count| u32::try_from(count).unwrap());
        value.is_object().then(|| ProbeSpec {
            initial_delay: millis(&value["initial_delay_s"]).unwrap_or(default.initial_delay),
            period: millis(&value["period_s"]).unwrap_or(default.period),
            failure_threshold: count("failure_threshold", default.failure_threshold),
            success_threshold: count("success_threshold", default.success_threshold),
            grace: value["termination_grace_period_s"].as_u64(),
        })
    };
    container.startup = probe("startup_probe");
    container.liveness = probe("liveness_probe");
    container.readiness = probe("readiness_probe");
    container.has_post_start = value["post_start"].is_object();
    container.has_pre_stop = value["pre_stop"].is_object();
    container.rules = items(value, "restart_policy_rules")
        .iter()
        .map(|rule| RestartRule {
            action: match rule["action"].as_str() {
                Some("RestartAllContainers") => RuleAction::RestartAllContainers,
                _ => RuleAction::Restart,
            },
            is_in: rule["exitCodes"]["operator"] != "NotIn",
            exit_codes: items(&rule["exitCodes"], "values").iter().map(int).collect(),
        })
        .collect();
    container
}

fn behaviour(value: &Value) -> Behaviour {
    let own = ProcessRun { lasts: millis(&value["run_s"]), exit_code: int(&value["exit_code"]) };
    let runs: Vec<ProcessRun> = items(value, "runs")
        .iter()
        .map(|run| ProcessRun { lasts: millis(&run["run_s"]), exit_code: int(&run["exit_code"]) })
        .collect();
    let answer = |key: &str| match value[key]["result"].as_str() {
        Some("fail") => Answer::Failure,
        Some("success_when_started") => Answer::WhenUp,
        _ => Answer::Success,
    };
    let hook = |key: &str| HookRun {
        start_delay: millis(&value[key]["start_delay_s"]).unwrap_or_default(),
        lasts: millis(&value[key]["run_s"]),
        exit_code: int(&value[key]["exit_code"]),
        waits_for: None,
    };
    Behaviour {
        runs: if runs.is_empty() { vec![own] } else { runs },
        start_delay: millis(&value["start_delay_s"]).unwrap_or_default(),
        on_stop: match value["ignores_sigterm"] == true {
            true => OnStop::Ignores,
            false => OnStop::Ends { after: millis(&value["sigterm_s"]).unwrap_or_default(), code: None },
        },
        pull: if value["image"] == "unpullable" { Pull::Fails } else { Pull::Takes(0) },
        startup: answer("startup_probe"),
        readiness: answer("readiness_probe"),
        liveness: answer("liveness_probe"),
        ended_by: None,
        post_start: hook("post_start"),
        pre_stop: hook("pre_stop"),
    }
}

fn conditions(value: &Value, names: &Names<'_>) -> Result<Vec<Condition>, String> {
    let mut found = Vec::new();
    for (key, value) in value.as_object().into_iter().flatten() {
        let name = || names.get(value.as_str().unwrap_or_default());
        let entries = || value.as_object().into_iter().flatten();
        match key.as_str() {
            "phase" => {
                let phase = value.as_str().and_then(Phase::parse).ok_or("a phase")?;
                found.push(Condition::Phase(phase));
            }
            "pod_ready" => found.push(Condition::Ready),
            "container_started" => found.push(Condition::Up(name()?)),
            "container_running" => found.push(Condition::Running(name()?)),
            "container_running_not_started" => found.push(Condition::RunningNotStarted(name()?)),
            "restart_count" => {
                for (name, count) in entries() {
                    let count = u32::try_from(count.as_u64().unwrap_or_default()).unwrap_or_default();
                    found.push(Condition::Restarts(names.get(name)?, count));
                }
            }
            "waiting_reason" => {
                for (name, reason) in entries() {
                    let reason = reason.as_str().unwrap_or_default().to_owned();
                    found.push(Condition::Waits(names.get(name)?, reason));
                }
            }
            other => return Err(format!("an unknown condition {other}")),
        }
    }
    Ok(found)
}

fn stimulus(value: &Value, names: &Names<'_>) -> Result<Stimulus, String> {
    let when = &value["when"];
    let when = match millis(&when["after_previous_s"]) {
        Some(time) => When::After(time),
        None => When::All(conditions(when, names)?),
    };
    let container = || names.get(value["container"].as_str().unwrap_or_default());
    let action = value["action"].as_str().unwrap_or_default();
    let action = match action.split('|').next().unwrap_or_default() {
        "delete_pod" => Action::Delete(value["grace_s"].as_u64()),
        "set_image" => Action::SetImage(container()?),
        "node_reboot" => Action::Reboot,
        "kubelet_restart" => Action::KubeletRestart,
        "signal" => Action::Exit(container()?, int(&value["exit_code"])),
        other => return Err(format!("an unknown action {other}")),
    };
    Ok(Stimulus { when, action })
}

/// What a container or hook did, as the vectors count it.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Starting,
    Started,
    Exiting,
}

struct Checker<'a> {
    expect: &'a Value,
    names: &'a Names<'a>,
    run: &'a Run,
    must_reach: bool,
}

impl Checker<'_> {
    fn marks(&self, name: &str) -> Result<Vec<(usize, u64, Mark)>, String> {
        let (index, process) = self.names.process(name)?;
        let mark = |what: &What| match what {
            What::Starting(of, own) if (*of, *own) == (index, process) => Some(Mark::Starting),
            What::Up(of, own) if (*of, *own) == (index, process) => Some(Mark::Started),
            What::Exited(of, own, _) if (*of, *own) == (index, process) => Some(Mark::Exiting),
            _ => None,
        };
        let entries = self.run.log.iter().enumerate();
        Ok(entries.filter_map(|(at, entry)| Some((at, entry.at, mark(&entry.what)?))).collect())
    }

    fn all(&self, name: &str, mark: Mark) -> Result<Vec<usize>, String> {
        Ok(self.marks(name)?.into_iter().filter(|(.., own)| *own == mark).map(|(at, ..)| at).collect())
    }

    fn check(&self) -> Checked {
        if self.must_reach && self.run.reached.is_none() {
            return Err(format!("never got there: {} after {} s", self.run.phase().id(), self.run.end / 1000));
        }
        let found = self.run.phase().id();
        let fits = |value: &Value| value.as_str().is_none_or(|wanted| wanted.split('|').any(|one| one == found));
        for key in ["final_phase", "phase_at_end"] {
            if !fits(&self.expect[key]) {
                return Err(format!("{key} {found}, not {}", self.expect[key]));
            }
        }
        self.check_phases()?;
        self.check_containers()?;
        self.check_deletion()?;
        for timing in items(self.expect, "timing") {
            self.check_timing(timing)?;
        }
        for assertion in items(self.expect, "assert") {
            let words: Vec<&Value> = assertion.as_array().into_iter().flatten().collect();
            if !self.holds(&words)? {
                return Err(format!("does not hold: {assertion}"));
            }
        }
        Ok(())
    }

    fn check_phases(&self) -> Checked {
        let all = |wanted: &Value, until: u64| {
            let Some(wanted) = wanted.as_str() else { return Ok(()) };
            let moments = self.run.moments.iter().take_while(|moment| moment.at < until);
            let other = moments.map(|moment| moment.phase.id()).find(|phase| *phase != wanted);
            other.map_or(Ok(()), |other| Err(format!("was {other}, not always {wanted}")))
        };
        all(&self.expect["phase_always"], u64::MAX)?;
        all(&self.expect["phase_until_delete"], self.run.ending.map_or(u64::MAX, |ending| ending.at))
    }

    fn check_containers(&self) -> Checked {
        let entries = |key: &str| self.expect[key].as_object().into_iter().flatten();
        for (name, wanted) in entries("terminated") {
            let status = self.run.statuses.get(self.names.get(name)?).ok_or("a status")?;
            let ContainerState::Terminated(end) = &status.state else {
                return Err(format!("{name} is {:?}", status.state));
            };
            if wanted["exit_code"] != end.exit_code || wanted["reason"] != *end.reason {
                return Err(format!("{name} ended with {} {}, not {wanted}", end.exit_code, end.reason));
            }
        }
        let count = |name: &str| -> Result<u64, String> {
            Ok(self.run.statuses.get(self.names.get(name)?).map_or(0, |status| u64::from(status.restart_count)))
        };
        for (name, wanted) in entries("restart_count_at_end") {
            if Some(count(name)?) != wanted.as_u64() {
                return Err(format!("{name} was restarted {} times, not {wanted}", count(name)?));
            }
        }
        for (name, wanted) in entries("restart_count_at_least") {
            if Some(count(name)?) < wanted.as_u64() {
                return Err(format!("{name} was restarted {} times, not at least {wanted}", count(name)?));
            }
        }
        Ok(())
    }

    fn check_deletion(&self) -> Checked {
        let Some(within) = millis(&self.expect["deleted_within_s_after_delete"]) else { return Ok(()) };
        let ending = self.run.ending.ok_or("never deleted")?;
        let took = ending.over.ok_or("still there")? - ending.at;
        if took <= within { Ok(()) } else { Err(format!("gone after {took} ms, not within {within}")) }
    }

    fn check_timing(&self, timing: &Value) -> Checked {
        let of = &timing["of"];
        let names: Vec<&str> = match of.as_str() {
            Some(name) => vec![name],
            None => of.as_array().into_iter().flatten().filter_map(Value::as_str).collect(),
        };
        let first = |name: &str, wanted: Mark| -> Result<u64, String> {
            let marks = self.marks(name)?;
            let (index, process) = self.names.process(name)?;
            // A process that is killed logs nothing, but its end can be measured.
            let killed = || self.run.first(|what| *what == What::Killed(index, process));
            let found = marks.iter().find(|(.., mark)| *mark == wanted).map(|(_, at, _)| *at);
            let found = found.or_else(|| killed().filter(|_| wanted == Mark::Exiting));
            found.ok_or_else(|| format!("{name}: no such event"))
        };
        let skew = |mark| -> Result<u64, String> {
            let times = names.iter().map(|name| first(name, mark)).collect::<Result<Vec<_>, _>>()?;
            Ok(times.iter().max().copied().unwrap_or_default() - times.iter().min().copied().unwrap_or_default())
        };
        let name = names.first().copied().unwrap_or_default();
        let measured = match timing["measure"].as_str().unwrap_or_default() {
            "lifetime" => first(name, Mark::Exiting)? - first(name, Mark::Started)?,
            "start_skew" => skew(Mark::Started)?,
            "end_skew" => skew(Mark::Exiting)?,
            "exit_after_delete" => first(name, Mark::Exiting)? - self.run.ending.ok_or("never deleted")?.at,
            other => return Err(format!("an unknown measure {other}")),
        };
        let tolerance = millis(&timing["tolerance_s"]).unwrap_or_default();
        let is_about = millis(&timing["about_s"]).is_none_or(|about| measured.abs_diff(about) <= tolerance);
        let is_most = millis(&timing["max_s"]).is_none_or(|most| measured <= most);
        let is_least = millis(&timing["min_s"]).is_none_or(|least| measured >= least);
        if is_about && is_most && is_least { Ok(()) } else { Err(format!("{measured} ms: {timing}")) }
    }

    fn holds(&self, words: &[&Value]) -> Result<bool, String> {
        let word = |at: usize| words.get(at).and_then(|word| word.as_str()).unwrap_or_default();
        let (a, b) = (word(1), word(2));
        let nth = |name: &str, number: &Value| -> Result<Option<usize>, String> {
            let number = usize::try_from(number.as_u64().unwrap_or(1)).unwrap_or(1);
            Ok(self.all(name, Mark::Started)?.get(number.saturating_sub(1)).copied())
        };
        let after =
            |first: Vec<usize>, later: Vec<usize>| first.first().is_some_and(|first| later.iter().any(|at| at > first));
        Ok(match word(0) {
            "not" => !self.holds(words.get(1..).unwrap_or_default())?,
            "starts" => !self.all(a, Mark::Started)?.is_empty(),
            "never_starts" => self.all(a, Mark::Started)?.is_empty(),
            "exits" => !self.all(a, Mark::Exiting)?.is_empty(),
            "restarted" => self.all(a, Mark::Starting)?.len() >= 2,
            "not_restarted" => self.all(a, Mark::Starting)?.len() == 1,
            "starts_before" => after(self.all(a, Mark::Started)?, self.all(b, Mark::Starting)?),
            "exits_before" => after(self.all(a, Mark::Exiting)?, self.all(b, Mark::Exiting)?),
            "exits_before_start" => {
                let (exit, start) = (self.all(a, Mark::Exiting)?, self.all(b, Mark::Starting)?);
                matches!((exit.first(), start.first()), (Some(exit), Some(start)) if exit < start)
            }
            "run_together_first" => self.run_together(a, b)?,
            "run_together" => self.run_together(a, b)? || self.run_together(b, a)?,
            "nth_started_before" => {
                let numbers = (words.get(2), words.get(4));
                let (Some(n), Some(m)) = numbers else { return Err("two numbers".to_owned()) };
                let pair = (nth(a, n)?, nth(word(3), m)?);
                matches!(pair, (Some(first), Some(second)) if first < second)
            }
            other => return Err(format!("an unknown operator {other}")),
        })
    }

    fn run_together(&self, a: &str, b: &str) -> Result<bool, String> {
        let Some(start) = self.all(a, Mark::Started)?.first().copied() else { return Ok(false) };
        let exit = self.all(a, Mark::Exiting)?.into_iter().find(|at| *at > start).unwrap_or(usize::MAX);
        let began = self.all(b, Mark::Started)?.into_iter().find(|at| *at > start && *at < exit);
        let Some(began) = began else { return Ok(false) };
        Ok(self.all(b, Mark::Exiting)?.into_iter().any(|at| at > began))
    }
}
