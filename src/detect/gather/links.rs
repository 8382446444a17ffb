//! Evidence from connections inside the Pod: who hands requests on to another container helps it.

use super::Subject;
use crate::category::Category;
use crate::detect::links::Purpose;
use crate::detect::{Evidence, EvidenceKind};

pub(super) fn gather(subject: Subject<'_>) -> Vec<Evidence> {
    let containers = &subject.workload.pod.containers;
    let name = |index: usize| containers.get(index).map_or("", |container| container.display_name());
    let mut found = Vec::new();
    for link in subject.links.iter().filter(|link| link.from == subject.number) {
        let (points, category, text) = match link.purpose {
            Purpose::Proxies => {
                (3, Category::Ambassador, format!("it hands requests on to {} at {}", name(link.to), link.over))
            }
            Purpose::Reloads => {
                (4, Category::ConfigReload, format!("it makes {} reload at {}", name(link.to), link.over))
            }
            Purpose::Calls => continue,
        };
        found.push(subject.of_category(EvidenceKind::Connections, points, (category, 2), text, Some(link.node)));
    }
    found
}
