//! A service that is named but not there.

use super::support::compose::{is_whole_project, service};
use super::support::{Case, Member, named};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::rule;
use crate::source::{Part, Value};

rule! {
    /// ## What it does
    /// Finds `depends_on` and `network_mode: service:…` with the name of a service that the project does not have.
    ///
    /// ## Why it matters
    /// Compose refuses the project. It happens when a service is renamed, or moved to a file that is not given.
    ///
    /// ## Example
    /// ```yaml
    /// services:
    ///   shop:
    ///     image: registry.example.com/shop:1.4
    ///     depends_on:
    ///       - database
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
    let message = format!("{} depends on {missing}, which is no service of this project", member.name());
    let names = case.members().filter(|other| other.number != member.number).map(|other| other.name());
    let help = format!("The other services are {}. Write one of them, or add {missing}.", named(names));
    Some(case.about(rule, member, (node, Part::Value), message, help).at_most(Confidence::Likely))
}
