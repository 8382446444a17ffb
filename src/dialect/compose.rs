//! Docker Compose projects: services as the containers of one workload.

use super::{container, located, located_at, pairs_of, text_of};
use crate::model::{
    ComposeService, Container, ContainerField, Dialect, EnvVar, Located, Model, Mount, Object, Pairs, Pod, Port,
    Relates, Resources, Volume, VolumeKind, Workload,
};
use crate::source::Value;

/// A document with `services` that is no Kubernetes object.
pub(super) fn is_compose(root: Value<'_>) -> bool {
    let is_object = ["kind", "apiVersion"].iter().any(|key| root.get(key).is_some());
    !is_object
        && root.get("services").is_some_and(|services| {
            let entries = services.entries();
            !entries.is_empty() && entries.iter().all(|entry| entry.value.is_mapping() || entry.value.is_null())
        })
}

/// Reads a project.
pub(super) fn read(document: u32, root: Value<'_>, model: &mut Model) {
    let name = text_of(root, "name");
    let mut volumes: Vec<Volume> = root.get("volumes").map(named_volumes).unwrap_or_default();
    let services = root.get("services").map(Value::entries).unwrap_or_default();
    let containers: Vec<Container> = services
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            let name = Located { value: entry.key.to_owned(), node: entry.value.id() };
            service(index, name, entry.value, &mut volumes)
        })
        .collect();
    model.workloads.push(Workload {
        object: model.objects.len(),
        dialect: Dialect::Compose,
        document,
        kind: Some("Compose".to_owned()),
        name: name.clone(),
        namespace: None,
        pod_path: "services".to_owned(),
        is_well_placed: true,
        replicas: None,
        job: None,
        owners: Pairs::new(),
        is_embedded: false,
        is_whole: true,
        pod: Pod {
            node: root.get("services").unwrap_or(root).id(),
            labels: Pairs::new(),
            annotations: Pairs::new(),
            containers,
            volumes,
            restart_policy: None,
            termination_grace_period: None,
            active_deadline: None,
            overhead: Vec::new(),
            resources: Resources::default(),
            host_network: false,
            host_pid: false,
            share_process_namespace: false,
        },
    });
    model.add(Object {
        document,
        node: root.id(),
        api_version: None,
        kind: Some("Compose".to_owned()),
        namespace: None,
        name,
        labels: Pairs::new(),
        annotations: Pairs::new(),
        owners: Pairs::new(),
        relates: Relates::Nothing,
    });
}

fn named_volumes(value: Value<'_>) -> Vec<Volume> {
    let volume = |name: &str, node| Volume { name: name.to_owned(), kind: VolumeKind::Named, reference: None, node };
    value.entries().into_iter().map(|entry| volume(entry.key, entry.key_node.id())).collect()
}

fn service(index: usize, name: Located<String>, value: Value<'_>, volumes: &mut Vec<Volume>) -> Container {
    let entry_point = words(value.get("entrypoint"));
    let command = words(value.get("command"));
    Container {
        field: ContainerField::Services,
        index,
        node: value.id(),
        name: Some(name),
        image: located_at(value, "image").map(container::image),
        command: entry_point,
        args: command,
        env: environment(value.get("environment")),
        ports: value.get("ports").into_iter().flat_map(Value::items).filter_map(port).collect(),
        mounts: value
            .get("volumes")
            .into_iter()
            .flat_map(Value::items)
            .filter_map(|item| mount(item, volumes))
            .collect(),
        probes: Vec::new(),
        lifecycle: crate::model::Lifecycle::default(),
        resources: crate::model::Resources::default(),
        restart_policy: None,
        restart_rules: Vec::new(),
        security: crate::model::SecurityContext {
            privileged: super::bool_at(value, "privileged"),
            added_capabilities: value
                .get("cap_add")
                .into_iter()
                .flat_map(Value::items)
                .filter_map(Value::text)
                .map(str::to_owned)
                .collect(),
            ..Default::default()
        },
        compose: Some(Box::new(compose_part(value))),
    }
}

/// A list of words, or one text that a shell would split.
fn words(value: Option<Value<'_>>) -> Vec<Located<String>> {
    let Some(value) = value else { return Vec::new() };
    if value.is_sequence() {
        return value.items().filter_map(located).collect();
    }
    let node = value.id();
    let text = value.text().unwrap_or_default();
    text.split_whitespace().map(|word| Located { value: word.to_owned(), node }).collect()
}

/// `environment` as a mapping or as a list of `NAME=value`.
fn environment(value: Option<Value<'_>>) -> Vec<EnvVar> {
    let Some(value) = value else { return Vec::new() };
    let from_mapping = value.entries().into_iter().map(|entry| EnvVar {
        name: entry.key.to_owned(),
        value: entry.value.text().map(str::to_owned),
        node: entry.value.id(),
    });
    let from_list = value.items().filter_map(|item| {
        let text = item.text()?;
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value.to_owned())));
        Some(EnvVar { name: name.to_owned(), value, node: item.id() })
    });
    from_mapping.chain(from_list).collect()
}

/// `8080`, `80:8080`, `127.0.0.1:80:8080/udp` or the long form. Ranges are read as their first port.
fn port(value: Value<'_>) -> Option<Port> {
    if value.is_mapping() {
        let number = |key| value.get(key).and_then(|port| port.text()?.split('-').next()?.parse().ok());
        return Some(Port {
            name: text_of(value, "name"),
            port: number("target")?,
            host_port: number("published"),
            protocol: text_of(value, "protocol").unwrap_or_else(|| "tcp".to_owned()).to_ascii_uppercase(),
            node: value.id(),
        });
    }
    let text = value.text()?;
    let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let mut parts = ports.rsplit(':').map(|part| part.split('-').next().and_then(|first| first.parse().ok()));
    let target = parts.next()??;
    Some(Port {
        name: None,
        port: target,
        host_port: parts.next().flatten(),
        protocol: protocol.to_ascii_uppercase(),
        node: value.id(),
    })
}

/// `name:/path:ro`, `./directory:/path`, `/path` or the long form. Adds the volume when the project does not declare it.
fn mount(value: Value<'_>, volumes: &mut Vec<Volume>) -> Option<Mount> {
    let (source, path, read_only) = if value.is_mapping() {
        (text_of(value, "source"), text_of(value, "target")?, super::bool_at(value, "read_only"))
    } else {
        let mut parts = split_mount(value.text()?);
        let options = if parts.len() > 2 { parts.pop() } else { None };
        let path = parts.pop()?;
        let is_read_only = options.is_some_and(|options| options.split(',').any(|option| option == "ro"));
        (parts.pop().map(str::to_owned), path.to_owned(), is_read_only)
    };
    let source = source.unwrap_or_else(|| format!("anonymous at {path}"));
    if !volumes.iter().any(|volume| volume.name == source) {
        let is_bind = source.starts_with(['/', '.', '~', '$']);
        let kind = if is_bind { VolumeKind::Bind } else { VolumeKind::Named };
        volumes.push(Volume { name: source.clone(), kind, reference: None, node: value.id() });
    }
    Some(Mount { volume: source, path, read_only, sub_path: None, node: value.id() })
}

/// Splits at colons that are neither inside `${…}` nor part of a Windows drive.
fn split_mount(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b':' if depth == 0 => {
                let is_drive = at == start + 1 && text.as_bytes().get(at + 1) == Some(&b'\\');
                if !is_drive {
                    parts.push(text.get(start..at).unwrap_or_default());
                    start = at + 1;
                }
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

fn compose_part(value: Value<'_>) -> ComposeService {
    let list = |key: &str| -> Vec<Located<String>> {
        let Some(value) = value.get(key) else { return Vec::new() };
        let names =
            value.entries().into_iter().map(|entry| Located { value: entry.key.to_owned(), node: entry.value.id() });
        names.chain(value.items().filter_map(located)).collect()
    };
    let depends_on = value.get("depends_on").map(|value| {
        let long = value.entries().into_iter().map(|entry| {
            let name = Located { value: entry.key.to_owned(), node: entry.value.id() };
            (name, text_of(entry.value, "condition"))
        });
        long.chain(value.items().filter_map(located).map(|name| (name, None))).collect()
    });
    let plain = |items: Vec<Located<String>>| items.into_iter().map(|item| item.value).collect();
    let healthcheck = value.get("healthcheck");
    ComposeService {
        container_name: text_of(value, "container_name"),
        network_mode: located_at(value, "network_mode"),
        pid: located_at(value, "pid"),
        depends_on: depends_on.unwrap_or_default(),
        links: list("links"),
        volumes_from: list("volumes_from"),
        profiles: plain(list("profiles")),
        networks: plain(list("networks")),
        labels: labels(value.get("labels")),
        is_built: value.get("build").is_some(),
        restart: text_of(value, "restart"),
        has_healthcheck: healthcheck.is_some_and(|check| check.is_mapping() && !super::bool_at(check, "disable")),
    }
}

/// `labels` as a mapping or as a list of `name=value`.
fn labels(value: Option<Value<'_>>) -> Pairs {
    let Some(value) = value else { return Pairs::new() };
    if value.is_mapping() {
        return pairs_of(Some(value));
    }
    let text = value.items().filter_map(Value::text);
    text.map(|text| text.split_once('=').unwrap_or((text, ""))).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::split_mount;

    #[test]
    fn mounts_are_split_at_their_own_colons_only() {
        assert_eq!(split_mount("logs:/var/log:ro"), ["logs", "/var/log", "ro"]);
        assert_eq!(split_mount("${DIR:-./x}:/data"), ["${DIR:-./x}", "/data"]);
        assert_eq!(split_mount("C:\\data:/data"), ["C:\\data", "/data"]);
        assert_eq!(split_mount("/data"), ["/data"]);
    }
}
