//! Every lesson in `src/lesson/content`: whether it can be read, done, and is true.
//!
//! `LESSON=what-is-a-sidecar cargo test --test lessons` looks at one lesson alone.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

use sidecar_playground::lesson::prose::{self, Block, Inline};
use sidecar_playground::lesson::quiz::{Answers, QuizKind, make};
use sidecar_playground::lesson::{Draft, DraftStep, Folder, Look, StepFiles, goal, read, show, write};
use sidecar_playground::link;
use sidecar_playground::release::{Cluster, Feature, Release};
use sidecar_playground::task::{Done, LessonDone, LessonTask, Task, run};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn content() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lesson/content")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The texts of a lesson. Files that no lesson has are an error.
fn folder(id: &str) -> Folder {
    let path = content().join(id);
    let mut folder = Folder { id: id.to_owned(), ..Folder::default() };
    for name in names(&path) {
        if name == "lesson.yaml" {
            folder.lesson = fs::read_to_string(path.join(name)).unwrap();
            continue;
        }
        let (number, step) = name.split_once('-').unwrap_or_else(|| panic!("{id}/{name} is not NN-step-id"));
        assert!(number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit()), "{id}/{name} is not NN-step-id");
        let mut files = StepFiles { id: step.to_owned(), ..StepFiles::default() };
        for file in names(&path.join(&name)) {
            let text = fs::read_to_string(path.join(&name).join(&file)).unwrap();
            assert!(text.ends_with('\n') && !text.contains('\r'), "{id}/{name}/{file} must end with a line break");
            assert!(files.put(&file, text), "{id}/{name}/{file}: a step has no such file");
        }
        folder.steps.push(files);
    }
    folder
}

/// All lessons, or the one that `LESSON` names.
fn folders() -> Vec<Folder> {
    let wanted = std::env::var("LESSON").ok();
    let ids = names(&content()).into_iter().filter(|id| wanted.as_ref().is_none_or(|wanted| wanted == id));
    let folders: Vec<Folder> = ids.map(|id| folder(&id)).collect();
    assert!(!folders.is_empty(), "there is no such lesson");
    folders
}

fn drafts() -> Vec<Draft> {
    folders().iter().map(|folder| read(folder).0).collect()
}

fn steps(drafts: &[Draft]) -> impl Iterator<Item = (String, &DraftStep)> {
    drafts.iter().flat_map(|draft| draft.steps.iter().map(move |step| (format!("{}/{}", draft.id, step.id), step)))
}

/// What went wrong, all at once, so that an author sees everything in one run.
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_lesson_can_be_read() {
    let mut wrong = Vec::new();
    for folder in folders() {
        let (draft, troubles) = read(&folder);
        let (_, unanswered) = show(&draft);
        for trouble in troubles.iter().chain(&unanswered) {
            let (file, line, message, help) = (&trouble.file, trouble.line, &trouble.message, &trouble.help);
            wrong.push(format!("{}/{file}:{line}: {message}. {help}", folder.id));
        }
    }
    none(&wrong);
}

#[test]
fn a_start_misses_a_goal_and_the_solution_reaches_all() {
    let mut wrong = Vec::new();
    for (path, step) in steps(&drafts()) {
        if step.goals.is_empty() {
            if !step.solution.is_empty() {
                wrong.push(format!("{path}: there is a solution, but no goal"));
            }
            continue;
        }
        let miss = |text: &str| -> Vec<String> {
            let held = goal::check(text, &step.goals, &step.look).into_iter();
            held.filter(|held| !held.holds)
                .map(|held| format!("{}: {}", held.goal, held.why.unwrap_or_default()))
                .collect()
        };
        if miss(&step.start).is_empty() {
            wrong.push(format!("{path}: start.yaml reaches all goals: there is nothing to do"));
        }
        wrong.extend(miss(&step.solution).iter().map(|miss| format!("{path}: solution.yaml misses “{miss}”")));
    }
    none(&wrong);
}

#[test]
fn every_step_has_what_a_learner_needs() {
    let mut wrong = Vec::new();
    for (path, step) in steps(&drafts()) {
        let words = step.text.split_whitespace().count();
        if !(40..=450).contains(&words) {
            wrong.push(format!("{path}: text.md has {words} words; 40 to 450 are read at one sitting"));
        }
        let longest = prose::blocks(&step.text).iter().map(longest_paragraph).max().unwrap_or_default();
        if longest > 90 {
            wrong.push(format!("{path}: a paragraph of text.md has {longest} words; make two of it"));
        }
        if !step.goals.is_empty() && step.hints.len() < 2 {
            wrong.push(format!("{path}: there are goals, but fewer than two hints"));
        }
        if step.goals.is_empty() && step.quiz.is_empty() && step.start.is_empty() {
            wrong.push(format!("{path}: there is nothing to do or to look at"));
        }
        if step.title.chars().count() > 60 {
            wrong.push(format!("{path}: the title is longer than 60 characters"));
        }
    }
    for draft in drafts() {
        if draft.minutes == 0 || draft.minutes > 30 || draft.order == 0 {
            wrong.push(format!("{}: minutes are 1 to 30, and order is above 0", draft.id));
        }
        if !(2..=12).contains(&draft.steps.len()) {
            wrong.push(format!("{}: a lesson has 2 to 12 steps", draft.id));
        }
    }
    none(&wrong);
}

fn longest_paragraph(block: &Block) -> usize {
    match block {
        Block::Paragraph(line) => prose::plain(line).split_whitespace().count(),
        Block::List(_, entries) => entries.iter().flatten().map(longest_paragraph).max().unwrap_or_default(),
        Block::Note(inside) => inside.iter().map(longest_paragraph).max().unwrap_or_default(),
        _ => 0,
    }
}

#[test]
fn every_answer_is_the_computed_one() {
    let mut wrong = Vec::new();
    for (path, step) in steps(&drafts()) {
        for question in &step.quiz {
            // An author says what the answer is, too: else nobody notices when reasons tell another one.
            if matches!(&question.answers, Answers::Computed { expected, .. } if expected.is_empty()) {
                wrong.push(format!("{path}: “{}” has no `answer`", question.ask));
            }
            let quiz = match make(question, step) {
                Ok(quiz) => quiz,
                Err(why) => {
                    wrong.push(format!("{path}: “{}”: {why}", question.ask));
                    continue;
                }
            };
            let text: Vec<String> = quiz.kind.options().iter().map(|option| prose::plain(option)).collect();
            if text.iter().collect::<BTreeSet<_>>().len() != text.len() {
                wrong.push(format!("{path}: “{}” has the same answer twice: {text:?}", question.ask));
            }
            let is_choice = !matches!(quiz.kind, QuizKind::Typed { .. });
            if !quiz.is_right(&quiz.right()) || (is_choice && text.len() < 2) {
                wrong.push(format!("{path}: “{}” has nothing to choose from", question.ask));
            }
        }
    }
    none(&wrong);
}

#[test]
fn links_to_lessons_lead_somewhere() {
    let all: Vec<Draft> = names(&content()).iter().map(|id| read(&folder(id)).0).collect();
    let mut wrong = Vec::new();
    let find = |id: &str| all.iter().find(|draft| draft.id == id);
    for (path, step) in steps(&drafts()) {
        let texts =
            [&step.text, &step.notes].into_iter().chain(&step.hints).chain(step.quiz.iter().map(|own| &own.because));
        for address in texts
            .flat_map(|text| prose::addresses(&prose::blocks(text)).into_iter().map(str::to_owned).collect::<Vec<_>>())
        {
            let Some(rest) = address.strip_prefix("#/learn/") else { continue };
            let (lesson, step) = rest.split_once('/').unwrap_or((rest, ""));
            let there =
                find(lesson).is_some_and(|draft| step.is_empty() || draft.steps.iter().any(|own| own.id == step));
            if !there {
                wrong.push(format!("{path}: {address} leads nowhere"));
            }
        }
    }
    for draft in drafts() {
        let earlier = |id: &String| find(id).is_some_and(|needed| needed.order < draft.order);
        wrong.extend(
            draft
                .needs
                .iter()
                .filter(|id| !earlier(id))
                .map(|id| format!("{}: needs {id}, which does not come before it", draft.id)),
        );
    }
    let mut orders: Vec<u32> = all.iter().map(|draft| draft.order).collect();
    orders.dedup();
    orders.sort_unstable();
    if orders.windows(2).any(|pair| pair[0] == pair[1]) {
        wrong.push(format!("two lessons have the same order: {orders:?}"));
    }
    none(&wrong);
}

/// Words for features, and what the engine knows about them.
const FEATURES: &[(&str, Feature)] = &[
    ("native sidecar", Feature::SidecarContainers),
    ("SidecarContainers", Feature::SidecarContainers),
    ("restartPolicyRules", Feature::ContainerRestartRules),
    ("ContainerRestartRules", Feature::ContainerRestartRules),
    ("RestartAllContainers", Feature::RestartAllContainers),
    ("pod-level resources", Feature::PodLevelResources),
    ("PodLevelResources", Feature::PodLevelResources),
    ("stopSignal", Feature::ContainerStopSignals),
    ("in-place resize", Feature::InPlaceResize),
    ("targetPort", Feature::SidecarNamedTargetPort),
];

/// Releases in which the state of a feature changes: alpha, on, locked.
fn changes(feature: Feature) -> Vec<u8> {
    let state = |minor: u8| {
        let mut cluster = Cluster::new(Release::new(minor).unwrap());
        let by_default = cluster.has(feature);
        cluster.gates = vec![(feature, !by_default)];
        (cluster.knows(feature), by_default, cluster.has(feature) == by_default)
    };
    let (oldest, newest) = (Release::OLDEST.minor(), Release::NEWEST.minor());
    // What was so before the oldest release that is known here is not judged.
    (oldest + 1..=newest).filter(|minor| state(*minor) != state(minor - 1)).collect()
}

/// The releases that a sentence names.
fn releases(sentence: &str) -> Vec<u8> {
    let parts = sentence.split("1.").skip(1);
    let number = |part: &str| part.chars().take_while(char::is_ascii_digit).collect::<String>();
    parts.filter_map(|part| number(part).parse().ok()).filter(|minor| (20..60).contains(minor)).collect()
}

/// Sentences that name a feature and a release in which nothing changes for it, by what the engine does in each release. A
/// sentence about something else that merely happens to have both can be worded apart.
fn contradictions(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for sentence in sentences(text) {
        let named = FEATURES.iter().filter(|(word, _)| sentence.to_lowercase().contains(&word.to_lowercase()));
        let known: BTreeSet<u8> = named.flat_map(|(_, feature)| changes(*feature)).collect();
        for release in releases(&sentence) {
            if Release::new(release).is_none() && release > 30 {
                wrong.push(format!("“{sentence}”: 1.{release} is not known here"));
            } else if !known.is_empty() && !known.contains(&release) {
                wrong.push(format!("“{sentence}”: nothing changes in 1.{release}, but in {known:?}"));
            }
        }
    }
    wrong
}

#[test]
fn sentences_about_releases_agree_with_the_engine() {
    let mut wrong = Vec::new();
    for (path, step) in steps(&drafts()) {
        let reasons = step.quiz.iter().map(|own| &own.because);
        let texts = [&step.text, &step.notes].into_iter().chain(&step.hints).chain(reasons);
        wrong.extend(texts.flat_map(|text| contradictions(text)).map(|odd| format!("{path}: {odd}")));
    }
    none(&wrong);
}

/// The sentences of a text, without its code blocks; cells of tables count as sentences with their row.
fn sentences(text: &str) -> Vec<String> {
    fn lines(blocks: &[Block], found: &mut Vec<String>) {
        for block in blocks {
            match block {
                Block::Heading(_, line) | Block::Paragraph(line) => found.push(prose::plain(line)),
                Block::List(_, entries) => entries.iter().for_each(|entry| lines(entry, found)),
                Block::Table(head, rows) => {
                    let row = |row: &Vec<Vec<Inline>>| {
                        row.iter().map(|cell| prose::plain(cell)).collect::<Vec<_>>().join(" – ")
                    };
                    found.extend([head].into_iter().chain(rows).map(row));
                }
                Block::Note(inside) => lines(inside, found),
                Block::Code(..) | Block::Picture(_) => {}
            }
        }
    }
    let mut found = Vec::new();
    lines(&prose::blocks(text), &mut found);
    found.iter().flat_map(|line| line.split(". ").map(str::to_owned)).collect()
}

#[test]
fn the_check_of_releases_finds_what_is_wrong() {
    assert_eq!(changes(Feature::SidecarContainers), [28, 29, 33]);
    assert_eq!(changes(Feature::ContainerRestartRules), [34, 35]);
    assert_eq!(releases("from 1.29 to 1.33.2, not 1.2"), [29, 33]);
    assert_eq!(sentences("Native sidecars came. In 1.28 as alpha.").len(), 2);
    assert_eq!(contradictions("Native sidecars are alpha in 1.28, on from 1.29 and stable since 1.33."), [""; 0]);
    assert_eq!(contradictions("Before that, 1.30 was current. It knew native sidecars."), [""; 0]);
    for wrong in [
        "Native sidecars are stable since 1.30.",
        "- `restartPolicyRules` came in 1.33",
        "| native sidecar | 1.31 |\n|---|---|\n",
    ] {
        assert_eq!(contradictions(wrong).len(), 1, "{wrong}");
    }
    assert_eq!(contradictions("It comes in 1.44.").len(), 1);
}

#[test]
fn code_of_lessons_can_be_read() {
    let mut wrong = Vec::new();
    for (path, step) in steps(&drafts()) {
        for block in prose::blocks(&step.text) {
            let manifest = match &block {
                Block::Picture(picture) => &picture.manifest,
                Block::Code(language, text) if language == "yaml" => text,
                _ => continue,
            };
            let source = sidecar_playground::source::Source::read(manifest);
            if source.is_broken() {
                wrong.push(format!("{path}: a YAML block of text.md cannot be read: {manifest}"));
            }
        }
        let odd = ["https://www.google", "http://", "TODO", "FIXME", ":latest"];
        wrong
            .extend(odd.iter().filter(|odd| step.text.contains(**odd)).map(|odd| format!("{path}: text.md has {odd}")));
    }
    none(&wrong);
}

#[test]
fn every_lesson_survives_being_edited_and_sent() {
    for folder in folders() {
        let draft = read(&folder).0;
        assert_eq!(read(&write(&draft)), (draft.clone(), Vec::new()), "{}", folder.id);
        assert_eq!(Folder::from_json(&folder.to_json()), (folder.clone(), Vec::new()), "{}", folder.id);
        let Done::Lesson(LessonDone::Made(made)) = run("", &Task::Lesson(LessonTask::Make(Box::new(draft)))) else {
            panic!()
        };
        let link = made.link.expect("a lesson fits into a link");
        assert_eq!(link::read_lesson(&link), Ok(made.json), "{}", folder.id);
    }
}

#[test]
fn a_goal_that_is_wrong_is_said_with_its_place() {
    let step = StepFiles {
        id: "one".to_owned(),
        step: "title: One\ngoals:\n  - shop is the app\n  - shop is the master\nhint: x\n".to_owned(),
        text: "Look at [this](#/rules/no-such-rule).\n".to_owned(),
        start: "kind: Pod\n".to_owned(),
        ..StepFiles::default()
    };
    let folder = Folder { id: "A lesson".to_owned(), lesson: "title: A\nabout: B\n".to_owned(), steps: vec![step] };
    let troubles = read(&folder).1;
    let shown: Vec<String> = troubles.iter().map(|own| format!("{}:{}: {}", own.file, own.line, own.message)).collect();
    assert_eq!(
        shown,
        [
            ":1: `A lesson` cannot be the name of a lesson or a step",
            "one/step.yaml:5: `hint` is not known here",
            "one/step.yaml:4: there is no goal “shop is the master”",
            "one/text.md:1: the link `#/rules/no-such-rule` leads nowhere",
        ]
    );
    assert!(troubles.iter().all(|trouble| !trouble.help.is_empty()));
}

#[test]
fn goals_say_why_and_where() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: { name: shop }\nspec:\n  containers:\n    - { name: shop, image: shop/shop }\n    - name: logs\n      image: fluent/fluent-bit\n";
    let goals: Vec<String> =
        ["logs is a native sidecar", "logs starts before shop", "logs and shop share a volume", "shop is the app"]
            .map(str::to_owned)
            .to_vec();
    let held = goal::check(text, &goals, &Look::default());
    assert_eq!(held.iter().map(|held| held.holds).collect::<Vec<_>>(), [false, false, false, true]);
    let why = |index: usize| held[index].why.as_deref().unwrap_or_default();
    assert_eq!(why(0), "It stands in `containers`; native sidecars stand in `initContainers`.");
    assert!(why(1).starts_with("Both are regular containers."), "{}", why(1));
    assert_eq!(why(2), "`logs` mounts none, `shop` mounts none.");
    assert_eq!((held[0].line, held[1].line), (Some(7), Some(7)));
    let broken = goal::check("kind: Pod\nspec: {", &goals, &Look::default());
    assert!(
        broken.iter().all(|held| !held.holds && held.why.as_deref().unwrap_or_default().contains("cannot be read"))
    );
}

/// A lesson, a step, and lines of its start that are replaced.
type Cheat = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Ways to make the page content that are no solution.
const CHEATS: &[Cheat] = &[
    // Nothing runs, so nothing takes long to stop.
    (
        "jobs-that-never-end",
        "the-last-thirty-seconds",
        &[("      command: [\"sh\", \"-c\", \"while", "      x: [\"sh\", \"-c\", \"while")],
    ),
    ("shutdown-and-grace", "at-delete", &[("      command: ", "      x: ")]),
    ("debugging-with-kubectl", "init-crash-loop", &[("      command: ", "      x: ")]),
    // Nobody calls it any more.
    ("five-use-cases", "auth-proxy", &[("kind: Service", "kind: Something")]),
    ("migrate-a-manifest", "who-points-to-it", &[("targetPort: pool", "targetPort: 8080")]),
    // It costs less because it requests nothing.
    (
        "what-it-costs",
        "the-place-in-the-list",
        &[("        requests: { cpu: \"1\", memory: 64Mi }\n", "        requests: { memory: 64Mi }\n")],
    ),
    // Without any proxy there is nothing that could keep the Job.
    ("meshes-compared", "native-by-a-switch", &[("        linkerd.io/inject: enabled\n", "        a: b\n")]),
    ("meshes-compared", "native-by-a-switch", &[("linkerd.io/inject: enabled", "linkerd.io/inject: disabled")]),
    // Both settings agree that there is no proxy.
    (
        "meshes-compared",
        "mutual-tls",
        &[(
            "        sidecar.istio.io/inject: \"true\"\n    spec:\n      containers:\n        - name: frontend",
            "        sidecar.istio.io/inject: \"false\"\n    spec:\n      containers:\n        - name: frontend",
        )],
    ),
    (
        "meshes-compared",
        "mutual-tls",
        &[
            ("STRICT", "DISABLE"),
            ("        sidecar.istio.io/inject: \"false\"\n", "        sidecar.istio.io/inject: \"true\"\n"),
        ],
    ),
    // Another image is no placeholder, and no injector fills it in.
    (
        "meshes-compared",
        "who-puts-it-there",
        &[
            ("image: auto", "image: istio/proxyv2:1.27.0"),
            ("  labels:\n    sidecar.istio.io/inject: \"true\"\nspec", "spec"),
        ],
    ),
    (
        "meshes-compared",
        "four-meshes",
        &[("        sidecar.istio.io/inject: \"true\"\n", ""), ("image: auto", "image: istio/proxyv2:1.27.0")],
    ),
];

#[test]
fn what_only_looks_done_is_not() {
    let drafts: Vec<Draft> = names(&content()).iter().map(|id| read(&folder(id)).0).collect();
    let mut wrong = Vec::new();
    for (lesson, id, changes) in CHEATS {
        let draft = drafts.iter().find(|draft| draft.id == *lesson).unwrap();
        let step = draft.steps.iter().find(|step| step.id == *id).unwrap();
        let text = changes.iter().fold(step.start.clone(), |text, (from, to)| {
            assert!(text.contains(from), "{lesson}/{id}: start.yaml has no {from:?}");
            text.replace(from, to)
        });
        if goal::check(&text, &step.goals, &step.look).iter().all(|held| held.holds) {
            wrong.push(format!("{lesson}/{id}: done by {changes:?}"));
        }
    }
    none(&wrong);
}

#[test]
fn a_service_leads_to_a_port_as_the_release_finds_it() {
    let text = |target: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{ name: shop, labels: {{ app: shop }} }}\nspec:\n  initContainers: [{{ name: proxy, image: envoyproxy/envoy:v1.31.0, restartPolicy: Always, ports: [{{ name: web, containerPort: 8443 }}] }}]\n  containers: [{{ name: shop, image: a/shop, ports: [{{ containerPort: 8080 }}] }}]\n---\napiVersion: v1\nkind: Service\nmetadata: {{ name: shop }}\nspec: {{ selector: {{ app: shop }}, ports: [{{ port: 80, targetPort: {target} }}] }}\n"
        )
    };
    let why = |target: &str, release: &str| {
        let look = Look { release: release.to_owned(), ..Look::default() };
        let held = goal::check(&text(target), &["a Service leads to proxy".to_owned()], &look).remove(0);
        held.why.filter(|_| !held.holds)
    };
    assert_eq!((why("8443", "1.32"), why("web", "1.33")), (None, None));
    let named = "Kubernetes 1.32 looks for the port name `web` among regular containers only.";
    assert_eq!(why("web", "1.32").as_deref(), Some(named));
    assert_eq!(why("8080", "1.33").as_deref(), Some("The traffic goes to `8080`."));
}

#[test]
fn goals_about_labels_and_meshes_say_why() {
    let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop, labels: { sidecar.istio.io/inject: 'true' } }\nspec:\n  template:\n    metadata: { labels: { app: shop }, annotations: { linkerd.io/inject: enabled } }\n    spec: { containers: [{ name: shop, image: a/shop }] }\n";
    let goals = [
        ("the Pod of shop has the label app set to shop", None),
        ("the Pod of shop has the label app set to web", Some("It is `shop`.")),
        ("the Pod of shop has no label app", Some("It has, with the value `shop`.")),
        (
            "the Pod of shop has the label sidecar.istio.io/inject",
            Some("It stands on Deployment/shop itself, not on its Pods: they get what their template has."),
        ),
        ("the Pod of shop has no annotation sidecar.istio.io/inject", None),
        ("istio-proxy is injected beside shop", Some("No label and no annotation of its Pod asks for it.")),
        ("linkerd-proxy is injected beside shop", None),
        (
            "linkerd-proxy is injected beside shop as a native sidecar",
            Some("It is, but nothing tells Linkerd to make it a native sidecar."),
        ),
        ("nothing is injected beside shop", Some("`linkerd-proxy` is, because of the annotation linkerd.io/inject.")),
        ("calls from shop to shop use mutual TLS", Some("No address of `shop` leads to it.")),
    ];
    let texts: Vec<String> = goals.iter().map(|(goal, _)| (*goal).to_owned()).collect();
    for (held, (goal, why)) in goal::check(text, &texts, &Look::default()).iter().zip(goals) {
        assert_eq!(held.holds, why.is_none(), "{goal}");
        assert_eq!(held.why.as_deref().filter(|_| !held.holds), why, "{goal}");
    }
}
