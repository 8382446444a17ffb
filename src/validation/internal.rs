//! Values as the server's internal types show them: with all fields, by their Go names.

use super::error::{Bad, quote};
use super::item::At;

/// Fields of a struct, in the order of Go: name in the API, name in Go, and what stands there when it is absent.
fn object(at: At<'_>, fields: &[(&str, &str, &str)]) -> String {
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, go, absent)| {
            let value = at.get(name);
            let shown = if value.is_set() { Bad::from(value).shown().to_owned() } else { (*absent).to_owned() };
            format!("\"{go}\":{shown}")
        })
        .collect();
    format!("{{{}}}", fields.join(","))
}

/// The security context of a container.
pub(super) fn security_context(at: At<'_>) -> Bad {
    let part = |name: &str, fields: &[(&str, &str, &str)]| {
        let own = at.get(name);
        if own.is_set() { object(own, fields) } else { "null".to_owned() }
    };
    let plain = |name: &str| Bad::from(at.get(name)).shown().to_owned();
    let parts = [
        ("Capabilities", part("capabilities", &[("add", "Add", "null"), ("drop", "Drop", "null")])),
        ("Privileged", plain("privileged")),
        (
            "SELinuxOptions",
            part(
                "seLinuxOptions",
                &[
                    ("user", "User", "\"\""),
                    ("role", "Role", "\"\""),
                    ("type", "Type", "\"\""),
                    ("level", "Level", "\"\""),
                ],
            ),
        ),
        (
            "WindowsOptions",
            part(
                "windowsOptions",
                &[
                    ("gmsaCredentialSpecName", "GMSACredentialSpecName", "null"),
                    ("gmsaCredentialSpec", "GMSACredentialSpec", "null"),
                    ("runAsUserName", "RunAsUserName", "null"),
                    ("hostProcess", "HostProcess", "null"),
                ],
            ),
        ),
        ("RunAsUser", plain("runAsUser")),
        ("RunAsGroup", plain("runAsGroup")),
        ("RunAsNonRoot", plain("runAsNonRoot")),
        ("ReadOnlyRootFilesystem", plain("readOnlyRootFilesystem")),
        ("AllowPrivilegeEscalation", plain("allowPrivilegeEscalation")),
        ("ProcMount", plain("procMount")),
        (
            "SeccompProfile",
            part("seccompProfile", &[("type", "Type", "\"\""), ("localhostProfile", "LocalhostProfile", "null")]),
        ),
        (
            "AppArmorProfile",
            part("appArmorProfile", &[("type", "Type", "\"\""), ("localhostProfile", "LocalhostProfile", "null")]),
        ),
    ];
    let parts: Vec<String> = parts.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    Bad::raw(format!("{{{}}}", parts.join(",")))
}

/// A label selector, which has the names of the API also inside of the server.
pub(super) fn selector(at: At<'_>) -> Bad {
    if !at.is_set() {
        return Bad::from(at);
    }
    let mut parts = Vec::new();
    let labels = at.get("matchLabels");
    if labels.len() > 0 {
        parts.push(format!("\"matchLabels\":{}", Bad::from(labels).shown()));
    }
    let requirement = |of: At<'_>| {
        let text = |field: &str| Bad::alias(of.get(field).text()).shown().to_owned();
        let values = of.get("values");
        let values =
            if values.len() > 0 { format!(",\"values\":{}", Bad::from(values).shown()) } else { String::new() };
        format!("{{\"key\":{},\"operator\":{}{values}}}", text("key"), text("operator"))
    };
    let requirements: Vec<String> = at.get("matchExpressions").items().map(requirement).collect();
    if !requirements.is_empty() {
        parts.push(format!("\"matchExpressions\":[{}]", requirements.join(",")));
    }
    let nothing = |kind: &str| format!("{kind}(nil)");
    let texts = |at: At<'_>| if at.is_set() { Bad::from(at).before().to_owned() } else { nothing("[]string") };
    let requirement = |of: At<'_>| {
        let text = |field: &str| quote(of.get(field).text());
        let (key, operator, values) = (text("key"), text("operator"), texts(of.get("values")));
        format!("v1.LabelSelectorRequirement{{Key:{key}, Operator:{operator}, Values:{values}}}")
    };
    let all: Vec<String> = at.get("matchExpressions").items().map(requirement).collect();
    let all = if at.has("matchExpressions") { format!("{{{}}}", all.join(", ")) } else { "(nil)".to_owned() };
    let labels = Bad::labels(labels);
    let old = format!(
        "v1.LabelSelector{{MatchLabels:{}, MatchExpressions:[]v1.LabelSelectorRequirement{all}}}",
        labels.before()
    );
    Bad::raw(format!("{{{}}}", parts.join(","))).or_before(old)
}

/// References to owners, which have the names of the API also inside of the server.
pub(super) fn owners(at: At<'_>) -> Bad {
    let owner = |of: At<'_>| {
        let text = |field: &str| format!("\"{field}\":{}", Bad::alias(of.get(field).text()).shown());
        let mut parts: Vec<String> = ["apiVersion", "kind", "name", "uid"].into_iter().map(text).collect();
        for field in ["controller", "blockOwnerDeletion"].into_iter().filter(|field| of.has(field)) {
            parts.push(format!("\"{field}\":{}", of.get(field).bool()));
        }
        format!("{{{}}}", parts.join(","))
    };
    Bad::raw(list(at, owner))
}

/// A success policy of a Job.
pub(super) fn success_policy(policy: At<'_>) -> Bad {
    if !policy.is_set() {
        return Bad::from(policy);
    }
    let fields = [("succeededIndexes", "SucceededIndexes", "null"), ("succeededCount", "SucceededCount", "null")];
    Bad::raw(format!("{{\"Rules\":{}}}", list(policy.get("rules"), |rule| object(rule, &fields))))
}

/// A failure policy of a Job.
pub(super) fn failure_policy(policy: At<'_>) -> Bad {
    if !policy.is_set() {
        return Bad::from(policy);
    }
    let codes =
        [("containerName", "ContainerName", "null"), ("operator", "Operator", "\"\""), ("values", "Values", "null")];
    let condition = [("type", "Type", "\"\""), ("status", "Status", "\"\"")];
    let rule = |rule: At<'_>| {
        let own = rule.get("onExitCodes");
        let codes = if own.is_set() { object(own, &codes) } else { "null".to_owned() };
        let conditions = list(rule.get("onPodConditions"), |pattern| object(pattern, &condition));
        let action = Bad::alias(rule.get("action").text()).shown().to_owned();
        format!("{{\"Action\":{action},\"OnExitCodes\":{codes},\"OnPodConditions\":{conditions}}}")
    };
    Bad::raw(format!("{{\"Rules\":{}}}", list(policy.get("rules"), rule)))
}

fn list(at: At<'_>, shown: impl Fn(At<'_>) -> String) -> String {
    if !at.is_set() {
        return "null".to_owned();
    }
    let items: Vec<String> = at.items().map(shown).collect();
    format!("[{}]", items.join(","))
}
