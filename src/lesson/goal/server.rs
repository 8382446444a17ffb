//! What the API server of a release says.

use super::parse::Words;
use super::{Checked, Miss, Pattern, Scene};
use crate::model::Object;
use crate::release::{Cluster, Release};
use crate::source::{Part, Place};
use crate::validation::{Answer, Request, Verb, answer};

pub(super) const PATTERNS: &[Pattern] = &[
    Pattern {
        text: "accepted by Kubernetes RELEASE",
        says: "Kubernetes RELEASE accepts it",
        check: |scene, words| accepted(scene, words, false),
    },
    Pattern {
        text: "accepted by Kubernetes RELEASE without a warning",
        says: "Kubernetes RELEASE accepts it without a warning",
        check: |scene, words| accepted(scene, words, true),
    },
    Pattern { text: "refused by Kubernetes RELEASE", says: "Kubernetes RELEASE refuses it", check: refused },
];

/// What the server answers to each object that it can be asked about.
pub(in crate::lesson) fn answers<'s>(scene: &'s Scene<'_>, release: Release) -> Vec<(&'s Object, Answer)> {
    let cluster = Cluster::new(release);
    let asked = scene.analysis.model.objects.iter().filter_map(|object| {
        let document = scene.analysis.source.documents.get(object.document as usize)?;
        let value = document.value(object.node);
        let answer = answer(&Request { verb: Verb::Create, object: value, old: None, is_strict: true }, &cluster);
        (answer.is_checked && !document.is_embedded).then_some((object, answer))
    });
    asked.collect()
}

fn place(object: &Object, node: Option<crate::source::NodeId>) -> Place {
    Place { document: object.document, node: node.unwrap_or(object.node), part: Part::Value }
}

fn accepted(scene: &Scene<'_>, words: &Words<'_>, warns: bool) -> Checked {
    let release = Release::parse(words.get("RELEASE")).unwrap_or_default();
    let answers = answers(scene, release);
    if answers.is_empty() {
        return Err(Miss::new("There is no whole object to give to it: `apiVersion` and `kind` are needed."));
    }
    for (object, answer) in answers {
        if let Some(text) = &answer.decode_error {
            return Err(Miss::new(format!("It says: {text}")).at(place(object, None)));
        }
        if let Some(error) = answer.errors.first() {
            return Err(Miss::new(format!("It says: {error}")).at(place(object, error.node)));
        }
        if let Some(warning) = answer.warnings.first().filter(|_| warns) {
            return Err(Miss::new(format!("It warns: {}", warning.text)).at(place(object, warning.node)));
        }
        if let Some(dropped) = answer.dropped.first() {
            let why = format!("It takes it, but silently drops {}: {}.", dropped.field, dropped.why);
            return Err(Miss::new(why).at(place(object, dropped.node)));
        }
    }
    Ok(String::new())
}

fn refused(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let release = Release::parse(words.get("RELEASE")).unwrap_or_default();
    let refused = answers(scene, release).into_iter().find(|(_, answer)| !answer.is_accepted());
    match refused {
        Some((_, answer)) => {
            let error = answer.errors.first().map(ToString::to_string);
            Ok(format!("It says: {}", answer.decode_error.or(error).unwrap_or_default()))
        }
        None => Err(Miss::new("It accepts it.")),
    }
}
