//! `restartPolicy` and `restartPolicyRules` of a container.

use super::Check;
use super::error::Bad;
use super::item::At;
use super::path::Path;

const RULES_NEED_POLICY: &str = "must specify restartPolicy when restart rules are used";

/// Of a regular container.
pub(super) fn regular(check: &mut Check, container: At<'_>, path: &Path) {
    if check.options.restart_rules {
        policy_and_rules(check, container, path);
    } else if container.has("restartPolicy") {
        check.errors.forbidden(&path.child("restartPolicy"), "may not be set for non-init containers");
    }
}

/// Of an init container.
pub(super) fn init(check: &mut Check, container: At<'_>, path: &Path) {
    let rules = container.get("restartPolicyRules");
    let Some(policy) = container.get("restartPolicy").opt_text() else {
        if rules.len() > 0 {
            check.errors.required(&path.child("restartPolicy"), RULES_NEED_POLICY);
        }
        return;
    };
    if !check.options.restart_rules {
        if policy != "Always" {
            check.errors.not_supported(&path.child("restartPolicy"), Bad::alias(policy), &["Always"]);
        }
    } else if policy == "Always" && !check.options.restart_all {
        if rules.len() > 0 {
            let detail = "restartPolicyRules are not allowed for init containers with restart policy Always";
            check.errors.forbidden(&path.child("restartPolicyRules"), detail);
        }
    } else {
        policy_and_rules(check, container, path);
    }
}

fn policy_and_rules(check: &mut Check, container: At<'_>, path: &Path) {
    let rules = container.get("restartPolicyRules");
    let policies = ["Always", "Never", "OnFailure"];
    match container.get("restartPolicy").opt_text() {
        None if rules.len() == 0 => return,
        None => check.errors.required(&path.child("restartPolicy"), RULES_NEED_POLICY),
        Some(policy) if !policies.contains(&policy) => {
            check.errors.not_supported(&path.child("restartPolicy"), Bad::alias(policy), &policies);
        }
        Some(_) => {}
    }
    let path = path.child("restartPolicyRules");
    at_most(check, rules, 20, &path);
    let actions: &[&str] = if check.options.restart_all { &["Restart", "RestartAllContainers"] } else { &["Restart"] };
    for (index, rule) in rules.items().enumerate() {
        let path = path.index(index);
        let action = rule.get("action").text();
        if !actions.contains(&action) {
            check.errors.not_supported(
                &path.child("action"),
                Bad::alias(action),
                if check.minor() >= 36 { actions } else { &["Restart"] },
            );
        }
        let codes = rule.get("exitCodes");
        let path = path.child("exitCodes");
        if !codes.is_set() {
            check.errors.required(&path, "must be specified");
            continue;
        }
        let operator = codes.get("operator").text();
        if !["In", "NotIn"].contains(&operator) {
            check.errors.not_supported(&path.child("operator"), Bad::alias(operator), &["In", "NotIn"]);
        }
        at_most(check, codes.get("values"), 255, &path.child("values"));
    }
}

fn at_most(check: &mut Check, list: At<'_>, most: usize, path: &Path) {
    if list.len() > most {
        if check.minor() >= 36 {
            check.errors.too_many(path, list.len(), most);
        } else {
            check.errors.too_long(path, most);
        }
    }
}
