//! A workload with all that rules ask for again and again, found once.

use super::server::ask;
use crate::Analysis;
use crate::catalogue::{self, Entry};
use crate::category::Category;
use crate::detect::injection::{Injected, injected};
use crate::detect::links::{Link, links};
use crate::detect::{Confidence, Role, Use, Verdict, around, uses};
use crate::edit::{Edit, Editor, Yaml};
use crate::finding::Finding;
use crate::model::{Container, ContainerField, Dialect, Model, Object, Workload, lookup};
use crate::rules::Rule;
use crate::source::{Document, NodeId, Part, Place, Value};
use crate::validation::Answer;
use std::ops::Range;

/// A workload under examination.
pub(in crate::rules) struct Case<'a> {
    pub(in crate::rules) analysis: &'a Analysis,
    /// Index into [`crate::model::Model::workloads`].
    pub(in crate::rules) index: usize,
    pub(in crate::rules) workload: &'a Workload,
    /// Who talks to whom inside of it.
    pub(in crate::rules) links: Vec<Link>,
    /// What its containers do with its volumes.
    pub(in crate::rules) uses: Vec<Use>,
    /// The helpers that will be added to it.
    pub(in crate::rules) injected: Vec<Injected>,
    /// Whether nothing of it is missing: it is a whole object of a kind whose Pod template is used as it stands, and no
    /// template of a template language. Only then does the absence of something mean that it is not there.
    pub(in crate::rules) is_complete: bool,
    /// What the API server says of its object, when it is one that someone could apply. Of an object with several Pod
    /// templates, the first has the answer.
    pub(in crate::rules) answer: Option<Answer>,
    verdicts: &'a [Verdict],
    services: Vec<usize>,
}

/// A container of a [`Case`].
#[derive(Clone, Copy)]
pub(in crate::rules) struct Member<'a> {
    /// Index into [`crate::model::Pod::containers`].
    pub(in crate::rules) number: usize,
    pub(in crate::rules) container: &'a Container,
    pub(in crate::rules) verdict: &'a Verdict,
}

/// Some workloads of an analysis.
pub(in crate::rules) fn cases(analysis: &Analysis, workloads: Range<usize>) -> Vec<Case<'_>> {
    let model = &analysis.model;
    let own = model.workloads.get(workloads.clone()).unwrap_or_default();
    let verdicts = analysis.verdicts.get(workloads.clone()).unwrap_or_default();
    // Workloads of the same object stand behind each other.
    let before = workloads.start.checked_sub(1).and_then(|before| model.workloads.get(before));
    let mut asked = before.map(|before| before.object);
    let pairs = workloads.zip(own.iter().zip(verdicts));
    pairs
        .map(|(index, (workload, verdicts))| {
            let document = analysis.source.documents.get(workload.document as usize);
            let is_readable = document.is_some_and(|document| !document.is_template && !document.is_broken());
            let is_pod = workload.dialect == Dialect::Kubernetes;
            let is_complete = workload.is_whole && workload.is_well_placed && is_readable;
            let is_first = asked.replace(workload.object) != Some(workload.object);
            Case {
                analysis,
                index,
                workload,
                verdicts,
                links: if is_pod { links(workload) } else { Vec::new() },
                uses: uses(workload, verdicts),
                injected: if is_pod { injected(workload, model) } else { Vec::new() },
                services: services(workload, model),
                is_complete,
                answer: if is_pod && is_complete && is_first { ask(analysis, workload) } else { None },
            }
        })
        .collect()
}

/// More Services than this for one Pod are not looked at: all of them times all Pods would be too many.
const MAX_SERVICES: usize = 32;

/// Indices of the Services that select the Pods of a workload; no Service selects a Compose project.
pub(in crate::rules) fn services(workload: &Workload, model: &Model) -> Vec<usize> {
    if workload.dialect == Dialect::Compose {
        return Vec::new();
    }
    let mut found = around::services(workload, model);
    found.truncate(MAX_SERVICES);
    found.shrink_to_fit();
    found
}

impl<'a> Case<'a> {
    pub(in crate::rules) fn is_pod(&self) -> bool {
        self.workload.dialect == Dialect::Kubernetes
    }

    pub(in crate::rules) fn title(&self) -> String {
        self.workload.title()
    }

    pub(in crate::rules) fn is_kind(&self, kinds: &[&str]) -> bool {
        self.workload.kind.as_deref().is_some_and(|kind| kinds.contains(&kind))
    }

    /// All containers, in Kubernetes' order.
    pub(in crate::rules) fn members(&self) -> impl Iterator<Item = Member<'a>> + use<'a> {
        let pairs = self.workload.pod.containers.iter().zip(self.verdicts).enumerate();
        pairs.map(|(number, (container, verdict))| Member { number, container, verdict })
    }

    pub(in crate::rules) fn member(&self, number: usize) -> Option<Member<'a>> {
        let container = self.workload.pod.containers.get(number)?;
        Some(Member { number, container, verdict: self.verdicts.get(number)? })
    }

    /// Sidecars of both forms.
    pub(in crate::rules) fn helpers(&self) -> impl Iterator<Item = Member<'a>> + use<'a> {
        self.members().filter(|member| member.verdict.role.is_sidecar())
    }

    /// What the Pod exists for.
    pub(in crate::rules) fn apps(&self) -> impl Iterator<Item = Member<'a>> + use<'a> {
        self.members().filter(|member| matches!(member.verdict.role, Role::App | Role::Peer))
    }

    /// Containers that run at the same time: all but plain init containers and ephemeral ones.
    pub(in crate::rules) fn running(&self) -> impl Iterator<Item = Member<'a>> + use<'a> {
        self.members().filter(|member| !matches!(member.verdict.role, Role::Init | Role::Ephemeral))
    }

    /// Plain init containers.
    pub(in crate::rules) fn inits(&self) -> impl Iterator<Item = Member<'a>> + use<'a> {
        self.members().filter(|member| member.is_plain_init())
    }

    /// The Services of the text that select this Pod.
    pub(in crate::rules) fn services(&self) -> impl Iterator<Item = &'a Object> {
        self.services.iter().filter_map(|index| self.analysis.model.objects.get(*index))
    }

    /// Whether a helper of the mesh of this name stands in the Pod or will be added: `istio`, `linkerd`.
    pub(in crate::rules) fn mesh(&self, id: &str) -> Option<String> {
        let is_proxy = |known: &str| known.strip_prefix(id).is_some_and(|rest| rest.starts_with("-proxy"));
        let member = self.helpers().find(|member| {
            member.verdict.category == Some(Category::MeshProxy) && member.verdict.known_as.is_some_and(is_proxy)
        });
        let added = self.injected.iter().find(|injected| injected.injector.id == id);
        member
            .map(|member| format!("its container {}", member.name()))
            .or_else(|| added.map(|injected| format!("its {}", injected.reason)))
    }

    pub(in crate::rules) fn document(&self) -> Option<&'a Document> {
        self.analysis.source.documents.get(self.workload.document as usize)
    }

    /// Makes changes of the document of this workload.
    pub(in crate::rules) fn editor(&self) -> Option<Editor<'a>> {
        Editor::new(self.document()?)
    }

    /// The change that takes a key out of a mapping.
    pub(in crate::rules) fn without(&self, mapping: NodeId, key: &str) -> Option<Vec<Edit>> {
        self.editor()?.remove_entry(mapping, key)
    }

    /// The change that gives a node another value.
    pub(in crate::rules) fn with_value(&self, node: NodeId, value: impl Into<Yaml>) -> Option<Vec<Edit>> {
        self.editor()?.set_value(node, &value.into())
    }

    /// The change that gives a mapping another key, behind the first of `after` that it has.
    pub(in crate::rules) fn with_key(
        &self,
        mapping: NodeId,
        key: &str,
        value: impl Into<Yaml>,
        after: &[&str],
    ) -> Option<Vec<Edit>> {
        self.editor()?.insert_key(mapping, key, &value.into(), after)
    }

    /// What stands at the end of a route of keys from a node.
    pub(in crate::rules) fn at(&self, node: NodeId, route: &[&str]) -> Option<Value<'a>> {
        self.document()?.value(node).at(route)
    }

    /// The node of an annotation or label of the Pod, wherever its template stands.
    pub(in crate::rules) fn metadata_node(&self, field: &str, key: &str) -> Option<NodeId> {
        let document = self.document()?;
        let spec = self.workload.pod.node;
        let holder = document.tree.parent(spec)?;
        Some(document.value(holder).at(&["metadata", field])?.get(key)?.id())
    }

    /// A finding about this workload as a whole, or about whatever stands at the node.
    pub(in crate::rules) fn finding(
        &self,
        rule: &Rule,
        (node, part): (NodeId, Part),
        message: String,
        help: impl Into<String>,
    ) -> Finding {
        Finding {
            rule: rule.id,
            severity: rule.severity,
            confidence: Confidence::Certain,
            place: self.workload.place(node, part),
            message,
            help: help.into(),
            evidence: Vec::new(),
            workloads: vec![self.index],
            container: None,
            hidden: None,
            fix: None,
        }
    }

    /// A finding about a container, at a node of it.
    pub(in crate::rules) fn about(
        &self,
        rule: &Rule,
        member: Member<'_>,
        at: (NodeId, Part),
        message: String,
        help: impl Into<String>,
    ) -> Finding {
        Finding { container: Some(member.number), ..self.finding(rule, at, message, help) }
    }

    /// A place in the document of this workload.
    pub(in crate::rules) fn place(&self, node: NodeId) -> Place {
        self.workload.place(node, Part::Value)
    }
}

impl<'a> Member<'a> {
    pub(in crate::rules) fn name(&self) -> &'a str {
        self.container.display_name()
    }

    /// The entry, as a place for a finding.
    pub(in crate::rules) fn here(&self) -> (NodeId, Part) {
        (self.container.node, Part::Value)
    }

    pub(in crate::rules) fn is_native(&self) -> bool {
        self.container.is_native_sidecar()
    }

    /// An init container that is to end.
    pub(in crate::rules) fn is_plain_init(&self) -> bool {
        self.container.field == ContainerField::InitContainers && !self.is_native()
    }

    /// The known helper that it is.
    pub(in crate::rules) fn known(&self) -> Option<&'static Entry> {
        self.verdict.known_as.and_then(catalogue::entry)
    }

    /// Whether it is one of these known helpers.
    pub(in crate::rules) fn is_one_of(&self, ids: &[&str]) -> bool {
        self.verdict.known_as.is_some_and(|id| ids.contains(&id))
    }

    /// Whether it is a sidecar for one of these purposes.
    pub(in crate::rules) fn is_for(&self, categories: &[Category]) -> bool {
        self.verdict.role.is_sidecar() && self.verdict.category.is_some_and(|own| categories.contains(&own))
    }

    /// Why it is taken for what it is, with a place.
    pub(in crate::rules) fn reason(&self) -> Option<(Place, String)> {
        let reason = self.verdict.evidence.iter().find(|evidence| evidence.points > 0)?;
        Some((reason.place?, format!("{}: {}", self.name(), reason.text)))
    }
}

/// Whether a workload is to end by itself.
pub(in crate::rules) fn is_finite_job(case: &Case<'_>) -> bool {
    case.is_kind(&["Job", "CronJob"])
}

/// `a`, `a and b`, `a, b and c`.
pub(in crate::rules) fn named<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// Whether an injector has put a helper into a Pod, as manifests from a cluster or from `inject` commands show.
pub(in crate::rules) fn is_injected(case: &Case<'_>, member: Member<'_>) -> bool {
    const MARKS: &[&str] = &["sidecar.istio.io/status", "kuma.io/sidecar-injected", "linkerd.io/created-by"];
    let annotations = &case.workload.pod.annotations;
    member.is_for(&[Category::MeshProxy]) && MARKS.iter().any(|mark| lookup(annotations, mark).is_some())
}
