//! Edits as a whole: applied, as hunks, as a unified diff.

use super::Edit;
use crate::source::Span;
use serde::Serialize;
use std::fmt::Write;

/// Unchanged lines shown around each change, as `diff -u` does.
const CONTEXT: usize = 3;

/// The text with all edits made. Insertions at the same place stand in the order in which they are given. `None` when two
/// edits overlap, or one does not fit the text.
#[must_use]
pub fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in in_order(edits) {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        out.push_str(text.get(at..start)?);
        out.push_str(&edit.text);
        text.get(start..end)?;
        at = end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

/// By place; insertions come before a replacement that starts where they stand.
fn in_order(edits: &[Edit]) -> Vec<&Edit> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
    sorted
}

/// Changes of a text in groups: the edits of a group only make sense together, as the two ends of a move do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Patch {
    /// The groups.
    pub groups: Vec<Vec<Edit>>,
}

/// A stretch of lines that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hunk {
    /// Its number among the hunks.
    pub index: usize,
    /// The groups that it has a part of.
    pub groups: Vec<usize>,
    /// The first line that it shows of the old text, from 0.
    pub old_start: usize,
    /// The first line that it shows of the new text, from 0.
    pub new_start: usize,
    /// Lines with ` `, `-` or `+` in front, and with their line breaks.
    pub lines: Vec<String>,
    /// How many lines it shows of the old and of the new text.
    pub counts: (usize, usize),
}

impl Patch {
    /// Edits that only make sense together.
    #[must_use]
    pub fn new(edits: Vec<Edit>) -> Self {
        Self { groups: if edits.is_empty() { Vec::new() } else { vec![edits] } }
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.iter().all(Vec::is_empty)
    }

    /// All edits.
    #[must_use]
    pub fn edits(&self) -> Vec<Edit> {
        self.groups.iter().flatten().cloned().collect()
    }

    /// The new text; `None` when the edits do not fit the text.
    #[must_use]
    pub fn apply(&self, text: &str) -> Option<String> {
        apply(text, &self.edits())
    }

    /// The part of the patch that some hunks have to do with: their groups, whole.
    #[must_use]
    pub fn only(&self, text: &str, hunks: &[usize]) -> Self {
        let all = self.hunks(text);
        let chosen = all.iter().filter(|hunk| hunks.contains(&hunk.index));
        let mut groups: Vec<usize> = chosen.flat_map(|hunk| hunk.groups.iter().copied()).collect();
        groups.sort_unstable();
        groups.dedup();
        Self { groups: groups.into_iter().filter_map(|group| self.groups.get(group).cloned()).collect() }
    }

    /// The edits that take the patch back, for the new text.
    #[must_use]
    pub fn inverse(&self, text: &str) -> Self {
        let mut shift = 0_i64;
        let edits = self.edits();
        let undo = in_order(&edits).into_iter().map(|edit| {
            let start = usize::try_from(i64::from(edit.span.start) + shift).unwrap_or_default();
            shift += edit.text.len() as i64 - i64::from(edit.span.end - edit.span.start);
            Edit::new(start, start + edit.text.len(), edit.span.slice(text))
        });
        Self::new(undo.collect())
    }

    /// The changed stretches of lines with some unchanged ones around them.
    #[must_use]
    pub fn hunks(&self, text: &str) -> Vec<Hunk> {
        let lines = Lines::new(text);
        let mut changes = self.changes(text, &lines);
        changes.retain(|change| !change.is_empty());
        let mut hunks: Vec<Hunk> = Vec::new();
        let mut shift = 0_i64;
        let mut from = 0;
        while from < changes.len() {
            // Changes whose context would meet share a hunk.
            let mut to = from + 1;
            while let (Some(before), Some(next)) = (changes.get(to - 1), changes.get(to)) {
                if next.first > before.last + 2 * CONTEXT {
                    break;
                }
                to += 1;
            }
            let group = changes.get(from..to).unwrap_or_default();
            let (Some(first), Some(last)) = (group.first(), group.last()) else { break };
            let start = first.first.saturating_sub(CONTEXT);
            let end = (last.last + CONTEXT).min(lines.count());
            let mut shown = Vec::new();
            let mut at = start;
            let mut removed = 0;
            let mut added = 0;
            for change in group {
                shown.extend((at..change.first).map(|line| format!(" {}", lines.get(line))));
                shown.extend((change.first..change.last).map(|line| format!("-{}", lines.get(line))));
                shown.extend(change.new.iter().map(|line| format!("+{line}")));
                removed += change.last - change.first;
                added += change.new.len();
                at = change.last;
            }
            shown.extend((at..end).map(|line| format!(" {}", lines.get(line))));
            let mut groups: Vec<usize> = group.iter().flat_map(|change| change.groups.iter().copied()).collect();
            groups.sort_unstable();
            groups.dedup();
            let new_start = usize::try_from(start as i64 + shift).unwrap_or_default();
            let counts = (end - start, end - start + added - removed);
            hunks.push(Hunk { index: hunks.len(), groups, old_start: start, new_start, lines: shown, counts });
            shift += added as i64 - removed as i64;
            from = to;
        }
        hunks
    }

    /// A unified diff that `git apply` and `patch -p1` accept; empty when nothing changes.
    #[must_use]
    pub fn unified(&self, text: &str, name: &str) -> String {
        let hunks = self.hunks(text);
        if hunks.is_empty() {
            return String::new();
        }
        // A name that starts at the root would make two slashes, and `./` is not what git writes.
        let name = name.trim_start_matches("./").trim_start_matches('/');
        let mut out = format!("--- a/{name}\n+++ b/{name}\n");
        let range = |start: usize, count: usize| {
            // An empty range names the line in front of it.
            let line = if count == 0 { start } else { start + 1 };
            if count == 1 { line.to_string() } else { format!("{line},{count}") }
        };
        for hunk in hunks {
            let (old, new) = (range(hunk.old_start, hunk.counts.0), range(hunk.new_start, hunk.counts.1));
            let _ = writeln!(out, "@@ -{old} +{new} @@");
            for line in &hunk.lines {
                out.push_str(line);
                if !line.ends_with('\n') {
                    out.push_str("\n\\ No newline at end of file\n");
                }
            }
        }
        out
    }

    /// The changed lines, each stretch as small as its lines allow.
    fn changes(&self, text: &str, lines: &Lines<'_>) -> Vec<Change> {
        let mut numbered: Vec<(usize, &Edit)> = Vec::new();
        for (group, edits) in self.groups.iter().enumerate() {
            numbered.extend(edits.iter().map(|edit| (group, edit)));
        }
        numbered.sort_by_key(|(_, edit)| (edit.span.start, edit.span.end));
        let mut stretches: Vec<Stretch> = Vec::new();
        for (group, edit) in numbered {
            let first = lines.line_of(edit.span.start as usize);
            let last = lines.line_of(edit.span.end as usize) + 1;
            match stretches.last_mut() {
                Some((_, end, edits)) if first < *end => {
                    *end = last.max(*end);
                    edits.push((group, edit.clone()));
                }
                _ => stretches.push((first, last, vec![(group, edit.clone())])),
            }
        }
        stretches.into_iter().map(|(first, last, edits)| Change::new(text, lines, first, last, &edits)).collect()
    }
}

/// First line, line behind the last one, and the edits with their groups.
type Stretch = (usize, usize, Vec<(usize, Edit)>);

/// Lines `first..last` become `new`. Lines have their line breaks.
struct Change {
    first: usize,
    last: usize,
    new: Vec<String>,
    groups: Vec<usize>,
}

impl Change {
    fn new(text: &str, lines: &Lines<'_>, mut first: usize, mut last: usize, edits: &[(usize, Edit)]) -> Self {
        let base = lines.start(first);
        let inside: Vec<Edit> = edits
            .iter()
            .map(|(_, edit)| {
                let at = |byte: u32| (byte as usize).saturating_sub(base);
                Edit { span: Span::new(at(edit.span.start), at(edit.span.end)), text: edit.text.clone() }
            })
            .collect();
        let old = text.get(base..lines.start(last)).unwrap_or_default();
        let changed = apply(old, &inside).unwrap_or_else(|| old.to_owned());
        let mut new: Vec<String> = changed.split_inclusive('\n').map(str::to_owned).collect();
        // Lines that stay the same at either end are no part of the change.
        let same_ahead = new.iter().zip(first..last).take_while(|(new, line)| **new == lines.get(*line)).count();
        new.drain(..same_ahead);
        first += same_ahead;
        let same_behind =
            new.iter().rev().zip((first..last).rev()).take_while(|(new, line)| **new == lines.get(*line)).count();
        new.truncate(new.len() - same_behind);
        last -= same_behind;
        last = last.min(lines.count()).max(first);
        Self { first, last, new, groups: edits.iter().map(|(group, _)| *group).collect() }
    }

    fn is_empty(&self) -> bool {
        self.first == self.last && self.new.is_empty()
    }
}

/// The lines of a text with their line breaks; a text that ends with one has no empty line behind it.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let mut starts: Vec<usize> = vec![0];
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        Self { text, starts }
    }

    fn count(&self) -> usize {
        self.text.split_inclusive('\n').count()
    }

    fn start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(self.text.len())
    }

    fn get(&self, line: usize) -> &'t str {
        self.text.get(self.start(line)..self.start(line + 1)).unwrap_or_default()
    }

    fn line_of(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::{Edit, Patch, apply};

    const TEXT: &str = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl";

    #[test]
    fn edits_are_made_in_the_order_of_the_text_and_never_overlap() {
        let edits = [Edit::new(4, 5, "C"), Edit::new(0, 0, "1"), Edit::new(0, 0, "2"), Edit::new(0, 1, "A")];
        assert_eq!(apply("a\nb\nc", &edits).unwrap(), "12A\nb\nC");
        assert_eq!(apply("abc", &[Edit::new(0, 2, ""), Edit::new(1, 3, "")]), None);
        assert_eq!(apply("é", &[Edit::new(1, 2, "")]), None);
    }

    #[test]
    fn a_diff_shows_three_lines_around_and_joins_what_is_near() {
        let patch = Patch { groups: vec![vec![Edit::new(2, 3, "B")], vec![Edit::new(22, 23, "L\nM\n")]] };
        assert_eq!(
            patch.unified(TEXT, "./x.yaml"),
            "--- a/x.yaml\n+++ b/x.yaml\n@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n@@ -9,4 +9,5 @@\n i\n j\n k\n-l\n\\ No newline at end of file\n+L\n+M\n"
        );
        let first = patch.only(TEXT, &[0]);
        assert!(first.apply(TEXT).unwrap().starts_with("a\nB\nc") && first.apply(TEXT).unwrap().ends_with("k\nl"));
    }

    #[test]
    fn a_patch_can_be_taken_back() {
        let patch = Patch::new(vec![Edit::new(2, 4, ""), Edit::new(8, 8, "new\n"), Edit::new(22, 23, "LL")]);
        let new = patch.apply(TEXT).unwrap();
        assert_eq!(patch.inverse(TEXT).apply(&new).unwrap(), TEXT);
    }

    #[test]
    fn an_insertion_at_the_end_of_a_text_without_line_break_changes_its_last_line() {
        let patch = Patch::new(vec![Edit::new(1, 1, "\nb")]);
        assert_eq!(
            patch.unified("a", "x"),
            "--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n"
        );
        let insert = Patch::new(vec![Edit::new(2, 2, "x\n")]);
        assert_eq!(insert.unified("a\nb\n", "x"), "--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@\n a\n+x\n b\n");
    }
}
