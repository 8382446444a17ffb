//! What holds Pod templates and keeps a number of Pods. Source: `pkg/apis/apps/validation/validation.go`, and
//! `ValidateReplicationController` in `pkg/apis/core/validation/validation.go`.

use super::error::Bad;
use super::item::{At, Item};
use super::labels::{self, SelectorRules};
use super::path::Path;
use super::{Check, annotations, claims, internal, metadata, names, pod_spec};

const NO_MATCH: &str = "`selector` does not match template `labels`";
const ALWAYS: [&str; 1] = ["Always"];

/// The spec of a workload of a kind; `old` when it is there already.
pub(super) fn spec(check: &mut Check, kind: &str, spec: At<'_>, old: Option<At<'_>>) {
    let path = Path::new("spec");
    match kind {
        "Deployment" => deployment(check, spec, &path),
        "ReplicaSet" => replica_set(check, spec, &path),
        "DaemonSet" => daemon_set(check, spec, &path),
        "StatefulSet" => stateful_set(check, spec, old, &path),
        "ReplicationController" => replication_controller(check, spec, &path),
        _ => {}
    }
}

fn not_negative(check: &mut Check, spec: At<'_>, field: &str, path: &Path) {
    check.errors.not_negative(spec.get(field).int(), &path.child(field));
}

/// A selector that must be there and say something.
fn selector(check: &mut Check, spec: At<'_>, kind: &str, path: &Path) {
    let (selector, path) = (spec.get("selector"), path.child("selector"));
    if !selector.is_set() {
        return check.errors.required(&path, "");
    }
    labels::selector(check, selector, SelectorRules::default(), &path);
    if labels::is_empty(selector) {
        check.errors.invalid(&path, internal::selector(selector), format!("empty selector is invalid for {kind}"));
    }
}

/// Templates of what keeps Pods running.
fn always(check: &mut Check, template: At<'_>, kind: &str, path: &Path) {
    let spec = template.get("spec");
    let policy = spec.get("restartPolicy").text();
    let path = path.child("spec");
    if policy != "Always" {
        check.errors.not_supported(&path.child("restartPolicy"), Bad::alias(policy), &ALWAYS);
    }
    if spec.has("activeDeadlineSeconds") {
        let detail = format!("activeDeadlineSeconds in {kind} is not Supported");
        check.errors.forbidden(&path.child("activeDeadlineSeconds"), detail);
    }
}

/// Selector and template of Deployments and ReplicaSets.
fn selected_template(check: &mut Check, spec: At<'_>, path: &Path) {
    let (selector, template) = (spec.get("selector"), spec.get("template"));
    let own = template.at(&["metadata", "labels"]);
    let template_path = path.child("template");
    match labels::matches(selector, own) {
        None => {
            return check.errors.invalid(
                &path.child("selector"),
                internal::selector(selector),
                "invalid label selector",
            );
        }
        // No selector at all selects nothing, but is not empty to the server.
        Some(false) => {
            let path = template_path.child("metadata").child("labels");
            check.errors.invalid(&path, Bad::labels(own), NO_MATCH);
        }
        Some(true) => {}
    }
    pod_spec::template(check, template, &template_path);
    always(check, template, "ReplicaSet", &template_path);
}

fn deployment(check: &mut Check, spec: At<'_>, path: &Path) {
    not_negative(check, spec, "replicas", path);
    selector(check, spec, "deployment", path);
    selected_template(check, spec, path);
    let strategy = spec.get("strategy");
    let strategy_path = path.child("strategy");
    let rolling = strategy.get("rollingUpdate");
    let rolling_path = strategy_path.child("rollingUpdate");
    match strategy.get("type").text() {
        "Recreate" => {
            if rolling.is_set() {
                let detail = "may not be specified when strategy `type` is 'Recreate'";
                check.errors.forbidden(&rolling_path, detail);
            }
        }
        "RollingUpdate" => {
            let (missing, surge) = (rolling.get("maxUnavailable"), rolling.get("maxSurge"));
            let missing_path = rolling_path.child("maxUnavailable");
            int_or_percent(check, missing, &missing_path);
            int_or_percent(check, surge, &rolling_path.child("maxSurge"));
            if share(missing) == 0 && share(surge) == 0 {
                check.errors.invalid(&missing_path, Bad::int_or_text(missing), "may not be 0 when `maxSurge` is 0");
            }
            not_more_than_all(check, missing, &missing_path);
        }
        kind => {
            let update = if rolling.is_set() { rolling_value(rolling) } else { "null".to_owned() };
            let json = format!("{{\"Type\":{},\"RollingUpdate\":{update}}}", Bad::alias(kind).shown());
            check.errors.not_supported(&strategy_path, Bad::raw(json), &["Recreate", "RollingUpdate"]);
        }
    }
    not_negative(check, spec, "minReadySeconds", path);
    not_negative(check, spec, "revisionHistoryLimit", path);
    let deadline = spec.get("progressDeadlineSeconds");
    not_negative(check, spec, "progressDeadlineSeconds", path);
    if deadline.opt_int().is_some_and(|deadline| deadline <= spec.get("minReadySeconds").int()) {
        let path = path.child("progressDeadlineSeconds");
        check.errors.invalid(&path, deadline, "must be greater than minReadySeconds");
    }
}

/// Limits of a rolling update as the server's internal type shows them.
fn rolling_value(rolling: At<'_>) -> String {
    let shown = |field: &str| {
        let at = rolling.get(field);
        if at.is_set() { Bad::from(at).shown().to_owned() } else { "0".to_owned() }
    };
    format!("{{\"MaxUnavailable\":{},\"MaxSurge\":{}}}", shown("maxUnavailable"), shown("maxSurge"))
}

/// A number or a share of all Pods.
fn int_or_percent(check: &mut Check, at: At<'_>, path: &Path) {
    match at.opt_text() {
        Some(text) => {
            if let Some(message) = names::percent(text) {
                check.errors.invalid(path, Bad::int_or_text(at), message);
            }
        }
        None => check.errors.not_negative(at.int(), path),
    }
}

fn percent(at: At<'_>) -> Option<i64> {
    let text = at.opt_text().filter(|text| names::percent(text).is_none())?;
    Some(text.trim_end_matches('%').parse().unwrap_or(i64::MAX))
}

fn share(at: At<'_>) -> i64 {
    percent(at).or(at.opt_int()).or_else(|| at.text().parse().ok()).unwrap_or_default()
}

fn not_more_than_all(check: &mut Check, at: At<'_>, path: &Path) {
    if percent(at).is_some_and(|percent| percent > 100) {
        check.errors.invalid(path, Bad::int_or_text(at), "must not be greater than 100%");
    }
}

fn replica_set(check: &mut Check, spec: At<'_>, path: &Path) {
    not_negative(check, spec, "replicas", path);
    not_negative(check, spec, "minReadySeconds", path);
    // The server's words: it took them from Deployments.
    selector(check, spec, "deployment", path);
    selected_template(check, spec, path);
}

fn daemon_set(check: &mut Check, spec: At<'_>, path: &Path) {
    let (selector, template) = (spec.get("selector"), spec.get("template"));
    let rules = SelectorRules { any_value: check.options.any_selector_value };
    labels::selector(check, selector, rules, &path.child("selector"));
    let own = template.at(&["metadata", "labels"]);
    let template_path = path.child("template");
    if labels::matches(selector, own) == Some(false) {
        check.errors.invalid(&template_path.child("metadata").child("labels"), Bad::labels(own), NO_MATCH);
    }
    if selector.is_set() && labels::is_empty(selector) {
        check.errors.invalid(
            &path.child("selector"),
            internal::selector(selector),
            "empty selector is invalid for daemonset",
        );
    }
    pod_spec::template(check, template, &template_path);
    always(check, template, "DaemonSet", &template_path);
    not_negative(check, spec, "minReadySeconds", path);
    let strategy = spec.get("updateStrategy");
    let rolling = strategy.get("rollingUpdate");
    let strategy_path = path.child("updateStrategy");
    match strategy.get("type").text() {
        "OnDelete" => {}
        "RollingUpdate" => daemon_update(check, rolling, &strategy_path.child("rollingUpdate")),
        kind => {
            let update = if rolling.is_set() { rolling_value(rolling) } else { "null".to_owned() };
            let json = format!("{{\"Type\":{},\"RollingUpdate\":{update}}}", Bad::alias(kind).shown());
            check.errors.not_supported(&strategy_path, Bad::raw(json), &["RollingUpdate", "OnDelete"]);
        }
    }
    not_negative(check, spec, "revisionHistoryLimit", path);
}

fn daemon_update(check: &mut Check, rolling: At<'_>, path: &Path) {
    let (missing, surge) = (rolling.get("maxUnavailable"), rolling.get("maxSurge"));
    let (missing_path, surge_path) = (path.child("maxUnavailable"), path.child("maxSurge"));
    int_or_percent(check, missing, &missing_path);
    int_or_percent(check, surge, &surge_path);
    not_more_than_all(check, missing, &missing_path);
    not_more_than_all(check, surge, &surge_path);
    match (share(missing) != 0, share(surge) != 0) {
        (true, true) => {
            check.errors.invalid(&surge_path, Bad::int_or_text(surge), "may not be set when maxUnavailable is non-zero")
        }
        (false, false) => check.errors.required(&missing_path, "cannot be 0 when maxSurge is 0"),
        _ => {}
    }
}

fn stateful_set(check: &mut Check, spec: At<'_>, old: Option<At<'_>>, path: &Path) {
    let newer = check.minor() >= 34;
    let skips_template = !newer
        || old.is_some_and(|old| {
            let mut before = Check { options: check.options.clone(), ..Check::detached(check.newer_names()) };
            before.cluster = check.cluster.clone();
            stateful_spec(&mut before, old, true, false, &Path::default());
            !before.errors.found.is_empty()
        });
    stateful_spec(check, spec, old.is_some(), skips_template, path);
}

fn stateful_spec(check: &mut Check, spec: At<'_>, is_update: bool, skips_template: bool, path: &Path) {
    let management = spec.get("podManagementPolicy").text();
    let management_path = path.child("podManagementPolicy");
    match management {
        "OrderedReady" | "Parallel" => {}
        "" => check.errors.required(&management_path, ""),
        _ => {
            let detail = "must be 'OrderedReady' or 'Parallel'";
            check.errors.invalid(&management_path, Bad::alias(management), detail);
        }
    }
    stateful_update(check, spec.get("updateStrategy"), &path.child("updateStrategy"));
    let retention = spec.get("persistentVolumeClaimRetentionPolicy");
    for field in ["whenDeleted", "whenScaled"] {
        let (policy, known) = (retention.get(field).text(), ["Retain", "Delete"]);
        if retention.is_set() && !known.contains(&policy) {
            let path = path.child("persistentVolumeClaimRetentionPolicy").child(field);
            check.errors.not_supported(&path, Bad::alias(policy), &known);
        }
    }
    if !is_update && check.minor() >= 34 {
        for (index, claim) in spec.get("volumeClaimTemplates").items().enumerate() {
            let path = path.child("volumeClaimTemplates").index(index).child("spec");
            claims::claim_spec(check, claim.get("spec"), &path);
        }
    }
    not_negative(check, spec, "replicas", path);
    not_negative(check, spec, "minReadySeconds", path);
    check.errors.not_negative(spec.at(&["ordinals", "start"]).int(), &path.child("ordinals.start"));
    let service = spec.get("serviceName").text();
    if check.minor() >= 33 && !is_update && !service.is_empty() {
        check.errors.each(&path.child("serviceName"), service, names::dns_label(service));
    }
    selector(check, spec, "statefulset", path);
    let template = spec.get("template");
    match labels::matches(spec.get("selector"), template.at(&["metadata", "labels"])) {
        None => check.errors.invalid(&path.child("selector"), internal::selector(spec.get("selector")), ""),
        Some(fits) => stateful_template(check, spec, fits, skips_template, &path.child("template")),
    }
    always(check, template, "StatefulSet", &path.child("template"));
}

fn stateful_update(check: &mut Check, strategy: At<'_>, path: &Path) {
    let rolling = strategy.get("rollingUpdate");
    let shown = |field: &str, absent: &str| {
        let at = rolling.get(field);
        if at.is_set() { Bad::from(at).shown().to_owned() } else { absent.to_owned() }
    };
    let update = if rolling.is_set() {
        format!("{{\"Partition\":{},\"MaxUnavailable\":{}}}", shown("partition", "0"), shown("maxUnavailable", "null"))
    } else {
        "null".to_owned()
    };
    let rolling_path = path.child("rollingUpdate");
    match strategy.get("type").text() {
        "" => check.errors.required(path, ""),
        "OnDelete" => {
            if rolling.is_set() {
                let detail = "only allowed for updateStrategy 'RollingUpdate'";
                check.errors.invalid(&rolling_path, Bad::raw(update), detail);
            }
        }
        "RollingUpdate" => {
            not_negative(check, rolling, "partition", &rolling_path);
            let missing = rolling.get("maxUnavailable");
            let path = rolling_path.child("maxUnavailable");
            if missing.is_set() {
                int_or_percent(check, missing, &path);
                if share(missing) == 0 {
                    check.errors.invalid(&path, missing, "cannot be 0");
                }
                not_more_than_all(check, missing, &path);
            }
        }
        kind => {
            let json = format!("{{\"Type\":{},\"RollingUpdate\":{update}}}", Bad::alias(kind).shown());
            check.errors.invalid(path, Bad::raw(json), "must be 'RollingUpdate' or 'OnDelete'");
        }
    }
}

fn stateful_template(check: &mut Check, spec: At<'_>, fits: bool, skips_template: bool, path: &Path) {
    let Some(mut template) = spec.get("template").owned() else { return };
    let claims = spec.get("volumeClaimTemplates");
    if let Some(pod) = template.get_mut("spec") {
        // The controller sets these, and adds a volume for each claim.
        pod.remove("subdomain");
        pod.remove("hostname");
        if claims.len() > 0 {
            let names: Vec<&str> = claims.items().map(|claim| claim.at(&["metadata", "name"]).text()).collect();
            let mut sorted = names.clone();
            sorted.sort_unstable();
            sorted.dedup();
            let volume = |name: &&str| {
                let source = Item::Struct(vec![("claimName".into(), Item::text(name))]);
                Item::Struct(vec![("name".into(), Item::text(name)), ("persistentVolumeClaim".into(), source)])
            };
            let own = pod.at().get("volumes");
            let kept = own.items().filter(|volume| !names.contains(&volume.get("name").text())).filter_map(At::owned);
            let volumes: Vec<Item> = sorted.iter().map(volume).chain(kept).collect();
            pod.set("volumes", Item::List(volumes));
        }
    }
    let template = template.at();
    let (meta, pod) = (template.get("metadata"), template.get("spec"));
    if !fits {
        let own = path.child("metadata").child("labels");
        check.errors.invalid(&own, Bad::labels(meta.get("labels")), NO_MATCH);
    }
    if !skips_template {
        pod_spec::template(check, template, path);
    }
    labels::labels(check, meta.get("labels"), &path.child("labels"));
    metadata::annotations(check, meta.get("annotations"), &path.child("annotations"));
    annotations::of_pod(check, meta, pod, &path.child("annotations"));
}

fn replication_controller(check: &mut Check, spec: At<'_>, path: &Path) {
    not_negative(check, spec, "minReadySeconds", path);
    let selector = spec.get("selector");
    if selector.len() == 0 {
        check.errors.required(&path.child("selector"), "");
    }
    not_negative(check, spec, "replicas", path);
    let (template, path) = (spec.get("template"), path.child("template"));
    if !template.is_set() {
        return check.errors.required(&path, "");
    }
    let own = template.at(&["metadata", "labels"]);
    let fits = selector.entries().into_iter().all(|(key, value)| own.get(key).opt_text() == Some(value.text()));
    if !fits {
        check.errors.invalid(&path.child("metadata").child("labels"), Bad::labels(own), NO_MATCH);
    }
    pod_spec::template(check, template, &path);
    always(check, template, "ReplicationController", &path);
}

/// What a StatefulSet may not change.
pub(super) fn stateful_update_fixed(check: &mut Check, spec: At<'_>, old: At<'_>) {
    let Some(mut munged) = spec.owned() else { return };
    let free = [
        "replicas",
        "template",
        "updateStrategy",
        "minReadySeconds",
        "ordinals",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
    ];
    for field in free {
        munged.put(field, old.get(field).owned());
    }
    if !munged.at().same(old) {
        let history = if check.minor() >= 33 { "'revisionHistoryLimit', " } else { "" };
        let detail = format!(
            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', \
             {history}'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
        );
        check.errors.forbidden(&Path::new("spec"), detail);
    }
}
