//! How a manifest says that a finding is known and accepted.
//!
//! * A comment `# sidecar-playground: ignore port-clash – only one of them listens`. At the end of a line it counts for
//!   what starts on that line, on a line of its own for what starts on the next one: a container, a whole template, or
//!   at the top of a document all of it.
//! * An annotation `sidecar-playground/ignore: "port-clash only one of them listens"` on the object or on its Pod
//!   template. Several are separated by `;` or line breaks.
//!
//! Several ids can share a reason: `ignore port-clash, image-not-pinned – …`. Hidden findings stay in the analysis, with
//! the reason.

use crate::Analysis;
use crate::finding::Finding;
use crate::model::lookup;
use crate::source::{Document, Lines, Node};

/// The annotation that hides findings.
pub const ANNOTATION: &str = "sidecar-playground/ignore";

/// What a comment starts with.
const COMMENT: &str = "sidecar-playground:";

/// What is to be hidden, and why.
struct Wish {
    rules: Vec<String>,
    reason: String,
}

/// Marks the findings that the text wants hidden.
pub(in crate::rules) fn hide(analysis: &Analysis, findings: &mut [Finding]) {
    // Findings stand in the order of the text, so each document is searched once.
    let mut searched: Option<(u32, Comments<'_>)> = None;
    for finding in findings {
        finding.hidden = by_annotation(analysis, finding).or_else(|| {
            let number = finding.place.document;
            let document = analysis.source.documents.get(number as usize)?;
            if searched.as_ref().is_none_or(|(known, _)| *known != number) {
                searched = Some((number, comments(document)));
            }
            let (_, Some((lines, wishes))) = searched.as_ref()? else { return None };
            let tree = &document.tree;
            let mut at = Some(finding.place.node);
            while let Some(node) = at {
                let start = lines.position(tree.key_span(node).start).line;
                let wish = wishes.iter().find(|(line, wish)| *line == start && wish.is_about(finding));
                if let Some((_, wish)) = wish {
                    return Some(wish.reason.clone());
                }
                at = tree.parent(node);
            }
            None
        });
    }
}

impl Wish {
    fn is_about(&self, finding: &Finding) -> bool {
        self.rules.iter().any(|rule| rule == finding.rule)
    }

    /// `port-clash, image-not-pinned – reason`.
    fn parse(text: &str) -> Option<Self> {
        let mut rest = text.trim();
        let mut rules = Vec::new();
        loop {
            let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(rest.len());
            let (id, after) = rest.split_at_checked(end)?;
            if !id.starts_with(|c: char| c.is_ascii_lowercase()) {
                return None;
            }
            rules.push(id.trim_end_matches('-').to_owned());
            match after.trim_start().strip_prefix(',') {
                Some(more) => rest = more.trim_start(),
                None => {
                    rest = after;
                    break;
                }
            }
        }
        let reason = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ':'));
        let reason = if reason.is_empty() { "no reason given" } else { reason };
        Some(Self { rules, reason: reason.trim_end().to_owned() })
    }
}

fn by_annotation(analysis: &Analysis, finding: &Finding) -> Option<String> {
    let workload = analysis.model.workloads.get(*finding.workloads.first()?)?;
    let object = analysis.model.objects.get(workload.object).map(|object| &object.annotations);
    let texts = object.into_iter().chain([&workload.pod.annotations]).filter_map(|pairs| lookup(pairs, ANNOTATION));
    let wishes = texts.flat_map(|text| text.split([';', '\n'])).filter_map(Wish::parse);
    wishes.filter(|wish| wish.is_about(finding)).map(|wish| wish.reason).next()
}

/// The lines of a document, and the wishes in its comments with the line that each is about.
type Comments<'d> = Option<(Lines<'d>, Vec<(u32, Wish)>)>;

fn comments(document: &Document) -> Comments<'_> {
    let text = &document.text;
    if !text.contains(COMMENT) {
        return None;
    }
    let lines = Lines::new(text);
    let found = text.match_indices(COMMENT).filter_map(|(at, word)| {
        let number = lines.position(u32::try_from(at).ok()?).line;
        let line_start = text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
        let before = text.get(line_start..at)?;
        let code = before.trim_end().strip_suffix('#')?;
        if !(code.is_empty() || code.ends_with([' ', '\t'])) || is_inside_text(document, line_start + code.len()) {
            return None;
        }
        let wish = text.get(at + word.len()..)?.lines().next()?.trim_start().strip_prefix("ignore ")?;
        Some((target(&lines, number, code.trim().is_empty()), Wish::parse(wish)?))
    });
    let found = found.collect();
    Some((lines, found))
}

/// Whether a byte is part of a scalar, so that a `#` there starts no comment.
fn is_inside_text(document: &Document, byte: usize) -> bool {
    let Ok(byte) = u32::try_from(byte) else { return true };
    document.tree.node_at(byte).is_some_and(|node| {
        let span = document.tree.span(node);
        let is_scalar = matches!(document.value(node).node(), Some(Node::Scalar { .. }));
        is_scalar && span.start <= byte && byte < span.end
    })
}

/// The line itself, or the next one with something on it.
fn target(lines: &Lines<'_>, number: u32, is_alone: bool) -> u32 {
    let count = u32::try_from(lines.count()).unwrap_or(u32::MAX);
    let has_content = |number: &u32| {
        let line = lines.line(*number).trim();
        !line.is_empty() && !line.starts_with('#') && line != "---"
    };
    if is_alone { (number + 1..=count).find(has_content).unwrap_or(number) } else { number }
}

#[cfg(test)]
mod tests {
    use crate::finding::Finding;
    use crate::{Options, analyze};

    fn findings(text: &str) -> Vec<Finding> {
        let found = analyze(text, &Options::default()).findings;
        found.into_iter().filter(|finding| finding.rule == "duplicate-proxy").collect()
    }

    fn reason(text: &str) -> Option<String> {
        let [finding] = findings(text).try_into().expect("one finding");
        finding.hidden
    }

    fn pod(above: &str, behind: &str, annotation: &str) -> String {
        format!(
            "# first\n{above}\nkind: Pod\nmetadata:\n  annotations: {{ {annotation} }}\nspec:\n  containers:\n    - name: app\n    - name: a\n      image: istio/proxyv2:1\n    - name: b {behind}\n      image: istio/proxyv2:1\n"
        )
    }

    #[test]
    fn a_comment_hides_what_starts_on_its_line_or_the_next() {
        assert_eq!(reason(&pod("", "", "")), None);
        let comment = "# sidecar-playground: ignore duplicate-proxy – they take turns";
        assert_eq!(reason(&pod("", comment, "")).as_deref(), Some("they take turns"));
        assert_eq!(reason(&pod(comment, "", "")).as_deref(), Some("they take turns"), "on top: the whole document");
        assert_eq!(reason(&pod("", "# sidecar-playground: ignore split-sidecar - no", "")), None, "another rule");
        let both = "# sidecar-playground: ignore split-sidecar, duplicate-proxy: both";
        assert_eq!(reason(&pod("", both, "")).as_deref(), Some("both"));
        assert_eq!(
            reason(&pod("", "# sidecar-playground: ignore duplicate-proxy", "")).as_deref(),
            Some("no reason given")
        );
    }

    #[test]
    fn a_comment_on_another_container_hides_nothing() {
        let text =
            pod("", "", "").replace("- name: a\n", "- name: a # sidecar-playground: ignore duplicate-proxy - no\n");
        assert_eq!(reason(&text), None);
        let text =
            pod("", "", "").replace("- name: app", "- name: app # sidecar-playground: ignore duplicate-proxy - no");
        assert_eq!(reason(&text), None, "the first entry is not the list");
    }

    #[test]
    fn an_annotation_hides_in_the_whole_workload() {
        let annotation = "sidecar-playground/ignore: 'split-sidecar no; duplicate-proxy they take turns'";
        assert_eq!(reason(&pod("", "", annotation)).as_deref(), Some("they take turns"));
    }

    #[test]
    fn what_looks_like_a_comment_inside_a_text_is_none() {
        let text = pod("", "", "note: '# sidecar-playground: ignore duplicate-proxy - no'");
        assert_eq!(reason(&text), None);
        let block = "text: |\n  # sidecar-playground: ignore duplicate-proxy - no\nkind: Pod\n";
        assert_eq!(reason(&pod("", "", "").replace("kind: Pod\n", block)), None);
    }
}
