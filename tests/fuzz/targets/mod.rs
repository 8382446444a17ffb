//! What any text at all may be given to, and what must then hold. Used by the fuzzer (`engine.rs`) and, with the same
//! seeds and a fixed number of changes, by an ordinary test (`tests/fuzz_smoke.rs`).

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "tests say what they expect, and the fuzzer takes this for a crate"
)]

mod analysis;
mod exports;
mod fixes;
mod lesson;
mod link;
mod mask;
mod mermaid;
mod reader;
mod rewrite;
mod seeds;
mod session;
mod simulate;
mod svg;
mod tasks;
mod view;

pub use seeds::{WORDS, seeds};

/// Something that takes any text and must not break.
pub struct Target {
    pub name: &'static str,
    /// Panics when something does not hold.
    pub run: fn(&str),
}

pub const TARGETS: &[Target] = &[
    Target { name: "reader", run: reader::run },
    Target { name: "analysis", run: analysis::run },
    Target { name: "view", run: view::run },
    Target { name: "svg", run: svg::run },
    Target { name: "mermaid", run: mermaid::run },
    Target { name: "simulate", run: simulate::run },
    Target { name: "rewrite", run: rewrite::run },
    Target { name: "fixes", run: fixes::run },
    Target { name: "tasks", run: tasks::run },
    Target { name: "exports", run: exports::run },
    Target { name: "link", run: link::run },
    Target { name: "mask", run: mask::run },
    Target { name: "lesson", run: lesson::run },
    Target { name: "session", run: session::run },
];

/// The first line is for the target's own options, the rest is the manifest.
fn split(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

/// Everything is asked for.
fn options() -> sidecar_playground::Options {
    sidecar_playground::Options {
        level: sidecar_playground::finding::Severity::Advice,
        ..sidecar_playground::Options::default()
    }
}
