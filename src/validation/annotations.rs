//! Annotations that mean something to the API server.

use super::error::quote;
use super::item::At;
use super::path::Path;
use super::volumes::local_path;
use super::{Check, update};

const APP_ARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";
const SECCOMP_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
pub(super) const MIRROR: &str = "kubernetes.io/config.mirror";
const COST: &str = "controller.kubernetes.io/pod-deletion-cost";

/// The cost of deleting a Pod, which is 0 when nothing is said; nothing when it is no number.
pub(super) fn deletion_cost(meta: At<'_>) -> Option<i32> {
    let Some(text) = meta.get("annotations").get(COST).opt_text() else { return Some(0) };
    let starts_well = text == "0" || text.starts_with(|c: char| c == '-' || ('1'..='9').contains(&c));
    if starts_well { text.parse().ok() } else { None }
}

/// Annotations of a Pod or template.
pub(super) fn of_pod(check: &mut Check, meta: At<'_>, spec: At<'_>, path: &Path) {
    let annotations = meta.get("annotations");
    if let Some(mirror) = annotations.get(MIRROR).opt_text()
        && spec.get("nodeName").text().is_empty()
    {
        check.errors.invalid(&path.key(MIRROR), mirror, "must set spec.nodeName if mirror pod annotation is set");
    }
    if !check.options.any_deletion_cost && deletion_cost(meta).is_none() {
        let cost = annotations.get(COST).text();
        check.errors.invalid(&path.key(COST), cost, "must be a 32bit integer");
    }
    if let Some(profile) = annotations.get(SECCOMP_POD).opt_text() {
        seccomp_profile(check, profile, &path.child(SECCOMP_POD));
    }
    for (key, value) in annotations.entries() {
        if key.starts_with(SECCOMP_CONTAINER) {
            seccomp_profile(check, value.text(), &path.child(key));
        }
    }
    for (key, value) in annotations.entries() {
        let Some(container) = key.strip_prefix(APP_ARMOR) else { continue };
        let mut containers = update::all_containers(spec).into_iter();
        if !containers.any(|own| own.get("name").text() == container) {
            check.errors.invalid(&path.key(key), container, "container not found");
        }
        let profile = value.text();
        if !matches!(profile, "" | "runtime/default" | "unconfined") && !profile.starts_with("localhost/") {
            let detail = format!("invalid AppArmor profile name: {}", quote(profile));
            check.errors.invalid(&path.key(key), profile, detail);
        }
    }
}

fn seccomp_profile(check: &mut Check, profile: &str, path: &Path) {
    match profile.strip_prefix("localhost/") {
        Some(local) => local_path(check, local, path),
        None if matches!(profile, "runtime/default" | "docker/default" | "unconfined") => {}
        None => check.errors.invalid(path, profile, "must be a valid seccomp profile"),
    }
}

/// Annotations that must say the same as a field.
pub(super) fn match_fields(check: &mut Check, meta: At<'_>, spec: At<'_>, path: &Path) {
    let annotations = meta.get("annotations");
    if annotations.len() == 0 {
        return;
    }
    let own = path.child("securityContext").child("seccompProfile");
    let pod_seccomp = spec.at(&["securityContext", "seccompProfile"]);
    seccomp_matches(check, annotations.get(SECCOMP_POD), pod_seccomp, &own);
    let containers = update::containers_with_paths(spec, path);
    for (container, path) in &containers {
        let annotation = annotations.get(&format!("{SECCOMP_CONTAINER}{}", container.get("name").text()));
        let path = path.child("securityContext").child("seccompProfile");
        seccomp_matches(check, annotation, container.at(&["securityContext", "seccompProfile"]), &path);
    }
    if spec.at(&["os", "name"]).text() == "windows" {
        return;
    }
    let pod_profile = spec.at(&["securityContext", "appArmorProfile"]);
    for (container, path) in &containers {
        let own = container.at(&["securityContext", "appArmorProfile"]);
        let profile = if own.is_set() { own } else { pod_profile };
        let annotation = annotations.get(&format!("{APP_ARMOR}{}", container.get("name").text()));
        let path = path.child("securityContext").child("appArmorProfile");
        if profile.is_set() {
            compare(check, annotation, profile, "apparmor", &path);
        }
    }
}

fn seccomp_matches(check: &mut Check, annotation: At<'_>, profile: At<'_>, path: &Path) {
    if profile.is_set() {
        compare(check, annotation, profile, "seccomp", path);
    }
}

fn compare(check: &mut Check, annotation: At<'_>, profile: At<'_>, what: &str, path: &Path) {
    let Some(annotation) = annotation.opt_text() else { return };
    let is_docker = what == "seccomp" && annotation == "docker/default";
    let fits = match profile.get("type").text() {
        "Unconfined" => annotation == "unconfined",
        "RuntimeDefault" => annotation == "runtime/default" || is_docker,
        "Localhost" => match annotation.strip_prefix("localhost/") {
            Some(local) => {
                if profile.get("localhostProfile").opt_text() != Some(local) {
                    let detail = format!("{what} profile in annotation and field must match");
                    check.errors.forbidden(&path.child("localhostProfile"), detail);
                }
                true
            }
            None => false,
        },
        _ => true,
    };
    if !fits {
        check.errors.forbidden(&path.child("type"), format!("{what} type in annotation and field must match"));
    }
}

/// What may happen to annotations of a Pod that is there.
pub(super) fn update(check: &mut Check, meta: At<'_>, old: At<'_>, path: &Path) {
    let (new, old) = (meta.get("annotations"), old.get("annotations"));
    for (key, value) in old.entries() {
        if new.get(key).opt_text() == Some(value.text()) {
            continue;
        }
        if key.starts_with(APP_ARMOR) {
            check.errors.forbidden(&path.key(key), "may not remove or update AppArmor annotations");
        }
        if key == MIRROR {
            check.errors.forbidden(&path.key(key), "may not remove or update mirror pod annotation");
        }
    }
    for (key, _) in new.entries().into_iter().filter(|(key, _)| !old.has(key)) {
        if key.starts_with(APP_ARMOR) {
            check.errors.forbidden(&path.key(key), "may not add AppArmor annotations");
        }
        if key == MIRROR {
            check.errors.forbidden(&path.key(key), "may not add mirror pod annotation");
        }
    }
}

/// The profile that an AppArmor annotation stands for: its type and, for a local one, its name.
pub(super) fn app_armor_profile(annotation: &str) -> Option<(&'static str, Option<&str>)> {
    match annotation {
        "unconfined" => Some(("Unconfined", None)),
        "runtime/default" => Some(("RuntimeDefault", None)),
        _ => {
            annotation.strip_prefix("localhost/").filter(|name| !name.is_empty()).map(|name| ("Localhost", Some(name)))
        }
    }
}

/// The annotation about AppArmor for a container.
pub(super) fn app_armor_key(container: At<'_>) -> String {
    format!("{APP_ARMOR}{}", container.get("name").text())
}
