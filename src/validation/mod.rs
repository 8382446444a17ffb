//! What the Kubernetes API server of a release answers to a manifest: errors of decoding, defaults, errors with the exact
//! field and the server's own words, warnings, and fields that are dropped without a word.
//!
//! ```
//! use sidecar_playground::release::Cluster;
//! use sidecar_playground::source::Source;
//! use sidecar_playground::validation::{Request, Server, Verb};
//!
//! let text = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: app}]}}";
//! let source = Source::read(text);
//! let request = Request { verb: Verb::Create, object: source.documents[0].root().unwrap(), old: None, is_strict: true };
//! let answer = Server::new(&Cluster::default()).answer(&request);
//! assert_eq!(answer.errors[0].to_string(), "spec.containers[0].image: Required value");
//! ```
//!
//! Checked against the real code of 1.36 and 1.33; the releases around them differ by feature gates, by the fields that
//! they know, and by what their source says. Pods, and the workloads of Kubernetes itself that hold Pod templates, are
//! checked; anything else is said to be unchecked. Admission (quotas, limit ranges, policies, webhooks) is not part of
//! it. Where the server's order is random, as among labels, errors are in the order of the keys.
//!
//! The shape: [`decode`](self) → defaults → dropped fields → rules, one file for each topic, in the order of the server.

mod annotations;
mod claims;
mod containers;
mod cron;
mod decode;
mod defaults;
mod dropped;
mod env;
mod error;
mod image;
mod internal;
mod item;
mod jobs;
mod kinds;
mod labels;
mod metadata;
mod mounts;
mod names;
mod network;
mod options;
mod overlaps;
mod path;
mod place;
mod pod_spec;
mod ports;
mod prepare;
mod probes;
mod projected;
mod resize;
mod resources;
mod restart;
mod scheduling;
mod schema;
mod security;
mod storage;
mod template;
mod update;
mod volumes;
mod warnings;
mod windows;
mod workloads;

pub use error::{ErrorKind, FieldError};

use crate::release::{Cluster, Feature, Release};
use crate::source::{NodeId, Value};
use error::Errors;
use item::At;
use options::Options;
use std::cell::OnceCell;
use std::rc::Rc;

/// What is asked of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// A new object.
    Create,
    /// Another version of an object that is there.
    Update,
    /// The `resize` subresource of a Pod.
    Resize,
    /// The `ephemeralcontainers` subresource of a Pod.
    Ephemeral,
}

/// A request to the server.
#[derive(Clone, Copy)]
pub struct Request<'d> {
    /// What is asked.
    pub verb: Verb,
    /// The object.
    pub object: Value<'d>,
    /// The object that is there; needed by all verbs but [`Verb::Create`].
    pub old: Option<Value<'d>>,
    /// Whether unknown and repeated fields are errors, as `kubectl` asks for.
    pub is_strict: bool,
}

/// A warning, as it stands in the header of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The text.
    pub text: String,
    /// The node that is nearest to what it is about.
    pub node: Option<NodeId>,
}

/// A field that the server does not keep, and does not complain about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Its path.
    pub field: String,
    /// Why, in a few words.
    pub why: String,
    /// The node.
    pub node: Option<NodeId>,
}

/// What the server answers.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Whether the kind is known here; if not, the rest is empty and means nothing.
    pub is_checked: bool,
    /// Why the object cannot be read at all.
    pub decode_error: Option<String>,
    /// What is wrong, in the order of the server.
    pub errors: Vec<FieldError>,
    /// What the server warns of. It does so only when there is no error, but both are of interest.
    pub warnings: Vec<Warning>,
    /// What it drops.
    pub dropped: Vec<Dropped>,
}

impl Answer {
    /// Whether the server takes the object.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.decode_error.is_none() && self.errors.is_empty()
    }
}

/// Answers one request. For more of them, keep a [`Server`].
#[must_use]
pub fn answer(request: &Request<'_>, cluster: &Cluster) -> Answer {
    Server::new(cluster).answer(request)
}

/// The API server of a cluster, with all that its release knows.
#[derive(Clone, Debug, Default)]
pub struct Server {
    cluster: Cluster,
    /// Made for the first request: it takes longer than a request.
    schema: OnceCell<Rc<schema::Schema>>,
}

impl Server {
    /// The server of a cluster.
    #[must_use]
    pub fn new(cluster: &Cluster) -> Self {
        Self { cluster: cluster.clone(), schema: OnceCell::new() }
    }

    /// The cluster.
    #[must_use]
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// Answers a request.
    #[must_use]
    pub fn answer(&self, request: &Request<'_>) -> Answer {
        let schema = self.schema.get_or_init(|| Rc::new(schema::Schema::of(self.cluster.release)));
        answered(request, &self.cluster, schema)
    }
}

fn answered(request: &Request<'_>, cluster: &Cluster, schema: &schema::Schema) -> Answer {
    let object = request.object;
    let text = |key: &str| object.get(key).and_then(Value::text).unwrap_or_default();
    let wrong = decode::kind_error(object);
    if wrong.is_some() {
        return Answer { is_checked: true, decode_error: wrong, ..Answer::default() };
    }
    let Some(kind) = kinds::kind(text("apiVersion"), text("kind")) else { return Answer::default() };
    let is_pod_only = matches!(request.verb, Verb::Resize | Verb::Ephemeral);
    if is_pod_only && kind != "Pod" {
        return Answer::default();
    }
    let mut answer = Answer { is_checked: true, ..Answer::default() };
    let decoded = decode::decode(object, kind, request.is_strict, schema);
    answer.dropped = decoded.dropped;
    if decoded.error.is_some() {
        answer.decode_error = decoded.error;
        return answer;
    }
    let old = if request.verb == Verb::Create { None } else { decode::decode_old(request, kind, schema) };
    let run = kinds::run(request.verb, kind, decoded.item, old, cluster);
    answer.errors = run.errors;
    for error in &mut answer.errors {
        error.node = place::nearest(object, &error.field);
    }
    let warning = |(path, text): (String, String)| Warning { text, node: place::nearest(object, &path) };
    answer.warnings = run.warnings.into_iter().map(warning).collect();
    for (field, feature) in run.dropped {
        let why = format!("the feature gate {} is off", feature.gate());
        answer.dropped.push(Dropped { node: place::nearest(object, &field), field, why });
    }
    answer
}

/// A run of checks.
struct Check {
    errors: Errors,
    options: Options,
    cluster: Cluster,
}

impl Check {
    fn new(cluster: &Cluster, options: Options) -> Self {
        Self {
            errors: Errors { found: Vec::new(), shows_go: cluster.release.minor() < 34 },
            options,
            cluster: cluster.clone(),
        }
    }

    /// A run of its own, to find out whether something would be accepted.
    fn detached(newer: bool) -> Self {
        let release = if newer { Release::NEWEST } else { Release::OLDEST };
        Self::new(&Cluster::new(release), Options::default())
    }

    fn has(&self, feature: Feature) -> bool {
        self.cluster.has(feature)
    }

    fn minor(&self) -> u8 {
        self.cluster.release.minor()
    }

    /// Whether messages about keys and values of labels have their newer words.
    fn newer_names(&self) -> bool {
        self.minor() >= 35
    }
}

/// The options for a template, and what it was before.
fn template_options(template: At<'_>, old: At<'_>, cluster: &Cluster) -> Options {
    Options::new(template.get("spec"), old.get("spec"), old.get("metadata"), cluster)
}
