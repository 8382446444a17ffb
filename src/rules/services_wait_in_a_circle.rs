//! Services that wait for each other.

use super::support::compose::service;
use super::support::{Case, Member, named};
use super::{Rule, Subject};
use crate::finding::Finding;
use crate::rule;
use std::collections::VecDeque;

rule! {
    /// ## What it does
    /// Finds services that depend on themselves through `depends_on`, `network_mode` and `volumes_from`.
    ///
    /// ## Why it matters
    /// None of them can start first, so Compose refuses the project.
    ///
    /// ## Example
    /// ```yaml
    /// services:
    ///   shop:
    ///     image: registry.example.com/shop:1.4
    ///     depends_on: [cache]
    ///   cache:
    ///     image: registry.example.com/cache:1.0
    ///     depends_on: [shop]
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// services:
    ///   shop:
    ///     image: registry.example.com/shop:1.4
    ///     depends_on: [cache]
    ///   cache:
    ///     image: registry.example.com/cache:1.0
    /// ```
    ///
    /// ## Since
    /// All versions of Compose.
    ///
    /// ## References
    /// - [Compose file: services](https://docs.docker.com/reference/compose-file/services/)
    SERVICES_WAIT_IN_A_CIRCLE, "services-wait-in-a-circle", Error, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.projects().filter_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Option<Finding> {
    let members: Vec<Member<'_>> = case.members().collect();
    let needs: Vec<Vec<usize>> = members.iter().map(|member| needed(case, *member)).collect();
    let circle = (0..members.len()).find_map(|start| circle_from(start, &needs))?;
    let names: Vec<&str> =
        circle.iter().filter_map(|number| members.get(*number)).map(|member| member.name()).collect();
    let first = members.get(*circle.first()?)?;
    let message = format!("{} wait for each other, so none of them can start", named(names.iter().copied()));
    let help = format!("Let {} start without the others.", first.name());
    Some(case.about(rule, *first, first.here(), message, help))
}

/// The services that must run before one.
fn needed(case: &Case<'_>, member: Member<'_>) -> Vec<usize> {
    let Some(compose) = &member.container.compose else { return Vec::new() };
    let mode = compose.network_mode.as_ref().and_then(|mode| mode.value.strip_prefix("service:"));
    let from = compose.volumes_from.iter().filter_map(|other| other.value.split(':').next());
    let depends = compose.depends_on.iter().map(|(other, _)| other.value.as_str());
    let names = depends.chain(mode).chain(from);
    names.filter_map(|name| service(case, name)).map(|other| other.number).collect()
}

/// The shortest way from a service back to itself.
fn circle_from(start: usize, needs: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut before: Vec<Option<usize>> = vec![None; needs.len()];
    let mut todo = VecDeque::from([start]);
    while let Some(at) = todo.pop_front() {
        for next in needs.get(at).into_iter().flatten() {
            if *next == start {
                let mut way = vec![at];
                let mut back = at;
                while back != start {
                    back = before.get(back).copied().flatten()?;
                    way.push(back);
                }
                way.reverse();
                return Some(way);
            }
            if let Some(known) = before.get_mut(*next).filter(|known| known.is_none()) {
                *known = Some(at);
                todo.push_back(*next);
            }
        }
    }
    None
}
