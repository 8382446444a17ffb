//! A service that is named but not there.

use super::support::compose::{is_whole_project, service};
use super::support::{Case, Member, named};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::finding::Severity;
use crate::rule;
use crate::source::{Part, Value};

rule! {
    /// ## What it does
    /// Finds `depends_on` and `network_mode: service:…` with the name of a service that the project does not have.
    ///
    /// ## Why it matters
    /// Compose refuses the project. It happens when a service is renamed, or moved to a file that is not given; where
    /// no name is near, the other file may well be given, so that is only advice.
    ///
    /// ## Example
    /// ```yaml
    /// services:
    ///   shop:
    ///     image: registry.example.com/shop:1.4
    ///     depends_on:
    ///       - shop-db
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
    ///       - db
    ///   db:
    ///     image: postgres:16.4
    /// ```
    ///
    /// ## Since
    /// All versions of Compose.
    ///
    /// ## References
    /// - [Compose file: services](https://docs.docker.com/reference/compose-file/services/)
    UNKNOWN_SERVICE, "unknown-service", Error, check
}

/// Longer names are compared by their start.
const MAX_NAME: usize = 64;

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let whole = subject.projects().filter(|case| is_whole_project(case));
    whole.flat_map(|case| case.members().filter_map(move |member| find(rule, case, member))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, member: Member<'_>) -> Option<Finding> {
    let compose = member.container.compose.as_ref()?;
    let mode = compose.network_mode.as_ref().and_then(|mode| Some((mode.value.strip_prefix("service:")?, mode.node)));
    let depends = compose.depends_on.iter().map(|(other, _)| (other.value.as_str(), other.node));
    let (missing, node) = mode.into_iter().chain(depends).find(|(name, node)| {
        let is_optional = case.at(*node, &["required"]).and_then(Value::bool) == Some(false);
        !name.contains(['$', '{']) && !is_optional && service(case, name).is_none()
    })?;
    let message = format!("{} depends on {missing}, which is no service of this file", member.name());
    let others = || case.members().filter(|other| other.number != member.number).map(|other| other.name());
    let help = match others().find(|other| is_near(missing, other)) {
        Some(other) => format!("Write {other}, if that is the service that is meant."),
        None => format!("The other services are {}. Write one of them, or add {missing}.", named(others())),
    };
    let finding = case.about(rule, member, (node, Part::Value), message, help).at_most(Confidence::Likely);
    // A file beside another one may name the services of that, and then hardly any of its own.
    let is_misspelt = others().any(|other| is_near(missing, other)) || case.members().any(|other| finds(case, other));
    Some(if is_misspelt { finding } else { finding.as_bad_as(Severity::Advice).at_most(Confidence::Guess) })
}

/// Whether a service depends on one that is there.
fn finds(case: &Case<'_>, member: Member<'_>) -> bool {
    let compose = member.container.compose.as_ref();
    compose.is_some_and(|compose| compose.depends_on.iter().any(|(other, _)| service(case, &other.value).is_some()))
}

/// Whether one name is the other with a slip: one or two letters more, fewer or different, or a part of it.
fn is_near(one: &str, other: &str) -> bool {
    let is_part = |long: &str, short: &str| short.len() > 1 && long.split(['-', '_', '.']).any(|part| part == short);
    is_part(one, other) || is_part(other, one) || distance(one, other) <= 2
}

/// How many letters must be changed, added or removed; names are short.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (line, a) in one.chars().take(MAX_NAME).enumerate() {
        let mut last = std::mem::replace(&mut row, vec![line + 1]);
        last.truncate(MAX_NAME + 1);
        for (column, b) in other.chars().take(MAX_NAME).enumerate() {
            let cost = |index: usize, row: &[usize]| row.get(index).copied().unwrap_or(usize::MAX / 2);
            let change = cost(column, &last) + usize::from(a != b);
            row.push(change.min(cost(column + 1, &last) + 1).min(cost(column, &row) + 1));
        }
    }
    row.last().copied().unwrap_or_default()
}
