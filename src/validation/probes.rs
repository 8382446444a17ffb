//! Probes and lifecycle hooks.

use super::error::Bad;
use super::item::At;
use super::path::Path;
use super::ports::number_or_name;
use super::{Check, names};

/// A probe: `livenessProbe`, `readinessProbe` or `startupProbe`.
pub(super) fn probe(check: &mut Check, probe: At<'_>, name: &str, grace: Option<i64>, path: &Path) {
    handler(check, probe, grace, path);
    for field in ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] {
        check.errors.not_negative(probe.get(field).int(), &path.child(field));
    }
    let own_grace = probe.get("terminationGracePeriodSeconds");
    let grace_path = path.child("terminationGracePeriodSeconds");
    if let Some(seconds) = own_grace.opt_int().filter(|seconds| *seconds <= 0) {
        check.errors.invalid(&grace_path, seconds, "must be greater than 0");
    }
    if name == "readinessProbe" {
        if own_grace.is_set() {
            check.errors.invalid(&grace_path, own_grace, "must not be set for readinessProbes");
        }
    } else if probe.get("successThreshold").int() != 1 {
        check.errors.invalid(&path.child("successThreshold"), probe.get("successThreshold").int(), "must be 1");
    }
}

/// The one thing that a probe or hook does.
fn handler(check: &mut Check, at: At<'_>, grace: Option<i64>, path: &Path) {
    let mut is_first = true;
    for kind in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
        let action = at.get(kind);
        if !action.is_set() {
            continue;
        }
        let path = path.child(kind);
        if !is_first {
            check.errors.forbidden(&path, "may not specify more than 1 handler type");
            continue;
        }
        is_first = false;
        match kind {
            "exec" => {
                if action.get("command").len() == 0 {
                    check.errors.required(&path.child("command"), "");
                }
            }
            "httpGet" => http_get(check, action, &path),
            "tcpSocket" | "grpc" => number_or_name(check, action.get("port"), &path.child("port")),
            _ => sleep(check, action, grace, &path),
        }
    }
    if is_first {
        check.errors.required(path, "must specify a handler type");
    }
}

fn http_get(check: &mut Check, action: At<'_>, path: &Path) {
    if action.get("path").text().is_empty() {
        check.errors.required(&path.child("path"), "");
    }
    number_or_name(check, action.get("port"), &path.child("port"));
    let scheme = action.get("scheme").text();
    if !["HTTP", "HTTPS"].contains(&scheme) {
        check.errors.not_supported(&path.child("scheme"), Bad::alias(scheme), &["HTTP", "HTTPS"]);
    }
    for header in action.get("httpHeaders").items() {
        let name = header.get("name").text();
        if let Some(message) = names::header_name(name) {
            check.errors.invalid(&path.child("httpHeaders"), name, message);
        }
    }
}

fn sleep(check: &mut Check, action: At<'_>, grace: Option<i64>, path: &Path) {
    let (Some(grace), seconds) = (grace, action.get("seconds").int()) else { return };
    if check.options.sleep_zero {
        if seconds < 0 || seconds > grace {
            let detail = format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})");
            check.errors.invalid(path, seconds, detail);
        }
    } else if seconds <= 0 || seconds > grace {
        let hint = if check.minor() >= 32 {
            ". Enable AllowPodLifecycleSleepActionZeroValue feature gate for zero sleep."
        } else {
            ""
        };
        let detail = format!("must be greater than 0 and less than terminationGracePeriodSeconds ({grace}){hint}");
        check.errors.invalid(path, seconds, detail);
    }
}

/// `lifecycle`.
pub(super) fn lifecycle(check: &mut Check, lifecycle: At<'_>, grace: Option<i64>, path: &Path, os: At<'_>) {
    for hook in ["postStart", "preStop"] {
        if lifecycle.has(hook) {
            handler(check, lifecycle.get(hook), grace, &path.child(hook));
        }
    }
    let Some(signal) = lifecycle.get("stopSignal").opt_text() else { return };
    let path = path.child("stopSignal");
    if !os.is_set() {
        return check.errors.forbidden(&path, "may not be set for containers with empty `spec.os.name`");
    }
    let linux = linux_signals();
    let known: Vec<&str> = match os.get("name").text() {
        "windows" => vec!["SIGKILL", "SIGTERM"],
        "linux" => linux.iter().map(String::as_str).collect(),
        _ => return,
    };
    if !known.contains(&signal) {
        check.errors.not_supported(&path, Bad::alias(signal), &known);
    }
}

/// Signals of Linux, by name.
fn linux_signals() -> Vec<String> {
    let plain = "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT RTMAX RTMIN SEGV STKFLT \
                 STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ";
    let mut signals: Vec<String> = plain.split_whitespace().map(|name| format!("SIG{name}")).collect();
    signals.extend((1..=14).map(|step| format!("SIGRTMAX-{step}")));
    signals.extend((1..=15).map(|step| format!("SIGRTMIN+{step}")));
    signals.sort();
    signals
}
