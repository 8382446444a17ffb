//! A wait for the end of a service that is always restarted.

use super::support::compose::service;
use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::finding::Fix;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds `condition: service_completed_successfully` on a service with `restart: always` or `unless-stopped`.
    ///
    /// ## Why it matters
    /// A service that is restarted whenever it ends never counts as completed. What waits for it does not start.
    ///
    /// ## Example
    /// ```yaml
    /// services:
    ///   shop:
    ///     image: registry.example.com/shop:1.4
    ///     depends_on:
    ///       migrate:
    ///         condition: service_completed_successfully
    ///   migrate:
    ///     image: registry.example.com/shop-migrate:1.4
    ///     restart: always
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// services:
    ///   shop:
    ///     image: registry.example.com/shop:1.4
    ///     depends_on:
    ///       migrate:
    ///         condition: service_completed_successfully
    ///   migrate:
    ///     image: registry.example.com/shop-migrate:1.4
    ///     restart: on-failure
    /// ```
    ///
    /// ## Since
    /// All versions of Compose.
    ///
    /// ## References
    /// - [Compose file: services](https://docs.docker.com/reference/compose-file/services/)
    /// - [Compose: Control startup order](https://docs.docker.com/compose/how-tos/startup-order/)
    COMPLETION_NEVER_COMES, "completion-never-comes", Error, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.projects().flat_map(|case| case.members().filter_map(move |member| find(rule, case, member))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, member: Member<'_>) -> Option<Finding> {
    let compose = member.container.compose.as_ref()?;
    let ending = compose.depends_on.iter();
    let (other, target, restart) = ending
        .filter(|(_, wish)| wish.as_deref() == Some("service_completed_successfully"))
        .find_map(|(other, _)| {
            let target = service(case, &other.value)?;
            let restart = target.container.compose.as_ref()?.restart.as_deref()?;
            matches!(restart, "always" | "unless-stopped").then_some((other, target, restart))
        })?;
    let (name, wanted) = (member.name(), target.name());
    let message = format!("{name} never starts: {wanted} is restarted whenever it ends");
    let help = format!("Remove restart: {restart} from {wanted}, or write on-failure.");
    let own = case.at(target.container.node, &["restart"]).map(|own| own.id());
    let edits = own.and_then(|own| case.with_value(own, "on-failure"));
    let fix = Fix::to_review(format!("Restart {wanted} only when it fails"), edits);
    let finding = case.about(rule, member, (other.node, Part::Value), message, help).mended_by(fix);
    Some(finding.because(case.place(target.container.node), format!("{wanted} has restart: {restart}")))
}
