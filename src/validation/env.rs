//! Environment variables.

use super::error::Bad;
use super::item::At;
use super::path::Path;
use super::resources::amount;
use super::{Check, names, volumes};

/// Fields of a Pod that a variable can take, as the server lists them.
const ENV_FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];
/// Amounts of a container that a variable or a file can take.
const RESOURCES: [&str; 6] = [
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];

fn env_name(check: &Check, name: &str) -> Vec<String> {
    if check.options.relaxed_env { names::relaxed_env_name(name) } else { names::env_name(name) }
}

/// `env`.
pub(super) fn env(check: &mut Check, variables: At<'_>, path: &Path) {
    for (index, variable) in variables.items().enumerate() {
        let path = path.index(index);
        let name = variable.get("name").text();
        if name.is_empty() {
            check.errors.required(&path.child("name"), "");
        } else {
            let messages = env_name(check, name);
            check.errors.each(&path.child("name"), name, messages);
        }
        if variable.has("valueFrom") {
            value_from(check, variable, &path.child("valueFrom"));
        }
    }
}

fn value_from(check: &mut Check, variable: At<'_>, path: &Path) {
    let source = variable.get("valueFrom");
    let mut count = 0;
    let mut each = |field: &str| {
        let at = source.get(field);
        count += usize::from(at.is_set());
        (at, path.child(field))
    };
    if let (at @ At(Some(_)), path) = each("fieldRef") {
        field_ref(check, at, &ENV_FIELDS, &path);
    }
    if let (at @ At(Some(_)), path) = each("resourceFieldRef") {
        resource_ref(check, at, &path, false);
    }
    if let (at @ At(Some(_)), path) = each("configMapKeyRef") {
        key_ref(check, at, &path);
    }
    if let (at @ At(Some(_)), path) = each("secretKeyRef") {
        key_ref(check, at, &path);
    }
    if let (at @ At(Some(_)), path) = each("fileKeyRef") {
        file_ref(check, at, &path);
    }
    if count == 0 {
        let detail = if check.options.env_files {
            "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
        } else {
            "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"
        };
        check.errors.invalid(path, "", detail);
    } else if !variable.get("value").text().is_empty() {
        check.errors.invalid(path, "", "may not be specified when `value` is not empty");
    } else if count > 1 {
        check.errors.invalid(path, "", "may not have more than one field specified at a time");
    }
}

/// A field of the Pod.
pub(super) fn field_ref(check: &mut Check, at: At<'_>, allowed: &[&str], path: &Path) {
    let (version, field) = (at.get("apiVersion").text(), at.get("fieldPath").text());
    if version.is_empty() {
        return check.errors.required(&path.child("apiVersion"), "");
    }
    if field.is_empty() {
        return check.errors.required(&path.child("fieldPath"), "");
    }
    let (own, subscript) = split_subscript(field);
    let refused = if version != "v1" {
        Some(format!("unsupported pod version: {version}"))
    } else if subscript.is_some() {
        let takes = matches!(own, "metadata.annotations" | "metadata.labels");
        (!takes).then(|| format!("field label does not support subscript: {field}"))
    } else {
        let known = [
            "metadata.annotations",
            "metadata.labels",
            "spec.restartPolicy",
            "spec.schedulerName",
            "status.phase",
            "spec.host",
        ];
        (!known.contains(&field) && !ENV_FIELDS.contains(&field)).then(|| format!("field label not supported: {field}"))
    };
    if let Some(refused) = refused {
        return check.errors.invalid(&path.child("fieldPath"), field, format!("error converting fieldPath: {refused}"));
    }
    if let Some(subscript) = subscript {
        let key = if own == "metadata.annotations" { subscript.to_lowercase() } else { subscript.to_owned() };
        let messages = names::qualified_name(&key, check.newer_names());
        return check.errors.each(path, &key, messages);
    }
    let own = if own == "spec.host" { "spec.nodeName" } else { own };
    if !allowed.contains(&own) {
        check.errors.not_supported(&path.child("fieldPath"), own, allowed);
    }
}

/// `metadata.labels['key']` in its parts.
fn split_subscript(field: &str) -> (&str, Option<&str>) {
    match field.strip_suffix("']").and_then(|rest| rest.split_once("['")) {
        Some((own, subscript)) if !own.is_empty() => (own, Some(subscript)),
        _ => (field, None),
    }
}

/// An amount of a container.
pub(super) fn resource_ref(check: &mut Check, at: At<'_>, path: &Path, is_volume: bool) {
    let resource = at.get("resource").text();
    let is_huge = resource.starts_with("requests.hugepages-") || resource.starts_with("limits.hugepages-");
    if is_volume && at.get("containerName").text().is_empty() {
        check.errors.required(&path.child("containerName"), "");
    } else if resource.is_empty() {
        check.errors.required(&path.child("resource"), "");
    } else if !RESOURCES.contains(&resource) && !is_huge {
        check.errors.not_supported(&path.child("resource"), resource, &RESOURCES);
    }
    let divisor = amount(at.get("divisor"));
    if divisor.is_zero() {
        return;
    }
    let divisor = divisor.to_string();
    let bytes = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];
    let what = match resource {
        "limits.cpu" | "requests.cpu" => {
            if !["1m", "1"].contains(&divisor.as_str()) {
                let detail = "only divisor's values 1m and 1 are supported with the cpu resource";
                check.errors.invalid(&path.child("divisor"), resource, detail);
            }
            return;
        }
        "limits.memory" | "requests.memory" => "memory",
        "limits.ephemeral-storage" | "requests.ephemeral-storage" => "local ephemeral storage",
        _ if is_huge => "hugepages",
        _ => return,
    };
    if !bytes.contains(&divisor.as_str()) {
        let detail = format!("only divisor's values {} are supported with the {what} resource", bytes.join(", "));
        check.errors.invalid(&path.child("divisor"), resource, detail);
    }
}

fn key_ref(check: &mut Check, at: At<'_>, path: &Path) {
    let (name, key) = (at.get("name").text(), at.get("key").text());
    check.errors.each(&path.child("name"), name, names::dns_subdomain(name));
    if key.is_empty() {
        check.errors.required(&path.child("key"), "");
    } else {
        check.errors.each(&path.child("key"), key, names::config_map_key(key));
    }
}

fn file_ref(check: &mut Check, at: At<'_>, path: &Path) {
    let (key, volume, file) = (at.get("key").text(), at.get("volumeName").text(), at.get("path").text());
    if key.is_empty() {
        check.errors.required(&path.child("key"), "");
    } else {
        check.errors.each(&path.child("key"), key, names::relaxed_env_name(key));
    }
    if volume.is_empty() {
        check.errors.required(&path.child("volumeName"), "");
    } else {
        check.errors.each(&path.child("volumeName"), volume, names::dns_label(volume));
    }
    if file.is_empty() {
        check.errors.required(&path.child("path"), "");
    } else {
        volumes::no_backsteps(check, file, &path.child("path"));
    }
}

/// `envFrom`.
pub(super) fn env_from(check: &mut Check, sources: At<'_>, path: &Path) {
    for (index, source) in sources.items().enumerate() {
        let own = path.index(index);
        let prefix = source.get("prefix").text();
        if !prefix.is_empty() {
            let messages = env_name(check, prefix);
            check.errors.each(&own.child("prefix"), prefix, messages);
        }
        let mut count = 0;
        for field in ["configMapRef", "secretRef"] {
            let at = source.get(field);
            if !at.is_set() {
                continue;
            }
            count += 1;
            let name = at.get("name").text();
            let path = own.child(field).child("name");
            if name.is_empty() {
                check.errors.required(&path, "");
            } else {
                check.errors.each(&path, name, names::dns_subdomain(&names::masked(name)));
            }
        }
        if count != 1 {
            let detail = if count == 0 {
                "must specify one of: `configMapRef` or `secretRef`"
            } else {
                "may not have more than one field specified at a time"
            };
            check.errors.invalid(path, "", detail);
        }
    }
}

/// Variables from files of a volume need a volume that can have them.
pub(super) fn file_volumes(check: &mut Check, spec: At<'_>, path: &Path) {
    for (container, path) in super::update::containers_with_paths(spec, path) {
        for (index, variable) in container.get("env").items().enumerate() {
            let file = variable.at(&["valueFrom", "fileKeyRef"]);
            if !file.is_set() {
                continue;
            }
            let name = file.get("volumeName").text();
            let path = path.child("env").index(index).child("valueFrom").child("fileKeyRef").child("volumeName");
            match spec.get("volumes").items().rfind(|volume| volume.get("name").text() == name) {
                None => check.errors.not_found(&path, Bad::from(name), ""),
                Some(volume) if !volume.has("emptyDir") => {
                    check.errors.invalid(&path, name, "referenced volume must be of type emptyDir");
                }
                Some(_) => {}
            }
        }
    }
}
