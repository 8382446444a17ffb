//! `validation.json`: manifests, and the answer of the API server of 1.36 and 1.33.

use super::section::{Section, items, load};
use serde_json::Value;
use sidecar_playground::release::{Cluster, Release};
use sidecar_playground::source::Source;
use sidecar_playground::validation::{Answer, Request, Verb, answer};
use std::path::Path;

/// The sections: one for each release that the vectors know.
pub(crate) fn run(folder: &Path) -> Vec<Section> {
    let Some(file) = load(folder, "validation.json") else { return Vec::new() };
    let vectors = items(&file, "vectors");
    let newest: Vec<(&Value, &Value)> = vectors.iter().map(|vector| (vector, &vector["expect"])).collect();
    // Without an answer of its own, 1.33 answers as 1.36 does. It was asked with its gates as they come.
    let older: Vec<(&Value, &Value)> =
        vectors.iter().map(|vector| (vector, vector.get("expect_on_v1_33_13").unwrap_or(&vector["expect"]))).collect();
    vec![section("on 1.36", 36, &newest), section("on 1.33", 33, &older)]
}

fn section(name: &'static str, minor: u8, vectors: &[(&Value, &Value)]) -> Section {
    Section::of(
        name,
        vectors.iter().map(|(vector, expected)| {
            let problems = differences(&asked(vector, minor), expected);
            let id = vector["id"].as_str().unwrap_or_default().to_owned();
            (id, if problems.is_empty() { Ok(()) } else { Err(problems.join("; ")) })
        }),
    )
}

fn asked(vector: &Value, minor: u8) -> Answer {
    let mut cluster = Cluster::new(Release::new(minor).expect("a release"));
    if minor != 33 {
        cluster.set_gates(vector["feature_gates_overridden"].as_str().unwrap_or_default());
    }
    let verb = match vector["verb"].as_str().unwrap_or_default() {
        "create" => Verb::Create,
        "update" => Verb::Update,
        "resize" => Verb::Resize,
        "ephemeral" => Verb::Ephemeral,
        other => panic!("a verb, not {other}"),
    };
    let source = Source::read(vector["manifest"].as_str().unwrap_or_default());
    let old = Source::read(vector["old_manifest"].as_str().unwrap_or_default());
    let root = |source: &'static Source| source.documents.first().and_then(|document| document.root());
    let (source, old): (&'static Source, &'static Source) = (Box::leak(Box::new(source)), Box::leak(Box::new(old)));
    let object = root(source).expect("a manifest");
    let is_strict = vector["field_validation"].as_str() == Some("Strict");
    answer(&Request { verb, object, old: root(old), is_strict }, &cluster)
}

/// What differs. The order of errors and warnings is left out: the server's is random in places.
fn differences(answer: &Answer, expected: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    if !answer.is_checked {
        problems.push("not checked".to_owned());
    }
    let mut compare = |what: &str, mut ours: Vec<String>, mut theirs: Vec<String>| {
        ours.sort();
        theirs.sort();
        if ours != theirs {
            problems.push(format!("{what}: expected {theirs:?}, got {ours:?}"));
        }
    };
    compare("accepted", vec![answer.is_accepted().to_string()], vec![expected["accepted"].to_string()]);
    let decode = |text: Option<&str>| text.map(str::to_owned).into_iter().collect::<Vec<String>>();
    compare("decode error", decode(answer.decode_error.as_deref()), decode(expected["decode_error"].as_str()));
    // What the server says behind the first line of an error is a picture of what differs.
    let first = |text: &str| text.split('\n').next().unwrap_or_default().to_owned();
    let texts = |list: &Value, key: &str| -> Vec<String> {
        let list = list.as_array().cloned().unwrap_or_default();
        list.iter()
            .map(|entry| if key.is_empty() { entry } else { &entry[key] })
            .map(|v| first(v.as_str().unwrap_or_default()))
            .collect()
    };
    let errors = &expected["errors"];
    let ours = |of: fn(&sidecar_playground::validation::FieldError) -> String| -> Vec<String> {
        answer.errors.iter().map(|error| first(&of(error))).collect()
    };
    compare("errors", ours(ToString::to_string), texts(errors, "rendered"));
    compare("kinds", ours(|error| error.kind.to_string()), texts(errors, "type"));
    compare("fields", ours(|error| error.field.clone()), texts(errors, "field"));
    compare("values", ours(|error| error.bad_value.clone()), texts(errors, "bad_value"));
    compare("details", ours(|error| error.detail.clone()), texts(errors, "detail"));
    let warnings = answer.warnings.iter().map(|warning| warning.text.clone()).collect();
    compare("warnings", warnings, texts(&expected["warnings"], ""));
    if answer.errors.iter().any(|error| error.node.is_none()) {
        problems.push("an error without a place".to_owned());
    }
    problems
}
