//! Labels, annotations' keys, and selectors. Source: `apimachinery/pkg/apis/meta/v1/validation/validation.go`.

use super::item::At;
use super::path::Path;
use super::{Check, names};

/// What of a selector is checked.
#[derive(Clone, Copy, Default)]
pub(super) struct SelectorRules {
    pub(super) any_value: bool,
}

/// The key of a label.
pub(super) fn label_name(check: &mut Check, name: &str, path: &Path) {
    let messages = names::qualified_name(name, check.newer_names());
    check.errors.each(path, name, messages);
}

/// Labels: all errors are at the labels as a whole.
pub(super) fn labels(check: &mut Check, labels: At<'_>, path: &Path) {
    for (key, value) in labels.entries() {
        label_name(check, key, path);
        let messages = names::label_value(value.text(), check.newer_names());
        check.errors.each(path, value.text(), messages);
    }
}

/// A label selector.
pub(super) fn selector(check: &mut Check, selector: At<'_>, rules: SelectorRules, path: &Path) {
    if !selector.is_set() {
        return;
    }
    labels(check, selector.get("matchLabels"), &path.child("matchLabels"));
    for (index, requirement) in selector.get("matchExpressions").items().enumerate() {
        let path = path.child("matchExpressions").index(index);
        let values = requirement.get("values");
        match requirement.get("operator").text() {
            "In" | "NotIn" if values.len() == 0 => {
                let detail = "must be specified when `operator` is 'In' or 'NotIn'";
                check.errors.required(&path.child("values"), detail);
            }
            "Exists" | "DoesNotExist" if values.len() > 0 => {
                let detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                check.errors.forbidden(&path.child("values"), detail);
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            _ => {
                let operator = requirement.get("operator").text();
                check.errors.invalid(
                    &path.child("operator"),
                    super::error::Bad::alias(operator),
                    "not a valid selector operator",
                );
            }
        }
        label_name(check, requirement.get("key").text(), &path.child("key"));
        if !rules.any_value {
            for (index, value) in values.items().enumerate() {
                let messages = names::label_value(value.text(), check.newer_names());
                check.errors.each(&path.child("values").index(index), value.text(), messages);
            }
        }
    }
}

/// All that is wrong with a selector, as the server sees it when it decides what may stay as it is.
pub(super) fn selector_problems(of: At<'_>, newer: bool) -> Vec<String> {
    let mut check = Check::detached(newer);
    selector(&mut check, of, SelectorRules::default(), &Path::default());
    check.errors.found.into_iter().map(|error| error.detail).collect()
}

/// Whether a value of an expression is no label value.
pub(super) fn has_odd_value(selector: At<'_>) -> bool {
    let is_odd = |value: At<'_>| !names::label_value(value.text(), true).is_empty();
    selector.get("matchExpressions").items().any(|requirement| requirement.get("values").items().any(is_odd))
}

/// Whether a selector can be used at all, and whether it matches; nothing when it cannot be used.
pub(super) fn matches(selector: At<'_>, labels: At<'_>) -> Option<bool> {
    if !selector.is_set() {
        return Some(false);
    }
    let is_name = |key: &str| names::qualified_name(key, true).is_empty();
    let is_value = |value: &str| names::label_value(value, true).is_empty();
    let mut fits = true;
    for (key, value) in selector.get("matchLabels").entries() {
        if !is_name(key) || !is_value(value.text()) {
            return None;
        }
        fits &= labels.get(key).opt_text() == Some(value.text());
    }
    for requirement in selector.get("matchExpressions").items() {
        let (key, values) = (requirement.get("key").text(), requirement.get("values").texts());
        if !is_name(key) || !values.iter().all(|value| is_value(value)) {
            return None;
        }
        let own = labels.get(key).opt_text();
        let is_in = own.is_some_and(|own| values.contains(&own));
        fits &= match (requirement.get("operator").text(), values.is_empty()) {
            ("In", false) => is_in,
            ("NotIn", false) => !is_in,
            ("Exists", true) => own.is_some(),
            ("DoesNotExist", true) => own.is_none(),
            _ => return None,
        };
    }
    Some(fits)
}

/// Whether a selector selects everything because it says nothing.
pub(super) fn is_empty(selector: At<'_>) -> bool {
    selector.get("matchLabels").len() + selector.get("matchExpressions").len() == 0
}
