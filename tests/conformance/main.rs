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

use section::Section;
use std::path::{Path, PathBuf};

type Part = fn(&Path) -> Vec<Section>;

/// Files of vectors, and what runs them.
const FILES: &[(&str, Part)] = &[("lifecycle.json", lifecycle::run), ("resource.json", resource::run)];

#[test]
fn the_engine_agrees_with_kubernetes() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let folder = std::env::var_os("SIDECAR_VECTORS").map_or(own, PathBuf::from);
    let mut failures = 0;
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
            failures += failed.len();
        }
    }
    assert_eq!(failures, 0, "cases failed: run with --nocapture to see which");
}
