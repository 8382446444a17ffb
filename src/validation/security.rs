//! Security contexts.

use super::error::Bad;
use super::item::At;
use super::path::Path;
use super::volumes::local_path;
use super::{Check, names, windows};
use std::collections::BTreeSet;

const MAX_ID: i64 = i32::MAX as i64;

fn id(check: &mut Check, at: At<'_>, path: &Path) {
    if let Some(id) = at.opt_int().filter(|id| !(0..=MAX_ID).contains(id)) {
        check.errors.invalid(path, id, names::between(0, MAX_ID));
    }
}

/// `securityContext` of a container.
pub(super) fn container(check: &mut Check, at: At<'_>, path: &Path, host_users: bool) {
    if !at.is_set() {
        return;
    }
    id(check, at.get("runAsUser"), &path.child("runAsUser"));
    id(check, at.get("runAsGroup"), &path.child("runAsGroup"));
    if let Some(mount) = at.get("procMount").opt_text() {
        let (own, known) = (path.child("procMount"), ["Default", "Unmasked"]);
        if !known.contains(&mount) {
            check.errors.not_supported(&own, Bad::alias(mount), &known);
        }
        if host_users && mount == "Unmasked" {
            check.errors.invalid(&own, Bad::alias(mount), "`hostUsers` must be false to use `Unmasked`");
        }
    }
    seccomp(check, at.get("seccompProfile"), &path.child("seccompProfile"));
    if at.get("allowPrivilegeEscalation").opt_bool() == Some(false) {
        if at.get("privileged").bool() {
            let detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
            check.errors.invalid(path, super::internal::security_context(at), detail);
        }
        for capability in at.at(&["capabilities", "add"]).texts() {
            if capability == "CAP_SYS_ADMIN" {
                let detail = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
                check.errors.invalid(path, super::internal::security_context(at), detail);
            }
        }
    }
    windows::options(check, at.get("windowsOptions"), &path.child("windowsOptions"));
    app_armor(check, at.get("appArmorProfile"), &path.child("appArmorProfile"));
}

/// `spec.securityContext`, with the fields that the server keeps there: `hostNetwork` and the like.
pub(super) fn pod(check: &mut Check, spec: At<'_>, path: &Path) {
    let at = spec.get("securityContext");
    for field in ["fsGroup", "runAsUser", "runAsGroup"] {
        id(check, at.get(field), &path.child(field));
    }
    for (index, group) in at.get("supplementalGroups").items().enumerate() {
        id(check, group, &path.child("supplementalGroups").index(index));
    }
    if spec.get("hostPID").bool() && spec.get("shareProcessNamespace").bool() {
        let detail = "ShareProcessNamespace and HostPID cannot both be enabled";
        check.errors.invalid(&path.child("shareProcessNamespace"), true, detail);
    }
    sysctls(check, spec, &path.child("sysctls"));
    one_of(check, at, "fsGroupChangePolicy", &["Always", "OnRootMismatch"], path);
    seccomp(check, at.get("seccompProfile"), &path.child("seccompProfile"));
    windows::options(check, at.get("windowsOptions"), &path.child("windowsOptions"));
    app_armor(check, at.get("appArmorProfile"), &path.child("appArmorProfile"));
    one_of(check, at, "supplementalGroupsPolicy", &["Merge", "Strict"], path);
    let policies: &[&str] =
        if check.options.only_recursive_selinux { &["Recursive"] } else { &["MountOption", "Recursive"] };
    one_of(check, at, "seLinuxChangePolicy", policies, path);
}

/// A text that, when it is there, must be one of a few.
pub(super) fn one_of(check: &mut Check, at: At<'_>, field: &str, known: &[&str], path: &Path) {
    if let Some(value) = at.get(field).opt_text().filter(|value| !known.contains(value)) {
        check.errors.not_supported(&path.child(field), Bad::alias(value), known);
    }
}

fn sysctls(check: &mut Check, spec: At<'_>, path: &Path) {
    let mut known = BTreeSet::new();
    for (index, sysctl) in spec.at(&["securityContext", "sysctls"]).items().enumerate() {
        let path = path.index(index).child("name");
        let name = sysctl.get("name").text();
        if name.is_empty() {
            check.errors.required(&path, "");
        } else if let Some(message) = names::sysctl(name) {
            check.errors.invalid(&path, name, message);
        } else if known.contains(name) {
            check.errors.duplicate(&path, name);
        }
        if !check.options.host_sysctls
            && let Some(field) = host_sysctl(name, spec)
        {
            check.errors.invalid(&path, name, format!("may not be specified when '{field}' is true"));
        }
        known.insert(name);
    }
}

/// The field that shares a namespace with the host which the sysctl would change.
pub(super) fn host_sysctl(name: &str, spec: At<'_>) -> Option<&'static str> {
    // With slashes between the parts, dots belong to the parts.
    let is_slashed = name.find(['.', '/']).is_some_and(|at| name.get(at..).is_some_and(|rest| rest.starts_with('/')));
    let name: String = if is_slashed {
        name.chars()
            .map(|c| {
                if c == '/' {
                    '.'
                } else if c == '.' {
                    '/'
                } else {
                    c
                }
            })
            .collect()
    } else {
        name.to_owned()
    };
    let name = name.split('*').next().unwrap_or_default();
    let is_ipc = name.starts_with("fs.mqueue.")
        || ["sem", "shmall", "shmmax", "shmmni", "shm_rmid_forced", "shm", "msgmax", "msgmnb", "msgmni", "msg"]
            .iter()
            .any(|own| name.strip_prefix("kernel.") == Some(own));
    if name.starts_with("net.") && spec.get("hostNetwork").bool() {
        Some("hostNetwork")
    } else if is_ipc && spec.get("hostIPC").bool() {
        Some("hostIPC")
    } else {
        None
    }
}

fn seccomp(check: &mut Check, at: At<'_>, path: &Path) {
    if !at.is_set() {
        return;
    }
    let (kind, known) = (at.get("type").text(), ["Localhost", "RuntimeDefault", "Unconfined"]);
    let kind_path = path.child("type");
    if kind.is_empty() {
        check.errors.required(&kind_path, "type is required when seccompProfile is set");
    } else if !known.contains(&kind) {
        check.errors.not_supported(&kind_path, Bad::alias(kind), &known);
    }
    let path = path.child("localhostProfile");
    match (kind == "Localhost", at.get("localhostProfile").opt_text()) {
        (true, None) => check.errors.required(&path, "must be set when seccomp type is Localhost"),
        (true, Some(profile)) => local_path(check, profile, &path),
        (false, Some(profile)) => {
            let json = format!(
                "{{\"Type\":{},\"LocalhostProfile\":{}}}",
                Bad::alias(kind).shown(),
                Bad::alias(profile).shown()
            );
            check.errors.invalid(&path, Bad::raw(json), "can only be set when seccomp type is Localhost");
        }
        (false, None) => {}
    }
}

fn app_armor(check: &mut Check, at: At<'_>, path: &Path) {
    if !at.is_set() {
        return;
    }
    let kind = at.get("type").text();
    let (kind_path, path) = (path.child("type"), path.child("localhostProfile"));
    let profile = at.get("localhostProfile").opt_text();
    match kind {
        "Localhost" => {
            let needed = "must be set when AppArmor type is Localhost";
            let Some(profile) = profile else { return check.errors.required(&path, needed) };
            if profile.trim() != profile {
                check.errors.invalid(&path, profile, "must not be padded with whitespace");
            } else if profile.is_empty() {
                check.errors.required(&path, needed);
            }
            if profile.len() > 4095 {
                check.errors.too_long(&path, 4095);
            }
        }
        "RuntimeDefault" | "Unconfined" => {
            if let Some(profile) = profile {
                check.errors.invalid(&path, Bad::alias(profile), "can only be set when AppArmor type is Localhost");
            }
        }
        "" => check.errors.required(&kind_path, "type is required when appArmorProfile is set"),
        _ => check.errors.not_supported(&kind_path, Bad::alias(kind), &["Localhost", "RuntimeDefault", "Unconfined"]),
    }
}
