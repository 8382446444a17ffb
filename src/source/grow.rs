//! A [`Tree`] while it is read, node by node in the order of the text.

use super::problem::Problem;
use super::tree::{Children, Node, NodeId, Style, Tree};
use super::{MAX_PROBLEMS, Span};

/// Mappings up to this many keys are searched for duplicates by comparison, larger ones through a sorted list.
const SMALL_MAPPING: usize = 24;

/// Bytes of text for each node, about: what a tree first has room for.
const BYTES_PER_NODE: usize = 12;

/// What was read so far.
pub(super) struct Growing<'t> {
    text: &'t str,
    tree: Tree,
    problems: Vec<Problem>,
    /// Collections that have not ended yet, the innermost last.
    open: Vec<Open>,
    /// Children of those collections, as far as they are read.
    pending: Vec<NodeId>,
    has_mapping_key: bool,
    may_repeat_keys: bool,
}

/// A collection that has not ended yet.
struct Open {
    id: NodeId,
    /// Where its children start in the list of pending nodes.
    base: usize,
    is_mapping: bool,
}

/// What was read of a document.
#[cfg_attr(test, derive(PartialEq))]
#[derive(Debug)]
pub(super) struct Grown {
    pub(super) tree: Tree,
    pub(super) problems: Vec<Problem>,
    /// Whether some key is itself a mapping, which is what `{{ .Values.x }}` looks like to a YAML parser.
    pub(super) has_mapping_key: bool,
}

impl<'t> Growing<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let tree = Tree::with_capacity(text.len() / BYTES_PER_NODE + 1);
        Self {
            text,
            tree,
            problems: Vec::new(),
            open: Vec::new(),
            pending: Vec::new(),
            has_mapping_key: false,
            may_repeat_keys: false,
        }
    }

    pub(super) fn scalar(&mut self, span: Span, text: Option<Box<str>>, style: Style) -> NodeId {
        self.push(span, Node::Scalar { text, style })
    }

    /// A value that is not there. It stands at a byte, and covers none.
    pub(super) fn null(&mut self, at: usize) {
        self.scalar(Span::new(at, at), None, Style::Plain);
    }

    pub(super) fn alias(&mut self, span: Span, target: Option<NodeId>) {
        self.push(span, Node::Alias(target));
    }

    /// Starts a mapping or a sequence.
    pub(super) fn open(&mut self, span: Span, is_mapping: bool) -> NodeId {
        let none = Children::default();
        let id = self.push(span, if is_mapping { Node::Mapping(none) } else { Node::Sequence(none) });
        self.open.push(Open { id, base: self.pending.len(), is_mapping });
        id
    }

    /// Whether the innermost collection is a mapping.
    pub(super) fn is_in_mapping(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_mapping)
    }

    /// Whether a node is a collection that has not ended yet.
    pub(super) fn is_open(&self, id: NodeId) -> bool {
        self.open.iter().any(|open| open.id == id)
    }

    pub(super) fn problem(&mut self, problem: Problem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// Ends the innermost collection. The end is that of its bracket; without one its last child counts, because what
    /// ends a block collection stands behind it.
    pub(super) fn close(&mut self, end: Option<u32>) {
        let Some(Open { id, base, is_mapping }) = self.open.last() else { return };
        let (id, base, is_mapping) = (*id, *base, *is_mapping);
        if is_mapping {
            if let Some(key) = self.pending.get(base..).filter(|nodes| nodes.len() % 2 == 1).and_then(<[_]>::last) {
                // The text broke off between a key and its value.
                self.null(self.tree.span(*key).end as usize);
            }
            self.check_keys(base);
        }
        let nodes = self.pending.get(base..).unwrap_or_default();
        let last = nodes.last().map(|last| self.tree.span(*last).end);
        let starts_with_bracket = self.tree.span(id).slice(self.text).starts_with(['{', '[']);
        let end = if starts_with_bracket { end.or(last) } else { last };
        self.tree.close(id, end.unwrap_or_default(), nodes);
        self.pending.truncate(base);
        self.open.pop();
    }

    /// Ends all that has not ended yet.
    pub(super) fn finish(mut self) -> Grown {
        while !self.open.is_empty() {
            self.close(None);
        }
        self.tree.finish(self.pending.first().copied(), self.may_repeat_keys);
        Grown { tree: self.tree, problems: self.problems, has_mapping_key: self.has_mapping_key }
    }

    fn push(&mut self, span: Span, node: Node) -> NodeId {
        let parent = self.open.last();
        let is_value = parent.is_some_and(|open| open.is_mapping && (self.pending.len() - open.base) % 2 == 1);
        let key = if is_value { self.pending.last().copied() } else { None };
        let id = self.tree.push(span, node, parent.map(|open| open.id), key);
        self.pending.push(id);
        id
    }

    /// Looks at the keys of a mapping whose keys and values are pending from `base` on.
    fn check_keys(&mut self, base: usize) {
        let mut small = [("", None); SMALL_MAPPING];
        let mut count = 0;
        let mut large: Vec<(&str, u32)> = Vec::new();
        let mut duplicates: Vec<(Span, u32)> = Vec::new();
        let nodes = self.pending.get(base..).unwrap_or_default();
        let is_large = nodes.len() > 2 * SMALL_MAPPING;
        self.may_repeat_keys |= is_large;
        for key in nodes.iter().step_by(2) {
            let span = self.tree.span(*key);
            // A problem is made only of plain keys.
            let (name, plain) = match self.tree.node(*key) {
                Some(Node::Scalar { text: None, .. }) => (span.slice(self.text), Some(span.start)),
                Some(Node::Scalar { text: Some(text), .. }) => (&**text, None),
                other => {
                    self.has_mapping_key |= matches!(other, Some(Node::Mapping(_)));
                    self.may_repeat_keys = true;
                    continue;
                }
            };
            if is_large {
                large.extend(plain.map(|start| (name, start)));
                continue;
            }
            let mut known = small.iter().take(count).filter(|(known, _)| *known == name).peekable();
            self.may_repeat_keys |= known.peek().is_some();
            if plain.is_some()
                && name != "<<"
                && let Some(first) = known.find_map(|(_, start)| *start)
            {
                duplicates.push((span, first));
            }
            if let Some(free) = small.get_mut(count) {
                *free = (name, plain);
                count += 1;
            }
        }
        large.sort_unstable();
        let mut first = None;
        for (name, at) in large {
            match first {
                Some((known, first)) if known == name => {
                    if name != "<<" {
                        duplicates.push((Span::new(at as usize, at as usize + name.len()), first));
                    }
                }
                _ => first = Some((name, at)),
            }
        }
        for (span, first) in duplicates {
            if self.problems.len() >= MAX_PROBLEMS {
                return;
            }
            let name = span.slice(self.text);
            let mut problem = Problem::doubtful(
                span,
                format!("the key `{name}` is given twice in the same mapping"),
                "Only the last one counts, and strict validation refuses the manifest. Remove one of the two.",
            );
            problem.related = Some(Span::new(first as usize, first as usize + name.len()));
            self.problems.push(problem);
        }
    }
}
