//! Fixes of findings: they fit, can be taken back, break nothing, and their diff says the same.

use super::options;
use sidecar_playground::analyze;
use sidecar_playground::edit::Patch;

pub fn run(text: &str) {
    let before = analyze(text, &options());
    let fixes = before.findings.iter().filter_map(|finding| Some((finding, finding.fix.as_ref()?)));
    for (finding, fix) in fixes.take(12) {
        let patch = Patch::new(fix.edits.clone());
        let new = patch.apply(text).unwrap_or_else(|| panic!("edits that do not fit: {fix:?}"));
        assert_ne!(new, text, "{} changes nothing", finding.rule);
        assert_eq!(patch.inverse(text).apply(&new).as_deref(), Some(text));
        assert_eq!(patched(text, &patch.unified(text, "a")), new, "{}", finding.rule);
        let after = analyze(&new, &options());
        assert!(after.source.is_broken() <= before.source.is_broken(), "{} breaks it:\n{new}", finding.rule);
        assert_eq!(after.model.workloads.len(), before.model.workloads.len(), "{}:\n{new}", finding.rule);
    }
}

/// What `patch` makes of a text.
fn patched(text: &str, diff: &str) -> String {
    let old: Vec<&str> = text.split_inclusive('\n').collect();
    let mut new = String::new();
    let mut at = 0;
    let mut lines = diff.split_inclusive('\n').skip(2).peekable();
    while let Some(head) = lines.next() {
        let range = head.strip_prefix("@@ -").expect("a hunk").split([' ', '+']).next().expect("a range");
        let (start, count) = range.split_once(',').unwrap_or((range, "1"));
        let (start, count): (usize, usize) = (start.parse().expect("a number"), count.parse().expect("a number"));
        let first = if count == 0 { start } else { start - 1 };
        new.extend(old[at..first].iter().copied());
        at = first;
        while let Some(line) = lines.next_if(|line| !line.starts_with("@@ ")) {
            let is_cut = lines.next_if(|next| next.starts_with('\\')).is_some();
            let body = if is_cut { line[1..].strip_suffix('\n').expect("a line") } else { &line[1..] };
            match line.as_bytes()[0] {
                b'+' => new.push_str(body),
                b'-' | b' ' => {
                    assert_eq!(old[at], body);
                    if line.starts_with(' ') {
                        new.push_str(body);
                    }
                    at += 1;
                }
                other => panic!("{other}"),
            }
        }
    }
    new.extend(old[at..].iter().copied());
    new
}
