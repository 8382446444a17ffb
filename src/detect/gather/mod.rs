//! Collects evidence about each container of a Pod. One file per kind of evidence.

mod annotations;
mod command;
mod known;
mod links;
mod mounts;
mod name;
mod references;

use super::{Evidence, Ignored};
use crate::catalogue::{Index, Match};
use crate::category::Category;
use crate::detect::EvidenceKind;
use crate::detect::links::{Link, links};
use crate::model::{Container, Model, Object, Workload};
use crate::source::{NodeId, Part};

/// What was collected about one container.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) evidence: Vec<Evidence>,
    pub(super) known: Option<Match>,
}

/// The container that is looked at, with all that is around it.
#[derive(Clone, Copy)]
struct Subject<'a> {
    container: &'a Container,
    /// Index of the container in its Pod.
    number: usize,
    workload: &'a Workload,
    model: &'a Model,
    /// Who talks to whom in the Pod.
    links: &'a [Link],
    /// The Services that select the Pod.
    services: &'a [&'a Object],
    catalogue: &'a Index,
}

impl Subject<'_> {
    /// Evidence that stands at a node of this workload's document.
    fn evidence(&self, kind: EvidenceKind, points: i16, text: String, node: Option<NodeId>) -> Evidence {
        let place = node.map(|node| self.workload.place(node, Part::Value));
        Evidence { kind, points, category: None, text, place, is_ignored: false }
    }

    /// The same, also speaking for a category.
    fn of_category(
        &self,
        kind: EvidenceKind,
        points: i16,
        (category, weight): (Category, u8),
        text: String,
        node: Option<NodeId>,
    ) -> Evidence {
        Evidence { category: Some((category, weight)), ..self.evidence(kind, points, text, node) }
    }
}

/// Collects for each container of a Pod.
pub(super) fn all(workload: &Workload, model: &Model, ignored: &[Ignored], catalogue: &Index) -> Vec<Collected> {
    let links = links(workload);
    let services = references::services(workload, model);
    let containers = workload.pod.containers.iter().enumerate();
    containers
        .map(|(number, container)| {
            let subject = Subject { container, number, workload, model, links: &links, services: &services, catalogue };
            let mut collected = Collected::default();
            known::gather(subject, &mut collected);
            for gather in
                [name::gather, command::gather, mounts::gather, annotations::gather, references::gather, links::gather]
            {
                collected.evidence.extend(gather(subject));
            }
            for evidence in &mut collected.evidence {
                let is_it =
                    |ignored: &Ignored| ignored.container == container.display_name() && ignored.text == evidence.text;
                evidence.is_ignored = ignored.iter().any(is_it);
            }
            collected
        })
        .collect()
}
