//! Windows, and what a Pod may not have because of its operating system.

use super::item::At;
use super::path::Path;
use super::{Check, names, update};

/// `windowsOptions`.
pub(super) fn options(check: &mut Check, at: At<'_>, path: &Path) {
    if let Some(name) = at.get("gmsaCredentialSpecName").opt_text() {
        for message in names::dns_subdomain(name) {
            check.errors.invalid(&path.child("gmsaCredentialSpecName"), name, message);
        }
    }
    if let Some(spec) = at.get("gmsaCredentialSpec").opt_text() {
        let path = path.child("gmsaCredentialSpec");
        if spec.is_empty() {
            check.errors.invalid(&path, spec, "gmsaCredentialSpec cannot be an empty string");
        } else if spec.len() > 64 * 1024 {
            check.errors.invalid(&path, spec, "gmsaCredentialSpec size must be under 64 KiB");
        }
    }
    if let Some(name) = at.get("runAsUserName").opt_text() {
        for detail in user_name(name) {
            check.errors.invalid(&path.child("runAsUserName"), name, detail);
        }
    }
}

fn user_name(name: &str) -> Vec<&'static str> {
    if name.is_empty() {
        return vec!["runAsUserName cannot be an empty string"];
    }
    if name.chars().any(|c| c.is_ascii_control()) {
        return vec!["runAsUserName cannot contain control characters"];
    }
    if name.matches('\\').count() > 1 {
        return vec!["runAsUserName cannot contain more than one backslash"];
    }
    let mut details = Vec::new();
    let (domain, user) = name.split_once('\\').map_or((None, name), |(domain, user)| (Some(domain), user));
    if domain.is_some_and(|domain| domain.len() >= 256) {
        details.push("runAsUserName's Domain length must be under 256 characters");
    }
    if domain.is_some_and(|domain| !is_net_bios(domain) && !is_domain(domain)) {
        details.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
    }
    if user.is_empty() {
        details.push("runAsUserName's User cannot be empty");
    } else if user.len() > 104 {
        details.push("runAsUserName's User length must not be longer than 104 characters");
    }
    if !user.is_empty() && user.chars().all(|c| matches!(c, '.' | ' ')) {
        details.push("runAsUserName's User cannot contain only periods or spaces");
    }
    if user.contains(|c: char| "\"/\\:;|=,+*?<>@[]".contains(c)) {
        details.push("runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]");
    }
    details
}

fn is_net_bios(domain: &str) -> bool {
    let odd = |c: char| "\\/:*?\"<>|".contains(c);
    (1..=15).contains(&domain.chars().count()) && !domain.contains(odd) && !domain.starts_with('.')
}

fn is_domain(domain: &str) -> bool {
    domain.split('.').all(|part| {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
        (1..=63).contains(&part.len()) && part.chars().all(fits) && !part.starts_with('-') && !part.ends_with('-')
    })
}

/// Containers that run as processes of a Windows host.
pub(super) fn host_process(check: &mut Check, spec: At<'_>, path: &Path) {
    let own = |at: At<'_>| at.at(&["securityContext", "windowsOptions", "hostProcess"]).opt_bool();
    let pod = own(spec);
    let (mut all, mut count) = (0, 0);
    for (container, path) in update::containers_with_paths(spec, path) {
        all += 1;
        let container = own(container);
        if let (Some(pod), Some(container)) = (pod, container)
            && pod != container
        {
            let path = path.child("securityContext").child("windowsOptions").child("hostProcess");
            let detail = format!("pod hostProcess value must be identical if both are specified, was {pod}");
            check.errors.invalid(&path, container, detail);
        }
        count += i32::from(container.or(pod) == Some(true));
    }
    if count == 0 {
        return;
    }
    if count != all {
        let detail = "If pod contains any hostProcess containers then all containers must be HostProcess containers";
        check.errors.invalid(path, "", detail);
    }
    if !spec.get("hostNetwork").bool() {
        let detail = "hostNetwork must be true if pod contains any hostProcess containers";
        check.errors.invalid(&path.child("hostNetwork"), false, detail);
    }
}

/// `spec.os`, and what it forbids.
pub(super) fn os(check: &mut Check, spec: At<'_>, path: &Path) {
    if !spec.has("os") {
        return;
    }
    let name = spec.at(&["os", "name"]).text();
    let own = path.child("os");
    match name {
        "" => check.errors.required(&own.child("name"), if check.minor() >= 34 { "" } else { "cannot be empty" }),
        "linux" => linux(check, spec, path),
        "windows" => windows(check, spec, path),
        _ => check.errors.not_supported(&own, super::error::Bad::alias(name), &["linux", "windows"]),
    }
}

fn linux(check: &mut Check, spec: At<'_>, path: &Path) {
    let spec_itself = std::iter::once((spec, path.clone()));
    for (at, path) in spec_itself.chain(update::containers_with_paths(spec, path)) {
        if at.at(&["securityContext", "windowsOptions"]).is_set() {
            let path = path.child("securityContext").child("windowsOptions");
            check.errors.forbidden(&path, "windows options cannot be set for a linux pod");
        }
    }
}

fn windows(check: &mut Check, spec: At<'_>, path: &Path) {
    let refused = "cannot be set for a windows pod";
    let own = path.child("securityContext");
    let security = spec.get("securityContext");
    let mut refuse = |is_set: bool, path: &Path| {
        if is_set {
            check.errors.forbidden(path, refused);
        }
    };
    for field in ["appArmorProfile", "seLinuxOptions"] {
        refuse(security.has(field), &own.child(field));
    }
    refuse(spec.has("hostUsers"), &path.child("hostUsers"));
    refuse(spec.get("hostPID").bool(), &path.child("hostPID"));
    refuse(spec.get("hostIPC").bool(), &path.child("hostIPC"));
    for field in ["seccompProfile", "fsGroup", "fsGroupChangePolicy"] {
        refuse(security.has(field), &own.child(field));
    }
    refuse(security.get("sysctls").len() > 0, &own.child("sysctls"));
    refuse(spec.has("shareProcessNamespace"), &path.child("shareProcessNamespace"));
    for field in ["runAsUser", "runAsGroup", "supplementalGroups", "supplementalGroupsPolicy", "seLinuxChangePolicy"] {
        refuse(security.has(field), &own.child(field));
    }
    let fields = [
        "appArmorProfile",
        "seLinuxOptions",
        "seccompProfile",
        "capabilities",
        "readOnlyRootFilesystem",
        "privileged",
        "allowPrivilegeEscalation",
        "procMount",
        "runAsUser",
        "runAsGroup",
    ];
    for (container, path) in update::containers_with_paths(spec, path) {
        for field in fields {
            refuse(container.at(&["securityContext", field]).is_set(), &path.child("securityContext").child(field));
        }
    }
}
