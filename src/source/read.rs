//! Parser events → [`Tree`]. The only file that knows the YAML parser.

use super::problem::{self, Problem};
use super::tree::{Node, NodeId, Style, Tree};
use super::{Document, MAX_DEPTH, Span, template};
use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, options};

/// Mappings up to this many keys are searched for duplicates by comparison, larger ones through a sorted list.
const SMALL_MAPPING: usize = 24;

/// Reads one document. Unrendered templates are read a second time with their template parts blanked out.
pub(super) fn read(start: usize, text: &str) -> Vec<Document> {
    let mut documents = Vec::new();
    let mut start = start;
    let mut text = text;
    loop {
        let (document, rest) = read_one(start, text);
        documents.push(document);
        let Some(at) = rest else { return documents };
        start += at;
        text = text.get(at..).unwrap_or_default();
    }
}

/// Also gives the byte at which another JSON value follows without a `---` line, as JSON streams have it.
fn read_one(start: usize, text: &str) -> (Document, Option<usize>) {
    let mut reading = Reading::of(text);
    let mut is_template = false;
    if template::has_template_parts(text) && (reading.stopped.is_some() || reading.has_mapping_key) {
        reading = Reading::of(&template::blank(text));
        reading.tree.show_quoted(text);
        is_template = true;
        let at = text.find("{{").or_else(|| text.find("{%")).unwrap_or_default();
        reading.problems.push(Problem::doubtful(
            Span::new(at, at + 2),
            "this is a template that has not been rendered; what stands between its `{{ }}` is unknown here".into(),
            "For the full answer render it first, for example with `helm template`, and paste the result.",
        ));
    }
    let mut text = text;
    let mut rest = None;
    if let Some((kind, at)) = reading.stopped.take() {
        let is_stream = matches!(kind, ErrorKind::ExpectedDocumentStart | ErrorKind::InvalidDocumentEnd)
            && text.trim_start().starts_with(['{', '['])
            && text.get(at..).is_some_and(|next| next.starts_with(['{', '[']));
        if is_stream && at > 0 {
            rest = Some(at);
            text = text.get(..at).unwrap_or_default();
        } else {
            reading.problems.push(problem::from_parser(&kind, at, text));
        }
    }
    reading.problems.sort_by_key(|problem| problem.span.start);
    let start = u32::try_from(start).unwrap_or(u32::MAX);
    let Reading { tree, problems, .. } = reading;
    (Document { start, text: text.to_owned(), tree, problems, is_template, ..Document::default() }, rest)
}

struct Reading {
    tree: Tree,
    problems: Vec<Problem>,
    /// Why and at which byte the parser stopped, when it did not reach the end.
    stopped: Option<(ErrorKind, usize)>,
    /// Whether some key is itself a mapping, which is what `{{ .Values.x }}` looks like to a YAML parser.
    has_mapping_key: bool,
}

/// A collection that has not ended yet.
struct Open {
    id: NodeId,
    /// Where its children start in the list of pending nodes.
    base: usize,
    is_mapping: bool,
}

impl Reading {
    fn of(text: &str) -> Self {
        let mut this = Self { tree: Tree::default(), problems: Vec::new(), stopped: None, has_mapping_key: false };
        let mut open: Vec<Open> = Vec::new();
        let mut pending: Vec<NodeId> = Vec::new();
        let mut anchors: Vec<(usize, NodeId)> = Vec::new();
        for next in Parser::new_from_str_with_options(text, parser_options()) {
            let (event, span) = match next {
                Ok(next) => next,
                Err(error) => {
                    let at = error.marker().byte_offset().unwrap_or(text.len());
                    this.stopped = Some((error.kind().clone(), at));
                    break;
                }
            };
            let bytes = span.byte_range().map_or_else(Span::default, |range| Span::new(range.start, range.end));
            match event {
                Event::Scalar(value, style, anchor, tag) => {
                    let is_text = tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
                    let written = written(style, is_text);
                    // An implied null is given as `~` with an empty span.
                    let is_implied = bytes.is_empty() && style == ScalarStyle::Plain;
                    let is_source = is_implied || bytes.slice(text) == value;
                    let value = if is_source { None } else { Some(value.into_owned().into_boxed_str()) };
                    let id = this.tree.push(bytes, Node::Scalar { text: value, style: written });
                    remember(&mut anchors, anchor, id);
                    pending.push(id);
                }
                Event::MappingStart(_, anchor, _) | Event::SequenceStart(_, anchor, _) => {
                    let is_mapping = matches!(event, Event::MappingStart(..));
                    let node = if is_mapping {
                        Node::Mapping(super::tree::Children::default())
                    } else {
                        Node::Sequence(super::tree::Children::default())
                    };
                    let id = this.tree.push(bytes, node);
                    remember(&mut anchors, anchor, id);
                    pending.push(id);
                    open.push(Open { id, base: pending.len(), is_mapping });
                }
                Event::MappingEnd | Event::SequenceEnd => {
                    if let Some(ended) = open.pop() {
                        this.close(text, &ended, &mut pending, Some(bytes.end));
                    }
                }
                Event::Alias(anchor) => {
                    let target = anchors.iter().rev().find(|(id, _)| *id == anchor).map(|(_, node)| *node);
                    // An alias inside its own anchor would make the tree endless.
                    let is_inside = target.is_some_and(|target| open.iter().any(|around| around.id == target));
                    pending.push(this.tree.push(bytes, Node::Alias(if is_inside { None } else { target })));
                }
                Event::UnresolvedAlias(name) => {
                    this.note(Problem::doubtful(
                        bytes,
                        format!("`*{name}` refers to an anchor that is not defined above it in this document"),
                        "Define it with `&name` in front of a value, or quote the value if the `*` is meant as text.",
                    ));
                    pending.push(this.tree.push(bytes, Node::Alias(None)));
                }
                _ => {}
            }
        }
        while let Some(unfinished) = open.pop() {
            this.close(text, &unfinished, &mut pending, None);
        }
        this.tree.set_root(pending.first().copied());
        this
    }

    fn close(&mut self, text: &str, ended: &Open, pending: &mut Vec<NodeId>, end: Option<u32>) {
        let mut nodes = pending.split_off(ended.base.min(pending.len()));
        if ended.is_mapping {
            if nodes.len() % 2 == 1 {
                // The text broke off between a key and its value.
                let at = nodes.last().map_or(0, |key| self.tree.span(*key).end);
                let at = Span { start: at, end: at };
                nodes.push(self.tree.push(at, Node::Scalar { text: None, style: Style::Plain }));
            }
            self.check_keys(text, &nodes);
        }
        // The end of a block collection is only known from what follows it: take the end of its last child.
        let last = nodes.last().map(|last| self.tree.span(*last).end);
        let starts_with_bracket = self.tree.span(ended.id).slice(text).starts_with(['{', '[']);
        let end = if starts_with_bracket { end.or(last) } else { last };
        self.tree.close(ended.id, end.unwrap_or_default(), &nodes);
    }

    fn check_keys(&mut self, text: &str, nodes: &[NodeId]) {
        let mut keys: Vec<(&str, u32)> = Vec::with_capacity(nodes.len() / 2);
        for key in nodes.iter().step_by(2) {
            match self.tree.slot(*key).map(|slot| &slot.node) {
                Some(Node::Mapping(_)) => self.has_mapping_key = true,
                Some(Node::Scalar { text: None, .. }) => {
                    let span = self.tree.span(*key);
                    keys.push((span.slice(text), span.start));
                }
                _ => {}
            }
        }
        let mut duplicates: Vec<(Span, u32, String)> = Vec::new();
        let mut note = |name: &str, first: u32, at: u32| {
            if name != "<<" {
                duplicates.push((Span::new(at as usize, at as usize + name.len()), first, name.to_owned()));
            }
        };
        if keys.len() <= SMALL_MAPPING {
            for (index, (name, at)) in keys.iter().enumerate() {
                if let Some((_, first)) = keys.iter().take(index).find(|(known, _)| known == name) {
                    note(name, *first, *at);
                }
            }
        } else {
            keys.sort_unstable();
            let mut first = None;
            for (name, at) in keys {
                match first {
                    Some((known, first)) if known == name => note(name, first, at),
                    _ => first = Some((name, at)),
                }
            }
        }
        for (span, first, name) in duplicates {
            let mut problem = Problem::doubtful(
                span,
                format!("the key `{name}` is given twice in the same mapping"),
                "Only the last one counts, and strict validation refuses the manifest. Remove one of the two.",
            );
            problem.related = Some(Span::new(first as usize, first as usize + name.len()));
            self.note(problem);
        }
    }

    fn note(&mut self, problem: Problem) {
        if self.problems.len() < super::MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }
}

fn written(style: ScalarStyle, is_tagged_text: bool) -> Style {
    match style {
        ScalarStyle::Plain if !is_tagged_text => Style::Plain,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
        _ => Style::Quoted,
    }
}

fn remember(anchors: &mut Vec<(usize, NodeId)>, anchor: usize, id: NodeId) {
    if anchor != 0 {
        anchors.push((anchor, id));
    }
}

fn parser_options() -> Options {
    options! {
        emit_unresolved_aliases: true,
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    }
}
