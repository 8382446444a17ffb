//! How long the engine takes, natively: `./dev bench`. Prints the best of many runs; nothing is asserted.
//!
//! Files named behind `--` are measured stage by stage instead: `cargo bench --bench engine -- my.yaml`.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "this is the program that prints")]

use sidecar_playground::detect::Detector;
use sidecar_playground::diagram::SvgOptions;
use sidecar_playground::diagram::kinds::KINDS;
use sidecar_playground::form::Form;
use sidecar_playground::release::Cluster;
use sidecar_playground::session::{first_view, view};
use sidecar_playground::simulate::{
    Behaviour, ContainerSpec, Kind, PodSpec, ProbeSpec, ProcessRun, RestartPolicy, Scenario, simulate,
};
use sidecar_playground::source::Source;
use sidecar_playground::view::{Request, View};
use sidecar_playground::{Options, analyze, dialect, gallery, rules, understand};
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

/// The speed of each stage of the analysis of a text.
fn stages(name: &str, text: &str) {
    let source = Source::read(text);
    let model = dialect::understand(&source);
    let options = Options::default();
    let understood = understand(text, &options);
    let speed = |stage: &str, work: &mut dyn FnMut()| {
        let time = best(work).as_secs_f64();
        println!("{name:<40}{stage:<12}{:>10.2} ms{:>10.1} MB/s", time * 1e3, text.len() as f64 / time / 1e6);
    };
    speed("read", &mut || drop(black_box(Source::read(text))));
    speed("understand", &mut || drop(black_box(dialect::understand(&source))));
    let detector = Detector::default();
    speed("detect", &mut || {
        model.workloads.iter().for_each(|workload| drop(black_box(detector.detect(workload, &model, &[]))));
    });
    speed("rules", &mut || drop(black_box(rules::check(&understood, &options))));
    speed("analyze", &mut || drop(black_box(analyze(text, &options))));
    let request = Request { kind: "topology".to_owned(), ..Request::default() };
    speed("view", &mut || drop(black_box(view(text, &request))));
}

fn main() {
    let files: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    for file in &files {
        stages(file, &std::fs::read_to_string(file).unwrap());
    }
    if !files.is_empty() {
        return;
    }
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
