//! What must hold for every rewrite of every manifest, however it is laid out.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

use proptest::prelude::*;
use sidecar_playground::edit::{Editor, Yaml};
use sidecar_playground::form::Form;
use sidecar_playground::model::ContainerField;
use sidecar_playground::release::Cluster;
use sidecar_playground::rewrite::{Choices, to_form};
use sidecar_playground::source::{Source, Value};
use sidecar_playground::{Options, analyze};

/// How a container of a generated Pod looks.
#[derive(Clone, Debug)]
struct Made {
    keys: Vec<(String, serde_yaml::Value)>,
    is_flow: bool,
    comment: bool,
    trailing: bool,
    inner_comment: bool,
    blank: bool,
}

/// How a manifest is laid out.
#[derive(Clone, Debug)]
struct Layout {
    list_offset: usize,
    dash_width: usize,
    crlf: bool,
    ends_with_newline: bool,
    other_document: bool,
    init_key: usize,
    is_first: bool,
}

fn scalar() -> impl Strategy<Value = serde_yaml::Value> {
    prop_oneof![
        "[a-z][a-z0-9./-]{0,10}".prop_map(serde_yaml::Value::from),
        "[ -~]{0,10}".prop_map(serde_yaml::Value::from),
        any::<i16>().prop_map(|int| serde_yaml::Value::from(i64::from(int))),
        any::<bool>().prop_map(serde_yaml::Value::from),
        "[a-z#: ]{1,6}\n[a-z#: ]{0,8}\n[a-z]{1,4}".prop_map(serde_yaml::Value::from),
    ]
}

fn value() -> impl Strategy<Value = serde_yaml::Value> {
    scalar().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(serde_yaml::Value::from),
            prop::collection::btree_map("[a-z]{2,5}", inner, 0..3).prop_map(|map| {
                let pairs = map.into_iter().map(|(key, value)| (serde_yaml::Value::from(key), value));
                serde_yaml::Value::Mapping(pairs.collect())
            }),
        ]
    })
}

fn container() -> impl Strategy<Value = Made> {
    let rest = prop::collection::btree_map("[a-z]{3,6}x", value(), 0..3);
    (rest, any::<bool>(), any::<[bool; 5]>()).prop_map(|(rest, has_image, flags)| {
        let mut keys: Vec<(String, serde_yaml::Value)> = rest.into_iter().collect();
        if has_image {
            keys.push(("image".to_owned(), "example.com/x:1".into()));
        }
        Made {
            keys,
            is_flow: flags[0],
            comment: flags[1],
            trailing: flags[2],
            inner_comment: flags[3],
            blank: flags[4],
        }
    })
}

fn layout() -> impl Strategy<Value = Layout> {
    (0..3_usize, 1..4_usize, any::<[bool; 4]>(), 0..4_usize).prop_map(|(offset, dash, flags, init_key)| Layout {
        list_offset: offset * 2,
        dash_width: dash,
        crlf: flags[0],
        ends_with_newline: flags[1],
        other_document: flags[2],
        init_key,
        is_first: flags[3],
    })
}

fn json(value: &serde_yaml::Value) -> String {
    match value {
        serde_yaml::Value::Mapping(map) => {
            let parts: Vec<String> = map.iter().map(|(key, value)| format!("{}: {}", json(key), json(value))).collect();
            format!("{{{}}}", parts.join(", "))
        }
        serde_yaml::Value::Sequence(list) => {
            format!("[{}]", list.iter().map(json).collect::<Vec<_>>().join(", "))
        }
        serde_yaml::Value::String(text) => {
            let escaped: String = text
                .chars()
                .map(|c| match c {
                    '"' => "\\\"".to_owned(),
                    '\\' => "\\\\".to_owned(),
                    '\n' => "\\n".to_owned(),
                    other => other.to_string(),
                })
                .collect();
            format!("\"{escaped}\"")
        }
        serde_yaml::Value::Bool(bool) => bool.to_string(),
        serde_yaml::Value::Number(number) => number.to_string(),
        _ => "null".to_owned(),
    }
}

/// Lines of an entry of a block list at a column, by another writer.
fn block_entry(index: usize, made: &Made, column: usize, dash_width: usize) -> String {
    let pad = " ".repeat(column);
    let mut out = String::new();
    if made.comment {
        out += &format!("{pad}# about {index}\n");
    }
    let mut map = serde_yaml::Mapping::new();
    map.insert("name".into(), format!("c{index}").into());
    for (key, value) in &made.keys {
        map.insert(key.as_str().into(), value.clone());
    }
    let trailing = if made.trailing { format!(" # end {index}") } else { String::new() };
    let dash = format!("-{}", " ".repeat(dash_width));
    if made.is_flow {
        out += &format!("{pad}{dash}{}{trailing}\n", json(&map.into()));
    } else {
        let inner = " ".repeat(column + 1 + dash_width);
        let name = map.remove("name").map(|name| format!("name: {}", name.as_str().unwrap_or_default()));
        out += &format!("{pad}{dash}{}{trailing}\n", name.unwrap_or_default());
        if made.inner_comment {
            out += &format!("{inner}# inside {index}\n");
        }
        if !map.is_empty() {
            for line in serde_yaml::to_string(&map).expect("a value that can be written").lines() {
                out += &if line.is_empty() { "\n".to_owned() } else { format!("{inner}{line}\n") };
            }
        }
    }
    if made.blank {
        out += "\n";
    }
    out
}

fn block_text(containers: &[Made], layout: &Layout) -> String {
    let mut list = "  containers: # the list\n".to_owned();
    for (index, made) in containers.iter().enumerate() {
        list += &block_entry(index, made, 2 + layout.list_offset, layout.dash_width);
    }
    let init = match layout.init_key {
        1 => "  initContainers: [] # none\n",
        2 => "  initContainers:\n",
        3 => "  initContainers: [{name: i, image: \"x\"}]\n",
        _ => "",
    };
    let lists =
        if layout.is_first { format!("{list}{init}") } else { format!("  x: 1\n{init}{list}  # rest\n  y: [2]\n") };
    let mut text = format!("# head\nkind: Pod\napiVersion: v1\nmetadata: {{ name: x }}\nspec:\n{lists}");
    if layout.other_document {
        text = format!("a: 1 # other\n---\n{text}");
    }
    if !layout.ends_with_newline {
        text.truncate(text.trim_end().len());
    }
    if layout.crlf { text.replace('\n', "\r\n") } else { text }
}

fn json_text(containers: &[Made], is_pretty: bool) -> String {
    let items: Vec<serde_yaml::Value> = containers
        .iter()
        .enumerate()
        .map(|(index, made)| {
            let mut map = serde_yaml::Mapping::new();
            map.insert("name".into(), format!("c{index}").into());
            for (key, value) in &made.keys {
                map.insert(key.as_str().into(), value.clone());
            }
            map.into()
        })
        .collect();
    let compact = format!(
        "{{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{{\"name\":\"x\"}},\"spec\":{{\"containers\":{}}}}}",
        json(&items.into())
    );
    let read: serde_json::Value = serde_json::from_str(&compact).expect("JSON");
    if is_pretty { serde_json::to_string_pretty(&read).expect("JSON") } else { compact }
}

/// Containers of a list by name, without their `restartPolicy`, sorted.
fn containers(text: &str) -> Vec<(String, Yaml)> {
    let source = Source::read(text);
    let document = source.documents.last().expect("a document");
    let mut found = Vec::new();
    for key in ["initContainers", "containers"] {
        let list = document.root().and_then(|root| root.at(&["spec", key]));
        for item in list.into_iter().flat_map(Value::items) {
            let mut copy = Yaml::copy(item).expect("a value");
            if let Yaml::Map(entries) = &mut copy {
                entries.retain(|(key, _)| key != "restartPolicy");
            }
            found.push((item.get("name").and_then(Value::text).unwrap_or_default().to_owned(), copy));
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

fn comments(text: &str) -> Vec<String> {
    let source = Source::read(text);
    let mut found = Vec::new();
    for document in &source.documents {
        let editor = Editor::new(document).expect("a document that can be read");
        found.extend(editor.comments().iter().map(|span| span.slice(&document.text).to_owned()));
    }
    found.sort();
    found
}

/// Moves some containers there and back and looks at everything on the way.
fn check(text: &str, chosen: &[usize]) -> Result<(), TestCaseError> {
    let analysis = analyze(text, &Options::default());
    let workload = &analysis.model.workloads[0];
    let regular: Vec<usize> = workload.pod.of(ContainerField::Containers).map(|(index, _)| index).collect();
    let mut moved: Vec<usize> = chosen.iter().map(|at| regular[at % regular.len()]).collect();
    moved.sort_unstable();
    moved.dedup();
    if moved.len() == regular.len() {
        moved.pop();
    }
    let names: Vec<String> =
        moved.iter().map(|index| workload.pod.containers[*index].display_name().to_owned()).collect();
    let mut choices = Choices { containers: Some(moved), despite: true, ..Choices::default() };
    let there = to_form(&analysis, 0, Form::Native, &Cluster::default(), &choices);
    prop_assert_eq!(&there.refused, &vec![], "{}", text);
    let patch = there.patch();
    let new = patch.apply(text).expect("edits that fit");
    prop_assert_eq!(containers(text), containers(&new), "{}\n→\n{}", text, new);
    prop_assert_eq!(comments(text), comments(&new), "{}\n→\n{}", text, new);
    prop_assert_eq!(patch.inverse(text).apply(&new).expect("edits that fit"), text);
    let after = analyze(&new, &Options::default());
    let pod = &after.model.workloads[0].pod;
    for container in &pod.containers {
        let is_moved = names.iter().any(|name| container.display_name() == name);
        prop_assert_eq!(container.is_native_sidecar(), is_moved, "{}\n→\n{}", text, new);
    }
    if text.starts_with('{') {
        let strict: Result<serde_json::Value, _> = serde_json::from_str(&new);
        prop_assert!(strict.is_ok(), "no JSON any more: {}", new);
    }
    choices.containers = None;
    let back = to_form(&after, 0, Form::Traditional, &Cluster::default(), &choices);
    prop_assert_eq!(&back.refused, &vec![], "{}", new);
    let last = back.patch().apply(&new).expect("edits that fit");
    prop_assert_eq!(containers(text), containers(&last), "{}\n→\n{}", new, last);
    prop_assert_eq!(comments(text), comments(&last), "{}\n→\n{}", new, last);
    prop_assert!(!last.contains("restartPolicy"));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn block_manifests_survive(
        made in prop::collection::vec(container(), 2..6),
        layout in layout(),
        chosen in prop::collection::vec(0..5_usize, 1..4),
    ) {
        check(&block_text(&made, &layout), &chosen)?;
    }

    #[test]
    fn json_manifests_survive(
        made in prop::collection::vec(container(), 2..6),
        is_pretty in any::<bool>(),
        chosen in prop::collection::vec(0..5_usize, 1..4),
    ) {
        check(&json_text(&made, is_pretty), &chosen)?;
    }

    #[test]
    fn any_manifest_like_text_is_rewritten_or_refused(words in prop::collection::vec(prop::sample::select(WORDS.to_vec()), 0..60)) {
        let text = format!("kind: Pod\nspec:\n  containers:\n  - name: logs\n    image: fluent-bit\n  - name: app\n{}", words.concat());
        let analysis = analyze(&text, &Options::default());
        for form in Form::BOTH {
            for index in 0..analysis.model.workloads.len() {
                let choices = Choices { despite: true, ..Choices::default() };
                let rewrite = to_form(&analysis, index, form, &Cluster::default(), &choices);
                let new = rewrite.patch().apply(&text);
                prop_assert!(new.is_some(), "{:?} in {:?}", rewrite.edits, text);
                prop_assert!(rewrite.edits.is_empty() || !analyze(&new.unwrap(), &Options::default()).source.documents.is_empty());
            }
        }
    }
}

const WORDS: &[&str] = &[
    "  - name: b\n",
    "    image: x\n",
    "    restartPolicy: Always\n",
    "  initContainers:\n",
    "  containers:\n",
    "# c\n",
    "  # c\n",
    "    # c\n",
    "\n",
    "    args: [a,\n      b]\n",
    "    env: &e\n    - {name: a}\n",
    "    env: *e\n",
    "---\n",
    "  - {name: c, image: fluent-bit}\n",
    "  volumes: []\n",
    "    lifecycle:\n      preStop: {sleep: {seconds: 1}}\n",
    "    command:\n    - sh\n    - -c\n    - |\n      a; pkill fluent-bit\n",
    "  {{- if .x }}\n",
    "  {{- end }}\n",
    "\t",
    "    <<: *e\n",
    "  - *e\n",
    "{",
    "}",
    "é",
    "\r\n",
    "    x: |+\n\n",
    "    y: \"a\n",
    "      b\"\n",
    "  -\n    name: d\n",
    "  - - name: n\n",
    "  - ? a\n    : b\n",
    "services:\n  a: {image: b}\n",
];
