//! Addresses in free text: URLs, `host:port`, and hosts behind a word that asks for one.

use super::concern::Concern;
use crate::model::{Container, EnvVar};

/// An address that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) host: String,
    pub(super) port: Option<u32>,
    pub(super) concern: Option<Concern>,
}

/// What stands around an address, in small letters, and its port.
pub(super) struct Words<'t> {
    key: &'t str,
    value: String,
    pub(super) port: Option<u32>,
}

impl Words<'_> {
    /// Whether a word begins somewhere in the key or the address: `db` does in `ORDERS_DB_HOST`, not in `feedback`. A
    /// short one has to be whole: `log` is in `logs`, not in `logistics`.
    pub(super) fn have(&self, word: &str) -> bool {
        [self.key, &self.value].into_iter().any(|text| {
            text.match_indices(word).any(|(at, _)| {
                let before = text.get(..at).and_then(|text| text.chars().next_back());
                let after = text.get(at + word.len()..).unwrap_or_default();
                let is_whole = word.len() > 3
                    || !after.strip_prefix('s').unwrap_or(after).starts_with(|c: char| c.is_ascii_alphabetic());
                before.is_none_or(|before| !before.is_ascii_alphanumeric()) && is_whole
            })
        })
    }
}

/// Words of a flag, variable or key that an address follows.
const ASKING: &[&str] = &[
    "host",
    "url",
    "uri",
    "addr",
    "endpoint",
    "server",
    "broker",
    "target",
    "upstream",
    "backend",
    "remote",
    "proxy",
    "peer",
    "seed",
    "dsn",
    "database",
    "repo",
    "output",
    "push",
    "write",
    "sink",
    "collector",
    "exporter",
    "connect",
    "forward",
    "instance",
    "node",
];

/// Words that say that the address is the container's own, or nobody's.
const NOT_CALLED: &[&str] = &[
    "listen",
    "bind",
    "advertise",
    "external",
    "public",
    "redirect",
    "callback",
    "origin",
    "cors",
    "allow",
    "domain",
    "realm",
    "schema",
    "xmlns",
    "root_url",
    "root-url",
    "site",
    "canonical",
    "image",
    "version",
    "agent",
    "cookie",
    "no_proxy",
    "audience",
    "server_name",
    "metrics-addr",
    "health",
    "probe",
];

/// Endings of file names, which look like hosts.
const FILES: &[&str] = &[
    "yaml",
    "yml",
    "json",
    "conf",
    "cfg",
    "log",
    "txt",
    "sh",
    "py",
    "jar",
    "js",
    "pem",
    "crt",
    "key",
    "sock",
    "xml",
    "toml",
    "ini",
    "properties",
    "so",
    "html",
    "md",
    "lua",
    "sql",
    "gz",
    "tar",
    "lock",
    "pid",
    "tmpl",
    "ctmpl",
    "hcl",
];

/// The addresses in a text. `key` is the word in front, which goes on to the next text: a flag and its value can be two.
pub(super) fn addresses(text: &str, key: &mut String, is_known: &dyn Fn(&str) -> bool) -> Vec<Address> {
    let mut found: Vec<Address> = Vec::new();
    // The last host that may get its port later: `Host db`, `Port 5432`.
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let line = line.trim_start();
        if line.starts_with('#') || line.starts_with("//") {
            continue;
        }
        let is_separator = |c: char| {
            c.is_whitespace()
                || matches!(c, '"' | '\'' | '`' | ',' | ';' | '|' | '[' | ']' | '{' | '}' | '(' | ')' | '<' | '>')
        };
        let tokens: Vec<&str> = line.split(is_separator).filter(|token| !token.is_empty()).collect();
        for (position, token) in tokens.iter().enumerate() {
            // `Host elasticsearch`: some configurations have no sign between key and value.
            let is_bare_key =
                position == 0 && tokens.len() == 2 && token.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
            let value = match token.split_once('=') {
                Some((flag, value)) if !flag.contains("://") => {
                    *key = flag.to_ascii_lowercase();
                    value
                }
                _ => token,
            };
            if let Some(name) = value.strip_suffix(':').or(is_bare_key.then_some(value)) {
                *key = name.to_ascii_lowercase();
                continue;
            }
            if value.starts_with('-') {
                *key = value.to_ascii_lowercase();
                continue;
            }
            let asks_for_port = key.trim_start_matches('-').starts_with("port") || key.ends_with("_port");
            if let Some(port) = value.parse().ok().filter(|_| asks_for_port) {
                let port = Some(port).filter(|port| (1..=65535).contains(port));
                if let Some(last) = open.take().and_then(|last| found.get_mut(last)) {
                    last.port = port;
                    last.concern = last.concern.or(concern(key, &last.host, port));
                }
                continue;
            }
            let Some(address) = address(value, key, is_known) else { continue };
            let is_bare = address.port.is_none() && !value.contains("://");
            open = is_bare.then_some(found.len());
            found.push(address);
        }
    }
    found
}

/// The address in an environment variable; `DB_HOST` has its port in `DB_PORT`.
pub(super) fn env_address(container: &Container, variable: &EnvVar, is_known: &dyn Fn(&str) -> bool) -> Vec<Address> {
    let Some(value) = variable.value.as_deref().filter(|_| variable.name != "HOSTNAME") else { return Vec::new() };
    let mut key = variable.name.to_ascii_lowercase();
    let mut found = addresses(value, &mut key, is_known);
    let prefix = variable.name.strip_suffix("HOST").or_else(|| variable.name.strip_suffix("HOSTNAME"));
    if let ([only], Some(prefix)) = (found.as_mut_slice(), prefix)
        && only.port.is_none()
    {
        only.port = container.env_value(&format!("{prefix}PORT")).and_then(|port| port.parse().ok());
    }
    found
}

fn concern(key: &str, value: &str, port: Option<u32>) -> Option<Concern> {
    Concern::of(&Words { key, value: value.to_ascii_lowercase(), port })
}

fn address(value: &str, key: &str, is_known: &dyn Fn(&str) -> bool) -> Option<Address> {
    if NOT_CALLED.iter().any(|word| key.contains(word)) {
        return None;
    }
    let make = |host: &str, port: Option<u32>| Address {
        host: host.to_ascii_lowercase(),
        port,
        concern: concern(key, value, port),
    };
    if let Some((scheme, rest)) = value.split_once("://") {
        let is_network = !scheme.is_empty() && !scheme.ends_with("unix") && !scheme.ends_with("file");
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let authority = rest.get(..end)?;
        // Names and passwords are no part of the address.
        let authority = authority.rsplit('@').next()?;
        let (host, port) = with_port(authority).unwrap_or((authority, None));
        return (is_network && is_host(host)).then(|| make(host, port));
    }
    if let Some((user, rest)) = value.split_once('@')
        && let Some((host, _)) = rest.split_once(':')
        && user == "git"
        && is_host(host)
    {
        return Some(make(host, None));
    }
    if let Some(instance) = value.split('=').next().filter(|instance| is_instance(instance)) {
        return Some(Address { host: instance.to_owned(), port: None, concern: Some(Concern::Database) });
    }
    let asks = ASKING.iter().any(|word| key.contains(word));
    // What follows a path is no port of ours: `host:80/path`.
    let (host, port) = with_port(value.split('/').next()?).unwrap_or((value, None));
    let is_address = match port {
        Some(_) => asks || is_known(host) || host.contains('.'),
        None => asks && (is_known(host) || host.contains('.') || key.ends_with("host")),
    };
    (is_address && is_host(host)).then(|| make(host, port))
}

/// Host and port of `host:port`.
fn with_port(text: &str) -> Option<(&str, Option<u32>)> {
    let (host, port) = text.rsplit_once(':')?;
    let port: u32 = port.parse().ok()?;
    (1..=65535).contains(&port).then_some((host, Some(port)))
}

/// `project:region:instance` of a managed database.
fn is_instance(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let is_name = |part: &str| part.starts_with(|c: char| c.is_ascii_lowercase());
    match parts.as_slice() {
        [project, region, instance] => {
            let is_region = region.contains('-') && region.ends_with(|c: char| c.is_ascii_digit());
            is_name(project) && is_name(region) && is_region && is_name(instance)
        }
        _ => false,
    }
}

/// Whether a text can be a host that is not this machine.
fn is_host(text: &str) -> bool {
    let is_plain = !text.is_empty()
        && text.len() <= 253
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'))
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric());
    let has_letter = text.chars().any(|c| c.is_ascii_alphabetic());
    let is_address = text.split('.').count() == 4 && text.split('.').all(|part| part.parse::<u8>().is_ok());
    let is_own = text.eq_ignore_ascii_case("localhost")
        || ["127.", "0.0.0.0", "169.254."].iter().any(|start| text.starts_with(start));
    let is_file = text.rsplit_once('.').is_some_and(|(_, end)| FILES.contains(&end));
    let is_word = matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "null" | "none");
    is_plain && (has_letter || is_address) && !is_own && !is_file && !is_word
}
