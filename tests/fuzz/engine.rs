//! The program that the fuzzer runs. `SIDECAR_FUZZ` names the target, `SIDECAR_FUZZ_FOLDER` a folder: seeds are written
//! into `seeds` in it, and the words of manifests into `words`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::{env, fs};
use targets::{TARGETS, Target, WORDS, seeds};

fn target() -> &'static Target {
    static TARGET: OnceLock<&Target> = OnceLock::new();
    TARGET.get_or_init(|| {
        let name = env::var("SIDECAR_FUZZ").unwrap_or_default();
        TARGETS.iter().find(|target| target.name == name).expect("SIDECAR_FUZZ names no target")
    })
}

fn prepare() {
    let Some(folder) = env::var_os("SIDECAR_FUZZ_FOLDER").map(PathBuf::from) else { return };
    let bytes = |word: &&str| word.bytes().map(|byte| format!("\\x{byte:02x}")).collect::<String>();
    let words: String = WORDS.iter().map(|word| format!("\"{}\"\n", bytes(word))).collect();
    fs::write(folder.join("words"), words).expect("a folder to write to");
    fs::create_dir_all(folder.join("seeds")).expect("a folder to write to");
    for (number, seed) in seeds(target()).iter().enumerate() {
        fs::write(folder.join(format!("seeds/{number}")), seed).expect("a folder to write to");
    }
}

fuzz_target!(init: prepare(), |data: &[u8]| {
    (target().run)(&String::from_utf8_lossy(data));
});
