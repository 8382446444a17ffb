//! Secrets at places that a parser knows.

use super::Find;
use super::look::is_secret_name;
use crate::source::{Document, Source, Span, Value};

/// Deepest level that is walked; reading stops before that.
const DEPTH: usize = 256;

/// An annotation in which `kubectl apply` keeps a whole second copy of the object.
const COPY: &str = "kubectl.kubernetes.io/last-applied-configuration";

pub(super) fn find(source: &Source) -> Vec<Find> {
    let mut found = Vec::new();
    for document in &source.documents {
        if let Some(root) = document.root() {
            let mut walk = Walk { document, found: &mut found };
            walk.value(root, DEPTH);
        }
    }
    found
}

struct Walk<'a, 'd> {
    document: &'d Document,
    found: &'a mut Vec<Find>,
}

impl<'d> Walk<'_, 'd> {
    fn value(&mut self, value: Value<'d>, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        if value.is_sequence() {
            self.words(value);
            for item in value.items() {
                self.value(item, depth);
            }
            return;
        }
        if !value.is_mapping() {
            return;
        }
        let is_secret = value.get("kind").and_then(Value::text) == Some("Secret");
        self.variable(value);
        for entry in value.entries() {
            let is_data = is_secret && matches!(entry.key, "data" | "stringData");
            if is_data {
                for item in entry.value.entries() {
                    self.hide(item.key, item.value);
                }
            } else if entry.key == COPY || is_secret_name(entry.key) {
                self.hide(entry.key, entry.value);
            }
            if !is_data {
                self.value(entry.value, depth);
            }
        }
    }

    /// `{name: …, value: …}`, as environment variables and parameters are written.
    fn variable(&mut self, value: Value<'d>) {
        let name = value.get("name").and_then(Value::text);
        if let (Some(name), Some(value)) = (name.filter(|name| is_secret_name(name)), value.get("value")) {
            self.hide(name, value);
        }
    }

    /// `NAME=value`, `--name=value`, and `--name` followed by its value.
    fn words(&mut self, list: Value<'d>) {
        let mut option: Option<&str> = None;
        for item in list.items() {
            let Some(text) = item.text() else {
                option = None;
                continue;
            };
            match (option.take(), text.split_once('=')) {
                (Some(name), _) if !text.starts_with('-') => self.hide(name, item),
                (_, Some((name, secret))) if is_secret_name(name.trim_start_matches('-')) => {
                    self.hide_end(name, secret, item);
                }
                (_, None) if text.starts_with("--") && is_secret_name(text.trim_start_matches('-')) => {
                    option = Some(text);
                }
                _ => {}
            }
        }
    }

    /// Hides a whole scalar. What is null or a collection is no secret value.
    fn hide(&mut self, name: &str, value: Value<'d>) {
        let Some(text) = value.text() else { return };
        if value.is_null() || text.is_empty() || is_reference(text) {
            return;
        }
        let span = self.inside(value.span());
        self.found.push(Find { span: span.shifted(self.document.start), name: name.to_owned() });
    }

    /// Hides the end of a scalar, where it stands in the source as it was read; all of it otherwise.
    fn hide_end(&mut self, name: &str, secret: &str, value: Value<'d>) {
        if secret.is_empty() || is_reference(secret) {
            return;
        }
        let inside = self.inside(value.span());
        let start = inside.end.saturating_sub(u32::try_from(secret.len()).unwrap_or_default());
        let end = Span { start, end: inside.end };
        let fits = end.start >= inside.start && end.slice(&self.document.text) == secret;
        let span = if fits { end } else { inside };
        self.found.push(Find { span: span.shifted(self.document.start), name: name.to_owned() });
    }

    /// The span without quotes where that is JSON, and without the line ends of a block.
    fn inside(&self, span: Span) -> Span {
        let text = span.slice(&self.document.text);
        let trimmed = text.trim_end();
        let end = span.start.saturating_add(u32::try_from(trimmed.len()).unwrap_or_default());
        let is_quoted = trimmed.len() > 1 && trimmed.starts_with('"') && trimmed.ends_with('"');
        if is_quoted { Span { start: span.start + 1, end: end - 1 } } else { Span { start: span.start, end } }
    }
}

/// `$(NAME)` and `${NAME}` name where the value comes from, and hide nothing.
fn is_reference(text: &str) -> bool {
    (text.starts_with("$(") && text.ends_with(')'))
        || (text.starts_with("${") && text.ends_with('}') && !text.contains(":-"))
}
