//! Kubernetes objects. Pod specs are found where their kind has them, and by shape everywhere else, so that operator
//! resources, partial manifests and misplaced specs are read too.

use super::pod_spec::{self, Engine};
use super::{int_at, job, pairs_of, relates, text_of};
use crate::model::{ContainerField, Dialect, Model, Object, Pairs, Workload};
use crate::source::Value;
use std::collections::HashSet;

/// Deepest level at which a Pod spec is searched by shape, below the top of its object.
const SEARCH_DEPTH: usize = 24;

/// Reads an object, or each of a list of objects.
pub(super) fn read(document: u32, is_embedded: bool, root: Value<'_>, model: &mut Model) {
    let kind = text_of(root, "kind");
    let is_list = kind.as_deref().is_none_or(|kind| kind.ends_with("List"));
    if is_list && let Some(items) = root.get("items").filter(|items| items.is_sequence()) {
        for item in items.items() {
            read_object(document, is_embedded, item, model);
        }
    } else if kind.as_deref() == Some("Template")
        && let Some(objects) = root.get("objects").filter(|objects| objects.is_sequence())
    {
        // An OpenShift Template: a list with parameters.
        for item in objects.items() {
            read_object(document, is_embedded, item, model);
        }
    } else if root.is_sequence() {
        for item in root.items() {
            read_object(document, is_embedded, item, model);
        }
    } else {
        read_object(document, is_embedded, root, model);
    }
}

fn read_object(document: u32, is_embedded: bool, root: Value<'_>, model: &mut Model) {
    if !root.is_mapping() {
        return;
    }
    let kind = text_of(root, "kind");
    let metadata = root.get("metadata");
    let from_metadata = |key| metadata.and_then(|metadata| text_of(metadata, key));
    let object = Object {
        document,
        node: root.id(),
        api_version: text_of(root, "apiVersion"),
        namespace: from_metadata("namespace"),
        name: from_metadata("name").or_else(|| from_metadata("generateName")),
        labels: pairs_of(metadata.and_then(|metadata| metadata.get("labels"))),
        annotations: pairs_of(metadata.and_then(|metadata| metadata.get("annotations"))),
        owners: metadata.map(owners).unwrap_or_default(),
        relates: relates::read(kind.as_deref(), root),
        kind,
    };
    let index = model.objects.len();
    let engine = Engine::of(object.api_version.as_deref());
    let mut add = |found: Found<'_>| {
        let pod = pod_spec::read(engine, found.holder, found.spec, root);
        if pod.containers.is_empty() && !found.is_well_placed {
            return;
        }
        model.workloads.push(Workload {
            object: index,
            dialect: Dialect::Kubernetes,
            document,
            kind: object.kind.clone(),
            name: object.name.clone(),
            namespace: object.namespace.clone(),
            pod_path: found.path,
            is_well_placed: found.is_well_placed,
            owners: object.owners.clone(),
            is_embedded,
            is_whole: is_whole(object.kind.as_deref(), root),
            replicas: root.get("spec").and_then(|spec| int_at(spec, "replicas")),
            job: job::read(object.kind.as_deref(), root),
            pod,
        });
    };
    match usual_place(object.kind.as_deref()).and_then(|route| find_at(root, route)) {
        Some(found) => add(found),
        None if !is_plain_data(object.kind.as_deref()) => find_by_shape(engine, root, &mut add),
        None => {}
    }
    model.add(object);
}

/// A Pod spec and where it was found.
struct Found<'d> {
    /// The Pod or template around the spec, which has the metadata of the Pod; the object itself for a bare spec.
    holder: Option<Value<'d>>,
    spec: Value<'d>,
    path: String,
    is_well_placed: bool,
}

/// Patches of kustomize leave out what they do not change, such as the selector.
fn is_whole(kind: Option<&str>, root: Value<'_>) -> bool {
    let has = |route: &[&str]| root.at(route).is_some();
    match kind {
        Some("Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet") => {
            has(&["apiVersion"]) && has(&["metadata", "name"]) && has(&["spec", "selector"])
        }
        Some("CronJob") => has(&["apiVersion"]) && has(&["spec", "schedule"]),
        _ => has(&["apiVersion"]) && (has(&["metadata", "name"]) || has(&["metadata", "generateName"])),
    }
}

/// Where the kinds of Kubernetes have their Pod.
fn usual_place(kind: Option<&str>) -> Option<&'static [&'static str]> {
    Some(match kind? {
        "Pod" => &[],
        "PodTemplate" => &["template"],
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "ReplicationController" | "Job" => {
            &["spec", "template"]
        }
        "CronJob" => &["spec", "jobTemplate", "spec", "template"],
        _ => return None,
    })
}

/// Kinds whose content is data or a schema, in which something that looks like a Pod spec is none.
fn is_plain_data(kind: Option<&str>) -> bool {
    matches!(kind, Some("ConfigMap" | "Secret" | "CustomResourceDefinition"))
}

fn find_at<'d>(root: Value<'d>, route: &[&str]) -> Option<Found<'d>> {
    let holder = root.at(route)?;
    let spec = holder.get("spec").filter(|spec| spec.is_mapping())?;
    let path = route.iter().chain(&["spec"]).copied().collect::<Vec<_>>().join(".");
    Some(Found { holder: Some(holder), spec, path, is_well_placed: true })
}

/// Whether a mapping is shaped like a Pod spec: it has a list of containers.
fn is_pod_spec(engine: Engine, value: Value<'_>) -> bool {
    let is_container =
        |item: Value<'_>| item.is_mapping() && ["name", "image", "command"].iter().any(|key| item.get(key).is_some());
    engine.fields().iter().filter(|field| **field != ContainerField::EphemeralContainers).any(|field| {
        value.get(field.key()).is_some_and(|list| match field {
            ContainerField::Container => list.is_mapping() && list.get("image").is_some(),
            _ => list.is_sequence() && list.items().any(is_container),
        })
    })
}

fn find_by_shape<'d>(engine: Engine, root: Value<'d>, add: &mut impl FnMut(Found<'d>)) {
    // Values still to look at, the next one last. `Value` follows aliases, and a few of them can stand for billions of
    // values: each is looked at once, where it is defined.
    let mut todo = vec![(root, None, 0)];
    let mut seen = HashSet::new();
    while let Some((value, holder, depth)) = todo.pop() {
        if depth > SEARCH_DEPTH || !seen.insert(value.id()) {
            continue;
        }
        if value.is_mapping() && is_pod_spec(engine, value) {
            add(Found { holder, spec: value, path: path_within(root, value), is_well_placed: false });
            continue;
        }
        let mut next: Vec<(Value<'d>, Option<Value<'d>>, usize)> = if value.is_mapping() {
            let entries = value.entries().into_iter().filter(|entry| entry.key != "status");
            entries.map(|entry| (entry.value, Some(value), depth + 1)).collect()
        } else {
            value.items().map(|item| (item, None, depth + 1)).collect()
        };
        next.retain(|(value, ..)| value.is_mapping() || value.is_sequence());
        todo.extend(next.into_iter().rev());
    }
}

/// The path of a value below its object, which may itself be an item of a list.
fn path_within(root: Value<'_>, value: Value<'_>) -> String {
    let (outer, inner) = (root.path(), value.path());
    inner.strip_prefix(&outer).unwrap_or(&inner).trim_start_matches('.').to_owned()
}

fn owners(metadata: Value<'_>) -> Pairs {
    let Some(references) = metadata.get("ownerReferences") else { return Pairs::new() };
    references.items().filter_map(|owner| Some((text_of(owner, "kind")?, text_of(owner, "name")?))).collect()
}
