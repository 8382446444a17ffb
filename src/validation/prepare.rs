//! What the server does to an object before it checks it.

use super::item::{At, Item};
use super::warnings::{Warnings, same_profile};
use super::{Verb, annotations, defaults, dropped, jobs, resize};
use crate::release::{Cluster, Feature};

/// Stands for what the server would make up.
const UID: &str = "00000000-0000-4000-8000-000000000000";

/// Defaults, and what a server adds to any object.
pub(super) fn complete(item: &mut Item, kind: &str, cluster: &Cluster) {
    defaults::object(item, kind, cluster);
    let Some(meta) = item.make("metadata") else { return };
    meta.default("namespace", Item::word("default"));
    meta.default("uid", Item::word(UID));
    let prefix = meta.at().get("generateName").text().to_owned();
    if !prefix.is_empty() {
        meta.default("name", Item::Text(format!("{prefix}xxxxx").into()));
    }
    meta.set("generation", Item::Int(1));
    let route: &[&str] = match kind {
        "Pod" => &["metadata", "annotations"],
        "PodTemplate" => &["template", "metadata", "annotations"],
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "metadata", "annotations"],
        _ => &["spec", "template", "metadata", "annotations"],
    };
    // Leftovers of releases before 1.8.
    if let Some(annotations) = item.at_mut(route) {
        for stage in ["alpha", "beta"] {
            for what in ["init-containers", "init-container-statuses"] {
                annotations.remove(&format!("pod.{stage}.kubernetes.io/{what}"));
            }
        }
    }
}

/// What a changed object takes over from the one that is there.
pub(super) fn take_over(item: &mut Item, old: At<'_>) {
    let old_meta = old.get("metadata");
    if let Some(meta) = item.make("metadata") {
        for field in ["creationTimestamp"] {
            if old_meta.has(field) {
                meta.put(field, old_meta.get(field).owned());
            }
        }
        if meta.at().get("uid").text() == UID {
            meta.put("uid", old_meta.get("uid").owned());
        }
        meta.put("generation", old_meta.get("generation").owned());
    }
    item.put("status", old.get("status").owned());
}

/// Drops what is switched off, and does what is done before the checks; gives back what was dropped.
pub(super) fn prepare(
    verb: Verb,
    kind: &str,
    item: &mut Item,
    old: At<'_>,
    cluster: &Cluster,
    warnings: &mut Warnings,
) -> Vec<(String, Feature)> {
    if kind == "Pod" {
        return prepare_pod(verb, item, old, cluster, warnings);
    }
    let mut found = Vec::new();
    if kind == "Job" {
        let before = old.is_set().then(|| old.get("spec"));
        if verb == Verb::Create {
            jobs::generate_selector(item);
        }
        if let Some(spec) = item.get_mut("spec") {
            let of_job = dropped::drop_from_job(spec, before, cluster).0;
            found.extend(of_job.into_iter().map(|(field, feature)| (format!("spec.{field}"), feature)));
        }
    }
    if kind == "StatefulSet" && !cluster.has(Feature::MaxUnavailableStatefulSet) {
        let route = ["spec", "updateStrategy", "rollingUpdate"];
        let in_use = old.at(&route).has("maxUnavailable");
        let rolling = item.at_mut(&route).filter(|_| !in_use);
        if rolling.and_then(|rolling| rolling.remove("maxUnavailable")).is_some() {
            let field = "spec.updateStrategy.rollingUpdate.maxUnavailable".to_owned();
            found.push((field, Feature::MaxUnavailableStatefulSet));
        }
    }
    let route: &[&str] = match kind {
        "PodTemplate" => &["template", "spec"],
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        _ => &["spec", "template", "spec"],
    };
    if let Some(spec) = item.at_mut(route) {
        let of_pod = dropped::drop_disabled(spec, old.at(route), cluster).0;
        found.extend(of_pod.into_iter().map(|(field, feature)| (format!("{}.{field}", route.join(".")), feature)));
    }
    found
}

fn prepare_pod(
    verb: Verb,
    item: &mut Item,
    old: At<'_>,
    cluster: &Cluster,
    warnings: &mut Warnings,
) -> Vec<(String, Feature)> {
    match verb {
        Verb::Create => {
            item.remove("status");
        }
        Verb::Update => {}
        Verb::Resize => resize::keep_only_resources(item, old, cluster),
        Verb::Ephemeral => {
            let own = item.at().at(&["spec", "ephemeralContainers"]).owned();
            item.put("spec", old.get("spec").owned());
            if let Some(spec) = item.get_mut("spec") {
                spec.put("ephemeralContainers", own);
            }
            resize::keep_metadata(item, old);
        }
    }
    let Some(spec) = item.get_mut("spec") else { return Vec::new() };
    let found = dropped::drop_disabled(spec, old.get("spec"), cluster).0;
    if verb == Verb::Create {
        merge_label_keys(item, cluster);
        app_armor(item, cluster, warnings);
    }
    found.into_iter().map(|(field, feature)| (format!("spec.{field}"), feature)).collect()
}

/// Writes the values of label keys into the selectors beside them.
fn merge_label_keys(pod: &mut Item, cluster: &Cluster) {
    let labels = pod.at().at(&["metadata", "labels"]).owned();
    let labels = labels.as_ref().map_or(At::NONE, Item::at);
    let Some(spec) = pod.get_mut("spec") else { return };
    if cluster.has(Feature::MatchLabelKeysInAffinity) {
        for kind in ["podAffinity", "podAntiAffinity"] {
            let Some(affinity) = spec.at_mut(&["affinity", kind]) else { continue };
            for term in affinity.list_mut("preferredDuringSchedulingIgnoredDuringExecution") {
                if let Some(term) = term.get_mut("podAffinityTerm") {
                    merge(term, labels);
                }
            }
            for term in affinity.list_mut("requiredDuringSchedulingIgnoredDuringExecution") {
                merge(term, labels);
            }
        }
    }
    let merges = [Feature::MatchLabelKeysInTopologySpread, Feature::MatchLabelKeysSelectorMerge];
    if merges.iter().all(|feature| cluster.has(*feature)) {
        for constraint in spec.list_mut("topologySpreadConstraints") {
            merge(constraint, labels);
        }
    }
}

fn merge(term: &mut Item, labels: At<'_>) {
    let mut added = Vec::new();
    for (field, operator) in [("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn")] {
        for key in term.at().get(field).texts() {
            let Some(value) = labels.get(key).opt_text() else { continue };
            added.push(Item::Struct(vec![
                ("key".into(), Item::text(key)),
                ("operator".into(), Item::text(operator)),
                ("values".into(), Item::List(vec![Item::text(value)])),
            ]));
        }
    }
    let Some(selector) = term.get_mut("labelSelector").filter(|_| !added.is_empty()) else { return };
    selector.default_absent("matchExpressions", Item::List(Vec::new()));
    if let Some(Item::List(expressions)) = selector.get_mut("matchExpressions") {
        expressions.extend(added);
    }
}

/// Turns annotations about AppArmor, as they were before 1.30, into fields.
fn app_armor(pod: &mut Item, cluster: &Cluster, warnings: &mut Warnings) {
    let at = pod.at();
    if cluster.release.minor() < 30 || at.at(&["spec", "os", "name"]).text() == "windows" {
        return;
    }
    let given = at.at(&["metadata", "annotations"]).owned();
    let profile = at.at(&["spec", "securityContext", "appArmorProfile"]).owned();
    let (Some(given), Some(spec)) = (given, pod.get_mut("spec")) else { return };
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        for container in spec.list_mut(list) {
            let key = annotations::app_armor_key(container.at());
            let Some(annotation) = given.at().get(&key).opt_text() else { continue };
            if container.at().at(&["securityContext", "appArmorProfile"]).is_set() {
                continue;
            }
            let usable = annotations::app_armor_profile(annotation)
                .filter(|(_, name)| name.is_none_or(|name| name.trim() == name && name.len() <= 4095));
            let is_told = usable.is_none();
            let is_same = profile.as_ref().is_some_and(|profile| same_profile(annotation, profile.at()));
            if let Some((kind, name)) = usable.filter(|_| !is_same) {
                let mut field = vec![("type".into(), Item::text(kind))];
                field.extend(name.map(|name| ("localhostProfile".into(), Item::text(name))));
                if let Some(security) = container.make("securityContext") {
                    security.set("appArmorProfile", Item::Struct(field));
                }
            }
            if is_told || !is_same {
                let path = super::path::Path::new("metadata").child("annotations").key(&key);
                warnings.at(&path, "deprecated since v1.30; use the \"appArmorProfile\" field instead");
            }
        }
    }
}
