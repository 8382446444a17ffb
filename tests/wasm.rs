//! The engine inside a browser: the same front door as on the host, compiled for Wasm. `./dev test wasm` runs this.
#![cfg(target_arch = "wasm32")]

use sidecar_playground as _;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn the_engine_links_and_starts_in_a_browser() {
    assert_eq!(env!("CARGO_PKG_NAME"), "sidecar-playground");
}
