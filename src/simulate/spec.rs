//! What the simulator knows of a Pod: the parts of its spec that decide over time. Times are in milliseconds, grace
//! periods in seconds, as Kubernetes counts them.

use crate::release::{Cluster, Feature};
use serde::{Deserialize, Serialize};

/// What kind of entry a container is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A plain entry of `initContainers`.
    Init,
    /// An entry of `initContainers` with `restartPolicy: Always`.
    Sidecar,
    /// An entry of `containers`.
    Regular,
}

/// `restartPolicy` of a Pod or of a container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RestartPolicy {
    /// Whatever the exit code.
    #[default]
    Always,
    /// After an exit code other than 0.
    OnFailure,
    /// Never.
    Never,
}

impl RestartPolicy {
    /// Reads the word that Kubernetes uses.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "Always" => Some(Self::Always),
            "OnFailure" => Some(Self::OnFailure),
            "Never" => Some(Self::Never),
            _ => None,
        }
    }

    /// Whether a container that ended with this code is started again.
    #[must_use]
    pub fn restarts(self, exit_code: i32) -> bool {
        match self {
            Self::Always => true,
            Self::OnFailure => exit_code != 0,
            Self::Never => false,
        }
    }
}

/// What a restart rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleAction {
    /// Starts this container again.
    Restart,
    /// Starts all containers of the Pod again, from the first init container on.
    RestartAllContainers,
}

/// An entry of `restartPolicyRules`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestartRule {
    /// What it does.
    pub action: RuleAction,
    /// Whether it fits the codes listed (`In`) or all others (`NotIn`).
    pub is_in: bool,
    /// `exitCodes.values`.
    pub exit_codes: Vec<i32>,
}

/// The timing of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProbeSpec {
    /// `initialDelaySeconds`, in milliseconds.
    pub initial_delay: u64,
    /// `periodSeconds`, in milliseconds, at least 1000.
    pub period: u64,
    /// `failureThreshold`, at least 1.
    pub failure_threshold: u32,
    /// `successThreshold`, at least 1.
    pub success_threshold: u32,
    /// `terminationGracePeriodSeconds` of the probe, in seconds.
    pub grace: Option<u64>,
}

impl Default for ProbeSpec {
    /// Kubernetes' defaults.
    fn default() -> Self {
        Self { initial_delay: 0, period: 10_000, failure_threshold: 3, success_threshold: 1, grace: None }
    }
}

/// A container.
#[derive(Clone, Debug)]
pub struct ContainerSpec {
    /// `name`.
    pub name: String,
    /// What kind of entry it is.
    pub kind: Kind,
    /// `restartPolicy` of the container itself.
    pub restart_policy: Option<RestartPolicy>,
    /// `restartPolicyRules`.
    pub rules: Vec<RestartRule>,
    /// `startupProbe`.
    pub startup: Option<ProbeSpec>,
    /// `readinessProbe`.
    pub readiness: Option<ProbeSpec>,
    /// `livenessProbe`.
    pub liveness: Option<ProbeSpec>,
    /// Whether there is a `postStart` hook.
    pub has_post_start: bool,
    /// Whether there is a `preStop` hook.
    pub has_pre_stop: bool,
}

impl ContainerSpec {
    /// A container with nothing but a name.
    #[must_use]
    pub fn new(name: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            restart_policy: (kind == Kind::Sidecar).then_some(RestartPolicy::Always),
            rules: Vec::new(),
            startup: None,
            readiness: None,
            liveness: None,
            has_post_start: false,
            has_pre_stop: false,
        }
    }

    /// The first rule that fits an exit code.
    fn rule(&self, exit_code: i32) -> Option<RuleAction> {
        let fits = |rule: &&RestartRule| rule.exit_codes.contains(&exit_code) == rule.is_in;
        self.rules.iter().find(fits).map(|rule| rule.action)
    }

    /// Whether this exit resets the whole Pod (fact 3.15).
    #[must_use]
    pub fn restarts_all(&self, exit_code: i32, cluster: &Cluster) -> bool {
        cluster.has(Feature::RestartAllContainers) && self.rule(exit_code) == Some(RuleAction::RestartAllContainers)
    }

    /// Whether the container is started again after an exit (fact 3.2).
    /// Source: `ContainerShouldRestart` in `pkg/api/v1/pod/util.go`.
    #[must_use]
    pub fn restarts(&self, pod: RestartPolicy, exit_code: i32, cluster: &Cluster) -> bool {
        let own = self.restart_policy.filter(|_| cluster.has(Feature::ContainerRestartRules));
        let Some(own) = own else {
            return if self.kind == Kind::Sidecar { true } else { pod.restarts(exit_code) };
        };
        match self.rule(exit_code) {
            Some(RuleAction::Restart) => true,
            Some(RuleAction::RestartAllContainers) if cluster.has(Feature::RestartAllContainers) => true,
            _ => own.restarts(exit_code),
        }
    }
}

/// A Pod.
#[derive(Clone, Debug)]
pub struct PodSpec {
    /// The entries of `initContainers` in their order, then those of `containers`.
    pub containers: Vec<ContainerSpec>,
    /// `restartPolicy`.
    pub restart_policy: RestartPolicy,
    /// `terminationGracePeriodSeconds`, in seconds.
    pub grace: u64,
    /// `activeDeadlineSeconds`, in seconds.
    pub active_deadline: Option<u64>,
}

impl PodSpec {
    /// `terminationGracePeriodSeconds` when a Pod has none.
    pub const DEFAULT_GRACE: u64 = 30;

    /// Numbers of the entries of `initContainers`.
    pub fn init(&self) -> impl DoubleEndedIterator<Item = (usize, &ContainerSpec)> + Clone {
        self.containers.iter().enumerate().filter(|(_, container)| container.kind != Kind::Regular)
    }

    /// Numbers of the entries of `containers`.
    pub fn regular(&self) -> impl DoubleEndedIterator<Item = (usize, &ContainerSpec)> + Clone {
        self.containers.iter().enumerate().filter(|(_, container)| container.kind == Kind::Regular)
    }

    /// Whether the Pod has a native sidecar.
    #[must_use]
    pub fn has_sidecar(&self) -> bool {
        self.containers.iter().any(|container| container.kind == Kind::Sidecar)
    }
}
