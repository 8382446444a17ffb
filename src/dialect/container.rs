//! A container of a Pod spec.

use super::{bool_at, int_at, located, located_at, text_of};
use crate::model::{
    Container, ContainerField, EnvVar, Handler, Image, Lifecycle, Located, Mount, Port, Probe, ProbeKind, ResourceList,
    Resources, RestartRule, SecurityContext,
};
use crate::source::Value;

/// Reads an entry of a list of containers.
pub(super) fn read(field: ContainerField, index: usize, value: Value<'_>) -> Container {
    Container {
        field,
        index,
        node: value.id(),
        name: located_at(value, "name"),
        image: located_at(value, "image").map(image),
        command: words(value.get("command")),
        args: words(value.get("args")),
        env: items(value, "env").filter_map(env).collect(),
        ports: items(value, "ports").filter_map(port).collect(),
        mounts: items(value, "volumeMounts")
            .filter_map(|mount| self::mount(mount, "mountPath"))
            .chain(items(value, "volumeDevices").filter_map(|mount| self::mount(mount, "devicePath")))
            .collect(),
        probes: [ProbeKind::Startup, ProbeKind::Readiness, ProbeKind::Liveness]
            .into_iter()
            .filter_map(|kind| {
                value.get(kind.key()).filter(|probe| probe.is_mapping()).map(|probe| self::probe(kind, probe))
            })
            .collect(),
        lifecycle: value.get("lifecycle").map(lifecycle).unwrap_or_default(),
        resources: value.get("resources").map(resources).unwrap_or_default(),
        restart_policy: located_at(value, "restartPolicy"),
        restart_rules: items(value, "restartPolicyRules").map(restart_rule).collect(),
        security: value.get("securityContext").map(security).unwrap_or_default(),
        compose: None,
    }
}

pub(super) fn image(text: Located<String>) -> Located<Image> {
    Located { value: Image::parse(&text.value), node: text.node }
}

fn items<'d>(value: Value<'d>, key: &str) -> impl Iterator<Item = Value<'d>> {
    value.get(key).into_iter().flat_map(Value::items)
}

/// A command: a list of words. A single text, which Kubernetes refuses, is read as one word.
pub(super) fn words(value: Option<Value<'_>>) -> Vec<Located<String>> {
    let Some(value) = value else { return Vec::new() };
    if value.is_sequence() { value.items().filter_map(located).collect() } else { located(value).into_iter().collect() }
}

fn env(value: Value<'_>) -> Option<EnvVar> {
    Some(EnvVar { name: text_of(value, "name")?, value: text_of(value, "value"), node: value.id() })
}

fn port(value: Value<'_>) -> Option<Port> {
    Some(Port {
        name: text_of(value, "name"),
        port: int_at(value, "containerPort")?,
        host_port: int_at(value, "hostPort"),
        protocol: text_of(value, "protocol").unwrap_or_else(|| "TCP".to_owned()),
        node: value.id(),
    })
}

fn mount(value: Value<'_>, path: &str) -> Option<Mount> {
    Some(Mount {
        volume: text_of(value, "name")?,
        path: text_of(value, path).unwrap_or_default(),
        read_only: bool_at(value, "readOnly"),
        sub_path: text_of(value, "subPath").or_else(|| text_of(value, "subPathExpr")),
        node: value.id(),
    })
}

fn probe(kind: ProbeKind, value: Value<'_>) -> Probe {
    Probe {
        kind,
        handler: handler(value),
        initial_delay: int_at(value, "initialDelaySeconds"),
        period: int_at(value, "periodSeconds"),
        timeout: int_at(value, "timeoutSeconds"),
        failure_threshold: int_at(value, "failureThreshold"),
        success_threshold: int_at(value, "successThreshold"),
        termination_grace_period: int_at(value, "terminationGracePeriodSeconds"),
        node: value.id(),
    }
}

fn handler(value: Value<'_>) -> Option<Handler> {
    let port = |value: Value<'_>| text_of(value, "port").unwrap_or_default();
    if let Some(exec) = value.get("exec") {
        let command = words(exec.get("command"));
        return Some(Handler::Exec(command.into_iter().map(|word| word.value).collect()));
    }
    if let Some(get) = value.get("httpGet") {
        return Some(Handler::HttpGet {
            port: port(get),
            path: text_of(get, "path").unwrap_or_else(|| "/".to_owned()),
        });
    }
    if let Some(socket) = value.get("tcpSocket") {
        return Some(Handler::TcpSocket(port(socket)));
    }
    if let Some(grpc) = value.get("grpc") {
        return Some(Handler::Grpc(port(grpc)));
    }
    value.get("sleep").map(|sleep| Handler::Sleep(int_at(sleep, "seconds").unwrap_or_default()))
}

fn lifecycle(value: Value<'_>) -> Lifecycle {
    let hook = |key| value.get(key).map(|hook| Located { value: handler(hook), node: hook.id() });
    Lifecycle { post_start: hook("postStart"), pre_stop: hook("preStop") }
}

fn restart_rule(value: Value<'_>) -> RestartRule {
    let codes = value.get("exitCodes");
    RestartRule {
        action: text_of(value, "action").unwrap_or_default(),
        operator: codes.and_then(|codes| text_of(codes, "operator")).unwrap_or_default(),
        exit_codes: codes.into_iter().flat_map(|codes| items(codes, "values")).filter_map(Value::int).collect(),
    }
}

/// A mapping of resource names to quantities.
pub(super) fn amounts(value: Value<'_>) -> ResourceList {
    let entries = value.entries().into_iter();
    entries.filter_map(|entry| Some((entry.key.to_owned(), located(entry.value)?))).collect()
}

pub(super) fn resources(value: Value<'_>) -> Resources {
    let list = |key| value.get(key).map(amounts).unwrap_or_default();
    Resources { requests: list("requests"), limits: list("limits"), node: Some(value.id()) }
}

fn security(value: Value<'_>) -> SecurityContext {
    let added = value.at(&["capabilities", "add"]).into_iter().flat_map(Value::items);
    SecurityContext {
        privileged: bool_at(value, "privileged"),
        run_as_user: int_at(value, "runAsUser"),
        added_capabilities: added.filter_map(Value::text).map(str::to_owned).collect(),
        node: Some(value.id()),
    }
}
