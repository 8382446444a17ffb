//! What containers share: volumes, and the network with its ports.

use super::parse::Words;
use super::scene::listed;
use super::{Checked, Member, Miss, Pattern, Scene, plain};
use crate::detect::around::serves;
use crate::kubectl::default_container;
use crate::model::{Port, Relates};
use crate::release::Feature;
use crate::source::Part;

pub(super) const PATTERNS: &[Pattern] = &[
    plain("NAME and OTHER share a volume", share),
    plain("NAME and OTHER share the volume VOLUME", share),
    plain("NAME mounts VOLUME", |scene, words| mounts(scene, words, false)),
    plain("NAME mounts VOLUME read-only", |scene, words| mounts(scene, words, true)),
    plain("NAME does not mount VOLUME", mounts_not),
    Pattern { text: "the volume VOLUME is KIND", says: "the volume VOLUME is of the kind KIND", check: volume_is },
    plain("NAME listens on port NUMBER", listens),
    plain("NAME and OTHER listen on different ports", different_ports),
    plain("a Service leads to NAME", led_to),
    Pattern { text: "kubectl picks NAME", says: "kubectl logs and kubectl exec pick NAME by default", check: picks },
];

fn volumes<'s>(member: Member<'s>) -> Vec<&'s str> {
    member.container.mounts.iter().map(|mount| mount.volume.as_str()).collect()
}

fn share(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let (one, other) = scene.pair(words.get("NAME"), words.get("OTHER"))?;
    let wanted = words.get("VOLUME");
    let (ones, others) = (volumes(one), volumes(other));
    let fits = |volume: &&str| others.contains(volume) && (wanted.is_empty() || *volume == wanted);
    let Some(volume) = ones.iter().copied().find(fits) else {
        let of = |member: Member<'_>, volumes: &[&str]| match volumes.is_empty() {
            true => format!("`{}` mounts none", member.name()),
            false => format!("`{}` mounts {}", member.name(), listed(volumes)),
        };
        let at = if ones.is_empty() { one } else { other };
        return Err(at.miss(format!("{}, {}.", of(one, &ones), of(other, &others))));
    };
    if one.pod.pod.volume(volume).is_none() {
        return Err(one.miss(format!("Both mount `{volume}`, but the Pod has no volume of that name.")));
    }
    Ok(format!("It is `{volume}`."))
}

fn mounts(scene: &Scene<'_>, words: &Words<'_>, read_only: bool) -> Checked {
    let member = scene.find(words.get("NAME"))?;
    let Some(mount) = member.container.mounts.iter().find(|mount| mount.volume == words.get("VOLUME")) else {
        return Err(member.miss(match volumes(member).as_slice() {
            [] => "It mounts no volume.".to_owned(),
            volumes => format!("It mounts {} only.", listed(volumes)),
        }));
    };
    if read_only && !mount.read_only {
        let place = member.pod.place(mount.node, Part::Value);
        return Err(Miss::new("It may write to it: `readOnly: true` is missing.").at(place));
    }
    Ok(String::new())
}

fn mounts_not(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let member = scene.find(words.get("NAME"))?;
    match member.container.mounts.iter().find(|mount| mount.volume == words.get("VOLUME")) {
        Some(mount) => Err(Miss::new(format!("It does, at `{}`.", mount.path.replace('`', "")))
            .at(member.pod.place(mount.node, Part::Value))),
        None => Ok(String::new()),
    }
}

fn volume_is(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let (_, pod) = scene.pod()?;
    let Some(volume) = pod.pod.volume(words.get("VOLUME")) else {
        return Err(Miss::new(format!("The Pod has no volume `{}`.", words.get("VOLUME"))));
    };
    if volume.kind.label().eq_ignore_ascii_case(words.get("KIND")) {
        return Ok(String::new());
    }
    Err(Miss::new(format!("It is of the kind {}.", volume.kind.label())).at(pod.place(volume.node, Part::Value)))
}

fn ports(member: Member<'_>) -> Vec<i64> {
    member.container.ports.iter().map(|port| port.port).collect()
}

fn listens(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let member = scene.find(words.get("NAME"))?;
    let ports = ports(member);
    if ports.iter().any(|port| u64::try_from(*port) == Ok(words.number())) {
        return Ok(String::new());
    }
    let said: Vec<String> = ports.iter().map(ToString::to_string).collect();
    Err(member.miss(match said.is_empty() {
        true => "It names no port.".to_owned(),
        false => format!("Its ports are {}.", said.join(", ")),
    }))
}

fn different_ports(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let (one, other) = scene.pair(words.get("NAME"), words.get("OTHER"))?;
    let (ones, others) = (ports(one), ports(other));
    if let Some(port) = ones.iter().find(|port| others.contains(port)) {
        let why = format!("Both want port {port}, and the containers of a Pod share one network: one of them fails.");
        return Err(other.miss(why));
    }
    match (ones.is_empty(), others.is_empty()) {
        (true, _) => Err(one.miss(format!("`{}` names no port.", one.name()))),
        (_, true) => Err(other.miss(format!("`{}` names no port.", other.name()))),
        _ => Ok(String::new()),
    }
}

/// Whether a Service sends traffic to a port of the container, by its number, or by its name as the release looks for it.
fn led_to(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let member = scene.find(words.get("NAME"))?;
    let services = scene.analysis.model.objects.iter().filter(|object| serves(object, member.pod));
    let targets: Vec<&str> = services
        .flat_map(|object| match &object.relates {
            Relates::Service { ports, .. } => ports.as_slice(),
            _ => &[],
        })
        .map(|port| port.target.as_str())
        .collect();
    let is_found_by_name =
        !member.container.is_native_sidecar() || scene.analysis.server.cluster().has(Feature::SidecarNamedTargetPort);
    let has_name = |port: &Port, target: &str| port.name.as_deref() == Some(target);
    let leads = |target: &&str| {
        let mut own = member.container.ports.iter();
        own.any(|port| port.port.to_string() == **target || (is_found_by_name && has_name(port, target)))
    };
    let is_named = |target: &&str| member.container.ports.iter().any(|port| has_name(port, target));
    match (targets.iter().find(|target| leads(target)), targets.iter().find(|target| is_named(target))) {
        (Some(target), _) => Ok(format!("At `{target}`.")),
        (None, Some(name)) => Err(member.miss(format!(
            "Kubernetes {} looks for the port name `{name}` among regular containers only.",
            scene.release()
        ))),
        (None, None) if targets.is_empty() => Err(member.miss("No Service selects its Pod.")),
        (None, None) => Err(member.miss(format!("The traffic goes to {}.", listed(&targets)))),
    }
}

fn picks(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let member = scene.find(words.get("NAME"))?;
    let picked = default_container(&member.pod.pod).map(|container| container.display_name());
    match picked {
        Some(picked) if picked == member.name() => Ok(String::new()),
        Some(picked) => Err(member.miss(format!("It picks `{picked}`."))),
        None => Err(member.miss("It picks none.")),
    }
}
