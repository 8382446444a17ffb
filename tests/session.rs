//! A text that is edited: whatever was changed in which order, a session says what a fresh look at its text says.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

use proptest::prelude::*;
use sidecar_playground::finding::Severity;
use sidecar_playground::rules::REGISTRY;
use sidecar_playground::session::{Session, view};
use sidecar_playground::source::{Change, Lines};
use sidecar_playground::view::{Progress, Range, Request, View, Writing};
use sidecar_playground::{Options, analyze, gallery};

fn request() -> Request {
    Request { kind: "topology".to_owned(), writing: Writing::Outline, level: Severity::Advice, ..Request::default() }
}

/// Texts in which documents have to do with each other: the examples, and those of all rules.
fn texts() -> Vec<String> {
    let examples = gallery::examples().iter().filter_map(|example| gallery::text(example.id)).map(str::to_owned);
    examples.chain(REGISTRY.iter().flat_map(|rule| rule.examples())).collect()
}

fn finish(session: &mut Session<true>, request: &Request) {
    while session.work(request) {}
}

/// What is drawn before the rules have run is what a fresh look draws; says whether anything was.
fn check_sketch(session: &mut Session<true>, text: &str, workload: usize) -> bool {
    let request = Request { workload, writing: Writing::Picture, ..request() };
    let sketch = session.sketch(&request).to_vec();
    let contents = |view: View| view.pictures.into_iter().map(|picture| picture.content).collect::<Vec<_>>();
    if !sketch.is_empty() {
        assert_eq!(sketch, contents(view(text, &request)), "{text}");
        assert_eq!(sketch, contents(session.view(&request)), "{text}");
    }
    !sketch.is_empty()
}

/// The findings of a session are those of the front door, which knows no session.
fn check(session: &mut Session<true>, text: &str, request: &Request) {
    finish(session, request);
    let own = session.view(request);
    assert_eq!(own, view(text, request), "{text}");
    assert_eq!(own.progress, None);
    let options = Options { level: Severity::Advice, ..request.options() };
    let analysis = analyze(text, &options);
    let lines = Lines::new(text);
    let told: Vec<_> =
        own.findings.iter().map(|own| (own.rule.as_str(), own.message.as_str(), own.range.from)).collect();
    let shown =
        analysis.findings.iter().filter(|finding| finding.hidden.is_none() && finding.severity >= request.level);
    let expected: Vec<_> = shown
        .map(|finding| {
            let from = lines.utf16(analysis.source.span(finding.place).start);
            (finding.rule, finding.message.as_str(), from)
        })
        .collect();
    assert_eq!(told, expected, "{text}");
    let titles: Vec<String> = analysis.model.workloads.iter().map(|workload| workload.title()).collect();
    assert_eq!(*own.workloads, titles);
    assert_eq!(own.problems.len(), analysis.problems().count());
}

/// A change, as shares of the text's length, and what it puts in: a piece of another text or something short.
fn any_change() -> impl Strategy<Value = (f64, f64, Insert)> {
    let short = prop::sample::select(vec![
        "",
        "a",
        "\n",
        "---\n",
        "\n---\n",
        "...\n",
        "  ",
        ":",
        "'",
        "é",
        "😀",
        "# ",
        "kind: Pod\n",
        "{{ x }}",
        "\u{feff}",
        "- *x\n",
    ]);
    let insert = prop_oneof![
        4 => short.prop_map(|text| Insert::Short(text.to_owned())),
        2 => (any::<prop::sample::Index>()).prop_map(Insert::Document),
        1 => Just(Insert::Short(String::new())),
    ];
    (0.0..1.0, prop_oneof![3 => Just(0.0), 2 => 0.0..0.02, 1 => 0.0..0.6], insert)
}

#[derive(Clone, Debug)]
enum Insert {
    Short(String),
    /// One of the texts, behind a marker.
    Document(prop::sample::Index),
}

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_changes_give_what_a_fresh_look_gives(
        start in prop::collection::vec(any::<prop::sample::Index>(), 1..6),
        changes in prop::collection::vec(any_change(), 1..8),
        workload in 0..4_usize,
        steps in 0..6_usize,
    ) {
        let texts = texts();
        let mut text: String = start.iter().map(|index| format!("---\n{}\n", index.get(&texts))).collect();
        let request = Request { workload, ..request() };
        let mut session = Session::<true>::default();
        session.set(&text);
        for (from, length, insert) in changes {
            let insert = match insert {
                Insert::Short(text) => text,
                Insert::Document(index) => format!("\n---\n{}\n---\n", index.get(&texts)),
            };
            let all = units(&text);
            let at = |share: f64| (share * all.len() as f64) as usize;
            let (from, to) = (at(from), at((from + length).min(1.0)));
            // Editors do not part a character either.
            let is_whole = |at: usize| String::from_utf16(&all[..at]).is_ok();
            prop_assume!(is_whole(from) && is_whole(to));
            text = String::from_utf16(&all[..from]).unwrap() + &insert + &String::from_utf16(&all[to..]).unwrap();
            session.change(&Change { from: from as u32, to: to as u32, insert });
            prop_assert_eq!(session.units() as usize, units(&text).len());
            check_sketch(&mut session, &text, workload);
            // Some changes come while there is still work to do.
            for _ in 0..steps {
                session.work(&request);
            }
        }
        check(&mut session, &text, &request);
        session.set("");
        check(&mut session, "", &request);
    }
}

#[test]
fn objects_that_have_to_do_with_others_have_a_say_whenever_they_come_and_go() {
    for rule in REGISTRY {
        for text in rule.examples() {
            let documents: Vec<&str> = text.split("---\n").collect();
            for left_out in 0..documents.len() {
                let mut rest = documents.clone();
                rest.remove(left_out);
                let rest = rest.join("---\n");
                let mut session = Session::<true>::default();
                session.set(&rest);
                finish(&mut session, &request());
                session.set(&text);
                check(&mut session, &text, &request());
                session.set(&rest);
                check(&mut session, &rest, &request());
            }
        }
    }
}

#[test]
fn a_request_of_another_kind_is_answered_as_if_it_were_the_first() {
    let text = texts().into_iter().take(24).collect::<Vec<_>>().join("\n---\n");
    let mut session = Session::<true>::default();
    session.set(&text);
    for workload in [7, 1_000_000] {
        let ignored = vec![("log-collector".to_owned(), "image fluent/fluent-bit:3.1 is Fluent Bit".to_owned())];
        for request in [
            Request { workload, ..request() },
            Request { workload, k8s: "1.28".to_owned(), kind: "timeline".to_owned(), ..request() },
            Request { workload, ignored, what_if: "delete@60".to_owned(), kind: "timeline".to_owned(), ..request() },
            Request { workload, level: Severity::Error, writing: Writing::Mermaid, ..request() },
        ] {
            check(&mut session, &text, &request);
        }
    }
}

fn pods(count: usize) -> String {
    let pod = |number: usize| {
        format!(
            "kind: Pod\nmetadata: {{ name: p{number} }}\nspec:\n  containers:\n    - {{ name: a, image: x/a }}\n    - {{ name: b, image: fluent/fluent-bit }}\n"
        )
    };
    (0..count).map(pod).collect::<Vec<_>>().join("---\n")
}

#[test]
fn of_a_large_text_the_workload_that_is_asked_for_is_there_at_once_and_the_rest_follows() {
    let text = pods(2000);
    let request = Request { workload: 3, ..request() };
    let mut session = Session::<true>::default();
    session.set(&text);
    let first = session.view(&request);
    assert_eq!(first.shown, Some(3));
    assert!(!first.pictures.is_empty() && !first.findings.is_empty());
    assert!(first.workloads.len() < 2000);
    let mut last = Progress { done: 0, all: 2000 };
    assert_eq!(first.progress.map(|progress| progress.all), Some(last.all));
    while session.work(&request) {
        let Some(progress) = session.view(&request).progress else { continue };
        assert!(progress.done >= last.done && progress.done <= progress.all, "{progress:?} after {last:?}");
        last = progress;
    }
    check(&mut session, &text, &request);
}

#[test]
fn pictures_are_there_before_the_rules_have_run() {
    for text in texts() {
        let mut session = Session::<true>::default();
        session.set(&text);
        let fresh = view(&text, &request());
        let is_possible = fresh.workloads.len() == 1 && !fresh.is_broken && fresh.problems.is_empty();
        assert!(check_sketch(&mut session, &text, 0) || !is_possible, "{text}");
        finish(&mut session, &request());
        assert!(!check_sketch(&mut session, &text, 0), "the answer comes as soon");
        check(&mut session, &text, &request());
    }
}

#[test]
fn a_keystroke_leaves_all_other_documents_alone() {
    let text = pods(300);
    let mut session = Session::<true>::default();
    session.set(&text);
    finish(&mut session, &request());
    let at = text.find("x/a").unwrap() as u32;
    session.change(&Change { from: at, to: at + 1, insert: "y".to_owned() });
    session.view(&request());
    assert!(!session.work(&request()), "all other workloads are known still");
}

#[test]
fn only_as_many_findings_are_listed_as_are_wanted_and_those_in_sight() {
    let text = pods(100);
    let all = view(&text, &request());
    assert!(all.findings.len() >= 100 && all.in_sight.is_empty());
    let middle = all.findings[60].range.from;
    let few = view(&text, &Request { most: Some(10), sight: Range { from: middle, to: middle + 1 }, ..request() });
    assert_eq!(few.findings, all.findings[..10]);
    assert!(few.in_sight.contains(&all.findings[60]));
    assert!(few.in_sight.len() < 10);
    assert_eq!(few.counts, all.counts);
}
