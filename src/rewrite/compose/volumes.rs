//! Volumes: named ones, directories of the host, memory, secrets and configs.

use super::{Converted, Group, words};
use crate::edit::Yaml;
use crate::model::{Container, VolumeKind};
use crate::source::Value;

/// The volumes of the Pod so far: name in Kubernetes, what it is in Compose, and its source.
#[derive(Default)]
pub(super) struct Volumes {
    found: Vec<(String, String, Yaml)>,
}

impl Volumes {
    /// The name under which something is mounted; made when it is new.
    fn name(&mut self, wanted: &str, what: &str, source: Yaml) -> String {
        if let Some((name, ..)) = self.found.iter().find(|(_, known, _)| known == what) {
            return name.clone();
        }
        let base = words::dns_label(wanted);
        let mut name = base.clone();
        let mut number = 2;
        while self.found.iter().any(|(known, ..)| *known == name) {
            name = format!("{base}-{number}");
            number += 1;
        }
        self.found.push((name.clone(), what.to_owned(), source));
        name
    }

    /// The mounts of a service.
    pub(super) fn mounts(&mut self, group: &Group<'_>, service: &Container, converted: &mut Converted) -> Vec<Yaml> {
        let value = group.value(service);
        let mut mounts = Vec::new();
        for mount in &service.mounts {
            let place = group.document.value(mount.node);
            let kind = group.project.pod.volume(&mount.volume).map_or(VolumeKind::Named, |volume| volume.kind);
            let mut entry = match kind {
                VolumeKind::Bind => self.bind(group, &mount.volume, &mount.path, place, converted),
                _ => self.named(group, &mount.volume, &mount.path, place, converted),
            };
            if mount.read_only {
                entry.set("readOnly", true);
            }
            mounts.push(entry);
        }
        let texts = |key: &str| -> Vec<String> {
            let Some(value) = value.get(key) else { return Vec::new() };
            value.text().into_iter().chain(value.items().filter_map(Value::text)).map(str::to_owned).collect()
        };
        for path in texts("tmpfs") {
            let path = path.split(':').next().unwrap_or_default();
            let name = format!("{}{}", service.display_name(), path);
            mounts.push(self.memory(&name, path));
        }
        if value.get("shm_size").is_some() {
            mounts.push(self.memory(&format!("{}-shm", service.display_name()), "/dev/shm"));
        }
        for (key, folder, source) in [("secrets", "/run/secrets/", "secret"), ("configs", "/", "configMap")] {
            for item in value.get(key).into_iter().flat_map(Value::items) {
                let name = item.text().or_else(|| item.get("source").and_then(Value::text)).unwrap_or_default();
                let target = item.get("target").and_then(Value::text).unwrap_or(name);
                let path = if target.starts_with('/') { target.to_owned() } else { format!("{folder}{target}") };
                let label = words::dns_label(name);
                let field = if source == "secret" { "secretName" } else { "name" };
                let volume = self.name(
                    name,
                    &format!("{key} {name}"),
                    Yaml::from([(source, Yaml::from([(field, Yaml::from(label.as_str()))]))]),
                );
                mounts.push(Yaml::from([
                    ("name", Yaml::from(volume)),
                    ("mountPath", Yaml::from(path)),
                    ("subPath", Yaml::from(name)),
                    ("readOnly", Yaml::from(true)),
                ]));
                let kind = if source == "secret" { "Secret" } else { "ConfigMap" };
                converted.notes.push(group.note(format!("Make a {kind} {label} with the key {name}."), item));
            }
        }
        mounts
    }

    fn memory(&mut self, name: &str, path: &str) -> Yaml {
        let source = Yaml::from([("emptyDir", Yaml::from([("medium", Yaml::from("Memory"))]))]);
        let volume = self.name(name, &format!("memory {name}"), source);
        Yaml::from([("name", Yaml::from(volume)), ("mountPath", Yaml::from(path))])
    }

    fn named(
        &mut self,
        group: &Group<'_>,
        volume: &str,
        path: &str,
        place: Value<'_>,
        converted: &mut Converted,
    ) -> Yaml {
        let users = group.project.pod.users_of(volume);
        let is_anonymous = volume.starts_with("anonymous at ");
        let root = group.document.root();
        let declared = root.and_then(|root| root.get("volumes")).and_then(|volumes| volumes.get(volume));
        let is_external = declared.and_then(|declared| declared.get("external")).is_some();
        // Data that only passes from one to another goes with the Pod; what one keeps for itself stays.
        let is_passed_on = users.len() > 1 && users.iter().all(|user| group.members.contains(user));
        let is_new = !self.found.iter().any(|(_, known, _)| known == &format!("volume {volume}"));
        let label = words::dns_label(if is_anonymous { path } else { volume });
        let source = if is_anonymous || (is_passed_on && !is_external) {
            if is_new && !is_anonymous {
                converted.notes.push(
                    group.note(format!("Volume {volume} becomes an emptyDir: what is in it goes with the Pod."), place),
                );
            }
            Yaml::from([("emptyDir", Yaml::Map(Vec::new()))])
        } else {
            if is_new {
                converted
                    .notes
                    .push(group.note(format!("Make a PersistentVolumeClaim {label} for volume {volume}."), place));
            }
            Yaml::from([("persistentVolumeClaim", Yaml::from([("claimName", Yaml::from(label.as_str()))]))])
        };
        let name = self.name(&label, &format!("volume {volume}"), source);
        Yaml::from([("name", Yaml::from(name)), ("mountPath", Yaml::from(path))])
    }

    /// Files of the project become ConfigMaps, paths of the machine stay paths of the node.
    fn bind(&mut self, group: &Group<'_>, from: &str, path: &str, place: Value<'_>, converted: &mut Converted) -> Yaml {
        let base = from.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let is_absolute = from.starts_with('/');
        let is_file = base.contains('.') && !base.starts_with('.');
        let what = format!("bind {from}");
        let is_new = !self.found.iter().any(|(_, known, _)| *known == what);
        if is_absolute {
            let source = Yaml::from([("hostPath", Yaml::from([("path", Yaml::from(from))]))]);
            let name = self.name(base, &what, source);
            if is_new {
                converted.losses.push(group.note(
                    format!("{from} is now of whatever node the Pod runs on, and many clusters forbid hostPath."),
                    place,
                ));
            }
            return Yaml::from([("name", Yaml::from(name)), ("mountPath", Yaml::from(path))]);
        }
        let label = words::dns_label(if base.is_empty() || base == "." { "files" } else { base });
        let source = Yaml::from([("configMap", Yaml::from([("name", Yaml::from(label.as_str()))]))]);
        let name = self.name(&label, &what, source);
        if is_new {
            converted.losses.push(group.note(
                format!(
                    "{from} lies on your machine. Make a ConfigMap of it (kubectl create configmap {label} \
                     --from-file={from}), which holds up to 1 MiB and is read-only, or put it into the image."
                ),
                place,
            ));
        }
        let mut mount = Yaml::from([("name", Yaml::from(name)), ("mountPath", Yaml::from(path))]);
        if is_file {
            mount.set("subPath", base);
        }
        mount
    }

    /// Writes `volumes`.
    pub(super) fn finish(self, spec: &mut Yaml) {
        let volumes: Vec<Yaml> = self
            .found
            .into_iter()
            .map(|(name, _, source)| {
                let mut volume = Yaml::from([("name", Yaml::from(name))]);
                if let Yaml::Map(entries) = source {
                    entries.into_iter().for_each(|(key, value)| volume.set(&key, value));
                }
                volume
            })
            .collect();
        if !volumes.is_empty() {
            spec.set("volumes", Yaml::List(volumes));
        }
    }
}
