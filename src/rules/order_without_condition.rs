//! A service that waits for the start of another, not for its health.

use super::support::compose::service;
use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds `depends_on` without a condition on a service that has a `healthcheck`.
    ///
    /// ## Why it matters
    /// The short form waits until the container runs, not until it answers. The health check is there; with `condition:
    /// service_healthy` it would be used, and the first connection would not fail.
    ///
    /// ## Example
    /// ```yaml
    /// services:
    ///   shop:
    ///     image: registry.example.com/shop:1.4
    ///     depends_on:
    ///       - db
    ///   db:
    ///     image: postgres:16.4
    ///     healthcheck:
    ///       test: ["CMD", "pg_isready"]
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
    ORDER_WITHOUT_CONDITION, "order-without-condition", Advice, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.projects().flat_map(|case| case.members().flat_map(move |member| find(rule, case, member))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, member: Member<'_>) -> Vec<Finding> {
    let Some(compose) = &member.container.compose else { return Vec::new() };
    let plain = compose.depends_on.iter().filter(|(_, condition)| condition.is_none());
    let found = plain.filter_map(|(other, _)| {
        let target = service(case, &other.value)?;
        let has_check = target.container.compose.as_ref().is_some_and(|compose| compose.has_healthcheck);
        let (name, wanted) = (member.name(), target.name());
        let message = format!("{name} starts when {wanted} runs, not when it is healthy");
        let help = format!("Write condition: service_healthy for {wanted}: it has a healthcheck.");
        let finding = case.about(rule, member, (other.node, Part::Value), message, help);
        has_check.then(|| finding.because(case.place(target.container.node), format!("{wanted} has a healthcheck")))
    });
    found.collect()
}
