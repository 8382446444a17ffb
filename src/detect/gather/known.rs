//! Evidence from the catalogue: the container looks like a helper that is known.

use super::{Collected, Subject};
use crate::catalogue::{self, Alone, Clue, Match, Runs};
use crate::detect::{Evidence, EvidenceKind};

pub(super) fn gather(subject: Subject<'_>, collected: &mut Collected) {
    let Some(found) = catalogue::find(subject.container, subject.catalogue) else { return };
    let total = points(&found);
    let sum = i16::from(found.weight);
    let mut left = total;
    for (index, clue) in found.clues.iter().enumerate() {
        // Points are shared out by weight; the strongest clue takes what rounding leaves.
        let share = if index + 1 == found.clues.len() { left } else { total * i16::from(weight(clue)) / sum.max(1) };
        let share = if share.signum() == total.signum() { share } else { 0 };
        left -= share;
        collected.evidence.push(evidence(subject, &found, clue, share));
    }
    collected.known = Some(found);
}

/// How strongly the catalogue speaks for a helper.
fn points(found: &Match) -> i16 {
    let entry = found.entry;
    let full = match (entry.runs, entry.alone) {
        (Runs::Alone, _) => -6,
        (Runs::Init, _) => 2,
        (_, Alone::Never) => 10,
        (Runs::Sidecar, Alone::Sometimes) => 8,
        (Runs::Sidecar, Alone::Usually) | (Runs::Either, Alone::Sometimes) => 5,
        (Runs::Either, Alone::Usually) => 4,
    };
    // A match by a few weak clues is worth less than one by image.
    if found.weight >= 5 { full } else { full / 2 }
}

fn weight(clue: &Clue) -> u8 {
    match clue {
        Clue::Image(_) => 8,
        Clue::ImageName(_) => 4,
        Clue::Name(_) => 5,
        Clue::Word(..) | Clue::Env(..) => 3,
        Clue::WeakName(_) | Clue::Port(..) => 1,
    }
}

fn evidence(subject: Subject<'_>, found: &Match, clue: &Clue, points: i16) -> Evidence {
    let name = found.entry.name;
    let (kind, text, node) = match clue {
        Clue::Image(node) => {
            let image = subject.container.image.as_ref().map(|image| image.value.short()).unwrap_or_default();
            let text = if found.entry.is_generic {
                format!("image {image} is often used for a helper of this kind")
            } else {
                format!("image {image} is {name}")
            };
            (EvidenceKind::Image, text, *node)
        }
        Clue::ImageName(node) => {
            let base = subject.container.image.as_ref().map(|image| image.value.base()).unwrap_or_default();
            (EvidenceKind::Image, format!("the image is called {base} like that of {name}"), *node)
        }
        Clue::Name(node) | Clue::WeakName(node) => {
            let own = subject.container.display_name();
            (EvidenceKind::Name, format!("name {own} is usual for {name}"), *node)
        }
        Clue::Word(word, node) => {
            (EvidenceKind::Command, format!("`{word}` on its command line is usual for {name}"), *node)
        }
        Clue::Port(port, node) => (EvidenceKind::Ports, format!("port {port} is usual for {name}"), *node),
        Clue::Env(variable, node) => (EvidenceKind::Env, format!("variable {variable} is usual for {name}"), *node),
    };
    match found.entry.category {
        Some(category) => subject.of_category(kind, points, (category, weight(clue).min(8)), text, Some(node)),
        None => subject.evidence(kind, points, text, Some(node)),
    }
}
