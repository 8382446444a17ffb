//! Ports of a container.

use super::error::Bad;
use super::item::At;
use super::path::Path;
use super::{Check, names};
use std::collections::BTreeSet;

const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];

/// `ports`.
pub(super) fn ports(check: &mut Check, ports: At<'_>, path: &Path) {
    let mut known = BTreeSet::new();
    for (index, port) in ports.items().enumerate() {
        let path = path.index(index);
        let name = port.get("name").text();
        if !name.is_empty() {
            let messages = names::port_name(name);
            if !messages.is_empty() {
                check.errors.each(&path.child("name"), name, messages);
            } else if !known.insert(name) {
                check.errors.duplicate(&path.child("name"), name);
            }
        }
        let number = port.get("containerPort").int();
        if number == 0 {
            check.errors.required(&path.child("containerPort"), "");
        } else if let Some(message) = names::port_number(number) {
            check.errors.invalid(&path.child("containerPort"), number, message);
        }
        let host = port.get("hostPort").int();
        if host != 0
            && let Some(message) = names::port_number(host)
        {
            check.errors.invalid(&path.child("hostPort"), host, message);
        }
        let protocol = port.get("protocol").text();
        if protocol.is_empty() {
            check.errors.required(&path.child("protocol"), "");
        } else if !PROTOCOLS.contains(&protocol) {
            check.errors.not_supported(&path.child("protocol"), Bad::alias(protocol), &PROTOCOLS);
        }
    }
}

/// Host ports that are taken twice, among the given containers.
pub(super) fn host_port_conflicts<'p>(
    check: &mut Check,
    containers: impl Iterator<Item = (usize, At<'p>)>,
    path: &Path,
) {
    let mut known = BTreeSet::new();
    for (container_index, container) in containers {
        for (index, port) in container.get("ports").items().enumerate() {
            let host = port.get("hostPort").int();
            if host == 0 {
                continue;
            }
            let text = format!("{}/{}/{host}", port.get("protocol").text(), port.get("hostIP").text());
            if known.contains(&text) {
                let path = path.index(container_index).child("ports").index(index).child("hostPort");
                check.errors.duplicate(&path, text);
            } else {
                known.insert(text);
            }
        }
    }
}

/// With the network of the host, regular containers use the port of the host.
pub(super) fn host_network(check: &mut Check, spec: At<'_>, path: &Path) {
    if !spec.get("hostNetwork").bool() {
        return;
    }
    for (container_index, container) in spec.get("containers").items().enumerate() {
        for (index, port) in container.get("ports").items().enumerate() {
            let (host, own) = (port.get("hostPort").int(), port.get("containerPort").int());
            if (check.options.is_pod || host != 0) && host != own {
                let path = path.child("containers").index(container_index).child("ports").index(index);
                let detail = "must match `containerPort` when `hostNetwork` is true";
                check.errors.invalid(&path.child("hostPort"), host, detail);
            }
        }
    }
}

/// A port by number or name, of a probe or a hook.
pub(super) fn number_or_name(check: &mut Check, port: At<'_>, path: &Path) {
    match port.opt_text() {
        Some(name) => check.errors.each(path, name, names::port_name(name)),
        None => {
            if let Some(message) = names::port_number(port.int()) {
                check.errors.invalid(path, port.int(), message);
            }
        }
    }
}
