//! A service that looks for another one on its own localhost.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds connection strings of Compose services that name localhost with the port of another service.
    ///
    /// ## Why it matters
    /// Each service has a localhost of its own. In a Pod the containers share it, so such a setting works there and
    /// fails here. The other service is reached by its name.
    ///
    /// ## Example
    /// ```yaml
    /// services:
    ///   shop:
    ///     image: registry.example.com/shop:1.4
    ///     environment:
    ///       DATABASE_URL: postgres://shop@localhost:5432/shop
    ///   db:
    ///     image: postgres:16.4
    ///     expose: ["5432"]
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// services:
    ///   shop:
    ///     image: registry.example.com/shop:1.4
    ///     environment:
    ///       DATABASE_URL: postgres://shop@db:5432/shop
    ///   db:
    ///     image: postgres:16.4
    ///     expose: ["5432"]
    /// ```
    ///
    /// ## Since
    /// All versions of Compose.
    ///
    /// ## References
    /// - [Compose file: services](https://docs.docker.com/reference/compose-file/services/)
    /// - [Compose: Networking](https://docs.docker.com/compose/how-tos/networking/)
    LOCALHOST_OF_ANOTHER_SERVICE, "localhost-of-another-service", Warning, check
}

/// Databases and queues: how their addresses start, their port, and the last part of their images.
const SERVERS: &[(&str, &str, &[&str])] = &[
    ("postgres", "5432", &["postgres", "postgis", "timescaledb"]),
    ("postgresql", "5432", &["postgres", "postgis", "timescaledb"]),
    ("mysql", "3306", &["mysql", "mariadb"]),
    ("redis", "6379", &["redis", "valkey"]),
    ("amqp", "5672", &["rabbitmq"]),
    ("mongodb", "27017", &["mongo"]),
];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.projects().flat_map(|case| case.members().filter_map(move |member| find(rule, case, member))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, member: Member<'_>) -> Option<Finding> {
    let mode = member.container.compose.as_ref()?.network_mode.as_ref();
    // Who shares a network shares a localhost.
    if mode.is_some() {
        return None;
    }
    let (variable, server) = member.container.env.iter().find_map(|variable| {
        let (scheme, rest) = variable.value.as_deref()?.split_once("://")?;
        let scheme = scheme.split('+').next().unwrap_or(scheme);
        let host = rest.rsplit('@').next()?.split(['/', '?']).next()?;
        let port = host.strip_prefix("localhost:").or_else(|| host.strip_prefix("127.0.0.1:"))?;
        let (_, _, images) = SERVERS.iter().find(|(name, own, _)| *name == scheme && *own == port)?;
        let server = case.members().find(|other| {
            let image = other.container.image.as_ref();
            other.number != member.number && image.is_some_and(|image| images.contains(&image.value.base()))
        })?;
        Some((variable, server))
    })?;
    let (name, wanted) = (member.name(), server.name());
    let message = format!("{name} looks for {wanted} on its own localhost ({})", variable.name);
    let help = format!("Write {wanted} instead of localhost: services reach each other by name.");
    let finding = case.about(rule, member, (variable.node, Part::Value), message, help).at_most(Confidence::Likely);
    Some(finding.because(case.place(server.container.node), format!("{wanted} runs in a container of its own")))
}
