//! The words of the domain: objects, workloads, Pods, containers, volumes, probes. Plain data, in the terms of the
//! Kubernetes documentation, each part with the node of the text it was read from.
//!
//! **Invariant:** nothing here knows how a text is written; dialects fill these types, everything else reads them.

mod container;
mod image;
mod index;
mod job;
mod pod;

pub use container::{
    Container, ContainerField, EnvVar, Handler, Lifecycle, Mount, Port, Probe, ProbeKind, ResourceList, Resources,
    RestartRule, SecurityContext,
};
pub use image::Image;
pub use job::{FailureRule, Job, Schedule};
pub use pod::{ComposeService, Pod, Volume, VolumeKind};

use crate::source::{NodeId, Part, Place};
use index::{Index, Key};
use serde::Serialize;
use std::ops::Range;

/// A value and the node that it was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    #[serde(skip)]
    pub node: NodeId,
}

/// Names and values in the order of the text: labels, annotations, selectors.
pub type Pairs = Vec<(String, String)>;

/// The value of a name in [`Pairs`].
#[must_use]
pub fn lookup<'p>(pairs: &'p Pairs, name: &str) -> Option<&'p str> {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Everything that was understood of a text.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// All objects, in the order of the text; those of a `List` one by one. Only changed by [`Self::add`] and
    /// [`Self::replace`], which keep the index.
    pub objects: Vec<Object>,
    /// All Pods, Pod templates and Compose projects, in the order of the text.
    pub workloads: Vec<Workload>,
    index: Index,
}

/// An API object, or what stands in its place in a partial manifest.
#[derive(Clone, Debug, Serialize)]
pub struct Object {
    /// Index of the document that holds it.
    pub document: u32,
    /// Its top node.
    #[serde(skip)]
    pub node: NodeId,
    /// For example `apps/v1`.
    pub api_version: Option<String>,
    /// For example `Deployment`.
    pub kind: Option<String>,
    /// `metadata.namespace`.
    pub namespace: Option<String>,
    /// `metadata.name`, or `metadata.generateName`.
    pub name: Option<String>,
    /// `metadata.labels`.
    pub labels: Pairs,
    /// `metadata.annotations`.
    pub annotations: Pairs,
    /// `metadata.ownerReferences`: kind and name.
    pub owners: Pairs,
    /// What relates objects of other kinds to Pods.
    pub relates: Relates,
}

/// How an object that is no workload has to do with Pods, or with objects that have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relates {
    /// Not at all, or not that we know.
    #[default]
    Nothing,
    /// A `Service`: the labels it selects by, and its ports.
    Service {
        /// `spec.selector`.
        selector: Pairs,
        /// `spec.ports`.
        ports: Vec<ServicePort>,
    },
    /// It sends traffic to Services: `Ingress`, `VirtualService`, `HTTPRoute` and the like.
    Routes {
        /// The names for which it does.
        hosts: Vec<String>,
        /// Names of Services, as written: possibly with their namespace and domain.
        services: Vec<String>,
    },
    /// It is about the Pods with these labels; with no labels, about all of its namespace.
    Selects {
        /// What it does to them, as the end of a sentence: `limits who may call it`.
        what: String,
        /// The labels.
        selector: Pairs,
    },
    /// Istio's `PeerAuthentication`: how the callers of the Pods with these labels have to connect.
    PeerAuthentication {
        /// The labels; with none it is about all of its namespace, or of the mesh.
        selector: Pairs,
        /// `mtls.mode`; none when it leaves that to the one above it.
        mode: Option<TlsMode>,
        /// `portLevelMtls`: modes of ports.
        ports: Vec<(i64, TlsMode)>,
    },
    /// It is about another object: `HorizontalPodAutoscaler`.
    Targets {
        /// What it does to it.
        what: String,
        /// Its kind.
        kind: String,
        /// Its name.
        name: String,
    },
    /// It can be mounted or read by Pods: `ConfigMap`, `Secret`, `PersistentVolumeClaim`.
    Provides,
}

/// How callers may connect to a Pod in an Istio mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TlsMode {
    /// With mutual TLS only.
    Strict,
    /// With mutual TLS or in plain text.
    Permissive,
    /// In plain text only.
    Disable,
}

/// A port of a `Service`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServicePort {
    /// `port`.
    pub port: Option<i64>,
    /// `targetPort`, a number or a name; `port` when it is not given.
    pub target: String,
    /// Where it stands.
    #[serde(skip)]
    pub node: NodeId,
}

impl Model {
    /// Adds an object behind all others.
    pub fn add(&mut self, object: Object) {
        self.index.learn(self.objects.len(), &object);
        self.objects.push(object);
    }

    /// Puts other objects in the place of some.
    pub fn replace(&mut self, old: Range<usize>, new: Vec<Object>) {
        if old.start < self.objects.len() {
            self.index.forget(&old, new.len());
        }
        new.iter().enumerate().for_each(|(number, object)| self.index.learn(old.start + number, object));
        self.objects.splice(old, new);
    }

    /// Indices of the Services that may select Pods with these labels, in the order of the text: each selects by one of
    /// them at least.
    #[must_use]
    pub fn services_near(&self, labels: &Pairs) -> Vec<usize> {
        let of_label = |(key, value): &(String, String)| self.index.find(Key::Label(key, value));
        let mut found: Vec<usize> = labels.iter().flat_map(of_label).copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The objects that relate to others in any way, with their indices.
    pub fn relating(&self) -> impl Iterator<Item = (usize, &Object)> {
        self.index.relating().iter().filter_map(|index| Some((*index, self.objects.get(*index)?)))
    }

    /// The objects that are about the object of a kind and a name, as an autoscaler is.
    pub fn targeting(&self, kind: &str, name: &str) -> impl Iterator<Item = &Object> {
        let found = self.index.find(Key::Target(kind, name)).iter().filter_map(|index| self.objects.get(*index));
        found.filter(move |object| {
            matches!(&object.relates, Relates::Targets { kind: own, name: title, .. } if own == kind && title == name)
        })
    }

    /// The Namespaces of a name; more than one is a mistake.
    pub fn namespaces(&self, name: &str) -> impl Iterator<Item = &Object> {
        let found = self.index.find(Key::Namespace(name)).iter().filter_map(|index| self.objects.get(*index));
        found.filter(move |object| object.kind.as_deref() == Some("Namespace") && object.name.as_deref() == Some(name))
    }

    /// Kind and name of the object that a workload was made by in the end: a dump of a cluster holds a Deployment, its
    /// ReplicaSet and its Pods, which are one workload. A workload that nothing made is its own origin.
    #[must_use]
    pub fn origin<'m>(&'m self, workload: &'m Workload) -> (Option<&'m str>, Option<&'m str>) {
        let mut at = (workload.kind.as_deref(), workload.name.as_deref());
        let mut owners = &workload.owners;
        // Owners form short chains; a manifest that makes them a circle is cut here.
        for _ in 0..4 {
            let Some((kind, name)) = owners.first() else { break };
            at = (Some(kind), Some(name));
            let owner = self.objects.iter().find(|object| (object.kind.as_deref(), object.name.as_deref()) == at);
            let Some(owner) = owner else { break };
            owners = &owner.owners;
        }
        at
    }
}

/// How a workload was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// A Kubernetes object with a Pod or a Pod template.
    Kubernetes,
    /// A Docker Compose project.
    Compose,
}

/// A Pod, a Pod template somewhere in an object, or a Compose project.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Index into [`Model::objects`].
    pub object: usize,
    /// How it was written.
    pub dialect: Dialect,
    /// Index of the document that holds it.
    pub document: u32,
    /// `metadata.name` and kind once more, so that a workload can be named without its object.
    pub kind: Option<String>,
    /// See [`Object::name`].
    pub name: Option<String>,
    /// See [`Object::namespace`].
    pub namespace: Option<String>,
    /// Where the Pod spec sits in the object: `spec.template.spec`.
    pub pod_path: String,
    /// Whether the Pod spec was found where its kind has it. `false` for a template that was found by its shape in a
    /// kind that we know, such as a Deployment with `spec.containers`.
    pub is_well_placed: bool,
    /// `spec.replicas`.
    pub replicas: Option<i64>,
    /// What a Job does with its Pods, for a Job and a CronJob.
    pub job: Option<Job>,
    /// Kind and name of the objects that have made it, as a dump of a cluster shows them.
    pub owners: Pairs,
    /// Whether it stands as text in another object.
    pub is_embedded: bool,
    /// Whether it is a whole object, not a patch that is merged into one: it has what its kind cannot do without.
    pub is_whole: bool,
    /// The Pod.
    pub pod: Pod,
}

impl Object {
    /// `Service/web`, or as much of that as is known.
    #[must_use]
    pub fn title(&self) -> String {
        match (&self.kind, &self.name) {
            (Some(kind), Some(name)) => format!("{kind}/{name}"),
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => "an object without kind".to_owned(),
        }
    }
}

impl Workload {
    /// A place in the document of this workload.
    #[must_use]
    pub fn place(&self, node: NodeId, part: Part) -> Place {
        Place { document: self.document, node, part }
    }

    /// `Deployment/web`, or as much of that as is known.
    #[must_use]
    pub fn title(&self) -> String {
        match (&self.kind, &self.name) {
            (Some(kind), Some(name)) => format!("{kind}/{name}"),
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => "Pod spec".to_owned(),
        }
    }
}
