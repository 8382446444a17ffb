//! Pods over time, phases, single syncs, and the order of termination.

mod cases;
mod scenario;

use crate::section::{Section, items, load};
use std::path::Path;

pub(crate) fn run(folder: &Path) -> Vec<Section> {
    let Some(file) = load(folder, "lifecycle.json") else { return Vec::new() };
    let scenarios = items(&file, "scenarios");
    let runs = |is_simulatable: bool| {
        scenarios.iter().filter(move |case| (case["simulatable"] == true) == is_simulatable).flat_map(scenario::runs)
    };
    let titled = |key| items(&file, key).iter().enumerate();
    let title = |index: usize, case: &serde_json::Value| {
        case["title"].as_str().map_or_else(|| format!("#{index} {case}"), str::to_owned)
    };
    vec![
        Section::of("scenarios", runs(true)),
        Section::of("scenarios beyond those marked simulatable", runs(false)),
        Section::of("phases", titled("phase_cases").map(|(at, case)| (title(at, case), cases::phase(case)))),
        Section::of("syncs", titled("sync_cases").map(|(at, case)| (title(at, case), cases::sync(case)))),
        Section::of(
            "termination order",
            titled("termination_order_cases").map(|(at, case)| (title(at, case), cases::termination_order(case))),
        ),
    ]
}
