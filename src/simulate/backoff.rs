//! The wait before a container is started again (facts 3.5 and 3.6).
//! Sources: `doBackOff` in `pkg/kubelet/kuberuntime/kuberuntime_manager.go`, `client-go/util/flowcontrol/backoff.go`.

const FIRST: u64 = 10_000;
const LONGEST: u64 = 300_000;
/// A container that ran so long since its last start has its crashes forgotten.
const FORGET: u64 = 600_000;

/// The back-off of one container, or of one image.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Backoff {
    entry: Option<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    wait: u64,
    updated: u64,
}

impl Backoff {
    /// When a container that finished at `finished` may be started; none for now.
    pub(super) fn until(self, finished: u64, now: u64) -> Option<u64> {
        let entry = self.entry?;
        let has_expired = finished.saturating_sub(entry.updated) > FORGET;
        let until = finished + entry.wait;
        (!has_expired && now < until).then_some(until)
    }

    /// When an image may be pulled again; none for now. Counts from the last failure.
    pub(super) fn until_update(self, now: u64) -> Option<u64> {
        let entry = self.entry?;
        let until = entry.updated + entry.wait;
        (now < until).then_some(until)
    }

    /// Counts a start after an end at `finished`.
    pub(super) fn next(&mut self, finished: u64, now: u64) {
        let wait = match self.entry {
            Some(entry) if finished.saturating_sub(entry.updated) <= FORGET => (entry.wait * 2).min(LONGEST),
            _ => FIRST,
        };
        self.entry = Some(Entry { wait, updated: now });
    }

    /// Forgets all: the container is another one now.
    pub(super) fn reset(&mut self) {
        self.entry = None;
    }
}

#[cfg(test)]
mod tests {
    use super::Backoff;

    #[test]
    fn the_first_restart_is_immediate_then_waits_double_up_to_five_minutes() {
        let mut backoff = Backoff::default();
        let mut now = 0;
        let mut waits = Vec::new();
        for _ in 0..8 {
            let start = backoff.until(now, now).unwrap_or(now);
            waits.push((start - now) / 1000);
            backoff.next(now, start);
            now = start;
        }
        assert_eq!(waits, [0, 10, 20, 40, 80, 160, 300, 300]);
    }

    #[test]
    fn ten_quiet_minutes_are_forgotten() {
        let mut backoff = Backoff::default();
        backoff.next(0, 0);
        backoff.next(1000, 11_000);
        assert_eq!(backoff.until(300_000, 300_000), Some(320_000));
        assert_eq!(backoff.until(611_001, 611_001), None);
        backoff.next(611_001, 611_001);
        assert_eq!(backoff.until(612_000, 612_000), Some(622_000));
    }
}
