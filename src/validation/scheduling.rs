//! Affinity, tolerations, topology spread, gates.

use super::error::{Bad, Errors};
use super::item::At;
use super::labels::{self, SelectorRules, label_name};
use super::path::Path;
use super::{Check, names};
use std::collections::{BTreeMap, BTreeSet};

const TERMS: [&str; 2] =
    ["requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution"];
const IN_BOTH: &str = "exists in both matchLabelKeys and labelSelector";

/// `spec.affinity`.
pub(super) fn affinity(check: &mut Check, affinity: At<'_>, path: &Path) {
    let node = affinity.get("nodeAffinity");
    let node_path = path.child("nodeAffinity");
    let [required, preferred] = TERMS;
    if node.has(required) {
        let terms = node.at(&[required, "nodeSelectorTerms"]);
        let path = node_path.child(required).child("nodeSelectorTerms");
        if terms.len() == 0 {
            check.errors.required(&path, "must have at least one node selector term");
        }
        let any_value = check.options.any_node_affinity_value;
        for (index, term) in terms.items().enumerate() {
            node_term(check, term, any_value, &path.index(index));
        }
    }
    for (index, term) in node.get(preferred).items().enumerate() {
        let path = node_path.child(preferred).index(index);
        weight(check, term, &path);
        node_term(check, term.get("preference"), true, &path.child("preference"));
    }
    for kind in ["podAffinity", "podAntiAffinity"] {
        let at = affinity.get(kind);
        let path = path.child(kind);
        for (index, term) in at.get(required).items().enumerate() {
            pod_term(check, term, &path.child(required).index(index));
        }
        for (index, term) in at.get(preferred).items().enumerate() {
            let path = path.child(preferred).index(index);
            weight(check, term, &path);
            pod_term(check, term.get("podAffinityTerm"), &path.child("podAffinityTerm"));
        }
    }
}

fn weight(check: &mut Check, term: At<'_>, path: &Path) {
    let weight = term.get("weight").int();
    if !(1..=100).contains(&weight) {
        check.errors.invalid(&path.child("weight"), weight, "must be in the range 1-100");
    }
}

fn node_term(check: &mut Check, term: At<'_>, any_value: bool, path: &Path) {
    for (index, requirement) in term.get("matchExpressions").items().enumerate() {
        node_requirement(check, requirement, any_value, &path.child("matchExpressions").index(index));
    }
    for (index, requirement) in term.get("matchFields").items().enumerate() {
        let path = path.child("matchFields").index(index);
        let (operator, key) = (requirement.get("operator").text(), requirement.get("key").text());
        let values = requirement.get("values").texts();
        if !["In", "NotIn"].contains(&operator) {
            let detail = "not a valid selector operator";
            check.errors.invalid(&path.child("operator"), Bad::alias(operator), detail);
        } else if values.len() != 1 {
            let detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
            check.errors.required(&path.child("values"), detail);
        }
        if key == "metadata.name" {
            for (index, value) in values.into_iter().enumerate() {
                check.errors.each(&path.child("values").index(index), value, names::dns_subdomain(value));
            }
        } else {
            check.errors.invalid(&path.child("key"), key, "not a valid field selector key");
        }
    }
}

fn node_requirement(check: &mut Check, requirement: At<'_>, any_value: bool, path: &Path) {
    let values = requirement.get("values").texts();
    let operator = requirement.get("operator").text();
    let values_path = path.child("values");
    match operator {
        "In" | "NotIn" if values.is_empty() => {
            check.errors.required(&values_path, "must be specified when `operator` is 'In' or 'NotIn'");
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            let detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
            check.errors.forbidden(&values_path, detail);
        }
        "Gt" | "Lt" if values.len() != 1 => {
            check.errors.required(&values_path, "must be specified single value when `operator` is 'Lt' or 'Gt'");
        }
        "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
        _ => {
            check.errors.invalid(&path.child("operator"), Bad::alias(operator), "not a valid selector operator");
        }
    }
    label_name(check, requirement.get("key").text(), &path.child("key"));
    if !any_value {
        for (index, value) in values.into_iter().enumerate() {
            let messages = names::label_value(value, check.newer_names());
            check.errors.each(&values_path.index(index), value, messages);
        }
    }
}

fn pod_term(check: &mut Check, term: At<'_>, path: &Path) {
    let rules = SelectorRules { any_value: check.options.any_selector_value };
    for field in ["labelSelector", "namespaceSelector"] {
        labels::selector(check, term.get(field), rules, &path.child(field));
    }
    for namespace in term.get("namespaces").texts() {
        check.errors.each(&path.child("namespace"), namespace, names::dns_label(namespace));
    }
    label_keys(check, term, path);
    let key = term.get("topologyKey").text();
    if key.is_empty() {
        check.errors.required(&path.child("topologyKey"), "can not be empty");
    }
    label_name(check, key, &path.child("topologyKey"));
}

/// `matchLabelKeys` and `mismatchLabelKeys`, which were merged into the selector when the Pod was made.
fn label_keys(check: &mut Check, at: At<'_>, path: &Path) {
    let selector = at.get("labelSelector");
    let (keys, odd) = (at.get("matchLabelKeys").texts(), at.get("mismatchLabelKeys").texts());
    for (field, keys) in [("matchLabelKeys", &keys), ("mismatchLabelKeys", &odd)] {
        let path = path.child(field);
        if !keys.is_empty() && !selector.is_set() {
            check.errors.forbidden(&path, "must not be specified when labelSelector is not set");
            continue;
        }
        for (index, key) in keys.iter().enumerate() {
            label_name(check, key, &path.index(index));
        }
    }
    let places: BTreeMap<&str, usize> = keys.iter().enumerate().map(|(index, key)| (*key, index)).collect();
    let mut known: BTreeSet<&str> = selector.get("matchLabels").entries().into_iter().map(|(key, _)| key).collect();
    for requirement in selector.get("matchExpressions").items() {
        let key = requirement.get("key").text();
        if let Some(index) = places.get(key).filter(|_| known.contains(key)) {
            check.errors.invalid(&path.index(*index), key, IN_BOTH);
        }
        known.insert(key);
    }
    for (index, key) in keys.iter().enumerate() {
        if odd.contains(key) {
            let detail = "exists in both matchLabelKeys and mismatchLabelKeys";
            check.errors.invalid(&path.child("matchLabelKeys").index(index), *key, detail);
        }
    }
}

/// `matchLabelKeys` of a topology spread constraint, as releases before the merge see them.
fn plain_label_keys(check: &mut Check, at: At<'_>, path: &Path) {
    let selector = at.get("labelSelector");
    let keys = at.get("matchLabelKeys").texts();
    if keys.is_empty() {
        return;
    }
    let path = path.child("matchLabelKeys");
    if !selector.is_set() {
        check.errors.forbidden(&path, "must not be specified when labelSelector is not set");
    }
    let expressions = selector.get("matchExpressions").items().map(|requirement| requirement.get("key").text());
    let known: BTreeSet<&str> =
        selector.get("matchLabels").entries().into_iter().map(|(key, _)| key).chain(expressions).collect();
    for (index, key) in keys.into_iter().enumerate() {
        label_name(check, key, &path.index(index));
        if known.contains(key) {
            check.errors.invalid(&path.index(index), key, IN_BOTH);
        }
    }
}

/// `spec.topologySpreadConstraints`.
pub(super) fn spread(check: &mut Check, constraints: At<'_>, path: &Path) {
    for (index, constraint) in constraints.items().enumerate() {
        let path = path.index(index);
        let (key, action) = (constraint.get("topologyKey").text(), constraint.get("whenUnsatisfiable").text());
        let positive = |errors: &mut Errors, value: i64, path: &Path| {
            if value <= 0 {
                errors.invalid(path, value, "must be greater than zero");
            }
        };
        positive(&mut check.errors, constraint.get("maxSkew").int(), &path.child("maxSkew"));
        if key.is_empty() {
            check.errors.required(&path.child("topologyKey"), "can not be empty");
        }
        let actions = ["DoNotSchedule", "ScheduleAnyway"];
        if !actions.contains(&action) {
            check.errors.not_supported(&path.child("whenUnsatisfiable"), Bad::alias(action), &actions);
        }
        let is_same =
            |other: At<'_>| other.get("topologyKey").text() == key && other.get("whenUnsatisfiable").text() == action;
        if constraints.items().skip(index + 1).any(is_same) {
            let path = path.child("{topologyKey, whenUnsatisfiable}");
            check.errors.duplicate(&path, format!("{{{key}, {action}}}"));
        }
        if let Some(domains) = constraint.get("minDomains").opt_int() {
            let path = path.child("minDomains");
            positive(&mut check.errors, domains, &path);
            if action != "DoNotSchedule" {
                let detail = format!("can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}");
                check.errors.invalid(&path, domains, detail);
            }
        }
        for field in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
            super::security::one_of(check, constraint, field, &["Honor", "Ignore"], &path);
        }
        let options = &check.options;
        let is_merged =
            options.spread_label_keys && (options.spread_label_keys_merged != options.old_spread_label_keys_odd);
        if is_merged {
            label_keys(check, constraint, &path);
        } else {
            plain_label_keys(check, constraint, &path);
        }
        if !check.options.any_spread_selector {
            let selector = constraint.get("labelSelector");
            labels::selector(check, selector, SelectorRules::default(), &path.child("labelSelector"));
        }
    }
}

/// `spec.tolerations`.
pub(super) fn tolerations(check: &mut Check, tolerations: At<'_>, path: &Path) {
    for (index, toleration) in tolerations.items().enumerate() {
        let path = path.index(index);
        let (key, value) = (toleration.get("key").text(), toleration.get("value").text());
        let (operator, effect) = (toleration.get("operator").text(), toleration.get("effect").text());
        let operator_path = path.child("operator");
        if !key.is_empty() {
            label_name(check, key, &path.child("key"));
        } else if operator != "Exists" {
            let detail = "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
            check.errors.invalid(&operator_path, Bad::alias(operator), detail);
        }
        if toleration.has("tolerationSeconds") && effect != "NoExecute" {
            let detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
            check.errors.invalid(&path.child("effect"), Bad::alias(effect), detail);
        }
        match operator {
            "Equal" | "" => {
                let messages = names::label_value(value, check.newer_names());
                if !messages.is_empty() {
                    check.errors.invalid(&operator_path, value, messages.join(";"));
                }
            }
            "Exists" => {
                if !value.is_empty() {
                    check.errors.invalid(&operator_path, value, "value must be empty when `operator` is 'Exists'");
                }
            }
            "Lt" | "Gt" if check.options.toleration_comparison => {
                if let Some(message) = names::decimal_integer(value) {
                    check.errors.invalid(&path.child("value"), value, message);
                }
                if value.parse::<i64>().is_err() {
                    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
                    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
                    let why = if is_number { "value out of range" } else { "invalid syntax" };
                    let detail = format!("strconv.ParseInt: parsing {}: {why}", super::error::quote(value));
                    check.errors.invalid(&path.child("value"), value, detail);
                }
            }
            "Lt" | "Gt" if check.minor() >= 35 => {
                check.errors.not_supported(&operator_path, Bad::alias(operator), &["Equal", "Exists", "Lt", "Gt"]);
            }
            _ => check.errors.not_supported(&operator_path, Bad::alias(operator), &["Equal", "Exists"]),
        }
        let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
        if !effect.is_empty() && !effects.contains(&effect) {
            check.errors.not_supported(&path.child("effect"), Bad::alias(effect), &effects);
        }
    }
}

/// `spec.schedulingGates`.
pub(super) fn gates(check: &mut Check, gates: At<'_>, path: &Path) {
    let mut known = BTreeSet::new();
    for (index, gate) in gates.items().enumerate() {
        let (name, path) = (gate.get("name").text(), path.index(index));
        let messages = names::qualified_name(name, check.newer_names());
        check.errors.each(&path, name, messages);
        if !known.insert(name) {
            check.errors.duplicate(&path, name);
        }
    }
}

fn pod_terms(spec: At<'_>) -> Vec<At<'_>> {
    let [required, preferred] = TERMS;
    let mut terms = Vec::new();
    for kind in ["podAffinity", "podAntiAffinity"] {
        let at = spec.at(&["affinity", kind]);
        terms.extend(at.get(required).items());
        terms.extend(at.get(preferred).items().map(|term| term.get("podAffinityTerm")));
    }
    terms
}

/// Whether an affinity term has a selector that would not be accepted.
pub(super) fn has_odd_selector(spec: At<'_>, newer: bool) -> bool {
    let is_odd = |term: &At<'_>| {
        ["labelSelector", "namespaceSelector"]
            .iter()
            .any(|field| !labels::selector_problems(term.get(field), newer).is_empty())
    };
    pod_terms(spec).iter().any(is_odd)
}

/// Whether node affinity has a value that is no label value.
pub(super) fn has_odd_node_affinity(spec: At<'_>, newer: bool) -> bool {
    let terms = spec.at(&["affinity", "nodeAffinity", TERMS[0], "nodeSelectorTerms"]);
    terms.items().any(|term| {
        term.get("matchExpressions")
            .items()
            .any(|rule| rule.get("values").texts().iter().any(|value| !names::label_value(value, newer).is_empty()))
    })
}

/// Whether label keys of a spread constraint would not be accepted.
pub(super) fn has_odd_spread_keys(spec: At<'_>, is_merged: bool, newer: bool) -> bool {
    spec.get("topologySpreadConstraints").items().any(|constraint| {
        let mut check = Check::detached(newer);
        if is_merged {
            label_keys(&mut check, constraint, &Path::default());
        } else {
            plain_label_keys(&mut check, constraint, &Path::default());
        }
        !check.errors.found.is_empty()
    })
}
