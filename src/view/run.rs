//! A simulated run, as the page moves through it.

use crate::diagram::{Axis, Stretch};
use crate::simulate::{Columns, Doing, Told, time};
use serde::{Deserialize, Serialize};

/// What a container does: from, to.
pub type Bands = Vec<(u64, u64, Doing)>;

/// What happens to a Pod over time. Times are milliseconds since it was created.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunView {
    /// Name of the Pod, as kubectl shows it.
    pub pod: String,
    /// The stretches of the time axis: from, to, left and right in tenths of a pixel of the picture.
    pub stretches: Vec<(u64, u64, u32, u32)>,
    /// What `kubectl get pod` shows, and from when on.
    pub lines: Vec<(u64, Columns)>,
    /// Each container, and what it does.
    pub lanes: Vec<(String, Bands)>,
    /// When the Pod is gone, if it is deleted: `kubectl` shows no line from then on.
    pub gone: Option<u64>,
    /// What was assumed, in sentences.
    pub assumed: Vec<String>,
}

fn tenths(pixels: f32) -> u32 {
    (pixels.max(0.0) * 10.0).round() as u32
}

impl RunView {
    pub(super) fn new(told: &Told, axis: &Axis, pod: String, assumed: Vec<String>) -> Self {
        let name = |index: usize| told.setup.pod.containers.get(index).map_or_else(String::new, |own| own.name.clone());
        let last = axis.stretches.last().map_or(told.run.end, |stretch| stretch.to);
        let lanes = told.run.lanes.iter().enumerate().map(|(index, lane)| {
            let mut bands: Vec<_> = lane.iter().map(|band| (band.from, band.to, band.doing)).collect();
            if let Some(band) = bands.last_mut() {
                band.1 = last.max(band.1);
            }
            (name(index), bands)
        });
        let ending = told.run.ending.filter(|ending| ending.is_deletion);
        Self {
            pod,
            stretches: axis
                .stretches
                .iter()
                .map(|one| (one.from, one.to, tenths(one.left), tenths(one.right)))
                .collect(),
            lines: told.run.moments.iter().map(|moment| (moment.at, moment.columns.clone())).collect(),
            lanes: lanes.collect(),
            gone: ending.and_then(|ending| ending.over),
            assumed,
        }
    }

    /// The time axis of the picture.
    #[must_use]
    pub fn axis(&self) -> Axis {
        let stretch = |(from, to, left, right): &(u64, u64, u32, u32)| Stretch {
            from: *from,
            to: *to,
            left: *left as f32 / 10.0,
            right: *right as f32 / 10.0,
            is_cut: false,
        };
        Axis { stretches: self.stretches.iter().map(stretch).collect(), top: 0.0, bottom: 0.0 }
    }

    /// Where the axis begins and ends, in pixels of the picture.
    #[must_use]
    pub fn span(&self) -> (f32, f32) {
        let left = self.stretches.first().map_or(0, |first| first.2);
        let right = self.stretches.last().map_or(0, |last| last.3);
        (left as f32 / 10.0, right as f32 / 10.0)
    }

    /// What `kubectl get pod` shows at a time: the line of headings and the line of the Pod, or that there is none.
    #[must_use]
    pub fn kubectl(&self, at: u64) -> String {
        if self.gone.is_some_and(|gone| at >= gone) {
            return format!("Error from server (NotFound): pods \"{}\" not found", self.pod);
        }
        let behind = self.lines.partition_point(|(from, _)| *from <= at);
        let Some((_, line)) = behind.checked_sub(1).and_then(|index| self.lines.get(index)) else {
            return String::new();
        };
        let width = self.pod.chars().count().max(4) + 3;
        let ready = format!("{}/{}", line.ready, line.total);
        let status_width = line.status.len().max(6) + 3;
        format!(
            "{:width$}{:8}{:status_width$}{:11}AGE\n{:width$}{:8}{:status_width$}{:11}{}",
            "NAME",
            "READY",
            "STATUS",
            "RESTARTS",
            self.pod,
            ready,
            line.status,
            line.restarts.to_string(),
            age(at)
        )
    }

    /// What each container does at a time.
    #[must_use]
    pub fn doing(&self, at: u64) -> Vec<(&str, Doing)> {
        let now = |bands: &Bands| {
            let behind = bands.partition_point(|(from, ..)| *from <= at);
            behind.checked_sub(1).and_then(|index| bands.get(index)).map(|(.., doing)| *doing)
        };
        self.lanes.iter().filter_map(|(name, bands)| Some((name.as_str(), now(bands)?))).collect()
    }

    /// The next or the last change before a time, or the end of the axis.
    #[must_use]
    pub fn neighbour(&self, at: u64, is_next: bool) -> u64 {
        let bands = self.lanes.iter().flat_map(|(_, bands)| bands.iter().map(|(from, ..)| *from));
        let times = bands.chain(self.lines.iter().map(|(from, _)| *from));
        match is_next {
            true => times.filter(|time| *time > at).min().unwrap_or(at),
            false => times.filter(|time| *time < at).max().unwrap_or_default(),
        }
    }
}

/// An age as kubectl writes it: `34s`, `2m5s`.
fn age(at: u64) -> String {
    let seconds = at / 1000;
    match (seconds / 60, seconds % 60) {
        (minutes, rest) if seconds >= 120 && rest > 0 => format!("{minutes}m{rest}s"),
        (minutes, _) if seconds >= 120 => format!("{minutes}m"),
        _ => format!("{seconds}s"),
    }
}

/// A time as the page writes it.
#[must_use]
pub fn clock(at: u64) -> String {
    time(at)
}
