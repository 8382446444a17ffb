//! A service as a container, and what all of them say about the Pod.

use super::volumes::Volumes;
use super::{Converted, Group, Note, healthcheck, is_named, words};
use crate::edit::Yaml;
use crate::model::Container;
use crate::source::{NodeId, Value};

/// Keys that are translated here, in `volumes.rs` or by the order of the Pod, or that say nothing about a Pod.
const UNDERSTOOD: &[&str] = &[
    "annotations",
    "cap_add",
    "cap_drop",
    "command",
    "configs",
    "container_name",
    "cpus",
    "depends_on",
    "deploy",
    "dns",
    "entrypoint",
    "environment",
    "expose",
    "extra_hosts",
    "healthcheck",
    "hostname",
    "image",
    "mem_limit",
    "mem_reservation",
    "network_mode",
    "pid",
    "ports",
    "privileged",
    "pull_policy",
    "read_only",
    "restart",
    "secrets",
    "shm_size",
    "stdin_open",
    "stop_grace_period",
    "tmpfs",
    "tty",
    "user",
    "volumes",
    "volumes_from",
    "working_dir",
    "version",
];

/// What to do about keys that have no equivalent, where there is something.
const ADVICE: &[(&str, &str)] = &[
    ("build", "a Pod only runs images: build and push it, then name it here"),
    ("env_file", "make a ConfigMap of the file (kubectl create configmap --from-env-file) and name it under envFrom"),
    ("networks", "all Pods of a cluster can reach each other: write NetworkPolicies to limit that"),
    ("labels", "labels of containers do not exist; those for a proxy become an Ingress or annotations"),
    ("links", "a Pod finds others through Services"),
    ("logging", "the node collects what containers print"),
    ("profiles", "keep what is optional in files of its own"),
    ("devices", "devices need a device plugin or a privileged container"),
    ("sysctls", "set the safe ones under spec.securityContext.sysctls"),
    ("ulimits", "limits of processes are set on the node"),
    ("init", "the process with number 1 must reap its children itself, or the Pod shares its processes"),
    ("scale", "a Pod is one: use a Deployment with replicas"),
    ("ipc", "containers of a Pod share it anyway"),
    ("stop_signal", "lifecycle.stopSignal needs a feature gate that is off; the image can set it"),
];

impl<'a> Group<'a> {
    pub(super) fn container(
        &self,
        service: &'a Container,
        is_native: bool,
        volumes: &mut Volumes,
        converted: &mut Converted,
    ) -> Yaml {
        let value = self.value(service);
        let name = words::dns_label(service.display_name());
        let mut out = Yaml::from([("name", Yaml::from(name.as_str()))]);
        match &service.image {
            Some(image) => out.set("image", image.value.text.as_str()),
            None => out.set("image", name.as_str()),
        }
        if is_native {
            out.set("restartPolicy", "Always");
        }
        if let Some(policy) = value.get("pull_policy").and_then(Value::text) {
            let translated = match policy {
                "always" => Some("Always"),
                "never" => Some("Never"),
                "missing" | "if_not_present" => Some("IfNotPresent"),
                _ => None,
            };
            translated.into_iter().for_each(|policy| out.set("imagePullPolicy", policy));
        }
        for (from, to) in [("entrypoint", "command"), ("command", "args")] {
            let words = command(value.get(from));
            if !words.is_empty() {
                out.set(to, Yaml::List(words.into_iter().map(Yaml::Text).collect()));
            }
        }
        if let Some(folder) = value.get("working_dir").and_then(Value::text) {
            out.set("workingDir", folder);
        }
        for (from, to) in [("tty", "tty"), ("stdin_open", "stdin")] {
            if value.get(from).and_then(Value::bool) == Some(true) {
                out.set(to, true);
            }
        }
        self.ports(service, &mut out, converted);
        self.environment(service, &mut out, converted);
        self.probes(service, value, is_native, &mut out, converted);
        resources(value, &mut out);
        self.security(service, value, &mut out, converted);
        let mut mounts = volumes.mounts(self, service, converted);
        for from in service.compose.iter().flat_map(|compose| &compose.volumes_from) {
            let wanted = from.value.split(':').next().unwrap_or_default();
            let other = self.services().find(|(_, other)| is_named(other, wanted));
            mounts.extend(other.into_iter().flat_map(|(_, other)| volumes.mounts(self, other, converted)));
        }
        // Of two mounts at one path the service's own one, which comes first, counts.
        let mut paths: Vec<Yaml> = Vec::new();
        mounts.retain(|mount| {
            let path = mount.get("mountPath").cloned().unwrap_or(Yaml::Null);
            let is_new = !paths.contains(&path);
            paths.push(path);
            is_new
        });
        if !mounts.is_empty() {
            out.set("volumeMounts", Yaml::List(mounts));
        }
        self.losses(service, value, converted);
        out
    }

    /// The ports of a service, published or not: number, protocol and place, each once.
    pub(super) fn listening(&self, service: &Container) -> Vec<(i64, String, NodeId)> {
        let published = service.ports.iter().map(|port| (port.port, port.protocol.clone(), port.node));
        let exposed = self.value(service).get("expose").into_iter().flat_map(Value::items).filter_map(|item| {
            let (number, protocol) = item.text()?.split_once('/').unwrap_or((item.text()?, "tcp"));
            Some((number.parse().ok()?, protocol.to_ascii_uppercase(), item.id()))
        });
        let mut found: Vec<(i64, String, NodeId)> = Vec::new();
        for port in published.chain(exposed) {
            if !found.iter().any(|known| (known.0, &known.1) == (port.0, &port.1)) {
                found.push(port);
            }
        }
        found
    }

    fn ports(&self, service: &Container, out: &mut Yaml, converted: &mut Converted) {
        let entry = |(port, protocol, _): (i64, String, NodeId)| {
            let mut entry = Yaml::from([("containerPort", Yaml::from(port))]);
            if protocol != "TCP" {
                entry.set("protocol", protocol);
            }
            entry
        };
        let ports: Vec<Yaml> = self.listening(service).into_iter().map(entry).collect();
        if !ports.is_empty() {
            out.set("ports", Yaml::List(ports));
        }
        for port in &service.ports {
            if let Some(published) = port.host_port {
                converted.notes.push(self.note(
                    format!(
                        "Port {published} is not published by itself: make a Service for port {} of the Pod.",
                        port.port
                    ),
                    self.document.value(port.node),
                ));
            }
        }
    }

    fn environment(&self, service: &Container, out: &mut Yaml, converted: &mut Converted) {
        let mut env = Vec::new();
        for variable in &service.env {
            let place = self.document.value(variable.node);
            let value = variable.value.as_deref().filter(|_| !place.is_null());
            let Some(value) = value else {
                converted.losses.push(self.note(
                    format!(
                        "{} of {} comes from the shell that runs Compose. Give it a value or take it from a Secret.",
                        variable.name,
                        service.display_name()
                    ),
                    place,
                ));
                continue;
            };
            if words::has_variable(value) {
                converted.losses.push(self.note(
                    format!(
                        "{} of {} has a variable that Compose fills in: put its value there.",
                        variable.name,
                        service.display_name()
                    ),
                    place,
                ));
            }
            env.push(Yaml::from([
                ("name", Yaml::from(variable.name.as_str())),
                ("value", Yaml::from(words::unescaped(value))),
            ]));
        }
        if !env.is_empty() {
            out.set("env", Yaml::List(env));
        }
    }

    fn probes(
        &self,
        service: &Container,
        value: Value<'_>,
        is_native: bool,
        out: &mut Yaml,
        converted: &mut Converted,
    ) {
        let Some(check) = value.get("healthcheck") else { return };
        // What runs once has no probes.
        let index = self.services().find(|(_, other)| other.node == service.node).map(|(index, _)| index);
        let runs_once = index.is_some_and(|index| self.is_init(index));
        match healthcheck::probes(check).filter(|_| !runs_once) {
            Some((readiness, startup)) => {
                let is_awaited = self.services().any(|(_, other)| {
                    let names = other.compose.as_ref().map(|compose| compose.depends_on.as_slice()).unwrap_or_default();
                    names.iter().any(|(name, condition)| {
                        is_named(service, &name.value) && condition.as_deref() == Some("service_healthy")
                    })
                });
                if is_native && is_awaited {
                    out.set("startupProbe", startup);
                }
                out.set("readinessProbe", readiness);
            }
            None => converted
                .losses
                .push(self.note(format!("The healthcheck of {} is not taken over.", service.display_name()), check)),
        }
    }

    fn security(&self, service: &Container, value: Value<'_>, out: &mut Yaml, converted: &mut Converted) {
        let mut security = Yaml::Map(Vec::new());
        if let Some(user) = value.get("user").and_then(Value::text) {
            let (user, group) = user.split_once(':').map_or((user, None), |(user, group)| (user, Some(group)));
            let numbers = (user.parse::<i64>().ok(), group.map(str::parse::<i64>));
            match numbers {
                (Some(user), group) if group.as_ref().is_none_or(Result::is_ok) => {
                    security.set("runAsUser", user);
                    group.and_then(Result::ok).into_iter().for_each(|group| security.set("runAsGroup", group));
                }
                _ => converted.losses.push(self.note(
                    format!("The user of {} has a name: Kubernetes takes numbers only.", service.display_name()),
                    value.get("user").unwrap_or(value),
                )),
            }
        }
        if value.get("privileged").and_then(Value::bool) == Some(true) {
            security.set("privileged", true);
        }
        if value.get("read_only").and_then(Value::bool) == Some(true) {
            security.set("readOnlyRootFilesystem", true);
        }
        let mut capabilities = Yaml::Map(Vec::new());
        for (from, to) in [("cap_add", "add"), ("cap_drop", "drop")] {
            let names: Vec<Yaml> = value
                .get(from)
                .into_iter()
                .flat_map(Value::items)
                .filter_map(Value::text)
                .map(|name| Yaml::from(name.strip_prefix("CAP_").unwrap_or(name)))
                .collect();
            if !names.is_empty() {
                capabilities.set(to, Yaml::List(names));
            }
        }
        if capabilities != Yaml::Map(Vec::new()) {
            security.set("capabilities", capabilities);
        }
        if security != Yaml::Map(Vec::new()) {
            out.set("securityContext", security);
        }
    }

    fn losses(&self, service: &Container, value: Value<'_>, converted: &mut Converted) {
        let name = service.display_name();
        for entry in value.entries() {
            if UNDERSTOOD.contains(&entry.key) || entry.key.starts_with("x-") {
                continue;
            }
            let advice = ADVICE.iter().find(|(key, _)| *key == entry.key);
            let what = format!("{} of {name} has no equivalent", entry.key);
            let text = advice.map_or_else(|| format!("{what}."), |(_, advice)| format!("{what}: {advice}."));
            converted.losses.push(self.note(text, entry.value));
        }
        let texts = [value.get("image"), value.get("command"), value.get("entrypoint")];
        for text in texts.into_iter().flatten() {
            let has = |value: Value<'_>| value.text().is_some_and(words::has_variable);
            if has(text) || text.items().any(has) {
                converted
                    .losses
                    .push(self.note(format!("Compose fills in a variable of {name} here: put its value there."), text));
            }
        }
        if let Some(deploy) = value.get("deploy") {
            for entry in deploy.entries().iter().filter(|entry| entry.key != "resources") {
                let text = match entry.key {
                    "replicas" | "mode" => format!("deploy.{} of {name} has no equivalent: a Pod is one.", entry.key),
                    other => format!("deploy.{other} of {name} has no equivalent."),
                };
                converted.losses.push(self.note(text, entry.value));
            }
        }
    }

    /// What the services say about the Pod as a whole.
    pub(super) fn pod_fields(&self, apps: &[usize], spec: &mut Yaml, converted: &mut Converted) {
        let get = |service: &'a Container, key: &str| self.value(service).get(key);
        let texts = |key: &'static str| {
            self.services().filter_map(move |(index, service)| Some((index, service, get(service, key)?)))
        };
        let is = |key: &'static str, wanted: &str| texts(key).any(|(.., value)| value.text() == Some(wanted));
        if is("network_mode", "host") {
            spec.set("hostNetwork", true);
        }
        if is("pid", "host") {
            spec.set("hostPID", true);
        } else if texts("pid").any(|(.., value)| value.text().is_some_and(|text| text.contains(':'))) {
            spec.set("shareProcessNamespace", true);
        }
        self.restart(apps, spec, converted);
        if let Some((_, _, name)) = texts("hostname").find(|(index, ..)| apps.contains(index)) {
            name.text().into_iter().for_each(|name| spec.set("hostname", words::dns_label(name)));
        }
        let grace = texts("stop_grace_period").filter_map(|(.., value)| words::seconds(value.text()?)).max();
        if let Some(grace) = grace {
            spec.set("terminationGracePeriodSeconds", grace.max(1));
        }
        let servers: Vec<Yaml> = texts("dns")
            .flat_map(|(.., value)| value.text().into_iter().chain(value.items().filter_map(Value::text)))
            .map(Yaml::from)
            .collect();
        if !servers.is_empty() {
            spec.set("dnsConfig", Yaml::from([("nameservers", Yaml::List(servers))]));
        }
        let mut aliases = Vec::new();
        if self.members.len() > 1 {
            // Services that called each other by name find each other on the Pod's own address.
            let (fit, unfit): (Vec<&Container>, Vec<&Container>) = self
                .services()
                .map(|(_, service)| service)
                .partition(|service| words::is_host_name(service.display_name()));
            let names: Vec<Yaml> = fit.iter().map(|service| Yaml::from(service.display_name())).collect();
            if !names.is_empty() {
                aliases.push(Yaml::from([("ip", Yaml::from("127.0.0.1")), ("hostnames", Yaml::List(names))]));
            }
            for service in unfit {
                let name = service.display_name();
                let text = format!("{name} is no host name for Kubernetes: whoever calls it must call localhost.");
                converted.losses.push(self.note(text, self.value(service)));
            }
        }
        for (.., hosts) in texts("extra_hosts") {
            let listed = hosts.items().filter_map(Value::text).filter_map(|text| text.split_once(['=', ':']));
            let mapped: Vec<(String, String)> = hosts
                .entries()
                .into_iter()
                .filter_map(|entry| Some((entry.key.to_owned(), entry.value.text()?.to_owned())))
                .chain(listed.map(|(name, ip)| (name.to_owned(), ip.to_owned())))
                .collect();
            for (name, ip) in mapped {
                if ip == "host-gateway" {
                    converted
                        .losses
                        .push(self.note(format!("{name} means the host in Compose; a Pod does not know it."), hosts));
                    continue;
                }
                aliases.push(Yaml::from([("ip", Yaml::from(ip)), ("hostnames", Yaml::from(vec![Yaml::from(name)]))]));
            }
        }
        if !aliases.is_empty() {
            spec.set("hostAliases", Yaml::List(aliases));
        }
    }

    /// The restart policy of the app holds for the Pod.
    fn restart(&self, apps: &[usize], spec: &mut Yaml, converted: &mut Converted) {
        let policy = |service: &'a Container| {
            let value = self.value(service).get("restart")?;
            let policy = match value.text()?.split(':').next()? {
                "no" | "false" => "Never",
                "on-failure" => "OnFailure",
                _ => "Always",
            };
            Some((policy, value))
        };
        let app = apps.first().and_then(|index| self.project.pod.containers.get(*index)).and_then(policy);
        // Compose does not restart by itself, Kubernetes does.
        let runs_once = apps.first().is_some_and(|app| self.is_init(*app));
        match app {
            None if runs_once => spec.set("restartPolicy", "Never"),
            Some(("Always", _)) => {}
            Some((other, _)) => spec.set("restartPolicy", other),
            None => converted.notes.push(Note {
                text: "Compose does not restart what ends, a Pod does: set restartPolicy if that is not wanted."
                    .to_owned(),
                place: None,
            }),
        }
        for (_, service) in self.services().filter(|(index, _)| !apps.contains(index) && !self.is_init(*index)) {
            if let (Some((own, value)), Some((pod, _))) = (policy(service), app)
                && own != pod
            {
                converted.losses.push(self.note(
                    format!(
                        "restart of {} is that of the whole Pod, unless it is a native sidecar.",
                        service.display_name()
                    ),
                    value,
                ));
            }
        }
    }
}

/// A list of words, or one line that is cut at its spaces.
fn command(value: Option<Value<'_>>) -> Vec<String> {
    let Some(value) = value else { return Vec::new() };
    if value.is_sequence() {
        return value.items().filter_map(Value::text).map(words::unescaped).collect();
    }
    let line = value.text().filter(|_| !value.is_null()).unwrap_or_default();
    words::split(line).iter().map(|word| words::unescaped(word)).collect()
}

fn resources(value: Value<'_>, out: &mut Yaml) {
    let mut resources = Yaml::Map(Vec::new());
    let deploy = |key: &str, what: &str| value.at(&["deploy", "resources", key, what]);
    for (key, from, cpus, memory) in [
        ("requests", "reservations", None, value.get("mem_reservation")),
        ("limits", "limits", value.get("cpus"), value.get("mem_limit")),
    ] {
        let mut amounts = Yaml::Map(Vec::new());
        if let Some(cpus) = deploy(from, "cpus").or(cpus).and_then(Value::text) {
            amounts.set("cpu", cpus);
        }
        if let Some(memory) = deploy(from, "memory").or(memory).and_then(Value::text).and_then(words::memory) {
            amounts.set("memory", memory);
        }
        if amounts != Yaml::Map(Vec::new()) {
            resources.set(key, amounts);
        }
    }
    if resources != Yaml::Map(Vec::new()) {
        out.set("resources", resources);
    }
}
