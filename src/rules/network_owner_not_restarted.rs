//! A service that stays without network when another one dies.

use super::support::compose::service;
use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::finding::Fix;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds services that live in the network of another one, are restarted themselves, and whose owner of the network
    /// is not.
    ///
    /// ## Why it matters
    /// With `network_mode: service:…` the network belongs to the other container. When that ends and stays down, the
    /// network is gone: the service keeps running, or is restarted, without any connection.
    ///
    /// ## Example
    /// ```yaml
    /// services:
    ///   vpn:
    ///     image: qmcgaw/gluetun:v3.39.1
    ///   downloader:
    ///     image: registry.example.com/downloader:2.0
    ///     network_mode: "service:vpn"
    ///     restart: unless-stopped
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// services:
    ///   vpn:
    ///     image: qmcgaw/gluetun:v3.39.1
    ///     restart: unless-stopped
    ///   downloader:
    ///     image: registry.example.com/downloader:2.0
    ///     network_mode: "service:vpn"
    ///     restart: unless-stopped
    /// ```
    ///
    /// ## Since
    /// All versions of Compose.
    ///
    /// ## References
    /// - [Compose file: services](https://docs.docker.com/reference/compose-file/services/)
    NETWORK_OWNER_NOT_RESTARTED, "network-owner-not-restarted", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.projects().flat_map(|case| case.members().filter_map(move |member| find(rule, case, member))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, member: Member<'_>) -> Option<Finding> {
    let compose = member.container.compose.as_ref()?;
    let mode = compose.network_mode.as_ref()?;
    let owner = service(case, mode.value.strip_prefix("service:")?)?;
    let is_restarted = |restart: Option<&str>| restart.is_some_and(|restart| restart != "no");
    let theirs = owner.container.compose.as_ref()?;
    let has_deploy = case.at(owner.container.node, &["deploy"]).is_some();
    if !is_restarted(compose.restart.as_deref()) || is_restarted(theirs.restart.as_deref()) || has_deploy {
        return None;
    }
    let (name, wanted) = (member.name(), owner.name());
    let message = format!("{name} loses its network when {wanted} ends: nothing restarts {wanted}");
    let help = format!("Give {wanted} the same restart as {name}.");
    let restart = compose.restart.clone()?;
    let edits = match case.at(owner.container.node, &["restart"]) {
        Some(own) => case.with_value(own.id(), restart),
        None => case.with_key(owner.container.node, "restart", restart, &["image", "build"]),
    };
    let fix = Fix::to_review(format!("Restart {wanted} like {name}"), edits);
    let finding = case.about(rule, member, (mode.node, Part::Key), message, help).mended_by(fix);
    Some(finding.because(case.place(owner.container.node), format!("{wanted} has no restart")))
}
