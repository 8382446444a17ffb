//! The second language of the page has all terms of the engine. That it has all words of the page itself, the build checks.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests say what they expect")]

use sidecar_playground::category::Category;
use sidecar_playground::detect::{Confidence, Role};
use sidecar_playground::diagram::kinds::KINDS;
use sidecar_playground::finding::Severity;
use sidecar_playground::gallery::GROUPS;
use sidecar_playground::simulate::Doing;
use std::collections::BTreeMap;

#[test]
fn no_sentence_ends_where_yaml_sees_a_comment() {
    for name in ["en.yaml", "de.yaml", "de-phrases.yaml", "fetch.yaml"] {
        let file = format!("{}/src/app/words/{name}", env!("CARGO_MANIFEST_DIR"));
        for line in std::fs::read_to_string(file).expect("the words").lines() {
            let value = line.split_once(": ").map(|(_, value)| value).unwrap_or_default();
            let is_quoted = value.starts_with(['"', '\'', '>', '|']);
            assert!(line.starts_with('#') || is_quoted || !value.contains(" #"), "{name} needs quotes: {line}");
        }
    }
}

#[test]
fn the_terms_of_the_engine_have_german_words() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/app/words/de-phrases.yaml");
    let text = std::fs::read_to_string(file).expect("the phrases");
    let phrases: BTreeMap<String, String> = serde_yaml::from_str(&text).expect("a map of texts");
    let mut terms: Vec<&str> = Vec::new();
    terms.extend(KINDS.iter().flat_map(|kind| [kind.title, kind.about]));
    terms.extend(Role::ALL.iter().flat_map(|role| [role.label(), role.explanation()]));
    terms.extend(Category::ALL.iter().flat_map(|category| [category.label(), category.explanation()]));
    terms.extend([Confidence::Guess, Confidence::Likely, Confidence::Certain].map(Confidence::id));
    terms.extend(Severity::ALL.iter().map(|level| level.id()));
    use Doing::{
        BackOff, Completed, Failed, PreStop, Pulling, Ready, Started, Starting, Stopping, Waiting, WaitingToStop,
    };
    let doings =
        [Waiting, Pulling, BackOff, Starting, Started, Ready, PreStop, WaitingToStop, Stopping, Completed, Failed];
    terms.extend(doings.map(Doing::label));
    terms.extend(GROUPS.iter().map(|(_, title)| *title));
    let missing: Vec<&&str> = terms.iter().filter(|term| !phrases.contains_key(**term)).collect();
    assert!(missing.is_empty(), "src/app/words/de-phrases.yaml misses {missing:#?}");
}

/// YAML takes an unquoted number sign behind a space for the beginning of a comment, which cuts the text in its middle.
#[test]
fn no_text_is_cut_at_a_number_sign() {
    for name in ["en", "de", "de-phrases"] {
        let file = format!("{}/src/app/words/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(file).expect("the words");
        let is_cut = |line: &&str| {
            let value = line.split_once(": ").map_or("", |(_, value)| value);
            !line.trim_start().starts_with('#') && value.contains(" #") && !value.starts_with('"')
        };
        let cut: Vec<&str> = text.lines().filter(is_cut).collect();
        assert!(cut.is_empty(), "{name}.yaml: quotes are missing around {cut:#?}");
    }
}
