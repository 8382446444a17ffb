//! What may change in a Pod that is there.

use super::error::Bad;
use super::item::{At, Item};
use super::path::Path;
use super::{Check, annotations, metadata, names, pod_spec, scheduling};

/// Whether an init container is a native sidecar.
pub(super) fn is_sidecar(container: At<'_>) -> bool {
    container.get("restartPolicy").text() == "Always"
}

/// Init, regular and ephemeral containers, in this order, with their paths.
pub(super) fn containers_with_paths<'p>(spec: At<'p>, path: &Path) -> Vec<(At<'p>, Path)> {
    let mut found = Vec::new();
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        let path = path.child(list);
        found.extend(spec.get(list).items().enumerate().map(|(index, container)| (container, path.index(index))));
    }
    found
}

/// Init, regular and ephemeral containers.
pub(super) fn all_containers(spec: At<'_>) -> Vec<At<'_>> {
    let lists = ["initContainers", "containers", "ephemeralContainers"];
    lists.into_iter().flat_map(|list| spec.get(list).items()).collect()
}

/// Whether a variable of a container comes from a file.
pub(super) fn uses_env_file(container: At<'_>) -> bool {
    container.get("env").items().any(|variable| variable.at(&["valueFrom", "fileKeyRef"]).is_set())
}

/// The service account, by its new or old name.
pub(super) fn service_account(spec: At<'_>) -> &str {
    let name = spec.get("serviceAccountName").text();
    if name.is_empty() { spec.get("serviceAccount").text() } else { name }
}

/// The start of an error about fields that may not change; what differs is told behind it by the server.
const FIXED: &str = "pod updates may not change fields other than `spec.containers[*].image`,\
    `spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),\
    `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/// A changed Pod.
pub(super) fn pod(check: &mut Check, new: At<'_>, old: At<'_>) {
    let (meta, spec) = (new.get("metadata"), new.get("spec"));
    let (old_meta, old_spec) = (old.get("metadata"), old.get("spec"));
    let path = Path::new("spec");
    metadata::metadata_update(check, meta, old_meta);
    pod_spec::pod(check, new);
    let annotations_path = Path::new("metadata").child("annotations");
    annotations::update(check, meta, old_meta, &annotations_path);
    annotations::of_pod(check, meta, spec, &annotations_path);
    for list in ["containers", "initContainers"] {
        let (own, path) = (spec.get(list), path.child(list));
        if own.len() != old_spec.get(list).len() {
            return check.errors.forbidden(&path, "pod updates may not add or remove containers");
        }
        for (index, container) in own.items().enumerate() {
            let (image, path) = (container.get("image").text(), path.index(index).child("image"));
            if image.is_empty() {
                check.errors.required(&path, "");
            }
            if image.trim() != image {
                check.errors.invalid(&path, image, "must not have leading or trailing whitespace");
            }
        }
    }
    if !deadline(check, spec, old_spec, &path) {
        return;
    }
    tolerations(check, spec, old_spec, &path.child("tolerations"));
    gates(check, spec, old_spec, &path.child("schedulingGates"));
    if spec.same(old_spec) {
        return;
    }
    let Some(mut munged) = spec.owned() else { return };
    forgive(&mut munged, old_spec);
    if old_spec.get("schedulingGates").len() > 0 {
        forgive_placement(check, &mut munged, old_spec, &path);
    }
    if !munged.at().same(old_spec) {
        check.errors.forbidden(&path, FIXED);
    }
}

/// Takes over what may change.
fn forgive(munged: &mut Item, old: At<'_>) {
    for list in ["containers", "initContainers"] {
        for (container, old) in munged.list_mut(list).iter_mut().zip(old.get(list).items()) {
            container.put("image", old.get("image").owned());
        }
    }
    for field in ["activeDeadlineSeconds", "schedulingGates", "tolerations"] {
        munged.put(field, old.get(field).owned());
    }
    let grace = "terminationGracePeriodSeconds";
    if old.get(grace).int() < 0 && munged.at().get(grace).opt_int() == Some(1) {
        munged.put(grace, old.get(grace).owned());
    }
}

/// While a Pod is gated, its placement may become narrower.
fn forgive_placement(check: &mut Check, munged: &mut Item, old: At<'_>, path: &Path) {
    let selector = munged.at().get("nodeSelector");
    let is_kept = |(key, value): (&str, At<'_>)| selector.get(key).opt_text() == Some(value.text());
    if !old.get("nodeSelector").entries().into_iter().all(is_kept) {
        let detail = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
        check.errors.invalid(&path.child("nodeSelector"), selector, detail);
    }
    munged.put("nodeSelector", old.get("nodeSelector").owned());
    let old_node = old.at(&["affinity", "nodeAffinity"]);
    let node = munged.at().at(&["affinity", "nodeAffinity"]);
    if node.same(old_node) {
        return;
    }
    node_affinity(check, node, old_node, &path.child("affinity").child("nodeAffinity"));
    let affinity = munged.at().get("affinity");
    let has_others = affinity.has("podAffinity") || affinity.has("podAntiAffinity");
    if affinity.is_set() && !old.has("affinity") && !has_others {
        munged.remove("affinity");
    } else if let Some(affinity) = munged.make("affinity") {
        affinity.put("nodeAffinity", old_node.owned());
    }
}

fn node_affinity(check: &mut Check, new: At<'_>, old: At<'_>, path: &Path) {
    let required = "requiredDuringSchedulingIgnoredDuringExecution";
    let terms = |at: &At<'_>| at.get(required).get("nodeSelectorTerms").len();
    let (count, old_count) = (terms(&new), terms(&old));
    let path = path.child(required).child("nodeSelectorTerms");
    let (terms, old_terms) = (new.at(&[required, "nodeSelectorTerms"]), old.at(&[required, "nodeSelectorTerms"]));
    if old_count > 0 && old_count != count {
        let detail = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
        return check.errors.invalid(&path, terms, detail);
    }
    for (index, old) in old_terms.items().enumerate() {
        let term = terms.nth(index);
        let lists = ["matchExpressions", "matchFields"];
        let was_empty = lists.iter().all(|list| old.get(list).len() == 0);
        let grew_from_nothing = was_empty && lists.iter().any(|list| term.get(list).len() > 0);
        let keeps = |list: &&str| {
            let (own, old) = (term.get(list), old.get(list));
            own.len() >= old.len() && old.items().zip(own.items()).all(|(old, own)| old.same(own))
        };
        if grew_from_nothing || !lists.iter().all(keeps) {
            let detail = "only additions are allowed (no mutations or deletions)";
            check.errors.invalid(&path.index(index), term, detail);
        }
    }
}

/// The deadline may only come nearer; gives back whether the server goes on.
fn deadline(check: &mut Check, spec: At<'_>, old: At<'_>, path: &Path) -> bool {
    let field = "activeDeadlineSeconds";
    let (path, most) = (path.child(field), i64::from(i32::MAX));
    match (spec.get(field).opt_int(), old.get(field).opt_int()) {
        (Some(new), _) if !(0..=most).contains(&new) => {
            check.errors.invalid(&path, new, names::between(0, most));
            false
        }
        (Some(new), Some(old)) if old < new => {
            check.errors.invalid(&path, new, "must be less than or equal to previous value");
            false
        }
        (None, Some(_)) => {
            let detail = "must not update from a positive integer to nil value";
            check.errors.invalid(&path, Bad::from(At::NONE), detail);
            true
        }
        _ => true,
    }
}

fn tolerations(check: &mut Check, spec: At<'_>, old: At<'_>, path: &Path) {
    let own = spec.get("tolerations");
    let is_kept = |old: At<'_>| {
        own.items().any(|new| ["key", "operator", "value", "effect"].iter().all(|f| new.get(f).same(old.get(f))))
    };
    if old.get("tolerations").items().all(is_kept) {
        scheduling::tolerations(check, own, path);
    } else {
        check.errors.forbidden(path, "existing toleration can not be modified except its tolerationSeconds");
    }
}

fn gates(check: &mut Check, spec: At<'_>, old: At<'_>, path: &Path) {
    let name = |gate: At<'_>| gate.get("name").text().to_owned();
    let old: Vec<String> = old.get("schedulingGates").items().map(name).collect();
    let own: Vec<String> = spec.get("schedulingGates").items().map(name).collect();
    for (index, gate) in own.iter().enumerate() {
        // Of a gate that is there twice, the server keeps the last.
        if !old.contains(gate) && !own.iter().skip(index + 1).any(|later| later == gate) {
            let detail = format!("only deletion is allowed, but found new scheduling gate '{gate}'");
            check.errors.forbidden(&path.index(index).child("name"), detail);
        }
    }
}

/// A Pod with a changed list of ephemeral containers.
pub(super) fn ephemeral(check: &mut Check, new: At<'_>, old: At<'_>) {
    let (meta, old_meta) = (new.get("metadata"), old.get("metadata"));
    if old_meta.get("annotations").has(annotations::MIRROR) {
        return check.errors.forbidden(&Path::new("[]"), "static pods do not support ephemeral containers");
    }
    metadata::metadata_update(check, meta, old_meta);
    pod_spec::pod(check, new);
    let annotations_path = Path::new("metadata").child("annotations");
    annotations::update(check, meta, old_meta, &annotations_path);
    annotations::of_pod(check, meta, new.get("spec"), &annotations_path);
    let path = Path::new("spec").child("ephemeralContainers");
    let own = new.at(&["spec", "ephemeralContainers"]);
    for old in old.at(&["spec", "ephemeralContainers"]).items() {
        let name = old.get("name").text();
        let quoted = super::error::quote(name);
        match own.items().rfind(|container| container.get("name").text() == name) {
            None => {
                check.errors.forbidden(&path, format!("existing ephemeral containers {quoted} may not be removed"));
            }
            Some(own) if !own.same(old) => {
                check.errors.forbidden(&path, format!("existing ephemeral containers {quoted} may not be changed"));
            }
            Some(_) => {}
        }
    }
}
