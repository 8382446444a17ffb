//! What a reader looks at, as far as it differs from what everybody sees first.

use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// Settings of the page. An empty text and zero are the defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Index of the workload.
    pub workload: usize,
    /// Id of the kind of picture.
    pub kind: String,
    /// Id of the way in which pictures are written down.
    pub writing: String,
    /// Release of Kubernetes: `1.29`.
    pub k8s: String,
    /// What is supposed to happen. This module does not look into it.
    pub scenario: String,
    /// Id of the mildest level of findings that is shown.
    pub level: String,
    /// Evidence that is left out: name of the container, and the reason.
    pub ignored: Vec<(String, String)>,
}

impl Settings {
    /// One line for each setting that is not the default.
    pub(super) fn write(&self) -> String {
        let workload = if self.workload == 0 { String::new() } else { self.workload.to_string() };
        let fields = [
            ("workload", &workload),
            ("kind", &self.kind),
            ("writing", &self.writing),
            ("k8s", &self.k8s),
            ("scenario", &self.scenario),
            ("level", &self.level),
        ];
        let mut out = String::new();
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            let _ = writeln!(out, "{name}={}", escape(value));
        }
        for (container, reason) in &self.ignored {
            let _ = writeln!(out, "ignored={}\t{}", escape(container), escape(reason));
        }
        out
    }

    /// Reads what [`Settings::write`] wrote, and leaves out what it does not know.
    pub(super) fn read(lines: &str) -> Self {
        let mut settings = Self::default();
        for (name, value) in lines.lines().filter_map(|line| line.split_once('=')) {
            match name {
                "workload" => settings.workload = value.parse().unwrap_or_default(),
                "kind" => settings.kind = unescape(value),
                "writing" => settings.writing = unescape(value),
                "k8s" => settings.k8s = unescape(value),
                "scenario" => settings.scenario = unescape(value),
                "level" => settings.level = unescape(value),
                "ignored" => {
                    if let Some((container, reason)) = value.split_once('\t') {
                        settings.ignored.push((unescape(container), unescape(reason)));
                    }
                }
                _ => {}
            }
        }
        settings
    }
}

fn escape(value: &str) -> String {
    value.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t")
}

fn unescape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some(other) => out.push(other),
                None => {}
            },
            (c, false) => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_value_survives() {
        let nasty = "a\\nb\n\r\t\\=\\\\ 日本 \u{2028}";
        let settings = Settings {
            workload: 7,
            kind: nasty.to_owned(),
            writing: "outline".to_owned(),
            k8s: "=".to_owned(),
            scenario: nasty.to_owned(),
            level: "advice".to_owned(),
            ignored: vec![(nasty.to_owned(), nasty.to_owned()), (String::new(), String::new())],
        };
        assert_eq!(Settings::read(&settings.write()), settings);
        assert_eq!(Settings::default().write(), "");
    }
}
