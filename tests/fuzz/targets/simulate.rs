//! The simulated kubelet: the first line says what is supposed to happen.

use super::split;
use sidecar_playground::simulate::WhatIf;
use sidecar_playground::{Options, understand};

/// More entries of a log than any run may have.
const MOST_ENTRIES: usize = 100_000;

pub fn run(text: &str) {
    let (scenario, manifest) = split(text);
    let what_if = WhatIf::parse(scenario);
    // It is a part of links.
    assert_eq!(WhatIf::parse(&WhatIf::write(&what_if)), what_if);
    let analysis = understand(manifest, &Options { what_if, ..Options::default() });
    for (index, workload) in analysis.model.workloads.iter().enumerate().take(3) {
        for told in analysis.told(index) {
            let log = &told.run.log;
            assert!(log.len() < MOST_ENTRIES, "{} entries", log.len());
            assert!(log.windows(2).all(|two| two[0].at <= two[1].at), "{log:?}");
            assert!(told.run.moments.windows(2).all(|two| two[0].at <= two[1].at));
            assert!(told.setup.of.iter().all(|own| *own < workload.pod.containers.len()));
            assert_eq!(told.run.statuses.len(), told.setup.pod.containers.len());
            assert!(told.facts.iter().all(|fact| !fact.is_empty()));
        }
    }
}
