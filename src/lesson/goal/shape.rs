//! What stands in the text: objects, containers, fields.

use super::parse::Words;
use super::scene::listed;
use super::{Checked, Miss, Pattern, Scene, plain};
use crate::source::{Part, Value};

pub(super) const PATTERNS: &[Pattern] = &[
    Pattern { text: "the text can be read", says: "", check: |_, _| Ok(String::new()) },
    plain("there is a container NAME", |scene, words| scene.find(words.get("NAME")).map(|_| String::new())),
    plain("there is no container NAME", no_container),
    Pattern { text: "still NUMBER containers", says: "the Pod still has NUMBER containers", check: containers },
    Pattern { text: "NUMBER containers", says: "the Pod has NUMBER containers", check: containers },
    Pattern { text: "one Pod", says: "there is one Pod only", check: |scene, _| pods(scene, 1) },
    Pattern { text: "NUMBER Pods", says: "there are NUMBER Pods", check: |scene, words| pods(scene, words.number()) },
    plain("NAME and OTHER are in one Pod", |scene, words| {
        scene.pair(words.get("NAME"), words.get("OTHER")).map(|_| String::new())
    }),
    plain("there is a KIND", |scene, words| kind(scene, words, true)),
    plain("there is no KIND", |scene, words| kind(scene, words, false)),
    plain("NAME has FIELD", |scene, words| field(scene, words, true)),
    plain("NAME has a FIELD", |scene, words| field(scene, words, true)),
    plain("NAME has no FIELD", |scene, words| field(scene, words, false)),
    plain("NAME sets FIELD to VALUE", field_is),
    plain("the Pod has FIELD", |scene, words| pod_field(scene, words, true)),
    plain("the Pod has no FIELD", |scene, words| pod_field(scene, words, false)),
    plain("the Pod sets FIELD to VALUE", pod_field_is),
    plain("the Pod sets FIELD to at least NUMBER", pod_field_at_least),
];

fn no_container(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    match scene.find(words.get("NAME")) {
        Ok(member) => Err(member.miss("It is still there.")),
        Err(_) => Ok(String::new()),
    }
}

fn containers(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let (index, pod) = scene.pod()?;
    let names: Vec<&str> = scene.members_of(index).map(|member| member.name()).collect();
    if names.len() as u64 == words.number() {
        return Ok(String::new());
    }
    let why = format!("There are {}: {}.", names.len(), listed(&names));
    Err(Miss::new(why).at(pod.place(pod.pod.node, Part::Key)))
}

fn pods(scene: &Scene<'_>, wanted: u64) -> Checked {
    let workloads = &scene.analysis.model.workloads;
    if workloads.len() as u64 == wanted {
        return Ok(String::new());
    }
    let titles: Vec<String> = workloads.iter().take(8).map(|workload| workload.title()).collect();
    Err(Miss::new(format!("There are {}: {}.", workloads.len(), titles.join(", "))))
}

fn kind(scene: &Scene<'_>, words: &Words<'_>, wanted: bool) -> Checked {
    let wanted_kind = words.get("KIND");
    let object = scene.analysis.model.objects.iter().find(|object| object.kind.as_deref() == Some(wanted_kind));
    match (object, wanted) {
        (Some(_), true) | (None, false) => Ok(String::new()),
        (Some(object), false) => {
            let place = crate::source::Place { document: object.document, node: object.node, part: Part::Key };
            Err(Miss::new(format!("There is {}.", object.title())).at(place))
        }
        (None, true) => Err(Miss::new(format!("There is no object of kind {wanted_kind}."))),
    }
}

/// The value at the end of a route of keys: `resources.requests.cpu`.
fn route<'d>(value: Value<'d>, field: &str) -> Option<Value<'d>> {
    field.split('.').try_fold(value, |value, key| match key.parse::<usize>() {
        Ok(index) => value.items().nth(index),
        Err(_) => value.get(key),
    })
}

fn field(scene: &Scene<'_>, words: &Words<'_>, wanted: bool) -> Checked {
    let member = scene.find(words.get("NAME"))?;
    let document = scene.analysis.source.documents.get(member.pod.document as usize);
    let value = document.and_then(|document| route(document.value(member.container.node), words.get("FIELD")));
    match (value, wanted) {
        (Some(_), true) | (None, false) => Ok(String::new()),
        (Some(value), false) => {
            Err(Miss::new(format!("It has {}.", shown(value))).at(value.place(member.pod.document)))
        }
        (None, true) => Err(member.miss("It has none.")),
    }
}

fn field_is(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let member = scene.find(words.get("NAME"))?;
    let document = scene.analysis.source.documents.get(member.pod.document as usize);
    let value = document.and_then(|document| route(document.value(member.container.node), words.get("FIELD")));
    let value = value.ok_or_else(|| member.miss("It does not set it."))?;
    is_value(value, words).map_err(|miss| miss.at(value.place(member.pod.document)))
}

fn pod_value<'s>(scene: &'s Scene<'_>, words: &Words<'_>) -> Result<(Option<Value<'s>>, u32), Miss> {
    let (_, pod) = scene.pod()?;
    let document = scene.analysis.source.documents.get(pod.document as usize);
    let value = document.and_then(|document| route(document.value(pod.pod.node), words.get("FIELD")));
    Ok((value, pod.document))
}

fn pod_field(scene: &Scene<'_>, words: &Words<'_>, wanted: bool) -> Checked {
    match (pod_value(scene, words)?, wanted) {
        ((Some(_), _), true) | ((None, _), false) => Ok(String::new()),
        ((Some(value), document), false) => {
            Err(Miss::new(format!("It has {}.", shown(value))).at(value.place(document)))
        }
        ((None, _), true) => Err(Miss::new("It has none.")),
    }
}

fn pod_field_is(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let (value, document) = pod_value(scene, words)?;
    let value = value.ok_or_else(|| Miss::new("It does not set it."))?;
    is_value(value, words).map_err(|miss| miss.at(value.place(document)))
}

fn pod_field_at_least(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let (value, document) = pod_value(scene, words)?;
    let value = value.ok_or_else(|| Miss::new("It does not set it."))?;
    match value.int().and_then(|number| u64::try_from(number).ok()) {
        Some(number) if number >= words.number() => Ok(String::new()),
        _ => Err(Miss::new(format!("It is {}.", shown(value))).at(value.place(document))),
    }
}

fn is_value(value: Value<'_>, words: &Words<'_>) -> Checked {
    if value.text() == Some(words.get("VALUE")) {
        return Ok(String::new());
    }
    Err(Miss::new(format!("It is {}.", shown(value))))
}

/// A value as a word or two.
fn shown(value: Value<'_>) -> String {
    match value.text() {
        Some(text) => format!("`{}`", text.replace('`', "").chars().take(60).collect::<String>()),
        None => "one".to_owned(),
    }
}
