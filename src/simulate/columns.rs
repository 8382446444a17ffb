//! The line of `kubectl get pod`: READY, STATUS and RESTARTS.
//! Source: `printPod` in `pkg/printers/internalversion/printers.go`.

use super::spec::{Kind, PodSpec};
use super::status::{ContainerState, ContainerStatus, Phase};
use serde::{Deserialize, Serialize};

/// What `kubectl get pod` shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Columns {
    /// Containers that are ready, of the regular ones and the native sidecars.
    pub ready: u32,
    /// How many those are.
    pub total: u32,
    /// STATUS.
    pub status: String,
    /// RESTARTS.
    pub restarts: u32,
}

/// What the line is made of, beside the statuses of the containers.
#[derive(Clone, Copy, Debug)]
pub struct PodLine<'a> {
    /// `status.phase`.
    pub phase: Phase,
    /// `status.reason`.
    pub reason: Option<&'a str>,
    /// The condition `Initialized`.
    pub is_initialized: bool,
    /// The condition `Ready`.
    pub is_ready: bool,
    /// Whether the Pod is being deleted.
    pub is_deleted: bool,
}

/// The line of a Pod.
#[must_use]
pub fn columns(pod: &PodSpec, statuses: &[ContainerStatus], line: PodLine<'_>) -> Columns {
    let with_status = || pod.containers.iter().zip(statuses);
    let init = || with_status().filter(|(container, _)| container.kind != Kind::Regular);
    let count = |kind| u32::try_from(pod.containers.iter().filter(|own| own.kind == kind).count()).unwrap_or(u32::MAX);
    let mut status = line.reason.unwrap_or(line.phase.id()).to_owned();
    let mut ready = 0;
    // Containers behind the one at which the initialization stands are not counted.
    let (mut restarts, mut sidecar_restarts) = (0, 0);
    let mut is_initializing = false;
    for (position, (container, own)) in init().enumerate() {
        restarts += own.restart_count;
        if container.kind == Kind::Sidecar {
            sidecar_restarts += own.restart_count;
        }
        let is_started = container.kind == Kind::Sidecar && own.is_started;
        match &own.state {
            ContainerState::Terminated(end) if end.exit_code == 0 => continue,
            _ if is_started => {
                ready += u32::from(own.is_ready);
                continue;
            }
            ContainerState::Terminated(end) if end.reason.is_empty() => {
                status = format!("Init:ExitCode:{}", end.exit_code);
            }
            ContainerState::Terminated(end) => status = format!("Init:{}", end.reason),
            ContainerState::Waiting(reason) if !reason.is_empty() && reason != "PodInitializing" => {
                status = format!("Init:{reason}");
            }
            ContainerState::Waiting(_) | ContainerState::Running => {
                status = format!("Init:{position}/{}", count(Kind::Init) + count(Kind::Sidecar));
            }
        }
        is_initializing = true;
        break;
    }

    if !is_initializing || line.is_initialized {
        restarts = sidecar_restarts;
        let mut has_running = false;
        let mut error = None;
        for (_, own) in with_status().rev().filter(|(container, _)| container.kind == Kind::Regular) {
            restarts += own.restart_count;
            match &own.state {
                ContainerState::Waiting(reason) if !reason.is_empty() => status = reason.to_string(),
                ContainerState::Waiting(_) => {}
                ContainerState::Terminated(end) => {
                    status = match end.reason.as_ref() {
                        "" => format!("ExitCode:{}", end.exit_code),
                        reason => reason.to_owned(),
                    };
                    if end.exit_code != 0 {
                        error = Some(status.clone());
                    }
                }
                ContainerState::Running => {
                    has_running |= own.is_ready;
                    ready += u32::from(own.is_ready);
                }
            }
        }
        if status == "Completed" {
            match error {
                _ if has_running && line.is_ready => status = "Running".to_owned(),
                Some(error) => status = error,
                None if has_running => status = "NotReady".to_owned(),
                None => {}
            }
        }
    }
    if line.is_deleted && !line.phase.is_terminal() {
        status = "Terminating".to_owned();
    }
    Columns { ready, total: count(Kind::Sidecar) + count(Kind::Regular), status, restarts }
}
