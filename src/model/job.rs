//! What a Job does with its Pods.

use super::Located;

/// The spec of a Job, or of the Jobs that a CronJob makes. Absent numbers have Kubernetes' defaults.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// `backoffLimit`.
    pub backoff_limit: Option<Located<i64>>,
    /// `completions`.
    pub completions: Option<Located<i64>>,
    /// `parallelism`.
    pub parallelism: Option<Located<i64>>,
    /// `activeDeadlineSeconds` of the Job, in seconds.
    pub active_deadline: Option<Located<i64>>,
    /// `podFailurePolicy.rules`, in order: the first that fits counts.
    pub failure_rules: Vec<FailureRule>,
    /// How often a CronJob makes one.
    pub schedule: Option<Schedule>,
}

/// An entry of `podFailurePolicy.rules`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureRule {
    /// `action`: `FailJob`, `FailIndex`, `Ignore` or `Count`.
    pub action: String,
    /// `onExitCodes.containerName`: of any container when it is not given.
    pub container: Option<String>,
    /// `onExitCodes.operator`: `In` or `NotIn`; none for a rule on conditions of the Pod.
    pub operator: Option<String>,
    /// `onExitCodes.values`.
    pub exit_codes: Vec<i64>,
    /// Types of `onPodConditions`, with their status.
    pub conditions: Vec<(String, String)>,
}

/// What makes a CronJob a CronJob.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// `schedule`, in the words of cron.
    pub cron: String,
    /// `concurrencyPolicy`: `Allow` when it is not given.
    pub concurrency: Option<String>,
    /// `suspend`.
    pub is_suspended: bool,
}
