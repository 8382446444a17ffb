//! The spec of a Pod. Source: `ValidatePodSpec` in `pkg/apis/core/validation/validation.go`.

use super::containers::Shared;
use super::error::Bad;
use super::item::At;
use super::metadata::{self, NameRule};
use super::path::Path;
use super::{
    Check, annotations, claims, containers, env, labels, names, network, ports, resources, scheduling, security,
    update, volumes, windows,
};

/// A Pod: its metadata and its spec.
pub(super) fn pod(check: &mut Check, pod: At<'_>) {
    let (meta, spec) = (pod.get("metadata"), pod.get("spec"));
    let (meta_path, path) = (Path::new("metadata"), Path::new("spec"));
    metadata::metadata(check, meta, NameRule::Subdomain);
    annotations::of_pod(check, meta, spec, &meta_path.child("annotations"));
    pod_spec(check, spec, Some(meta), &path);
    if spec.get("serviceAccountName").text().is_empty() && spec.get("serviceAccount").text().is_empty() {
        for (volume_index, volume) in spec.get("volumes").items().enumerate() {
            for (index, source) in volume.at(&["projected", "sources"]).items().enumerate() {
                if source.has("serviceAccountToken") {
                    let path = path.child("volumes").index(volume_index).child("projected").child("sources");
                    let detail = "must not be specified when serviceAccountName is not set";
                    check.errors.forbidden(&path.index(index).child("serviceAccountToken"), detail);
                }
            }
        }
    }
    for list in ["containers", "initContainers"] {
        for (index, container) in spec.get(list).items().enumerate() {
            containers::image_without_spaces(check, container, &path.child(list).index(index));
        }
    }
}

/// What only holds for a new Pod.
pub(super) fn new_pod(check: &mut Check, pod: At<'_>) {
    self::pod(check, pod);
    let (spec, path) = (pod.get("spec"), Path::new("spec"));
    if spec.get("ephemeralContainers").len() > 0 {
        check.errors.forbidden(&path.child("ephemeralContainers"), "cannot be set on create");
    }
    if !spec.get("nodeName").text().is_empty() && spec.get("schedulingGates").len() > 0 {
        let detail = "cannot be set until all schedulingGates have been cleared";
        check.errors.forbidden(&path.child("nodeName"), detail);
    }
    annotations::match_fields(check, pod.get("metadata"), spec, &path);
}

/// A template for Pods.
pub(super) fn template(check: &mut Check, template: At<'_>, path: &Path) {
    let (meta, spec) = (template.get("metadata"), template.get("spec"));
    labels::labels(check, meta.get("labels"), &path.child("labels"));
    metadata::annotations(check, meta.get("annotations"), &path.child("annotations"));
    annotations::of_pod(check, meta, spec, &path.child("annotations"));
    let spec_path = path.child("spec");
    pod_spec(check, spec, None, &spec_path);
    annotations::match_fields(check, meta, spec, &spec_path);
    if spec.get("ephemeralContainers").len() > 0 {
        let detail = "ephemeral containers not allowed in pod template";
        check.errors.forbidden(&spec_path.child("ephemeralContainers"), detail);
    }
}

/// A spec; `meta` is that of the Pod, and absent for templates.
fn pod_spec(check: &mut Check, spec: At<'_>, meta: Option<At<'_>>, path: &Path) {
    let grace = spec.get("terminationGracePeriodSeconds").opt_int();
    let meta = meta.unwrap_or(At::NONE);
    let volumes = volumes::volumes(check, spec.get("volumes"), meta.get("name").text(), &path.child("volumes"));
    let claims = claims::devices(check, spec, meta.get("annotations"), &path.child("resourceClaims"));
    let host_users = spec.get("hostUsers").opt_bool() != Some(false);
    let shared = Shared { spec, volumes, claims, grace, host_users };
    containers::regular(check, &shared, &path.child("containers"));
    containers::init(check, &shared, &path.child("initContainers"));
    containers::ephemeral(check, &shared, &path.child("ephemeralContainers"));
    if check.options.pod_level_resources {
        resources::pod(check, spec, &path.child("resources"));
    }
    ports::host_network(check, spec, path);
    enumerated(check, spec, "restartPolicy", &["Always", "OnFailure", "Never"], path);
    enumerated(check, spec, "dnsPolicy", &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"], path);
    labels::labels(check, spec.get("nodeSelector"), &path.child("nodeSelector"));
    security::pod(check, spec, &path.child("securityContext"));
    scheduling::affinity(check, spec.get("affinity"), &path.child("affinity"));
    network::dns(check, spec, &path.child("dnsConfig"));
    for (index, gate) in spec.get("readinessGates").items().enumerate() {
        let name = gate.get("conditionType").text();
        let messages = names::qualified_name(name, check.newer_names());
        check.errors.each(&path.child("readinessGates").index(index).child("conditionType"), name, messages);
    }
    scheduling::gates(check, spec.get("schedulingGates"), &path.child("schedulingGates"));
    scheduling::spread(check, spec.get("topologySpreadConstraints"), &path.child("topologySpreadConstraints"));
    windows::host_process(check, spec, path);
    network::host_users(check, spec, path);
    network::host_name_override(check, spec, path);
    single_names(check, spec, path);
    scheduling::tolerations(check, spec.get("tolerations"), &path.child("tolerations"));
    network::host_aliases(check, spec.get("hostAliases"), &path.child("hostAliases"));
    for field in ["priorityClassName", "runtimeClassName"] {
        let name = spec.get(field);
        if !name.text().is_empty() || (field == "runtimeClassName" && name.is_set()) {
            check.errors.each(&path.child(field), name.text(), names::dns_subdomain(name.text()));
        }
    }
    if spec.has("preemptionPolicy") {
        enumerated(check, spec, "preemptionPolicy", &["PreemptLowerPriority", "Never"], path);
    }
    if spec.has("overhead") {
        resources::overhead(check, spec.get("overhead"), &path.child("overhead"));
    }
    windows::os(check, spec, path);
    group(check, spec, path);
    env::file_volumes(check, spec, path);
}

/// A text that must be one of a few.
fn enumerated(check: &mut Check, spec: At<'_>, field: &str, known: &[&str], path: &Path) {
    let value = spec.get(field).text();
    if value.is_empty() {
        check.errors.required(&path.child(field), "");
    } else if !known.contains(&value) {
        check.errors.not_supported(&path.child(field), Bad::alias(value), known);
    }
}

fn single_names(check: &mut Check, spec: At<'_>, path: &Path) {
    let account = update::service_account(spec);
    if !account.is_empty() {
        check.errors.each(&path.child("serviceAccountName"), account, names::dns_subdomain(account));
    }
    let node = spec.get("nodeName").text();
    if !node.is_empty() {
        check.errors.each(&path.child("nodeName"), node, names::dns_subdomain(node));
    }
    let most = i64::from(i32::MAX);
    if let Some(seconds) = spec.get("activeDeadlineSeconds").opt_int().filter(|s| !(1..=most).contains(s)) {
        check.errors.invalid(&path.child("activeDeadlineSeconds"), seconds, names::between(1, most));
    }
    for field in ["hostname", "subdomain"] {
        let name = spec.get(field).text();
        if !name.is_empty() {
            check.errors.each(&path.child(field), name, names::dns_label(name));
        }
    }
}

/// The group that a Pod is scheduled with.
fn group(check: &mut Check, spec: At<'_>, path: &Path) {
    let group = spec.get("schedulingGroup");
    if group.is_set() {
        let path = path.child("schedulingGroup").child("podGroupName");
        match group.get("podGroupName").opt_text() {
            None => check.errors.invalid(&path, At::NONE, "must specify one of: `podGroupName`"),
            Some(name) => check.errors.each(&path, name, names::dns_subdomain(name)),
        }
    }
    let workload = spec.get("workloadRef");
    if workload.is_set() {
        let path = path.child("workloadRef");
        let text = |field: &str| workload.get(field).text();
        check.errors.each(&path.child("name"), text("name"), names::dns_subdomain(text("name")));
        check.errors.each(&path.child("podGroup"), text("podGroup"), names::dns_label(text("podGroup")));
        let key = text("podGroupReplicaKey");
        if !key.is_empty() {
            check.errors.each(&path.child("podGroupReplicaKey"), key, names::dns_label(key));
        }
    }
}
