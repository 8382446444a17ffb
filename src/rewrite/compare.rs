//! What a change did: findings, start order and cost before and after.

use crate::Analysis;
use crate::finding::Severity;
use crate::model::{Container, ContainerField, Pod, ProbeKind, Workload};
use crate::release::Cluster;
use crate::resources;
use serde::Serialize;

/// The difference between two analyses of what is the same workload.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Difference {
    /// Rule and message of findings that are gone.
    pub solved: Vec<(&'static str, Severity, String)>,
    /// Rule and message of findings that are new.
    pub new: Vec<(&'static str, Severity, String)>,
    /// What starts when, before: one line for each step.
    pub start_before: Vec<String>,
    /// What starts when, after.
    pub start_after: Vec<String>,
    /// What the Pod costs, before and after; none when one of them is not there.
    pub cost: Option<(Cost, Cost)>,
}

/// What a Pod costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// What the scheduler reserves, as `name: amount`.
    pub requests: Vec<(String, String)>,
    /// The QoS class.
    pub qos: &'static str,
}

/// Compares a workload, given by its index, in two analyses. A rewrite keeps the number and order of workloads.
#[must_use]
pub fn compare(before: &Analysis, after: &Analysis, workload: usize, cluster: &Cluster) -> Difference {
    compare_moved(before, workload, after, workload, cluster)
}

/// The same where a workload has another index afterwards.
#[must_use]
pub fn compare_moved(before: &Analysis, old: usize, after: &Analysis, new: usize, cluster: &Cluster) -> Difference {
    let pods = (before.model.workloads.get(old), after.model.workloads.get(new));
    let findings = |analysis: &Analysis, workload: usize| -> Vec<(&'static str, Severity, String)> {
        let own = analysis.findings.iter().filter(|finding| finding.workloads.contains(&workload));
        own.map(|finding| (finding.rule, finding.severity, finding.message.clone())).collect()
    };
    let (old, new) = (findings(before, old), findings(after, new));
    let missing = |from: &[(&'static str, Severity, String)], other: &[(&'static str, Severity, String)]| {
        from.iter().filter(|finding| !other.iter().any(|other| is_same(finding, other))).cloned().collect()
    };
    let steps = |workload: Option<&Workload>| workload.map(|workload| start_steps(&workload.pod)).unwrap_or_default();
    let cost = |workload: Option<&Workload>| Some(cost(&workload?.pod, cluster));
    Difference {
        solved: missing(&old, &new),
        new: missing(&new, &old),
        start_before: steps(pods.0),
        start_after: steps(pods.1),
        cost: cost(pods.0).zip(cost(pods.1)),
    }
}

/// Whether two findings are the same but for what a move changes: the order in which containers are named, their index
/// and list in a path, the line.
fn is_same(one: &(&'static str, Severity, String), other: &(&'static str, Severity, String)) -> bool {
    let words = |text: &str| {
        let mut words: Vec<String> = Vec::new();
        let mut is_line = false;
        for word in text.split_whitespace() {
            let number = word.trim_end_matches([':', ',', '.']);
            let is_number = is_line && number.bytes().all(|byte| byte.is_ascii_digit());
            words.push(if is_number { String::new() } else { without_index(word) });
            is_line = word == "line";
        }
        words.sort_unstable();
        words
    };
    one.0 == other.0 && one.1 == other.1 && words(&one.2) == words(&other.2)
}

/// `spec.initContainers[2].image` as `spec.containers[].image`.
fn without_index(word: &str) -> String {
    let word = word.trim_matches([',', '.']).replace("initContainers[", "containers[");
    match word.split_once("containers[") {
        Some((head, tail)) => {
            let tail = tail.split_once(']').map_or(tail, |(_, rest)| rest);
            format!("{head}containers[]{tail}")
        }
        None => word,
    }
}

/// What starts when (facts 2.2, 2.3 and 2.6).
fn start_steps(pod: &Pod) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    for (_, container) in pod.of(ContainerField::InitContainers) {
        let name = container.display_name();
        steps.push(if !container.is_native_sidecar() {
            format!("{name} runs to its end")
        } else if container.probe(ProbeKind::Startup).is_some() {
            format!("{name} starts; what follows waits for its startupProbe")
        } else {
            format!("{name} starts")
        });
    }
    let regular: Vec<&str> =
        pod.containers.iter().filter(|one| one.field.is_regular()).map(Container::display_name).collect();
    match regular.as_slice() {
        [] => {}
        [one] => steps.push(format!("{one} starts")),
        _ => steps.push(format!("{} start together", super::listed(&regular))),
    }
    steps
}

fn cost(pod: &Pod, cluster: &Cluster) -> Cost {
    let bill = resources::written_bill(pod, cluster);
    Cost {
        requests: bill.requests.iter().map(|(name, amount)| (name.clone(), amount.to_string())).collect(),
        qos: bill.qos.id(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_same;
    use crate::finding::Severity;

    #[test]
    fn a_move_makes_no_new_finding_of_an_old_one() {
        let same = |one: &str, other: &str| {
            is_same(&("r", Severity::Error, one.to_owned()), &("r", Severity::Error, other.to_owned()))
        };
        assert!(same("a and b both want port 80", "b and a both want port 80"));
        assert!(same("spec.containers[1].image: Required value", "spec.initContainers[0].image: Required value"));
        assert!(same("yaml: line 29: key \"a\" already set", "yaml: line 3: key \"a\" already set"));
        assert!(!same("a and b both want port 80", "a and b both want port 81"));
        assert!(!same("spec.containers[1].image: Required value", "spec.containers[1].name: Required value"));
    }
}
