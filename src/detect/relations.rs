//! What containers do with the volumes they share.

use super::{Role, Verdict};
use crate::category::Category;
use crate::model::{Container, Mount, Workload};
use serde::Serialize;

/// Which way data goes between a container and a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Out of the volume.
    Reads,
    /// Into the volume.
    Writes,
    /// Either way, or not known.
    Shares,
}

impl Direction {
    /// The word for it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::Writes => "writes",
            Self::Shares => "uses",
        }
    }
}

/// A container using a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// Index of the container.
    pub container: usize,
    /// Index of the mount in that container.
    pub mount: usize,
    /// Which way data goes.
    pub direction: Direction,
}

/// All uses, by container and mount.
pub(super) fn uses(workload: &Workload, verdicts: &[Verdict]) -> Vec<Use> {
    let mut uses = Vec::new();
    for (index, container) in workload.pod.containers.iter().enumerate() {
        for (number, mount) in container.mounts.iter().enumerate() {
            let direction = direction(workload, verdicts, index, container, mount);
            uses.push(Use { container: index, mount: number, direction });
        }
    }
    uses
}

fn direction(
    workload: &Workload,
    verdicts: &[Verdict],
    index: usize,
    container: &Container,
    mount: &Mount,
) -> Direction {
    let is_configuration = workload.pod.volume(&mount.volume).is_some_and(|volume| volume.kind.is_configuration());
    if mount.read_only || is_configuration {
        return Direction::Reads;
    }
    if let Some(direction) = from_command(container, &mount.path) {
        return direction;
    }
    if let Some(direction) = verdicts.get(index).and_then(habit) {
        return direction;
    }
    // What helpers only read must come from the others, and the other way round.
    let others = workload.pod.users_of(&mount.volume).into_iter().filter(|other| *other != index);
    let habits: Vec<Direction> = others.filter_map(|other| verdicts.get(other).and_then(habit)).collect();
    let is_app = verdicts.get(index).is_some_and(|verdict| matches!(verdict.role, Role::App | Role::Peer));
    match habits.as_slice() {
        [Direction::Reads, ..] if is_app => Direction::Writes,
        [Direction::Writes, ..] if is_app => Direction::Reads,
        _ => Direction::Shares,
    }
}

/// What helpers of a category do with a volume they share with the app.
fn habit(verdict: &Verdict) -> Option<Direction> {
    if verdict.role == Role::Init {
        return Some(Direction::Writes);
    }
    match verdict.category? {
        Category::LogShipper | Category::Metrics | Category::Backup => Some(Direction::Reads),
        Category::DataSync | Category::ConfigReload | Category::SecretsAgent => Some(Direction::Writes),
        _ => None,
    }
}

/// A command that names the path tells what it does with it.
fn from_command(container: &Container, path: &str) -> Option<Direction> {
    if path.len() < 2 {
        return None;
    }
    let mut found = None;
    for word in container.words() {
        for (at, _) in word.value.match_indices(path) {
            let before = word.value.get(..at).unwrap_or_default().trim_end_matches(['"', '\'', ' ']);
            if before.ends_with('>') || before.ends_with("tee") || before.ends_with("tee -a") || before.ends_with("of=")
            {
                return Some(Direction::Writes);
            }
            let command = before.rsplit([';', '|', '&', '\n']).next().unwrap_or_default();
            if ["tail", "cat", "grep", "less", "head"]
                .iter()
                .any(|tool| command.split_whitespace().any(|word| word == *tool))
            {
                found = Some(Direction::Reads);
            }
        }
    }
    found
}
