//! What the engine says about text that cannot be read, and what it still shows.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

use sidecar_playground::source::{Lines, ProblemKind, Source};
use sidecar_playground::{Options, analyze};

/// Line, column, message, and cause with help, of the first problem.
fn first_problem(text: &str) -> (u32, u32, String, String) {
    let analysis = analyze(text, &Options::default());
    let (_, span, problem) = analysis.problems().next().expect("a problem");
    let position = Lines::new(text).position(span.start);
    let more = problem.cause.iter().chain(&problem.help).cloned().collect::<Vec<_>>().join(" ");
    (position.line, position.column, problem.message.clone(), more)
}

#[test]
fn mistakes_are_named_with_their_place_and_a_way_out() {
    let pod = "kind: Pod\nspec:\n  containers:\n    - name: app\n";
    let cases = [
        (format!("{pod}\t- name: b\n"), 5, 1, "a tab stands", "Replace each tab by two spaces."),
        ("a: \"unterminated".into(), 1, 4, "a quote is opened and never closed", "Close the quote"),
        ("a: b: c".into(), 1, 5, "a `key: value` is not allowed here", "must be quoted"),
        ("a: 1\n  b: 2\n".into(), 2, 3, "a `key: value` is not allowed here", "align the line"),
        ("a:\n  - b\n c: d\n".into(), 3, 2, "the indentation of this line", "same column"),
        (
            "    - name:app\n      image: x\n".into(),
            1,
            5,
            "a `key: value` is not allowed",
            "Write `name: ` with a space.",
        ),
        ("a: [1, 2\n".into(), 1, 4, "a `[` is opened and never closed", "Close the bracket."),
        ("a: {b: 1\nc: 2\n".into(), 2, 2, "a `,` or `}` is missing", "comma"),
        ("x: @foo".into(), 1, 4, "a value cannot start with `@`", "single quotes"),
        ("```yaml\na: 1\n```\n".into(), 1, 1, "a value cannot start with", "Delete the lines with ```."),
        ("a: 1\n<<<<<<< HEAD\nb: 2".into(), 2, 1, "neither a `key: value` nor", "Resolve the conflict"),
        ("a: 'it's'".into(), 1, 8, "text after a closing quote", "other kind of quotes"),
        ("a: *x".into(), 1, 4, "`*x` refers to an anchor", "Define it"),
        ("a: 1\nb: 2\na: 3\n".into(), 3, 1, "the key `a` is given twice", "Remove one"),
        ("PNG\0\u{1}\u{2}".into(), 1, 4, "this is not text", "Paste the manifest itself"),
    ];
    for (text, line, column, message, more) in cases {
        let found = first_problem(&text);
        assert_eq!((found.0, found.1), (line, column), "{text:?} gave {found:?}");
        assert!(found.2.contains(message) && found.3.contains(more), "{text:?} gave {found:?}");
    }
}

#[test]
fn a_broken_document_does_not_hide_the_others() {
    let text = "kind: Pod\nspec: { containers: [{ name: a }] }\n---\nkind: Pod\nspec: [\n---\nkind: Pod\nspec: { containers: [{ name: c }] }\n";
    let analysis = analyze(text, &Options::default());
    let names: Vec<_> =
        analysis.model.workloads.iter().map(|workload| workload.pod.containers[0].display_name()).collect();
    assert_eq!(names, ["a", "c"]);
    assert!(analysis.source.documents[1].is_broken());
    assert!(!analysis.source.documents[2].is_broken());
}

#[test]
fn what_stands_above_a_mistake_is_still_understood() {
    let text =
        "kind: Pod\nspec:\n  containers:\n    - name: app\n      image: nginx\n    - name: helper\n     image: x\n";
    let analysis = analyze(text, &Options::default());
    let containers = &analysis.model.workloads[0].pod.containers;
    assert_eq!(containers.iter().map(|container| container.display_name()).collect::<Vec<_>>(), ["app", "helper"]);
}

#[test]
fn an_unrendered_template_is_read_around_its_parts() {
    let text = "{{- if .Values.on }}\nkind: Pod\nmetadata:\n  name: {{ include \"x\" . }}\nspec:\n  containers:\n    - name: app\n      image: {{ .Values.image }}:{{ .Values.tag }}\n      {{- with .Values.env }}\n      env: {{ toYaml . | nindent 8 }}\n      {{- end }}\n{{- end }}\n";
    let analysis = analyze(text, &Options::default());
    assert!(analysis.source.documents[0].is_template);
    assert!(!analysis.source.is_broken(), "{:?}", analysis.source.documents[0].problems);
    let container = &analysis.model.workloads[0].pod.containers[0];
    assert_eq!(container.display_name(), "app");
    assert_eq!(
        container.image.as_ref().map(|image| image.value.text.as_str()),
        Some("{{ .Values.image }}:{{ .Values.tag }}")
    );
    assert!(analysis.problems().any(|(_, _, problem)| problem.message.contains("has not been rendered")));

    let quoted = "kind: Pod\nmetadata: { name: {{ .n }} }\nspec:\n  containers:\n    - name: a\n      image: \"{{ .repo }}:{{ .tag }}\"\n";
    let analysis = analyze(quoted, &Options::default());
    let image = analysis.model.workloads[0].pod.containers[0].image.as_ref().map(|image| image.value.text.clone());
    assert_eq!(image.as_deref(), Some("{{ .repo }}:{{ .tag }}"));
}

#[test]
fn of_a_stream_only_the_value_with_the_template_says_so() {
    for (text, templates) in
        [("{}{%", 1), ("{\"a\": 1}\n{\"b\": {{ .x }}}\n", 1), ("{\"a\": {{ .x }}}\n{\"b\": 1}\n", 1)]
    {
        let analysis = analyze(text, &Options::default());
        let documents = &analysis.source.documents;
        assert_eq!(documents.len(), 2, "{text}");
        assert_eq!(documents.iter().filter(|document| document.is_template).count(), templates, "{text}");
        for problem in documents.iter().flat_map(|document| document.problems.iter().map(move |own| (document, own))) {
            let (document, problem) = problem;
            assert!(problem.span.end as usize <= document.text.len(), "{text}: {problem:?}");
        }
    }
}

#[test]
fn a_character_that_yaml_refuses_is_named_and_hides_nothing_behind_its_comment() {
    for (character, name) in [('\u{3}', "0003"), ('\u{fffe}', "FFFE")] {
        let text = format!("# a{character}\n---\nkind: Pod\nspec: {{ containers: [{{ name: a }}] }}\n");
        let analysis = analyze(&text, &Options::default());
        assert_eq!(analysis.model.workloads.len(), 1);
        let messages: Vec<_> = analysis.problems().map(|(_, _, problem)| problem.message.as_str()).collect();
        assert_eq!(messages, [format!("the character U+{name} is not allowed in YAML")]);
    }
}

#[test]
fn braces_inside_quotes_are_no_template() {
    let text = "kind: Pod\nspec: { containers: [{ name: a, args: [\"{{inputs.parameters.x}}\"] }] }\n";
    let analysis = analyze(text, &Options::default());
    assert!(!analysis.source.documents[0].is_template);
    assert_eq!(analysis.model.workloads[0].pod.containers[0].args[0].value, "{{inputs.parameters.x}}");
}

#[test]
fn json_is_read_with_tabs_streams_and_escapes() {
    let text = "{\n\t\"kind\": \"Pod\",\n\t\"spec\": {\"containers\": [{\"name\": \"a\\u00e9\\/b\"}]}\n}\n{\"kind\": \"Pod\", \"spec\": {\"containers\": [{\"name\": \"second\"}]}}\n";
    let analysis = analyze(text, &Options::default());
    let names: Vec<_> =
        analysis.model.workloads.iter().map(|workload| workload.pod.containers[0].display_name()).collect();
    assert_eq!(names, ["aé/b", "second"], "{:?}", analysis.source);
}

#[test]
fn byte_order_marks_line_ends_and_flow_style_change_nothing() {
    let plain = "kind: Pod\nspec:\n  containers:\n    - name: app\n      image: a\n    - name: log-shipper\n      image: fluent/fluent-bit\n";
    let roles = |text: &str| -> Vec<_> {
        let analysis = analyze(text, &Options::default());
        assert_eq!(analysis.problems().count(), 0, "{text:?}");
        analysis.verdicts[0].iter().map(|verdict| verdict.role).collect()
    };
    let expected = roles(plain);
    assert_eq!(expected.len(), 2);
    assert_eq!(roles(&format!("\u{feff}{plain}")), expected);
    assert_eq!(roles(&plain.replace('\n', "\r\n")), expected);
    assert_eq!(
        roles(
            "{kind: Pod, spec: {containers: [{name: app, image: a,}, {name: log-shipper, image: fluent/fluent-bit,},],},} # KYAML\n"
        ),
        expected
    );
}

#[test]
fn merge_keys_and_aliases_are_followed_without_expanding_them() {
    let text = "x: &base { image: shared, env: [{ name: A, value: b }] }\nkind: Pod\nspec:\n  containers:\n    - { <<: *base, name: a }\n    - <<: [*base]\n      name: b\n      image: own\n";
    let analysis = analyze(text, &Options::default());
    let containers = &analysis.model.workloads[0].pod.containers;
    assert_eq!(containers[0].image.as_ref().unwrap().value.text, "shared");
    assert_eq!(containers[1].image.as_ref().unwrap().value.text, "own");
    assert_eq!(containers[1].env[0].name, "A");
}

#[test]
fn no_text_can_hang_or_crash_the_reading() {
    let bomb: String = (1..40).fold(String::from("a0: &a0 [x]\n"), |text, level| {
        format!("{text}a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 9].join(", "))
    });
    let texts = [
        bomb,
        "[".repeat(100_000),
        "{a: ".repeat(20_000),
        "- ".repeat(5_000),
        (0..3_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(),
        "a: &a [*a, *a]\n<<: *a\n".to_owned(),
        "? [a, {b: c}]\n: d\n".to_owned(),
        format!("kind: Pod\nspec: {{ containers: [{{ name: {} }}] }}", "x".repeat(1_000_000)),
        "---\n".repeat(100_000),
        "key: 1\n".repeat(50_000),
        "\u{feff}\u{feff}".to_owned(),
        "%YAML 9.9\n%TAG ! x\n---\n!!binary abc\n".to_owned(),
    ];
    for text in texts {
        let source = Source::read(&text);
        assert!(source.documents.len() <= 100_001);
        let _ = analyze(&text, &Options::default());
    }
}

#[test]
fn a_text_beyond_the_limit_is_read_up_to_its_last_whole_document() {
    let document = format!("---\nkind: Pod\nspec: {{ containers: [{{ name: a }}] }}\n# {}\n", "x".repeat(1024 * 1024));
    let text = document.repeat(40);
    let source = Source::read(&text);
    assert_eq!(source.problems.len(), 1);
    assert_eq!(source.problems[0].kind, ProblemKind::Unreadable);
    assert!(source.problems[0].message.contains("32 MiB"));
    assert!(source.documents.len() >= 30 && source.documents.len() < 40);
}

#[test]
fn what_is_tagged_as_text_is_no_number() {
    for tagged in ["! 12", "!!str 12", "!<tag:yaml.org,2002:str> 12", "\"12\""] {
        let source = Source::read(&format!("a: {tagged}\n"));
        let value = source.documents[0].root().and_then(|root| root.get("a")).expect("a value");
        assert_eq!((value.int(), value.text()), (None, Some("12")), "{tagged}");
    }
}
