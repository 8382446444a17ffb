//! Gives the parts of a picture their places. Nothing here is random or searched for: the same graph always looks the
//! same, and a small change in a manifest moves little.

mod bars;
mod columns;
mod layers;
mod lifelines;
mod map;
mod node;
mod stack;
mod timeline;

pub(super) use bars::bars;
pub(super) use columns::columns;
pub(super) use lifelines::lifelines;
pub(super) use map::map;
pub(super) use timeline::timeline;
pub use timeline::{Axis, Stretch};

use super::graph::EdgeKind;
use super::scene::Tip;
use super::text::{Face, Font};

const TITLE: Font = Font { size: 14.0, face: Face::Bold };
const SUBTITLE: Font = Font { size: 11.5, face: Face::Regular };
const DETAIL: Font = Font { size: 11.0, face: Face::Mono };
const GROUP: Font = Font { size: 13.0, face: Face::Bold };
const NOTE: Font = Font { size: 11.5, face: Face::Regular };
const LABEL: Font = Font { size: 11.0, face: Face::Regular };

/// The class of an arrow, and what stands at its ends.
fn look(kind: EdgeKind) -> (&'static str, Tip, Tip) {
    let (none, arrow) = (Tip::None, Tip::Arrow);
    match kind {
        EdgeKind::Then => ("then", none, arrow),
        EdgeKind::Parallel => ("parallel", none, none),
        EdgeKind::Writes => ("writes", none, arrow),
        EdgeKind::Reads => ("reads", arrow, none),
        EdgeKind::Shares => ("shares", arrow, arrow),
        EdgeKind::Traffic => ("traffic", none, arrow),
        EdgeKind::Talks => ("talks", none, arrow),
        EdgeKind::Hands => ("talks", arrow, arrow),
        EdgeKind::Calls => ("calls", none, arrow),
        EdgeKind::Fetches => ("calls", arrow, arrow),
        EdgeKind::Encrypted => ("encrypted", arrow, arrow),
        EdgeKind::Refused => ("refused", none, Tip::Cross),
        EdgeKind::DependsOn => ("depends", none, arrow),
    }
}

/// Distance between base lines of a font.
fn leading(font: Font) -> f32 {
    (font.size * 1.32).round()
}

#[cfg(test)]
mod tests {
    use crate::diagram::Diagram;
    use crate::diagram::kinds::{KINDS, kind};
    use crate::diagram::scene::{Point, Rect, Scene};
    use crate::form::Form;
    use crate::{Options, analyze};
    use std::fmt::Write as _;

    fn scene(diagram: &Diagram) -> Scene {
        match diagram {
            Diagram::Graph(graph) => super::columns(graph),
            Diagram::Map(graph) => super::map(graph),
            Diagram::Sequence(sequence) => super::lifelines(sequence),
            Diagram::Timeline(timeline) => super::timeline(timeline, true).0,
            Diagram::Bars(bars) => super::bars(bars),
        }
    }

    /// A Deployment with `count` containers that mount some of `count / 2 + 1` volumes each.
    fn manifest(count: usize, name: &str) -> String {
        let mut text = String::from(
            "kind: Service\nmetadata: { name: front }\nspec: { selector: { app: a }, ports: [{ port: 80 }, { port: 443, targetPort: 1000 }] }\n---\n\
             kind: Deployment\nmetadata: { name: a }\nspec:\n  template:\n    metadata: { labels: { app: a } }\n    spec:\n      containers:\n",
        );
        let volumes = count / 2 + 1;
        for index in 0..count {
            let _ = writeln!(
                text,
                "        - name: {name}{index}\n          image: registry.example.com/team/some-rather-long-image-name:1.2.3\n          ports: [{{ containerPort: {} }}]\n          volumeMounts:",
                1000 + index
            );
            for volume in (0..volumes).filter(|volume| (volume + index) % 3 == 0) {
                let _ = writeln!(
                    text,
                    "            - {{ name: v{volume}, mountPath: /var/lib/some/where/deep/down/{volume} }}"
                );
            }
            if index % 2 == 0 {
                let _ = writeln!(text, "          args: [sidecar]");
            }
        }
        text.push_str("      volumes:\n");
        for volume in 0..volumes {
            let kind =
                ["emptyDir: {}", "persistentVolumeClaim: { claimName: data }", "configMap: { name: c }"][volume % 3];
            let _ = writeln!(text, "        - name: v{volume}\n          {kind}");
        }
        text
    }

    fn check(scene: &Scene, what: &str) {
        let page = Rect { x: 0.0, y: 0.0, w: scene.width, h: scene.height };
        let within = |inner: Rect, outer: Rect| {
            inner.x >= outer.x - 0.5
                && inner.y >= outer.y - 0.5
                && inner.right() <= outer.right() + 0.5
                && inner.bottom() <= outer.bottom() + 0.5
        };
        for (index, item) in scene.nodes.iter().enumerate() {
            assert!(within(item.area, page), "{what}: {} leaves the picture", item.label());
            for other in scene.nodes.iter().skip(index + 1) {
                assert!(!item.area.overlaps(other.area), "{what}: {} overlaps {}", item.label(), other.label());
            }
        }
        for item in scene.nodes.iter().chain(&scene.groups) {
            for text in &item.texts {
                assert!(within(text.area(), item.area), "{what}: {} leaves its box", text.text);
            }
        }
        let plates: Vec<_> = scene.labels.iter().filter(|(plate, _)| plate.w > 0.0).collect();
        for (index, (plate, text)) in plates.iter().enumerate() {
            for item in &scene.nodes {
                assert!(!plate.overlaps(item.area), "{what}: label {} lies on {}", text.text, item.label());
            }
            for (other, label) in plates.iter().skip(index + 1) {
                assert!(!plate.overlaps(*other), "{what}: label {} lies on label {}", text.text, label.text);
            }
        }
    }

    #[test]
    fn nothing_overlaps_or_is_cut_at_any_size() {
        let names = ["c", "a-container-with-a-rather-long-name-", "コンテナ名前", "<b>x</b>"];
        for count in [1, 2, 5, 12, 30] {
            for name in names {
                let analysis = analyze(&manifest(count, name), &Options::default());
                for kind in KINDS {
                    for form in Form::BOTH {
                        let diagram = kind.build(&analysis, 0, form).expect("a Deployment can be drawn");
                        check(&scene(&diagram), &format!("{} {} with {count} × {name}", kind.id, form.id()));
                    }
                }
            }
        }
    }

    /// Workloads in two namespaces that call each other in circles, share claims and are called from outside.
    fn shop(count: usize, name: &str) -> String {
        let mut text = String::new();
        for index in 0..count {
            let namespace = if index % 4 == 3 { "other" } else { "shop" };
            let calls: Vec<String> = [index * 3 + 1, index * 5 + 2, index + 7]
                .iter()
                .map(|to| format!("{{ name: A{to}_URL, value: 'http://w{}.shop:80' }}", to % count))
                .collect();
            let _ = write!(
                text,
                "kind: Deployment\nmetadata: {{ name: w{index}, namespace: {namespace} }}\nspec:\n  replicas: 3\n  template:\n    metadata: {{ labels: {{ app: w{index} }} }}\n    spec:\n      containers:\n        - {{ name: \"{name}{index}\", env: [{}, {{ name: LOGS_URL, value: 'http://logs{}.example.com' }}], volumeMounts: [{{ name: d, mountPath: /d }}] }}\n        - {{ name: istio-proxy, image: istio/proxyv2, args: [proxy, sidecar] }}\n      volumes: [{{ name: d, persistentVolumeClaim: {{ claimName: c{} }} }}]\n---\nkind: Service\nmetadata: {{ name: w{index}, namespace: {namespace} }}\nspec: {{ selector: {{ app: w{index} }}, ports: [{{ port: 80 }}] }}\n---\n",
                calls.join(", "),
                index % 3,
                index % 2
            );
        }
        text + "kind: Ingress\nmetadata: { name: in, namespace: shop }\nspec: { defaultBackend: { service: { name: w0 } } }\n"
    }

    /// Whether a level or upright line goes through the inside of a box.
    fn crosses(a: Point, b: Point, area: Rect) -> bool {
        let inner = Rect { x: area.x + 1.0, y: area.y + 1.0, w: area.w - 2.0, h: area.h - 2.0 };
        let line = Rect { x: a.0.min(b.0), y: a.1.min(b.1), w: (a.0 - b.0).abs() + 0.1, h: (a.1 - b.1).abs() + 0.1 };
        inner.overlaps(line)
    }

    #[test]
    fn on_a_map_nothing_overlaps_and_no_line_crosses_a_box() {
        for count in [1, 2, 6, 20, 24, 25, 150] {
            for name in ["c", "コンテナ名前", "a-container-with-a-rather-long-name-"] {
                let analysis = analyze(&shop(count, name), &Options::default());
                let diagram = kind("map").unwrap().build(&analysis, 0, Form::Native).expect("a map");
                let scene = scene(&diagram);
                let what = format!("map of {count} × {name}");
                check(&scene, &what);
                for line in &scene.lines {
                    for (a, b) in line.points.iter().zip(line.points.iter().skip(1)) {
                        for node in &scene.nodes {
                            assert!(!crosses(*a, *b, node.area), "{what}: a line crosses {}", node.label());
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn containers_keep_the_order_of_their_list() {
        let analysis = analyze(&manifest(12, "c"), &Options::default());
        for form in Form::BOTH {
            let diagram = KINDS[0].build(&analysis, 0, form).unwrap();
            let scene = scene(&diagram);
            let order = crate::form::placement(&analysis.model.workloads[0], &analysis.verdicts[0], form);
            let wanted: Vec<usize> = order.init.into_iter().chain(order.regular).collect();
            let containers = scene.nodes.iter().filter(|item| item.class == "container");
            let mut drawn: Vec<_> =
                containers.map(|item| (item.area.y, item.target.unwrap().container.unwrap())).collect();
            drawn.sort_by(|a, b| a.0.total_cmp(&b.0));
            assert_eq!(drawn.into_iter().map(|(_, index)| index).collect::<Vec<_>>(), wanted);
        }
    }
}
