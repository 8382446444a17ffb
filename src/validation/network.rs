//! DNS, host names, and what a Pod shares with its host.

use super::error::Bad;
use super::item::At;
use super::path::Path;
use super::{Check, names, update};
use crate::release::Feature;
use core::net::{Ipv4Addr, Ipv6Addr};

/// `spec.dnsConfig`.
pub(super) fn dns(check: &mut Check, spec: At<'_>, path: &Path) {
    let config = spec.get("dnsConfig");
    let servers = config.get("nameservers");
    if spec.get("dnsPolicy").text() == "None" {
        if !config.is_set() {
            return check.errors.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
        }
        if servers.len() == 0 {
            let detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
            return check.errors.required(&path.child("nameservers"), detail);
        }
    }
    let most = if check.minor() >= 26 { 32 } else { 6 };
    if servers.len() > 3 {
        check.errors.invalid(&path.child("nameservers"), servers, "must not have more than 3 nameservers");
    }
    for (index, server) in servers.texts().into_iter().enumerate() {
        ip(check, server, &path.child("nameservers").index(index));
    }
    let searches = config.get("searches");
    let search_path = path.child("searches");
    if searches.len() > most {
        check.errors.invalid(&search_path, searches, format!("must not have more than {most} search paths"));
    }
    if searches.texts().join(" ").len() > 2048 {
        let detail = "must not have more than 2048 characters (including spaces) in the search list";
        check.errors.invalid(&search_path, searches, detail);
    }
    for (index, search) in searches.texts().into_iter().enumerate() {
        let is_relaxed = check.options.relaxed_dns;
        if is_relaxed && search == "." {
            continue;
        }
        let search = search.strip_suffix('.').unwrap_or(search);
        let messages = if is_relaxed {
            names::dns_subdomain_with_underscore(search, check.minor())
        } else {
            names::dns_subdomain(search)
        };
        check.errors.each(&search_path.index(index), search, messages);
    }
    for (index, option) in config.get("options").items().enumerate() {
        if option.get("name").text().is_empty() {
            check.errors.required(&path.child("options").index(index), "must not be empty");
        }
    }
}

/// An address as the server's older parser reads it: numbers of IPv4 may have leading zeros.
pub(super) fn sloppy_ip(text: &str) -> Option<Address> {
    if let Ok(address) = text.parse::<Ipv6Addr>() {
        return Some(Address::V6(address));
    }
    // An IPv4 address at the end of an IPv6 one may have leading zeros too.
    if let Some((head, tail)) = text.rsplit_once(':') {
        let tail = v4(tail)?;
        return format!("{head}:{tail}").parse().ok().map(Address::V6);
    }
    v4(text).map(Address::V4)
}

fn v4(text: &str) -> Option<Ipv4Addr> {
    let parts: Vec<&str> = text.split('.').collect();
    let number = |part: &str| {
        let is_number = !part.is_empty() && part.len() <= 8 && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse::<u32>().ok()).flatten().and_then(|number| u8::try_from(number).ok())
    };
    match parts.as_slice() {
        [a, b, c, d] => Some(Ipv4Addr::new(number(a)?, number(b)?, number(c)?, number(d)?)),
        _ => None,
    }
}

/// An IP address.
pub(super) enum Address {
    V4(Ipv4Addr),
    V6(Ipv6Addr),
}

/// An address, as strict as the release is.
fn ip(check: &mut Check, text: &str, path: &Path) {
    let Some(address) = sloppy_ip(text) else {
        let detail = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
        return check.errors.invalid(path, text, detail);
    };
    if !check.has(Feature::StrictIpValidation) {
        return;
    }
    let is_strict = text.parse::<core::net::IpAddr>().is_ok();
    if !is_strict {
        check.errors.invalid(path, text, "must not have leading 0s");
    } else if matches!(address, Address::V6(v6) if v6.to_ipv4_mapped().is_some()) {
        check.errors.invalid(path, text, "must not be an IPv4-mapped IPv6 address");
    }
}

/// What the server warns of in an address.
pub(super) fn ip_warning(text: &str, minor: u8) -> Option<String> {
    let address = sloppy_ip(text)?;
    let strict = text.parse::<core::net::IpAddr>().ok();
    let quoted = super::error::quote(text);
    let odd = |address: String| {
        let what = if minor >= 36 { "is" } else { "will be considered" };
        let when = if minor >= 36 { "" } else { " in a future Kubernetes release" };
        format!("non-standard IP address {quoted} {what} invalid{when}: use \"{address}\"")
    };
    match address {
        Address::V4(v4) if strict.is_none() => Some(odd(v4.to_string())),
        Address::V4(_) => None,
        Address::V6(v6) => {
            if let Some(v4) = v6.to_ipv4_mapped() {
                return Some(odd(v4.to_string()));
            }
            if strict.is_none() {
                return Some(odd(v6.to_string()));
            }
            let canonical = v6.to_string();
            (canonical != text)
                .then(|| format!("IPv6 address {quoted} should be in RFC 5952 canonical format (\"{canonical}\")"))
        }
    }
}

/// `spec.hostAliases`.
pub(super) fn host_aliases(check: &mut Check, aliases: At<'_>, path: &Path) {
    for (index, alias) in aliases.items().enumerate() {
        let path = path.index(index);
        ip(check, alias.get("ip").text(), &path.child("ip"));
        for (index, name) in alias.get("hostnames").texts().into_iter().enumerate() {
            check.errors.each(&path.child("hostnames").index(index), name, names::dns_subdomain(name));
        }
    }
}

/// `spec.hostUsers: false`.
pub(super) fn host_users(check: &mut Check, spec: At<'_>, path: &Path) {
    if spec.get("hostUsers").opt_bool() != Some(false) {
        return;
    }
    let detail = if check.minor() >= 34 { "when `hostUsers` is false" } else { "when `pod.Spec.HostUsers` is false" };
    for (field, shown) in [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")] {
        let is_allowed = field == "hostNetwork" && check.options.host_users_network;
        if spec.get(field).bool() && !is_allowed {
            check.errors.forbidden(&path.child(shown), detail);
        }
    }
    if check.minor() >= 34 && !check.options.host_users_devices {
        for (container, path) in update::containers_with_paths(spec, path) {
            if container.get("volumeDevices").len() > 0 {
                check.errors.forbidden(&path.child("volumeDevices"), detail);
            }
        }
    }
}

/// `spec.hostnameOverride`.
pub(super) fn host_name_override(check: &mut Check, spec: At<'_>, path: &Path) {
    let Some(name) = spec.get("hostnameOverride").opt_text() else { return };
    let path = path.child("hostnameOverride");
    for field in ["setHostnameAsFQDN", "hostNetwork"] {
        if spec.get(field).bool() {
            check.errors.forbidden(&path, format!("may not be specified when {field} is true"));
        }
    }
    if name.len() > 64 {
        check.errors.too_long(&path, 64);
    }
    for message in names::dns_subdomain(name) {
        check.errors.invalid(&path, Bad::from(name), message);
    }
}
