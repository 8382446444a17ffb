//! A Compose service that is called a sidecar but shares nothing.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::rule;

rule! {
    /// ## What it does
    /// Finds services whose name says sidecar and that share neither network nor volume nor processes with another
    /// service.
    ///
    /// ## Why it matters
    /// Services of a Compose project are separate machines to each other: no common localhost, no common files. A
    /// sidecar needs one of these. With `network_mode: "service:app"` it shares the network as in a Pod, with a common
    /// volume the files.
    ///
    /// ## Example
    /// ```yaml
    /// services:
    ///   shop:
    ///     image: registry.example.com/shop:1.4
    ///   metrics-sidecar:
    ///     image: prom/statsd-exporter:v0.28.0
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// services:
    ///   shop:
    ///     image: registry.example.com/shop:1.4
    ///   metrics-sidecar:
    ///     image: prom/statsd-exporter:v0.28.0
    ///     network_mode: "service:shop"
    /// ```
    ///
    /// ## Since
    /// All versions of Compose.
    ///
    /// ## References
    /// - [Compose file: services](https://docs.docker.com/reference/compose-file/services/)
    SIDECAR_WITHOUT_TIE, "sidecar-without-tie", Advice, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.projects().flat_map(|case| case.members().filter_map(move |member| find(rule, case, member))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, member: Member<'_>) -> Option<Finding> {
    let compose = member.container.compose.as_ref()?;
    let is_called_so = member.name().split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == "sidecar");
    let joins = compose.network_mode.is_some() || compose.pid.is_some() || !compose.volumes_from.is_empty();
    let is_joined = case.members().any(|other| {
        let mode = other.container.compose.as_ref().and_then(|compose| compose.network_mode.as_ref());
        mode.is_some_and(|mode| mode.value.strip_prefix("service:") == Some(member.name()))
    });
    let shares = member.container.mounts.iter().any(|mount| case.workload.pod.users_of(&mount.volume).len() > 1);
    if !is_called_so || joins || is_joined || shares {
        return None;
    }
    let name = member.name();
    let app = case.members().find(|other| other.number != member.number)?.name();
    let message = format!("{name} is a service like any other: it shares neither network nor volume with one");
    let help = format!("Write network_mode: \"service:{app}\" to share its localhost, or mount a volume in both.");
    Some(case.about(rule, member, member.here(), message, help).at_most(Confidence::Likely))
}
