//! Rewrites: the new text can be read, has the same containers and the same comments, and the way back is exact.

use super::options;
use sidecar_playground::edit::Editor;
use sidecar_playground::form::Form;
use sidecar_playground::release::Cluster;
use sidecar_playground::rewrite::{Choices, MergeChoices, compose_to_pod, groups, merge_split, to_form};
use sidecar_playground::source::Source;
use sidecar_playground::{Analysis, analyze};

pub fn run(text: &str) {
    let before = analyze(text, &options());
    let cluster = Cluster::default();
    for index in 0..before.model.workloads.len().min(3) {
        for form in Form::BOTH {
            let plain = Choices { keeps_hooks: true, keeps_scripts: true, despite: true, ..Choices::default() };
            for (choices, is_plain) in [(Choices { despite: true, ..Choices::default() }, false), (plain, true)] {
                let rewrite = to_form(&before, index, form, &cluster, &choices);
                assert!(rewrite.refused.is_empty() || rewrite.edits.is_empty());
                if rewrite.edits.is_empty() {
                    continue;
                }
                let patch = rewrite.patch();
                let new = patch.apply(text).expect("edits that fit");
                assert_eq!(patch.inverse(text).apply(&new).as_deref(), Some(text));
                let after = analyze(&new, &options());
                assert!(after.source.is_broken() <= before.source.is_broken(), "broken now:\n{new}");
                assert_eq!(containers(&after, index), containers(&before, index), "{new}");
                if is_plain {
                    assert_eq!(comments(&new), comments(text), "{new}");
                }
            }
        }
        pods(&before, index);
        for other in 0..before.model.workloads.len().min(3) {
            let choices = MergeChoices { despite: true, ..MergeChoices::default() };
            let merged = merge_split(&before, index, other, &cluster, &choices);
            if !merged.edits.is_empty() {
                let new = merged.patch().apply(text).expect("edits that fit");
                assert!(analyze(&new, &options()).source.is_broken() <= before.source.is_broken(), "{new}");
            }
        }
    }
}

fn pods(before: &Analysis, index: usize) {
    let workload = &before.model.workloads[index];
    if workload.pod.containers.iter().all(|container| container.compose.is_none()) {
        return;
    }
    for services in groups(workload).iter().take(4) {
        for form in Form::BOTH {
            let made = compose_to_pod(before, index, services, form);
            if made.refused.is_empty() {
                let after = analyze(&made.text, &options());
                assert!(!after.source.is_broken(), "{}", made.text);
                let pod = after.model.workloads.first().expect("a Pod");
                assert_eq!(pod.pod.containers.len(), services.len(), "{}", made.text);
            }
        }
    }
}

/// Names and images, sorted: the order may change.
fn containers(analysis: &Analysis, index: usize) -> Vec<(String, String)> {
    let Some(workload) = analysis.model.workloads.get(index) else { return Vec::new() };
    let containers = workload.pod.containers.iter();
    let mut found: Vec<_> = containers
        .map(|container| {
            let image = container.image.as_ref().map_or_else(String::new, |image| format!("{image:?}"));
            (container.display_name().to_owned(), image.split("node").next().unwrap_or_default().to_owned())
        })
        .collect();
    found.sort();
    found
}

fn comments(text: &str) -> Vec<String> {
    let source = Source::read(text);
    let mut found = Vec::new();
    for document in source.documents.iter().filter(|document| !document.is_embedded) {
        let Some(editor) = Editor::new(document) else { continue };
        found.extend(editor.comments().iter().map(|span| span.slice(&document.text).trim_end().to_owned()));
    }
    found.sort();
    found
}
