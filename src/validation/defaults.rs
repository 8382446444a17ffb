//! What the server fills in. Source: `pkg/apis/core/v1/defaults.go`, `pkg/apis/apps/v1/defaults.go`,
//! `pkg/apis/batch/v1/defaults.go`, and the generated code that calls them.

use super::item::Item;
use super::{image, resize, resources, volumes};
use crate::release::{Cluster, Feature};

/// Fills in a whole object.
pub(super) fn object(object: &mut Item, kind: &str, cluster: &Cluster) {
    match kind {
        "Pod" => pod(object, cluster),
        "PodTemplate" => {
            if let Some(spec) = object.at_mut(&["template", "spec"]) {
                pod_spec(spec, cluster);
            }
        }
        "CronJob" => cron_job(object, cluster),
        _ => {
            workload(object, kind, cluster);
        }
    }
    if kind == "PodTemplate" {
        make_spec(object, &["template"], cluster);
    }
}

/// A template always has a spec, however empty.
fn make_spec(object: &mut Item, route: &[&'static str], cluster: &Cluster) {
    let mut at = Some(object);
    for key in route {
        at = at.and_then(|item| item.make(key));
    }
    let Some(template) = at else { return };
    if !template.at().has("spec")
        && let Some(spec) = template.make("spec")
    {
        pod_spec(spec, cluster);
    }
}

fn pod(pod: &mut Item, cluster: &Cluster) {
    let Some(spec) = pod.make("spec") else { return };
    for list in ["containers", "initContainers"] {
        for container in spec.list_mut(list) {
            let limits = container.at().at(&["resources", "limits"]).owned();
            let Some(Item::Map(limits)) = limits else { continue };
            let Some(resources) = container.get_mut("resources") else { continue };
            if !resources.at().has("requests") {
                resources.set("requests", Item::Map(Vec::new()));
            }
            if let Some(requests) = resources.get_mut("requests") {
                for (name, limit) in limits {
                    requests.default_absent(name, limit);
                }
            }
        }
    }
    if cluster.has(Feature::PodLevelResources) {
        resize::default_pod_level(spec, cluster.release.minor());
    }
    spec.default_absent("enableServiceLinks", Item::Bool(true));
    if spec.at().get("hostNetwork").bool() {
        for list in ["containers", "initContainers"] {
            for port in spec.list_mut(list).iter_mut().flat_map(|container| container.list_mut("ports")) {
                let own = port.at().get("containerPort").owned();
                if let Some(own) = own {
                    port.default("hostPort", own);
                }
            }
        }
    }
    pod_spec(spec, cluster);
    // Of Pods, not of templates, a negative grace period is made 1.
    if spec.at().get("terminationGracePeriodSeconds").int() < 0 {
        spec.set("terminationGracePeriodSeconds", Item::Int(1));
    }
}

/// The spec of a Pod or template.
fn pod_spec(spec: &mut Item, cluster: &Cluster) {
    spec.default("dnsPolicy", Item::word("ClusterFirst"));
    spec.default("restartPolicy", Item::word("Always"));
    spec.default_absent("securityContext", Item::empty());
    spec.default_absent("terminationGracePeriodSeconds", Item::Int(30));
    spec.default("schedulerName", Item::word("default-scheduler"));
    for volume in spec.list_mut("volumes") {
        default_volume(volume, cluster);
    }
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        for container in spec.list_mut(list) {
            default_container(container);
        }
    }
    round(spec.get_mut("overhead"));
    for list in ["limits", "requests"] {
        round(spec.at_mut(&["resources", list]));
    }
    let account = super::update::service_account(spec.at()).to_owned();
    if !account.is_empty() {
        spec.set("serviceAccountName", Item::Text(account.into()));
    }
    spec.remove("serviceAccount");
    spec.remove("deprecatedServiceAccount");
}

/// Amounts have at most three digits behind the point.
fn round(list: Option<&mut Item>) {
    let Some(Item::Map(amounts)) = list else { return };
    for (_, amount) in amounts {
        let exact = resources::amount(amount.at());
        if exact.nano() % 1_000_000 != 0 {
            let milli = exact.milli();
            *amount = if milli % 1000 == 0 {
                Item::Text((milli / 1000).to_string().into())
            } else {
                Item::Text(format!("{milli}m").into())
            };
        }
    }
}

fn default_volume(volume: &mut Item, cluster: &Cluster) {
    if !volumes::has_kind(volume.at()) {
        volume.set("emptyDir", Item::empty());
    }
    if let Some(image) = volume.get_mut("image").filter(|_| cluster.has(Feature::ImageVolume)) {
        let policy = image::pull_policy(image.at().get("reference").text());
        image.default("pullPolicy", Item::word(policy));
    }
    let mode = || Item::Int(0o644);
    for kind in ["secret", "configMap", "downwardAPI", "projected"] {
        if let Some(source) = volume.get_mut(kind) {
            source.default_absent("defaultMode", mode());
        }
    }
    let texts: [(&str, &[(&str, &str)]); 4] = [
        ("hostPath", &[]),
        ("iscsi", &[("iscsiInterface", "default")]),
        ("rbd", &[("pool", "rbd"), ("user", "admin"), ("keyring", "/etc/ceph/keyring")]),
        ("scaleIO", &[("storageMode", "ThinProvisioned"), ("fsType", "xfs")]),
    ];
    for (kind, defaults) in texts {
        if let Some(source) = volume.get_mut(kind) {
            for (field, text) in defaults {
                source.default(field, Item::word(text));
            }
        }
    }
    if let Some(source) = volume.get_mut("hostPath") {
        source.default_absent("type", Item::word(""));
    }
    if let Some(source) = volume.get_mut("azureDisk") {
        for (field, text) in [("cachingMode", "ReadWrite"), ("fsType", "ext4"), ("kind", "Shared")] {
            source.default_absent(field, Item::word(text));
        }
        source.default_absent("readOnly", Item::Bool(false));
    }
    for file in volume.get_mut("downwardAPI").map(|source| source.list_mut("items")).unwrap_or_default() {
        field_ref(file.get_mut("fieldRef"));
    }
    for source in volume.get_mut("projected").map(|source| source.list_mut("sources")).unwrap_or_default() {
        for file in source.get_mut("downwardAPI").map(|source| source.list_mut("items")).unwrap_or_default() {
            field_ref(file.get_mut("fieldRef"));
        }
        if let Some(token) = source.get_mut("serviceAccountToken") {
            token.default_absent("expirationSeconds", Item::Int(3600));
        }
    }
    claim(volume.at_mut(&["ephemeral", "volumeClaimTemplate"]));
}

/// A claim, or a template for one.
fn claim(claim: Option<&mut Item>) {
    let Some(spec) = claim.and_then(|claim| claim.make("spec")) else { return };
    spec.default_absent("volumeMode", Item::word("Filesystem"));
    for list in ["limits", "requests"] {
        round(spec.at_mut(&["resources", list]));
    }
}

fn field_ref(field: Option<&mut Item>) {
    if let Some(field) = field {
        field.default("apiVersion", Item::word("v1"));
    }
}

fn default_container(container: &mut Item) {
    let policy = image::pull_policy(container.at().get("image").text());
    container.default("imagePullPolicy", Item::word(policy));
    container.default("terminationMessagePath", Item::word("/dev/termination-log"));
    container.default("terminationMessagePolicy", Item::word("File"));
    for port in container.list_mut("ports") {
        port.default("protocol", Item::word("TCP"));
    }
    for variable in container.list_mut("env") {
        field_ref(variable.at_mut(&["valueFrom", "fieldRef"]));
        if let Some(file) = variable.at_mut(&["valueFrom", "fileKeyRef"]) {
            file.default_absent("optional", Item::Bool(false));
        }
    }
    for list in ["limits", "requests"] {
        round(container.at_mut(&["resources", list]));
    }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let Some(probe) = container.get_mut(probe) else { continue };
        let numbers = [("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3)];
        for (field, number) in numbers {
            probe.default(field, Item::Int(number));
        }
        http_get(probe.get_mut("httpGet"));
        if let Some(grpc) = probe.get_mut("grpc") {
            grpc.default_absent("service", Item::word(""));
        }
    }
    for hook in ["postStart", "preStop"] {
        http_get(container.at_mut(&["lifecycle", hook, "httpGet"]));
    }
}

fn http_get(action: Option<&mut Item>) {
    if let Some(action) = action {
        action.default("path", Item::word("/"));
        action.default("scheme", Item::word("HTTP"));
    }
}

fn workload(object: &mut Item, kind: &str, cluster: &Cluster) {
    let labels = object.at().at(&["spec", "template", "metadata", "labels"]).owned();
    let is_bare = object.at().at(&["metadata", "labels"]).len() == 0;
    if kind == "Job"
        && labels.is_some()
        && is_bare
        && let Some(meta) = object.make("metadata")
    {
        meta.put("labels", labels.clone());
    }
    if kind == "ReplicationController"
        && let Some(labels) = labels
    {
        for (part, field) in [("spec", "selector"), ("metadata", "labels")] {
            if let Some(part) = object.make(part).filter(|part| part.at().get(field).len() == 0) {
                part.set(field, labels.clone());
            }
        }
    }
    let has_template = object.at().at(&["spec", "template"]).is_set();
    let Some(spec) = object.make("spec") else { return };
    match kind {
        "Deployment" => {
            for (field, number) in [("replicas", 1), ("revisionHistoryLimit", 10), ("progressDeadlineSeconds", 600)] {
                spec.default_absent(field, Item::Int(number));
            }
            rolling(spec, "strategy", &[("maxUnavailable", Item::word("25%")), ("maxSurge", Item::word("25%"))]);
        }
        "DaemonSet" => {
            spec.default_absent("revisionHistoryLimit", Item::Int(10));
            rolling(spec, "updateStrategy", &[("maxUnavailable", Item::Int(1)), ("maxSurge", Item::Int(0))]);
        }
        "StatefulSet" => stateful_set(spec, cluster),
        "ReplicaSet" | "ReplicationController" => spec.default_absent("replicas", Item::Int(1)),
        "Job" => job(spec, cluster),
        _ => {}
    }
    if kind == "ReplicationController" && !has_template {
        return;
    }
    if let Some(spec) = spec.make("template").and_then(|template| template.make("spec")) {
        pod_spec(spec, cluster);
    }
}

/// The strategy for updates, and what a rolling one starts with.
fn rolling(spec: &mut Item, field: &'static str, defaults: &[(&'static str, Item)]) {
    let Some(strategy) = spec.make(field) else { return };
    strategy.default("type", Item::word("RollingUpdate"));
    if strategy.at().get("type").text() == "RollingUpdate"
        && let Some(rolling) = strategy.make("rollingUpdate")
    {
        for (field, item) in defaults {
            rolling.default_absent(*field, item.clone());
        }
    }
}

fn stateful_set(spec: &mut Item, cluster: &Cluster) {
    spec.default("podManagementPolicy", Item::word("OrderedReady"));
    if let Some(strategy) = spec.make("updateStrategy") {
        if strategy.at().get("type").text().is_empty() {
            strategy.set("type", Item::word("RollingUpdate"));
            strategy.default_absent("rollingUpdate", Item::empty());
        }
        let is_rolling = strategy.at().get("type").text() == "RollingUpdate";
        if let Some(rolling) = strategy.get_mut("rollingUpdate").filter(|_| is_rolling) {
            rolling.default_absent("partition", Item::Int(0));
            if cluster.has(Feature::MaxUnavailableStatefulSet) {
                rolling.default_absent("maxUnavailable", Item::Int(1));
            }
        }
    }
    if let Some(policy) = spec.make("persistentVolumeClaimRetentionPolicy") {
        policy.default("whenDeleted", Item::word("Retain"));
        policy.default("whenScaled", Item::word("Retain"));
    }
    spec.default_absent("replicas", Item::Int(1));
    spec.default_absent("revisionHistoryLimit", Item::Int(10));
    for template in spec.list_mut("volumeClaimTemplates") {
        for field in ["apiVersion", "kind"] {
            let _ = template.remove(field);
        }
        claim(Some(template));
        template.make("status").iter_mut().for_each(|status| status.default("phase", Item::word("Pending")));
    }
}

fn job(spec: &mut Item, cluster: &Cluster) {
    let at = spec.at();
    let has = |field: &str| at.has(field);
    let is_plain = !has("completions") && !has("parallelism");
    let backoff = if has("backoffLimitPerIndex") { i64::from(i32::MAX) } else { 6 };
    let replacement = if has("podFailurePolicy") { "Failed" } else { "TerminatingOrFailed" };
    if is_plain {
        spec.set("completions", Item::Int(1));
    }
    spec.default_absent("parallelism", Item::Int(1));
    spec.default_absent("backoffLimit", Item::Int(backoff));
    spec.default_absent("completionMode", Item::word("NonIndexed"));
    spec.default_absent("suspend", Item::Bool(false));
    if cluster.has(Feature::JobPodReplacementPolicy) {
        spec.default_absent("podReplacementPolicy", Item::word(replacement));
    }
    spec.default_absent("manualSelector", Item::Bool(false));
    default_conditions(spec);
}

/// Conditions of a failure policy are meant to be true.
fn default_conditions(job: &mut Item) {
    for rule in job.get_mut("podFailurePolicy").map(|policy| policy.list_mut("rules")).unwrap_or_default() {
        for pattern in rule.list_mut("onPodConditions") {
            pattern.default("status", Item::word("True"));
        }
    }
}

fn cron_job(object: &mut Item, cluster: &Cluster) {
    let Some(spec) = object.make("spec") else { return };
    spec.default("concurrencyPolicy", Item::word("Allow"));
    spec.default_absent("suspend", Item::Bool(false));
    spec.default_absent("successfulJobsHistoryLimit", Item::Int(3));
    spec.default_absent("failedJobsHistoryLimit", Item::Int(1));
    let Some(job) = spec.make("jobTemplate").and_then(|template| template.make("spec")) else { return };
    if cluster.release.minor() >= 34 {
        default_conditions(job);
    }
    if let Some(spec) = job.make("template").and_then(|template| template.make("spec")) {
        pod_spec(spec, cluster);
    }
}

#[cfg(test)]
mod tests {
    use super::{Item, object};
    use crate::release::Cluster;

    #[test]
    fn a_workload_gets_a_spec_replicas_and_a_template() {
        let mut set = Item::empty();
        object(&mut set, "ReplicaSet", &Cluster::default());
        assert_eq!(set.at().at(&["spec", "replicas"]).int(), 1);
        assert_eq!(set.at().at(&["spec", "template", "spec", "restartPolicy"]).text(), "Always");
    }
}
