//! Projected volumes.

use super::item::At;
use super::labels::{self, SelectorRules};
use super::path::Path;
use super::volumes::{downward_file, key_to_path, mode, plain_path};
use super::{Check, names};
use std::collections::BTreeSet;

const CONFLICT: &str = "conflicting duplicate paths";

/// `projected`.
pub(super) fn projected(check: &mut Check, at: At<'_>, path: &Path) {
    mode(check, at.get("defaultMode"), &path.child("defaultMode"));
    let mut known: BTreeSet<String> = BTreeSet::new();
    for (index, source) in at.get("sources").items().enumerate() {
        let own = path.child("sources").index(index);
        let mut count = 0;
        for kind in
            ["secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate"]
        {
            let at = source.get(kind);
            if !at.is_set() {
                continue;
            }
            count += 1;
            let own = own.child(kind);
            match kind {
                "secret" | "configMap" => named(check, at, &own, path, &mut known),
                "downwardAPI" => {
                    for file in at.get("items").items() {
                        downward_file(check, file, &own);
                        let target = file.get("path").text();
                        if !target.is_empty() && !known.insert(target.to_owned()) {
                            check.errors.invalid(path, target, CONFLICT);
                        }
                    }
                }
                "serviceAccountToken" => token(check, at, &own, path),
                "clusterTrustBundle" => trust_bundle(check, at, &own, path, &mut known),
                _ => certificate(check, at, &own, path, &mut known),
            }
        }
        if count > 1 {
            check.errors.forbidden(&own, "may not specify more than 1 volume type per source");
        }
    }
}

fn named(check: &mut Check, at: At<'_>, own: &Path, path: &Path, known: &mut BTreeSet<String>) {
    let name = at.get("name").text();
    if name.is_empty() {
        check.errors.required(&own.child("name"), "");
    }
    for (index, item) in at.get("items").items().enumerate() {
        key_to_path(check, item, &own.child("items").index(index));
        let target = item.get("path").text();
        if !target.is_empty() && !known.insert(target.to_owned()) {
            check.errors.invalid(path, name, CONFLICT);
        }
    }
}

fn token(check: &mut Check, at: At<'_>, own: &Path, path: &Path) {
    let seconds = at.get("expirationSeconds").int();
    if seconds < 600 {
        let detail = "may not specify a duration less than 10 minutes";
        check.errors.invalid(&own.child("expirationSeconds"), seconds, detail);
    }
    if seconds > 1 << 32 {
        let detail = "may not specify a duration larger than 2^32 seconds";
        check.errors.invalid(&own.child("expirationSeconds"), seconds, detail);
    }
    let target = at.get("path").text();
    if target.is_empty() {
        check.errors.required(&path.child("path"), "");
    } else if !check.options.any_token_path {
        plain_path(check, target, &path.child("path"));
    }
}

fn trust_bundle(check: &mut Check, at: At<'_>, own: &Path, path: &Path, known: &mut BTreeSet<String>) {
    match (at.get("name").opt_text(), at.get("signerName").opt_text()) {
        (Some(_), Some(_)) => check.errors.invalid(own, at, "only one of name and signerName may be used"),
        (Some(name), None) => {
            if name.is_empty() {
                check.errors.required(&own.child("name"), "must be a valid object name");
            }
            // A name with colons starts with that of its signer, and is as good as what stands behind.
            let last = name.rsplit_once(':').map_or(name, |(_, last)| last);
            for message in names::dns_subdomain(last) {
                let detail = format!("not a valid clustertrustbundlename: {message}");
                check.errors.invalid(&own.child("name"), name, detail);
            }
            if at.has("labelSelector") {
                let detail = "labelSelector must be unset if name is specified";
                check.errors.invalid(&own.child("labelSelector"), at.get("labelSelector"), detail);
            }
        }
        (None, Some(signer)) => {
            if signer.is_empty() {
                check.errors.required(&own.child("signerName"), "must be a valid signer name");
            }
            signer_name(check, signer, &own.child("signerName"));
            let selector = at.get("labelSelector");
            labels::selector(check, selector, SelectorRules::default(), &own.child("labelSelector"));
        }
        (None, None) => check.errors.required(own, "either name or signerName must be specified"),
    }
    let target = at.get("path").text();
    if target.is_empty() {
        check.errors.required(&own.child("path"), "");
    }
    plain_path(check, target, &own.child("path"));
    if !known.insert(target.to_owned()) {
        check.errors.invalid(path, target, CONFLICT);
    }
}

fn certificate(check: &mut Check, at: At<'_>, own: &Path, path: &Path, known: &mut BTreeSet<String>) {
    let signer = at.get("signerName").text();
    signer_name(check, signer, &own.child("signerName"));
    let annotations = own.child("userAnnotations");
    for (key, _) in at.get("userAnnotations").entries() {
        let key = key.to_lowercase();
        let messages = names::qualified_name(&key, true);
        if key.is_empty() {
            check.errors.required(&annotations, "");
        } else if !messages.is_empty() {
            check.errors.each(&annotations, &key, messages);
        } else if !key.contains('/') {
            let detail = "must be a domain-prefixed key (such as \"acme.io/foo\")";
            check.errors.invalid(&annotations, key, detail);
        }
    }
    let kinds = ["RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"];
    let kind = at.get("keyType").text();
    if !kinds.contains(&kind) {
        check.errors.not_supported(&own.child("keyType"), kind, &kinds);
    }
    if let Some(seconds) = at.get("maxExpirationSeconds").opt_int() {
        let path = own.child("maxExpirationSeconds");
        if seconds < 3600 {
            check.errors.invalid(&path, seconds, "if provided, maxExpirationSeconds must be >= 3600");
        }
        let host = signer.split('/').next().unwrap_or_default();
        let is_own = host == "kubernetes.io" || host.ends_with(".kubernetes.io");
        let most = if is_own { 86_400 } else { 7_862_400 };
        if seconds > most {
            check.errors.invalid(&path, seconds, format!("if provided, maxExpirationSeconds must be <= {most}"));
        }
    }
    let mut count = 0;
    for field in ["credentialBundlePath", "keyPath", "certificateChainPath"] {
        let target = at.get(field).text();
        if target.is_empty() {
            continue;
        }
        count += 1;
        plain_path(check, target, &own.child(field));
        if !known.insert(target.to_owned()) {
            check.errors.invalid(path, target, CONFLICT);
        }
    }
    if count == 0 {
        let detail = "specify at least one of credentialBundlePath, keyPath, and certificateChainPath";
        check.errors.required(own, detail);
    }
}

fn signer_name(check: &mut Check, name: &str, path: &Path) {
    if name.is_empty() {
        return check.errors.required(path, "");
    }
    let parts: Vec<&str> = name.split('/').collect();
    let [domain, rest] = parts.as_slice() else {
        let detail = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
        return check.errors.invalid(path, name, detail);
    };
    if domain.len() > 253 {
        check.errors.too_long(path, 253);
    }
    first_odd(check, domain, names::dns_label, path);
    if !domain.contains('.') {
        check.errors.invalid(path, *domain, "should be a domain with at least two segments separated by dots");
    }
    first_odd(check, rest, names::dns_subdomain, path);
    if name.len() > 571 {
        check.errors.too_long(path, 571);
    }
}

/// What is wrong with the first part that is not as it should be.
fn first_odd(check: &mut Check, of: &str, odd: fn(&str) -> Vec<String>, path: &Path) {
    let found = of.split('.').map(|label| (label, odd(label))).find(|(_, messages)| !messages.is_empty());
    if let Some((label, messages)) = found {
        for message in messages {
            check.errors.invalid(path, of, format!("validating label {}: {message}", super::error::quote(label)));
        }
    }
}
