//! The engine on the command line.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the program that prints")]

#[path = "support/lessons.rs"]
mod lessons;

use lexopt::prelude::*;
use sidecar_playground::detect::Confidence;
use sidecar_playground::diagram::kinds::{KINDS, kind};
use sidecar_playground::diagram::{SvgOptions, themes};
use sidecar_playground::edit::Patch;
use sidecar_playground::finding::{Finding, Severity};
use sidecar_playground::form::Form;
use sidecar_playground::model::Dialect;
use sidecar_playground::release::{Cluster, Release};
use sidecar_playground::rewrite::{Choices, compose_to_pod, groups, to_form};
use sidecar_playground::simulate::WhatIf;
use sidecar_playground::source::{Lines, Place};
use sidecar_playground::{Analysis, Options, analyze, export};
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
sidecar: who is the app in a manifest, who helps it, and why

usage: sidecar analyze [--format text|containers|json|markdown|mermaid|sarif]
                       [--level error|warning|advice] [--confidence guess|likely|certain]
                       [--release 1.33] [--fail-on error|warning|advice|never] FILE...
       sidecar draw [--kind topology|written|map|timeline|sequence|resources] [--form traditional|native]
                    [--workload N] [--theme paper|night|seeds|contrast|projector] [--release 1.33]
                    [--what-if 'exit:app@30=1 delete@60 grace=5'] FILE
       sidecar rewrite --to native|traditional [--workload N] [--release 1.33]
                       [--probes] [--despite] [--diff] FILE
       sidecar lesson check|pack FOLDER
       FILE may be - for standard input; workloads are counted from 0
       analyze ends with 1 when there is a finding of level error, or of that after --fail-on
       lesson check ends with 1 when the lesson cannot be read or done; pack prints it as the file that a page reads
";

/// What the command line asks for.
struct Arguments {
    command: Option<String>,
    files: Vec<String>,
    format: String,
    options: Options,
    fail_on: Option<Severity>,
    kind: String,
    form: String,
    theme: String,
    workload: Option<usize>,
    to: String,
    probes: bool,
    despite: bool,
    diff: bool,
}

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("sidecar: {error}");
            ExitCode::from(2)
        }
    }
}

type Failure = Box<dyn std::error::Error>;

fn run() -> Result<ExitCode, Failure> {
    let Some(arguments) = arguments()? else { return Ok(ExitCode::SUCCESS) };
    match (arguments.command.as_deref(), arguments.files.as_slice()) {
        (Some("analyze"), [_, ..]) => run_analyze(&arguments),
        (Some("draw"), [file]) => run_draw(&arguments, file),
        (Some("rewrite"), [file]) => run_rewrite(&arguments, file),
        (Some("lesson"), [what, folder]) => run_lesson(what, folder),
        _ => {
            eprint!("{USAGE}");
            Ok(ExitCode::from(2))
        }
    }
}

/// `None` when help or the version was asked for, and given.
fn arguments() -> Result<Option<Arguments>, Failure> {
    let mut found = Arguments {
        command: None,
        files: Vec::new(),
        format: "text".to_owned(),
        options: Options::default(),
        fail_on: Some(Severity::Error),
        kind: "topology".to_owned(),
        form: "native".to_owned(),
        theme: "paper".to_owned(),
        workload: None,
        to: String::new(),
        probes: false,
        despite: false,
        diff: false,
    };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("format") => found.format = parser.value()?.string()?,
            Long("level") => found.options.level = level(&parser.value()?.string()?)?,
            Long("confidence") => {
                let wanted = parser.value()?.string()?;
                let known = [Confidence::Guess, Confidence::Likely, Confidence::Certain];
                let confidence = known.into_iter().find(|confidence| confidence.id() == wanted);
                found.options.confidence = confidence.ok_or_else(|| format!("there is no confidence {wanted}"))?;
            }
            Long("release") => {
                let wanted = parser.value()?.string()?;
                let (oldest, newest) = (Release::OLDEST, Release::NEWEST);
                found.options.release = Release::parse(&wanted)
                    .ok_or_else(|| format!("release {wanted} is not known; there are {oldest} to {newest}"))?;
            }
            Long("fail-on") => {
                let wanted = parser.value()?.string()?;
                found.fail_on = if wanted == "never" { None } else { Some(level(&wanted)?) };
            }
            Long("what-if") => found.options.what_if = WhatIf::parse(&parser.value()?.string()?),
            Long("kind") => found.kind = parser.value()?.string()?,
            Long("form") => found.form = parser.value()?.string()?,
            Long("theme") => found.theme = parser.value()?.string()?,
            Long("workload") => found.workload = Some(parser.value()?.parse()?),
            Long("to") => found.to = parser.value()?.string()?,
            Long("probes") => found.probes = true,
            Long("despite") => found.despite = true,
            Long("diff") => found.diff = true,
            Short('h') | Long("help") => {
                print!("{USAGE}");
                return Ok(None);
            }
            Short('V') | Long("version") => {
                println!("sidecar {}", env!("CARGO_PKG_VERSION"));
                return Ok(None);
            }
            Value(value) if found.command.is_none() => found.command = Some(value.string()?),
            Value(value) => found.files.push(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(found))
}

/// A level by its id.
fn level(id: &str) -> Result<Severity, Failure> {
    Ok(Severity::from_id(id).ok_or_else(|| format!("there is no level {id}; there are error, warning, advice"))?)
}

const FORMATS: &[&str] = &["text", "containers", "json", "markdown", "mermaid", "sarif"];

fn run_analyze(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let format = arguments.format.as_str();
    if !FORMATS.contains(&format) {
        return Err(format!("there is no format {format}; there are {}", FORMATS.join(", ")).into());
    }
    // What makes it fail is shown.
    let level = arguments.fail_on.map_or(arguments.options.level, |fail_on| arguments.options.level.min(fail_on));
    let options = Options { level, ..arguments.options.clone() };
    let mut out = std::io::stdout().lock();
    let mut code = 0;
    let mut analysed = Vec::new();
    for path in &arguments.files {
        let text = match read(path) {
            Ok(text) => text,
            Err(error) => {
                eprintln!("sidecar: {path}: {error}");
                code = 2;
                continue;
            }
        };
        let analysis = analyze(&text, &options);
        let fails = |finding: &Finding| {
            finding.hidden.is_none() && arguments.fail_on.is_some_and(|fail_on| finding.severity >= fail_on)
        };
        if analysis.findings.iter().any(fails) {
            code = code.max(1);
        }
        let answer = match format {
            "containers" => export::containers::write(path, &analysis),
            "json" => export::json::write(&text, &analysis) + "\n",
            "markdown" => export::review::write(path, &text, &analysis),
            "mermaid" => export::mermaid::write(&analysis),
            "sarif" => String::new(),
            _ => export::report::write(path, &text, &analysis),
        };
        out.write_all(answer.as_bytes())?;
        if format == "sarif" {
            analysed.push((path.as_str(), text, analysis));
        }
    }
    if format == "sarif" {
        // One log for all files, as the readers of SARIF want it.
        let all: Vec<_> = analysed.iter().map(|(path, text, analysis)| (*path, text.as_str(), analysis)).collect();
        out.write_all((export::sarif::write(&all) + "\n").as_bytes())?;
    }
    Ok(ExitCode::from(code))
}

fn run_draw(arguments: &Arguments, file: &str) -> Result<ExitCode, Failure> {
    let kinds: Vec<&str> = KINDS.iter().map(|kind| kind.id).collect();
    let kind = kind(&arguments.kind)
        .ok_or_else(|| format!("there is no kind {}; there are {}", arguments.kind, kinds.join(", ")))?;
    let form = Form::BOTH.into_iter().find(|form| form.id() == arguments.form);
    let form = form.ok_or_else(|| format!("there is no form {}", arguments.form))?;
    let theme = themes().into_iter().find(|theme| *theme == arguments.theme);
    let theme =
        theme.ok_or_else(|| format!("there is no theme {}; there are {}", arguments.theme, themes().join(", ")))?;
    let analysis = analyze(&read(file)?, &arguments.options);
    let workload = arguments.workload.unwrap_or_default();
    let Some(diagram) = kind.build(&analysis, workload, form) else {
        return Err(format!("{file}: there is nothing to draw in workload {workload}").into());
    };
    let svg = diagram.svg(&SvgOptions { theme: Some(theme), ..SvgOptions::default() });
    std::io::stdout().lock().write_all(svg.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the new text, or with `--diff` a patch; what there is to know goes to standard error. Ends with 1 when a
/// rewrite was refused.
fn run_rewrite(arguments: &Arguments, file: &str) -> Result<ExitCode, Failure> {
    let form = Form::BOTH.into_iter().find(|form| form.id() == arguments.to);
    let form = form.ok_or_else(|| format!("say --to native or --to traditional, not {:?}", arguments.to))?;
    let cluster = Cluster::new(arguments.options.release);
    let text = read(file)?;
    let analysis = analyze(&text, &Options::default());
    if arguments.workload.is_some_and(|workload| workload >= analysis.model.workloads.len()) {
        return Err(format!("{file}: there are {} workloads", analysis.model.workloads.len()).into());
    }
    if analysis.model.workloads.iter().any(|workload| workload.dialect == Dialect::Compose) {
        return if arguments.diff {
            Err("a Compose project becomes new manifests; there is no diff".into())
        } else {
            print_pods(&analysis, form, file, &text)
        };
    }
    let lines = Lines::new(&text);
    let mut code = ExitCode::SUCCESS;
    let mut patch = Patch::default();
    for (index, workload) in analysis.model.workloads.iter().enumerate() {
        if arguments.workload.is_some_and(|wanted| wanted != index) {
            continue;
        }
        let mut choices = Choices { despite: arguments.despite, ..Choices::default() };
        let mut rewrite = to_form(&analysis, index, form, &cluster, &choices);
        if arguments.probes && !rewrite.proposals.is_empty() {
            choices.startup_probes = rewrite.proposals.iter().map(|proposal| proposal.container).collect();
            rewrite = to_form(&analysis, index, form, &cluster, &choices);
        }
        let title = workload.title();
        let at = |place: Option<Place>| match place {
            Some(place) => format!("{file}:{}", lines.position(analysis.source.span(place).start).line),
            None => file.to_owned(),
        };
        for refusal in &rewrite.refused {
            let hint = if refusal.is_final { "" } else { " (--despite makes it nevertheless)" };
            eprintln!("{}: {title}: refused: {}{hint}", at(refusal.place), refusal.reason);
            code = ExitCode::from(1);
        }
        for loss in &rewrite.losses {
            eprintln!("{}: {title}: lost: {}", at(loss.place), loss.text);
        }
        for note in &rewrite.notes {
            eprintln!("{}: {title}: note: {}", at(note.place), note.text);
        }
        for proposal in rewrite.proposals.iter().filter(|_| !arguments.probes) {
            eprintln!("{file}: {title}: {} with --probes: {}", proposal.title, proposal.reason);
        }
        if !rewrite.edits.is_empty() {
            patch.groups.push(rewrite.edits);
        }
    }
    let answer = match arguments.diff {
        true => patch.unified(&text, file),
        false => patch.apply(&text).ok_or("the changes of two workloads touch the same text; say --workload")?,
    };
    std::io::stdout().lock().write_all(answer.as_bytes())?;
    Ok(code)
}

fn run_lesson(what: &str, path: &str) -> Result<ExitCode, Failure> {
    let folder = lessons::folder(Path::new(path)).map_err(|error| format!("{path}: {error}"))?;
    let (report, is_well) = lessons::report(&folder);
    let answer = match what {
        "check" => report,
        "pack" => folder.to_json(),
        _ => return Err(format!("a lesson can be checked or packed, not {what:?}").into()),
    };
    std::io::stdout().lock().write_all(answer.as_bytes())?;
    Ok(ExitCode::from(u8::from(what == "check" && !is_well)))
}

/// Prints a Pod for each group of services that belong together, as documents of one file.
fn print_pods(analysis: &Analysis, form: Form, file: &str, text: &str) -> Result<ExitCode, Failure> {
    let lines = Lines::new(text);
    let at = |place: Option<Place>| place.map_or(0, |place| lines.position(analysis.source.span(place).start).line);
    let mut code = ExitCode::SUCCESS;
    let mut pods: Vec<String> = Vec::new();
    for (index, workload) in analysis.model.workloads.iter().enumerate() {
        if workload.dialect != Dialect::Compose {
            continue;
        }
        for services in groups(workload) {
            let converted = compose_to_pod(analysis, index, &services, form);
            let told = [("refused", &converted.refused), ("lost", &converted.losses), ("note", &converted.notes)];
            for (what, notes) in told {
                notes.iter().for_each(|note| eprintln!("{file}:{}: {what}: {}", at(note.place), note.text));
            }
            if converted.refused.is_empty() {
                pods.push(converted.text);
            } else {
                code = ExitCode::from(1);
            }
        }
    }
    std::io::stdout().lock().write_all(pods.join("---\n").as_bytes())?;
    Ok(code)
}

/// Bytes that are no UTF-8 are shown as U+FFFD, so that the rest of the file can still be read.
fn read(path: &str) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    if path == "-" {
        std::io::stdin().read_to_end(&mut bytes)?;
    } else {
        bytes = std::fs::read(path)?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
