//! The nodes of one document, in one flat list: nothing here recurses, neither to build nor to drop.

use super::{Document, Part, Place, Scalar, Span};
use serde::Serialize;

/// Most merge keys (`<<`) that are followed for one mapping; a merge chain deeper or wider than this is cut.
const MAX_MERGES: usize = 64;

/// A node of a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    const NONE: Self = Self(u32::MAX);

    /// The number of the node in its document.
    #[must_use]
    pub fn index(self) -> u32 {
        self.0
    }

    /// The node with a number, as given by [`NodeId::index`]. A number that no node has is harmless: it has no span.
    #[must_use]
    pub fn from_index(index: u32) -> Self {
        Self(index)
    }

    fn some(self) -> Option<Self> {
        (self != Self::NONE).then_some(self)
    }
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A value without children. `text` is absent when it is exactly the source text of the span.
    Scalar {
        /// The text after unescaping, folding and so on, when that differs from the source.
        text: Option<Box<str>>,
        /// How it was written.
        style: Style,
    },
    /// Keys and values, in the order of the text.
    Mapping(Children),
    /// A list.
    Sequence(Children),
    /// A reference to an earlier node; never expanded, so that it costs nothing. `None` for an unknown name.
    Alias(Option<NodeId>),
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes, so that it may be a number, a boolean or null.
    Plain,
    /// In quotes, or tagged as text.
    Quoted,
    /// As a block that keeps its lines (`|`).
    Literal,
    /// As a block whose lines are joined (`>`).
    Folded,
}

/// A range of [`Tree::children`]. In a mapping, keys and values take turns.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Children {
    pub(super) first: u32,
    pub(super) count: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Slot {
    pub(super) span: Span,
    pub(super) node: Node,
    parent: NodeId,
    key: NodeId,
}

/// The nodes of one document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    slots: Vec<Slot>,
    children: Vec<NodeId>,
    root: Option<NodeId>,
    may_repeat_keys: bool,
}

/// One key and its value.
#[derive(Clone, Copy)]
pub struct Entry<'d> {
    /// The text of the key; empty when the key is no scalar.
    pub key: &'d str,
    /// The key.
    pub key_node: Value<'d>,
    /// The value, with an alias already followed.
    pub value: Value<'d>,
}

impl Tree {
    /// The top node.
    #[must_use]
    pub fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// The bytes of a node, relative to its document.
    #[must_use]
    pub fn span(&self, id: NodeId) -> Span {
        self.slot(id).map_or_else(Span::default, |slot| slot.span)
    }

    /// The bytes of the key in front of a node, or of the node itself when it has none.
    #[must_use]
    pub fn key_span(&self, id: NodeId) -> Span {
        self.span(self.slot(id).and_then(|slot| slot.key.some()).unwrap_or(id))
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is no node at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The innermost node whose span holds a byte (relative to the document).
    #[must_use]
    pub fn node_at(&self, byte: u32) -> Option<NodeId> {
        let holds = |id: NodeId| {
            let (value, key) = (self.span(id), self.key_span(id));
            (value.start <= byte && byte <= value.end) || (key.start <= byte && byte <= key.end)
        };
        let mut at = self.root.filter(|root| holds(*root))?;
        loop {
            let Some(next) = self.children_of(at).iter().copied().rfind(|child| holds(*child)) else { return Some(at) };
            at = next;
        }
    }

    /// The node that holds this one.
    #[must_use]
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.slot(id).and_then(|slot| slot.parent.some())
    }

    /// What a node is, without following an alias.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.slot(id).map(|slot| &slot.node)
    }

    /// The children of a node as they are written, aliases unfollowed: the items of a list; keys and values of a mapping
    /// in turns.
    #[must_use]
    pub fn children(&self, id: NodeId) -> &[NodeId] {
        self.children_of(id)
    }

    /// All nodes, in the order in which they start in the text.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + ExactSizeIterator + use<> {
        (0..u32::try_from(self.slots.len()).unwrap_or_default()).map(NodeId)
    }

    /// The key in front of a node.
    #[must_use]
    pub fn key(&self, id: NodeId) -> Option<NodeId> {
        self.slot(id).and_then(|slot| slot.key.some())
    }

    /// The scalars that were written as literal blocks.
    pub(super) fn literals(&self) -> impl Iterator<Item = NodeId> {
        let is_literal = |slot: &Slot| matches!(slot.node, Node::Scalar { style: Style::Literal, .. });
        let found = self.slots.iter().enumerate().filter(move |(_, slot)| is_literal(slot));
        found.map(|(index, _)| NodeId(u32::try_from(index).unwrap_or(u32::MAX)))
    }

    /// Gives quoted scalars the text that stands between their quotes in `original`, where that is as long as what was
    /// read: a template was read with its parts blanked out, but is shown as it stands.
    pub(super) fn show_quoted(&mut self, original: &str) {
        for slot in &mut self.slots {
            let Node::Scalar { text: Some(text), style: Style::Quoted } = &mut slot.node else { continue };
            let inside = Span { start: slot.span.start + 1, end: slot.span.end.saturating_sub(1) }.slice(original);
            if inside.len() == text.len() {
                *text = inside.into();
            }
        }
    }

    pub(super) fn slot(&self, id: NodeId) -> Option<&Slot> {
        self.slots.get(id.0 as usize)
    }

    pub(super) fn children_of(&self, id: NodeId) -> &[NodeId] {
        match self.slot(id).map(|slot| &slot.node) {
            Some(Node::Mapping(children) | Node::Sequence(children)) => {
                let first = children.first as usize;
                self.children.get(first..first + children.count as usize).unwrap_or_default()
            }
            _ => &[],
        }
    }

    pub(super) fn with_capacity(nodes: usize) -> Self {
        Self {
            slots: Vec::with_capacity(nodes),
            children: Vec::with_capacity(nodes),
            root: None,
            may_repeat_keys: false,
        }
    }

    pub(super) fn push(&mut self, span: Span, node: Node, parent: Option<NodeId>, key: Option<NodeId>) -> NodeId {
        let id = NodeId(u32::try_from(self.slots.len()).unwrap_or(u32::MAX - 1));
        let (parent, key) = (parent.unwrap_or(NodeId::NONE), key.unwrap_or(NodeId::NONE));
        self.slots.push(Slot { span, node, parent, key });
        id
    }

    /// Gives a collection its children and its end.
    pub(super) fn close(&mut self, id: NodeId, end: u32, nodes: &[NodeId]) {
        let first = u32::try_from(self.children.len()).unwrap_or(u32::MAX);
        let children = Children { first, count: u32::try_from(nodes.len()).unwrap_or(u32::MAX) };
        self.children.extend_from_slice(nodes);
        if let Some(slot) = self.slots.get_mut(id.0 as usize) {
            slot.span.end = slot.span.end.max(end);
            match &mut slot.node {
                Node::Mapping(own) | Node::Sequence(own) => *own = children,
                Node::Scalar { .. } | Node::Alias(_) => {}
            }
        }
    }

    /// The last thing that is done to a tree: nothing grows any more.
    pub(super) fn finish(&mut self, root: Option<NodeId>, may_repeat_keys: bool) {
        self.root = root;
        self.may_repeat_keys = may_repeat_keys;
        self.slots.shrink_to_fit();
        self.children.shrink_to_fit();
    }
}

impl Document {
    /// Whether a node is a scalar with this text.
    fn is_text(&self, id: NodeId, text: &str) -> bool {
        match self.tree.slot(id) {
            Some(Slot { node: Node::Scalar { text: Some(own), .. }, .. }) => **own == *text,
            Some(Slot { node: Node::Scalar { text: None, .. }, span, .. }) => {
                span.end.saturating_sub(span.start) as usize == text.len()
                    && self.text.as_bytes().get(span.start as usize..span.end as usize) == Some(text.as_bytes())
            }
            _ => false,
        }
    }
}

/// A node together with its document: the way to read a tree.
#[derive(Clone, Copy)]
pub struct Value<'d> {
    document: &'d Document,
    id: NodeId,
}

impl<'d> Value<'d> {
    pub(super) fn new(document: &'d Document, id: NodeId) -> Self {
        Self { document, id }.followed()
    }

    /// The node.
    #[must_use]
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The place of this value in the document with index `document`.
    #[must_use]
    pub fn place(self, document: u32) -> Place {
        Place { document, node: self.id, part: Part::Value }
    }

    /// What the node is; an unknown alias stays an alias.
    #[must_use]
    pub fn node(self) -> Option<&'d Node> {
        self.document.tree.slot(self.id).map(|slot| &slot.node)
    }

    /// The bytes of the value, relative to its document.
    #[must_use]
    pub fn span(self) -> Span {
        self.document.tree.span(self.id)
    }

    /// The text of a scalar, whatever it resolves to; `None` for mappings and lists.
    #[must_use]
    pub fn text(self) -> Option<&'d str> {
        let slot = self.document.tree.slot(self.id)?;
        match &slot.node {
            Node::Scalar { text: Some(text), .. } => Some(text),
            Node::Scalar { text: None, .. } => Some(slot.span.slice(&self.document.text)),
            _ => None,
        }
    }

    /// What the scalar means to Kubernetes; `None` for mappings and lists.
    #[must_use]
    pub fn scalar(self) -> Option<Scalar<'d>> {
        let text = self.text()?;
        match self.node()? {
            Node::Scalar { style: Style::Plain, .. } => Some(Scalar::resolve(text)),
            _ => Some(Scalar::Text(text)),
        }
    }

    /// Whether the value is null or not there.
    #[must_use]
    pub fn is_null(self) -> bool {
        let is_plain = matches!(self.node(), Some(Node::Scalar { style: Style::Plain, .. }));
        is_plain && self.text().is_some_and(Scalar::is_null)
    }

    /// A whole number.
    #[must_use]
    pub fn int(self) -> Option<i64> {
        match self.scalar()? {
            Scalar::Int(int) => Some(int),
            Scalar::Float(float) if float.fract() == 0.0 && float.abs() < 1e15 => Some(float as i64),
            _ => None,
        }
    }

    /// A boolean.
    #[must_use]
    pub fn bool(self) -> Option<bool> {
        match self.scalar()? {
            Scalar::Bool(bool) => Some(bool),
            _ => None,
        }
    }

    /// Whether this is a mapping.
    #[must_use]
    pub fn is_mapping(self) -> bool {
        matches!(self.node(), Some(Node::Mapping(_)))
    }

    /// Whether this is a list.
    #[must_use]
    pub fn is_sequence(self) -> bool {
        matches!(self.node(), Some(Node::Sequence(_)))
    }

    /// The value of a key. Merge keys (`<<`) are honoured; of a key given twice the last counts, as for Kubernetes.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Self> {
        let Some(Node::Mapping(_)) = self.node() else { return None };
        let mut has_merges = false;
        for pair in self.document.tree.children_of(self.id).chunks_exact(2).rev() {
            let [own, value] = pair else { continue };
            if self.document.is_text(*own, key) {
                return Some(Self::new(self.document, *value));
            }
            has_merges |= self.document.is_text(*own, "<<");
        }
        if !has_merges {
            return None;
        }
        self.entries().into_iter().find(|entry| entry.key == key).map(|entry| entry.value)
    }

    /// The value at the end of a route of keys.
    #[must_use]
    pub fn at(self, route: &[&str]) -> Option<Self> {
        route.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The entries of a list; nothing for anything else.
    pub fn items(self) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator + 'd {
        let children = if self.is_sequence() { self.document.tree.children_of(self.id) } else { &[] };
        children.iter().map(move |id| Self::new(self.document, *id))
    }

    /// Keys and values of a mapping, those merged in by `<<` last; nothing for anything else.
    #[must_use]
    pub fn entries(self) -> Vec<Entry<'d>> {
        let children = if self.is_mapping() { self.document.tree.children_of(self.id).len() } else { 0 };
        let mut found: Vec<Entry<'d>> = Vec::with_capacity(children / 2);
        found.extend(self.own_entries());
        if !found.iter().any(|entry| entry.key == "<<") {
            return found;
        }
        found.clear();
        let mut sources = vec![self];
        let mut merges = 0;
        while let Some(source) = sources.pop() {
            let before = found.len();
            for entry in source.own_entries() {
                if entry.key == "<<" {
                    let merged: Vec<Self> = if entry.value.is_sequence() {
                        entry.value.items().filter(|item| item.is_mapping()).collect()
                    } else {
                        vec![entry.value]
                    };
                    merges += merged.len();
                    if merges <= MAX_MERGES {
                        sources.extend(merged.into_iter().rev());
                    }
                } else if before == 0 || !found.iter().take(before).any(|known| known.key == entry.key) {
                    found.push(entry);
                }
            }
        }
        found
    }

    /// The way to this node from the top, as Kubernetes writes field paths: `spec.initContainers[0].name`.
    #[must_use]
    pub fn path(self) -> String {
        let tree = &self.document.tree;
        let mut steps: Vec<String> = Vec::new();
        let mut at = self.id;
        while let Some(parent) = tree.parent(at) {
            let siblings = tree.children_of(parent);
            let step = match tree.slot(at).and_then(|slot| slot.key.some()) {
                Some(key) => {
                    let key = Self { document: self.document, id: key }.text().unwrap_or_default();
                    if key.contains(['.', '/']) { format!("[{key}]") } else { format!(".{key}") }
                }
                None => format!("[{}]", siblings.iter().position(|sibling| *sibling == at).unwrap_or_default()),
            };
            steps.push(step);
            at = parent;
        }
        let path: String = steps.into_iter().rev().collect();
        path.strip_prefix('.').map(str::to_owned).unwrap_or(path)
    }

    /// The line on which the value starts, from 1, in its document.
    #[must_use]
    pub fn line(self) -> u32 {
        let before = Span { start: 0, end: self.span().start }.slice(&self.document.text);
        u32::try_from(before.bytes().filter(|byte| *byte == b'\n').count()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// Whether some mapping of the document may have a key twice. `false` is certain.
    #[must_use]
    pub fn may_repeat_keys(self) -> bool {
        self.document.tree.may_repeat_keys
    }

    /// Keys and values exactly as they are written: with `<<`, and with keys that are given twice.
    pub fn own_pairs(self) -> impl Iterator<Item = Entry<'d>> {
        self.own_entries()
    }

    fn own_entries(self) -> impl Iterator<Item = Entry<'d>> {
        let children = if self.is_mapping() { self.document.tree.children_of(self.id) } else { &[] };
        children.chunks_exact(2).filter_map(move |pair| {
            let [key, value] = pair else { return None };
            let key_node = Self { document: self.document, id: *key };
            Some(Entry { key: key_node.text().unwrap_or_default(), key_node, value: Self::new(self.document, *value) })
        })
    }

    /// Follows an alias. A target is always an earlier node and no alias itself.
    fn followed(self) -> Self {
        match self.node() {
            Some(Node::Alias(Some(target))) => Self { document: self.document, id: *target },
            _ => self,
        }
    }
}
