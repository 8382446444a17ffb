//! Adds the evidence up.

use super::gather::Collected;
use super::{Confidence, Evidence, EvidenceKind, Role, Verdict};
use crate::catalogue::{Match, Runs};
use crate::category::Category;
use crate::model::{Container, ContainerField, Workload};
use crate::source::Part;

/// A regular container with at least this many points is a helper.
const HELPER: i16 = 2;

/// From this many points on there is no doubt.
const CERTAIN: i16 = 7;

/// Verdicts for the containers of a Pod.
pub(super) fn pod(workload: &Workload, collected: Vec<Collected>) -> Vec<Verdict> {
    let scores: Vec<i16> =
        collected.iter().map(|about| about.evidence.iter().map(|evidence| evidence.points).sum()).collect();
    let regular: Vec<usize> = workload.pod.of(ContainerField::Containers).map(|(index, _)| index).collect();
    let app = app_among(&regular, &scores, workload);
    let containers = workload.pod.containers.iter().zip(collected).enumerate();
    containers
        .map(|(index, (container, about))| {
            let score = scores.get(index).copied().unwrap_or_default();
            let (role, confidence, reason) = match container.field {
                ContainerField::Containers => regular_role(index, score, app, &regular, &scores),
                _ => by_syntax(container),
            };
            let mut evidence = about.evidence;
            if let Some(text) = reason {
                let kind = if container.field == ContainerField::Containers {
                    EvidenceKind::Neighbours
                } else {
                    EvidenceKind::Syntax
                };
                let node = container
                    .restart_policy
                    .as_ref()
                    .filter(|_| role == Role::NativeSidecar)
                    .map_or(container.node, |policy| policy.node);
                let place = Some(workload.place(node, Part::Value));
                evidence.insert(0, Evidence { kind, points: 0, category: None, text, place });
            }
            finish(role, confidence, evidence, about.known)
        })
        .collect()
}

/// The regular container that speaks least for a helper. Of two that say nothing, the one with ports, then the first.
fn app_among(regular: &[usize], scores: &[i16], workload: &Workload) -> Option<usize> {
    regular.iter().copied().min_by_key(|index| {
        let has_ports = workload.pod.containers.get(*index).is_some_and(|container| !container.ports.is_empty());
        (scores.get(*index).copied().unwrap_or_default(), !has_ports)
    })
}

fn by_syntax(container: &Container) -> (Role, Confidence, Option<String>) {
    if container.field == ContainerField::EphemeralContainers {
        return (Role::Ephemeral, Confidence::Certain, Some("it stands in ephemeralContainers".to_owned()));
    }
    if container.is_native_sidecar() {
        let text = "it stands in initContainers and has restartPolicy: Always";
        return (Role::NativeSidecar, Confidence::Certain, Some(text.to_owned()));
    }
    let text = match &container.restart_policy {
        Some(policy) => {
            format!("it stands in initContainers, and restartPolicy: {} does not make it a sidecar", policy.value)
        }
        None => "it stands in initContainers without restartPolicy: Always, so it runs to its end first".to_owned(),
    };
    (Role::Init, Confidence::Certain, Some(text))
}

fn regular_role(
    index: usize,
    score: i16,
    app: Option<usize>,
    regular: &[usize],
    scores: &[i16],
) -> (Role, Confidence, Option<String>) {
    if regular.len() == 1 {
        return (Role::App, Confidence::Certain, Some("it is the only regular container of the Pod".to_owned()));
    }
    if app == Some(index) {
        let others = regular
            .iter()
            .filter(|other| **other != index)
            .map(|other| scores.get(*other).copied().unwrap_or_default());
        let runner_up = others.min().unwrap_or_default();
        let margin = runner_up - score;
        let confidence = match (margin, runner_up) {
            (margin, runner_up) if margin >= 4 && runner_up >= HELPER => Confidence::Certain,
            (margin, _) if margin >= 3 => Confidence::Likely,
            _ => Confidence::Guess,
        };
        let text = if runner_up >= HELPER {
            "all other regular containers are helpers"
        } else {
            "it is the one that looks least like a helper"
        };
        return (Role::App, confidence, Some(text.to_owned()));
    }
    if score >= HELPER {
        let confidence = if score >= CERTAIN {
            Confidence::Certain
        } else if score >= HELPER + 2 {
            Confidence::Likely
        } else {
            Confidence::Guess
        };
        return (Role::Sidecar, confidence, None);
    }
    let confidence = if score <= -4 { Confidence::Likely } else { Confidence::Guess };
    (Role::Peer, confidence, Some("nothing shows that it helps another container".to_owned()))
}

fn finish(role: Role, confidence: Confidence, mut evidence: Vec<Evidence>, known: Option<Match>) -> Verdict {
    let category = role.is_sidecar().then(|| category_of(&evidence));
    // The reason that decides stays first; the rest by weight, in a stable order.
    evidence.sort_by_key(|evidence| match evidence.kind {
        EvidenceKind::Syntax | EvidenceKind::Neighbours => i16::MIN,
        _ => -evidence.points.abs(),
    });
    let known_as = known.filter(|found| role.is_sidecar() || found.entry.runs != Runs::Sidecar || found.is_by_image());
    Verdict { role, category, confidence, evidence, known_as: known_as.map(|found| found.entry.id) }
}

/// The category that most evidence speaks for.
pub(super) fn category_of(evidence: &[Evidence]) -> Category {
    let mut best = (0, Category::Other);
    for category in Category::ALL {
        let votes = evidence.iter().filter_map(|evidence| evidence.category).filter(|(voted, _)| voted == category);
        let weight: u32 = votes.map(|(_, weight)| u32::from(weight)).sum();
        if weight > best.0 {
            best = (weight, *category);
        }
    }
    best.1
}
