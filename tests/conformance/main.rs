//! Cases with Kubernetes' own answers. `SIDECAR_VECTORS=<folder> cargo test --release --test conformance` runs all that are
//! found in a folder; without it, those in `tests/vectors`.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

mod lifecycle;
mod resource;
mod section;
mod validation;

use section::Section;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

type Part = fn(&Path) -> Vec<Section>;

/// Files of vectors, and what runs them.
const FILES: &[(&str, Part)] =
    &[("lifecycle.json", lifecycle::run), ("resource.json", resource::run), ("validation.json", validation::run)];

fn main() -> ExitCode {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let folder = std::env::var_os("SIDECAR_VECTORS").map_or(own, PathBuf::from);
    let (mut successes, mut failures) = (0, 0);
    println!("\nvectors of {}", folder.display());
    for (file, run) in FILES {
        if !folder.join(file).is_file() {
            println!("{file}: not in this folder");
            continue;
        }
        for Section { name, passed, failed } in run(&folder) {
            println!("{file} {name}: {passed} passed, {} failed", failed.len());
            for (id, why) in &failed {
                println!("  {id}: {why}");
            }
            successes += passed;
            failures += failed.len();
        }
    }
    // As a test runner ends, so that whoever adds up results counts these too.
    let result = if failures == 0 { "ok" } else { "FAILED" };
    println!("\ntest result: {result}. {successes} passed; {failures} failed; 0 ignored; 0 measured; 0 filtered out\n");
    if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
