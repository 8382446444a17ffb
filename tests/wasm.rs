//! The engine inside a browser: the same front door as on the host, compiled for Wasm. `./dev test wasm` runs this.
#![cfg(target_arch = "wasm32")]

use sidecar_playground::gallery::{examples, text};
use sidecar_playground::session::view;
use sidecar_playground::view::{Request, Writing};
use sidecar_playground::{Options, analyze};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn every_example_is_analysed_and_drawn_in_a_browser() {
    for example in examples() {
        let analysis = analyze(text(example.id).unwrap_or_default(), &Options::default());
        assert!(!analysis.model.workloads.is_empty(), "{}", example.id);
        for writing in [Writing::Picture, Writing::Outline, Writing::Mermaid] {
            let request = Request { workload: 0, kind: "topology".to_owned(), writing, ..Request::default() };
            let view = view(text(example.id).unwrap_or_default(), &request);
            assert!(!view.pictures.is_empty(), "{}", example.id);
        }
    }
}

/// The stack of a worker is a megabyte; nothing may recurse with the depth of a text.
#[wasm_bindgen_test]
fn deep_and_long_texts_do_not_exhaust_the_stack() {
    for text in ["[".repeat(100_000), "- ".repeat(50_000), "{a: ".repeat(50_000), "---\n".repeat(20_000)] {
        let _ = analyze(&text, &Options::default());
    }
}
