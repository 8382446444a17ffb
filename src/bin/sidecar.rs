//! The engine on the command line.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the program that prints")]

use lexopt::prelude::*;
use sidecar_playground::{Options, analyze, export};
use std::io::{Read, Write};
use std::process::ExitCode;

const USAGE: &str = "\
sidecar: who is the app in a manifest, who helps it, and why

usage: sidecar analyze [--format text|containers|json|mermaid] FILE...
       FILE may be - for standard input
";

#[derive(Clone, Copy)]
enum Format {
    Text,
    Containers,
    Json,
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

fn run() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut parser = lexopt::Parser::from_env();
    let mut files: Vec<String> = Vec::new();
    let mut format = Format::Text;
    let mut command = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("format") => {
                format = match parser.value()?.string()?.as_str() {
                    "text" => Format::Text,
                    "containers" => Format::Containers,
                    "json" => Format::Json,
                    other => return Err(format!("there is no format {other}").into()),
                };
            }
            Short('h') | Long("help") => {
                print!("{USAGE}");
                return Ok(ExitCode::SUCCESS);
            }
            Short('V') | Long("version") => {
                println!("sidecar {}", env!("CARGO_PKG_VERSION"));
                return Ok(ExitCode::SUCCESS);
            }
            Value(value) if command.is_none() => command = Some(value.string()?),
            Value(value) => files.push(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    if command.as_deref() != Some("analyze") || files.is_empty() {
        eprint!("{USAGE}");
        return Ok(ExitCode::from(2));
    }
    let mut out = std::io::stdout().lock();
    let mut code = ExitCode::SUCCESS;
    for path in &files {
        let text = match read(path) {
            Ok(text) => text,
            Err(error) => {
                eprintln!("sidecar: {path}: {error}");
                code = ExitCode::from(2);
                continue;
            }
        };
        let analysis = analyze(&text, &Options::default());
        let answer = match format {
            Format::Text => export::report::write(path, &text, &analysis),
            Format::Containers => export::containers::write(path, &analysis),
            Format::Json => export::json::write(&text, &analysis) + "\n",
        };
        out.write_all(answer.as_bytes())?;
    }
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
