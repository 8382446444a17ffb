//! Who is the app, and who helps it.

use super::parse::Words;
use super::{Checked, Member, Pattern, Scene, plain};
use crate::detect::Role;
use crate::model::ContainerField;
use crate::release::Feature;

pub(super) const PATTERNS: &[Pattern] = &[
    plain("NAME is the app", |scene, words| is(scene, words, &[Role::App])),
    plain("NAME is a sidecar", |scene, words| is(scene, words, &[Role::Sidecar, Role::NativeSidecar])),
    plain("NAME is a native sidecar", native),
    plain("NAME is a traditional sidecar", |scene, words| is(scene, words, &[Role::Sidecar])),
    plain("NAME is an init container", |scene, words| is(scene, words, &[Role::Init])),
    plain("NAME is no sidecar", no_sidecar),
];

fn is(scene: &Scene<'_>, words: &Words<'_>, roles: &[Role]) -> Checked {
    let member = scene.find(words.get("NAME"))?;
    if roles.contains(&member.verdict.role) {
        return Ok(String::new());
    }
    Err(member.miss(format!("It is {}{}.", article(member.verdict.role), because(member))))
}

fn no_sidecar(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let member = scene.find(words.get("NAME"))?;
    if !member.verdict.role.is_sidecar() {
        return Ok(format!("It is {}.", article(member.verdict.role)));
    }
    Err(member.miss(format!("It is {}{}.", article(member.verdict.role), because(member))))
}

fn native(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let member = scene.find(words.get("NAME"))?;
    let is_init = member.container.field == ContainerField::InitContainers;
    let policy = member.container.restart_policy.as_ref();
    let why = match (is_init, policy) {
        _ if member.verdict.role == Role::NativeSidecar => {
            if scene.analysis.server.cluster().has(Feature::SidecarContainers) {
                return Ok(String::new());
            }
            let release = scene.release();
            format!("Kubernetes {release} does not know native sidecars: to it, this is a plain init container.")
        }
        (true, Some(policy)) => {
            let value = policy.value.replace('`', "");
            format!("Its `restartPolicy` is `{value}`, and only `Always` makes a native sidecar.")
        }
        (true, None) => {
            "It stands in `initContainers`, but without `restartPolicy: Always` it is a plain init container."
                .to_owned()
        }
        (false, Some(_)) => format!(
            "It stands in `{}`. A `restartPolicy` makes a native sidecar in `initContainers` only.",
            member.container.field.key()
        ),
        (false, None) => {
            format!("It stands in `{}`; native sidecars stand in `initContainers`.", member.container.field.key())
        }
    };
    Err(member.miss(why))
}

/// The strongest reason for its role.
fn because(member: Member<'_>) -> String {
    let reason = member.verdict.evidence.first().map(|evidence| evidence.text.replace('`', ""));
    reason.map(|reason| format!(": {reason}")).unwrap_or_default()
}

fn article(role: Role) -> String {
    match role {
        Role::App => "the app".to_owned(),
        Role::Init | Role::Ephemeral => format!("an {}", role.label()),
        Role::Sidecar => "a traditional sidecar".to_owned(),
        _ => format!("a {}", role.label()),
    }
}
