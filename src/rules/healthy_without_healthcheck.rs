//! A wait for the health of a service that has no health check.

use super::support::compose::service;
use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::finding::Severity;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds `condition: service_healthy` on a service without `healthcheck`.
    ///
    /// ## Why it matters
    /// Compose refuses to start such a project ("has no healthcheck configured"), unless the image brings a check of
    /// its own.
    ///
    /// ## Example
    /// ```yaml
    /// services:
    ///   shop:
    ///     image: registry.example.com/shop:1.4
    ///     depends_on:
    ///       db:
    ///         condition: service_healthy
    ///   db:
    ///     image: postgres:16.4
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// services:
    ///   shop:
    ///     image: registry.example.com/shop:1.4
    ///     depends_on:
    ///       db:
    ///         condition: service_healthy
    ///   db:
    ///     image: postgres:16.4
    ///     healthcheck:
    ///       test: ["CMD", "pg_isready"]
    /// ```
    ///
    /// ## Since
    /// All versions of Compose.
    ///
    /// ## References
    /// - [Compose file: services](https://docs.docker.com/reference/compose-file/services/)
    /// - [Compose: Control startup order](https://docs.docker.com/compose/how-tos/startup-order/)
    HEALTHY_WITHOUT_HEALTHCHECK, "healthy-without-healthcheck", Warning, check
}

/// Official images, none of which has a health check of its own.
const HAVE_NONE: &[&str] = &[
    "postgres",
    "mysql",
    "mariadb",
    "redis",
    "mongo",
    "rabbitmq",
    "memcached",
    "nginx",
    "traefik",
    "valkey/valkey",
    "elasticsearch",
];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.projects().flat_map(|case| case.members().flat_map(move |member| find(rule, case, member))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, member: Member<'_>) -> Vec<Finding> {
    let Some(compose) = &member.container.compose else { return Vec::new() };
    let healthy = compose.depends_on.iter().filter(|(_, condition)| condition.as_deref() == Some("service_healthy"));
    let found = healthy.filter_map(|(other, _)| {
        let target = service(case, &other.value)?;
        let own = target.container.compose.as_ref()?;
        // What is built or extended may bring its own check from elsewhere.
        if own.has_healthcheck || own.is_built || case.at(target.container.node, &["extends"]).is_some() {
            return None;
        }
        let is_off = case.at(target.container.node, &["healthcheck"]).is_some();
        let (name, wanted) = (member.name(), target.name());
        let what = if is_off { "its healthcheck is switched off" } else { "it has no healthcheck" };
        let message = format!("{name} waits for the health of {wanted}, but {what}");
        let help = format!("Give {wanted} a healthcheck, or wait for service_started.");
        let finding = case.about(rule, member, (other.node, Part::Value), message, help);
        let finding =
            finding.because(case.place(target.container.node), format!("{wanted} says nothing of its health"));
        Some(match target.container.image.as_ref() {
            _ if is_off => finding.as_bad_as(Severity::Error),
            Some(image) if HAVE_NONE.contains(&image.value.repository.as_str()) => finding,
            // The image may bring one.
            _ => finding.as_bad_as(Severity::Advice).at_most(Confidence::Guess),
        })
    });
    found.collect()
}
