//! Mermaid text: whatever a label is, the lines are those that the writer writes.

use super::options;
use sidecar_playground::analyze;
use sidecar_playground::diagram::kinds::KINDS;
use sidecar_playground::view::diagrams;

pub fn run(text: &str) {
    let analysis = analyze(text, &options());
    for shown in 0..analysis.model.workloads.len().min(3) {
        for kind in KINDS {
            for (_, diagram) in diagrams(&analysis, kind.id, shown) {
                check(&diagram.mermaid());
            }
        }
    }
}

/// Reads Mermaid text line by line.
pub fn check(code: &str) {
    assert!(code.ends_with('\n') && !code.contains(['\r', '\0', '`', '\u{2028}', '\u{85}']), "{code}");
    let mut lines = code.lines();
    let head = lines.next().unwrap_or_default();
    let line: fn(&str) = match head {
        "flowchart TB" | "flowchart LR" | "flowchart TD" => flowchart,
        "sequenceDiagram" => sequence,
        "gantt" => gantt,
        other => panic!("an unknown kind: {other}"),
    };
    for one in lines {
        assert!(!one.contains("%%") && !one.trim_start().starts_with("---"), "{one}");
        assert!(
            !one.chars().any(|c| c.is_control() || matches!(u32::from(c), 0x202a..=0x202e | 0x2066..=0x2069)),
            "{one:?}"
        );
        line(one);
    }
}

/// Labels stand in quotes, in which no sign has a meaning but entities and the writer's own line breaks.
fn flowchart(line: &str) {
    let parts: Vec<&str> = line.split('"').collect();
    assert!(parts.len() % 2 == 1, "a quote that does not end: {line}");
    for (index, part) in parts.iter().enumerate() {
        if index % 2 == 1 {
            label(&part.replace("<br/>", " "));
        } else {
            assert!(part.chars().all(|c| c.is_ascii_alphanumeric() || " _-.,:#[](){}<>|/&=".contains(c)), "{line}");
            assert!(!part.contains("click") && !part.contains("href"), "{line}");
        }
    }
}

fn label(text: &str) {
    assert!(!text.contains(['<', '>', '&', '"', '\'', '`', '{', '}', '[', ']', '|', '\\']), "{text}");
    for after in text.split('#').skip(1) {
        let entity = after.split_once(';').map_or("", |(entity, _)| entity);
        assert!(!entity.is_empty() && entity.chars().all(|c| c.is_ascii_digit()), "{text}");
    }
}

fn sequence(line: &str) {
    let line = line.trim_start();
    let word = line.split([' ', '-', ':']).next().unwrap_or_default();
    let is_name =
        |word: &str| word.strip_prefix('p').is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()));
    if let Some(rest) = line.strip_prefix("participant ") {
        let (name, title) = rest.split_once(" as ").unwrap_or_else(|| panic!("{line}"));
        assert!(is_name(name), "{line}");
        label(&title.replace("<br/>", " "));
        return;
    }
    match word {
        "and" | "end" => assert_eq!(line, word),
        "par" | "Note" => label(line.split_once(": ").map_or(line, |(_, text)| text)),
        _ => {
            assert!(is_name(word), "{line}");
            label(line.split_once(": ").map_or_else(|| panic!("{line}"), |(_, text)| text));
        }
    }
}

fn gantt(line: &str) {
    let line = line.trim_start();
    let word = line.split(' ').next().unwrap_or_default();
    if matches!(word, "dateFormat" | "axisFormat") {
        return;
    }
    let text = match word {
        "title" | "section" => line,
        _ => line.split_once(" :").unwrap_or_else(|| panic!("neither a task nor a section: {line}")).0,
    };
    assert!(!text.contains([':', ';', '#', '<', '>', '{', '}', '"', '&']), "{line}");
}
