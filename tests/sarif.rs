//! SARIF against the published schema.
#![cfg(feature = "cli")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

use serde_json::Value;
use sidecar_playground::finding::Severity;
use sidecar_playground::release::Release;
use sidecar_playground::rules::REGISTRY;
use sidecar_playground::{Options, analyze, export};

const SCHEMA: &str = include_str!("sarif-2.1.0.schema.json");

/// The part of JSON Schema (draft 7) that the schema of SARIF uses. What is wrong, with its path.
fn violations(root: &Value, schema: &Value, value: &Value, path: &str, found: &mut Vec<String>) {
    let mut wrong = |what: String| found.push(format!("{path}: {what}"));
    for (key, rule) in schema.as_object().expect("a schema") {
        match key.as_str() {
            "$ref" => {
                let name = rule.as_str().and_then(|text| text.strip_prefix("#/definitions/")).expect("a definition");
                violations(root, &root["definitions"][name], value, path, found);
                return;
            }
            "type" => {
                let types = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                let fits = types.iter().any(|kind| match kind.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "number" => value.is_number(),
                    other => panic!("type {other}"),
                });
                if !fits {
                    wrong(format!("is no {rule}"));
                }
            }
            "enum" if !rule.as_array().unwrap().contains(value) => wrong(format!("is none of {rule}")),
            "required" if value.is_object() => {
                for name in rule.as_array().unwrap().iter().filter_map(Value::as_str) {
                    if value.get(name).is_none() {
                        wrong(format!("has no {name}"));
                    }
                }
            }
            "minimum" if value.as_f64().is_some_and(|number| number < rule.as_f64().unwrap()) => {
                wrong(format!("is below {rule}"));
            }
            "maximum" if value.as_f64().is_some_and(|number| number > rule.as_f64().unwrap()) => {
                wrong(format!("is above {rule}"));
            }
            "minItems" if value.as_array().is_some_and(|items| (items.len() as u64) < rule.as_u64().unwrap()) => {
                wrong(format!("has fewer than {rule} items"));
            }
            "uniqueItems" if rule == &Value::Bool(true) => {
                let items = value.as_array().cloned().unwrap_or_default();
                if items.iter().enumerate().any(|(index, item)| items[..index].contains(item)) {
                    wrong("has an item twice".to_owned());
                }
            }
            "anyOf" | "oneOf" => {
                let fitting = rule.as_array().unwrap().iter().filter(|schema| {
                    let mut own = Vec::new();
                    violations(root, schema, value, path, &mut own);
                    own.is_empty()
                });
                let count = fitting.count();
                if count == 0 || (key == "oneOf" && count > 1) {
                    wrong(format!("fits {count} of {key}"));
                }
            }
            "pattern" => panic!("{path}: patterns are not read here, and nothing that is written has one"),
            _ => {}
        }
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, own) in value.as_object().into_iter().flatten() {
        let path = format!("{path}/{name}");
        match (properties.and_then(|properties| properties.get(name)), schema.get("additionalProperties")) {
            (Some(schema), _) => violations(root, schema, own, &path, found),
            (None, Some(Value::Bool(false))) => found.push(format!("{path}: is no property")),
            (None, Some(schema)) if schema.is_object() => violations(root, schema, own, &path, found),
            (None, _) => {}
        }
    }
    if let Some(schema) = schema.get("items") {
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            violations(root, schema, item, &format!("{path}/{index}"), found);
        }
    }
}

fn check(log: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema");
    let mut found = Vec::new();
    violations(&schema, &schema, log, "", &mut found);
    found
}

fn log(texts: &[(&str, &str)]) -> Value {
    let options = Options { level: Severity::Advice, ..Options::default() };
    let analyses: Vec<_> = texts.iter().map(|(_, text)| analyze(text, &options)).collect();
    let all: Vec<_> = texts.iter().zip(&analyses).map(|((path, text), analysis)| (*path, *text, analysis)).collect();
    serde_json::from_str(&export::sarif::write(&all)).expect("JSON")
}

#[test]
fn the_check_itself_finds_what_is_wrong() {
    let good = log(&[]);
    assert_eq!(check(&good), Vec::<String>::new());
    for (pointer, wrong) in [
        ("/version", serde_json::json!("3.0")),
        ("/runs/0/tool/driver/name", serde_json::json!(7)),
        ("/runs/0/tool/driver", serde_json::json!({ "rules": [] })),
        ("/runs/0/columnKind", serde_json::json!("bytes")),
        ("/runs/0/invocations", serde_json::json!([{ "unheardOf": 1, "executionSuccessful": true }])),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).expect("a value") = wrong;
        assert!(!check(&bad).is_empty(), "{pointer}");
    }
}

#[test]
fn findings_of_every_rule_fit_the_schema() {
    // The log is of the newest release; what a rule about an older one finds, that release refuses or does not know.
    let rules = REGISTRY.iter().filter(|rule| rule.is_about(Release::NEWEST));
    let examples: Vec<(String, String)> =
        rules.map(|rule| (format!("{}.yaml", rule.id), rule.examples().remove(0))).collect();
    let texts: Vec<(&str, &str)> = examples.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let log = log(&texts);
    assert_eq!(check(&log), Vec::<String>::new());
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(results.len() > 60, "{} results", results.len());
    assert!(results.iter().filter(|result| result.get("fixes").is_some()).count() >= 15);
    for result in results {
        let rule = &log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        let path = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!(path, &format!("{}.yaml", result["ruleId"].as_str().unwrap()));
    }
}

#[test]
fn places_problems_and_hidden_findings_are_told() {
    let text = "kind: Pod\nspec:\n  containers:\n    - { name: app, image: 'a:1' }\n    # sidecar-playground: ignore image-not-pinned – \"ours\"\n    - { name: ü, image: fluent/fluentd }\n    - { name: x, image: fluent/fluentd }\nmore: [\n";
    let log = log(&[("my file.yaml", text)]);
    assert_eq!(check(&log), Vec::<String>::new());
    let run = &log["runs"][0];
    let of = |index: usize| &run["results"].as_array().unwrap()[index];
    let pinned: Vec<usize> = (0..run["results"].as_array().unwrap().len())
        .filter(|index| of(*index)["ruleId"] == "image-not-pinned")
        .collect();
    assert_eq!(of(pinned[0])["suppressions"][0]["justification"], "\"ours\"");
    assert!(of(pinned[1]).get("suppressions").is_none());
    let place = &of(pinned[0])["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "my%20file.yaml");
    assert_eq!((&place["region"]["startLine"], &place["region"]["startColumn"]), (&6.into(), &25.into()));
    assert_eq!(run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().len(), 1);
}
