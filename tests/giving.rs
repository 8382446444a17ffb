//! What leaves the page, for any text: links, masked texts, comparisons, commands.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

use proptest::prelude::*;
use sidecar_playground::compare::{Change, compare};
use sidecar_playground::link::{self, Settings, Shared};
use sidecar_playground::mask::{MASK, mask};
use sidecar_playground::{Options, analyze, gallery, kubectl};
use std::fs;

/// Every example of the gallery.
fn examples() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/gallery");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|is| is == "yaml"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect()
}

/// Text made of what secrets, manifests and mistakes are made of.
fn secretive() -> impl Strategy<Value = String> {
    let words = [
        "kind: Secret\n",
        "kind: Pod\n",
        "data:\n",
        "stringData: ",
        "  ",
        "    ",
        "- ",
        "name: ",
        "value: ",
        "PASSWORD",
        "token",
        "hunter2",
        "\"",
        "'",
        "|\n",
        ": ",
        "=",
        "\n",
        "---\n",
        "{",
        "}",
        "[",
        "]",
        ", ",
        "&a ",
        "*a",
        "<<: ",
        "\t",
        "# ",
        "é",
        "😀",
        "\r\n",
        "env:\n",
        "args: ",
        "--password",
        "postgres://u:p@h/",
        "-----BEGIN PRIVATE KEY-----",
        "-----END ",
        "ghp_",
        "abcdefghijklmnopqrstuvwxyz0123456789",
        "{{ .x }}",
        "\u{feff}",
        "kubectl.kubernetes.io/last-applied-configuration",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..60).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_and_setting_survives_a_link(text in any::<String>(), scenario in any::<String>(), reason in any::<String>(), workload in 0..9_usize) {
        let settings = Settings { workload, scenario, ignored: vec![("a".to_owned(), reason)], ..Settings::default() };
        let shared = Shared { text, settings };
        prop_assert_eq!(link::read(&link::write(&shared).unwrap()), Ok(shared));
    }

    #[test]
    fn no_fragment_is_taken_for_something_else(fragment in "(s=1\\.[0-9a-f]{8}\\.[A-Za-z0-9_-]{0,80}|.{0,60})") {
        prop_assert!(link::read(&fragment).is_err());
    }

    #[test]
    fn masking_hides_values_and_nothing_else(text in secretive()) {
        let masked = mask(&text);
        // What stays is there in the same order: the text with each hidden value cut out.
        let mut rest = text.as_str();
        for kept in masked.text.split(MASK) {
            let at = rest.find(kept);
            prop_assert!(at.is_some(), "{kept:?} was not in {text:?}");
            rest = &rest[at.unwrap() + kept.len()..];
        }
        let again = mask(&masked.text);
        prop_assert_eq!(&again.text, &mask(&again.text).text);
    }

    #[test]
    fn a_comparison_gives_both_texts_back(old in "([a-c]\n){0,30}", new in "([a-c]\n){0,30}") {
        let lines = compare(&old, &new);
        let side = |left_out| lines.iter().filter(|(change, _)| *change != left_out).map(|(_, line)| format!("{line}\n")).collect::<String>();
        prop_assert_eq!(side(Change::Added), old.clone());
        prop_assert_eq!(side(Change::Removed), new.clone());
    }
}

#[test]
fn every_example_survives_a_link_and_its_masking_changes_no_role() {
    assert!(gallery::examples().len() >= 20);
    for text in examples() {
        let shared = Shared { text: text.clone(), settings: Settings::default() };
        assert_eq!(link::read(&link::write(&shared).unwrap()), Ok(shared));
        let masked = mask(&text);
        let roles = |text: &str| {
            let analysis = analyze(text, &Options::default());
            analysis.verdicts.iter().flatten().map(|verdict| verdict.role).collect::<Vec<_>>()
        };
        assert_eq!(roles(&masked.text), roles(&text), "{:?}", masked.hidden);
    }
}

#[test]
fn every_example_has_commands_for_each_of_its_containers() {
    for text in examples() {
        let analysis = analyze(&text, &Options::default());
        for workload in &analysis.model.workloads {
            let lines = kubectl::commands(workload, None);
            let logs = lines.iter().filter(|command| command.about.starts_with("Logs of ")).count();
            assert!(logs >= workload.pod.containers.len(), "{}: {lines:#?}", workload.title());
            assert!(lines.iter().all(|command| !command.line.contains('\n')));
        }
    }
}
