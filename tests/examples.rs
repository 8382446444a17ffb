//! Every example of the gallery, in every way the engine can show it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

use sidecar_playground::detect::Role;
use sidecar_playground::diagram::kinds::KINDS;
use sidecar_playground::diagram::{Diagram, SvgOptions, themes};
use sidecar_playground::form::Form;
use sidecar_playground::gallery::{examples, text};
use sidecar_playground::{Analysis, Options, analyze};

fn analysis(id: &str) -> Analysis {
    analyze(text(id).expect("an example"), &Options::default())
}

/// Name, role and category of each container of the first workload: `log-collector sidecar log-shipper`.
fn roles(id: &str) -> Vec<String> {
    let analysis = analysis(id);
    let containers = analysis.model.workloads[0].pod.containers.iter().zip(&analysis.verdicts[0]);
    containers
        .map(|(container, verdict)| {
            let category = verdict.category.map(|category| format!(" {}", category.id())).unwrap_or_default();
            format!("{} {}{category}", container.display_name(), verdict.role.id())
        })
        .collect()
}

#[test]
fn an_example_that_asks_for_a_kind_of_picture_is_drawn_in_it() {
    let asking: Vec<_> = examples().iter().filter(|example| !example.kind.is_empty()).collect();
    assert_eq!(asking.iter().map(|example| example.id).collect::<Vec<_>>(), ["mesh-pair", "use-cases", "shop"]);
    for example in asking {
        let kind = KINDS.iter().find(|kind| kind.id == example.kind).expect("a kind");
        assert!(kind.build(&analysis(example.id), 0, Form::Native).is_some(), "{}", example.id);
        assert!(!example.about.contains("Picture"), "{}", example.about);
    }
}

#[test]
fn the_examples_have_the_roles_that_a_careful_reader_gives_them() {
    assert_eq!(roles("log-shipper"), ["main-app app", "log-collector sidecar log-shipper"]);
    assert_eq!(
        roles("two-helpers-traditional"),
        ["app app", "log-shipper sidecar log-shipper", "log-analyzer sidecar log-shipper"]
    );
    assert_eq!(
        roles("two-helpers-native"),
        ["log-shipper native-sidecar log-shipper", "log-analyzer native-sidecar log-shipper", "app app"]
    );
    assert_eq!(roles("fluentd"), ["main-app app", "log-sidecar sidecar log-shipper"]);
    assert_eq!(
        roles("legacy-app"),
        [
            "legacy-app app",
            "logging-sidecar sidecar log-shipper",
            "metrics-sidecar sidecar metrics",
            "proxy-sidecar sidecar ambassador"
        ]
    );
    assert_eq!(
        roles("web-application"),
        [
            "main-app app",
            "logging-sidecar sidecar log-shipper",
            "metrics-sidecar sidecar metrics",
            "proxy-sidecar sidecar ambassador"
        ]
    );
    assert_eq!(
        roles("compose"),
        [
            "main-app app",
            "logging-sidecar sidecar log-shipper",
            "metrics-sidecar sidecar metrics",
            "proxy-sidecar sidecar ambassador"
        ]
    );
    assert_eq!(roles("istio"), ["main-app app"]);
    assert_eq!(roles("nginx-logger"), ["nginx app", "sidecar-logger sidecar log-shipper"]);
    assert_eq!(roles("proxy"), ["main-app app", "envoy-proxy sidecar ambassador"]);
    assert_eq!(roles("envoy-config"), ["app app", "envoy sidecar ambassador"]);
    assert_eq!(roles("gated-start"), ["migrate init", "cloud-sql-proxy native-sidecar db-proxy", "orders app"]);
    assert_eq!(roles("job-that-ends"), ["log-shipper native-sidecar log-shipper", "report app"]);
    assert_eq!(roles("git-sync"), ["git-sync native-sidecar data-sync", "nginx app"]);
    assert_eq!(roles("auth-proxy"), ["dashboard app", "oauth2-proxy sidecar auth-proxy"]);
    assert_eq!(roles("vault-agent"), ["vault-agent native-sidecar secrets-agent", "billing app"]);
}

#[test]
fn every_dialect_is_understood() {
    assert_eq!(roles("istio-injected"), ["istio-init init", "istio-proxy native-sidecar mesh-proxy", "frontend app"]);
    assert_eq!(roles("prometheus-operator"), ["prometheus app", "kube-rbac-proxy sidecar auth-proxy"]);
    assert_eq!(roles("elastic"), ["sysctl init", "elasticsearch app", "metrics sidecar metrics"]);
    assert_eq!(roles("argo-workflow"), ["main app", "postgres sidecar other"]);
    assert_eq!(roles("tekton"), ["build app", "server sidecar other"]);
    assert_eq!(roles("knative"), ["greeter app", "cache sidecar cache"]);
    assert_eq!(roles("openshift-template"), ["portal app", "oauth-proxy sidecar auth-proxy"]);
    assert_eq!(roles("vpn-compose"), ["vpn sidecar ambassador", "downloader app"]);
    assert_eq!(roles("kustomize-patch"), ["shop app", "fluent-bit sidecar log-shipper"]);
    assert_eq!(roles("helm-template"), ["web app", "nginx-exporter sidecar metrics"]);
    assert_eq!(roles("kyaml"), ["web app", "exporter sidecar metrics"]);
    assert_eq!(roles("embedded"), ["cloud-sql-proxy native-sidecar db-proxy", "nightly app"]);
    assert_eq!(roles("cluster-dump"), ["web app", "istio-proxy sidecar mesh-proxy"]);
    assert_eq!(roles("node-agent"), ["fluent-bit app"]);
}

#[test]
fn injected_helpers_are_drawn_in_both_forms() {
    for (id, container) in
        [("istio", "istio-proxy"), ("linkerd", "linkerd-proxy"), ("dapr", "daprd"), ("vault-injected", "vault-agent")]
    {
        let analysis = analysis(id);
        let index = analysis.model.workloads.iter().position(|workload| !workload.pod.containers.is_empty()).unwrap();
        for form in Form::BOTH {
            let diagram = KINDS[0].build(&analysis, index, form).expect("a picture");
            let Diagram::Graph(graph) = &diagram else { panic!("a graph") };
            let added: Vec<_> =
                graph.nodes.iter().filter(|node| node.is_added).map(|node| node.title.as_str()).collect();
            assert_eq!(added, [container], "{id} {}", form.id());
        }
    }
}

#[test]
fn a_dump_of_a_cluster_is_one_workload() {
    let analysis = analysis("cluster-dump");
    let origins: Vec<_> = analysis.model.workloads.iter().map(|workload| analysis.model.origin(workload)).collect();
    assert_eq!(origins, vec![(Some("Deployment"), Some("web")); 3]);
}

#[test]
fn evidence_can_be_left_out() {
    use sidecar_playground::detect::Ignored;
    let text = "kind: Pod\nspec:\n  containers:\n    - { name: a, image: example.com/a }\n    - { name: b, image: fluent/fluent-bit }\n";
    let helper = |options: &Options| analyze(text, options).verdicts[0][1].clone();
    let full = helper(&Options::default());
    assert_eq!(full.role, Role::Sidecar);
    let reason = full.evidence.iter().find(|evidence| evidence.points > 0).unwrap();
    let ignored = Ignored { container: "b".to_owned(), text: reason.text.clone() };
    let without = helper(&Options { ignored: vec![ignored], ..Options::default() });
    assert_ne!(without.role, Role::Sidecar);
    assert!(without.evidence.iter().any(|evidence| evidence.is_ignored));
}

#[test]
fn only_the_anti_pattern_has_a_finding() {
    for example in examples() {
        let rules: Vec<_> = analysis(example.id).findings.iter().map(|finding| finding.rule).collect();
        let expected: &[&str] = if example.id == "split-sidecar" { &["split-sidecar"] } else { &[] };
        assert_eq!(rules, expected, "{}", example.id);
    }
}

#[test]
fn examples_are_whole_and_explained() {
    for example in examples() {
        let analysis = analysis(example.id);
        // The template says that it is one.
        assert_eq!(analysis.problems().count(), usize::from(example.id == "helm-template"), "{}", example.id);
        let kubernetes = ["Pod", "Deployment", "DaemonSet", "Job"];
        let own = |workload: &&sidecar_playground::model::Workload| {
            kubernetes.contains(&workload.kind.as_deref().unwrap_or_default())
        };
        assert!(analysis.model.workloads.iter().filter(own).all(|workload| workload.is_well_placed), "{}", example.id);
        assert!(example.title.chars().count() <= 60 && !example.title.ends_with('.'), "{}", example.id);
        assert!(example.about.len() > 60, "{}: say what to look at", example.id);
        assert!(!text(example.id).is_some_and(|text| text.contains(":latest")), "{}: pin the image", example.id);
    }
}

#[test]
fn each_picture_says_the_same_in_all_writings() {
    for example in examples() {
        let analysis = analysis(example.id);
        for index in 0..analysis.model.workloads.len() {
            for kind in KINDS {
                for form in Form::BOTH {
                    let Some(diagram) = kind.build(&analysis, index, form) else { continue };
                    let outline = diagram.outline().to_text();
                    let svg = diagram.svg(&SvgOptions::default());
                    let mermaid = diagram.mermaid();
                    let names =
                        analysis.model.workloads[index].pod.containers.iter().map(|container| container.display_name());
                    for name in names {
                        // Long names are broken into lines in the picture, and signs are written as numbers in Mermaid.
                        let start: String = name.chars().take_while(|c| c.is_alphanumeric()).collect();
                        for text in [&outline, &svg, &mermaid] {
                            assert!(text.contains(&start), "{} {}: no {name} in\n{text}", example.id, kind.id);
                        }
                    }
                    if let Diagram::Graph(graph) | Diagram::Map(graph) = &diagram {
                        assert_eq!(
                            svg.matches("class=\"line ").count(),
                            graph.edges.len(),
                            "{} {}: lines",
                            example.id,
                            kind.id
                        );
                        let arrows = ["-->", "-.-", "-.->", "==>", "--x"];
                        let drawn =
                            mermaid.lines().filter(|line| arrows.iter().any(|arrow| line.contains(arrow))).count();
                        assert_eq!(drawn, graph.edges.len(), "{} {}: arrows in\n{mermaid}", example.id, kind.id);
                    }
                }
            }
        }
    }
}

#[test]
fn a_stand_alone_picture_is_well_formed_and_needs_nothing_else() {
    let analysis = analyze(
        "kind: Pod\nmetadata: { name: \"<&'\\\">\" }\nspec:\n  containers: [{ name: \"]]><script>\", image: \"&amp;\" }, { name: b }]\n",
        &Options::default(),
    );
    for theme in themes() {
        let diagram = KINDS[0].build(&analysis, 0, Form::Native).expect("a picture");
        let svg = diagram.svg(&SvgOptions { theme: Some(theme), ..SvgOptions::default() });
        assert!(!svg.contains("var(") && !svg.contains("href") && !svg.contains("<script"), "{svg}");
        assert_eq!(svg.matches("<g ").count(), svg.matches("</g>").count());
        assert_eq!(svg.matches("<text ").count(), svg.matches("</text>").count());
    }
}

#[test]
fn both_forms_show_the_same_containers() {
    for example in examples() {
        let analysis = analysis(example.id);
        let verdicts = &analysis.verdicts[0];
        let helpers =
            verdicts.iter().filter(|verdict| matches!(verdict.role, Role::Sidecar | Role::NativeSidecar)).count();
        for form in Form::BOTH {
            let placement = sidecar_playground::form::placement(&analysis.model.workloads[0], verdicts, form);
            let all = placement.init.len() + placement.regular.len() + placement.ephemeral.len();
            assert_eq!(all, verdicts.len(), "{}", example.id);
            assert!(placement.moved.len() <= helpers, "{}", example.id);
        }
    }
}
