//! Jobs. Source: `pkg/apis/batch/validation/validation.go`, `pkg/registry/batch/job/strategy.go`.

use super::error::Bad;
use super::item::{At, Item};
use super::labels::{self, SelectorRules};
use super::path::Path;
use super::{Check, internal, names, pod_spec};
use crate::release::Feature;
use std::collections::BTreeSet;

const NAME_LABELS: [&str; 2] = ["job-name", "batch.kubernetes.io/job-name"];
const UID_LABELS: [&str; 2] = ["controller-uid", "batch.kubernetes.io/controller-uid"];

/// Gives a Job the selector and the labels that it does not have.
pub(super) fn generate_selector(job: &mut Item) {
    let meta = job.at().get("metadata");
    let (name, uid) = (meta.get("name").text().to_owned(), meta.get("uid").text().to_owned());
    let Some(spec) = job.make("spec") else { return };
    if spec.at().get("manualSelector").bool() {
        return;
    }
    let labels = spec.make("template").and_then(|template| template.make("metadata")).and_then(|meta| {
        meta.default("labels", Item::Map(Vec::new()));
        meta.get_mut("labels")
    });
    if let Some(labels) = labels {
        for (keys, value) in [(NAME_LABELS, &name), (UID_LABELS, &uid)] {
            for key in keys {
                labels.default_absent(key, Item::text(value));
            }
        }
    }
    if let Some(selector) = spec.make("selector") {
        selector.default("matchLabels", Item::Map(Vec::new()));
        if let Some(labels) = selector.get_mut("matchLabels") {
            labels.default_absent(UID_LABELS[1], Item::Text(uid.into()));
        }
    }
}

/// A new or changed Job.
pub(super) fn job(check: &mut Check, job: At<'_>, wants_prefixed: bool) {
    let (meta, spec) = (job.get("metadata"), job.get("spec"));
    generated_selector(check, meta, spec, wants_prefixed);
    whole_spec(check, spec, &Path::new("spec"));
    let completions = spec.get("completions").int();
    if spec.get("completionMode").text() == "Indexed" && completions > 0 {
        let name = meta.get("name").text();
        let host = format!("{name}-{}", completions - 1);
        if !names::dns_label(&host).is_empty() {
            let detail = format!("will not able to create pod with invalid DNS label: {host}");
            check.errors.invalid(&Path::new("metadata").child("name"), name, detail);
        }
    }
}

fn generated_selector(check: &mut Check, meta: At<'_>, spec: At<'_>, wants_prefixed: bool) {
    if spec.get("manualSelector").bool() || !spec.has("selector") {
        return;
    }
    let (name, uid) = (meta.get("name").text(), meta.get("uid").text());
    let template = Path::new("spec").child("template").child("metadata");
    if uid.is_empty() {
        check.errors.required(&Path::new("metadata").child("uid"), "");
    }
    let count = if wants_prefixed { 2 } else { 1 };
    let mut expected = Vec::new();
    for index in 0..count {
        for (keys, value) in [(UID_LABELS, uid), (NAME_LABELS, name)] {
            let Some(key) = keys.get(index).copied() else { continue };
            let path = template.child("labels").key(key);
            match spec.at(&["template", "metadata", "labels", key]).opt_text() {
                None => check.errors.required(&path, format!("must be '{value}'")),
                Some(own) if own != value => {
                    let labels = spec.at(&["template", "metadata", "labels"]);
                    check.errors.invalid(&path, Bad::labels(labels), format!("must be '{value}'"));
                }
                Some(_) => {}
            }
            expected.push((key.into(), Item::text(value)));
        }
    }
    let selector = spec.get("selector");
    let expected = Item::Map(expected);
    if labels::matches(selector, expected.at()) == Some(false) {
        let bad = internal::selector(selector);
        check.errors.invalid(&Path::new("spec").child("selector"), bad, "`selector` not auto-generated");
    }
}

/// The spec with its selector.
pub(super) fn whole_spec(check: &mut Check, spec: At<'_>, path: &Path) {
    job_spec(check, spec, path);
    let selector = spec.get("selector");
    if selector.is_set() {
        let rules = SelectorRules { any_value: check.options.any_selector_value };
        labels::selector(check, selector, rules, &path.child("selector"));
    } else {
        check.errors.required(&path.child("selector"), "");
    }
    let own = spec.at(&["template", "metadata", "labels"]);
    if labels::matches(selector, own) == Some(false) {
        let path = path.child("template").child("metadata").child("labels");
        check.errors.invalid(&path, Bad::labels(own), "`selector` does not match template `labels`");
    }
}

/// The spec without its selector, also that of a CronJob's template.
pub(super) fn job_spec(check: &mut Check, spec: At<'_>, path: &Path) {
    for field in [
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
        "backoffLimitPerIndex",
        "maxFailedIndexes",
    ] {
        check.errors.not_negative(spec.get(field).int(), &path.child(field));
    }
    if spec.has("maxFailedIndexes") && !spec.has("backoffLimitPerIndex") {
        check.errors.required(&path.child("backoffLimitPerIndex"), "when maxFailedIndexes is specified");
    }
    managed_by(check, spec, path);
    completion_mode(check, spec, path);
    let failure = spec.get("podFailurePolicy");
    if failure.is_set() {
        failure_policy(check, spec, &path.child("podFailurePolicy").child("rules"));
    }
    success_policy(check, spec, path);
    if let Some(policy) = spec.get("podReplacementPolicy").opt_text() {
        let known: &[&str] = if failure.is_set() { &["Failed"] } else { &["Failed", "TerminatingOrFailed"] };
        if !known.contains(&policy) {
            check.errors.not_supported(&path.child("podReplacementPolicy"), Bad::alias(policy), known);
        }
    }
    pod_spec::template(check, spec.get("template"), &path.child("template"));
    let policy = spec.at(&["template", "spec", "restartPolicy"]).text();
    let path = path.child("template").child("spec").child("restartPolicy");
    match policy {
        "Always" | "" => check.errors.required(&path, "valid values: \"OnFailure\", \"Never\""),
        "Never" => {}
        "OnFailure" => {
            if failure.is_set() {
                let detail = "only \"Never\" is supported when podFailurePolicy is specified";
                check.errors.invalid(&path, Bad::alias(policy), detail);
            }
        }
        _ => check.errors.not_supported(&path, Bad::alias(policy), &["OnFailure", "Never"]),
    }
}

fn managed_by(check: &mut Check, spec: At<'_>, path: &Path) {
    let Some(manager) = spec.get("managedBy").opt_text() else { return };
    let path = path.child("managedBy");
    match manager.split_once('/') {
        _ if manager.is_empty() => check.errors.required(&path, ""),
        Some((host, rest)) if !host.is_empty() && !rest.is_empty() => {
            check.errors.each(&path, host, names::dns_subdomain(host));
            if let Some(message) = names::http_path(rest) {
                check.errors.invalid(&path, rest, message);
            }
        }
        _ => {
            let detail = "must be a domain-prefixed path (such as \"acme.io/foo\")";
            check.errors.invalid(&path, manager, detail);
        }
    }
    if manager.len() > 63 {
        check.errors.too_long(&path, 63);
    }
}

fn completion_mode(check: &mut Check, spec: At<'_>, path: &Path) {
    const MANY: i64 = 100_000;
    const MOST: i64 = 10_000;
    let mode = spec.get("completionMode").opt_text();
    let number = |field: &str| spec.get(field).opt_int();
    let (completions, parallelism) = (number("completions"), number("parallelism"));
    let (failed, per_index) = (number("maxFailedIndexes"), number("backoffLimitPerIndex"));
    if let Some(mode) = mode.filter(|mode| !["NonIndexed", "Indexed"].contains(mode)) {
        check.errors.not_supported(&path.child("completionMode"), Bad::alias(mode), &["NonIndexed", "Indexed"]);
    }
    let at_most = |check: &mut Check, field: &str, value: Option<i64>, most: i64, rest: &str| {
        if let Some(value) = value.filter(|value| *value > most) {
            let detail = format!("must be less than or equal to {most}{rest}");
            check.errors.invalid(&path.child(field), value, detail);
        }
    };
    if mode == Some("Indexed") {
        if completions.is_none() {
            check.errors.required(&path.child("completions"), "when completion mode is Indexed");
        }
        at_most(check, "parallelism", parallelism, MANY, " when completion mode is Indexed");
        if let (Some(completions), Some(failed)) = (completions, failed)
            && failed > completions
        {
            check.errors.invalid(&path.child("maxFailedIndexes"), failed, "must be less than or equal to completions");
        }
        at_most(check, "maxFailedIndexes", failed, MANY, "");
        if completions.is_some_and(|completions| completions > MANY) && per_index.is_some() {
            if failed.is_none() {
                let detail = format!("must be specified when completions is above {MANY}");
                check.errors.required(&path.child("maxFailedIndexes"), detail);
            }
            let rest = format!(" when completions are above {MANY} and used with backoff limit per index");
            at_most(check, "parallelism", parallelism, MOST, &rest);
            at_most(check, "maxFailedIndexes", failed, MOST, &rest);
        }
    }
    if mode.is_none_or(|mode| mode == "NonIndexed") {
        for (field, value) in [("backoffLimitPerIndex", per_index), ("maxFailedIndexes", failed)] {
            if let Some(value) = value {
                check.errors.invalid(&path.child(field), value, "requires indexed completion mode");
            }
        }
    }
}

fn failure_policy(check: &mut Check, spec: At<'_>, path: &Path) {
    const ACTIONS: [&str; 4] = ["Count", "FailIndex", "FailJob", "Ignore"];
    let rules = spec.at(&["podFailurePolicy", "rules"]);
    if rules.len() > 20 {
        check.errors.too_many(path, rules.len(), 20);
    }
    let pod = spec.at(&["template", "spec"]);
    let lists = ["containers", "initContainers"];
    let containers: BTreeSet<&str> =
        lists.iter().flat_map(|list| pod.get(list).items()).map(|container| container.get("name").text()).collect();
    for (index, rule) in rules.items().enumerate() {
        let path = path.index(index);
        let (action, codes, conditions) =
            (rule.get("action").text(), rule.get("onExitCodes"), rule.get("onPodConditions"));
        let action_path = path.child("action");
        if action.is_empty() {
            let detail = "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]";
            check.errors.required(&action_path, detail);
        } else if action == "FailIndex" {
            if !spec.has("backoffLimitPerIndex") {
                let detail = "requires the backoffLimitPerIndex to be set";
                check.errors.invalid(&action_path, Bad::alias(action), detail);
            }
        } else if !ACTIONS.contains(&action) {
            check.errors.not_supported(&action_path, Bad::alias(action), &ACTIONS);
        }
        if codes.is_set() {
            exit_codes(check, codes, &containers, &path.child("onExitCodes"));
        }
        pod_conditions(check, conditions, &path.child("onPodConditions"));
        let detail = match (codes.is_set(), conditions.len() > 0) {
            (true, true) => "specifying both OnExitCodes and OnPodConditions is not supported",
            (false, false) => "specifying one of OnExitCodes and OnPodConditions is required",
            _ => continue,
        };
        check.errors.invalid(&path, Bad::omitted(), detail);
    }
}

fn pod_conditions(check: &mut Check, conditions: At<'_>, path: &Path) {
    if conditions.len() > 20 {
        check.errors.too_many(path, conditions.len(), 20);
    }
    for (index, pattern) in conditions.items().enumerate() {
        let path = path.index(index);
        let (kind, status) = (pattern.get("type").text(), pattern.get("status").text());
        let messages = names::qualified_name(kind, check.newer_names());
        check.errors.each(&path.child("type"), kind, messages);
        let known = ["False", "True", "Unknown"];
        if status.is_empty() {
            check.errors.required(&path.child("status"), "valid values: [\"False\" \"True\" \"Unknown\"]");
        } else if !known.contains(&status) {
            check.errors.not_supported(&path.child("status"), Bad::alias(status), &known);
        }
    }
}

fn exit_codes(check: &mut Check, codes: At<'_>, containers: &BTreeSet<&str>, path: &Path) {
    let operator = codes.get("operator").text();
    if operator.is_empty() {
        check.errors.required(&path.child("operator"), "valid values: [\"In\" \"NotIn\"]");
    } else if !["In", "NotIn"].contains(&operator) {
        check.errors.not_supported(&path.child("operator"), Bad::alias(operator), &["In", "NotIn"]);
    }
    if let Some(name) = codes.get("containerName").opt_text().filter(|name| !containers.contains(name)) {
        let detail = "must be one of the container or initContainer names in the pod template";
        check.errors.invalid(&path.child("containerName"), name, detail);
    }
    let values = codes.get("values");
    let path = path.child("values");
    if values.len() == 0 {
        check.errors.invalid(
            &path,
            Bad::from(values).or_before(if values.is_set() { "[]int32{}" } else { "[]int32(nil)" }.to_owned()),
            "at least one value is required",
        );
    } else if values.len() > 255 {
        check.errors.too_many(&path, values.len(), 255);
    }
    let mut known = BTreeSet::new();
    let numbers: Vec<i64> = values.items().map(At::int).collect();
    for (index, value) in numbers.iter().enumerate() {
        if operator == "In" && *value == 0 {
            check.errors.invalid(&path.index(index), *value, "must not be 0 for the In operator");
        }
        if !known.insert(*value) {
            check.errors.duplicate(&path.index(index), *value);
        }
    }
    if !numbers.is_sorted() {
        check.errors.invalid(&path, values, "must be ordered");
    }
}

fn success_policy(check: &mut Check, spec: At<'_>, path: &Path) {
    let policy = spec.get("successPolicy");
    if !policy.is_set() {
        return;
    }
    let path = path.child("successPolicy");
    if spec.get("completionMode").text() != "Indexed" {
        return check.errors.invalid(&path, internal::success_policy(policy), "requires indexed completion mode");
    }
    let (rules, path) = (policy.get("rules"), path.child("rules"));
    if rules.len() == 0 {
        let detail = "at least one rules must be specified when the successPolicy is specified";
        check.errors.required(&path, detail);
    }
    if rules.len() > 20 {
        check.errors.too_many(&path, rules.len(), 20);
    }
    let completions = spec.get("completions").int();
    for (index, rule) in rules.items().enumerate() {
        let path = path.index(index);
        let (indexes, count) = (rule.get("succeededIndexes").opt_text(), rule.get("succeededCount").opt_int());
        if indexes.is_none() && count.is_none() {
            let detail = "at least one of succeededCount or succeededIndexes must be specified";
            check.errors.required(&path, detail);
        }
        let mut total = 0;
        if let Some(indexes) = indexes {
            let path = path.child("succeededIndexes");
            if indexes.len() > 64 * 1024 {
                check.errors.too_long(&path, 64 * 1024);
            }
            match count_indexes(indexes, completions) {
                Ok(count) => total = count,
                Err(why) => check.errors.invalid(&path, indexes, format!("error parsing succeededIndexes: {why}")),
            }
        }
        let Some(count) = count else { continue };
        let path = path.child("succeededCount");
        check.errors.not_negative(count, &path);
        if count > completions {
            let detail = format!("must be less than or equal to {completions} (the number of specified completions)");
            check.errors.invalid(&path, count, detail);
        }
        if indexes.is_some() && count > total {
            let detail = format!(
                "must be less than or equal to {total} (the number of indexes in the specified succeededIndexes field)"
            );
            check.errors.invalid(&path, count, detail);
        }
    }
}

/// How many indexes a text such as `1,3-5` names.
fn count_indexes(text: &str, completions: i64) -> Result<i64, String> {
    if text.is_empty() {
        return Ok(0);
    }
    let number = |text: &str| {
        let number = text.parse::<i64>().ok();
        let number = number
            .ok_or_else(|| format!("cannot convert string to integer for index: {}", super::error::quote(text)))?;
        if number >= completions { Err(format!("too large index: {}", super::error::quote(text))) } else { Ok(number) }
    };
    let (mut last, mut total) = (None, 0_i64);
    for part in text.split(',') {
        let ends: Vec<&str> = part.split('-').collect();
        let (start, end) = match ends.as_slice() {
            [one] => (number(one)?, number(one)?),
            [start, end] => {
                let (start, end) = (number(start)?, number(end)?);
                if start >= end {
                    return Err(format!("non-increasing order, previous: {start}, current: {end}"));
                }
                (start, end)
            }
            _ => {
                let rule =
                    "violates the requirement that an index interval can have at most two parts separated by '-'";
                return Err(format!("the fragment {} {rule}", super::error::quote(part)));
            }
        };
        if let Some(last) = last.filter(|last| *last >= start) {
            return Err(format!("non-increasing order, previous: {last}, current: {start}"));
        }
        total += end - start + 1;
        last = Some(end);
    }
    Ok(total)
}

/// What may change in a Job's spec.
pub(super) fn update(check: &mut Check, spec: At<'_>, old: At<'_>, status: At<'_>) {
    let path = Path::new("spec");
    whole_spec(check, spec, &path);
    completions(check, spec, old, &path.child("completions"));
    immutable(check, spec, old, "selector", &path);
    template(check, spec, old, status, &path);
    for field in ["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"] {
        immutable(check, spec, old, field, &path);
    }
}

/// A field that stays as it is.
pub(super) fn immutable(check: &mut Check, new: At<'_>, old: At<'_>, field: &str, path: &Path) {
    if !new.get(field).same(old.get(field)) {
        let own = new.get(field);
        let bad = match field {
            "selector" => internal::selector(own),
            "podFailurePolicy" => internal::failure_policy(own),
            "successPolicy" => internal::success_policy(own),
            _ => Bad::from(own),
        };
        check.errors.invalid(&path.child(field), bad, "field is immutable");
    }
}

fn completions(check: &mut Check, spec: At<'_>, old: At<'_>, path: &Path) {
    let (own, before) = (spec.get("completions"), old.get("completions"));
    if own.same(before) {
        return;
    }
    if spec.get("completionMode").text() != "Indexed" {
        return check.errors.invalid(path, own, "field is immutable");
    }
    if own.is_set() && own.int() != spec.get("parallelism").int() {
        check.errors.invalid(path, own, "can only be modified in tandem with spec.parallelism");
    }
}

fn template(check: &mut Check, spec: At<'_>, old: At<'_>, status: At<'_>, path: &Path) {
    let suspended = old.get("suspend").bool();
    let is_true =
        |condition: At<'_>| condition.get("type").text() == "Suspended" && condition.get("status").text() == "True";
    let not_started = !status.has("startTime");
    let is_idle =
        suspended && (not_started || status.get("conditions").items().any(is_true)) && status.get("active").int() == 0;
    let may_move =
        if check.has(Feature::MutableSchedulingOfSuspendedJobs) { is_idle } else { suspended && not_started };
    let new = spec.get("template");
    let Some(mut expected) = old.get("template").owned() else { return };
    if may_move {
        if let Some(own) = expected.make("spec") {
            for field in ["nodeSelector", "tolerations", "schedulingGates"] {
                own.put(field, new.at(&["spec", field]).owned());
            }
            let node = new.at(&["spec", "affinity", "nodeAffinity"]).owned();
            if new.at(&["spec", "affinity"]).is_set() {
                if let Some(affinity) = own.make("affinity") {
                    affinity.put("nodeAffinity", node);
                }
            } else if let Some(affinity) = own.get_mut("affinity") {
                affinity.remove("nodeAffinity");
                if affinity.at().is_zero() {
                    own.remove("affinity");
                }
            }
        }
        if let Some(meta) = expected.make("metadata") {
            for field in ["annotations", "labels"] {
                meta.put(field, new.at(&["metadata", field]).owned());
            }
        }
    }
    if suspended && check.has(Feature::MutableResourcesOfSuspendedJobs) && is_idle {
        let own = new.get("spec");
        let Some(expected) = expected.get_mut("spec") else { return };
        for list in ["containers", "initContainers"] {
            let items = own.get(list);
            if items.len() != expected.at().get(list).len() {
                continue;
            }
            for (container, own) in expected.list_mut(list).iter_mut().zip(items.items()) {
                if container.at().get("name").same(own.get("name")) {
                    container.put("resources", own.get("resources").owned());
                }
            }
        }
        if !expected.at().same(own) {
            let bad = super::template::pod_spec(own, check.cluster.release);
            check.errors.invalid(&path.child("template.spec"), bad, "field is immutable");
        }
    } else if !expected.at().same(new) {
        let bad = super::template::template(new, check.cluster.release);
        check.errors.invalid(&path.child("template"), bad, "field is immutable");
    }
}
