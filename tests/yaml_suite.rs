//! The reader against the public YAML test suite. Needs its npm package: `SIDECAR_YAML_SUITE` names the folder, as
//! `./dev test` does; without it there is nothing to compare with. Answers that differ are listed with their reason, so
//! that one more or one less is seen.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

use serde_json::Value as Json;
use sidecar_playground::source::{Document, Node, NodeId, Source, Style};
use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

/// Cases that are answered differently, and why.
const DIFFERENT: &[(&str, &str)] = &[
    ("9C9N", "lines of a flow collection may stand left of its key: libyaml and Kubernetes take that"),
    ("9MMA", "a directive without a document is no document, and hides none"),
    ("B63P", "a directive without a document is no document, and hides none"),
];

#[test]
fn the_reader_answers_the_yaml_test_suite() {
    let Some(folder) = env::var_os("SIDECAR_YAML_SUITE") else { return };
    let mut files: Vec<_> = fs::read_dir(Path::new(&folder).join("data"))
        .expect("the package yaml-test-suite")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "js"))
        .collect();
    files.sort();
    let (mut right, mut rejected, mut different) = (0, 0, BTreeSet::new());
    for path in files {
        let text = fs::read_to_string(&path).expect("a file that can be read");
        let Some((_, json)) = text.split_once("export default ") else { continue };
        let Ok(read) = serde_json::from_str::<Json>(json) else { continue };
        let cases = read["cases"].as_array().expect("cases");
        let mut tree = "";
        for (number, case) in cases.iter().enumerate() {
            // Of cases that only differ in their text, the first one says what they give.
            tree = case["tree"].as_str().unwrap_or(tree);
            let id = read["id"].as_str().expect("an id");
            let id = if cases.len() == 1 { id.to_owned() } else { format!("{id}/{number}") };
            let fails = case["fail"].as_bool() == Some(true);
            let source = Source::read(case["yaml"].as_str().expect("a text"));
            let is_right = match fails {
                true => source.is_broken(),
                false => !source.is_broken() && events(&source) == expected(tree),
            };
            if is_right {
                right += 1;
                rejected += usize::from(fails);
            } else {
                let text = case["yaml"].as_str().unwrap_or_default();
                let wanted = if fails { vec!["an error".to_owned()] } else { expected(tree) };
                println!("── {id}\n{text}\nwanted {wanted:?}\ngot    {:?}", events(&source));
                different.insert(id);
            }
        }
    }
    println!("{right} of {} cases as the suite wants, {rejected} of them rejected", right + different.len());
    let known: BTreeSet<String> = DIFFERENT.iter().map(|(id, _)| (*id).to_owned()).collect();
    assert_eq!(different, known);
}

/// The events of the suite without anchors, tags, the difference between quotes, and the style of collections.
fn expected(tree: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in tree.lines().map(str::trim_start) {
        let mut words = line.splitn(2, ' ');
        let (event, mut rest) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let mut is_text = false;
        while rest.starts_with(['&', '<']) {
            let end = if rest.starts_with('<') { rest.find('>').map(|at| at + 1) } else { rest.find(' ') };
            let (head, tail) = rest.split_at(end.unwrap_or(rest.len()));
            is_text |= head == "<tag:yaml.org,2002:str>" || head == "<!>";
            rest = tail.trim_start_matches(' ');
        }
        match event {
            "+DOC" | "-DOC" | "+MAP" | "-MAP" | "+SEQ" | "-SEQ" => found.push(event.to_owned()),
            "=ALI" => found.push("=ALI".to_owned()),
            "=VAL" => {
                let (style, text) = rest.split_at(rest.chars().next().map_or(0, char::len_utf8));
                let style = match style {
                    "'" | "\"" => "\"",
                    ":" if is_text => "\"",
                    other => other,
                };
                found.push(format!("={style}{}", shown(text)));
            }
            _ => {}
        }
    }
    found
}

/// The suite writes a line break as `\n` and so on.
fn shown(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        out.push(match c {
            '\\' => match rest.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some('b') => '\u{8}',
                other => other.unwrap_or('\\'),
            },
            c => c,
        });
    }
    out
}

fn events(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for document in source.documents.iter().filter(|document| !document.is_embedded) {
        found.push("+DOC".to_owned());
        match document.tree.root() {
            Some(root) => push(document, root, &mut found),
            None => found.push("=:".to_owned()),
        }
        found.push("-DOC".to_owned());
    }
    found
}

fn push(document: &Document, id: NodeId, found: &mut Vec<String>) {
    let (start, end) = match document.tree.node(id) {
        Some(Node::Mapping(_)) => ("+MAP", "-MAP"),
        Some(Node::Sequence(_)) => ("+SEQ", "-SEQ"),
        Some(Node::Alias(_)) => return found.push("=ALI".to_owned()),
        Some(Node::Scalar { style, .. }) => {
            let style = match style {
                Style::Plain => ':',
                Style::Quoted => '"',
                Style::Literal => '|',
                Style::Folded => '>',
            };
            return found.push(format!("={style}{}", document.value(id).text().unwrap_or_default()));
        }
        None => return,
    };
    found.push(start.to_owned());
    for child in document.tree.children(id) {
        push(document, *child, found);
    }
    found.push(end.to_owned());
}
