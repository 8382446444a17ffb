//! Reports: programs can read theirs, and in those for people a name is a name.

use super::options;
use sidecar_playground::export::{markdown, mermaid, report, review};
use sidecar_playground::view::diagrams;
use sidecar_playground::{analyze, rules};

pub fn run(text: &str) {
    let analysis = analyze(text, &options());
    for shown in 0..analysis.model.workloads.len().clamp(1, 2) {
        let pictures = diagrams(&analysis, "topology", shown);
        document(&markdown::write(text, &analysis, shown, &pictures));
    }
    document(&review::write("manifest.yaml", text, &analysis));
    document(&mermaid::write(&analysis));
    let plain = report::write("manifest.yaml", text, &analysis);
    let is_escape =
        |c: char| (c.is_control() && c != '\n') || matches!(u32::from(c), 0x202a..=0x202e | 0x2066..=0x2069);
    assert!(!plain.contains(is_escape), "{plain:?}");
    #[cfg(feature = "cli")]
    programs(text, &analysis);
}

/// Markdown: fences in pairs, and outside of them no tag, link or picture.
pub fn document(text: &str) {
    let mut is_code = false;
    for line in text.lines() {
        if line.starts_with("```") {
            is_code = !is_code;
            continue;
        }
        if is_code {
            continue;
        }
        // What stands between backticks is the writer's own, in the text above all else.
        let mut is_escaped = false;
        for (at, c) in line.char_indices() {
            let after = &line[at + c.len_utf8()..];
            if !is_escaped {
                let is_tag = c == '<' && after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
                assert!(!is_tag, "a tag: {line}");
                let address =
                    after.strip_prefix('(').and_then(|after| after.split_once(')')).map(|(address, _)| address);
                assert!(c != ']' || address.is_none_or(is_ours), "a link: {line}");
                assert!(c != ':' || !after.starts_with("//") || line.contains("](https://"), "an address: {line}");
                assert!(c != '@' || !after.starts_with(char::is_alphanumeric), "a name: {line}");
            }
            is_escaped = c == '\\' && !is_escaped;
        }
    }
    assert!(!is_code, "code that does not end:\n{text}");
}

/// Whether the documentation of a rule names this address.
fn is_ours(address: &str) -> bool {
    let references = rules::REGISTRY.iter().flat_map(|rule| rule.references());
    references.filter_map(|reference| reference.url).any(|known| known == address)
}

#[cfg(feature = "cli")]
fn programs(text: &str, analysis: &sidecar_playground::Analysis) {
    use serde_json::Value;
    use sidecar_playground::export::{containers, json, sarif};
    let read: Value = serde_json::from_str(&json::write(text, analysis)).expect("JSON");
    assert!(read.is_object());
    for line in containers::write("manifest.yaml", analysis).lines() {
        let read: Value = serde_json::from_str(line).expect("JSON");
        assert!(read.is_object());
    }
    let read: Value = serde_json::from_str(&sarif::write(&[("manifest.yaml", text, analysis)])).expect("JSON");
    let results = read["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), analysis.findings.len());
}
