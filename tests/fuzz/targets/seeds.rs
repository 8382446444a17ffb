//! Where texts come from: the gallery, the examples of the rules, the vectors, and a folder that the user names.

use super::Target;
use sidecar_playground::lesson::{Folder, StepFiles};
use sidecar_playground::link::{self, Settings, Shared};
use sidecar_playground::{gallery, rules};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Words that changes of a text are made of.
pub const WORDS: &[&str] = &[
    "kind: Pod\n",
    "kind: Job\n",
    "kind: Deployment\n",
    "kind: CronJob\n",
    "kind: List\n",
    "kind: Secret\n",
    "kind: Service\n",
    "apiVersion: v1\n",
    "spec:\n",
    "metadata:\n",
    "containers:\n",
    "initContainers:\n",
    "ephemeralContainers:\n",
    "template:\n",
    "items:\n",
    "- name: ",
    "image: ",
    "restartPolicy: Always",
    "restartPolicy: Never",
    "command: [sh, -c, ",
    "args: ",
    "env:\n",
    "ports:\n",
    "containerPort: ",
    "volumeMounts:\n",
    "mountPath: /x",
    "volumes:\n",
    "emptyDir: {}",
    "startupProbe: ",
    "livenessProbe: ",
    "readinessProbe: ",
    "lifecycle: ",
    "preStop: ",
    "exec: ",
    "sleep: {seconds: 1}",
    "httpGet: ",
    "terminationGracePeriodSeconds: ",
    "resources: ",
    "limits: {cpu: 1, memory: 1Gi}",
    "requests: ",
    "annotations:\n",
    "labels: ",
    "services:\n",
    "depends_on: ",
    "network_mode: service:",
    "healthcheck: ",
    "backoffLimit: ",
    "sidecar.istio.io/inject: \"true\"",
    "fluent/fluent-bit",
    "istio/proxyv2",
    "envoyproxy/envoy",
    "quitquitquit",
    "pkill ",
    "|\n",
    "|-\n",
    ">-\n",
    "|2\n",
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
    "!!binary ",
    "? ",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "{",
    "}",
    "[",
    "]",
    ", ",
    ": ",
    "\"",
    "'",
    "#",
    "# c\n",
    "\t",
    "\r\n",
    "\n",
    "\n  ",
    "\n    ",
    "\n      ",
    "  ",
    "{{ .x }}",
    "{{- if .y }}",
    "{% x %}",
    "~",
    "null",
    "true",
    "0",
    "-1",
    "99999999999999999999",
    "1e999",
    "0x7f",
    "é",
    "日本",
    "😀",
    "\u{feff}",
    "\u{202e}",
    "\u{2028}",
    "\u{85}",
    "\u{0}",
    "\u{7f}",
    "\u{fffe}",
    "\\u0000",
    "\\x",
    "<script>",
    "]]>",
    "-->",
    "end",
    "click a href",
    "%%{init: {}}%%",
    "```",
    "javascript:",
    "\" onload=\"",
    "exit:app@30=1",
    "delete@60",
    "grace=5",
    "crashes:app=3",
    "never-ready:",
    "slow-stop:",
    "oom:",
    "s=1.",
    "1.29",
];

/// Longer texts would take most of the time.
const LONGEST: usize = 8_000;

/// Texts that a target begins with.
pub fn seeds(target: &Target) -> Vec<String> {
    let texts = manifests();
    let scenarios = [
        "",
        "delete@60 grace=5",
        "exit:shop@30=1 never-ready:logs",
        "crashes:shop=7 reboot@40",
        "no-image:logs deaf:shop",
    ];
    match target.name {
        "simulate" => {
            let started = texts.iter().enumerate();
            started.map(|(index, text)| format!("{}\n{text}", scenarios[index % scenarios.len()])).collect()
        }
        "session" => {
            let changes = "40:3:7 200:0:2 9:30:60 77:5:x 300:200:70";
            texts.iter().map(|text| format!("{changes}\n{text}")).collect()
        }
        "link" => {
            let settings = Settings { kind: "timeline".to_owned(), k8s: "1.29".to_owned(), ..Settings::default() };
            let links =
                texts.iter().filter_map(|text| link::write(&Shared { text: text.clone(), settings: settings.clone() }));
            links.chain(texts.iter().take(40).cloned()).collect()
        }
        "lesson" => {
            let goals = "app is the app; the Pod becomes ready; logs is a native sidecar";
            lessons().into_iter().chain(texts.iter().step_by(9).map(|text| format!("{goals}\n{text}"))).collect()
        }
        _ => texts,
    }
}

/// The lessons of the site, as the one text that a lesson is sent as.
fn lessons() -> Vec<String> {
    let mut found = Vec::new();
    for path in files(&root().join("src/lesson/content")) {
        let is_first = path.ends_with("lesson.yaml");
        let Some(folder) = path.parent().filter(|_| is_first) else { continue };
        let lesson = fs::read_to_string(&path).expect("a file that can be read");
        let mut sent = Folder { lesson, ..Folder::default() };
        let mut steps: Vec<PathBuf> = files(folder).iter().filter_map(|path| Some(path.parent()?.to_owned())).collect();
        steps.dedup();
        for step in steps.iter().filter(|step| *step != folder) {
            let mut own = StepFiles { id: format!("step-{}", sent.steps.len()), ..StepFiles::default() };
            for file in files(step) {
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                own.put(&name, fs::read_to_string(&file).expect("a file that can be read"));
            }
            sent.steps.push(own);
            // Short ones are changed more often than long ones.
            found.push(Folder { steps: vec![sent.steps[sent.steps.len() - 1].clone()], ..sent.clone() }.to_json());
        }
    }
    found
}

fn manifests() -> Vec<String> {
    let examples = gallery::examples().iter().filter_map(|example| gallery::text(example.id)).map(str::to_owned);
    let mut texts: Vec<String> = examples.collect();
    texts.extend(rules::REGISTRY.iter().flat_map(|rule| rule.examples()));
    texts.extend(vectors());
    if let Some(folder) = env::var_os("SIDECAR_CORPUS") {
        texts.extend(files(Path::new(&folder)).iter().filter_map(|path| fs::read_to_string(path).ok()));
    }
    texts.retain(|text| text.len() <= LONGEST);
    texts
}

/// The folder of the project, in whose `tests/fuzz` the fuzzer is.
fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    if own.ends_with("tests/fuzz") { own.join("../..") } else { own.to_owned() }
}

/// The manifests of the vectors.
fn vectors() -> Vec<String> {
    let text = fs::read_to_string(root().join("tests/vectors/validation.json")).expect("the vectors");
    let read: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let all = read["vectors"].as_array().expect("a list");
    all.iter().filter_map(|vector| vector["manifest"].as_str().map(str::to_owned)).collect()
}

/// All files below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}
