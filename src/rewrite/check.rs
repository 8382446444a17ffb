//! Reads a rewritten document back and compares it with what was planned.

use super::Plan;
use crate::edit::{Edit, Editor, apply};
use crate::source::{Document, NodeId, Source, Span, Value};

/// Most values that are compared; aliases can stand for billions.
const MAX_VALUES: usize = 2_000_000;

/// Deepest value that is compared, aliases followed; each of them can lead to further ones.
const MAX_DEPTH: usize = 300;

/// Whether the document with these edits says what was planned, and has the comments that it had.
pub(super) fn check(document: &Document, edits: &[Edit], plan: &Plan<'_>) -> Result<(), &'static str> {
    let shift = |edit: &Edit| Edit {
        span: Span {
            start: edit.span.start.saturating_sub(document.start),
            end: edit.span.end.saturating_sub(document.start),
        },
        text: edit.text.clone(),
    };
    let edits: Vec<Edit> = edits.iter().map(shift).collect();
    let text = apply(&document.text, &edits).ok_or("two changes touch the same text")?;
    let source = Source::read(&text);
    let mut outer = source.documents.iter().filter(|document| !document.is_embedded);
    let (Some(new), None) = (outer.next(), outer.next()) else { return Err("the result is not one document") };
    if new.is_broken() || new.is_template != document.is_template || new.problems.len() > document.problems.len() {
        return Err("the result would not be read as the same document");
    }
    let (Some(before), Some(after)) = (document.root(), new.root()) else { return Err("nothing is left") };
    let mut comparison =
        Comparison { spec: Some(plan.workload.pod.node), plan: Some(plan), left: MAX_VALUES, depth: 0 };
    if !comparison.is_same(before, after) {
        return Err("the result would mean something else");
    }
    let comments = |document: &Document| -> Vec<String> {
        let editor = Editor::new(document);
        let spans = editor.iter().flat_map(|editor| editor.comments().iter());
        let mut texts: Vec<String> = spans.map(|span| span.slice(&document.text).trim_end().to_owned()).collect();
        texts.sort_unstable();
        texts
    };
    if comments(document) != comments(new) {
        return Err("a comment would be lost");
    }
    Ok(())
}

/// Compares values as Kubernetes reads them.
struct Comparison<'p> {
    /// The Pod spec whose lists of containers change.
    spec: Option<NodeId>,
    plan: Option<&'p Plan<'p>>,
    left: usize,
    depth: usize,
}

impl Comparison<'_> {
    fn is_same(&mut self, before: Value<'_>, after: Value<'_>) -> bool {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 || self.depth > MAX_DEPTH {
            return false;
        }
        self.depth += 1;
        let is_same = self.is_same_inside(before, after);
        self.depth -= 1;
        is_same
    }

    fn is_same_inside(&mut self, before: Value<'_>, after: Value<'_>) -> bool {
        if self.spec == Some(before.id())
            && let Some(plan) = self.plan
        {
            self.spec = None;
            return self.is_planned(plan, before, after);
        }
        if before.is_mapping() {
            return after.is_mapping() && self.are_same_entries(before, after, &[]);
        }
        if before.is_sequence() {
            let (mut old, mut new) = (before.items(), after.items());
            return after.is_sequence()
                && old.len() == new.len()
                && old.all(|old| new.next().is_some_and(|new| self.is_same(old, new)));
        }
        // Two numbers of which both are no number at all are the same here.
        before.text() == after.text()
            && before.scalar().as_ref().map(std::mem::discriminant)
                == after.scalar().as_ref().map(std::mem::discriminant)
    }

    /// Same keys in the same order, but for some of them.
    fn are_same_entries(&mut self, before: Value<'_>, after: Value<'_>, but: &[&str]) -> bool {
        let counts =
            |entries: Vec<crate::source::Entry<'_>>| entries.into_iter().filter(|e| !but.contains(&e.key)).count();
        let is_counted = |entry: &crate::source::Entry<'_>| !but.contains(&entry.key);
        let (old, new) = (before.entries(), after.entries());
        let same_count = counts(before.entries()) == counts(after.entries());
        let mut pairs = old.iter().filter(|e| is_counted(e)).zip(new.iter().filter(|e| is_counted(e)));
        same_count && pairs.all(|(old, new)| old.key == new.key && self.is_same(old.value, new.value))
    }

    fn is_planned(&mut self, plan: &Plan<'_>, before: Value<'_>, after: Value<'_>) -> bool {
        let lists = ["initContainers", "containers"];
        let orders = [&plan.order.0, &plan.order.1];
        self.are_same_entries(before, after, &lists)
            && lists.into_iter().zip(orders).all(|(key, order)| {
                let new: Vec<Value<'_>> = after.get(key).into_iter().flat_map(Value::items).collect();
                let list = before.get(key).into_iter().flat_map(Value::items).collect::<Vec<_>>();
                // What is no container stays what it is.
                let strays = list.iter().filter(|item| !item.is_mapping()).count();
                new.len() == order.len() + strays
                    && order
                        .iter()
                        .zip(new.iter().filter(|item| item.is_mapping()))
                        .all(|(index, new)| self.is_container(plan, key, *index, before, *new))
            })
    }

    fn is_container(&mut self, plan: &Plan<'_>, key: &str, index: usize, spec: Value<'_>, new: Value<'_>) -> bool {
        let Some(container) = plan.workload.pod.containers.get(index) else { return false };
        let old = spec.get(container.field.key()).and_then(|list| list.items().nth(container.index));
        let Some(old) = old else { return false };
        let changed: &[&str] =
            plan.changed.iter().find(|(known, _)| *known == index).map_or(&[], |(_, keys)| keys.as_slice());
        let policy = new.get("restartPolicy").and_then(Value::text);
        let is_moved = container.field.key() != key;
        let policy_fits = !is_moved || (policy == Some("Always")) == (key == "initContainers");
        policy_fits && self.are_same_entries(old, new, changed)
    }
}
