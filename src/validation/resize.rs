//! The `resize` subresource of a Pod.

use super::error::Bad;
use super::item::{At, Item, Key};
use super::path::Path;
use super::resources::{Amounts, amounts, is_pod_level};
use super::{Check, annotations, metadata, pod_spec, update};
use crate::quantity::Quantity;
use crate::release::{Cluster, Feature};

/// Keeps of a request what a resize may change; all of it when containers were added, removed or renamed, which is
/// refused later.
pub(super) fn keep_only_resources(new: &mut Item, old: At<'_>, cluster: &Cluster) {
    let old_spec = old.get("spec");
    let spec = new.at().get("spec");
    let lists = ["containers", "initContainers"];
    if lists.iter().any(|list| spec.get(list).len() != old_spec.get(list).len()) {
        return;
    }
    let merged = lists.map(|list| {
        let own = spec.get(list);
        let is_renamed = |(own, old): (At<'_>, At<'_>)| !own.get("name").same(old.get("name"));
        if own.items().zip(old_spec.get(list).items()).any(is_renamed) {
            return own.owned();
        }
        let merge = |(own, old): (At<'_>, At<'_>)| {
            let mut container = old.owned().unwrap_or_else(Item::empty);
            container.put("resources", own.get("resources").owned());
            container.put("resizePolicy", own.get("resizePolicy").owned());
            container
        };
        let items: Vec<Item> = own.items().zip(old_spec.get(list).items()).map(merge).collect();
        own.is_set().then_some(Item::List(items))
    });
    let pod_level = spec.get("resources").owned();
    let mut kept = old_spec.owned().unwrap_or_else(Item::empty);
    if cluster.has(Feature::InPlacePodLevelResize) {
        kept.put("resources", pod_level);
    }
    let [containers, inits] = merged;
    kept.put("containers", containers);
    kept.put("initContainers", inits);
    new.set("spec", kept);
    keep_metadata(new, old);
    new.put("status", old.get("status").owned());
}

/// Subresources change no metadata but `managedFields`.
pub(super) fn keep_metadata(new: &mut Item, old: At<'_>) {
    let fields =
        ["deletionTimestamp", "generation", "selfLink", "labels", "annotations", "finalizers", "ownerReferences"];
    if let Some(meta) = new.make("metadata") {
        for field in fields {
            meta.put(field, old.get("metadata").get(field).owned());
        }
    }
}

/// The class that says who is killed first.
fn qos(pod: At<'_>, cluster: &Cluster) -> &'static str {
    let spec = pod.get("spec");
    let (mut requests, mut limits) = (Amounts::new(), Amounts::new());
    let add = |to: &mut Amounts<'_>, name: &'static str, amount: Quantity| {
        let sum = to.get(name).map_or(amount, |known| known.plus(amount));
        to.insert(name, sum);
    };
    let mut is_guaranteed = true;
    let mut take = |resources: At<'_>, skips_empty: bool| {
        let (own_requests, own_limits) = (amounts(resources.get("requests")), amounts(resources.get("limits")));
        let some = |of: &Amounts<'_>, name: &str| of.get(name).copied().filter(|a| a.nano() > 0);
        for name in ["cpu", "memory"] {
            if let Some(amount) = some(&own_requests, name) {
                add(&mut requests, name, amount);
            }
            match some(&own_limits, name) {
                Some(amount) => add(&mut limits, name, amount),
                None if skips_empty && own_limits.is_empty() => {}
                None => is_guaranteed = false,
            }
        }
    };
    if cluster.has(Feature::PodLevelResources) && spec.has("resources") {
        take(spec.get("resources"), true);
    } else {
        for list in ["containers", "initContainers"] {
            for container in spec.get(list).items() {
                take(container.get("resources"), false);
            }
        }
    }
    if requests.is_empty() && limits.is_empty() {
        return "BestEffort";
    }
    let is_equal = requests.len() == limits.len() && requests.iter().all(|(name, own)| limits.get(name) == Some(own));
    if is_guaranteed && is_equal { "Guaranteed" } else { "Burstable" }
}

/// Checks a resize.
pub(super) fn resize(check: &mut Check, new: At<'_>, old: At<'_>) {
    let (spec, old_spec) = (new.get("spec"), old.get("spec"));
    let path = Path::new("spec");
    metadata::metadata_update(check, new.get("metadata"), old.get("metadata"));
    pod_spec::pod(check, new);
    let has_pod_level =
        |spec: At<'_>| spec.at(&["resources", "requests"]).len() + spec.at(&["resources", "limits"]).len() > 0;
    let any_pod_level = has_pod_level(spec) || has_pod_level(old_spec);
    let refused = if any_pod_level && check.minor() < 35 {
        Some("pods with pod-level resources cannot be resized")
    } else if old.at(&["metadata", "annotations"]).has(annotations::MIRROR) {
        Some("static pods cannot be resized")
    } else if old_spec.at(&["os", "name"]).text() == "windows" {
        Some("windows pods cannot be resized")
    } else {
        None
    };
    if let Some(refused) = refused {
        check.errors.found.clear();
        return check.errors.forbidden(&Path::new("[]"), refused);
    }
    let class = qos(old, &check.cluster);
    if class != qos(new, &check.cluster) {
        check.errors.invalid(&path, Bad::alias(class), "Pod QOS Class may not change as a result of resizing");
    }
    let running = old.at(&["status", "containerStatuses"]).items().find(|s| s.at(&["state", "running"]).is_set());
    if running.is_some_and(|status| !status.has("resources")) {
        check.errors.forbidden(&path, "Pod running on node without support for resize");
    }
    let Some(mut munged) = spec.owned() else { return };
    if any_pod_level {
        if !check.options.pod_level_resize {
            let detail = "resize of pods with pod-level resources is forbidden when \
                          InPlacePodLevelResourcesVerticalScalingEnabled feature gate is disabled";
            return check.errors.forbidden(&Path::new("[]"), detail);
        }
        pod_level(check, &mut munged, old_spec, &path);
    }
    if renamed(check, spec, old_spec, &path) {
        return;
    }
    let any_init = check.has(Feature::InPlaceResizeOfInitContainers);
    for list in ["initContainers", "containers"] {
        for (index, (own, old)) in spec.get(list).items().zip(old_spec.get(list).items()).enumerate() {
            if list == "containers" || any_init || update::is_sidecar(old) {
                removed(check, own, old, &path.child(list).index(index).child("resources"));
            }
        }
    }
    for (container, old) in munged.list_mut("containers").iter_mut().zip(old_spec.get("containers").items()) {
        take_over(container, old, check.minor());
        if !container.at().same(old) {
            check.errors.forbidden(&path, "only cpu and memory resources are mutable");
        }
    }
    init_containers(check, &mut munged, old_spec, any_init, &path);
    if check.errors.found.is_empty() && !munged.at().same(old_spec) {
        check.errors.forbidden(&path, "only cpu and memory resources are mutable");
    }
}

fn init_containers(check: &mut Check, munged: &mut Item, old_spec: At<'_>, any_init: bool, path: &Path) {
    let olds = old_spec.get("initContainers").items();
    for (index, (container, old)) in munged.list_mut("initContainers").iter_mut().zip(olds).enumerate() {
        let own_path = path.child("initContainers").index(index);
        let is_sidecar = update::is_sidecar(container.at());
        let is_changed = !container.at().same(old);
        if is_sidecar || any_init {
            take_over(container, old, check.minor());
            if !container.at().same(old) {
                if check.minor() >= 36 {
                    let detail = "only cpu and memory resources for init or sidecar containers are mutable";
                    check.errors.forbidden(&own_path, detail);
                } else {
                    check.errors.forbidden(path, "only cpu and memory resources for sidecar containers are mutable");
                }
            }
            if is_changed && !is_sidecar {
                for policy in container.at().get("resizePolicy").items() {
                    if policy.get("restartPolicy").text() == "RestartContainer" {
                        let detail =
                            "non-sidecar init containers with a resize policy of RestartContainer cannot be resized";
                        check.errors.forbidden(&own_path, detail);
                    }
                }
            }
        } else if is_changed {
            check.errors.forbidden(path, "resources for non-sidecar init containers are immutable");
        }
    }
}

fn renamed(check: &mut Check, spec: At<'_>, old: At<'_>, path: &Path) -> bool {
    let before = check.errors.found.len();
    for list in ["containers", "initContainers"] {
        let (own, old, path) = (spec.get(list), old.get(list), path.child(list));
        if own.len() != old.len() {
            check.errors.forbidden(&path, format!("{list} may not be added or removed on resize"));
            continue;
        }
        for (index, (own, old)) in own.items().zip(old.items()).enumerate() {
            if !own.get("name").same(old.get("name")) {
                let detail = format!("{list} may not be renamed or reordered on resize");
                check.errors.forbidden(&path.index(index).child("name"), detail);
            }
        }
    }
    check.errors.found.len() > before
}

/// Whether an amount that was there is there no more.
fn lost(new: At<'_>, old: At<'_>) -> bool {
    old.len() > new.len() || old.entries().into_iter().any(|(name, _)| !new.has(name))
}

fn removed(check: &mut Check, own: At<'_>, old: At<'_>, path: &Path) {
    let (new, before) = (own.get("resources"), old.get("resources"));
    for (list, what) in [("requests", "requests"), ("limits", "limits")] {
        if lost(new.get(list), before.get(list)) {
            check.errors.forbidden(&path.child(list), format!("resource {what} cannot be removed"));
        }
    }
    if check.minor() >= 34 {
        return;
    }
    let policies = own.get("resizePolicy");
    let memory = policies.items().find(|policy| policy.get("resourceName").text() == "memory");
    if memory.is_some_and(|policy| policy.get("restartPolicy").text() == "RestartContainer") {
        return;
    }
    let (new, before) = (amounts(new.get("limits")), amounts(before.get("limits")));
    let path = path.child("limits").key("memory");
    let verb = match (new.get("memory"), before.get("memory")) {
        (Some(new), Some(old)) if new < old => "decreased",
        (Some(_), None) => "added",
        _ => return,
    };
    let detail = format!("memory limits cannot be {verb} unless resizePolicy is RestartContainer");
    check.errors.forbidden(&path, detail);
}

/// Takes CPU and memory over from what is there.
fn take_over(container: &mut Item, old: At<'_>, minor: u8) {
    let mut resources = Item::empty();
    for list in ["limits", "requests"] {
        let before = old.at(&["resources", list]);
        if minor < 35 && !before.is_set() {
            continue;
        }
        let own = container.at().at(&["resources", list]);
        resources.put(list, merged(own, before).filter(|list| list.at().len() > 0));
    }
    container.put("resources", (!resources.at().is_zero()).then_some(resources));
}

fn merged(own: At<'_>, before: At<'_>) -> Option<Item> {
    if !own.is_set() && !before.is_set() {
        return None;
    }
    let mut list = own.owned().unwrap_or_else(|| Item::Map(Vec::new()));
    for name in ["cpu", "memory"] {
        list.put(name, before.get(name).owned());
    }
    Some(list)
}

fn pod_level(check: &mut Check, munged: &mut Item, old: At<'_>, path: &Path) {
    let (new, before) = (munged.at().get("resources"), old.get("resources"));
    let own = path.child("resources");
    if before.is_set() && !new.is_set() {
        return check.errors.forbidden(&own, "pod-level resources cannot be removed");
    }
    for list in ["requests", "limits"] {
        if before.is_set() && lost(new.get(list), before.get(list)) {
            check.errors.forbidden(&own.child(list), format!("pod-level resource {list} cannot be removed"));
        }
    }
    if new.is_set() {
        let mut resources = new.owned().unwrap_or_else(Item::empty);
        for list in ["requests", "limits"] {
            let kept = merged(new.get(list), before.get(list));
            resources.put(list, kept);
        }
        let is_empty = ["requests", "limits", "claims"].iter().all(|list| resources.at().get(list).len() == 0);
        let is_nothing = is_empty && !before.is_set();
        munged.put("resources", (!is_nothing).then_some(resources));
    }
    if !munged.at().get("resources").same(before) {
        check.errors.forbidden(path, "only cpu and memory resources are mutable at pod-level");
    }
}

/// Fills in the requests of the Pod as a whole, as the server does for new and changed Pods.
pub(super) fn default_pod_level(spec: &mut Item, minor: u8) {
    let at = spec.at();
    let resources = at.get("resources");
    if !resources.is_set() {
        return;
    }
    let texts = |of: Amounts<'_>| -> Vec<(String, String)> {
        of.into_iter().map(|(name, amount)| (name.to_owned(), amount.to_string())).collect()
    };
    let is_huge = |name: &str| name.starts_with("hugepages-");
    let (mut requests, mut limits) = (amounts_of(resources.get("requests")), amounts_of(resources.get("limits")));
    if limits.len() + requests.len() > 0 {
        for (name, sum) in texts(super::resources::aggregate(at, "limits")) {
            let is_requested = minor >= 34 && requests.iter().any(|(own, _)| *own == name);
            if is_huge(&name) && !is_requested && !limits.iter().any(|(own, _)| *own == name) {
                limits.push((name.into(), Item::text(&sum)));
            }
        }
    }
    if !limits.is_empty() {
        for (name, sum) in texts(super::resources::aggregate(at, "requests")) {
            if is_pod_level(&name) && !is_huge(&name) && !requests.iter().any(|(own, _)| *own == name) {
                requests.push((name.into(), Item::text(&sum)));
            }
        }
        for (name, limit) in &limits {
            if is_pod_level(name) && !requests.iter().any(|(own, _)| own == name) {
                requests.push((name.clone(), limit.clone()));
            }
        }
    }
    if let Some(resources) = spec.get_mut("resources") {
        for (list, amounts) in [("limits", limits), ("requests", requests)] {
            if !amounts.is_empty() {
                resources.set(list, Item::Map(amounts));
            }
        }
    }
}

fn amounts_of(list: At<'_>) -> Vec<(Key, Item)> {
    list.entries().into_iter().filter_map(|(name, at)| Some((Key::Owned(name.to_owned()), at.owned()?))).collect()
}
