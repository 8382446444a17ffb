//! What the page asks for now and then: changes to look at, files to save, links to give away.

use sidecar_playground::finding::Severity;
use sidecar_playground::session::view;
use sidecar_playground::source::Source;
use sidecar_playground::task::{Chosen, Done, Task, run as task};
use sidecar_playground::view::{Change, Request};

pub fn run(text: &str) {
    let request = Request { kind: "topology".to_owned(), level: Severity::Advice, ..Request::default() };
    let seen = view(text, &request);
    let is_broken = Source::read(text).is_broken();
    let fixes = seen.findings.iter().filter(|finding| finding.fix.is_some());
    let fixes = fixes.map(|finding| Change::Fix(finding.rule.clone(), finding.message.clone(), finding.line));
    for change in seen.offers.iter().cloned().chain(fixes).take(6) {
        for left_out in [vec![], vec![0]] {
            let chosen = Chosen { left_out, despite: true, ..Chosen::default() };
            let asked = Task::Propose { request: request.clone(), change: change.clone(), chosen };
            let Done::Proposed(proposed) = task(text, &asked) else { panic!("no proposal") };
            assert!(!proposed.title.is_empty() || !proposed.refused.is_empty());
            if let Some(new) = &proposed.text {
                assert!(Source::read(new).is_broken() <= is_broken, "{new}");
                assert!(!proposed.patch.is_empty());
            }
        }
    }
    let Done::Exported(files) = task(text, &Task::Export { request, theme: "night".to_owned() }) else { panic!() };
    assert!(files.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{}", files.name);
    for picture in &files.pictures {
        super::svg::check(&picture.svg);
        super::mermaid::check(&picture.mermaid);
        let address = picture.live.strip_prefix("https://mermaid.live/edit#pako:").expect("an address");
        assert!(address.chars().all(|c| c.is_ascii_alphanumeric() || "-_=".contains(c)));
    }
}
