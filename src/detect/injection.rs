//! Helpers that the manifest does not show, because something adds them when the Pod is created.

use crate::catalogue;
use crate::catalogue::injectors::{Condition, Injector, Place, injectors};
use crate::category::Category;
use crate::model::{Container, Model, Pairs, Workload, lookup};

/// A helper that will be added to a Pod.
#[derive(Clone, Debug)]
pub struct Injected {
    /// What adds it.
    pub injector: &'static Injector,
    /// What it does for the app.
    pub category: Category,
    /// Whether the manifest itself makes it a native sidecar; otherwise that is up to the injector's version.
    pub is_native: bool,
    /// Why it will be added: `label sidecar.istio.io/inject`.
    pub reason: String,
}

/// The helpers that will be added to the Pods of a workload.
#[must_use]
pub fn injected(workload: &Workload, model: &Model) -> Vec<Injected> {
    let settings = Settings::of(workload, model);
    injectors()
        .iter()
        .filter_map(|injector| {
            let reason = injector.on.iter().find(|condition| settings.fulfil(condition))?;
            let is_off = injector.off.iter().any(|condition| settings.fulfil(condition));
            let is_there =
                workload.pod.containers.iter().any(|container| container.display_name() == injector.container);
            if is_off || is_there {
                return None;
            }
            let kind = match reason.place {
                Place::PodLabel => "label",
                Place::PodAnnotation | Place::WorkloadAnnotation => "annotation",
                Place::NamespaceLabel => "label of the namespace",
                Place::NamespaceAnnotation => "annotation of the namespace",
            };
            Some(Injected {
                injector,
                category: catalogue::entry(injector.helper).and_then(|entry| entry.category).unwrap_or(Category::Other),
                is_native: injector.native_on.iter().any(|condition| settings.fulfil(condition)),
                reason: format!("{kind} {}", reason.key),
            })
        })
        .collect()
}

/// Whether a container has the image `auto`, which Istio's injector replaces, and the Pod itself switches that off. Where the
/// Pod says nothing, its namespace may be labelled elsewhere.
#[must_use]
pub fn is_unfilled(container: &Container, workload: &Workload) -> bool {
    const KEY: &str = "sidecar.istio.io/inject";
    let is_auto = container.image.as_ref().is_some_and(|image| image.value.text == "auto");
    let pod = &workload.pod;
    is_auto && lookup(&pod.labels, KEY).or_else(|| lookup(&pod.annotations, KEY)) == Some("false")
}

/// The labels and annotations that injectors look at.
struct Settings<'a> {
    pod: (&'a Pairs, &'a Pairs),
    workload_annotations: Option<&'a Pairs>,
    namespace: Option<(&'a Pairs, &'a Pairs)>,
}

impl<'a> Settings<'a> {
    fn of(workload: &'a Workload, model: &'a Model) -> Self {
        let own = workload.namespace.as_deref().unwrap_or("default");
        let namespace = model.namespaces(own).next().map(|object| (&object.labels, &object.annotations));
        Self {
            pod: (&workload.pod.labels, &workload.pod.annotations),
            workload_annotations: model.objects.get(workload.object).map(|object| &object.annotations),
            namespace,
        }
    }

    fn fulfil(&self, condition: &Condition) -> bool {
        let pairs = match condition.place {
            Place::PodLabel => Some(self.pod.0),
            // An annotation is the old way, and is not read where there is a label of the same key.
            Place::PodAnnotation if lookup(self.pod.0, condition.key).is_some() => None,
            Place::PodAnnotation => Some(self.pod.1),
            Place::WorkloadAnnotation => self.workload_annotations,
            Place::NamespaceLabel => self.namespace.map(|namespace| namespace.0),
            Place::NamespaceAnnotation => self.namespace.map(|namespace| namespace.1),
        };
        pairs.and_then(|pairs| lookup(pairs, condition.key)).is_some_and(|value| condition.holds(value))
    }
}

#[cfg(test)]
mod tests {
    use super::injected;
    use crate::{Options, analyze};

    fn added(text: &str) -> Vec<String> {
        let analysis = analyze(text, &Options::default());
        let found = injected(&analysis.model.workloads[0], &analysis.model);
        found.iter().map(|injected| format!("{} by {}", injected.injector.container, injected.reason)).collect()
    }

    fn pod(metadata: &str, containers: &str) -> String {
        format!(
            "kind: Deployment\nmetadata: {{ namespace: shop }}\nspec:\n  template:\n    metadata: {metadata}\n    spec: {{ containers: [{containers}] }}\n"
        )
    }

    #[test]
    fn labels_and_annotations_of_pod_and_namespace_switch_injectors() {
        assert_eq!(
            added(&pod("{ labels: { sidecar.istio.io/inject: 'true' } }", "{ name: a }")),
            ["istio-proxy by label sidecar.istio.io/inject"]
        );
        assert_eq!(
            added(&pod("{ annotations: { dapr.io/enabled: 'true', linkerd.io/inject: enabled } }", "{ name: a }")),
            ["daprd by annotation dapr.io/enabled", "linkerd-proxy by annotation linkerd.io/inject"]
        );
        let namespace = "---\nkind: Namespace\nmetadata: { name: shop, labels: { istio-injection: enabled } }\n";
        assert_eq!(
            added(&(pod("{}", "{ name: a }") + namespace)),
            ["istio-proxy by label of the namespace istio-injection"]
        );
        assert!(
            added(&(pod("{ labels: { sidecar.istio.io/inject: 'false' } }", "{ name: a }") + namespace)).is_empty()
        );
        assert!(added(&pod("{}", "{ name: a }")).is_empty());
    }

    #[test]
    fn of_a_label_and_an_annotation_the_label_counts() {
        let both = |label: &str, annotation: &str| {
            let key = "sidecar.istio.io/inject";
            let metadata = format!("{{ labels: {{ {key}: '{label}' }}, annotations: {{ {key}: '{annotation}' }} }}");
            added(&pod(&metadata, "{ name: a }"))
        };
        assert_eq!(both("true", "false"), ["istio-proxy by label sidecar.istio.io/inject"]);
        assert!(both("false", "true").is_empty());
    }

    #[test]
    fn what_is_there_already_is_not_added_again() {
        let text =
            pod("{ labels: { sidecar.istio.io/inject: 'true' } }", "{ name: a }, { name: istio-proxy, image: auto }");
        assert!(added(&text).is_empty());
    }
}
