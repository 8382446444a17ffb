//! Drawn pictures: well-formed XML of a few elements and attributes, in which a label is text and nothing else.

use super::options;
use sidecar_playground::analyze;
use sidecar_playground::diagram::SvgOptions;
use sidecar_playground::diagram::kinds::KINDS;
use sidecar_playground::view::diagrams;

const ELEMENTS: &[&str] = &[
    "svg", "title", "desc", "style", "g", "rect", "path", "circle", "ellipse", "line", "polyline", "polygon", "text",
    "tspan",
];

pub fn run(text: &str) {
    let analysis = analyze(text, &options());
    for shown in 0..analysis.model.workloads.len().min(3) {
        for kind in KINDS {
            for (_, diagram) in diagrams(&analysis, kind.id, shown) {
                for (theme, is_interactive) in [(Some("night"), false), (None, true)] {
                    check(&diagram.svg(&SvgOptions { id: "fuzz".to_owned(), theme, is_interactive }));
                }
            }
        }
    }
}

/// Reads XML strictly.
pub fn check(svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = svg;
    assert!(rest.starts_with("<svg "), "{svg}");
    while let Some(at) = rest.find('<') {
        content(&rest[..at], open.last() == Some(&"style"));
        rest = &rest[at + 1..];
        let end = rest.find('>').unwrap_or_else(|| panic!("a tag that does not end: {rest}"));
        let tag = &rest[..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{svg}");
            assert!(!open.is_empty() || rest.is_empty(), "more than one root: {rest}");
            continue;
        }
        let (tag, is_closed) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(ELEMENTS.contains(&name), "<{name}> in {svg}");
        let mut known: Vec<&str> = Vec::new();
        while !attributes.trim_start().is_empty() {
            let (name, value) = attributes.trim_start().split_once("=\"").unwrap_or_else(|| panic!("{attributes}"));
            let (value, after) = value.split_once('"').unwrap_or_else(|| panic!("{value}"));
            attribute(name, value);
            assert!(!known.contains(&name), "{name} twice in {tag}");
            known.push(name);
            attributes = after;
        }
        if !is_closed {
            open.push(name);
        }
    }
    assert!(open.is_empty() && rest.is_empty(), "{open:?} {rest}");
}

/// Nothing of a manifest stands in an attribute, so that words of the writer's own are all that there can be.
fn attribute(name: &str, value: &str) {
    assert!(!name.starts_with("on") && !name.contains("href") && name != "style" && name != "src", "{name}");
    assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{name}");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " .,-_#()%".contains(c);
    assert!(value.chars().all(is_plain) || value == "http://www.w3.org/2000/svg", "{name}={value}");
    assert!(!value.contains("url("), "{name}={value}");
    assert!(!value.contains("NaN") && !value.contains("inf"), "{name}={value}");
}

fn content(text: &str, is_style: bool) {
    if is_style {
        assert!(!text.contains("url(") && !text.contains("@import"));
        return;
    }
    assert!(!text.contains('"') && !text.contains('\''), "{text}");
    for after in text.split('&').skip(1) {
        let entity = after.split_once(';').map(|(entity, _)| entity);
        assert!(matches!(entity, Some("amp" | "lt" | "gt" | "quot" | "#39")), "{text}");
    }
    for c in text.chars() {
        let is_direction = matches!(u32::from(c), 0x202a..=0x202e | 0x2066..=0x2069);
        assert!(!c.is_control() && !is_direction && !matches!(c, '\u{fffe}' | '\u{ffff}'), "{text:?}");
    }
}
