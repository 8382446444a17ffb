//! What the crates that are built from may be: known licences, no second version unseen, nothing that is not from crates.io.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Command;

/// Licences that ask for nothing but their own text.
const LICENCES: &[&str] = &["MIT", "Apache-2.0", "0BSD", "Unlicense", "Zlib", "BSL-1.0", "Unicode-3.0"];

/// Crates of which there are two releases, because those that use them have not moved yet. All but `embedded-io`, of which
/// postcard uses names only, are gone when the programs are built: macros, and the randomness of the tests.
const TWICE: &[&str] = &["embedded-io", "getrandom", "syn", "thiserror", "thiserror-impl"];

/// Where crates come from.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// All crates for all targets and features.
fn packages() -> Vec<Value> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let arguments =
        ["metadata", "--format-version=1", "--locked", "--offline", "--all-features", "--manifest-path", manifest];
    let told = Command::new(env!("CARGO")).args(arguments).output().expect("cargo");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let mut told: Value = serde_json::from_slice(&told.stdout).expect("JSON");
    let packages = told["packages"].as_array_mut().expect("a list");
    std::mem::take(packages)
}

/// Whether an expression of SPDX can be met with the licences above; `/` is how old crates write OR.
fn is_allowed(expression: &str) -> bool {
    let all = expression.replace(['(', ')'], "").replace('/', " OR ");
    all.split(" AND ").all(|part| part.split(" OR ").any(|licence| LICENCES.contains(&licence.trim())))
}

#[test]
fn every_crate_has_a_known_licence_and_comes_from_crates_io() {
    let packages = packages();
    assert!(packages.len() > 30, "{} crates", packages.len());
    for package in packages.iter().filter(|package| package["name"] != "sidecar-playground") {
        let name = &package["name"];
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(is_allowed(licence), "{name} is licensed under {licence:?}");
        assert_eq!(package["source"].as_str(), Some(CRATES_IO), "{name}");
    }
}

#[test]
fn no_crate_is_there_twice_unseen_or_without_its_checksum() {
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in packages() {
        let text = |field: &str| package[field].as_str().unwrap_or_default().to_owned();
        versions.entry(text("name")).or_default().push(text("version"));
    }
    let twice: Vec<&str> =
        versions.iter().filter(|(_, versions)| versions.len() > 1).map(|(name, _)| name.as_str()).collect();
    assert_eq!(twice, TWICE, "{versions:?}");
    let lock = include_str!("../Cargo.lock");
    let without = lock.split("[[package]]").skip(1).filter(|entry| !entry.contains("\nchecksum = "));
    assert_eq!(without.count(), 1, "only this project itself has no checksum");
}

#[test]
fn licences_are_read_as_they_are_meant() {
    assert!(is_allowed("(MIT OR GPL-3.0) AND Unicode-3.0") && is_allowed("Unlicense/MIT"));
    assert!(!is_allowed("MIT AND GPL-3.0") && !is_allowed("") && !is_allowed("AGPL-3.0-only"));
}
