//! A Pod and its volumes.

use super::{Container, ContainerField, Located, Pairs, ResourceList, Resources};
use crate::source::NodeId;
use serde::Serialize;

/// A Pod spec. A Compose project is read into the same shape: its services are the containers.
#[derive(Clone, Debug)]
pub struct Pod {
    /// The Pod spec.
    pub node: NodeId,
    /// Labels of the Pod or of its template.
    pub labels: Pairs,
    /// Annotations of the Pod or of its template.
    pub annotations: Pairs,
    /// In the order in which Kubernetes walks them: `initContainers`, then `containers`, then `ephemeralContainers`,
    /// each in the order of the text. What workflow engines call `container`, `steps` and `sidecars` stands with the
    /// regular containers that they become.
    pub containers: Vec<Container>,
    /// `volumes`, for a StatefulSet followed by its `volumeClaimTemplates`.
    pub volumes: Vec<Volume>,
    /// `restartPolicy`.
    pub restart_policy: Option<Located<String>>,
    /// `terminationGracePeriodSeconds`, in seconds.
    pub termination_grace_period: Option<Located<i64>>,
    /// `activeDeadlineSeconds`, in seconds.
    pub active_deadline: Option<Located<i64>>,
    /// `overhead`, as written.
    pub overhead: ResourceList,
    /// `resources` of the Pod as a whole.
    pub resources: Resources,
    /// `hostNetwork`.
    pub host_network: bool,
    /// `hostPID`.
    pub host_pid: bool,
    /// `shareProcessNamespace`.
    pub share_process_namespace: bool,
}

impl Pod {
    /// The containers of one list, with their index in [`Pod::containers`].
    pub fn of(&self, field: ContainerField) -> impl Iterator<Item = (usize, &Container)> {
        self.containers.iter().enumerate().filter(move |(_, container)| container.field == field)
    }

    /// The volume of a name.
    #[must_use]
    pub fn volume(&self, name: &str) -> Option<&Volume> {
        self.volumes.iter().find(|volume| volume.name == name)
    }

    /// Indices of the containers that mount a volume, each once.
    #[must_use]
    pub fn users_of(&self, volume: &str) -> Vec<usize> {
        let uses = |container: &Container| container.mounts.iter().any(|mount| mount.volume == volume);
        self.containers.iter().enumerate().filter(|(_, container)| uses(container)).map(|(index, _)| index).collect()
    }
}

/// Where the data of a volume comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum VolumeKind {
    /// `emptyDir`: lives as long as the Pod.
    EmptyDir,
    /// `persistentVolumeClaim`, `ephemeral` or a claim template.
    PersistentVolumeClaim,
    /// `hostPath`.
    HostPath,
    /// `configMap`.
    ConfigMap,
    /// `secret`.
    Secret,
    /// `projected` and `downwardAPI`.
    Projected,
    /// `image`.
    Image,
    /// `csi`.
    Csi,
    /// `nfs` and other network file systems.
    Network,
    /// A named volume of Compose.
    Named,
    /// A directory of the host that Compose mounts.
    Bind,
    /// A source that is missing or that we do not know.
    Unknown,
}

impl VolumeKind {
    /// Whether the content is given from outside and only read: configuration, credentials, images.
    #[must_use]
    pub fn is_configuration(self) -> bool {
        matches!(self, Self::ConfigMap | Self::Secret | Self::Projected | Self::Image)
    }

    /// Whether the data outlives the Pod.
    #[must_use]
    pub fn outlives_pod(self) -> bool {
        !matches!(self, Self::EmptyDir | Self::Unknown) && !self.is_configuration()
    }

    /// The word for it in the documentation.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::EmptyDir => "emptyDir",
            Self::PersistentVolumeClaim => "PersistentVolumeClaim",
            Self::HostPath => "hostPath",
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
            Self::Projected => "projected",
            Self::Image => "image",
            Self::Csi => "csi",
            Self::Network => "network storage",
            Self::Named => "named volume",
            Self::Bind => "host directory",
            Self::Unknown => "volume",
        }
    }
}

/// An entry of `volumes`.
#[derive(Clone, Debug)]
pub struct Volume {
    /// `name`.
    pub name: String,
    /// Where the data comes from.
    pub kind: VolumeKind,
    /// The claim, ConfigMap, Secret, path or image behind it.
    pub reference: Option<Located<String>>,
    /// The entry.
    pub node: NodeId,
}

/// What only a Compose service says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComposeService {
    /// `container_name`.
    pub container_name: Option<String>,
    /// `network_mode`, such as `service:vpn`.
    pub network_mode: Option<Located<String>>,
    /// `pid`.
    pub pid: Option<Located<String>>,
    /// Names after `depends_on`, with their condition.
    pub depends_on: Vec<(Located<String>, Option<String>)>,
    /// Names after `links` and `volumes_from`.
    pub links: Vec<Located<String>>,
    /// `volumes_from`.
    pub volumes_from: Vec<Located<String>>,
    /// `profiles`.
    pub profiles: Vec<String>,
    /// Networks that the service joins.
    pub networks: Vec<String>,
    /// Labels.
    pub labels: Pairs,
    /// Whether it is built from a directory and not only pulled.
    pub is_built: bool,
    /// `restart`.
    pub restart: Option<String>,
    /// Whether there is a `healthcheck` that is not disabled.
    pub has_healthcheck: bool,
}
