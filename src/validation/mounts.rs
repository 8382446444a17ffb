//! Where a container finds the volumes of its Pod.

use super::error::Bad;
use super::item::At;
use super::path::Path;
use super::{Check, volumes};
use std::collections::{BTreeMap, BTreeSet};

/// Volumes that are as they should be, by name.
pub(super) type Volumes<'p> = BTreeMap<&'p str, At<'p>>;

/// `volumeMounts`.
pub(super) fn mounts(check: &mut Check, container: At<'_>, volumes: &Volumes<'_>, path: &Path) {
    let devices: BTreeMap<&str, &str> =
        container.get("volumeDevices").items().map(|d| (d.get("name").text(), d.get("devicePath").text())).collect();
    let mut known = BTreeSet::new();
    for (index, mount) in container.get("volumeMounts").items().enumerate() {
        let own = path.index(index);
        let (name, target) = (mount.get("name").text(), mount.get("mountPath").text());
        if name.is_empty() {
            check.errors.required(&own.child("name"), "");
        }
        if !volumes.contains_key(name) {
            check.errors.not_found(&own.child("name"), name, "");
        }
        if target.is_empty() {
            check.errors.required(&own.child("mountPath"), "");
        }
        if !known.insert(target) {
            check.errors.invalid(&own.child("mountPath"), target, "must be unique");
        }
        if devices.contains_key(name) {
            check.errors.invalid(&own.child("name"), name, "must not already exist in volumeDevices");
        }
        if devices.values().any(|device| *device == target) {
            check.errors.invalid(&own.child("mountPath"), target, "must not already exist as a path in volumeDevices");
        }
        let (sub, expression) = (mount.get("subPath").text(), mount.get("subPathExpr").text());
        if !sub.is_empty() {
            volumes::local_path(check, sub, &path.child("subPath"));
        }
        if !expression.is_empty() {
            if !sub.is_empty() {
                let detail = "subPathExpr and subPath are mutually exclusive";
                check.errors.invalid(&own.child("subPathExpr"), expression, detail);
            }
            volumes::local_path(check, expression, &path.child("subPathExpr"));
        }
        propagation(check, mount, container, &path.child("mountPropagation"));
        read_only(check, mount, &path.child("recursiveReadOnly"));
    }
}

fn propagation(check: &mut Check, mount: At<'_>, container: At<'_>, path: &Path) {
    let Some(propagation) = mount.get("mountPropagation").opt_text() else { return };
    let known = ["Bidirectional", "HostToContainer", "None"];
    if !known.contains(&propagation) {
        check.errors.not_supported(path, Bad::alias(propagation), &known);
    }
    if propagation == "Bidirectional" && !container.at(&["securityContext", "privileged"]).bool() {
        check.errors.forbidden(path, "Bidirectional mount propagation is available only to privileged containers");
    }
}

fn read_only(check: &mut Check, mount: At<'_>, path: &Path) {
    let Some(mode) = mount.get("recursiveReadOnly").opt_text() else { return };
    match mode {
        "Disabled" => {}
        "Enabled" | "IfPossible" => {
            if !mount.get("readOnly").bool() {
                check.errors.forbidden(path, "may only be specified when readOnly is true");
            }
            if mount.get("mountPropagation").opt_text().is_some_and(|propagation| propagation != "None") {
                check.errors.forbidden(path, "may only be specified when mountPropagation is None or not specified");
            }
        }
        _ => check.errors.not_supported(path, Bad::alias(mode), &["Disabled", "Enabled", "IfPossible"]),
    }
}

/// `volumeDevices`.
pub(super) fn devices(check: &mut Check, container: At<'_>, volumes: &Volumes<'_>, path: &Path) {
    let mounts: BTreeMap<&str, &str> =
        container.get("volumeMounts").items().map(|m| (m.get("name").text(), m.get("mountPath").text())).collect();
    let (mut paths, mut names) = (BTreeSet::new(), BTreeSet::new());
    for (index, device) in container.get("volumeDevices").items().enumerate() {
        let path = path.index(index);
        let (name, target) = (device.get("name").text(), device.get("devicePath").text());
        let volume = volumes.get(name);
        if name.is_empty() {
            check.errors.required(&path.child("name"), "");
        }
        if names.contains(name) {
            check.errors.invalid(&path.child("name"), name, "must be unique");
        }
        match volume {
            Some(volume) if !volume.has("persistentVolumeClaim") && !volume.has("ephemeral") => {
                let detail = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
                check.errors.invalid(&path.child("name"), name, detail);
            }
            Some(_) => {}
            None => check.errors.not_found(&path.child("name"), name, ""),
        }
        if target.is_empty() {
            check.errors.required(&path.child("devicePath"), "");
        }
        if paths.contains(target) {
            check.errors.invalid(&path.child("devicePath"), target, "must be unique");
        }
        if target.split('/').any(|part| part == "..") {
            check.errors.invalid(&path.child("devicePath"), target, "can not contain backsteps ('..')");
        } else {
            paths.insert(target);
        }
        if mounts.contains_key(name) {
            check.errors.invalid(&path.child("name"), name, "must not already exist in volumeMounts");
        }
        if mounts.values().any(|mount| *mount == target) {
            check.errors.invalid(&path.child("devicePath"), target, "must not already exist as a path in volumeMounts");
        }
        if !name.is_empty() {
            names.insert(name);
        }
    }
}
