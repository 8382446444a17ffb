//! Names, values and other text of a manifest stay text, whichever field they stand in and whichever writer shows them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

#[path = "fuzz/targets/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the fuzzer needs the rest")]
mod targets;

use sidecar_playground::session::view;
use sidecar_playground::source::{Node, Source, Style};
use sidecar_playground::view::{Request, diagrams};
use sidecar_playground::{Options, analyze, gallery};
use targets::TARGETS;

/// What somebody would write who wants to be more than text.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</text></svg><svg onload=alert(1)>",
    "]]><!--<b>",
    "&lt;b&gt;&#60;i>&bogus;",
    "javascript:alert(1)",
    "https://evil.example/?a=b",
    "\"]\nclick p0 href \"javascript:alert(1)\"\nx[\"",
    "%%{init: {'securityLevel': 'loose'}}%%",
    "a\n```\n# heading\n<https://evil.example>",
    "[x](javascript:alert(1)) ![y](https://evil.example/z.png)",
    "| a | b |\n---\n* [ ] @team #1 www.evil.example",
    "end",
    "url(https://evil.example) ; } * { background: red",
    "\u{202e}gnp.exe\u{2066}\u{1b}[2J\u{7}\u{85}\u{2028}",
    "',`;:#{}()|\\$&",
];

/// A Pod with a text in every field that holds one, and what may stand around it.
fn kubernetes(kind: &str, text: &str) -> String {
    let pod = "\
metadata: { name: @, namespace: @, labels: { @: @ }, annotations: { @: @, sidecar.istio.io/inject: @, kubectl.kubernetes.io/default-container: @ } }
spec:
  serviceAccountName: @
  nodeName: @
  priorityClassName: @
  hostname: @
  restartPolicy: Always
  volumes:
    - { name: @, emptyDir: { medium: @ } }
    - { name: data, persistentVolumeClaim: { claimName: @ } }
    - { name: settings, configMap: { name: @, items: [{ key: @, path: @ }] } }
    - { name: node, hostPath: { path: @, type: @ } }
  initContainers:
    - { name: @, image: @, restartPolicy: Always, command: [@], args: [@] }
    - { name: migrate, image: @, command: [sh, -c, @] }
  containers:
    - name: @
      image: @
      imagePullPolicy: @
      workingDir: @
      command: [@, @]
      args: [@]
      env: [{ name: @, value: @ }, { name: A, valueFrom: { secretKeyRef: { name: @, key: @ } } }]
      envFrom: [{ configMapRef: { name: @ } }]
      ports: [{ name: @, containerPort: 80, protocol: @ }]
      volumeMounts: [{ name: @, mountPath: @, subPath: @ }, { name: data, mountPath: @ }]
      resources: { requests: { cpu: @, memory: 1Gi }, limits: { @: 1 } }
      lifecycle: { postStart: { exec: { command: [@] } }, preStop: { exec: { command: [sh, -c, @] } } }
      startupProbe: { exec: { command: [@] } }
      readinessProbe: { httpGet: { path: @, port: @ } }
      livenessProbe: { tcpSocket: { port: @ } }
    - { name: logs, image: fluent/fluent-bit, volumeMounts: [{ name: @, mountPath: @ }] }
    - { name: istio-proxy, image: istio/proxyv2, args: [@] }
  ephemeralContainers: [{ name: @, image: @, targetContainerName: @ }]
";
    let indented = |by: &str| pod.lines().map(|line| format!("{by}{line}\n")).collect::<String>();
    let workload = match kind {
        "Pod" => format!("kind: Pod\n{pod}"),
        "CronJob" => format!(
            "kind: CronJob\nmetadata: {{ name: @ }}\nspec:\n  schedule: @\n  concurrencyPolicy: @\n  jobTemplate:\n    spec:\n      template:\n{}",
            indented("        ")
        ),
        _ => format!(
            "kind: {kind}\nmetadata: {{ name: @, annotations: {{ @: @ }} }}\nspec:\n  serviceName: @\n  template:\n{}",
            indented("    ")
        ),
    };
    let around = "\
---
kind: Service
metadata: { name: @ }
spec: { selector: { @: @ }, ports: [{ name: @, port: 80, targetPort: @ }] }
---
kind: Ingress
metadata: { name: @ }
spec: { rules: [{ host: @, http: { paths: [{ path: @, backend: { service: { name: @, port: { name: @ } } } }] } }] }
---
kind: @
metadata: { name: @ }
";
    format!("{workload}{around}").replace('@', &serde_json::to_string(text).expect("JSON"))
}

fn compose(text: &str) -> String {
    "\
name: @
services:
  web:
    image: @
    container_name: @
    command: [@]
    entrypoint: @
    environment: { @: @ }
    ports: [@, '80:80']
    volumes: ['shared:/x', @]
    depends_on: { @: { condition: @ } }
    healthcheck: { test: [CMD, @] }
    labels: { @: @ }
    networks: [@]
  @:
    image: fluent/fluent-bit
    network_mode: 'service:web'
    volumes_from: [@]
    profiles: [@]
  logs: { image: @, pid: 'service:web', restart: @, volumes: ['shared:/y'] }
volumes: { shared: {}, @: {} }
"
    .replace('@', &serde_json::to_string(text).expect("JSON"))
}

/// Looks at all that is written about a manifest.
fn check(manifest: &str, writers: &[&str]) {
    for target in TARGETS.iter().filter(|target| writers.contains(&target.name)) {
        (target.run)(manifest);
    }
}

/// How many lines and how many tags the pictures of a manifest have.
fn shape(manifest: &str) -> Vec<(usize, usize)> {
    let analysis = analyze(manifest, &Options::default());
    let drawn = ["topology", "sequence", "resources"].into_iter().flat_map(|kind| diagrams(&analysis, kind, 0));
    drawn
        .map(|(_, drawn)| (drawn.mermaid().lines().count(), drawn.svg(&Default::default()).matches("<g ").count()))
        .collect()
}

#[test]
fn no_field_of_a_kubernetes_manifest_is_more_than_text() {
    let kinds = ["Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Rollout"];
    for (number, text) in HOSTILE.iter().enumerate() {
        let kind = kinds[number % kinds.len()];
        let manifest = kubernetes(kind, text);
        let seen = view(&manifest, &Request { kind: "topology".to_owned(), ..Request::default() });
        assert!(seen.problems.iter().all(|problem| !problem.is_unreadable), "{:?}", seen.problems);
        assert_eq!(seen.containers.len(), 6, "{manifest}");
        check(&manifest, &["svg", "mermaid", "exports", "tasks"]);
    }
}

#[test]
fn no_field_of_a_compose_project_is_more_than_text() {
    for text in HOSTILE {
        let manifest = compose(text);
        let seen = view(&manifest, &Request { kind: "topology".to_owned(), ..Request::default() });
        assert_eq!(seen.containers.len(), 3, "{:?} {manifest}", seen.problems);
        check(&manifest, &["svg", "mermaid", "exports", "tasks"]);
    }
}

#[test]
fn what_a_label_says_changes_no_line_of_a_picture() {
    let plain = shape(&kubernetes("Pod", "plain"));
    assert!(plain.len() >= 5);
    // An address is drawn as somebody whom the Pod calls.
    for text in HOSTILE.iter().filter(|text| !text.contains("://")) {
        let hostile = shape(&kubernetes("Pod", text));
        // Long labels take more lines within their box, but no other box and no other statement.
        assert_eq!(hostile, plain, "{text:?}");
    }
}

/// One value after the other of every third example, with whatever its manifest is good for.
#[test]
fn no_value_of_an_example_is_more_than_text() {
    let mut tried = 0;
    for example in gallery::examples().iter().step_by(3) {
        let manifest = gallery::text(example.id).expect("an example");
        let source = Source::read(manifest);
        for document in source.documents.iter().filter(|document| !document.is_embedded) {
            let tree = &document.tree;
            let in_list = |id| tree.parent(id).is_some_and(|id| matches!(tree.node(id), Some(Node::Sequence(_))));
            for id in tree.ids().filter(|id| tree.key(*id).is_some() || in_list(*id)) {
                if !matches!(tree.node(id), Some(Node::Scalar { style: Style::Plain | Style::Quoted, .. })) {
                    continue;
                }
                tried += 1;
                if tried % 4 != 0 {
                    continue;
                }
                let text = HOSTILE[tried / 4 % HOSTILE.len()];
                let span = tree.span(id).shifted(document.start);
                let mut changed = manifest.to_owned();
                changed
                    .replace_range(span.start as usize..span.end as usize, &serde_json::to_string(text).expect("JSON"));
                check(&changed, &["svg", "mermaid", "exports"]);
            }
        }
    }
    assert!(tried > 150, "{tried} values");
}
