//! Conventions that no compiler checks: which module may use which, what the engine must not touch, and the top level.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder, sorted.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder that can be read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The code of a file without its tests and comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a file that can be read");
    let before_tests = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    before_tests.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The module of the engine that a file belongs to; none for the programs.
fn module(path: &Path) -> Option<String> {
    let relative = path.strip_prefix(root().join("src")).ok()?;
    let first = relative.components().next()?.as_os_str().to_str()?;
    let name = first.strip_suffix(".rs").unwrap_or(first);
    (!matches!(name, "app" | "bin" | "main" | "build" | "lib")).then(|| name.to_owned())
}

/// What each module may use. Left may use right, never back.
fn allowed() -> BTreeMap<&'static str, &'static [&'static str]> {
    BTreeMap::from([
        ("category", &[][..]),
        ("source", &[][..]),
        ("gallery", &[][..]),
        ("kubectl", &["model"][..]),
        ("link", &[][..]),
        ("compare", &[][..]),
        ("mask", &["source"][..]),
        ("release", &[][..]),
        ("quantity", &[][..]),
        ("resources", &["model", "quantity", "release"][..]),
        ("simulate", &["catalogue", "category", "detect", "form", "model", "release"][..]),
        ("validation", &["quantity", "release", "source"][..]),
        ("model", &["source"][..]),
        ("dialect", &["source", "model"][..]),
        ("catalogue", &["category", "model", "source"][..]),
        ("detect", &["catalogue", "category", "model", "source"][..]),
        ("form", &["category", "detect", "model"][..]),
        ("edit", &["source"][..]),
        ("finding", &["detect", "edit", "source"][..]),
        // `Analysis`, `Options` and `analyze` of the front door count as `lib`.
        (
            "rewrite",
            &["lib", "category", "detect", "edit", "finding", "form", "model", "release", "resources", "source"][..],
        ),
        (
            "rules",
            &[
                "lib",
                "catalogue",
                "category",
                "detect",
                "edit",
                "finding",
                "model",
                "quantity",
                "release",
                "resources",
                "source",
                "validation",
            ][..],
        ),
        (
            "diagram",
            &["lib", "category", "detect", "form", "model", "quantity", "release", "resources", "simulate", "source"][..],
        ),
        ("export", &["lib", "category", "detect", "diagram", "finding", "form", "rules", "source"][..]),
        (
            "view",
            &[
                "lib",
                "catalogue",
                "category",
                "detect",
                "diagram",
                "finding",
                "form",
                "kubectl",
                "model",
                "release",
                "simulate",
                "source",
                "validation",
            ][..],
        ),
        ("session", &["lib", "detect", "dialect", "finding", "model", "release", "rules", "source", "view"][..]),
        (
            "lesson",
            &[
                "lib",
                "catalogue",
                "detect",
                "diagram",
                "finding",
                "form",
                "kubectl",
                "model",
                "quantity",
                "release",
                "resources",
                "rules",
                "simulate",
                "source",
                "validation",
                "view",
            ][..],
        ),
        (
            "task",
            &[
                "lib", "detect", "diagram", "edit", "export", "finding", "form", "kubectl", "lesson", "link", "mask",
                "model", "release", "rewrite", "rules", "session", "source", "view",
            ][..],
        ),
    ])
}

#[test]
fn modules_use_only_what_lies_below_them() {
    let allowed = allowed();
    for path in rust_files(&root().join("src")) {
        let Some(own) = module(&path) else { continue };
        let may = allowed.get(own.as_str()).unwrap_or_else(|| panic!("say in this test what module {own} may use"));
        for used in code(&path).split("crate::").skip(1) {
            let name: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            // `crate::{Analysis, …}`, `crate::Analysis` and macros come from the front door.
            let is_module = allowed.contains_key(name.as_str());
            let name = if is_module { name } else { "lib".to_owned() };
            assert!(
                name == own || may.contains(&name.as_str()) || used.starts_with("rule"),
                "{} uses {name}",
                path.display()
            );
        }
    }
}

#[test]
fn the_engine_touches_nothing_outside_of_itself() {
    let forbidden = [
        "std::fs",
        "std::net",
        "std::time",
        "std::thread",
        "std::env::",
        "std::process",
        "std::io",
        "static mut",
        "thread_local!",
        "OnceLock",
        "LazyLock",
        "Mutex",
        "AtomicU",
        "web_sys",
        "js_sys",
        "wasm_bindgen",
        "yew::",
        "gloo",
        "rand::",
    ];
    for path in rust_files(&root().join("src")) {
        if module(&path).is_none() {
            continue;
        }
        let code = code(&path);
        for word in forbidden {
            assert!(!code.contains(word), "{} has {word}", path.display());
        }
    }
}

#[test]
fn files_are_small_enough_to_hold_in_the_head() {
    let mut sizes: Vec<(usize, PathBuf)> = rust_files(&root().join("src"))
        .into_iter()
        .map(|path| (fs::read_to_string(&path).expect("a file that can be read").lines().count(), path))
        .collect();
    sizes.sort();
    let median = sizes[sizes.len() / 2].0;
    assert!(median <= 160, "the median file has {median} lines");
    let (longest, path) = sizes.last().expect("a file");
    assert!(*longest <= 620, "{} has {longest} lines: split it", path.display());
}

#[test]
fn the_top_level_stays_clean() {
    let expected = [
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE",
        "README.md",
        "Trunk.toml",
        "dev",
        "index.html",
        "src",
        "static",
        "tests",
    ];
    let entries = fs::read_dir(root()).expect("the project's folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    // Outputs that are not committed, and dot-files.
    names.retain(|name| !name.starts_with('.') && name != "dist" && name != "target");
    names.sort();
    assert_eq!(names, expected);
}

/// What may stand in the page as it is: names, a key, the grammar of goals.
const SAME_EVERYWHERE: [&str; 10] = [
    "Sidecar",
    "Playground",
    "Sidecar Playground",
    "Kubernetes",
    "Kubernetes {releases}",
    "Mermaid",
    "Mermaid Live ↗",
    "SVG",
    "Ctrl ⏎",
    "NAME is a native sidecar",
];

#[test]
fn the_page_takes_its_words_from_one_place() {
    let mut found = Vec::new();
    for path in rust_files(&root().join("src/app")) {
        // The reference card is documentation, which is English as the lessons are, and says so to the browser.
        if path.ends_with("learn/card.rs") {
            continue;
        }
        let code = code(&path);
        let attributes = ["aria-label=\"", "title=\"", "placeholder=\"", "label=\"", "of=\"", "alt=\""];
        // In the markup a text follows a tag or another text; elsewhere `{ "…" }` follows a condition.
        let in_markup = code.match_indices("{ \"").filter_map(|(at, brace)| {
            let (before, text) = code.split_at(at);
            before.trim_end().ends_with(['>', '}']).then(|| &text[brace.len()..])
        });
        let texts = in_markup.chain(attributes.iter().flat_map(|name| code.split(name).skip(1)));
        for text in texts.filter_map(|text| text.split('"').next()) {
            let has_words = text.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().count() > 1);
            let is_class = text.contains("--") || text.contains("__");
            if has_words && !is_class && !SAME_EVERYWHERE.contains(&text) {
                found.push(format!("{}: {text}", path.display()));
            }
        }
        // A sentence or a label outside of the markup begins with a capital letter.
        let is_sentence = |text: &&str| {
            let mut start = text.chars();
            start.next().is_some_and(char::is_uppercase) && start.next().is_some_and(char::is_lowercase)
        };
        for text in code.split('"').skip(1).step_by(2).filter(is_sentence) {
            if text.contains(' ') && !SAME_EVERYWHERE.contains(&text) {
                found.push(format!("{}: {text}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "put these into src/app/words: {found:#?}");
}
