//! New values, and how they are written in each style.

use crate::source::{Scalar, Style, Value};
use std::fmt::Write;

/// Deepest value that is copied; Kubernetes' own stay far below.
const MAX_DEPTH: usize = 40;

/// A value to write.
#[derive(Clone, Debug, PartialEq)]
pub enum Yaml {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text; quoted where that is needed.
    Text(String),
    /// An unquoted scalar, exactly as given: a float.
    Plain(String),
    /// A list.
    List(Vec<Self>),
    /// Keys and values.
    Map(Vec<(String, Self)>),
}

impl From<&str> for Yaml {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Yaml {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Yaml {
    fn from(int: i64) -> Self {
        Self::Int(int)
    }
}

impl From<bool> for Yaml {
    fn from(bool: bool) -> Self {
        Self::Bool(bool)
    }
}

impl<K: Into<String>, const N: usize> From<[(K, Self); N]> for Yaml {
    fn from(entries: [(K, Self); N]) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }
}

impl From<Vec<Self>> for Yaml {
    fn from(items: Vec<Self>) -> Self {
        Self::List(items)
    }
}

/// How a flow collection is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FlowStyle {
    /// Keys in double quotes, as JSON wants them.
    pub(super) quotes_keys: bool,
    /// Texts in double quotes even where they need none.
    pub(super) quotes_values: bool,
    /// A space behind `:` and `,`.
    pub(super) is_spaced: bool,
    /// A space inside of `{ }`.
    pub(super) is_padded: bool,
}

impl FlowStyle {
    pub(super) const YAML: Self = Self { quotes_keys: false, quotes_values: false, is_spaced: true, is_padded: true };

    pub(super) fn colon(self) -> &'static str {
        if self.is_spaced { ": " } else { ":" }
    }

    pub(super) fn comma(self) -> &'static str {
        if self.is_spaced { ", " } else { "," }
    }

    pub(super) fn key(self, key: &str) -> String {
        if self.quotes_keys { quoted(key) } else { plain_or_quoted(key, true) }
    }
}

impl Yaml {
    /// A copy of a value that was read; nothing if it is nested too deeply.
    #[must_use]
    pub fn copy(value: Value<'_>) -> Option<Self> {
        Self::copy_to(value, 0)
    }

    fn copy_to(value: Value<'_>, depth: usize) -> Option<Self> {
        if depth > MAX_DEPTH {
            return None;
        }
        if value.is_mapping() {
            let entries = value.entries().into_iter();
            let copied: Option<Vec<_>> =
                entries.map(|entry| Some((entry.key.to_owned(), Self::copy_to(entry.value, depth + 1)?))).collect();
            return copied.map(Self::Map);
        }
        if value.is_sequence() {
            return value.items().map(|item| Self::copy_to(item, depth + 1)).collect::<Option<_>>().map(Self::List);
        }
        Some(match value.scalar()? {
            Scalar::Null => Self::Null,
            Scalar::Bool(bool) => Self::Bool(bool),
            Scalar::Int(int) => Self::Int(int),
            Scalar::Float(_) => Self::Plain(value.text()?.to_owned()),
            Scalar::Text(text) => Self::Text(text.to_owned()),
        })
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries.iter().find(|(known, _)| known == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Sets a key, behind the others if it is new.
    pub fn set(&mut self, key: &str, value: impl Into<Self>) {
        let Self::Map(entries) = self else { return };
        match entries.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => *known = value.into(),
            None => entries.push((key.to_owned(), value.into())),
        }
    }

    /// The whole value as a YAML document in block style.
    #[must_use]
    pub fn document(&self) -> String {
        let mut out = String::new();
        match self {
            Self::Map(entries) if !entries.is_empty() => self.block(&mut out, 0, 2),
            _ => {
                out.push_str(&self.flow(FlowStyle::YAML));
                out.push('\n');
            }
        }
        out
    }

    /// Whether the value has parts, and so needs lines of its own in block style.
    pub(super) fn has_parts(&self) -> bool {
        match self {
            Self::List(items) => !items.is_empty(),
            Self::Map(entries) => !entries.is_empty(),
            _ => false,
        }
    }

    /// Lines in block style, each with `indent` spaces in front and a line break behind. Lists start `list` columns
    /// further in than their key.
    pub(super) fn block(&self, out: &mut String, indent: usize, list: usize) {
        match self {
            Self::Map(entries) => {
                for (key, value) in entries {
                    let _ = write!(out, "{:indent$}{}:", "", plain_or_quoted(key, false));
                    value.behind_key(out, indent, list);
                }
            }
            Self::List(items) => {
                for item in items {
                    let _ = write!(out, "{:indent$}-", "");
                    if item.has_parts() {
                        let mut inner = String::new();
                        item.block(&mut inner, indent + 2, list);
                        let _ = write!(out, " {}", inner.trim_start_matches(' '));
                    } else {
                        item.behind_key(out, indent, list);
                    }
                }
            }
            _ => {
                let _ = writeln!(out, "{:indent$}{}", "", self.scalar(false, false));
            }
        }
    }

    /// What stands behind `key:`, with its line break.
    pub(super) fn behind_key(&self, out: &mut String, indent: usize, list: usize) {
        match self {
            Self::Map(entries) if !entries.is_empty() => {
                out.push('\n');
                self.block(out, indent + 2, list);
            }
            Self::List(items) if !items.is_empty() => {
                out.push('\n');
                self.block(out, indent + list, list);
            }
            Self::Text(text) if is_literal(text) => {
                out.push_str(if text.ends_with('\n') { " |\n" } else { " |-\n" });
                for line in text.lines() {
                    let _ = if line.is_empty() { writeln!(out) } else { writeln!(out, "{:1$}{line}", "", indent + 2) };
                }
            }
            _ => {
                let _ = writeln!(out, " {}", self.flow(FlowStyle::YAML));
            }
        }
    }

    /// On one line, in flow style.
    pub(super) fn flow(&self, style: FlowStyle) -> String {
        self.flow_lines(style, None)
    }

    /// In flow style; over several lines when told how far the line is indented and by how much more each level is.
    pub(super) fn flow_lines(&self, style: FlowStyle, lines: Option<(usize, usize)>) -> String {
        let deeper = lines.map(|(indent, step)| (indent + step, step));
        let (open, close, parts): (_, _, Vec<String>) = match self {
            Self::Map(entries) => {
                let part = |(key, value): &(String, Self)| {
                    format!("{}{}{}", style.key(key), style.colon(), value.flow_lines(style, deeper))
                };
                ('{', '}', entries.iter().map(part).collect())
            }
            Self::List(items) => ('[', ']', items.iter().map(|item| item.flow_lines(style, deeper)).collect()),
            _ => return self.scalar(true, style.quotes_values),
        };
        if parts.is_empty() {
            return format!("{open}{close}");
        }
        match (lines, deeper) {
            (Some((indent, _)), Some((inner, _))) => {
                let parts: Vec<String> = parts.iter().map(|part| format!("\n{:inner$}{part}", "")).collect();
                format!("{open}{}\n{:indent$}{close}", parts.join(","), "")
            }
            _ => {
                let pad = if style.is_padded && open == '{' { " " } else { "" };
                format!("{open}{pad}{}{pad}{close}", parts.join(style.comma()))
            }
        }
    }

    fn scalar(&self, in_flow: bool, quotes: bool) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(bool) => bool.to_string(),
            Self::Int(int) => int.to_string(),
            Self::Plain(text) => text.clone(),
            Self::Text(text) if quotes => quoted(text),
            Self::Text(text) => plain_or_quoted(text, in_flow),
            Self::List(_) | Self::Map(_) => self.flow(FlowStyle::YAML),
        }
    }
}

/// Whether a text of several lines can be written as a literal block and read back unchanged.
fn is_literal(text: &str) -> bool {
    let is_clean = |line: &str| !line.ends_with([' ', '\t', '\r']) && !line.chars().any(is_control);
    text.trim_end_matches('\n').contains('\n')
        && !text.starts_with([' ', '\n', '\t'])
        && !text.ends_with("\n\n")
        && text.lines().all(is_clean)
}

fn is_control(character: char) -> bool {
    character.is_control() && character != '\t'
        || matches!(character, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}')
}

/// A scalar in the style of another one: a quoted text stays quoted, with the same quotes where that is possible.
pub(super) fn in_style_of(new: &Yaml, old: &str, style: Style, in_flow: bool) -> String {
    match new {
        Yaml::Text(text) if style == Style::Quoted && old.starts_with('\'') && !text.chars().any(char::is_control) => {
            format!("'{}'", text.replace('\'', "''"))
        }
        Yaml::Text(text) if style == Style::Quoted => quoted(text),
        _ => new.scalar(in_flow, false),
    }
}

/// Plain when every reader of YAML 1.1 and 1.2 takes it for this text, else in double quotes.
pub(super) fn plain_or_quoted(text: &str, in_flow: bool) -> String {
    if is_plain(text, in_flow) { text.to_owned() } else { quoted(text) }
}

fn is_plain(text: &str, in_flow: bool) -> bool {
    let starts_well = text.chars().next().is_some_and(|first| match first {
        '-' => text.chars().nth(1).is_some_and(|second| second.is_ascii_alphanumeric() || second == '-'),
        _ => first.is_alphanumeric() || matches!(first, '/' | '.' | '_' | '$' | '(' | '+' | '~' | '^' | '<' | ';'),
    });
    let looks_like_number = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
        // Sexagesimal numbers and dates of YAML 1.1.
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '-' | '.' | '_' | '+' | 'T' | 'Z' | 'e' | 'E'));
    starts_well
        && !looks_like_number
        && matches!(Scalar::resolve(text), Scalar::Text(_))
        && !matches!(text, "<<" | "=" | "---" | "...")
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([':', ' '])
        && !text.contains(['\t', '{', '}'])
        && !text.chars().any(|c| c.is_control() || is_control(c))
        && !(in_flow && text.contains([',', '[', ']', '\'', '"']))
}

/// In double quotes, as JSON writes it.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control.is_control() || is_control(control) => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::{FlowStyle, Yaml};
    use crate::source::Source;

    fn sample() -> Yaml {
        Yaml::from([
            ("name", Yaml::from("a b")),
            ("on", Yaml::from("yes")),
            ("count", Yaml::from(3)),
            ("time", Yaml::from("12:30")),
            ("cmd", Yaml::from(vec!["sh".into(), "-c".into(), "set -e\n\nexit 0\n".into()])),
            ("script", Yaml::from("a: b\n  c # d")),
            (
                "deep",
                Yaml::from([("l", Yaml::from(vec![Yaml::from([("k", Yaml::from("v")), ("e", Yaml::List(vec![]))])]))]),
            ),
            ("odd", Yaml::from("it's, {x} \u{1}é [")),
        ])
    }

    #[test]
    fn every_style_reads_back_as_the_same_value() {
        let json = FlowStyle { quotes_keys: true, quotes_values: true, is_spaced: false, is_padded: false };
        let texts = [
            sample().document(),
            sample().flow(FlowStyle::YAML),
            sample().flow(json),
            sample().flow_lines(json, Some((0, 2))),
        ];
        for text in texts {
            let source = Source::read(&text);
            assert!(source.documents[0].problems.is_empty(), "{text}");
            assert_eq!(Yaml::copy(source.documents[0].root().unwrap()), Some(sample()), "{text}");
        }
    }

    #[test]
    fn block_style_is_what_people_write() {
        let text = sample().document();
        assert!(
            text.starts_with(
                "name: a b\n\"on\": \"yes\"\ncount: 3\ntime: \"12:30\"\ncmd:\n  - sh\n  - -c\n  - |\n    set -e\n\n"
            ),
            "{text}"
        );
        assert!(text.contains("deep:\n  l:\n    - k: v\n      e: []\n"), "{text}");
    }
}
