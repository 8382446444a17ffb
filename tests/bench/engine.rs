//! How long the engine takes, on the host and in Wasm: `./dev bench`. What the rows mean, and what they were, is told in
//! `tests/bench/README.md`. Nothing is asserted: times hang on the machine, ratios hardly.
//!
//! Files named behind `--` are measured instead of the texts that are here: `cargo bench --bench engine -- my.yaml`.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "this is the program that prints")]

#[path = "../../src/bin/support/memory.rs"]
mod memory;
mod platform;

use platform::{NAME, files, memory, now, say};
use sidecar_playground::detect::Detector;
use sidecar_playground::diagram::SvgOptions;
use sidecar_playground::diagram::kinds::KINDS;
use sidecar_playground::form::Form;
use sidecar_playground::release::Cluster;
use sidecar_playground::rewrite::{Choices, to_form};
use sidecar_playground::session::Session;
use sidecar_playground::simulate::{
    Behaviour, ContainerSpec, Kind, PodSpec, ProbeSpec, ProcessRun, RestartPolicy, Scenario, simulate,
};
use sidecar_playground::source::{Change, Source};
use sidecar_playground::view::Request;
use sidecar_playground::{Options, analyze, dialect, gallery, rules, understand};
use std::hint::black_box;

/// A row is measured for so many seconds, and twice at least.
const TIME: f64 = 0.4;

/// The clock of the processor is told a few hundred times a second; something short is done again and again for so long.
const TOLD: f64 = 0.04;

/// The ratios of the last time: program, text, row, ratio.
const BASELINE: &str = include_str!("baseline.txt");

/// The seconds that something takes at best.
fn best(work: &mut dyn FnMut()) -> f64 {
    let mut many = |times: u32| {
        let start = now();
        (0..times).for_each(|_| work());
        now() - start
    };
    let (mut times, mut took) = (1, many(1));
    while took < TOLD {
        times *= 2;
        took = many(times);
    }
    let runs = (TIME / took).ceil() as usize;
    (0..runs).map(|_| many(times)).fold(took, f64::min) / f64::from(times)
}

/// The rows about a text. All are told in multiples of the first: how long reading that text takes.
struct Rows<'t> {
    text: &'t str,
    bytes: usize,
    reading: f64,
}

impl<'t> Rows<'t> {
    fn new(text: &'t str, content: &str) -> Self {
        say(&format!("\n{text}, {} bytes", content.len()));
        let mut rows = Self { text, bytes: content.len(), reading: 0.0 };
        rows.reading = best(&mut || drop(black_box(Source::read(content))));
        rows.tell("read", rows.reading, true);
        rows
    }

    /// What has to do with each byte of the text.
    fn stage(&self, row: &str, work: &mut dyn FnMut()) {
        self.tell(row, best(work), true);
    }

    /// Anything else.
    fn row(&self, row: &str, work: &mut dyn FnMut()) {
        self.tell(row, best(work), false);
    }

    fn tell(&self, row: &str, time: f64, is_stage: bool) {
        let speed = if is_stage { format!("{:.1} MB/s", self.bytes as f64 / time / 1e6) } else { String::new() };
        self.write(row, time / self.reading, &format!("{:>11.3} ms {speed:>11}", time * 1e3));
    }

    fn write(&self, row: &str, ratio: f64, numbers: &str) {
        let is_it = |line: &&str| line.split('|').map(str::trim).take(3).eq([NAME, self.text, row]);
        let before = BASELINE.lines().find(is_it).and_then(|line| line.split('|').nth(3));
        let before = before.map(|ratio| format!("was {}", ratio.trim())).unwrap_or_default();
        say(&format!("  {row:<36}{numbers:<28} × {ratio:<9.3} {before}"));
    }
}

/// From the text to what the page is told of it, step by step, and a key in its middle.
fn session(rows: &Rows<'_>, text: &str) {
    let request = Request { most: Some(100), ..Request::of_newcomer() };
    let finish = |session: &mut Session<true>| {
        while session.work(&request) {}
        black_box(session.view(&request));
    };
    let before = memory();
    let mut edited = Session::<true>::default();
    edited.set(text);
    finish(&mut edited);
    // Of a small text it is the pages of the memory that are counted.
    if let Some((before, after)) = before.zip(memory()).filter(|_| text.len() > 100_000) {
        let ratio = (after - before) / text.len() as f64;
        rows.write("memory of a session, per byte", ratio, &format!("{:>11.1} MB", (after - before) / 1e6));
    }
    rows.stage("session, all of it", &mut || {
        let mut session = Session::<true>::default();
        session.set(text);
        finish(&mut session);
    });
    let (middle, mut is_there) = (edited.units() / 2, false);
    rows.row("session, a key", &mut || {
        let (to, insert) = if is_there { (middle + 1, "") } else { (middle, "x") };
        edited.change(&Change { from: middle, to, insert: insert.to_owned() });
        is_there = !is_there;
        finish(&mut edited);
    });
}

/// The stages of the analysis of a text.
fn stages(name: &str, text: &str) {
    let rows = Rows::new(name, text);
    session(&rows, text);
    let options = Options::default();
    let source = Source::read(text);
    rows.stage("understand", &mut || drop(black_box(dialect::understand(&source))));
    let understood = understand(text, &options);
    let (model, detector) = (&understood.model, Detector::default());
    rows.stage("detect", &mut || {
        model.workloads.iter().for_each(|workload| drop(black_box(detector.detect(workload, model, &[]))));
    });
    rows.stage("rules and API server", &mut || drop(black_box(rules::check(&understood, &options))));
    rows.stage("analyze: all of these", &mut || drop(black_box(analyze(text, &options))));
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

/// What is done with one workload.
fn workload(rows: &Rows<'_>, text: &str) {
    let analysis = analyze(text, &Options::default());
    for kind in KINDS {
        let drawn = |form| kind.build(&analysis, 0, form);
        let pair: Vec<_> = Form::BOTH.into_iter().filter_map(drawn).collect();
        rows.row(&format!("{}: what to draw", kind.id), &mut || drop(black_box(Form::BOTH.map(drawn))));
        rows.row(&format!("{}: layout and SVG", kind.id), &mut || {
            pair.iter().for_each(|diagram| drop(black_box(diagram.svg(&SvgOptions::default()))));
        });
    }
    for form in Form::BOTH {
        let rewrite = || to_form(&analysis, 0, form, &Cluster::default(), &Choices::default());
        rows.row(&format!("rewrite: {}", form.id()), &mut || drop(black_box(rewrite())));
    }
}

fn main() {
    say(&format!("{NAME}: best of many runs, in multiples of reading the same text"));
    let files = files();
    files.iter().for_each(|(name, text)| stages(name, text));
    if !files.is_empty() {
        return;
    }
    let (_, first) = gallery::first().unwrap();
    let rows = Rows::new("first example", first);
    session(&rows, first);
    workload(&rows, first);
    for (name, lasts) in [("nothing happens", None), ("crashes", Some(1_200_000)), ("crash loops", Some(3000))] {
        let (pod, scenario) = pod(lasts);
        let run = || drop(black_box(simulate(&pod, &scenario, &Cluster::default())));
        rows.row(&format!("simulate 20 containers: {name}"), &mut || run());
    }
    let examples: String = gallery::examples()
        .iter()
        .filter_map(|one| gallery::text(one.id))
        .map(|text| format!("{text}\n---\n"))
        .collect();
    stages("all examples, ten times", &examples.repeat(10));
}
