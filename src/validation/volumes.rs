//! `spec.volumes`.

use super::error::Bad;
use super::item::At;
use super::mounts::Volumes;
use super::path::Path;
use super::resources::amount;
use super::{Check, claims, containers, env, names, projected};
use std::collections::BTreeSet;

pub(super) const BAD_MODE: &str = "must be a number between 0 and 0777 (octal), both inclusive";
const ONE_TYPE: &str = "may not specify more than 1 volume type";

/// The kinds of volumes in the order in which the server looks at them, with the name in the error when there is
/// another kind before, and the name in errors of its own.
const KINDS: [(&str, &str, &str); 30] = [
    ("emptyDir", "emptyDir", "emptyDir"),
    ("hostPath", "hostPath", "hostPath"),
    ("gitRepo", "gitRepo", "gitRepo"),
    ("gcePersistentDisk", "gcePersistentDisk", "persistentDisk"),
    ("awsElasticBlockStore", "awsElasticBlockStore", "awsElasticBlockStore"),
    ("secret", "secret", "secret"),
    ("nfs", "nfs", "nfs"),
    ("iscsi", "iscsi", "iscsi"),
    ("glusterfs", "glusterfs", "glusterfs"),
    ("flocker", "flocker", "flocker"),
    ("persistentVolumeClaim", "persistentVolumeClaim", "persistentVolumeClaim"),
    ("rbd", "rbd", "rbd"),
    ("cinder", "cinder", "cinder"),
    ("cephfs", "cephFS", "cephfs"),
    ("quobyte", "quobyte", "quobyte"),
    ("downwardAPI", "downwarAPI", "downwardAPI"),
    ("fc", "fc", "fc"),
    ("flexVolume", "flexVolume", "flexVolume"),
    ("configMap", "configMap", "configMap"),
    ("azureFile", "azureFile", "azureFile"),
    ("vsphereVolume", "vsphereVolume", "vsphereVolume"),
    ("photonPersistentDisk", "photonPersistentDisk", "photonPersistentDisk"),
    ("portworxVolume", "portworxVolume", "portworxVolume"),
    ("azureDisk", "azureDisk", "azureDisk"),
    ("storageos", "storageos", "storageos"),
    ("projected", "projected", "projected"),
    ("scaleIO", "scaleIO", "scaleIO"),
    ("csi", "csi", "csi"),
    ("ephemeral", "ephemeral", "ephemeral"),
    ("image", "image", "image"),
];

/// Whether a volume has a kind at all.
pub(super) fn has_kind(volume: At<'_>) -> bool {
    KINDS.iter().any(|(kind, _, _)| volume.has(kind))
}

/// All volumes; gives those back that containers can use. `pod_name` is empty for templates.
pub(super) fn volumes<'p>(check: &mut Check, volumes: At<'p>, pod_name: &str, path: &Path) -> Volumes<'p> {
    let made: BTreeSet<String> = volumes
        .items()
        .filter(|volume| !pod_name.is_empty() && volume.has("ephemeral"))
        .map(|volume| format!("{pod_name}-{}", volume.get("name").text()))
        .collect();
    let mut usable = Volumes::new();
    for (index, volume) in volumes.items().enumerate() {
        let path = path.index(index);
        let before = check.errors.found.len();
        let name = volume.get("name").text();
        source(check, volume, pod_name, &path);
        if name.is_empty() {
            check.errors.required(&path.child("name"), "");
        } else {
            check.errors.each(&path.child("name"), name, names::dns_label(name));
        }
        if usable.contains_key(name) {
            check.errors.duplicate(&path.child("name"), name);
        }
        if check.errors.found.len() == before {
            usable.insert(name, volume);
        }
        let claim = volume.at(&["persistentVolumeClaim", "claimName"]).text();
        if volume.has("persistentVolumeClaim") && made.contains(claim) {
            let detail = "must not reference a PVC that gets created for an ephemeral volume";
            check.errors.invalid(&path.child("persistentVolumeClaim").child("claimName"), claim, detail);
        }
    }
    usable
}

fn source(check: &mut Check, volume: At<'_>, pod_name: &str, path: &Path) {
    let mut is_first = true;
    for (kind, repeated, own) in KINDS {
        let at = volume.get(kind);
        if !at.is_set() {
            continue;
        }
        if is_first {
            one(check, volume, kind, pod_name, path, &path.child(own));
        } else if kind != "emptyDir" {
            check.errors.forbidden(&path.child(repeated), ONE_TYPE);
        }
        is_first = false;
        if kind == "iscsi" {
            let name = volume.get("name").text();
            let length = name.len() + 1 + at.get("targetPortal").text().len();
            if at.has("initiatorName") && length > 64 {
                let detail = "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if \
                              iscsi.initiatorName is specified.";
                check.errors.invalid(&path.child("name"), name, detail);
            }
        }
    }
    if is_first {
        check.errors.required(path, "must specify a volume type");
    }
}

/// Texts that a kind of volume must have, in the order of the server.
fn needed(kind: &str) -> &'static [&'static str] {
    match kind {
        "gcePersistentDisk" => &["pdName"],
        "awsElasticBlockStore" | "cinder" | "portworxVolume" => &["volumeID"],
        "glusterfs" => &["endpoints", "path"],
        "persistentVolumeClaim" => &["claimName"],
        "azureFile" => &["secretName", "shareName"],
        "vsphereVolume" => &["volumePath"],
        "photonPersistentDisk" => &["pdID"],
        "scaleIO" => &["gateway", "system", "volumeName"],
        "flexVolume" => &["driver"],
        "gitRepo" => &["repository"],
        "nfs" => &["server", "path"],
        "secret" => &["secretName"],
        "configMap" => &["name"],
        "azureDisk" => &["diskName", "diskURI"],
        _ => &[],
    }
}

fn one(check: &mut Check, volume: At<'_>, kind: &str, pod_name: &str, volume_path: &Path, path: &Path) {
    let at = volume.get(kind);
    for field in needed(kind) {
        if at.get(field).text().is_empty() {
            check.errors.required(&path.child(field), "");
        }
    }
    match kind {
        "emptyDir" => {
            if at.has("sizeLimit") && amount(at.get("sizeLimit")).is_negative() {
                check.errors.forbidden(&path.child("sizeLimit"), "SizeLimit field must be a valid resource quantity");
            }
        }
        "hostPath" => host_path(check, at, path),
        "gitRepo" => local_path(check, at.get("directory").text(), &path.child("directory")),
        "gcePersistentDisk" | "awsElasticBlockStore" => {
            let partition = at.get("partition").int();
            if !(0..=255).contains(&partition) {
                check.errors.invalid(&path.child("partition"), partition, names::between(1, 255));
            }
        }
        "secret" | "configMap" => {
            mode(check, at.get("defaultMode"), &path.child("defaultMode"));
            for (index, item) in at.get("items").items().enumerate() {
                key_to_path(check, item, &path.child("items").index(index));
            }
        }
        "nfs" => {
            let target = at.get("path").text();
            if !target.starts_with('/') {
                check.errors.invalid(&path.child("path"), target, "must be an absolute path");
            }
        }
        "downwardAPI" => {
            mode(check, at.get("defaultMode"), &path.child("defaultMode"));
            for file in at.get("items").items() {
                downward_file(check, file, path);
            }
        }
        "projected" => projected::projected(check, at, path),
        "csi" => csi(check, at, path),
        "ephemeral" => {
            claims::ephemeral(check, at, path);
            let name = volume.get("name").text();
            if !pod_name.is_empty() && !name.is_empty() {
                let claim = format!("{pod_name}-{name}");
                for message in names::dns_subdomain(&claim) {
                    let detail = format!("PVC name {}: {message}", super::error::quote(&claim));
                    check.errors.invalid(&volume_path.child("name"), name, detail);
                }
            }
        }
        "image" => {
            if check.options.is_pod && at.get("reference").text().is_empty() {
                check.errors.required(&path.child("reference"), "");
            }
            containers::pull_policy(check, at.get("pullPolicy").text(), &path.child("pullPolicy"));
        }
        _ => super::storage::storage(check, at, kind, path),
    }
}

fn host_path(check: &mut Check, at: At<'_>, path: &Path) {
    let target = at.get("path").text();
    if target.is_empty() {
        return check.errors.required(&path.child("path"), "");
    }
    no_backsteps(check, target, &path.child("path"));
    let kinds = ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];
    if let Some(kind) = at.get("type").opt_text().filter(|kind| !kinds.contains(kind)) {
        check.errors.not_supported(&path.child("type"), Bad::alias(kind), &kinds);
    }
}

fn csi(check: &mut Check, at: At<'_>, path: &Path) {
    let driver = at.get("driver").text();
    let driver_path = path.child("driver");
    if driver.is_empty() {
        check.errors.required(&driver_path, "");
    }
    if !driver.is_empty() || check.minor() < 34 {
        if driver.len() > 63 {
            check.errors.too_long(&driver_path, 63);
        }
        check.errors.each(&driver_path, driver, names::dns_subdomain(&driver.to_lowercase()));
    }
    let secret = at.get("nodePublishSecretRef");
    if secret.is_set() {
        let name = secret.get("name").text();
        if name.is_empty() {
            check.errors.required(&path.child("nodePublishSecretRef").child("name"), "");
        } else {
            check.errors.each(&path.child("name"), name, names::dns_subdomain(name));
        }
    }
}

/// A file mode.
pub(super) fn mode(check: &mut Check, mode: At<'_>, path: &Path) {
    if let Some(mode) = mode.opt_int().filter(|mode| !(0..=0o777).contains(mode)) {
        check.errors.invalid(path, mode, BAD_MODE);
    }
}

/// An entry of `items` of a ConfigMap or Secret.
pub(super) fn key_to_path(check: &mut Check, item: At<'_>, path: &Path) {
    for field in ["key", "path"] {
        if item.get(field).text().is_empty() {
            check.errors.required(&path.child(field), "");
        }
    }
    plain_path(check, item.get("path").text(), &path.child("path"));
    mode(check, item.get("mode"), &path.child("mode"));
}

/// A file of the downward API; the server gives no index for it.
pub(super) fn downward_file(check: &mut Check, file: At<'_>, path: &Path) {
    const FIELDS: [&str; 5] =
        ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];
    let target = file.get("path").text();
    if target.is_empty() {
        check.errors.required(&path.child("path"), "");
    }
    plain_path(check, target, &path.child("path"));
    let (field, resource) = (file.get("fieldRef"), file.get("resourceFieldRef"));
    if field.is_set() {
        env::field_ref(check, field, &FIELDS, &path.child("fieldRef"));
        if resource.is_set() {
            let detail = "fieldRef and resourceFieldRef can not be specified simultaneously";
            check.errors.invalid(path, "resource", detail);
        }
    } else if resource.is_set() {
        env::resource_ref(check, resource, &path.child("resourceFieldRef"), true);
    } else {
        check.errors.required(path, "one of fieldRef and resourceFieldRef is required");
    }
    mode(check, file.get("mode"), &path.child("mode"));
}

/// A path without `..` as a part.
pub(super) fn no_backsteps(check: &mut Check, target: &str, path: &Path) {
    if target.split('/').any(|part| part == "..") {
        check.errors.invalid(path, target, "must not contain '..'");
    }
}

/// A path that stays below where it starts.
pub(super) fn local_path(check: &mut Check, target: &str, path: &Path) {
    if target.starts_with('/') {
        check.errors.invalid(path, target, "must be a relative path");
    }
    no_backsteps(check, target, path);
}

/// The same, for files that are made by the kubelet, which keeps names with `..` for itself.
pub(super) fn plain_path(check: &mut Check, target: &str, path: &Path) {
    local_path(check, target, path);
    if target.starts_with("..") && !target.starts_with("../") {
        check.errors.invalid(path, target, "must not start with '..'");
    }
}

/// Whether [`plain_path`] has nothing to say.
pub(super) fn is_local_path(target: &str) -> bool {
    !target.starts_with('/') && !target.starts_with("..") && !target.split('/').any(|part| part == "..")
}
