//! Values as the server's internal types show them: with all fields, by their Go names.

use super::error::Bad;
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
