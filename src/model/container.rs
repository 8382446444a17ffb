//! A container and its parts.

use super::{ComposeService, Image, Located};
use crate::source::NodeId;
use serde::Serialize;

/// The list that holds a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ContainerField {
    /// `spec.initContainers`.
    InitContainers,
    /// `spec.containers`.
    Containers,
    /// `spec.ephemeralContainers`.
    EphemeralContainers,
    /// `container` or `script` of an Argo Workflows template.
    Container,
    /// `steps` of a Tekton task.
    Steps,
    /// `sidecars` of an Argo Workflows template or a Tekton task.
    Sidecars,
    /// `services` of a Compose project.
    Services,
}

impl ContainerField {
    /// Whether its entries start together with the app, and are not helpers by declaration.
    #[must_use]
    pub fn is_regular(self) -> bool {
        matches!(self, Self::Containers | Self::Container | Self::Steps)
    }

    /// The key as it is written.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::InitContainers => "initContainers",
            Self::Containers => "containers",
            Self::EphemeralContainers => "ephemeralContainers",
            Self::Container => "container",
            Self::Steps => "steps",
            Self::Sidecars => "sidecars",
            Self::Services => "services",
        }
    }
}

/// A container of a Pod, or a Compose service.
#[derive(Clone, Debug)]
pub struct Container {
    /// The list that holds it.
    pub field: ContainerField,
    /// Its index in that list.
    pub index: usize,
    /// The entry.
    pub node: NodeId,
    /// `name`.
    pub name: Option<Located<String>>,
    /// `image`.
    pub image: Option<Located<Image>>,
    /// `command`, that is the entry point.
    pub command: Vec<Located<String>>,
    /// `args`.
    pub args: Vec<Located<String>>,
    /// `env`.
    pub env: Vec<EnvVar>,
    /// `ports`.
    pub ports: Vec<Port>,
    /// `volumeMounts` and `volumeDevices`.
    pub mounts: Vec<Mount>,
    /// `startupProbe`, `readinessProbe` and `livenessProbe`, in that order, as far as given.
    pub probes: Vec<Probe>,
    /// `lifecycle`.
    pub lifecycle: Lifecycle,
    /// `resources`.
    pub resources: Resources,
    /// `restartPolicy` of the container itself.
    pub restart_policy: Option<Located<String>>,
    /// `restartPolicyRules` of the container itself.
    pub restart_rules: Vec<RestartRule>,
    /// `securityContext`.
    pub security: SecurityContext,
    /// What only Compose has.
    pub compose: Option<Box<ComposeService>>,
}

impl Container {
    /// The name, or `(no name)`.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.name.as_ref().map_or("(no name)", |name| name.value.as_str())
    }

    /// Whether this is a native sidecar: an entry of `initContainers` whose own `restartPolicy` is exactly `Always`.
    /// Nothing else makes one (facts 1.1, 1.2 and 1.4).
    #[must_use]
    pub fn is_native_sidecar(&self) -> bool {
        self.field == ContainerField::InitContainers
            && self.restart_policy.as_ref().is_some_and(|policy| policy.value == "Always")
    }

    /// Command and arguments in the order in which they are run.
    pub fn words(&self) -> impl Iterator<Item = &Located<String>> {
        self.command.iter().chain(&self.args)
    }

    /// The literal value of an environment variable.
    #[must_use]
    pub fn env_value(&self, name: &str) -> Option<&str> {
        self.env.iter().find(|variable| variable.name == name).and_then(|variable| variable.value.as_deref())
    }

    /// The probe of a kind.
    #[must_use]
    pub fn probe(&self, kind: ProbeKind) -> Option<&Probe> {
        self.probes.iter().find(|probe| probe.kind == kind)
    }
}

/// An environment variable.
#[derive(Clone, Debug)]
pub struct EnvVar {
    /// `name`.
    pub name: String,
    /// `value`, when it is given literally.
    pub value: Option<String>,
    /// The entry.
    pub node: NodeId,
}

/// A port of a container.
#[derive(Clone, Debug)]
pub struct Port {
    /// `name`.
    pub name: Option<String>,
    /// `containerPort`.
    pub port: i64,
    /// `hostPort`; for Compose the published port.
    pub host_port: Option<i64>,
    /// `protocol`; TCP when it is not given.
    pub protocol: String,
    /// The entry.
    pub node: NodeId,
}

/// A volume at a path.
#[derive(Clone, Debug)]
pub struct Mount {
    /// Name of the volume.
    pub volume: String,
    /// `mountPath`; the device path of a `volumeDevices` entry.
    pub path: String,
    /// `readOnly`.
    pub read_only: bool,
    /// `subPath` or `subPathExpr`.
    pub sub_path: Option<String>,
    /// The entry.
    pub node: NodeId,
}

/// Which probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ProbeKind {
    /// Holds back the other probes, and for native sidecars the next container.
    Startup,
    /// Decides whether Services send traffic.
    Readiness,
    /// Decides whether the container is restarted.
    Liveness,
}

impl ProbeKind {
    /// The key as it is written.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Startup => "startupProbe",
            Self::Readiness => "readinessProbe",
            Self::Liveness => "livenessProbe",
        }
    }
}

/// A probe. Times are in seconds, absent ones have Kubernetes' defaults.
#[derive(Clone, Debug)]
pub struct Probe {
    /// Which one.
    pub kind: ProbeKind,
    /// What it does.
    pub handler: Option<Handler>,
    /// `initialDelaySeconds`.
    pub initial_delay: Option<i64>,
    /// `periodSeconds`.
    pub period: Option<i64>,
    /// `timeoutSeconds`.
    pub timeout: Option<i64>,
    /// `failureThreshold`.
    pub failure_threshold: Option<i64>,
    /// `successThreshold`.
    pub success_threshold: Option<i64>,
    /// `terminationGracePeriodSeconds` of the probe.
    pub termination_grace_period: Option<i64>,
    /// The probe.
    pub node: NodeId,
}

/// What a probe or a hook does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handler {
    /// Runs a command in the container.
    Exec(Vec<String>),
    /// Asks over HTTP: port and path.
    HttpGet {
        /// A number or the name of a port.
        port: String,
        /// `path`.
        path: String,
    },
    /// Opens a TCP connection to a port.
    TcpSocket(String),
    /// Asks the gRPC health service on a port.
    Grpc(String),
    /// Waits some seconds.
    Sleep(i64),
}

/// `lifecycle` of a container.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    /// `postStart`.
    pub post_start: Option<Located<Option<Handler>>>,
    /// `preStop`.
    pub pre_stop: Option<Located<Option<Handler>>>,
}

/// An entry of `restartPolicyRules`: what to do after some exit codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestartRule {
    /// `action`: `Restart` or `RestartAllContainers`.
    pub action: String,
    /// `exitCodes.operator`: `In` or `NotIn`.
    pub operator: String,
    /// `exitCodes.values`.
    pub exit_codes: Vec<i64>,
}

/// Quantities by resource name, as written.
pub type ResourceList = Vec<(String, Located<String>)>;

/// `resources` of a container.
#[derive(Clone, Debug, Default)]
pub struct Resources {
    /// `requests`.
    pub requests: ResourceList,
    /// `limits`.
    pub limits: ResourceList,
    /// The mapping, when there is one.
    pub node: Option<NodeId>,
}

/// The part of `securityContext` that tells what a container is for.
#[derive(Clone, Debug, Default)]
pub struct SecurityContext {
    /// `privileged`.
    pub privileged: bool,
    /// `runAsUser`.
    pub run_as_user: Option<i64>,
    /// `capabilities.add`.
    pub added_capabilities: Vec<String>,
    /// The mapping, when there is one.
    pub node: Option<NodeId>,
}
