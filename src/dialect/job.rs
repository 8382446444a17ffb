//! The spec of a Job.

use super::pod_spec::located_int;
use super::{bool_at, text_of};
use crate::model::{FailureRule, Job, Schedule};
use crate::source::Value;

/// Reads what a Job or a CronJob says about its Pods.
pub(super) fn read(kind: Option<&str>, root: Value<'_>) -> Option<Job> {
    let (spec, schedule) = match kind? {
        "Job" => (root.get("spec")?, None),
        "CronJob" => (root.at(&["spec", "jobTemplate", "spec"])?, root.get("spec").map(schedule)),
        _ => return None,
    };
    let rules = spec.at(&["podFailurePolicy", "rules"]).into_iter().flat_map(Value::items);
    Some(Job {
        backoff_limit: located_int(spec, "backoffLimit"),
        completions: located_int(spec, "completions"),
        parallelism: located_int(spec, "parallelism"),
        active_deadline: located_int(spec, "activeDeadlineSeconds"),
        failure_rules: rules.map(failure_rule).collect(),
        schedule,
    })
}

fn schedule(spec: Value<'_>) -> Schedule {
    Schedule {
        cron: text_of(spec, "schedule").unwrap_or_default(),
        concurrency: text_of(spec, "concurrencyPolicy"),
        is_suspended: bool_at(spec, "suspend"),
    }
}

fn failure_rule(value: Value<'_>) -> FailureRule {
    let codes = value.get("onExitCodes");
    let conditions = value.get("onPodConditions").into_iter().flat_map(Value::items);
    FailureRule {
        action: text_of(value, "action").unwrap_or_default(),
        container: codes.and_then(|codes| text_of(codes, "containerName")),
        operator: codes.and_then(|codes| text_of(codes, "operator")),
        exit_codes: codes
            .and_then(|codes| codes.get("values"))
            .into_iter()
            .flat_map(Value::items)
            .filter_map(Value::int)
            .collect(),
        conditions: conditions
            .filter_map(|condition| {
                let status = text_of(condition, "status").unwrap_or_else(|| "True".to_owned());
                Some((text_of(condition, "type")?, status))
            })
            .collect(),
    }
}
