//! What must hold for any lesson, whoever wrote it, and for any answer of a learner.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

use proptest::prelude::*;
use sidecar_playground::lesson::goal::{self, FAMILIES, Goal};
use sidecar_playground::lesson::prose::{addresses, blocks};
use sidecar_playground::lesson::quiz::{Answers, Question, asks, make};
use sidecar_playground::lesson::{DraftStep, Folder, Look, StepFiles, read, show, write};

/// Text made of what lessons and mistakes in them are made of.
fn lesson_like() -> impl Strategy<Value = String> {
    let words = [
        "title: ",
        "goals:\n",
        "hints:\n",
        "quiz:\n",
        "- ",
        "  - ",
        "ask: x\n",
        "right: ",
        "wrong: [a, b]\n",
        "compute: start order\n",
        "because: y\n",
        "of: solution\n",
        "shop is the app\n",
        "\n",
        "\n\n",
        "**",
        "*",
        "_",
        "`",
        "```",
        "```yaml picture\n",
        "[a](#/rules/port-clash)",
        "[a](javascript:b)",
        "](",
        "<https://a.b>",
        "| a | b |\n|---|---|\n",
        "> ",
        "1. ",
        "# ",
        "\\",
        "é",
        "😀",
        "\t",
        "{",
        "\"",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..60).prop_map(|words| words.concat())
}

const PODS: &[&str] = &[
    "",
    "kind: Pod\nspec: { containers: [] }\n",
    "kind: Pod\nspec: { containers: [{ name: shop, image: a }, { name: logs, image: fluent/fluent-bit }] }\n",
    "kind: Pod\nspec: { initContainers: [{ name: logs, image: b, restartPolicy: Always }], containers: [{ name: shop, image: a }] }\n",
    "kind: Job\nspec: { template: { spec: { containers: [{ name: shop, image: a }, { name: logs, image: fluent/fluent-bit }] } } }\n",
    "services: { shop: { image: a }, logs: { image: b } }\n",
    "kind: Service\nmetadata: { name: shop }\n",
    "kind: Pod\nspec: {",
];

/// A pattern with words in its slots.
fn filled(pattern: &str) -> String {
    let word = |word: &str| {
        match word {
            "NAME" => "shop",
            "OTHER" => "logs",
            "NUMBER" => "3",
            "AMOUNT" => "250m",
            "RESOURCE" => "cpu",
            "RULE" => "port-clash",
            "RELEASE" => "1.28",
            "CLASS" => "Burstable",
            "LEVEL" => "advice",
            "PHASE" => "Failed",
            "VOLUME" => "logs",
            "KIND" => "Service",
            "FIELD" => "image",
            "VALUE" => "a",
            "KEY" => "linkerd.io/inject",
            other => return other.to_owned(),
        }
        .to_owned()
    };
    pattern.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_goal_has_an_answer_for_every_text() {
    let goals: Vec<String> =
        FAMILIES.iter().flat_map(|(_, patterns)| *patterns).map(|pattern| filled(pattern.text)).collect();
    let mut seen = vec![[false; 2]; goals.len()];
    let more = [
        "kind: Pod\nspec: { terminationGracePeriodSeconds: 5, containers: [{ name: shop, image: b, ports: [{ containerPort: 3 }], volumeMounts: [{ name: logs, mountPath: /a, readOnly: true }] }, { name: logs, image: fluent/fluent-bit, ports: [{ containerPort: 4 }], volumeMounts: [{ name: logs, mountPath: /a }] }], volumes: [{ name: logs, emptyDir: {} }] }\n",
    ];
    for text in PODS.iter().chain(&more) {
        for what_if in ["", "deaf:shop", "crashes:shop=1", "delete@5"] {
            let look = Look { what_if: what_if.to_owned(), ..Look::default() };
            for (index, held) in goal::check(text, &goals, &look).iter().enumerate() {
                assert!(
                    held.holds
                        || held.why.as_ref().is_some_and(|why| why.ends_with(['.', ')', '"']) || why.contains(':')),
                    "{held:?}"
                );
                seen[index][usize::from(held.holds)] = true;
            }
        }
    }
    // Nothing is a goal that cannot be missed.
    let always: Vec<&String> = goals.iter().zip(&seen).filter(|(_, seen)| !seen[0]).map(|(goal, _)| goal).collect();
    assert!(always.is_empty(), "{always:?}");
    let never = seen.iter().filter(|seen| !seen[1]).count();
    assert!(never < goals.len() / 2, "{never} goals hold nowhere");
}

#[test]
fn every_question_has_an_answer_or_a_reason() {
    for text in PODS {
        for ask in asks::ASKS {
            let answers = Answers::Computed { question: filled(ask.text), options: Vec::new(), expected: Vec::new() };
            let question = Question { ask: "x".to_owned(), answers, ..Question::default() };
            let step = DraftStep { start: (*text).to_owned(), ..DraftStep::default() };
            match make(&question, &step) {
                Ok(quiz) => assert!(quiz.is_right(&quiz.right()), "{}", ask.text),
                Err(why) => assert!(why.ends_with('.'), "{}: {why}", ask.text),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_lesson_can_be_read_shown_and_written(text in lesson_like(), step in lesson_like(), start in prop::sample::select(PODS.to_vec())) {
        let files = StepFiles { id: "one".to_owned(), step, text, start: start.to_owned(), ..StepFiles::default() };
        let folder = Folder { id: "mine".to_owned(), lesson: files.step.clone(), steps: vec![files] };
        prop_assert_eq!(Folder::from_json(&folder.to_json()).0, folder.clone());
        let (draft, _) = read(&folder);
        let _ = show(&draft);
        prop_assert_eq!(read(&write(&draft)).0, draft);
    }

    #[test]
    fn any_text_is_no_lesson_or_one_and_no_panic(text in "\\PC{0,200}") {
        let (folder, _) = Folder::from_json(&text);
        let _ = show(&read(&folder).0);
        let _ = Goal::parse(&text);
        let _ = asks::parse(&text);
    }

    #[test]
    fn no_text_leads_anywhere_but_here_or_out_over_https(text in lesson_like()) {
        for address in addresses(&blocks(&text)) {
            prop_assert!(address.starts_with("#/") || address.starts_with("https://"));
        }
    }

    #[test]
    fn goals_that_are_suggested_hold(text in prop::sample::select(PODS.to_vec())) {
        let look = Look::default();
        let goals = goal::suggest(text, &look);
        prop_assert!(goal::check(text, &goals, &look).iter().all(|held| held.holds));
    }
}
