//! Evidence from volumes: a helper often only reads what the app writes.

use super::Subject;
use crate::category::Category;
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
    found.extend(fills_web_root(subject));
    found
}

/// Paths from which web servers serve.
const WEB_ROOTS: &[&str] =
    &["/usr/share/nginx", "/var/www", "/usr/local/apache2/htdocs", "/srv/http", "/usr/share/caddy"];

/// A container that writes into a volume which another one serves makes its content.
fn fills_web_root(subject: Subject<'_>) -> Option<Evidence> {
    let containers = &subject.workload.pod.containers;
    let serves = |path: &str| WEB_ROOTS.iter().any(|root| path.starts_with(root));
    subject.container.mounts.iter().filter(|mount| !mount.read_only && !serves(&mount.path)).find_map(|mount| {
        let names_path = subject.container.words().any(|word| word.value.contains(mount.path.trim_end_matches('/')));
        let server = containers
            .iter()
            .filter(|other| other.node != subject.container.node)
            .find(|other| other.mounts.iter().any(|own| own.volume == mount.volume && serves(&own.path)))?;
        let text = format!("it writes into volume {}, from which {} serves", mount.volume, server.display_name());
        names_path
            .then(|| subject.of_category(EvidenceKind::Mounts, 4, (Category::DataSync, 3), text, Some(mount.node)))
    })
}
