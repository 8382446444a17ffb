//! Errors as the API server words them. Source: `apimachinery/pkg/util/validation/field/errors.go`.

use super::item::{At, Item};
use super::path::Path;
use crate::quantity::Quantity;
use crate::source::NodeId;
use std::fmt;

/// The kind of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorKind {
    /// A value is missing.
    Required,
    /// A value must not be there.
    Forbidden,
    /// A value breaks a rule.
    Invalid,
    /// A value is none of the allowed ones.
    NotSupported,
    /// A value that must be unique is there twice.
    Duplicate,
    /// A value refers to something that does not exist.
    NotFound,
    /// A text is too long.
    TooLong,
    /// A list is too long.
    TooMany,
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Required => "Required value",
            Self::Forbidden => "Forbidden",
            Self::Invalid => "Invalid value",
            Self::NotSupported => "Unsupported value",
            Self::Duplicate => "Duplicate value",
            Self::NotFound => "Not found",
            Self::TooLong => "Too long",
            Self::TooMany => "Too many",
        })
    }
}

/// What is wrong with one field. Shown as the server shows it: `spec.containers[0].image: Required value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// What kind of error it is.
    pub kind: ErrorKind,
    /// The path of the field, as the server gives it: some of its paths are odd.
    pub field: String,
    /// The value, without quotes; empty for kinds that have none.
    pub bad_value: String,
    /// What is expected; may be empty.
    pub detail: String,
    /// The node that is nearest to the field; none when the object has no node at all.
    pub node: Option<NodeId>,
    /// The value as the server shows it, when it does.
    pub(super) shown: Option<String>,
}

impl fmt::Display for FieldError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}: {}", self.field, self.kind)?;
        if let Some(shown) = &self.shown {
            write!(to, ": {shown}")?;
        }
        if !self.detail.is_empty() {
            write!(to, ": {}", self.detail)?;
        }
        Ok(())
    }
}

/// A value in an error: its plain form, and how the server shows it.
#[derive(Clone, Debug)]
pub(super) struct Bad {
    plain: String,
    shown: Option<String>,
    /// How it was shown before 1.34, when that differs: as Go writes a value.
    old: Option<String>,
}

impl Bad {
    /// A value that the server leaves out.
    pub(super) fn omitted() -> Self {
        Self { plain: String::new(), shown: None, old: None }
    }

    /// A text that has a type of its own in Go, such as a policy or an operator.
    pub(super) fn alias(text: &str) -> Self {
        Self { plain: text.to_owned(), shown: Some(json_text(text)), old: Some(quote(text)) }
    }

    /// The name of a resource.
    pub(super) fn resource(name: &str) -> Self {
        Self::alias(name).or_before(name.to_owned())
    }

    /// Labels.
    pub(super) fn labels(at: At<'_>) -> Self {
        let none = || "map[string]string(nil)".to_owned();
        if at.is_set() { Self::from(at) } else { Self::from(at).or_before(none()) }
    }

    /// A point in time.
    pub(super) fn time(at: At<'_>) -> Self {
        let zone = |text: &str| Some(text.strip_suffix('Z')?.replacen('T', " ", 1) + " +0000 UTC");
        match at.opt_text().and_then(zone) {
            Some(old) => Self::from(at).or_before(old),
            None => Self::from(at),
        }
    }

    /// A number or a text.
    pub(super) fn int_or_text(at: At<'_>) -> Self {
        let (kind, text) = (u8::from(at.opt_text().is_some()), quote(at.text()));
        let old = format!("intstr.IntOrString{{Type:{kind}, IntVal:{}, StrVal:{text}}}", at.int());
        Self::from(at).or_before(old)
    }

    /// With what was shown before 1.34.
    pub(super) fn or_before(mut self, old: String) -> Self {
        self.old = Some(old);
        self
    }

    /// What was shown before 1.34.
    pub(super) fn before(&self) -> &str {
        self.old.as_deref().unwrap_or_else(|| self.shown())
    }

    /// An amount: the server shows its parts where it means to show it plainly.
    pub(super) fn amount(amount: Quantity) -> Self {
        let shown = quote(&amount.to_string());
        Self { plain: amount.to_string(), shown: Some(shown), old: None }
    }

    /// A value that is already written as the server shows it.
    pub(super) fn raw(text: String) -> Self {
        Self { plain: text.clone(), shown: Some(text), old: None }
    }

    /// The value as it is shown.
    pub(super) fn shown(&self) -> &str {
        self.shown.as_deref().unwrap_or_default()
    }

    /// A value that is shown as JSON, such as a list or a selector.
    pub(super) fn json(item: At<'_>) -> Self {
        let mut json = String::new();
        write_json(item, &mut json);
        Self { plain: json.clone(), shown: Some(json), old: go(item) }
    }
}

impl From<&str> for Bad {
    fn from(text: &str) -> Self {
        Self { plain: text.to_owned(), shown: Some(quote(text)), old: None }
    }
}

impl From<&String> for Bad {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<String> for Bad {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<i64> for Bad {
    fn from(int: i64) -> Self {
        Self { plain: int.to_string(), shown: Some(int.to_string()), old: None }
    }
}

impl From<bool> for Bad {
    fn from(bool: bool) -> Self {
        Self { plain: bool.to_string(), shown: Some(bool.to_string()), old: None }
    }
}

/// As JSON, as the server shows what is no plain Go string: lists, structs, and texts with a type of their own.
impl From<At<'_>> for Bad {
    fn from(at: At<'_>) -> Self {
        match at.0 {
            Some(Item::Text(text)) => Self::alias(text),
            Some(Item::Int(int)) => Self::from(*int),
            Some(Item::Bool(bool)) => Self::from(*bool),
            None => {
                Self { plain: "<nil>".to_owned(), shown: Some("null".to_owned()), old: Some("\"null\"".to_owned()) }
            }
            Some(_) => Self::json(at),
        }
    }
}

/// As Go writes a value for programmers; none for what is not plain.
fn go(at: At<'_>) -> Option<String> {
    let all = |texts: Vec<Option<String>>| Some(texts.into_iter().collect::<Option<Vec<_>>>()?.join(", "));
    let text = |at: At<'_>| at.opt_text().map(quote);
    match at.0? {
        Item::List(items) if matches!(items.first(), Some(Item::Int(_))) => {
            Some(format!("[]int32{{{}}}", all(at.items().map(|item| Some(item.opt_int()?.to_string())).collect())?))
        }
        Item::List(_) => Some(format!("[]string{{{}}}", all(at.items().map(text).collect())?)),
        Item::Map(_) => {
            let mut entries = at.entries();
            entries.sort_unstable_by_key(|(key, _)| *key);
            let entries = entries.into_iter().map(|(key, item)| Some(format!("{}:{}", quote(key), text(item)?)));
            Some(format!("map[string]string{{{}}}", all(entries.collect())?))
        }
        _ => None,
    }
}

fn write_json(at: At<'_>, to: &mut String) {
    match at.0 {
        None => to.push_str("null"),
        Some(Item::Bool(bool)) => to.push_str(&bool.to_string()),
        Some(Item::Int(int)) => to.push_str(&int.to_string()),
        Some(Item::Text(text)) => to.push_str(&json_text(text)),
        Some(Item::List(_)) => {
            to.push('[');
            for (index, item) in at.items().enumerate() {
                if index > 0 {
                    to.push(',');
                }
                write_json(item, to);
            }
            to.push(']');
        }
        Some(Item::Map(_) | Item::Struct(_)) => {
            to.push('{');
            let mut entries = at.entries();
            if matches!(at.0, Some(Item::Map(_))) {
                entries.sort_unstable_by_key(|(key, _)| *key);
            }
            for (index, (key, item)) in entries.into_iter().enumerate() {
                if index > 0 {
                    to.push(',');
                }
                to.push_str(&json_text(key));
                to.push(':');
                write_json(item, to);
            }
            to.push('}');
        }
    }
}

/// A JSON string as Go's `encoding/json` writes it.
fn json_text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A text in quotes, as Go's `%q` writes it.
pub(super) fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\u{b}' => out.push_str("\\v"),
            c if u32::from(c) < 0x20 || c == '\u{7f}' => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if is_unprintable(c) && u32::from(c) < 0x10000 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c if is_unprintable(c) => out.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether Go does not print a character: controls, spaces other than the plain one, marks of direction and the like.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{fffb}' | '\u{f0000}'..)
}

/// Errors in the order in which they were found.
#[derive(Default)]
pub(super) struct Errors {
    pub(super) found: Vec<FieldError>,
    /// Whether values are shown as they were before 1.34.
    pub(super) shows_go: bool,
}

impl Errors {
    fn push(&mut self, kind: ErrorKind, path: &Path, bad: Bad, detail: impl Into<String>) {
        let (field, detail) = (path.to_string(), detail.into());
        let Bad { mut plain, mut shown, old } = bad;
        if let Some(old) = old.filter(|_| self.shows_go) {
            if shown.as_ref() == Some(&plain) {
                plain.clone_from(&old);
            }
            shown = Some(old);
        }
        self.found.push(FieldError { kind, field, bad_value: plain, detail, node: None, shown });
    }

    pub(super) fn required(&mut self, path: &Path, detail: impl Into<String>) {
        self.push(ErrorKind::Required, path, Bad::omitted(), detail);
    }

    pub(super) fn forbidden(&mut self, path: &Path, detail: impl Into<String>) {
        self.push(ErrorKind::Forbidden, path, Bad::omitted(), detail);
    }

    pub(super) fn invalid(&mut self, path: &Path, bad: impl Into<Bad>, detail: impl Into<String>) {
        self.push(ErrorKind::Invalid, path, bad.into(), detail);
    }

    /// One error for each message.
    pub(super) fn each(&mut self, path: &Path, value: &str, messages: Vec<String>) {
        for message in messages {
            self.invalid(path, value, message);
        }
    }

    pub(super) fn duplicate(&mut self, path: &Path, bad: impl Into<Bad>) {
        self.push(ErrorKind::Duplicate, path, bad.into(), "");
    }

    pub(super) fn not_found(&mut self, path: &Path, bad: impl Into<Bad>, detail: impl Into<String>) {
        self.push(ErrorKind::NotFound, path, bad.into(), detail);
    }

    pub(super) fn not_supported(&mut self, path: &Path, bad: impl Into<Bad>, values: &[&str]) {
        let values: Vec<String> = values.iter().map(|value| quote(value)).collect();
        let detail = if values.is_empty() { String::new() } else { format!("supported values: {}", values.join(", ")) };
        self.push(ErrorKind::NotSupported, path, bad.into(), detail);
    }

    pub(super) fn too_long(&mut self, path: &Path, most: usize) {
        let unit = if most == 1 { "byte" } else { "bytes" };
        let bad = Bad { plain: "<value omitted>".to_owned(), shown: None, old: None };
        self.push(ErrorKind::TooLong, path, bad, format!("may not be more than {most} {unit}"));
    }

    pub(super) fn too_many(&mut self, path: &Path, count: usize, most: usize) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let unit = if most == 1 { "item" } else { "items" };
        self.push(ErrorKind::TooMany, path, Bad::from(count), format!("must have at most {most} {unit}"));
    }

    pub(super) fn not_negative(&mut self, value: i64, path: &Path) {
        if value < 0 {
            self.invalid(path, value, "must be greater than or equal to 0");
        }
    }
}
