//! The colours of the page can be told apart in every theme. Those of the pictures are tested where they are drawn.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "tests say what they expect")]

const THEMES: &str = include_str!("../src/app/themes.css");

/// What is written in which colour on which: 4.5:1, as WCAG 2.2 asks of text.
const TEXT: [(&str, &[&str]); 10] = [
    ("ink", &["page", "panel", "hover", "bad-soft", "warn-soft", "note-soft"]),
    ("faint", &["page", "panel", "hover"]),
    ("accent", &["page", "panel"]),
    ("accent-ink", &["accent"]),
    ("good", &["panel"]),
    ("bad", &["panel"]),
    ("note", &["panel"]),
    ("warn", &["panel", "warn-soft", "keep-soft"]),
    ("editor-fg", &["editor-bg", "editor-active", "editor-selection", "editor-highlight"]),
    ("editor-gutter-fg", &["editor-gutter"]),
];

/// What the editor colours, on its ground and in the line of the caret.
const SYNTAX: [&str; 6] = ["key", "string", "number", "comment", "keyword", "punct"];

/// What only has to be seen: 3:1.
const SHAPES: [(&str, &[&str]); 2] = [("focus", &["page", "panel"]), ("editor-focus", &["editor-bg"])];

fn colour<'a>(block: &'a str, name: &str) -> &'a str {
    let value = block.split_once(&format!("--{name}: ")).unwrap_or_else(|| panic!("there is no --{name} in {block}")).1;
    value.split(';').next().unwrap().trim()
}

fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_theme_has_enough_contrast() {
    let blocks: Vec<&str> = THEMES.split("\n.theme-").skip(1).filter(|block| block.contains("--page")).collect();
    assert_eq!(blocks.len(), 4, "light, dark, high contrast, projector");
    for block in blocks {
        let name = block.split(' ').next().unwrap();
        let check = |front: &str, back: &str, least: f64| {
            let ratio = contrast(colour(block, front), colour(block, back));
            assert!(ratio >= least, "{name}: {front} on {back} is only {ratio:.2}:1");
        };
        for (front, backs) in TEXT {
            backs.iter().for_each(|back| check(front, back, 4.5));
        }
        for word in SYNTAX {
            ["editor-bg", "editor-active"].iter().for_each(|back| check(&format!("editor-{word}"), back, 4.5));
        }
        for (front, backs) in SHAPES {
            backs.iter().for_each(|back| check(front, back, 3.0));
        }
    }
}
