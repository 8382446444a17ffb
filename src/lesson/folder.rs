//! The texts of a lesson, and the one text that they are sent as.

use super::{MAX_FILE, MAX_STEPS, Trouble};
use crate::source::{Source, Value};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// The texts of a lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// The name of the folder.
    pub id: String,
    /// `lesson.yaml`.
    pub lesson: String,
    /// Its steps, in order.
    pub steps: Vec<StepFiles>,
}

/// The texts of a step. What is empty is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepFiles {
    /// The name of its folder, without the number.
    pub id: String,
    /// `step.yaml`.
    pub step: String,
    /// `text.md`.
    pub text: String,
    /// `start.yaml`.
    pub start: String,
    /// `solution.yaml`.
    pub solution: String,
    /// `notes.md`.
    pub notes: String,
}

impl StepFiles {
    /// Names and texts of the files.
    #[must_use]
    pub fn files(&self) -> [(&'static str, &str); 5] {
        [
            ("step.yaml", &self.step),
            ("text.md", &self.text),
            ("start.yaml", &self.start),
            ("solution.yaml", &self.solution),
            ("notes.md", &self.notes),
        ]
    }

    /// Puts a file in its place. Whether there is one of that name.
    pub fn put(&mut self, name: &str, text: String) -> bool {
        let file = match name {
            "step.yaml" => &mut self.step,
            "text.md" => &mut self.text,
            "start.yaml" => &mut self.start,
            "solution.yaml" => &mut self.solution,
            "notes.md" => &mut self.notes,
            _ => return false,
        };
        *file = text;
        true
    }
}

impl Folder {
    /// Reads what [`Folder::to_json`] writes.
    #[must_use]
    pub fn from_json(text: &str) -> (Self, Vec<Trouble>) {
        let source = Source::read(text);
        let mut troubles = Vec::new();
        let root =
            source.documents.first().and_then(|document| document.root()).filter(|root| root.get("steps").is_some());
        let Some(root) = root.filter(|_| !source.is_broken()) else {
            troubles.push(whole("this is no lesson, or it was cut off", "Ask whoever made it for a new copy."));
            return (Self::default(), troubles);
        };
        let mut long = false;
        let mut text = |value: Value<'_>, key: &str| {
            let text = value.get(key).and_then(Value::text).unwrap_or_default();
            long |= text.len() > MAX_FILE;
            if text.len() > MAX_FILE { String::new() } else { text.to_owned() }
        };
        let (id, lesson) = (text(root, "id"), text(root, "lesson"));
        let mut steps = Vec::new();
        let all = root.get("steps").map(|steps| steps.items().len()).unwrap_or_default();
        for step in root.get("steps").into_iter().flat_map(Value::items).take(MAX_STEPS) {
            let mut files = StepFiles { id: text(step, "id"), ..StepFiles::default() };
            for name in ["step.yaml", "text.md", "start.yaml", "solution.yaml", "notes.md"] {
                let key = name.split('.').next().unwrap_or_default();
                files.put(name, text(step, key));
            }
            steps.push(files);
        }
        if long {
            troubles.push(whole(
                &format!("a file is longer than {} kB and was left out", MAX_FILE / 1024),
                "Make it shorter, or make two steps of it.",
            ));
        }
        if all > MAX_STEPS {
            troubles.push(whole(
                &format!("there are {all} steps; the first {MAX_STEPS} were read"),
                "Make two lessons of it.",
            ));
        }
        (Self { id, lesson, steps }, troubles)
    }

    /// All texts as one: JSON, on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = String::new();
        let _ = write!(json, "{{\"id\":{},\"lesson\":{},\"steps\":[", quoted(&self.id), quoted(&self.lesson));
        for (index, step) in self.steps.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let _ = write!(json, "{comma}{{\"id\":{}", quoted(&step.id));
            for (name, text) in step.files().iter().filter(|(_, text)| !text.is_empty()) {
                let key = name.split('.').next().unwrap_or_default();
                let _ = write!(json, ",\"{key}\":{}", quoted(text));
            }
            json.push('}');
        }
        json.push_str("]}\n");
        json
    }

    /// Paths and texts of all files.
    #[must_use]
    pub fn files(&self) -> Vec<(String, String)> {
        let mut files = vec![(format!("{}/lesson.yaml", self.id), self.lesson.clone())];
        for (index, step) in self.steps.iter().enumerate() {
            for (name, text) in step.files().iter().filter(|(_, text)| !text.is_empty()) {
                files.push((format!("{}/{}0-{}/{name}", self.id, index + 1, step.id), (*text).to_owned()));
            }
        }
        files
    }
}

/// A trouble of all files together.
pub(super) fn whole(message: &str, help: &str) -> Trouble {
    Trouble { file: String::new(), line: 1, column: 1, message: message.to_owned(), help: help.to_owned() }
}

/// A text as JSON writes it, which YAML reads the same.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}') => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::{Folder, StepFiles};
    use crate::lesson::MAX_FILE;

    fn folder() -> Folder {
        let step = StepFiles {
            id: "one".to_owned(),
            step: "title: \"One\"\n".to_owned(),
            text: "A\ttext – with \u{1f6f5}\r\n\u{7f}\u{2028}\\ and {{ x }}\n---\n# no comment".to_owned(),
            start: "kind: Pod\n".to_owned(),
            ..StepFiles::default()
        };
        Folder { id: "a-lesson".to_owned(), lesson: "title: A\n".to_owned(), steps: vec![step.clone(), step] }
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(Folder::from_json(&folder().to_json()), (folder(), Vec::new()));
    }

    #[test]
    fn what_is_no_lesson_is_said_so() {
        for text in ["", "[]", "kind: Pod\n  x", "{\"id\": \"a\", \"steps\": [{\"id\": \"b\""] {
            let (folder, troubles) = Folder::from_json(text);
            assert_eq!((folder, troubles.len()), (Folder::default(), 1), "{text}");
        }
    }

    #[test]
    fn what_is_too_large_is_left_out() {
        let mut large = folder();
        large.steps[0].text = "a".repeat(MAX_FILE + 1);
        let (read, troubles) = Folder::from_json(&large.to_json());
        assert!(read.steps[0].text.is_empty() && troubles.len() == 1);
        large.steps = vec![folder().steps[1].clone(); 100];
        let (read, troubles) = Folder::from_json(&large.to_json());
        assert_eq!((read.steps.len(), troubles.len()), (40, 1));
    }
}
