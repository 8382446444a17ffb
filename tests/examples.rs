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
use sidecar_playground::gallery::examples;
use sidecar_playground::{Analysis, Options, analyze};

fn analysis(id: &str) -> Analysis {
    let example = examples().iter().find(|example| example.id == id).expect("an example");
    analyze(example.text, &Options::default())
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
        assert_eq!(analysis.problems().count(), 0, "{}", example.id);
        assert!(analysis.model.workloads.iter().all(|workload| workload.is_well_placed), "{}", example.id);
        assert!(example.title.chars().count() <= 60 && !example.title.ends_with('.'), "{}", example.id);
        assert!(example.about.len() > 60, "{}: say what to look at", example.id);
        assert!(!example.text.contains(":latest"), "{}: pin the image", example.id);
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
                    if let Diagram::Graph(graph) = &diagram {
                        assert_eq!(
                            svg.matches("class=\"line ").count(),
                            graph.edges.len(),
                            "{} {}: lines",
                            example.id,
                            kind.id
                        );
                        let arrows = ["-->", "-.-", "-.->"];
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
