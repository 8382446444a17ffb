//! What the gallery draws is what is taught: for each of these pictures the boxes and arrows that have to be in it, and
//! which way they point.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

use sidecar_playground::diagram::kinds::kind;
use sidecar_playground::diagram::{Diagram, EdgeKind, Graph, NodeKind, Step};
use sidecar_playground::form::Form;
use sidecar_playground::gallery::text;
use sidecar_playground::{Options, analyze};
use std::fmt::Write as _;

fn diagram_of(text: &str, kind_id: &str, workload: usize, form: Form) -> Diagram {
    let analysis = analyze(text, &Options::default());
    kind(kind_id).expect("a kind").build(&analysis, workload, form).expect("a picture")
}

fn diagram(example: &str, kind: &str, form: Form) -> Diagram {
    diagram_of(text(example).expect("an example"), kind, 0, form)
}

fn graph(diagram: Diagram) -> Graph {
    match diagram {
        Diagram::Graph(graph) | Diagram::Map(graph) => graph,
        _ => panic!("no graph"),
    }
}

/// Its arrows in the direction in which data or calls go: `app -writes-> logs`, `proxy <-mTLS-> proxy`.
fn arrows(graph: &Graph) -> Vec<String> {
    let line = |edge: &sidecar_playground::diagram::Edge| {
        let (from, to, label) = (&graph.nodes[edge.from].title, &graph.nodes[edge.to].title, &edge.label);
        match edge.kind {
            EdgeKind::Reads => format!("{to} -{label}-> {from}"),
            EdgeKind::Parallel => format!("{from} -{label}- {to}"),
            EdgeKind::Shares | EdgeKind::Fetches | EdgeKind::Hands | EdgeKind::Encrypted => {
                format!("{from} <-{label}-> {to}")
            }
            EdgeKind::Refused => format!("{from} -{label}-x {to}"),
            _ => format!("{from} -{label}-> {to}"),
        }
    };
    graph.edges.iter().map(line).collect()
}

/// Its boxes with what they are: `log-shipper (native sidecar · log shipper)`.
fn boxes(graph: &Graph) -> Vec<String> {
    graph.nodes.iter().map(|node| format!("{} ({})", node.title, node.subtitle)).collect()
}

#[track_caller]
fn has(found: &[String], wanted: &[&str]) {
    for wanted in wanted {
        assert!(found.iter().any(|own| own == wanted), "no {wanted:?} in {found:#?}");
    }
}

#[test]
fn an_app_writes_logs_and_two_helpers_read_them() {
    for (form, role) in [(Form::Traditional, "sidecar"), (Form::Native, "native sidecar")] {
        let graph = graph(diagram("two-helpers-traditional", "topology", form));
        has(&arrows(&graph), &["app -writes-> logs", "logs -reads-> log-shipper", "logs -reads-> log-analyzer"]);
        has(&boxes(&graph), &["app (app)", &format!("log-shipper ({role} · log shipper)"), "logs (emptyDir)"]);
    }
}

#[test]
fn traditional_helpers_start_together_and_native_ones_before_the_app() {
    let traditional = arrows(&graph(diagram("two-helpers-traditional", "topology", Form::Traditional)));
    has(&traditional, &["app -parallel start- log-shipper", "log-shipper -parallel start- log-analyzer"]);
    let native = arrows(&graph(diagram("two-helpers-traditional", "topology", Form::Native)));
    has(&native, &["log-shipper -once it is started-> log-analyzer", "log-analyzer -once it is started-> app"]);
}

#[test]
fn sidecars_have_five_common_uses() {
    let graph = graph(diagram("use-cases", "map", Form::Traditional));
    has(
        &boxes(&graph),
        &[
            "filebeat (native sidecar · log shipper)",
            "istio-proxy (sidecar · mesh proxy)",
            "nginx-exporter (native sidecar · metrics)",
            "oauth2-proxy (native sidecar · auth proxy)",
            "git-sync (native sidecar · data sync)",
        ],
    );
    let cards: Vec<&str> = graph.groups.iter().map(|group| group.title.as_str()).collect();
    assert_eq!(cards, ["Pod/log-shipping", "Pod/service-mesh", "Pod/monitoring", "Pod/sign-in", "Pod/data-sync"]);
}

#[test]
fn a_shipper_ships_and_an_analyzer_alerts() {
    let graph = graph(diagram("logging-pod", "topology", Form::Native));
    has(
        &arrows(&graph),
        &[
            "app -writes-> logs",
            "logs -reads-> log-shipper",
            "logs -reads-> log-analyzer",
            "log-shipper -ships to-> logs.example.com",
            "log-analyzer -alerts-> alerts.example.com",
        ],
    );
    has(&boxes(&graph), &["alerts.example.com (outside, alerts)"]);
}

#[test]
fn the_kubelet_starts_native_sidecars_one_after_the_other_and_then_the_app() {
    let Diagram::Sequence(sequence) = diagram("two-helpers-native", "sequence", Form::Native) else { panic!() };
    let name = |index: usize| sequence.participants[index].title.as_str();
    let starts: Vec<String> = sequence
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Message { from, to, text, .. } if text.ends_with(": start") => {
                Some(format!("{} starts {}", name(*from), name(*to)))
            }
            _ => None,
        })
        .collect();
    assert_eq!(starts, ["kubelet starts log-shipper", "kubelet starts log-analyzer", "kubelet starts app"]);
    // Then all of them run together, until something stops them.
    let running = sequence.steps.iter().take_while(|step| matches!(step, Step::Message { .. }));
    let up = running.filter(|step| matches!(step, Step::Message { text, .. } if text.ends_with(": up")));
    assert_eq!(up.count(), 3, "{:?}", sequence.steps);
}

#[test]
fn an_app_without_helpers_has_all_connections_itself() {
    let graph = graph(diagram("everything-itself", "topology", Form::Traditional));
    has(
        &boxes(&graph),
        &[
            "logs.example.com (outside, logging)",
            "login.example.com (outside, authentication)",
            "config.example.com (outside, configuration)",
            "cache.example.com (outside, cache)",
            "egress.example.com (outside, network)",
        ],
    );
    assert_eq!(graph.edges.len(), 5);
    assert!(graph.edges.iter().all(|edge| graph.nodes[edge.from].title == "application"));
}

#[test]
fn an_app_talks_to_its_helper_and_the_helper_to_the_outside() {
    let graph = graph(diagram("outbound", "topology", Form::Native));
    has(&arrows(&graph), &["payments -calls-> envoy", "envoy -outbound to-> api.bank.example.com"]);
    assert!(!arrows(&graph).iter().any(|arrow| arrow.starts_with("payments -") && arrow.contains("bank")));
}

#[test]
fn two_proxies_of_a_mesh_talk_with_mutual_tls() {
    let map = graph(diagram("mesh-pair", "map", Form::Traditional));
    // Both proxies have the same name, so which is which is told by their card.
    let mut told = String::new();
    for edge in &map.edges {
        let of = |node: usize| {
            let node = &map.nodes[node];
            let group = node.group.map(|group| map.groups[group].title.clone()).unwrap_or_default();
            format!("{} in {group}", node.title)
        };
        let _ = writeln!(told, "{:?} {} | {} {}", edge.kind, of(edge.from), of(edge.to), edge.detail);
    }
    for wanted in [
        "Hands istio-proxy in Deployment/frontend | frontend in Deployment/frontend in and out",
        "Hands istio-proxy in Deployment/orders | orders in Deployment/orders in and out",
        "Encrypted istio-proxy in Deployment/frontend | istio-proxy in Deployment/orders orders:8080",
        "Traffic orders in Deployment/orders | istio-proxy in Deployment/orders ",
    ] {
        assert!(told.lines().any(|line| line == wanted), "no {wanted:?} in\n{told}");
    }
    let one = graph(diagram("mesh-pair", "topology", Form::Native));
    has(&arrows(&one), &["istio-proxy <-all traffic-> frontend", "istio-proxy <-mTLS-> Deployment/orders"]);
    has(&boxes(&one), &["Deployment/orders (another Pod with orders and istio-proxy)"]);
}

#[test]
fn mutual_tls_is_drawn_only_where_it_is_used() {
    let pair = text("mesh-pair").unwrap();
    let between = |text: &str| -> Vec<String> {
        let all = arrows(&graph(diagram_of(text, "map", 0, Form::Traditional)));
        all.into_iter().filter(|arrow| !arrow.contains("all traffic") && !arrow.contains("port")).collect()
    };
    assert_eq!(between(&pair.replace("STRICT", "PERMISSIVE")), ["istio-proxy <-mTLS-> istio-proxy"]);
    assert_eq!(between(&pair.replace("STRICT", "DISABLE")), ["istio-proxy -plain text-> orders"]);
    let out = pair.replacen("nativeSidecar: \"true\"", "inject: \"false\"", 1);
    assert_eq!(between(&out), ["frontend -refused: no mTLS-x istio-proxy"]);
    assert_eq!(between(&out.replace("STRICT", "PERMISSIVE")), ["frontend -plain text-> orders"]);
    assert_eq!(between(&pair.replace("istio-injection", "nothing")), ["frontend -calls-> orders"]);
}

#[test]
fn logs_go_from_the_app_by_the_helper_to_the_store() {
    let graph = graph(diagram("log-aggregation", "topology", Form::Native));
    has(
        &arrows(&graph),
        &["checkout -writes-> logs", "logs -reads-> filebeat", "filebeat -ships to-> elasticsearch.logging"],
    );
    let store = graph.nodes.iter().find(|node| node.title == "elasticsearch.logging").unwrap();
    assert_eq!(store.kind, NodeKind::Store);
}

#[test]
fn configuration_goes_from_the_server_by_the_helper_to_the_app() {
    let graph = graph(diagram("config-sync", "topology", Form::Native));
    has(
        &arrows(&graph),
        &[
            "consul-template <-watches-> config.example.com",
            "consul-template -writes-> config",
            "config -reads-> catalog",
            "consul-template -reloads-> catalog",
        ],
    );
}

#[test]
fn the_form_as_written_moves_nothing() {
    let mixed = "kind: Pod\nspec:\n  initContainers:\n    - { name: envoy, image: envoyproxy/envoy, restartPolicy: Always }\n  containers:\n    - { name: app, image: example.com/app }\n    - { name: logs, image: fluent/fluent-bit }\n";
    let graph = graph(diagram_of(mixed, "written", 0, Form::Traditional));
    has(&boxes(&graph), &["logs (sidecar · log shipper)", "envoy (native sidecar · ambassador)"]);
    assert!(graph.nodes.iter().all(|node| node.remark.is_none()));
    assert_eq!(graph.nodes.iter().map(|node| node.title.as_str()).collect::<Vec<_>>(), ["envoy", "app", "logs"]);
}

#[test]
fn a_map_shows_who_calls_whom_and_what_is_shared() {
    let map = graph(diagram("shop", "map", Form::Traditional));
    has(
        &arrows(&map),
        &[
            "shop -routes-> web",
            "web -port proxy-> oauth2-proxy",
            "web -calls-> catalog",
            "web -calls-> orders",
            "orders -calls-> database",
            "catalog -calls-> database",
            "catalog <-uses-> images",
            "images -reads-> web",
            "fluent-bit -ships to-> loki.logging",
        ],
    );
    let note = |title: &str| map.groups.iter().find(|group| group.title == title).unwrap().note.clone();
    assert_eq!(note("StatefulSet/database"), "NetworkPolicy/database limits who may talk to it");
    assert_eq!(note("Deployment/orders"), "HorizontalPodAutoscaler/orders scales it");
    assert!(map.summary.contains("4 workloads, 2 with sidecars"), "{}", map.summary);
}

#[test]
fn a_map_of_a_compose_project_has_its_dependencies() {
    let map = graph(diagram("compose", "map", Form::Traditional));
    has(
        &arrows(&map),
        &["main-app -after-> logging-sidecar", "proxy-sidecar -after-> main-app", "main-app -writes-> logs"],
    );
}

#[test]
fn a_map_of_a_thousand_workloads_is_bounded_and_says_what_it_leaves_out() {
    let text: String = (0..1000)
        .map(|index| {
            format!(
                "kind: Deployment\nmetadata: {{ name: w{index}, namespace: n{} }}\nspec:\n  template:\n    metadata: {{ labels: {{ app: w{index} }} }}\n    spec: {{ containers: [{{ name: c, env: [{{ name: NEXT_URL, value: 'http://w{}.n{}:80' }}] }}] }}\n---\nkind: Service\nmetadata: {{ name: w{index}, namespace: n{} }}\nspec: {{ selector: {{ app: w{index} }}, ports: [{{ port: 80 }}] }}\n---\n",
                index % 10,
                (index * 7) % 1000,
                (index * 7) % 10,
                index % 10
            )
        })
        .collect();
    let map = graph(diagram_of(&text, "map", 0, Form::Traditional));
    assert_eq!(map.nodes.iter().filter(|node| node.kind == NodeKind::Workload).count(), 120 + 10);
    assert!(map.summary.contains("880 more workloads are not drawn"), "{}", map.summary);
    assert!(map.edges.len() <= 300);
}
