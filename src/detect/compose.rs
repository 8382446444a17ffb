//! Roles of Compose services. Services are separate containers by design, so a service is an app unless it is attached
//! to one other service.

use super::decide::category_of;
use super::{Confidence, Evidence, EvidenceKind, Role, Verdict};
use crate::catalogue::{self, Alone, Index, Match, Runs};
use crate::category::Category;
use crate::model::{ComposeService, Container, Workload};
use crate::source::{NodeId, Part};

/// Verdicts for the services of a project.
pub(super) fn project(workload: &Workload, index: &Index) -> Vec<Verdict> {
    let services = &workload.pod.containers;
    services.iter().map(|service| verdict(workload, service, index)).collect()
}

fn verdict(workload: &Workload, service: &Container, index: &Index) -> Verdict {
    let known = catalogue::find(service, index);
    let say = |kind, text: String, node: NodeId| Evidence {
        kind,
        points: 1,
        category: None,
        text,
        place: Some(workload.place(node, Part::Value)),
        is_ignored: false,
    };
    if let Some(waiting) = waits_for_completion(workload, service) {
        let text = format!("service {} waits until it has completed successfully", waiting.display_name());
        return app_like(Role::Init, Confidence::Certain, say(EvidenceKind::References, text, service.node), None);
    }
    if let Some((partner, node)) = joined_by(workload, service)
        && let Some(found) = known.as_ref().filter(|found| is_helper(found))
    {
        let text = format!("service {} shares its network", partner.display_name());
        return helper(found, say(EvidenceKind::References, text, node), Confidence::Certain);
    }
    if let Some((partner, node)) = joins(workload, service) {
        let text = format!("it joins the network of service {}", partner.display_name());
        let partner_helps = catalogue::find(partner, index).is_some_and(|found| is_helper(&found));
        if !partner_helps {
            let evidence = say(EvidenceKind::References, text, node);
            let category = known.as_ref().and_then(|found| found.entry.category).unwrap_or(Category::Other);
            let evidence = Evidence { category: Some((category, 3)), ..evidence };
            return sidecar(vec![evidence], Confidence::Likely, known);
        }
    }
    if let Some(found) = known.as_ref().filter(|found| found.entry.alone == Alone::Never && is_helper(found)) {
        let shared = shares_volume(workload, service);
        if let Some((partner, node)) = shared {
            let text = format!("it mounts a volume of service {}", partner.display_name());
            return helper(found, say(EvidenceKind::Mounts, text, node), Confidence::Likely);
        }
    }
    if let Some(found) =
        known.as_ref().filter(|found| found.entry.category == Some(Category::Backup) && is_helper(found))
        && let Some((partner, node)) = only_service_named(workload, service)
    {
        let text = format!("it backs up service {} alone", partner.display_name());
        return helper(found, say(EvidenceKind::Env, text, node), Confidence::Likely);
    }
    if let Some((word, node)) = runs_once(service) {
        let text = format!("its name says {word}, it publishes no port and is not restarted");
        return app_like(Role::Init, Confidence::Likely, say(EvidenceKind::Name, text, node), None);
    }
    if let Some((category, evidence)) = named_helper(workload, service, known.as_ref()) {
        let evidence = Evidence { category: Some((category, 4)), ..evidence };
        return sidecar(vec![evidence], Confidence::Guess, known);
    }
    let text = "services of a Compose project are separate apps unless one is attached to another".to_owned();
    app_like(Role::App, Confidence::Likely, say(EvidenceKind::Syntax, text, service.node), known)
}

fn app_like(role: Role, confidence: Confidence, evidence: Evidence, known: Option<Match>) -> Verdict {
    let known_as = known.filter(Match::is_by_image).map(|found| found.entry.id);
    Verdict { role, category: None, confidence, evidence: vec![evidence], known_as }
}

fn helper(found: &Match, first: Evidence, confidence: Confidence) -> Verdict {
    let category = found.entry.category.unwrap_or(Category::Other);
    let image = Evidence {
        kind: EvidenceKind::Image,
        points: 5,
        category: Some((category, 8)),
        text: format!("it is {}", found.entry.name),
        place: first.place,
        is_ignored: false,
    };
    sidecar(vec![first, image], confidence, Some(found.clone()))
}

fn sidecar(evidence: Vec<Evidence>, confidence: Confidence, known: Option<Match>) -> Verdict {
    let category = Some(category_of(&evidence));
    Verdict { role: Role::Sidecar, category, confidence, evidence, known_as: known.map(|found| found.entry.id) }
}

fn is_helper(found: &Match) -> bool {
    matches!(found.entry.runs, Runs::Sidecar | Runs::Either)
}

fn compose(service: &Container) -> Option<&ComposeService> {
    service.compose.as_deref()
}

/// Another service that depends on this one having ended well.
fn waits_for_completion<'w>(workload: &'w Workload, service: &Container) -> Option<&'w Container> {
    workload.pod.containers.iter().find(|other| {
        compose(other).is_some_and(|part| {
            part.depends_on.iter().any(|(name, condition)| {
                name.value == service.display_name() && condition.as_deref() == Some("service_completed_successfully")
            })
        })
    })
}

/// The service whose network this one joins.
fn joins<'w>(workload: &'w Workload, service: &Container) -> Option<(&'w Container, NodeId)> {
    let mode = compose(service)?.network_mode.as_ref()?;
    let target = mode.value.strip_prefix("service:").or_else(|| mode.value.strip_prefix("container:"))?;
    let is_it = |other: &&Container| {
        other.display_name() == target
            || compose(other).is_some_and(|part| part.container_name.as_deref() == Some(target))
    };
    let other = workload.pod.containers.iter().find(is_it)?;
    (other.index != service.index).then_some((other, mode.node))
}

/// A service that joins the network of this one.
fn joined_by<'w>(workload: &'w Workload, service: &Container) -> Option<(&'w Container, NodeId)> {
    workload.pod.containers.iter().find_map(|other| {
        let (target, node) = joins(workload, other)?;
        (target.index == service.index).then_some((other, node))
    })
}

/// Another service that mounts a volume of this one.
fn shares_volume<'w>(workload: &'w Workload, service: &Container) -> Option<(&'w Container, NodeId)> {
    service.mounts.iter().find_map(|mount| {
        let users = workload.pod.users_of(&mount.volume);
        let other = users.into_iter().filter_map(|index| workload.pod.containers.get(index));
        other.filter(|other| other.index != service.index).map(|other| (other, mount.node)).next()
    })
}

/// The only other service that the environment of this one names.
fn only_service_named<'w>(workload: &'w Workload, service: &'w Container) -> Option<(&'w Container, NodeId)> {
    let names = |other: &&Container| {
        other.index != service.index
            && service.env.iter().any(|variable| variable.value.as_deref() == Some(other.display_name()))
    };
    let mut others = workload.pod.containers.iter().filter(names);
    let partner = others.next()?;
    let node = service.env.iter().find(|variable| variable.value.as_deref() == Some(partner.display_name()))?.node;
    others.next().is_none().then_some((partner, node))
}

/// A migration or another step of a set-up.
fn runs_once(service: &Container) -> Option<(&'static str, NodeId)> {
    const WORDS: &[&str] = &["migrate", "migration", "migrations", "migrator", "init", "setup", "seed", "bootstrap"];
    let name = service.name.as_ref()?;
    let part = compose(service)?;
    let restarts = part.restart.as_deref().is_some_and(|restart| restart != "no" && !restart.starts_with("on-failure"));
    let word =
        WORDS.iter().find(|word| name.value.split(|c: char| !c.is_ascii_alphanumeric()).any(|own| own == **word))?;
    (service.ports.is_empty() && !restarts && !part.has_healthcheck).then_some((word, name.node))
}

/// A service called `…-sidecar`.
fn named_helper(workload: &Workload, service: &Container, known: Option<&Match>) -> Option<(Category, Evidence)> {
    let name = service.name.as_ref()?;
    let mut words = name.value.split(|c: char| !c.is_ascii_alphanumeric());
    if !words.any(|word| word == "sidecar") {
        return None;
    }
    let found = known.and_then(|found| found.entry.category);
    let category = found.or_else(|| {
        let hints = [("log", Category::LogShipper), ("metric", Category::Metrics), ("proxy", Category::Ambassador)];
        hints.iter().find(|(hint, _)| name.value.contains(hint)).map(|(_, category)| *category)
    });
    let evidence = Evidence {
        kind: EvidenceKind::Name,
        points: 5,
        category: None,
        text: format!("name {} says sidecar", name.value),
        place: Some(workload.place(name.node, Part::Key)),
        is_ignored: false,
    };
    Some((category.unwrap_or(Category::Other), evidence))
}
