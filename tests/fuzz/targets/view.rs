//! What the page gets at each keystroke, from both parts of the engine.

use sidecar_playground::diagram::kinds::KINDS;
use sidecar_playground::finding::Severity;
use sidecar_playground::session::{first_view, view};
use sidecar_playground::view::{ContainerView, Range, Request, View, Writing};

pub fn run(text: &str) {
    let units = text.encode_utf16().count() as u32;
    for (index, kind) in KINDS.iter().enumerate() {
        let writing = [Writing::Outline, Writing::Picture, Writing::Mermaid][(index + text.len()) % 3];
        let request = Request { kind: kind.id.to_owned(), writing, level: Severity::Advice, ..Request::default() };
        let whole = view(text, &request);
        check(&whole, units);
        if index == 0 {
            let first = first_view(text, &request);
            check(&first, units);
            // The first part says less, but nothing else.
            if first.is_beyond {
                assert_eq!(first, View { is_beyond: true, is_partial: true, ..View::default() });
                continue;
            }
            assert_eq!(first.problems, whole.problems);
            assert_eq!(first.workloads, whole.workloads);
            assert_eq!(first.containers, without_summaries(&whole.containers));
            match writing {
                Writing::Mermaid => assert!(first.pictures.is_empty()),
                Writing::Outline | Writing::Picture => assert_eq!(first.pictures, whole.pictures),
            }
        }
    }
    // A workload that is not there is the last one.
    let request = Request { workload: usize::MAX, kind: "topology".to_owned(), ..Request::default() };
    let last = view(text, &request);
    assert_eq!(last.shown, last.workloads.len().checked_sub(1));
}

/// What the first part leaves out.
fn without_summaries(containers: &[ContainerView]) -> Vec<ContainerView> {
    let mut containers = containers.to_vec();
    containers.iter_mut().flat_map(|container| &mut container.known).for_each(|(_, _, summary)| summary.clear());
    containers
}

fn check(view: &View, units: u32) {
    let fits = |range: Range| assert!(range.from <= range.to && range.to <= units, "{range:?} of {units}");
    view.problems.iter().for_each(|problem| fits(problem.range));
    for container in &view.containers {
        fits(container.range);
        container.reasons.iter().filter_map(|reason| reason.range).for_each(fits);
    }
    for finding in &view.findings {
        fits(finding.range);
        finding.related.iter().for_each(|related| fits(related.range));
    }
    view.around.iter().for_each(|around| fits(around.range));
    view.pictures.iter().flat_map(|picture| &picture.targets).for_each(|target| fits(target.range));
    assert_eq!(view.shown.is_some(), !view.workloads.is_empty());
    for command in &view.commands {
        assert!(!command.line.contains(['\n', '\r', '\0']), "{}", command.line);
    }
}
