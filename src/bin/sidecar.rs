//! The engine on the command line.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the program that prints")]

use lexopt::prelude::*;
use sidecar_playground::diagram::kinds::{KINDS, kind};
use sidecar_playground::diagram::{SvgOptions, themes};
use sidecar_playground::edit::Patch;
use sidecar_playground::form::Form;
use sidecar_playground::model::Dialect;
use sidecar_playground::release::{Cluster, Release};
use sidecar_playground::rewrite::{Choices, compose_to_pod, groups, to_form};
use sidecar_playground::source::{Lines, Place};
use sidecar_playground::{Analysis, Options, analyze, export};
use std::io::{Read, Write};
use std::process::ExitCode;

const USAGE: &str = "\
sidecar: who is the app in a manifest, who helps it, and why

usage: sidecar analyze [--format text|containers|json|mermaid] FILE...
       sidecar draw [--kind topology|start-order] [--form traditional|native]
                    [--workload N] [--theme paper|night|seeds] FILE
       sidecar rewrite --to native|traditional [--workload N] [--release 1.N]
                       [--probes] [--despite] [--diff] FILE
       FILE may be - for standard input; workloads are counted from 0
";

/// What the command line asks for.
struct Arguments {
    command: Option<String>,
    files: Vec<String>,
    format: String,
    kind: String,
    form: String,
    theme: String,
    workload: Option<usize>,
    to: String,
    release: Option<String>,
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
        kind: "topology".to_owned(),
        form: "native".to_owned(),
        theme: "paper".to_owned(),
        workload: None,
        to: String::new(),
        release: None,
        probes: false,
        despite: false,
        diff: false,
    };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("format") => found.format = parser.value()?.string()?,
            Long("kind") => found.kind = parser.value()?.string()?,
            Long("form") => found.form = parser.value()?.string()?,
            Long("theme") => found.theme = parser.value()?.string()?,
            Long("workload") => found.workload = Some(parser.value()?.parse()?),
            Long("to") => found.to = parser.value()?.string()?,
            Long("release") => found.release = Some(parser.value()?.string()?),
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

fn run_analyze(arguments: &Arguments) -> Result<ExitCode, Failure> {
    if !["text", "containers", "json", "mermaid"].contains(&arguments.format.as_str()) {
        return Err(format!("there is no format {}", arguments.format).into());
    }
    let mut out = std::io::stdout().lock();
    let mut code = ExitCode::SUCCESS;
    for path in &arguments.files {
        let text = match read(path) {
            Ok(text) => text,
            Err(error) => {
                eprintln!("sidecar: {path}: {error}");
                code = ExitCode::from(2);
                continue;
            }
        };
        let analysis = analyze(&text, &Options::default());
        let answer = match arguments.format.as_str() {
            "containers" => export::containers::write(path, &analysis),
            "json" => export::json::write(&text, &analysis) + "\n",
            "mermaid" => export::mermaid::write(&analysis),
            _ => export::report::write(path, &text, &analysis),
        };
        out.write_all(answer.as_bytes())?;
    }
    Ok(code)
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
    let analysis = analyze(&read(file)?, &Options::default());
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
    let release = match &arguments.release {
        Some(text) => Release::parse(text).ok_or_else(|| format!("there is no release {text}"))?,
        None => Release::NEWEST,
    };
    let cluster = Cluster::new(release);
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
