//! When a probe gives its result.
//!
//! Probes that always answer the same would ask for ever; only the moments at which their result changes are computed, so
//! that a quiet day costs nothing. The first question is asked `initialDelaySeconds` after the process started, as the
//! documentation says; a kubelet asks up to one period later.
//! Source: `pkg/kubelet/prober/worker.go`.

use super::scenario::Answer;
use super::spec::ProbeSpec;

/// What a probe is asked about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// When the process started.
    pub(super) start: u64,
    /// When it is up.
    pub(super) up: u64,
    /// No question before this time.
    pub(super) not_before: u64,
    /// Whether one is asked at just that time: of readiness, as soon as a container is started.
    pub(super) at_once: bool,
}

/// The changes of a probe's result, in order: at most two.
pub(super) fn results(probe: ProbeSpec, answer: Answer, asked: Asked) -> Vec<(u64, bool)> {
    let period = probe.period.max(1);
    let first = asked.start + probe.initial_delay;
    let missed = asked.not_before.saturating_sub(first);
    let first = match asked.at_once && missed > 0 {
        true => asked.not_before,
        false => first + missed.div_ceil(period) * period,
    };
    // The first question at or after a time.
    let ask = |time: u64| first + time.saturating_sub(first).div_ceil(period) * period;
    let nth = |time: u64, count: u32| ask(time) + u64::from(count.saturating_sub(1)) * period;
    let succeeds = |from: u64| (nth(from, probe.success_threshold), true);
    let fails = |from: u64| (nth(from, probe.failure_threshold), false);
    match answer {
        Answer::Success => vec![succeeds(first)],
        Answer::Failure => vec![fails(first)],
        Answer::WhenUp => until(fails(first), succeeds(asked.up)),
        Answer::UpUntil(lasts) => {
            let mut changes = until(fails(first), succeeds(asked.up));
            let down = fails(asked.up + lasts);
            changes.retain(|(time, is_success)| !is_success || *time < down.0);
            changes.push(down);
            changes
        }
    }
}

/// A result that only comes when it is there before the answers change.
fn until(failure: (u64, bool), success: (u64, bool)) -> Vec<(u64, bool)> {
    if failure.0 < success.0 { vec![failure, success] } else { vec![success] }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Asked, ProbeSpec, results};

    const PROBE: ProbeSpec =
        ProbeSpec { initial_delay: 5000, period: 10_000, failure_threshold: 3, success_threshold: 1, grace: None };

    fn asked(up: u64, not_before: u64, at_once: bool) -> Asked {
        Asked { start: 1000, up, not_before, at_once }
    }

    #[test]
    fn failures_have_to_come_in_a_row() {
        assert_eq!(results(PROBE, Answer::Failure, asked(1000, 0, false)), [(26_000, false)]);
        assert_eq!(results(PROBE, Answer::Success, asked(1000, 0, false)), [(6000, true)]);
    }

    #[test]
    fn a_slow_process_fails_or_makes_it_in_time() {
        assert_eq!(results(PROBE, Answer::WhenUp, asked(20_000, 0, false)), [(26_000, true)], "at the third question");
        assert_eq!(results(PROBE, Answer::WhenUp, asked(40_000, 0, false)), [(26_000, false), (46_000, true)]);
    }

    #[test]
    fn readiness_is_asked_at_once_when_a_container_is_started() {
        assert_eq!(results(PROBE, Answer::Success, asked(1000, 7500, true)), [(7500, true)]);
        assert_eq!(results(PROBE, Answer::Success, asked(1000, 7500, false)), [(16_000, true)]);
    }

    #[test]
    fn what_was_up_may_go_down_again() {
        assert_eq!(results(PROBE, Answer::UpUntil(30_000), asked(1000, 0, false)), [(6000, true), (56_000, false)]);
    }
}
