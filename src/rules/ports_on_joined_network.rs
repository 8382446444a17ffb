//! Ports on a service that has no network of its own.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds services that join the network of another container and publish ports or join networks themselves.
    ///
    /// ## Why it matters
    /// Ports and networks belong to the owner of the network. Compose refuses the combination, so the project does not
    /// start.
    ///
    /// ## Example
    /// ```yaml
    /// services:
    ///   vpn:
    ///     image: qmcgaw/gluetun:v3.39.1
    ///   downloader:
    ///     image: registry.example.com/downloader:2.0
    ///     network_mode: "service:vpn"
    ///     ports:
    ///       - "8080:8080"
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// services:
    ///   vpn:
    ///     image: qmcgaw/gluetun:v3.39.1
    ///     ports:
    ///       - "8080:8080"
    ///   downloader:
    ///     image: registry.example.com/downloader:2.0
    ///     network_mode: "service:vpn"
    /// ```
    ///
    /// ## Since
    /// All versions of Compose.
    ///
    /// ## References
    /// - [Compose file: services](https://docs.docker.com/reference/compose-file/services/)
    PORTS_ON_JOINED_NETWORK, "ports-on-joined-network", Error, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.projects().flat_map(|case| case.members().filter_map(move |member| find(rule, case, member))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, member: Member<'_>) -> Option<Finding> {
    let compose = member.container.compose.as_ref()?;
    let mode = compose.network_mode.as_ref()?;
    let owner = mode.value.strip_prefix("service:").or_else(|| mode.value.strip_prefix("container:"))?;
    let key = if member.container.ports.is_empty() { "networks" } else { "ports" };
    let node = case.at(member.container.node, &[key]).filter(|value| !value.is_null())?.id();
    let name = member.name();
    let message = format!("{name} cannot have {key}: it uses the network of {owner}");
    let help = format!("Move {key} to {owner}, which owns the network.");
    let finding = case.about(rule, member, (node, Part::Key), message, help);
    Some(finding.because(case.place(mode.node), format!("network_mode is {}", mode.value)))
}
