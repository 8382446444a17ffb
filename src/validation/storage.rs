//! Volumes of storage systems, most of them no longer supported by the kubelet.

use super::error::Bad;
use super::item::At;
use super::path::Path;
use super::{Check, names};

/// The rest of the rules for a kind of volume.
pub(super) fn storage(check: &mut Check, at: At<'_>, kind: &str, path: &Path) {
    match kind {
        "iscsi" => iscsi(check, at, path),
        "flocker" => flocker(check, at, path),
        "rbd" | "cephfs" => {
            if at.get("monitors").len() == 0 {
                check.errors.required(&path.child("monitors"), "");
            }
            if kind == "rbd" && at.get("image").text().is_empty() {
                check.errors.required(&path.child("image"), "");
            }
        }
        "cinder" => secret_name(check, at, path),
        "quobyte" => quobyte(check, at, path),
        "fc" => fibre_channel(check, at, path),
        "flexVolume" => {
            for (key, _) in at.get("options").entries() {
                let namespace = format!(".{}", key.split('/').next().unwrap_or_default().to_lowercase());
                let is_whole = !key.contains('/');
                let namespace = if is_whole { format!(".{}", key.to_lowercase()) } else { namespace };
                if namespace.ends_with(".kubernetes.io") || namespace.ends_with(".k8s.io") {
                    let detail = "kubernetes.io and k8s.io namespaces are reserved";
                    check.errors.invalid(&path.child("options").key(key), key, detail);
                }
            }
        }
        "azureDisk" => azure_disk(check, at, path),
        "storageos" => storage_os(check, at, path),
        _ => {}
    }
}

fn secret_name(check: &mut Check, at: At<'_>, path: &Path) {
    if at.has("secretRef") && at.at(&["secretRef", "name"]).text().is_empty() {
        check.errors.required(&path.child("secretRef").child("name"), "");
    }
}

fn iscsi(check: &mut Check, at: At<'_>, path: &Path) {
    if at.get("targetPortal").text().is_empty() {
        check.errors.required(&path.child("targetPortal"), "");
    }
    let iqn = at.get("iqn").text();
    if iqn.is_empty() {
        check.errors.required(&path.child("iqn"), "");
    } else {
        initiator(check, iqn, &path.child("iqn"));
    }
    let lun = at.get("lun").int();
    if !(0..=255).contains(&lun) {
        check.errors.invalid(&path.child("lun"), lun, names::between(0, 255));
    }
    let has_chap = at.get("chapAuthDiscovery").bool() || at.get("chapAuthSession").bool();
    if has_chap && !at.has("secretRef") {
        check.errors.required(&path.child("secretRef"), "");
    }
    if let Some(name) = at.get("initiatorName").opt_text() {
        initiator(check, name, &path.child("initiatorname"));
    }
}

fn initiator(check: &mut Check, name: &str, path: &Path) {
    let ends = |prefix: &str, count: usize| {
        let rest: Vec<char> = name.strip_prefix(prefix).unwrap_or_default().chars().skip(1).collect();
        rest.len() == count && rest.iter().all(char::is_ascii_alphanumeric)
    };
    let fits = match name.get(..3) {
        Some("iqn") => is_iqn(name),
        Some("eui") => ends("eui", 16),
        Some("naa") => ends("naa", 32),
        _ => {
            return check.errors.invalid(path, name, "must be valid format starting with iqn, eui, or naa");
        }
    };
    if !fits {
        check.errors.invalid(path, name, "must be valid format");
    }
}

/// `iqn.2001-04.com.example:storage`.
fn is_iqn(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("iqn.") else { return false };
    let bytes = rest.as_bytes();
    let digits =
        |range: std::ops::Range<usize>| bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let has_date = digits(0..4) && bytes.get(4) == Some(&b'-') && digits(5..7) && bytes.get(7) == Some(&b'.');
    let Some((domain, target)) = rest.get(8..).and_then(|rest| rest.split_once(':')) else { return false };
    let is_domain = !domain.is_empty() && domain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    has_date
        && is_domain
        && !target.is_empty()
        && !target.contains(|c: char| ",;*&$|".contains(c) || c.is_ascii_whitespace())
}

fn flocker(check: &mut Check, at: At<'_>, path: &Path) {
    let (name, id) = (at.get("datasetName").text(), at.get("datasetUUID").text());
    if name.is_empty() && id.is_empty() {
        check.errors.required(path, "one of datasetName and datasetUUID is required");
    }
    if !name.is_empty() && !id.is_empty() {
        check.errors.invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously");
    }
    if name.contains('/') {
        check.errors.invalid(&path.child("datasetName"), name, "must not contain '/'");
    }
}

fn quobyte(check: &mut Check, at: At<'_>, path: &Path) {
    const PAIRS: &str = "must be a host:port pair or multiple pairs separated by commas";
    let registry = at.get("registry").text();
    if registry.is_empty() {
        check.errors.required(&path.child("registry"), PAIRS);
    } else if at.get("tenant").text().len() >= 65 {
        let detail = "must be a UUID and may not exceed a length of 64 characters";
        check.errors.required(&path.child("tenant"), detail);
    } else {
        for pair in registry.split(',') {
            let host = pair.rsplit_once(':').map(|(host, _)| host);
            let fits = host.is_some_and(|host| !host.contains(':') || (host.starts_with('[') && host.ends_with(']')));
            if !fits {
                check.errors.invalid(&path.child("registry"), registry, PAIRS);
            }
        }
    }
    if at.get("volume").text().is_empty() {
        check.errors.required(&path.child("volume"), "");
    }
}

fn fibre_channel(check: &mut Check, at: At<'_>, path: &Path) {
    let (names_of, ids) = (at.get("targetWWNs"), at.get("wwids"));
    let own = path.child("targetWWNs");
    if names_of.len() == 0 && ids.len() == 0 {
        check.errors.required(&own, "must specify either targetWWNs or wwids, but not both");
    }
    if names_of.len() > 0 && ids.len() > 0 {
        check.errors.invalid(&own, names_of, "targetWWNs and wwids can not be specified simultaneously");
    }
    if names_of.len() > 0 {
        match at.get("lun").opt_int() {
            None => check.errors.required(&path.child("lun"), "lun is required if targetWWNs is specified"),
            Some(lun) if !(0..=255).contains(&lun) => {
                check.errors.invalid(&path.child("lun"), lun, names::between(0, 255));
            }
            Some(_) => {}
        }
    }
}

fn azure_disk(check: &mut Check, at: At<'_>, path: &Path) {
    let (caching, kind, disk) = (at.get("cachingMode"), at.get("kind"), at.get("diskURI").text());
    let (modes, kinds) = (["None", "ReadOnly", "ReadWrite"], ["Dedicated", "Managed", "Shared"]);
    if let Some(mode) = caching.opt_text().filter(|mode| !modes.contains(mode)) {
        check.errors.not_supported(&path.child("cachingMode"), Bad::alias(mode), &modes);
    }
    let Some(kind) = kind.opt_text() else { return };
    if !kinds.contains(&kind) {
        check.errors.not_supported(&path.child("kind"), Bad::alias(kind), &kinds);
    }
    if kind == "Managed" && !disk.starts_with("/subscriptions/") {
        let form = "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}";
        check.errors.not_supported(&path.child("diskURI"), disk, &[form]);
    }
    if kind != "Managed" && !disk.starts_with("https://") {
        let form = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd";
        check.errors.not_supported(&path.child("diskURI"), disk, &[form]);
    }
}

fn storage_os(check: &mut Check, at: At<'_>, path: &Path) {
    let (name, namespace) = (at.get("volumeName").text(), at.get("volumeNamespace").text());
    if name.is_empty() {
        check.errors.required(&path.child("volumeName"), "");
    } else {
        check.errors.each(&path.child("volumeName"), name, names::dns_label(name));
    }
    if !namespace.is_empty() {
        check.errors.each(&path.child("volumeNamespace"), namespace, names::dns_label(namespace));
    }
    secret_name(check, at, path);
}
