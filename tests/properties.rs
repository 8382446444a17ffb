//! What must hold for any text.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

use proptest::prelude::*;
use sidecar_playground::session::view;
use sidecar_playground::source::{Source, Value};
use sidecar_playground::view::{Request, Writing};
use sidecar_playground::{Options, analyze};

/// Text made of what manifests and mistakes are made of.
fn manifest_like() -> impl Strategy<Value = String> {
    let words = [
        "kind: ",
        "Pod",
        "Deployment",
        "spec:\n",
        "containers:\n",
        "initContainers:\n",
        "- ",
        "name: ",
        "image: ",
        "busybox",
        "a",
        "\n",
        "\n  ",
        "\n    ",
        "\n      ",
        "---\n",
        "...\n",
        "{",
        "}",
        "[",
        "]",
        ",",
        ": ",
        "\"",
        "'",
        "|\n",
        ">-\n",
        "&a ",
        "*a",
        "<<: ",
        "\t",
        "#",
        "!!str ",
        "services:\n",
        "volumes:\n",
        "volumeMounts:\n",
        "restartPolicy: Always",
        "{{ .x }}",
        "é",
        "😀",
        "\u{feff}",
        "\r\n",
        "? ",
        "%YAML 1.2\n",
        "template:\n",
        "emptyDir: {}",
        "mountPath: /x",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..80).prop_map(|words| words.concat())
}

fn check(text: &str) {
    let analysis = analyze(text, &Options::default());
    for (_, span, _) in analysis.problems() {
        assert!(span.start <= span.end && span.end as usize <= text.len(), "{span:?} in {text:?}");
    }
    for kind in ["topology", "map", "timeline"] {
        let request = Request { workload: 0, kind: kind.to_owned(), writing: Writing::Picture, ..Request::default() };
        let view = view(text, &request);
        let units = text.encode_utf16().count();
        for container in &view.containers {
            assert!(container.range.from <= container.range.to && container.range.to as usize <= units, "{text:?}");
        }
        for picture in &view.pictures {
            assert_eq!(picture.content.matches("<g ").count(), picture.content.matches("</g>").count(), "{text:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_manifest_like_text_is_answered(text in manifest_like()) {
        check(&text);
    }

    #[test]
    fn any_text_at_all_is_answered(text in "\\PC*") {
        check(&text);
    }

    #[test]
    fn the_same_text_gives_the_same_answer(text in manifest_like()) {
        let request = Request { workload: 0, kind: "topology".to_owned(), writing: Writing::Picture, ..Request::default() };
        prop_assert_eq!(view(&text, &request), view(&text, &request));
    }

    /// Another reader, which the engine does not use for what people paste, must see the same values.
    #[test]
    fn values_are_read_as_another_reader_reads_them(value in any_value()) {
        let text = serde_yaml::to_string(&value).expect("a value that can be written");
        let source = Source::read(&text);
        prop_assert_eq!(source.documents.len(), 1);
        let document = &source.documents[0];
        prop_assert!(document.problems.is_empty(), "{:?} in {:?}", document.problems, text);
        let root = document.root().expect("a value");
        prop_assert!(is_same(root, &value), "{}", text);
    }
}

fn any_value() -> impl Strategy<Value = serde_yaml::Value> {
    let leaf = prop_oneof![
        any::<i32>().prop_map(|int| serde_yaml::Value::from(i64::from(int))),
        any::<bool>().prop_map(serde_yaml::Value::from),
        "[ -~]{0,12}".prop_map(serde_yaml::Value::from),
        "[a-z\\n:#é-]{1,20}".prop_map(serde_yaml::Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_yaml::Value::from),
            prop::collection::btree_map("[a-z]{1,6}", inner, 0..4).prop_map(|map| {
                let pairs = map.into_iter().map(|(key, value)| (serde_yaml::Value::from(key), value));
                serde_yaml::Value::Mapping(pairs.collect())
            }),
        ]
    })
}

fn is_same(ours: Value<'_>, theirs: &serde_yaml::Value) -> bool {
    match theirs {
        serde_yaml::Value::Mapping(map) => {
            let entries = ours.entries();
            ours.is_mapping()
                && entries.len() == map.len()
                && map.iter().all(|(key, value)| {
                    ours.get(key.as_str().unwrap_or_default()).is_some_and(|own| is_same(own, value))
                })
        }
        serde_yaml::Value::Sequence(list) => {
            ours.is_sequence()
                && ours.items().len() == list.len()
                && ours.items().zip(list).all(|(own, value)| is_same(own, value))
        }
        serde_yaml::Value::Bool(bool) => ours.bool() == Some(*bool),
        serde_yaml::Value::Number(number) => ours.int() == number.as_i64(),
        serde_yaml::Value::String(text) => ours.text() == Some(text.as_str()),
        _ => ours.is_null(),
    }
}
