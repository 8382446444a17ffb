//! Findings as SARIF 2.1.0, the format that code hosts and editors read.

use crate::Analysis;
use crate::finding::{Finding, Fix, Severity};
use crate::rules::{REGISTRY, Rule};
use crate::source::{Lines, Place, ProblemKind, Span};
use serde_json::{Value, json};

/// A text that was analysed: the name that the user gave it, the text, and what is known about it.
pub type Analysed<'a> = (&'a str, &'a str, &'a Analysis);

/// Writes the findings in all texts as one run, indented. Findings that the manifest hides are suppressed, what could
/// not be read is a notification.
#[must_use]
pub fn write(texts: &[Analysed<'_>]) -> String {
    let mut results = Vec::new();
    let mut notifications = Vec::new();
    for (path, text, analysis) in texts {
        let file = File { uri: uri(path), lines: Lines::new(text), analysis };
        results.extend(analysis.findings.iter().map(|finding| file.result(finding)));
        notifications.extend(analysis.problems().map(|(_, span, problem)| {
            let level = if problem.kind == ProblemKind::Unreadable { "error" } else { "warning" };
            json!({ "level": level, "message": { "text": plain(&problem.message) }, "locations": [file.location(span)] })
        }));
    }
    let run = json!({
        "tool": { "driver": {
            "name": "sidecar",
            "fullName": "Sidecar Playground",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": REGISTRY.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
        }},
        "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": notifications }],
        "columnKind": "unicodeCodePoints",
        "results": results,
    });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    });
    serde_json::to_string_pretty(&log).unwrap_or_default()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

fn descriptor(rule: &Rule) -> Value {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut properties = json!({ "tags": ["kubernetes", "sidecar"] });
    for (key, release) in [("since", rule.since), ("until", rule.until)] {
        if let (Some(release), Some(properties)) = (release, properties.as_object_mut()) {
            properties.insert(key.to_owned(), release.to_string().into());
        }
    }
    let mut descriptor = json!({
        "id": rule.id,
        "shortDescription": { "text": one_line(rule.summary()) },
        "fullDescription": { "text": one_line(rule.section("Why it matters")) },
        "help": { "text": one_line(rule.section("Why it matters")), "markdown": rule.docs },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": properties,
    });
    let address = rule.references().iter().find_map(|reference| reference.url);
    if let (Some(address), Some(descriptor)) = (address, descriptor.as_object_mut()) {
        descriptor.insert("helpUri".to_owned(), address.into());
    }
    descriptor
}

/// A file that findings are in.
struct File<'a> {
    uri: String,
    lines: Lines<'a>,
    analysis: &'a Analysis,
}

impl File<'_> {
    fn result(&self, finding: &Finding) -> Value {
        let at = |place: Place| self.location(self.analysis.source.span(place));
        let related = finding.evidence.iter().enumerate().map(|(index, related)| {
            let mut location = at(related.place);
            if let Some(location) = location.as_object_mut() {
                location.insert("id".to_owned(), index.into());
                location.insert("message".to_owned(), json!({ "text": plain(&related.text) }));
            }
            location
        });
        let mut result = json!({
            "ruleId": finding.rule,
            "level": level(finding.severity),
            "message": { "text": plain(&format!("{}. {}", finding.message, finding.help)) },
            "locations": [at(finding.place)],
            "relatedLocations": related.collect::<Vec<_>>(),
            "properties": { "confidence": finding.confidence.id() },
        });
        if let Some(result) = result.as_object_mut() {
            if let Some(index) = REGISTRY.iter().position(|rule| rule.id == finding.rule) {
                result.insert("ruleIndex".to_owned(), index.into());
            }
            if let Some(fix) = &finding.fix {
                result.insert("fixes".to_owned(), json!([self.fix(fix)]));
            }
            if let Some(reason) = &finding.hidden {
                let suppressions = json!([{ "kind": "inSource", "justification": reason }]);
                result.insert("suppressions".to_owned(), suppressions);
            }
        }
        result
    }

    fn fix(&self, fix: &Fix) -> Value {
        let replacements = fix
            .edits
            .iter()
            .map(|edit| json!({ "deletedRegion": self.region(edit.span), "insertedContent": { "text": edit.text } }));
        json!({
            "description": { "text": fix.title },
            "artifactChanges": [{
                "artifactLocation": { "uri": self.uri },
                "replacements": replacements.collect::<Vec<_>>(),
            }],
        })
    }

    fn location(&self, span: Span) -> Value {
        json!({ "physicalLocation": { "artifactLocation": { "uri": self.uri }, "region": self.region(span) } })
    }

    fn region(&self, span: Span) -> Value {
        let (start, end) = (self.lines.position(span.start), self.lines.position(span.end.max(span.start)));
        json!({
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
            "byteOffset": span.start,
            "byteLength": span.end.saturating_sub(span.start),
        })
    }
}

/// Viewers make links of `[text](address)` in messages (SARIF 2.1.0, 3.11.6). A name from a manifest is none.
fn plain(text: &str) -> String {
    text.replace("](", "] (")
}

/// A path as a URI reference: relative ones stay relative.
fn uri(path: &str) -> String {
    if path == "-" {
        return "stdin".to_owned();
    }
    let mut out = String::new();
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'\\' => out.push('/'),
            b'/' | b'-' | b'_' | b'.' | b'~' => out.push(byte as char),
            _ if byte.is_ascii_alphanumeric() => out.push(byte as char),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{plain, uri};

    #[test]
    fn a_name_is_no_link() {
        assert_eq!(plain("[a](javascript:x) spec.containers[0]"), "[a] (javascript:x) spec.containers[0]");
    }

    #[test]
    fn paths_become_uri_references() {
        assert_eq!(uri("a/b c.yaml"), "a/b%20c.yaml");
        assert_eq!(uri("/x/ü.yaml"), "file:///x/%C3%BC.yaml");
        assert_eq!(uri("-"), "stdin");
    }
}
