//! What must hold for the answers of the API server, whatever the manifest.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

use proptest::prelude::*;
use serde_json::{Value, json};
use sidecar_playground::release::{Cluster, Feature, Release};
use sidecar_playground::source::Source;
use sidecar_playground::validation::{Answer, Request, Verb, answer};

/// Objects that have a bit of everything, for mutations to start from.
fn seeds() -> Vec<Value> {
    let file = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/validation.json")).unwrap();
    let file: Value = serde_json::from_str(&file).unwrap();
    let manifests = file["vectors"].as_array().unwrap().iter().map(|vector| vector["manifest"].as_str().unwrap());
    manifests.map(|text| serde_yaml::from_str(text).unwrap()).collect()
}

/// Values that fields do not expect.
fn odd() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([null, {}, "a", 1])),
        "[ -~]{0,8}".prop_map(Value::from),
        "\\PC{0,4}".prop_map(Value::from),
        prop::sample::select(vec![
            "Always",
            "Never",
            "1Gi",
            "-1",
            "999999999999Ei",
            "a/b/c",
            "..",
            "",
            "é-",
            "@every 1"
        ])
        .prop_map(Value::from),
    ]
}

/// How many places there are in a value.
fn places(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(places).sum(),
        Value::Object(fields) => fields.values().map(places).sum(),
        _ => 0,
    }
}

/// Puts something at a place; tells whether the place was found.
fn put(value: &mut Value, place: &mut usize, new: &Value) -> bool {
    if *place == 0 {
        *value = new.clone();
        return true;
    }
    *place -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| put(item, place, new)),
        Value::Object(fields) => fields.values_mut().any(|item| put(item, place, new)),
        _ => false,
    }
}

fn mutated() -> impl Strategy<Value = Value> {
    let changes = prop::collection::vec((any::<prop::sample::Index>(), odd()), 0..6);
    (prop::sample::select(seeds()), changes).prop_map(|(mut value, changes)| {
        for (place, new) in changes {
            let mut place = place.index(places(&value));
            put(&mut value, &mut place, &new);
        }
        value
    })
}

fn ask(text: &str, old: Option<&str>, verb: Verb, cluster: &Cluster) -> Vec<Answer> {
    let (source, old) = (Source::read(text), old.map(Source::read));
    let old = old.as_ref().and_then(|old| old.documents.first()).and_then(|document| document.root());
    let objects = source.documents.iter().filter_map(|document| document.root().map(|root| (document, root)));
    objects
        .map(|(document, object)| {
            let answer = answer(&Request { verb, object, old, is_strict: true }, cluster);
            for node in answer.errors.iter().map(|error| error.node) {
                let node = node.expect("a place for every error");
                assert!(!document.tree.span(node).is_empty() || document.tree.len() > node.index() as usize);
            }
            answer
        })
        .collect()
}

fn verbs() -> impl Strategy<Value = Verb> {
    prop::sample::select(vec![Verb::Create, Verb::Update, Verb::Resize, Verb::Ephemeral])
}

fn clusters() -> impl Strategy<Value = Cluster> {
    let releases: Vec<Release> = Release::all().collect();
    let gate = (prop::sample::select(Feature::ALL.to_vec()), any::<bool>());
    (prop::sample::select(releases), prop::collection::vec(gate, 0..4))
        .prop_map(|(release, gates)| Cluster { release, gates })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_object_is_answered(new in mutated(), old in mutated(), verb in verbs(), cluster in clusters()) {
        ask(&new.to_string(), Some(&old.to_string()), verb, &cluster);
        ask(&serde_yaml::to_string(&new).unwrap(), None, verb, &cluster);
    }

    #[test]
    fn any_text_is_answered(text in "\\PC*", cluster in clusters()) {
        ask(&format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers: {text}"), None, Verb::Create, &cluster);
    }

    #[test]
    fn an_object_that_does_not_change_gives_no_new_errors(object in mutated(), cluster in clusters()) {
        let text = object.to_string();
        let created = ask(&text, None, Verb::Create, &cluster);
        let updated = ask(&text, Some(&text), Verb::Update, &cluster);
        for (created, updated) in created.iter().zip(&updated) {
            // What is dropped from a new object is not there later, but stands in the text.
            if created.is_accepted() && created.dropped.is_empty() {
                let errors: Vec<String> = updated.errors.iter().map(ToString::to_string).collect();
                prop_assert!(errors.is_empty(), "{errors:?} in {text}");
            }
        }
    }
}

#[test]
fn what_is_not_known_is_said_to_be_unchecked() {
    let service = "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: 7}}";
    let answers = ask(service, None, Verb::Create, &Cluster::default());
    assert!(!answers[0].is_checked && answers[0].errors.is_empty());
}

#[test]
fn a_field_whose_gate_is_off_is_told_to_be_dropped() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  initContainers:\n  - {name: p, image: p, \
               restartPolicy: Always}\n  containers: [{name: a, image: a}]\n";
    let mut cluster = Cluster::new(Release::new(32).unwrap());
    cluster.set_gates("SidecarContainers=false");
    let answer = &ask(pod, None, Verb::Create, &cluster)[0];
    assert!(answer.is_accepted());
    assert_eq!(answer.dropped[0].field, "spec.initContainers[0].restartPolicy");
    assert!(answer.dropped[0].why.contains("SidecarContainers"));
    assert!(ask(pod, None, Verb::Create, &Cluster::default())[0].dropped.is_empty());
}

#[test]
fn a_key_that_is_there_twice_is_an_error_with_its_line() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    image: a\n    image: b\n";
    let answer = &ask(pod, None, Verb::Create, &Cluster::default())[0];
    let expected = "strict decoding error: yaml: unmarshal errors:\n  line 8: key \"image\" already set in map";
    assert_eq!(answer.decode_error.as_deref(), Some(expected));
}

#[test]
fn wrong_types_are_named_as_go_names_them() {
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: 5, image: a}]}}";
    let answer = &ask(pod, None, Verb::Create, &Cluster::default())[0];
    let expected = "json: cannot unmarshal number into Go struct field Container.spec.containers.name of type string";
    assert_eq!(answer.decode_error.as_deref(), Some(expected));
}
