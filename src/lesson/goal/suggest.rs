//! Goals that hold for a text, to choose from.

use super::{Goal, Scene};
use crate::detect::Role;
use crate::detect::injection::injected;
use crate::lesson::Look;
use crate::quantity::Quantity;

/// Pods with more containers than this are not looked at pair by pair.
const MAX_CONTAINERS: usize = 8;

/// Goals that hold for a text, the most telling first.
#[must_use]
pub fn suggest(text: &str, look: &Look) -> Vec<String> {
    let scene = Scene::new(text, look);
    let mut goals = candidates(&scene);
    goals.retain(|goal| Goal::parse(goal).is_ok_and(|goal| goal.check(&scene).is_ok()));
    goals
}

fn candidates(scene: &Scene<'_>) -> Vec<String> {
    let Ok((index, pod)) = scene.pod() else { return Vec::new() };
    // A name that is no single word cannot stand in a goal.
    let is_word = |name: &str| !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '`');
    let members: Vec<_> =
        scene.members_of(index).filter(|member| is_word(member.name())).take(MAX_CONTAINERS).collect();
    let mut goals = Vec::new();
    for member in &members {
        let is = match member.verdict.role {
            Role::App => "the app",
            Role::Sidecar => "a traditional sidecar",
            Role::NativeSidecar => "a native sidecar",
            Role::Init => "an init container",
            Role::Peer | Role::Ephemeral => continue,
        };
        goals.push(format!("{} is {is}", member.name()));
    }
    if let Some(app) = members.iter().find(|member| member.verdict.role == Role::App) {
        for own in injected(pod, &scene.analysis.model) {
            goals.push(format!("{} is injected beside {}", own.injector.container, app.name()));
        }
    }
    goals.push(if pod.job.is_some() { "the Job completes".to_owned() } else { "the Pod becomes ready".to_owned() });
    for one in &members {
        for other in members.iter().filter(|other| other.index != one.index) {
            let (one, other) = (one.name(), other.name());
            goals.push(format!("{one} starts before {other}"));
            goals.push(format!("{one} is up before {other} starts"));
            goals.push(format!("{one} stops before {other}"));
        }
    }
    for (position, one) in members.iter().enumerate() {
        for other in members.iter().skip(position + 1) {
            goals.push(format!("{} and {} share a volume", one.name(), other.name()));
            goals.push(format!("{} and {} listen on different ports", one.name(), other.name()));
        }
    }
    goals.push("the Pod is stopped within its grace period".to_owned());
    goals.push("no finding above advice".to_owned());
    goals.push(format!("accepted by Kubernetes {}", scene.release()));
    goals.push(format!("still {} containers", scene.members_of(index).count()));
    if let Ok(bill) = super::cost::bill(scene) {
        for resource in ["cpu", "memory"] {
            let amount = bill.requests.get(resource).copied().unwrap_or(Quantity::ZERO);
            if !amount.is_zero() {
                goals.push(format!("requests {amount} {resource} at most"));
            }
        }
        goals.push(format!("QoS class {}", bill.qos.id()));
    }
    for rule in scene.analysis.findings.iter().map(|finding| finding.rule) {
        let goal = format!("finding {rule}");
        if !goals.contains(&goal) {
            goals.push(goal);
        }
    }
    goals
}
