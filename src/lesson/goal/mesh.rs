//! Labels and annotations of a Pod, what injectors make of them, and how Pods of a mesh talk.

use super::parse::Words;
use super::{Checked, Member, Miss, Pattern, Scene, plain};
use crate::detect::around::serves;
use crate::detect::calls::{Callee, calls};
use crate::detect::injection::{Injected, injected};
use crate::detect::mesh::{End, Wire, mesh, wire};
use crate::model::{Pairs, lookup};
use crate::source::Part;

pub(super) const PATTERNS: &[Pattern] = &[
    plain("the Pod of NAME has the label KEY", |scene, words| pair(scene, words, LABEL)),
    plain("the Pod of NAME has the label KEY set to VALUE", |scene, words| pair(scene, words, LABEL)),
    plain("the Pod of NAME has no label KEY", |scene, words| no_pair(scene, words, LABEL)),
    plain("the Pod of NAME has the annotation KEY", |scene, words| pair(scene, words, ANNOTATION)),
    plain("the Pod of NAME has the annotation KEY set to VALUE", |scene, words| pair(scene, words, ANNOTATION)),
    plain("the Pod of NAME has no annotation KEY", |scene, words| no_pair(scene, words, ANNOTATION)),
    // In front of the next one, which would take the word for a name.
    plain("nothing is injected beside NAME", nothing_added),
    plain("OTHER is injected beside NAME", |scene, words| added(scene, words, false)),
    plain("OTHER is injected beside NAME as a native sidecar", |scene, words| added(scene, words, true)),
    plain("calls from NAME to OTHER use mutual TLS", |scene, words| calls_are(scene, words, Wire::Encrypted)),
    plain("calls from NAME to OTHER are refused", |scene, words| calls_are(scene, words, Wire::Refused)),
];

const LABEL: &str = "label";
const ANNOTATION: &str = "annotation";

fn pairs<'s>(member: Member<'s>, what: &str) -> &'s Pairs {
    let pod = &member.pod.pod;
    if what == LABEL { &pod.labels } else { &pod.annotations }
}

/// A miss that leads to the Pod, since a label that is missing has no place.
fn at_pod(member: Member<'_>, why: String) -> Miss {
    Miss::new(why).at(member.pod.place(member.pod.pod.node, Part::Key))
}

fn pair(scene: &Scene<'_>, words: &Words<'_>, what: &str) -> Checked {
    let member = scene.find(words.get("NAME"))?;
    let wanted = words.get("VALUE");
    match lookup(pairs(member, what), words.get("KEY")) {
        Some(value) if wanted.is_empty() || value == wanted => Ok(String::new()),
        Some(value) => Err(at_pod(member, format!("It is `{}`.", value.replace('`', "")))),
        None => {
            let object = scene.analysis.model.objects.get(member.pod.object);
            let of_object = |pairs: &Pairs| lookup(pairs, words.get("KEY")).is_some() && member.pod.pod_path != "spec";
            let is_misplaced = object.is_some_and(|own| of_object(&own.labels) || of_object(&own.annotations));
            let title = member.pod.title();
            Err(at_pod(
                member,
                match is_misplaced {
                    true => format!("It stands on {title} itself, not on its Pods: they get what their template has."),
                    false => format!("The Pod has no such {what}."),
                },
            ))
        }
    }
}

fn no_pair(scene: &Scene<'_>, words: &Words<'_>, what: &str) -> Checked {
    let member = scene.find(words.get("NAME"))?;
    match lookup(pairs(member, what), words.get("KEY")) {
        Some(value) => Err(at_pod(member, format!("It has, with the value `{}`.", value.replace('`', "")))),
        None => Ok(String::new()),
    }
}

fn of<'s>(scene: &'s Scene<'_>, words: &Words<'_>) -> Result<(Member<'s>, Vec<Injected>), Miss> {
    let member = scene.find(words.get("NAME"))?;
    Ok((member, injected(member.pod, &scene.analysis.model)))
}

fn added(scene: &Scene<'_>, words: &Words<'_>, as_native: bool) -> Checked {
    let (member, all) = of(scene, words)?;
    let wanted = words.get("OTHER");
    match all.iter().find(|own| own.injector.container == wanted) {
        Some(own) if as_native && !own.is_native => {
            let by = own.injector.name;
            Err(at_pod(member, format!("It is, but nothing tells {by} to make it a native sidecar.")))
        }
        Some(own) => Ok(format!("Because of the {}.", own.reason)),
        None if scene.pair(words.get("NAME"), wanted).is_ok() => {
            Err(at_pod(member, "It stands in the manifest, so it is not injected.".to_owned()))
        }
        None => Err(at_pod(member, "No label and no annotation of its Pod asks for it.".to_owned())),
    }
}

fn nothing_added(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let (member, all) = of(scene, words)?;
    match all.first() {
        Some(own) => Err(at_pod(member, format!("`{}` is, because of the {}.", own.injector.container, own.reason))),
        None => Ok(String::new()),
    }
}

/// How the first call from one Pod to the other travels.
fn calls_are(scene: &Scene<'_>, words: &Words<'_>, wanted: Wire) -> Checked {
    let (caller, callee) = (scene.find(words.get("NAME"))?, scene.find(words.get("OTHER"))?);
    let (model, source) = (&scene.analysis.model, &scene.analysis.source);
    let end = |member: Member<'_>| {
        let verdicts = scene.analysis.verdicts.get(member.workload).map(Vec::as_slice).unwrap_or_default();
        mesh(member.pod, verdicts, model)
    };
    let found = calls(caller.pod, model, source).into_iter().find_map(|call| {
        let Callee::Service(index) = call.to else { return None };
        let service = model.objects.get(index).filter(|service| serves(service, callee.pod))?;
        Some((call.port, service))
    });
    let Some((port, service)) = found else {
        return Err(caller.miss(format!("No address of `{}` leads to it.", callee.name())));
    };
    let from = End { workload: caller.pod, mesh: end(caller) };
    let to = End { workload: callee.pod, mesh: end(callee) };
    let found = wire(from, to, service, port, model, source);
    if found == Some(wanted) {
        return Ok(String::new());
    }
    let lacks = |end: End<'_>, name: &str| end.mesh.is_none().then(|| format!("`{name}`"));
    let without: Vec<String> = [lacks(from, caller.name()), lacks(to, callee.name())].into_iter().flatten().collect();
    let how = match found {
        Some(Wire::Encrypted) => "They use mutual TLS".to_owned(),
        Some(Wire::Plain) => "They are plain text".to_owned(),
        Some(Wire::Refused) => "They are refused".to_owned(),
        None => "What they use hangs on what the text does not say".to_owned(),
    };
    let why = match without.is_empty() {
        true => String::new(),
        false => format!(": {} has no proxy of a mesh", without.join(" and ")),
    };
    Err(at_pod(caller, format!("{how}{why}.")))
}
