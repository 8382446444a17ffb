//! Who hands out the memory of the programs in Wasm: an allocator that is quicker and smaller than the one of Rust's own
//! library.

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
