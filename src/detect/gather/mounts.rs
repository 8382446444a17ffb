//! Evidence from volumes: a helper often only reads what the app writes.

use super::Subject;
use crate::detect::{Evidence, EvidenceKind};

pub(super) fn gather(subject: Subject<'_>) -> Vec<Evidence> {
    let pod = &subject.workload.pod;
    let mut found = Vec::new();
    for mount in &subject.container.mounts {
        let is_configuration = pod.volume(&mount.volume).is_some_and(|volume| volume.kind.is_configuration());
        let is_shared = pod.users_of(&mount.volume).len() > 1;
        if mount.read_only && is_shared && !is_configuration {
            let text = format!("it only reads volume {}, which others share", mount.volume);
            found.push(subject.evidence(EvidenceKind::Mounts, 1, text, Some(mount.node)));
            break;
        }
    }
    found
}
