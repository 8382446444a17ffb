//! One container: what the manifest says of it, and what it will likely do.

use super::command::{Runs, read};
use super::runs_to_completion;
use crate::catalogue::{self, entry};
use crate::category::Category;
use crate::detect::Verdict;
use crate::detect::ending::Ender;
use crate::model::{Container, ContainerField, Handler, Located, Probe, ProbeKind, Workload};
use crate::release::{Cluster, Feature};
use crate::simulate::{
    Answer, Behaviour, ContainerSpec, EndedBy, HookRun, Kind, OnStop, ProbeSpec, ProcessRun, Pull, RestartPolicy,
    RestartRule, RuleAction,
};

/// Times that are assumed, in milliseconds.
const PULL: u64 = 1000;
const INIT_LASTS: u64 = 3000;
const WORK_LASTS: u64 = 20_000;
const APP_COMES_UP: u64 = 2000;
const HELPER_COMES_UP: u64 = 1000;
const APP_STOPS: u64 = 3000;
const HELPER_STOPS: u64 = 1000;
/// Mesh proxies let open connections end; Istio's waits five seconds.
const PROXY_DRAINS: u64 = 5000;
const HOOK_LASTS: u64 = 1000;
/// Where Istio's proxy answers whether it is ready.
const ISTIO_PORTS: &[i64] = &[15000, 15020, 15021];

/// A container in its place.
#[derive(Clone)]
pub(super) struct Entry<'a> {
    pub(super) container: &'a Container,
    pub(super) verdict: Option<&'a Verdict>,
    pub(super) kind: Kind,
    pub(super) workload: &'a Workload,
    /// The container that ends it by hand.
    pub(super) ended_by: Option<Ender>,
    /// Whether its image is one that an injector was to replace, and none does.
    pub(super) is_placeholder: bool,
}

impl Entry<'_> {
    pub(super) fn spec(&self, cluster: &Cluster) -> ContainerSpec {
        let mut spec = ContainerSpec::new(self.container.display_name(), self.kind);
        // Plain init containers have neither probes nor hooks.
        if self.kind != Kind::Init {
            let probe = |kind| self.container.probe(kind).map(probe);
            spec.startup = probe(ProbeKind::Startup);
            spec.readiness = probe(ProbeKind::Readiness);
            spec.liveness = probe(ProbeKind::Liveness);
            spec.has_post_start = self.container.lifecycle.post_start.is_some();
            spec.has_pre_stop = self.container.lifecycle.pre_stop.is_some();
        }
        if cluster.has(Feature::ContainerRestartRules) && self.kind != Kind::Sidecar {
            let own = self.container.restart_policy.as_ref().filter(|_| !self.container.is_native_sidecar());
            spec.restart_policy = own.and_then(|policy| RestartPolicy::parse(&policy.value));
        }
        let rules = self.container.restart_rules.iter().filter_map(|rule| {
            let action = match rule.action.as_str() {
                "Restart" => RuleAction::Restart,
                "RestartAllContainers" => RuleAction::RestartAllContainers,
                _ => return None,
            };
            let exit_codes = rule.exit_codes.iter().filter_map(|code| i32::try_from(*code).ok()).collect();
            Some(RestartRule { action, is_in: rule.operator != "NotIn", exit_codes })
        });
        spec.rules = rules.collect();
        spec
    }

    /// What the container will likely do, and what of that was assumed.
    pub(super) fn behaviour(&self) -> (Behaviour, Vec<String>) {
        let words: Vec<&str> = self.container.words().map(|word| word.value.as_str()).collect();
        let command = read(&words);
        let is_helper = self.verdict.is_some_and(|verdict| verdict.role.is_sidecar());
        let is_sidecar = is_helper && self.kind != Kind::Init;
        let is_work = runs_to_completion(self.workload) && self.kind == Kind::Regular && !is_sidecar;
        let category = self.verdict.and_then(|verdict| verdict.category);
        let mut said = Vec::new();
        let lasts = match command.runs {
            Runs::For(time) => {
                said.push(format!("ends by itself after {} s, as its command says", time / 1000));
                Some(time)
            }
            Runs::ForEver => None,
            Runs::Unknown if command.waits_for_localhost && self.kind == Kind::Init && !self.follows_a_sidecar() => {
                said.push("waits for an address of its own Pod, where nothing answers yet".to_owned());
                None
            }
            // Meant as a sidecar, but not one to this release.
            Runs::Unknown if self.kind == Kind::Init && (self.container.is_native_sidecar() || is_helper) => None,
            Runs::Unknown if self.kind == Kind::Init && self.is_endless_helper() => {
                said.push("is a helper that never ends by itself, so nothing behind it starts".to_owned());
                None
            }
            Runs::Unknown if self.kind == Kind::Init => {
                said.push(format!("completes after {} s", INIT_LASTS / 1000));
                Some(INIT_LASTS)
            }
            Runs::Unknown if self.ended_by.as_ref().is_some_and(|by| by.file.is_some()) => None,
            Runs::Unknown if is_work || (is_sidecar && category == Some(Category::Backup) && self.is_job()) => {
                said.push(format!("does its work in {} s and ends with code 0", WORK_LASTS / 1000));
                Some(WORK_LASTS)
            }
            Runs::Unknown => None,
        };
        let ender = self.ended_by.as_ref().filter(|_| lasts.is_none());
        match ender.and_then(|by| Some((by, self.workload.pod.containers.get(by.container)?.display_name()))) {
            Some((Ender { file: Some(file), .. }, name)) => said.push(format!("ends when {name} has written {file}")),
            Some((Ender { needs_success: true, .. }, name)) => {
                said.push(format!("is asked to stop by {name} when that has ended with code 0"));
            }
            Some((_, name)) => said.push(format!("is asked to stop by {name} when that has done its work")),
            None if lasts.is_none() && self.kind != Kind::Init => said.push("runs until it is stopped".to_owned()),
            None => {}
        }
        let start_delay = match self.kind {
            Kind::Init => 0,
            _ if matches!(command.runs, Runs::For(_)) => 0,
            _ if is_sidecar => HELPER_COMES_UP,
            _ => APP_COMES_UP,
        };
        if start_delay > 0 {
            said.push(format!("is up {} s after its start", start_delay / 1000));
        }
        let (on_stop, how) = self.on_stop(command.is_deaf, is_sidecar, category);
        said.push(how);
        if self.is_placeholder {
            said.push("has the image auto, which nothing replaces: it cannot be pulled".to_owned());
        }
        let startup = match self.asks_a_later_one() {
            Some(later) => {
                said.push(format!("asks {later} in its startup probe, which starts only when that has passed"));
                Answer::Failure
            }
            None => Answer::WhenUp,
        };
        let hook = |hook: &Option<Located<Option<Handler>>>| {
            let handler = hook.as_ref().and_then(|hook| hook.value.as_ref());
            HookRun { lasts: Some(hook_lasts(handler)), ..HookRun::default() }
        };
        let lifecycle = &self.container.lifecycle;
        let waits_for = self.hook_waits_for();
        if let Some(other) = waits_for.and_then(|index| self.workload.pod.containers.get(index)) {
            let whom = if other.node == self.container.node { "it" } else { other.display_name() };
            said.push(format!("has a postStart hook that waits until {whom} answers"));
        }
        let behaviour = Behaviour {
            runs: vec![ProcessRun { lasts, exit_code: 0 }],
            start_delay,
            on_stop,
            pull: if self.is_placeholder { Pull::Fails } else { Pull::Takes(PULL) },
            startup,
            ended_by: ender.map(|by| EndedBy { container: by.container, needs_success: by.needs_success }),
            post_start: HookRun { waits_for, ..hook(&lifecycle.post_start) },
            pre_stop: hook(&lifecycle.pre_stop),
            ..Behaviour::default()
        };
        (behaviour, said)
    }

    /// The container whose answer its `postStart` hook waits for, by its index in the workload: the one with that port, or
    /// the mesh proxy behind Istio's well-known ones, or itself.
    fn hook_waits_for(&self) -> Option<usize> {
        let Some(Some(Handler::Exec(words))) = self.container.lifecycle.post_start.as_ref().map(|hook| &hook.value)
        else {
            return None;
        };
        let command = read(&words.iter().map(String::as_str).collect::<Vec<_>>());
        if !command.waits_for_localhost || self.kind == Kind::Init {
            return None;
        }
        let containers = || self.workload.pod.containers.iter().enumerate();
        let port = i64::from(command.port);
        let listens = |container: &Container| container.ports.iter().any(|own| own.port == port);
        let is_proxy = |container: &Container| container.display_name() == "istio-proxy";
        let own = containers().find(|(_, other)| other.node == self.container.node);
        let proxy = || containers().find(|(_, other)| is_proxy(other) && ISTIO_PORTS.contains(&port));
        let other = own.filter(|(_, own)| listens(own)).or_else(|| containers().find(|(_, other)| listens(other)));
        other.or_else(proxy).or(own).map(|(index, _)| index)
    }

    fn is_job(&self) -> bool {
        runs_to_completion(self.workload)
    }

    /// The container that its startup probe asks, when Kubernetes starts that one only afterwards (fact 2.9).
    fn asks_a_later_one(&self) -> Option<&str> {
        let (Handler::HttpGet { port, .. } | Handler::TcpSocket(port) | Handler::Grpc(port)) =
            self.container.probe(ProbeKind::Startup)?.handler.as_ref()?
        else {
            return None;
        };
        let port: i64 = port.parse().ok()?;
        let has_port = |container: &Container| container.ports.iter().any(|own| own.port == port);
        if self.kind != Kind::Sidecar || has_port(self.container) {
            return None;
        }
        let is_later = |other: &Container| match other.field {
            ContainerField::InitContainers => self.container.field == other.field && self.container.index < other.index,
            field => field.is_regular(),
        };
        let mut others = self.workload.pod.containers.iter();
        others.find(|other| is_later(other) && has_port(other)).map(Container::display_name)
    }

    /// Whether it is a known helper that runs until it is stopped, though it stands where it should end.
    fn is_endless_helper(&self) -> bool {
        // A verdict names a helper that stands among init containers only for its image.
        let known = self.verdict.and_then(|verdict| verdict.known_as).and_then(entry);
        let runs_on = known.is_some_and(|known| catalogue::goes_on(known, self.container));
        runs_on && self.container.command.is_empty()
    }

    /// Whether a native sidecar stands in front of it, which may be what it waits for.
    fn follows_a_sidecar(&self) -> bool {
        let own = (self.container.field, self.container.index);
        let mut others = self.workload.pod.containers.iter();
        others.any(|other| other.is_native_sidecar() && other.field == own.0 && other.index < own.1)
    }

    fn on_stop(&self, is_deaf: bool, is_sidecar: bool, category: Option<Category>) -> (OnStop, String) {
        // With a shared process namespace the container's first process is not the first of the namespace.
        if is_deaf && !self.workload.pod.share_process_namespace {
            let why = "takes no notice of SIGTERM: its first process has no handler for it".to_owned();
            return (OnStop::Ignores, why);
        }
        let (after, why) = match category {
            Some(Category::MeshProxy) if is_sidecar => (PROXY_DRAINS, "lets connections drain for"),
            _ if is_sidecar => (HELPER_STOPS, "stops within"),
            _ if self.kind == Kind::Init => (HELPER_STOPS, "stops within"),
            _ => (APP_STOPS, "finishes what it does and stops within"),
        };
        (OnStop::Ends { after, code: Some(0) }, format!("{why} {} s of SIGTERM", after / 1000))
    }
}

fn hook_lasts(handler: Option<&Handler>) -> u64 {
    match handler {
        Some(Handler::Sleep(seconds)) => u64::try_from(*seconds).unwrap_or_default().min(86_400) * 1000,
        Some(Handler::Exec(words)) => match read(&words.iter().map(String::as_str).collect::<Vec<_>>()).runs {
            Runs::For(time) => time,
            _ => HOOK_LASTS,
        },
        _ => HOOK_LASTS,
    }
}

fn probe(probe: &Probe) -> ProbeSpec {
    let default = ProbeSpec::default();
    let millis = |value: Option<i64>, default| {
        value.map_or(default, |seconds| u64::try_from(seconds).unwrap_or_default().min(86_400) * 1000)
    };
    let count =
        |value: Option<i64>, default| value.and_then(|count| u32::try_from(count).ok()).unwrap_or(default).max(1);
    ProbeSpec {
        initial_delay: millis(probe.initial_delay, default.initial_delay),
        period: millis(probe.period, default.period).max(1000),
        failure_threshold: count(probe.failure_threshold, default.failure_threshold),
        success_threshold: count(probe.success_threshold, default.success_threshold),
        grace: probe.termination_grace_period.and_then(|grace| u64::try_from(grace).ok()),
    }
}
