//! What the API server of the chosen release does with the object that is shown.

use super::Range;
use crate::model::{Handler, Pod, Workload};
use crate::release::{Cluster, Feature};
use crate::source::{NodeId, Part, Place};
use crate::validation::{Request, Verb};
use crate::{Analysis, source::Value};
use serde::{Deserialize, Serialize};

/// How bad something is that the server says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiLevel {
    /// It refuses the object because of it.
    Error,
    /// It takes the object, and warns.
    Warning,
    /// It takes the object and drops a field without a word.
    Dropped,
}

/// Something that the server says, or does not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiMessage {
    /// How bad it is.
    pub level: ApiLevel,
    /// In the server's own words; for a dropped field its path and the reason.
    pub text: String,
    /// What it is about.
    pub range: Option<Range>,
}

/// The answer of an API server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiView {
    /// The release: `1.36`.
    pub release: String,
    /// In one sentence.
    pub verdict: String,
    /// Whether it takes the object.
    pub is_accepted: bool,
    /// What it says.
    pub messages: Vec<ApiMessage>,
    /// Feature gates that the manifest depends on: name, what it does, and whether it is on.
    pub gates: Vec<(String, String, bool)>,
}

/// The object of a workload, when it is one that a server could be given.
fn object<'a>(analysis: &'a Analysis, workload: &Workload) -> Option<Value<'a>> {
    let object = analysis.model.objects.get(workload.object)?;
    let document = analysis.source.documents.get(object.document as usize)?;
    let is_real = workload.is_whole
        && !workload.is_embedded
        && workload.owners.is_empty()
        && !document.is_broken()
        && !document.is_template;
    is_real.then(|| document.value(object.node))
}

/// Asks the server of the cluster to create the object of a workload; none when that cannot be asked.
pub(super) fn api(analysis: &Analysis, workload: &Workload, range: impl Fn(Place) -> Range) -> Option<ApiView> {
    let request = Request { verb: Verb::Create, object: object(analysis, workload)?, old: None, is_strict: true };
    let cluster = analysis.server.cluster();
    let answer = analysis.server.answer(&request);
    if !answer.is_checked {
        return None;
    }
    let at =
        |node: Option<NodeId>| node.map(|node| range(Place { document: workload.document, node, part: Part::Value }));
    let message = |level, text: String, node| ApiMessage { level, text, range: at(node) };
    let mut messages: Vec<ApiMessage> = Vec::new();
    messages.extend(answer.decode_error.iter().map(|text| message(ApiLevel::Error, text.clone(), None)));
    messages.extend(answer.errors.iter().map(|error| message(ApiLevel::Error, error.to_string(), error.node)));
    messages.extend(answer.warnings.iter().map(|own| message(ApiLevel::Warning, own.text.clone(), own.node)));
    messages.extend(
        answer
            .dropped
            .iter()
            .map(|own| message(ApiLevel::Dropped, format!("{}: dropped, {}", own.field, own.why), own.node)),
    );
    let release = cluster.release.to_string();
    let verdict = match (answer.is_accepted(), answer.warnings.len(), answer.dropped.len()) {
        (false, ..) => "refuses it",
        (true, 0, 0) => "accepts it",
        (true, _, 0) => "accepts it with warnings",
        (true, 0, _) => "accepts it, but silently drops a part",
        (true, ..) => "accepts it with warnings, and silently drops a part",
    };
    Some(ApiView {
        verdict: format!("Kubernetes {release} {verdict}."),
        release,
        is_accepted: answer.is_accepted(),
        messages,
        gates: gates(&workload.pod, cluster),
    })
}

/// The features that a Pod makes use of.
fn gates(pod: &Pod, cluster: &Cluster) -> Vec<(String, String, bool)> {
    let any = |fits: &dyn Fn(&crate::model::Container) -> bool| pod.containers.iter().any(fits);
    let sleeps = |container: &crate::model::Container| {
        let hooks = [&container.lifecycle.pre_stop, &container.lifecycle.post_start];
        hooks.into_iter().flatten().any(|hook| matches!(hook.value, Some(Handler::Sleep(_))))
    };
    let used = [
        (Feature::SidecarContainers, any(&|own| own.is_native_sidecar())),
        (Feature::ContainerRestartRules, any(&|own| own.restart_policy.is_some() && !own.is_native_sidecar())),
        (
            Feature::RestartAllContainers,
            any(&|own| own.restart_rules.iter().any(|rule| rule.action == "RestartAllContainers")),
        ),
        (Feature::PodLevelResources, pod.resources.node.is_some()),
        (Feature::SleepAction, any(&sleeps)),
    ];
    let told = used
        .into_iter()
        .filter(|(_, is_used)| *is_used)
        .map(|(feature, _)| (feature.gate().to_owned(), feature.explanation().to_owned(), cluster.has(feature)));
    told.collect()
}
