//! How long the engine takes, natively: `./dev bench`. Prints the best of many runs; nothing is asserted.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "this is the program that prints")]

use sidecar_playground::diagram::SvgOptions;
use sidecar_playground::diagram::kinds::KINDS;
use sidecar_playground::form::Form;
use sidecar_playground::release::Cluster;
use sidecar_playground::session::{first_view, view};
use sidecar_playground::simulate::{
    Behaviour, ContainerSpec, Kind, PodSpec, ProbeSpec, ProcessRun, RestartPolicy, Scenario, simulate,
};
use sidecar_playground::view::{Request, View};
use sidecar_playground::{Options, analyze, gallery};
use std::hint::black_box;
use std::time::{Duration, Instant};

fn best(mut work: impl FnMut()) -> Duration {
    let start = Instant::now();
    let mut best = Duration::MAX;
    while start.elapsed() < Duration::from_millis(400) {
        let one = Instant::now();
        work();
        best = best.min(one.elapsed());
    }
    best
}

fn row(name: &str, time: Duration, note: &str) {
    println!("{name:<58}{:>10.1} µs   {note}", time.as_secs_f64() * 1e6);
}

/// A Pod of ten native sidecars and ten regular containers, all with all probes.
fn pod(lasts: Option<u64>) -> (PodSpec, Scenario) {
    let probed = |kind| {
        let probe = Some(ProbeSpec::default());
        ContainerSpec { startup: probe, liveness: probe, readiness: probe, ..ContainerSpec::new("c", kind) }
    };
    let containers = (0..20).map(|index| probed(if index < 10 { Kind::Sidecar } else { Kind::Regular })).collect();
    let runs = vec![ProcessRun { lasts, exit_code: 1 }];
    let behaviours = vec![Behaviour { runs, ..Behaviour::default() }; 20];
    let pod = PodSpec { containers, restart_policy: RestartPolicy::Always, grace: 30, active_deadline: None };
    (pod, Scenario { behaviours, horizon: 10_000_000, ..Scenario::default() })
}

fn main() {
    println!("Best of many runs, on this machine:\n");
    for (name, lasts) in [
        ("nothing happens", None),
        ("one crash each in 20 minutes", Some(1_200_000)),
        ("all crash every 3 s", Some(3000)),
    ] {
        let (pod, scenario) = pod(lasts);
        let run = simulate(&pod, &scenario, &Cluster::default());
        let time = best(|| drop(black_box(simulate(&pod, &scenario, &Cluster::default()))));
        row(&format!("simulate 10,000 s of 20 containers, {name}"), time, &format!("{} entries", run.log.len()));
    }
    let (example, text) = gallery::first().unwrap();
    row(&format!("analyze {}", example.id), best(|| drop(black_box(analyze(text, &Options::default())))), "");
    for (name, view) in [("whole engine", view as fn(&str, &Request) -> View), ("first part", first_view)] {
        let request = Request { kind: "topology".to_owned(), ..Request::default() };
        row(&format!("answer a keystroke in it, {name}"), best(|| drop(black_box(view(text, &request)))), "");
    }
    let large: String = (0..200).map(|_| format!("{text}\n---\n")).collect();
    let time = best(|| drop(black_box(analyze(&large, &Options::default()))));
    let speed = large.len() as f64 / time.as_secs_f64() / 1e6;
    row("analyze 200 of them", time, &format!("{speed:.1} MB/s"));
    let analysis = analyze(text, &Options::default());
    for kind in KINDS {
        let time = best(|| {
            for form in Form::BOTH {
                let diagram = kind.build(&analysis, 0, form);
                black_box(diagram.map(|diagram| diagram.svg(&SvgOptions::default())));
            }
        });
        row(&format!("draw a pair: {}", kind.id), time, "");
    }
}
