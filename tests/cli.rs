//! The command line, as scripts use it.
#![cfg(feature = "cli")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

const MANIFEST: &str = "---\nkind: Pod\nmetadata: { name: shop, namespace: eu }\nspec:\n  containers:\n    - { name: shop, image: example.com/shop }\n    - { name: logs, image: fluent/fluent-bit:3.1 }\n  initContainers:\n    - { name: proxy, image: envoyproxy/envoy, restartPolicy: Always }\n";

fn sidecar(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sidecar"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that ends early closes its input.
    let _ = child.stdin.take().expect("an input").write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn containers_come_as_one_json_object_a_line() {
    let output = sidecar(&["analyze", "--format", "containers", "-"], MANIFEST);
    assert!(output.status.success());
    let lines: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 3);
    let first = &lines[0];
    let keys: Vec<&str> = first.as_object().expect("an object").keys().map(String::as_str).collect();
    let mut wanted = [
        "path",
        "doc_index",
        "kind",
        "namespace",
        "name",
        "container",
        "field",
        "role",
        "category",
        "confidence",
        "evidence",
    ];
    let mut keys = keys;
    keys.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(keys, wanted);
    assert_eq!(first["path"], "-");
    assert_eq!(first["field"], "initContainers");
    assert_eq!(first["role"], "native-sidecar");
    assert_eq!((&lines[1]["role"], &lines[1]["category"]), (&"app".into(), &serde_json::Value::Null));
    assert_eq!((&lines[2]["role"], &lines[2]["category"]), (&"sidecar".into(), &"log-shipper".into()));
    assert_eq!((&first["namespace"], &first["doc_index"]), (&"eu".into(), &0.into()));
}

#[test]
fn every_format_answers() {
    let report = text(&sidecar(&["analyze", "-"], MANIFEST).stdout);
    assert!(report.contains("Pod/shop") && report.contains("sidecar, log shipper (certain)"), "{report}");
    let json: serde_json::Value =
        serde_json::from_slice(&sidecar(&["analyze", "--format", "json", "-"], MANIFEST).stdout).expect("JSON");
    assert_eq!(json["workloads"][0]["containers"][0]["at"]["start"]["line"], 9);
    let mermaid = text(&sidecar(&["analyze", "--format", "mermaid", "-"], MANIFEST).stdout);
    // It has sidecars of both kinds: it is drawn in both forms, and as it is written.
    assert_eq!(mermaid.matches("```mermaid\nflowchart TB").count(), 3);
    assert_eq!(mermaid.matches("## Pod/shop as it is written").count(), 1);
    assert_eq!(mermaid.matches("```mermaid\nsequenceDiagram").count(), 2);
    let svg = text(&sidecar(&["draw", "--form", "traditional", "--theme", "night", "-"], MANIFEST).stdout);
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
}

#[test]
fn a_rewrite_is_printed_as_text_or_as_a_patch_that_git_takes() {
    let new = sidecar(&["rewrite", "--to", "native", "-"], MANIFEST);
    assert!(new.status.success());
    let wanted = "---\nkind: Pod\nmetadata: { name: shop, namespace: eu }\nspec:\n  containers:\n    - { name: shop, image: example.com/shop }\n  initContainers:\n    - { name: proxy, image: envoyproxy/envoy, restartPolicy: Always }\n    - { name: logs, image: fluent/fluent-bit:3.1, restartPolicy: Always }\n";
    assert_eq!(text(&new.stdout), wanted);
    assert!(text(&new.stderr).contains("-:7: Pod/shop: note: logs starts"), "{}", text(&new.stderr));

    // In a folder of its own, so that nothing of this repository is touched.
    let folder = std::env::temp_dir().join(format!("sidecar-rewrite-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("pod.yaml");
    std::fs::write(&file, MANIFEST).expect("a file");
    let program = |name: &str, arguments: &[&str], input: &[u8]| {
        let mut child = Command::new(name)
            .args(arguments)
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let _ = child.stdin.take().expect("an input").write_all(input);
        child.wait_with_output().expect("it ends")
    };
    let own = env!("CARGO_BIN_EXE_sidecar");
    let diff = program(own, &["rewrite", "--to", "native", "--diff", "pod.yaml"], b"").stdout;
    assert!(text(&diff).starts_with("--- a/pod.yaml\n+++ b/pod.yaml\n@@ "), "{}", text(&diff));
    let applied = program("git", &["apply", "--verbose", "-"], &diff);
    assert!(applied.status.success(), "{}", text(&applied.stderr));
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), wanted);
    let nothing_left = program(own, &["rewrite", "--to", "native", "--diff", "pod.yaml"], b"").stdout;
    assert_eq!(text(&nothing_left), "");
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}

#[test]
fn refusals_end_with_1_and_losses_are_told() {
    let old = sidecar(&["rewrite", "--to", "native", "--release", "1.28", "-"], MANIFEST);
    assert_eq!(old.status.code(), Some(1));
    assert_eq!(text(&old.stdout), MANIFEST);
    assert!(text(&old.stderr).contains("refused: On Kubernetes 1.28"));
    let back = sidecar(&["rewrite", "--to", "traditional", "-"], MANIFEST);
    assert!(text(&back.stderr).contains("lost: The app does not wait for proxy"));
    assert!(!text(&back.stdout).contains("initContainers"));
}

#[test]
fn a_compose_project_becomes_pods() {
    let compose = "services:\n  app: { image: x/app, network_mode: 'service:vpn' }\n  vpn: { image: qmcgaw/gluetun, privileged: true }\n  alone: { image: x/y, networks: [n] }\n";
    let pods = sidecar(&["rewrite", "--to", "native", "-"], compose);
    assert!(pods.status.success());
    let pods_text = text(&pods.stdout);
    assert_eq!(pods_text.matches("kind: Pod\n").count(), 2, "{pods_text}");
    assert!(pods_text.contains("\n---\n") && pods_text.contains("restartPolicy: Always"));
    assert!(text(&pods.stderr).contains("-:4: lost: networks of alone"), "{}", text(&pods.stderr));
}

#[test]
fn misuse_and_missing_files_end_with_2_and_say_why() {
    for (arguments, reason) in [
        (&["analyze"][..], "usage"),
        (&["analyze", "--format", "xml", "-"][..], "there is no format xml"),
        (&["analyze", "no/such/file.yaml"][..], "no/such/file.yaml"),
        (&["draw", "--kind", "pie", "-"][..], "there are topology, written, map, timeline, sequence, resources"),
        (&["draw", "--workload", "7", "-"][..], "nothing to draw in workload 7"),
        (&["rewrite", "-"][..], "say --to native or --to traditional"),
        (
            &["rewrite", "--to", "native", "--release", "2.0", "-"][..],
            "release 2.0 is not known; there are 1.27 to 1.36",
        ),
        (&["rewrite", "--to", "native", "--workload", "7", "-"][..], "there are 1 workloads"),
    ] {
        let output = sidecar(arguments, MANIFEST);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(reason), "{arguments:?}: {}", text(&output.stderr));
    }
}

#[test]
fn bytes_that_are_no_text_do_not_stop_it() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sidecar"))
        .args(["analyze", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("an input").write_all(&[0xff, 0xfe, 0x00, 0x80, b'\n']).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(text(&output.stdout).contains("this is not text"));
}

#[test]
fn findings_decide_how_it_ends() {
    let clash = "kind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n    - { name: a, image: 'a:1', ports: [{ containerPort: 80 }] }\n    - { name: b, image: 'b:1', ports: [{ containerPort: 80 }] }\n";
    let unpinned = clash.replace("80", "81").replacen("81", "80", 1) + "    - { name: logs, image: fluent/fluentd }\n";
    let hidden = clash.replace(
        "metadata: { name: a }",
        "metadata: { name: a, annotations: { sidecar-playground/ignore: 'port-clash known' } }",
    );
    for (text, arguments, code) in [
        (clash, &["analyze", "-"][..], 1),
        (clash, &["analyze", "--fail-on", "never", "-"][..], 0),
        (&hidden, &["analyze", "-"][..], 0),
        (&unpinned, &["analyze", "-"][..], 0),
        (&unpinned, &["analyze", "--fail-on", "warning", "-"][..], 1),
        (&unpinned, &["analyze", "--fail-on", "warning", "--confidence", "certain", "--format", "sarif", "-"][..], 1),
        (clash, &["analyze", "--fail-on", "all", "-"][..], 2),
        (clash, &["analyze", "--release", "1.20", "-"][..], 2),
    ] {
        let output = sidecar(arguments, text);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text_of(&output));
    }
    let markdown = text(&sidecar(&["analyze", "--format", "markdown", "-"], clash).stdout);
    assert!(markdown.contains("### error · port-clash · line 6"), "{markdown}");
}

fn text_of(output: &Output) -> String {
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn a_lesson_in_a_folder_is_checked_and_packed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/lesson/content/what-is-a-sidecar");
    let output = sidecar(&["lesson", "check", folder], "");
    assert!(output.status.success(), "{}", text(&output.stdout));
    assert!(
        text(&output.stdout).contains("start no     solution holds  shipper is a sidecar"),
        "{}",
        text(&output.stdout)
    );
    let packed = text(&sidecar(&["lesson", "pack", folder], "").stdout);
    let packed: serde_json::Value = serde_json::from_str(&packed).expect("JSON");
    assert_eq!((&packed["id"], &packed["steps"][0]["id"]), (&"what-is-a-sidecar".into(), &"motorcycle".into()));
    assert_eq!(sidecar(&["lesson", "check", "/no/such/folder"], "").status.code(), Some(2));
    // Packed, its texts are those of the files.
    let start = std::fs::read_to_string(format!("{folder}/20-add-a-helper/start.yaml")).expect("a file");
    assert_eq!(packed["steps"][1]["start"], start.as_str());
}
