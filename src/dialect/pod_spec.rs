//! A Pod spec, wherever it stands.

use super::{bool_at, container, located, located_at, pairs_of, text_of};
use crate::model::{Container, ContainerField, Located, Pod, Volume, VolumeKind};
use crate::source::Value;

/// Reads a Pod spec. `holder` is the Pod or template around it, `object` the whole object, whose
/// `volumeClaimTemplates` are volumes of the Pod too.
pub(super) fn read(engine: Engine, holder: Option<Value<'_>>, spec: Value<'_>, object: Value<'_>) -> Pod {
    let metadata = holder.and_then(|holder| holder.get("metadata"));
    let mut containers = Vec::new();
    for field in engine.fields() {
        let Some(list) = spec.get(field.key()) else { continue };
        if *field == ContainerField::Container && list.is_mapping() {
            containers.push(main_container(list));
        }
        let items = list.items().enumerate().filter(|(_, item)| item.is_mapping());
        containers.extend(items.map(|(index, item)| container::read(*field, index, item)));
    }
    let mut volumes: Vec<Volume> = spec.get("volumes").into_iter().flat_map(Value::items).filter_map(volume).collect();
    let templates = object.at(&["spec", "volumeClaimTemplates"]).into_iter().flat_map(Value::items);
    volumes.extend(templates.filter_map(|template| {
        let name = template.at(&["metadata", "name"])?.text()?.to_owned();
        let kind = VolumeKind::PersistentVolumeClaim;
        Some(Volume { name, kind, reference: None, node: template.id() })
    }));
    Pod {
        node: spec.id(),
        labels: pairs_of(metadata.and_then(|metadata| metadata.get("labels"))),
        annotations: pairs_of(metadata.and_then(|metadata| metadata.get("annotations"))),
        containers,
        volumes,
        restart_policy: located_at(spec, "restartPolicy"),
        termination_grace_period: located_int(spec, "terminationGracePeriodSeconds"),
        active_deadline: located_int(spec, "activeDeadlineSeconds"),
        overhead: spec.get("overhead").map(container::amounts).unwrap_or_default(),
        resources: spec.get("resources").map(container::resources).unwrap_or_default(),
        host_network: bool_at(spec, "hostNetwork"),
        host_pid: bool_at(spec, "hostPID"),
        share_process_namespace: bool_at(spec, "shareProcessNamespace"),
    }
}

/// A whole number and its node.
pub(super) fn located_int(value: Value<'_>, key: &str) -> Option<Located<i64>> {
    let value = value.get(key)?;
    Some(Located { value: value.int()?, node: value.id() })
}

/// Who makes a Pod of a spec, and which lists of containers it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    /// Kubernetes itself, or something that hands its spec on as it is.
    Kubernetes,
    /// Argo Workflows.
    Argo,
    /// Tekton.
    Tekton,
}

impl Engine {
    /// By the API group of an object.
    pub(super) fn of(api_version: Option<&str>) -> Self {
        match api_version.and_then(|version| version.split('/').next()) {
            Some("argoproj.io") => Self::Argo,
            Some("tekton.dev") => Self::Tekton,
            _ => Self::Kubernetes,
        }
    }

    /// The lists of containers, in the order of [`Pod::containers`].
    pub(super) fn fields(self) -> &'static [ContainerField] {
        use ContainerField as F;
        match self {
            Self::Kubernetes => &[F::InitContainers, F::Containers, F::EphemeralContainers],
            Self::Argo => &[F::InitContainers, F::Container, F::Containers, F::Sidecars],
            Self::Tekton => &[F::InitContainers, F::Steps, F::Containers, F::Sidecars],
        }
    }
}

/// Argo Workflows calls the container of a template `main`, unless it has a name.
fn main_container(value: Value<'_>) -> Container {
    let mut container = container::read(ContainerField::Container, 0, value);
    container.name.get_or_insert(Located { value: "main".to_owned(), node: value.id() });
    container
}

/// The key of a volume source, what it is, and the key inside it that names what is behind it.
const SOURCES: &[(&str, VolumeKind, &str)] = &[
    ("emptyDir", VolumeKind::EmptyDir, ""),
    ("persistentVolumeClaim", VolumeKind::PersistentVolumeClaim, "claimName"),
    ("ephemeral", VolumeKind::PersistentVolumeClaim, ""),
    ("hostPath", VolumeKind::HostPath, "path"),
    ("configMap", VolumeKind::ConfigMap, "name"),
    ("secret", VolumeKind::Secret, "secretName"),
    ("projected", VolumeKind::Projected, ""),
    ("downwardAPI", VolumeKind::Projected, ""),
    ("image", VolumeKind::Image, "reference"),
    ("csi", VolumeKind::Csi, "driver"),
    ("nfs", VolumeKind::Network, "server"),
    ("awsElasticBlockStore", VolumeKind::Network, "volumeID"),
    ("azureDisk", VolumeKind::Network, "diskName"),
    ("azureFile", VolumeKind::Network, "shareName"),
    ("cephfs", VolumeKind::Network, ""),
    ("fc", VolumeKind::Network, ""),
    ("flexVolume", VolumeKind::Network, "driver"),
    ("gcePersistentDisk", VolumeKind::Network, "pdName"),
    ("glusterfs", VolumeKind::Network, "path"),
    ("iscsi", VolumeKind::Network, "iqn"),
    ("rbd", VolumeKind::Network, "image"),
    ("gitRepo", VolumeKind::EmptyDir, "repository"),
];

fn volume(value: Value<'_>) -> Option<Volume> {
    let name = text_of(value, "name")?;
    let found = SOURCES.iter().find_map(|(key, kind, reference)| {
        let source = value.get(key)?;
        Some((*kind, source.get(reference).and_then(located)))
    });
    let (kind, reference) = found.unwrap_or((VolumeKind::Unknown, None));
    Some(Volume { name, kind, reference, node: value.id() })
}
