//! What Kubernetes does with a Pod over time: a simulator of the kubelet with discrete events and no clock.
//!
//! [`simulate`] runs a [`PodSpec`] under a [`Scenario`], which says what a manifest cannot, on a [`Cluster`]. The result, a
//! [`Run`], is the same each time.
//!
//! The steps of the kubelet take no time here: it sees every change at once, and only processes, pulls, probes, hooks,
//! back-offs and grace periods last. Facts: sections 2 to 5; sources are named in each file.
//!
//! ```
//! use sidecar_playground::release::Cluster;
//! use sidecar_playground::simulate::{ContainerSpec, Kind, Phase, PodSpec, ProcessRun, RestartPolicy, Scenario, simulate};
//! use sidecar_playground::simulate::Behaviour;
//!
//! let pod = PodSpec {
//!     containers: vec![ContainerSpec::new("proxy", Kind::Sidecar), ContainerSpec::new("report", Kind::Regular)],
//!     restart_policy: RestartPolicy::Never,
//!     grace: 30,
//!     active_deadline: None,
//! };
//! let work = Behaviour { runs: vec![ProcessRun { lasts: Some(5000), exit_code: 0 }], ..Behaviour::default() };
//! let scenario = Scenario { behaviours: vec![Behaviour::default(), work], horizon: 60_000, ..Scenario::default() };
//! let run = simulate(&pod, &scenario, &Cluster::default());
//! assert_eq!(run.phase(), Phase::Succeeded);
//! assert_eq!(run.ending.unwrap().over, Some(5000));
//! ```
//!
//! **Invariant:** a simulation ends, whatever it is given, and never looks at anything but its arguments.

mod assume;
mod backoff;
mod columns;
mod decide;
mod engine;
mod job;
mod live;
mod probing;
mod run;
mod scenario;
mod spec;
mod status;
mod stopping;
mod tell;
mod what_if;
mod worker;

pub use assume::{Asked, Assumption, Setup, can_run, setups, written_setup};
pub use columns::{Columns, PodLine, columns};
pub use decide::{Actions, KillReason, Recorded, Sandbox, Seen, Sync, decide};
pub use job::{JobEnd, JobRun, simulate_job};
pub use run::{Band, Doing, Ending, Entry, Moment, Process, Run, What};
pub use scenario::{
    Action, Answer, Behaviour, Condition, EndedBy, HookRun, OnStop, ProcessRun, Pull, Scenario, Stimulus, When,
};
pub use spec::{ContainerSpec, Kind, PodSpec, ProbeSpec, RestartPolicy, RestartRule, RuleAction};
pub use status::{ContainerState, ContainerStatus, Phase, Statuses, Termination};

pub use tell::{Told, tell, tell_written, time};
pub use what_if::WhatIf;

use crate::release::Cluster;

/// Runs a Pod.
#[must_use]
pub fn simulate(pod: &PodSpec, scenario: &Scenario, cluster: &Cluster) -> Run {
    let mut behaviours = scenario.behaviours.clone();
    behaviours.resize_with(pod.containers.len(), Behaviour::default);
    engine::Machine::new(pod, scenario, &behaviours, cluster).run()
}
