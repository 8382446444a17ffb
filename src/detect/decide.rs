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

/// A role, how sure it is, and the reason that decided, unless the weighed evidence did.
type Decision = (Role, Confidence, Option<(EvidenceKind, String)>);

/// Verdicts for the containers of a Pod.
pub(super) fn pod(workload: &Workload, collected: Vec<Collected>) -> Vec<Verdict> {
    let score =
        |about: &Collected| about.evidence.iter().filter(|evidence| !evidence.is_ignored).map(|e| e.points).sum();
    let scores: Vec<i16> = collected.iter().map(score).collect();
    let is_regular = |container: &Container| container.field.is_regular();
    let containers = &workload.pod.containers;
    let regular: Vec<usize> =
        (0..containers.len()).filter(|index| containers.get(*index).is_some_and(is_regular)).collect();
    let app = app_among(&regular, &scores, workload);
    let pairs = containers.iter().zip(collected).enumerate();
    pairs
        .map(|(index, (container, about))| {
            let (role, confidence, reason) = if is_regular(container) {
                regular_role(workload, index, app, &regular, &scores, about.known.as_ref())
            } else {
                by_syntax(container)
            };
            let mut evidence = about.evidence;
            if let Some((kind, text)) = reason {
                let policy = container.restart_policy.as_ref().filter(|_| role == Role::NativeSidecar);
                let node = policy.map_or(container.node, |policy| policy.node);
                let place = Some(workload.place(node, Part::Value));
                evidence.insert(0, Evidence { kind, points: 0, category: None, text, place, is_ignored: false });
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

fn by_syntax(container: &Container) -> Decision {
    let certain = |role, text: String| (role, Confidence::Certain, Some((EvidenceKind::Syntax, text)));
    match container.field {
        ContainerField::EphemeralContainers => certain(Role::Ephemeral, "it stands in ephemeralContainers".to_owned()),
        ContainerField::Sidecars => {
            certain(Role::Sidecar, "it stands in sidecars, which become regular containers".to_owned())
        }
        _ if container.is_native_sidecar() => {
            certain(Role::NativeSidecar, "it stands in initContainers and has restartPolicy: Always".to_owned())
        }
        _ => certain(
            Role::Init,
            match &container.restart_policy {
                Some(policy) => {
                    format!(
                        "it stands in initContainers, and restartPolicy: {} does not make it a sidecar",
                        policy.value
                    )
                }
                None => {
                    "it stands in initContainers without restartPolicy: Always, so it runs to its end first".to_owned()
                }
            },
        ),
    }
}

fn regular_role(
    workload: &Workload,
    index: usize,
    app: Option<usize>,
    regular: &[usize],
    scores: &[i16],
    known: Option<&Match>,
) -> Decision {
    let score = |index: usize| scores.get(index).copied().unwrap_or_default();
    if regular.len() == 1 {
        return (Role::App, Confidence::Certain, Some((EvidenceKind::Neighbours, alone(workload, known))));
    }
    if app == Some(index) {
        let runner_up =
            regular.iter().filter(|other| **other != index).map(|other| score(*other)).min().unwrap_or_default();
        let confidence = match runner_up - score(index) {
            margin if margin >= 4 && runner_up >= HELPER => Confidence::Certain,
            margin if margin >= 3 => Confidence::Likely,
            _ => Confidence::Guess,
        };
        let text = if runner_up >= HELPER {
            "all other regular containers are helpers"
        } else {
            "it is the one that looks least like a helper"
        };
        return (Role::App, confidence, Some((EvidenceKind::Neighbours, text.to_owned())));
    }
    match score(index) {
        score if score >= CERTAIN => (Role::Sidecar, Confidence::Certain, None),
        score if score >= HELPER + 2 => (Role::Sidecar, Confidence::Likely, None),
        score if score >= HELPER => (Role::Sidecar, Confidence::Guess, None),
        score => {
            let confidence = if score <= -4 { Confidence::Likely } else { Confidence::Guess };
            let text = "nothing shows that it helps another container".to_owned();
            (Role::Peer, confidence, Some((EvidenceKind::Neighbours, text)))
        }
    }
}

/// Why the only regular container is the app, even when it looks like a helper.
fn alone(workload: &Workload, known: Option<&Match>) -> String {
    let helper =
        known.filter(|found| found.entry.category.is_some() && found.is_by_image()).map(|found| found.entry.name);
    match (workload.kind.as_deref(), helper) {
        (Some("DaemonSet"), Some(name)) => {
            format!("it is the only regular container: here {name} is an agent of the node, not a sidecar of an app")
        }
        (_, Some(name)) => {
            format!("it is the only regular container: {name} helps nobody in this Pod, it is the app itself")
        }
        _ => "it is the only regular container of the Pod".to_owned(),
    }
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
    let counted = || evidence.iter().filter(|evidence| !evidence.is_ignored).filter_map(|evidence| evidence.category);
    for category in Category::ALL {
        let weight: u32 = counted().filter(|(voted, _)| voted == category).map(|(_, weight)| u32::from(weight)).sum();
        if weight > best.0 {
            best = (weight, *category);
        }
    }
    best.1
}
