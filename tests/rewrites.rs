//! Rewrites as people get them: the whole new text, and what they are told.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

use sidecar_playground::form::{Form, Written};
use sidecar_playground::release::{Cluster, Release};
use sidecar_playground::rewrite::{Choices, MergeChoices, Rewrite, compare, merge_split, to_form, to_native};
use sidecar_playground::{Analysis, Options, analyze};

fn read(text: &str) -> Analysis {
    analyze(text, &Options::default())
}

fn cluster(minor: u8) -> Cluster {
    Cluster::new(Release::new(minor).expect("a release"))
}

fn native(text: &str, choices: &Choices) -> Rewrite {
    to_native(&read(text), 0, &Cluster::default(), choices)
}

fn traditional(text: &str, choices: &Choices) -> Rewrite {
    to_form(&read(text), 0, Form::Traditional, &cluster(28), choices)
}

fn result(text: &str, rewrite: &Rewrite) -> String {
    assert_eq!(rewrite.refused, [], "it is made");
    rewrite.patch().apply(text).expect("edits that fit")
}

fn says(notes: &[sidecar_playground::rewrite::Note], part: &str) -> bool {
    notes.iter().any(|note| note.text.contains(part))
}

fn reason(rewrite: &Rewrite) -> &str {
    assert!(rewrite.edits.is_empty(), "a refused rewrite changes nothing");
    &rewrite.refused.first().expect("a refusal").reason
}

const JOB: &str = "\
apiVersion: batch/v1
kind: Job
metadata: { name: report }
spec:
  backoffLimit: 2
  template:
    spec:
      restartPolicy: OnFailure
      containers:
        # Needs the database.
        - name: report
          image: example.com/report:1
          command: [sh, -c, \"report --all; curl -X POST http://localhost:9091/quitquitquit\"]
        # Signs in with IAM.
        - name: cloud-sql-proxy
          image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1 # pinned
          lifecycle:
            preStop:
              exec: { command: [sleep, \"15\"] } # let the app finish
          readinessProbe:
            httpGet: { path: /readiness, port: 9090 }
            initialDelaySeconds: 5
            periodSeconds: 10
";

#[test]
fn a_job_with_all_its_tricks_becomes_native() {
    let plain = native(JOB, &Choices::default());
    assert!(says(&plain.notes, "preStop hook of cloud-sql-proxy goes: it sleeps 15 s"));
    assert!(says(&plain.notes, "quitquitquit"));
    assert!(says(&plain.notes, "count against backoffLimit"));
    let [proposal] = plain.proposals.as_slice() else { panic!("one proposal: {:?}", plain.proposals) };
    assert!(proposal.is_sure);
    let choices = Choices { startup_probes: vec![proposal.container], ..Choices::default() };
    let new = result(JOB, &native(JOB, &choices));
    let wanted = "\
apiVersion: batch/v1
kind: Job
metadata: { name: report }
spec:
  backoffLimit: 2
  template:
    spec:
      restartPolicy: OnFailure
      initContainers:
        # Signs in with IAM.
        - name: cloud-sql-proxy
          image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1 # pinned
          restartPolicy: Always
          # let the app finish
          readinessProbe:
            httpGet: { path: /readiness, port: 9090 }
            initialDelaySeconds: 5
            periodSeconds: 10
          startupProbe:
            httpGet:
              path: /readiness
              port: 9090
            periodSeconds: 2
            failureThreshold: 30
      containers:
        # Needs the database.
        - name: report
          image: example.com/report:1
          command: [sh, -c, \"report --all\"]
";
    assert_eq!(new, wanted);
    let (before, after) = (read(JOB), read(&new));
    assert_eq!(Written::of(&after.verdicts[0]), Written::Native);
    let difference = compare(&before, &after, 0, &Cluster::default());
    assert_eq!(difference.start_before, ["report and cloud-sql-proxy start together"]);
    assert_eq!(
        difference.start_after,
        ["cloud-sql-proxy starts; what follows waits for its startupProbe", "report starts"]
    );
}

#[test]
fn what_is_told_to_stay_stays() {
    let keep = Choices { keeps_hooks: true, keeps_scripts: true, ..Choices::default() };
    let new = result(JOB, &native(JOB, &keep));
    assert!(new.contains("preStop") && new.contains("quitquitquit"));
    let back = traditional(&new, &Choices { despite: true, ..Choices::default() });
    assert_eq!(result(&new, &back), JOB);
}

#[test]
fn scripts_in_blocks_lose_only_the_command_that_stops_the_helper() {
    let text = "\
kind: Job
apiVersion: batch/v1
metadata: { name: x }
spec:
  template:
    spec:
      containers:
      - name: work
        image: example.com/work:1
        command:
        - sh
        - -c
        - |
          trap 'curl -sf -XPOST http://127.0.0.1:15020/quitquitquit' EXIT
          set -e   # stop at errors

          work
      - { name: istio-proxy, image: istio/proxyv2:1.20, args: [proxy, sidecar] }
";
    let new = result(text, &native(text, &Choices::default()));
    assert!(new.contains("        - |\n          set -e   # stop at errors\n\n          work\n"), "{new}");
}

#[test]
fn loops_that_wait_for_a_helper_go_behind_a_startup_probe() {
    let text = "\
kind: Pod
apiVersion: v1
metadata: { name: x }
spec:
  containers:
  - name: work
    image: example.com/work:1
    args: [bash, -ec, 'until curl -fsI http://localhost:15021/healthz/ready; do echo wait; sleep 1; done; work']
  - { name: istio-proxy, image: istio/proxyv2:1.20, args: [proxy, sidecar] }
";
    let plain = native(text, &Choices::default());
    assert!(says(&plain.notes, "work waits for istio-proxy in a loop. With a startupProbe"), "{:?}", plain.notes);
    assert!(result(text, &plain).contains("'until curl"));
    let gated = native(text, &Choices { startup_probes: vec![1], ..Choices::default() });
    let new = result(text, &gated);
    assert!(new.contains("args: [bash, -ec, 'work']") && new.contains("startupProbe: "), "{new}");
    assert!(says(&gated.notes, "the startupProbe of istio-proxy holds it back"));
    let other = text.replace("15021", "8080");
    assert!(
        result(&other, &native(&other, &Choices { startup_probes: vec![1], ..Choices::default() })).contains("until")
    );
}

const HELPERS: &str = "\
kind: Deployment
apiVersion: apps/v1
metadata: { name: web }
spec:
  selector: {}
  template:
    metadata: { labels: { app: web } }
    spec:
      initContainers:
      - name: istio-init
        image: istio/proxyv2:1.20
        args: [istio-iptables]
        securityContext: { capabilities: { add: [NET_ADMIN] } }
      - name: migrate
        image: example.com/migrate:1
      containers:
      - name: logs
        image: fluent/fluent-bit:3.1
        resources: { requests: { cpu: 100m } }
      - name: web
        image: example.com/web:1
        resources: { requests: { cpu: 1 } }
      - name: istio-proxy
        image: istio/proxyv2:1.20
        args: [proxy, sidecar]
        ports: [{ name: http-envoy, containerPort: 15090 }]
---
kind: Service
apiVersion: v1
metadata: { name: web }
spec:
  selector: { app: web }
  ports: [{ port: 80, targetPort: http-envoy }]
";

#[test]
fn the_order_is_chosen_and_explained() {
    let rewrite = native(HELPERS, &Choices::default());
    let new = result(HELPERS, &rewrite);
    let after = read(&new);
    let names: Vec<&str> = after.model.workloads[0].pod.containers.iter().map(|one| one.display_name()).collect();
    assert_eq!(names, ["istio-init", "istio-proxy", "migrate", "logs", "web"]);
    assert!(says(&rewrite.notes, "istio-proxy starts before migrate"));
    assert!(says(&rewrite.notes, "logs starts behind istio-init and migrate"));
    assert!(new.ends_with(&HELPERS[HELPERS.find("---").unwrap()..]), "the Service is the same byte for byte");
    let difference = compare(&read(HELPERS), &after, 0, &Cluster::default());
    let (before, after) = difference.cost.expect("a cost");
    assert_eq!(before.requests, after.requests);
    assert_eq!(before.requests, [("cpu".to_owned(), "1100m".to_owned())]);
}

#[test]
fn only_the_chosen_helpers_move() {
    let new = result(HELPERS, &native(HELPERS, &Choices { containers: Some(vec![2]), ..Choices::default() }));
    let after = read(&new);
    let names: Vec<&str> = after.model.workloads[0].pod.containers.iter().map(|one| one.display_name()).collect();
    assert_eq!(names, ["istio-init", "migrate", "logs", "web", "istio-proxy"]);
    assert_eq!(Written::of(&after.verdicts[0]), Written::Mixed);
}

#[test]
fn a_misplaced_restart_policy_moves_with_its_container() {
    let text = "kind: Pod\nspec:\n  containers:\n  - name: web\n    image: example.com/web:1\n  - restartPolicy: Always\n    name: helper\n    image: example.com/helper:1\n";
    let rewrite = native(text, &Choices { containers: Some(vec![1]), ..Choices::default() });
    assert!(says(&rewrite.notes, "had restartPolicy: Always already"));
    assert_eq!(
        result(text, &rewrite),
        "kind: Pod\nspec:\n  initContainers:\n  - restartPolicy: Always\n    name: helper\n    image: example.com/helper:1\n  containers:\n  - name: web\n    image: example.com/web:1\n"
    );
}

#[test]
fn what_would_break_natively_is_refused_with_its_reason() {
    let at = |text: &str, minor: u8| to_native(&read(text), 0, &cluster(minor), &Choices::default());
    assert!(reason(&at(HELPERS, 27)).contains("has no native sidecars"));
    assert!(reason(&at(HELPERS, 28)).contains("switched off"));
    assert!(reason(&at(HELPERS, 32)).contains("does not find the named port"), "a Service before 1.33");
    assert!(at(HELPERS, 33).refused.is_empty());

    let ports = "kind: Pod\nspec:\n  containers:\n  - { name: web, image: x/web, ports: [{ containerPort: 1, hostPort: 80 }] }\n  - { name: logs, image: fluent/fluent-bit, ports: [{ containerPort: 2, hostPort: 80 }] }\n";
    assert!(reason(&at(ports, 36)).contains("want the same host port 80"));
    let one = ports.replacen(", hostPort: 80", "", 1);
    assert!(reason(&at(&one, 32)).contains("scheduler does not count"));
    assert_eq!(at(&one, 33).refused, []);

    let waits = "kind: Pod\nspec:\n  containers:\n  - { name: web, image: x/web, ports: [{ containerPort: 8080 }] }\n  - { name: logs, image: fluent/fluent-bit, startupProbe: { tcpSocket: { port: 8080 } } }\n";
    assert!(reason(&at(waits, 36)).contains("neither would ever start"));

    let embedded = "kind: ConfigMap\ndata:\n  pod.yaml: |\n    kind: Pod\n    spec:\n      containers:\n      - { name: web, image: x/web }\n      - { name: logs, image: fluent/fluent-bit }\n";
    assert!(reason(&at(embedded, 36)).contains("stands as text in another object"));
    let patch = "kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - { name: web, image: x/web }\n      - { name: istio-proxy, args: [proxy, sidecar] }\n";
    assert!(reason(&at(patch, 36)).contains("stands in another file"));
    let compose = "services:\n  a: { image: x/a }\n  b: { image: qmcgaw/gluetun }\n  c: { image: y, network_mode: 'service:b' }\n";
    assert!(reason(&at(compose, 36)).contains("Compose has no Pods"));
    let anchor = "kind: Pod\nspec:\n  containers:\n  - name: web\n    image: x/web\n    env: &env [{ name: A, value: b }]\n  - name: logs\n    image: fluent/fluent-bit\n    env: *env\n";
    assert!(reason(&at(anchor, 36)).contains("would come before its anchor"));
    let twice = "kind: Pod\nspec:\n  initContainers:\n  - { name: logs, image: x }\n  containers:\n  - { name: web, image: x/web }\n  - { name: logs, image: fluent/fluent-bit }\n";
    assert!(reason(&at(twice, 36)).contains("must be unique"));
    assert!(at("kind: Pod\nspec:\n  containers:\n  - name: web\n", 36).edits.is_empty());
}

#[test]
fn a_rewrite_that_would_mean_something_else_is_refused() {
    // The second `&e` counts for what comes later; moved to the front it would not any more.
    let text = "kind: Pod\nspec:\n  containers:\n  - name: web\n    image: x/web\n    env: &e [{ name: A, value: a }]\n  - name: logs\n    image: fluent/fluent-bit\n    env: &e [{ name: B, value: b }]\n  x: *e\n";
    let refused = native(text, &Choices::default());
    assert!(reason(&refused).contains("would mean something else"), "{:?}", refused.refused);
}

const NATIVE: &str = "\
kind: Pod
apiVersion: v1
metadata: { name: web }
spec:
  restartPolicy: Never
  initContainers: # in this order
  - name: proxy
    image: envoyproxy/envoy:v1.31
    restartPolicy: Always # native
    startupProbe: { tcpSocket: { port: 9901 } }
  containers:
  - name: web
    image: x/web
  # nothing else
";

#[test]
fn native_sidecars_become_regular_containers_and_the_losses_are_told() {
    let rewrite = traditional(NATIVE, &Choices::default());
    assert_eq!(
        result(NATIVE, &rewrite),
        "\
kind: Pod
apiVersion: v1
metadata: { name: web }
spec:
  restartPolicy: Never
  # in this order
  containers:
  - name: web
    image: x/web
  - name: proxy
    image: envoyproxy/envoy:v1.31
    # native
    startupProbe: { tcpSocket: { port: 9901 } }
  # nothing else
"
    );
    for part in ["does not wait for proxy", "startupProbe of proxy", "stopped together", "restartPolicy: Never"] {
        assert!(says(&rewrite.losses, part), "{part}: {:?}", rewrite.losses);
    }
}

#[test]
fn what_would_break_traditionally_is_refused_unless_wanted() {
    let needed = NATIVE
        .replace(
            "  containers:\n",
            "  - { name: migrate, image: x, env: [{ name: PROXY, value: 'http://localhost:9901' }] }\n  containers:\n",
        )
        .replace("    startupProbe", "    ports: [{ containerPort: 9901 }]\n    startupProbe");
    let refused = traditional(&needed, &Choices::default());
    assert!(reason(&refused).contains("migrate can use proxy today") && !refused.refused[0].is_final);
    let despite = traditional(&needed, &Choices { despite: true, ..Choices::default() });
    assert!(says(&despite.losses, "migrate can use proxy today"));
    assert!(result(&needed, &despite).contains("initContainers:"));

    let rules = NATIVE.replace("    startupProbe", "    restartPolicyRules: [{ action: RestartAllContainers, exitCodes: { operator: In, values: [3] } }]\n    startupProbe");
    assert!(
        reason(&traditional(&rules, &Choices { despite: true, ..Choices::default() })).contains("restartPolicyRules")
    );
    let regular = "kind: Pod\nspec:\n  containers:\n  - { name: web, image: x/web }\n  - { name: logs, image: fluent/fluent-bit, restartPolicy: Never, restartPolicyRules: [{ action: Restart, exitCodes: { operator: In, values: [3] } }] }\n";
    assert!(reason(&to_native(&read(regular), 0, &cluster(35), &Choices::default())).contains("does not allow"));
    assert!(to_native(&read(regular), 0, &cluster(36), &Choices::default()).refused.is_empty());

    let job = "kind: Job\napiVersion: batch/v1\nmetadata: { name: x }\nspec:\n  template:\n    spec:\n      initContainers:\n      - { name: p, image: y, restartPolicy: Always }\n      containers:\n      - { name: w, image: z }\n";
    assert!(reason(&traditional(job, &Choices::default())).contains("would not end any more"));
}

#[test]
fn json_stays_json() {
    let text = r#"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"x"},"spec":{"containers":[{"name":"logs","image":"fluent/fluent-bit","lifecycle":{"preStop":{"sleep":{"seconds":5}}}},{"name":"web","image":"x/web"}]}}"#;
    let new = result(text, &native(text, &Choices::default()));
    assert_eq!(
        new,
        r#"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"x"},"spec":{"initContainers":[{"name":"logs","image":"fluent/fluent-bit","restartPolicy":"Always"}],"containers":[{"name":"web","image":"x/web"}]}}"#
    );
    let back = result(&new, &traditional(&new, &Choices::default()));
    assert_eq!(
        back,
        r#"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"x"},"spec":{"containers":[{"name":"web","image":"x/web"},{"name":"logs","image":"fluent/fluent-bit"}]}}"#
    );
}

const SPLIT: &str = "\
# The shop.
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: example.com/web:1
          volumeMounts:
            - { name: data, mountPath: /var/log/web }
      volumes:
        - name: data # shared
          persistentVolumeClaim:
            claimName: logs
---
# Ships its logs.
apiVersion: v1
kind: Pod
metadata: { name: shipper }
spec:
  containers:
  # The shipper.
  - name: fluentd
    image: fluent/fluentd:v1.17
    volumeMounts:
    - name: logs
      mountPath: /logs # read only
      readOnly: true
    - name: config
      mountPath: /fluentd/etc
  volumes:
  - name: logs
    persistentVolumeClaim: { claimName: logs }
  - name: config # ours
    configMap: { name: fluentd }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: logs }
";

#[test]
fn a_split_sidecar_moves_into_the_pod_of_its_app() {
    let analysis = read(SPLIT);
    let finding = analysis.findings.iter().find(|finding| finding.rule == "split-sidecar").expect("the finding");
    let (helper, app) = (finding.workloads[0], finding.workloads[1]);
    let rewrite = merge_split(&analysis, helper, app, &Cluster::default(), &MergeChoices::default());
    let new = result(SPLIT, &rewrite);
    assert_eq!(
        new,
        "\
# The shop.
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      initContainers:
        # The shipper.
        - name: fluentd
          image: fluent/fluentd:v1.17
          restartPolicy: Always
          volumeMounts:
          - name: data
            mountPath: /logs # read only
            readOnly: true
          - name: config
            mountPath: /fluentd/etc
      containers:
        - name: web
          image: example.com/web:1
          volumeMounts:
            - { name: data, mountPath: /var/log/web }
      volumes:
        - name: data # shared
          emptyDir: {}
        - name: config # ours
          configMap: { name: fluentd }
# Ships its logs.
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: logs }
"
    );
    assert!(says(&rewrite.notes, "PersistentVolumeClaim/logs is not needed"));
    assert!(says(&rewrite.notes, "one fluentd for each replica"));
    assert!(read(&new).findings.iter().all(|finding| finding.rule != "split-sidecar"));

    let kept = MergeChoices { keeps_claim: true, traditional: true, ..MergeChoices::default() };
    let kept = result(SPLIT, &merge_split(&analysis, helper, app, &Cluster::default(), &kept));
    assert!(kept.contains("claimName: logs") && !kept.contains("initContainers") && !kept.contains("restartPolicy"));
}

#[test]
fn a_claim_that_others_use_stays_and_a_service_in_the_way_is_told() {
    let third = "---\nkind: Pod\napiVersion: v1\nmetadata: { name: backup }\nspec:\n  containers: [{ name: backup, image: example.com/backup:1 }]\n  volumes: [{ name: v, persistentVolumeClaim: { claimName: logs } }]\n";
    let text = format!("{SPLIT}{third}");
    let analysis = read(&text);
    let rewrite = merge_split(&analysis, 1, 0, &Cluster::default(), &MergeChoices::default());
    assert!(says(&rewrite.notes, "Claim logs stays: Pod/backup uses it too"), "{:?}", rewrite.notes);
    let new = result(&text, &rewrite);
    assert!(new.contains("claimName: logs\n        - name: config") && new.ends_with(third));

    let service = "---\nkind: Service\napiVersion: v1\nmetadata: { name: s }\nspec: { selector: { a: b }, ports: [{ port: 1 }] }\n";
    let text = format!("{SPLIT}{service}")
        .replace("metadata: { name: shipper }", "metadata: { name: shipper, labels: { a: b } }");
    let refused = merge_split(&read(&text), 1, 0, &Cluster::default(), &MergeChoices::default());
    assert!(reason(&refused).contains("Service/s sends to Pod/shipper"));
}
