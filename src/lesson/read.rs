//! Texts of a folder → a draft, with everything that is not as it should be.

use super::folder::whole;
use super::quiz::{Answers, Of, Question, asks};
use super::{Draft, DraftStep, Folder, Look, MAX_ENTRIES, StepFiles, Trouble, goal, prose};
use crate::catalogue;
use crate::diagram::kinds::{KINDS, kind};
use crate::release::Release;
use crate::rules;
use crate::simulate::WhatIf;
use crate::source::{Lines, Source, Value};

/// Reads the texts of a lesson. What cannot be read is left out.
#[must_use]
pub fn read(folder: &Folder) -> (Draft, Vec<Trouble>) {
    let mut troubles = Vec::new();
    let mut draft = lesson(folder, &mut troubles);
    if folder.steps.is_empty() {
        troubles.push(whole("the lesson has no step", "Give it at least one."));
    }
    for files in &folder.steps {
        if draft.steps.iter().any(|step| step.id == files.id) {
            let message = format!("there are two steps `{}`", files.id);
            troubles.push(whole(&message, "Give each step a name of its own: it is part of addresses."));
        }
        let step = step(files, &mut troubles);
        draft.steps.push(step);
    }
    (draft, troubles)
}

fn lesson(folder: &Folder, troubles: &mut Vec<Trouble>) -> Draft {
    check_id(&folder.id, troubles);
    let source = Source::read(&folder.lesson);
    let mut file = File::new("lesson.yaml".to_owned(), &folder.lesson, &source, troubles);
    let root = file.root();
    file.check_keys(root, &["title", "about", "minutes", "order", "needs"]);
    let draft = Draft {
        id: folder.id.clone(),
        title: file.needed(root, "title"),
        about: file.needed(root, "about"),
        minutes: file.number(root, "minutes"),
        order: file.number(root, "order"),
        needs: file.texts(root, "needs").into_iter().map(|(text, _)| text).collect(),
        steps: Vec::new(),
    };
    troubles.append(&mut file.troubles);
    draft
}

fn step(files: &StepFiles, troubles: &mut Vec<Trouble>) -> DraftStep {
    check_id(&files.id, troubles);
    let source = Source::read(&files.step);
    let mut file = File::new(format!("{}/step.yaml", files.id), &files.step, &source, troubles);
    let root = file.root();
    file.check_keys(root, &["title", "goals", "hints", "quiz", "view", "optional"]);
    let goals = file.texts(root, "goals");
    for (text, value) in &goals {
        if let Err(error) = goal::Goal::parse(text) {
            file.odd(Some(*value), error.message, error.help);
        }
    }
    let mut step = DraftStep {
        id: files.id.clone(),
        title: file.needed(root, "title"),
        text: files.text.clone(),
        notes: files.notes.clone(),
        start: files.start.clone(),
        solution: files.solution.clone(),
        goals: goals.into_iter().map(|(text, _)| text).collect(),
        hints: file.texts(root, "hints").into_iter().map(|(text, _)| text).collect(),
        quiz: Vec::new(),
        look: file.look(root.and_then(|root| root.get("view"))),
        is_optional: root.and_then(|root| root.get("optional")).and_then(Value::bool).unwrap_or_default(),
    };
    step.quiz = file.questions(root);
    if !step.goals.is_empty() && step.start.trim().is_empty() {
        file.odd(
            None,
            "there are goals, but no manifest to reach them with".to_owned(),
            "Add a start.yaml.".to_owned(),
        );
    }
    troubles.append(&mut file.troubles);
    if step.text.trim().is_empty() {
        let help = "Add a text.md that says what there is to learn.";
        troubles.push(Trouble { file: format!("{}/text.md", files.id), ..whole("the step has no text", help) });
    }
    for (name, text) in [("text.md", &step.text), ("notes.md", &step.notes)] {
        check_text(&format!("{}/{name}", files.id), text, troubles);
    }
    step
}

/// Ids are parts of addresses and names of folders.
fn check_id(id: &str, troubles: &mut Vec<Trouble>) {
    let is_plain = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if id.len() > 60 || !id.split('-').all(is_plain) {
        let help = "Use small letters, digits and single hyphens, at most 60: `shared-volume`.";
        troubles.push(whole(&format!("`{id}` cannot be the name of a lesson or a step"), help));
    }
}

fn check_text(file: &str, text: &str, troubles: &mut Vec<Trouble>) {
    let at = |line| Trouble { file: file.to_owned(), line, ..whole("", "") };
    let (blocks, odd) = prose::read(text);
    troubles.extend(odd.into_iter().map(|(line, message, help)| Trouble { message, help, ..at(line) }));
    for address in prose::addresses(&blocks) {
        let Some(path) = address.strip_prefix("#/") else { continue };
        let (part, id) = path.split_once('/').unwrap_or((path, ""));
        let is_there = match part {
            "rules" => id.is_empty() || rules::rule(id).is_some(),
            "catalogue" => id.is_empty() || catalogue::entry(id).is_some(),
            // Whether that lesson is there is not known here.
            "learn" | "" | "privacy" => true,
            _ => false,
        };
        if !is_there {
            let line = text.lines().position(|line| line.contains(address)).unwrap_or_default();
            let message = format!("the link `{address}` leads nowhere");
            let help = "See the lists of the rules and of the catalogue for what there is.".to_owned();
            troubles.push(Trouble { message, help, ..at(u32::try_from(line + 1).unwrap_or(1)) });
        }
    }
}

/// A YAML file of a lesson.
struct File<'d> {
    name: String,
    source: &'d Source,
    lines: Lines<'d>,
    troubles: Vec<Trouble>,
}

impl<'d> File<'d> {
    fn new(name: String, text: &'d str, source: &'d Source, troubles: &mut Vec<Trouble>) -> Self {
        let mut file = Self { name, source, lines: Lines::new(text), troubles: Vec::new() };
        let of_documents = source.documents.iter().flat_map(|document| {
            document.problems.iter().map(move |problem| (problem.span.shifted(document.start), problem))
        });
        let all = of_documents.chain(source.problems.iter().map(|problem| (problem.span, problem)));
        for (span, problem) in all.collect::<Vec<_>>() {
            let help = problem.help.clone().unwrap_or_default();
            file.add(span.start, problem.message.clone(), help);
        }
        troubles.append(&mut file.troubles);
        file
    }

    fn add(&mut self, byte: u32, message: String, help: String) {
        let position = self.lines.position(byte);
        let (line, column) = (position.line, position.column);
        self.troubles.push(Trouble { file: self.name.clone(), line, column, message, help });
    }

    fn root(&self) -> Option<Value<'d>> {
        self.source.documents.first().and_then(|document| document.root()).filter(|root| root.is_mapping())
    }

    fn odd(&mut self, value: Option<Value<'d>>, message: String, help: String) {
        let start = self.source.documents.first().map_or(0, |document| document.start);
        self.add(value.map_or(0, |value| value.span().start + start), message, help);
    }

    fn check_keys(&mut self, value: Option<Value<'d>>, known: &[&str]) {
        for entry in value.map(Value::entries).unwrap_or_default() {
            if !known.contains(&entry.key) {
                let help = format!("There are {}.", known.join(", "));
                self.odd(Some(entry.key_node), format!("`{}` is not known here", entry.key), help);
            }
        }
    }

    fn text(&mut self, value: Option<Value<'d>>, key: &str) -> String {
        let Some(value) = value.and_then(|value| value.get(key)).filter(|value| !value.is_null()) else {
            return String::new();
        };
        let text = value.text().map(str::trim).map(str::to_owned);
        text.unwrap_or_else(|| {
            self.odd(
                Some(value),
                format!("`{key}` must be a text"),
                "Write it on the same line, or behind `|`.".to_owned(),
            );
            String::new()
        })
    }

    fn needed(&mut self, value: Option<Value<'d>>, key: &str) -> String {
        let text = self.text(value, key);
        if text.is_empty() {
            self.odd(value, format!("`{key}` is missing"), format!("Add a line `{key}: …`."));
        }
        text
    }

    fn number(&mut self, value: Option<Value<'d>>, key: &str) -> u32 {
        let Some(value) = value.and_then(|value| value.get(key)) else { return 0 };
        let number = value.int().and_then(|number| u32::try_from(number).ok());
        number.unwrap_or_else(|| {
            self.odd(Some(value), format!("`{key}` must be a number"), "Write digits alone.".to_owned());
            0
        })
    }

    /// A list of texts, or one text alone.
    fn texts(&mut self, value: Option<Value<'d>>, key: &str) -> Vec<(String, Value<'d>)> {
        let Some(value) = value.and_then(|value| value.get(key)).filter(|value| !value.is_null()) else {
            return Vec::new();
        };
        let items: Vec<Value<'d>> = if value.is_sequence() { value.items().collect() } else { vec![value] };
        if items.len() > MAX_ENTRIES {
            self.odd(
                Some(value),
                format!("`{key}` has more than {MAX_ENTRIES} entries"),
                "Make two steps of it.".to_owned(),
            );
        }
        let mut texts = Vec::new();
        for item in items.into_iter().take(MAX_ENTRIES) {
            match item.text().map(str::trim).filter(|text| !text.is_empty()) {
                Some(text) => texts.push((text.to_owned(), item)),
                None => {
                    let help = "Put it in quotes when it contains `: `.".to_owned();
                    self.odd(Some(item), format!("an entry of `{key}` is not a text"), help);
                }
            }
        }
        texts
    }

    fn plain_texts(&mut self, value: Option<Value<'d>>, key: &str) -> Vec<String> {
        self.texts(value, key).into_iter().map(|(text, _)| text).collect()
    }

    fn look(&mut self, value: Option<Value<'d>>) -> Look {
        self.check_keys(value, &["kind", "what-if", "release"]);
        let look = Look {
            kind: self.text(value, "kind"),
            what_if: self.text(value, "what-if"),
            release: self.text(value, "release"),
        };
        self.check_look(value, &look);
        look
    }

    fn check_look(&mut self, value: Option<Value<'d>>, look: &Look) {
        if !look.kind.is_empty() && kind(&look.kind).is_none() {
            let all: Vec<&str> = KINDS.iter().map(|kind| kind.id).collect();
            self.odd(
                value,
                format!("there is no kind of picture `{}`", look.kind),
                format!("There are {}.", all.join(", ")),
            );
        }
        if !look.release.is_empty() && Release::parse(&look.release).is_none() {
            let (oldest, newest) = (Release::OLDEST, Release::NEWEST);
            let help = format!("There are {oldest} to {newest}; put it in quotes.");
            self.odd(value, format!("there is no release {}", look.release), help);
        }
        if WhatIf::parse(&look.what_if).len() != look.what_if.split_whitespace().count() {
            let help = "For example `delete@60 exit:app@30=1 never-ready:proxy slow-stop:app=20`.".to_owned();
            self.odd(value, format!("`{}` is not something that can happen", look.what_if), help);
        }
    }

    fn questions(&mut self, root: Option<Value<'d>>) -> Vec<Question> {
        let Some(list) = root.and_then(|root| root.get("quiz")) else { return Vec::new() };
        if !list.is_sequence() {
            self.odd(Some(list), "`quiz` must be a list".to_owned(), "Start each question with `- ask: …`.".to_owned());
        }
        if list.items().len() > MAX_ENTRIES {
            let help = "Make two steps of it.".to_owned();
            self.odd(Some(list), format!("`quiz` has more than {MAX_ENTRIES} questions"), help);
        }
        let mut found = Vec::new();
        for value in list.items().take(MAX_ENTRIES) {
            found.extend(self.question(value));
        }
        found
    }

    fn question(&mut self, value: Value<'d>) -> Option<Question> {
        let at = Some(value);
        self.check_keys(
            at,
            &[
                "ask", "compute", "options", "answer", "typed", "right", "wrong", "because", "of", "manifest",
                "what-if", "release",
            ],
        );
        let ask = self.needed(at, "ask");
        let because = self.needed(at, "because");
        let compute = self.text(at, "compute");
        let is_typed = value.get("typed").and_then(Value::bool).unwrap_or_default();
        let answers = if compute.is_empty() {
            let (right, wrong) = (self.plain_texts(at, "right"), self.plain_texts(at, "wrong"));
            if is_typed && (right.len() != 1 || !wrong.is_empty()) {
                let help = "Give it one `right` answer and nothing `wrong`, or let the engine `compute` it.".to_owned();
                self.odd(value.get("typed"), "an answer that is typed is one alone".to_owned(), help);
                return None;
            }
            if right.is_empty() || (wrong.is_empty() && !is_typed) {
                let help =
                    "Give it `right` and `wrong` answers, or `compute` what the engine is to find out.".to_owned();
                self.odd(at, "this question has no answers to choose from".to_owned(), help);
                return None;
            }
            Answers::Known { right, wrong }
        } else {
            if let Err(error) = asks::parse(&compute) {
                self.odd(value.get("compute"), error.message, error.help);
                return None;
            }
            let (options, expected) = (self.plain_texts(at, "options"), self.plain_texts(at, "answer"));
            Answers::Computed { question: compute, options, expected }
        };
        let manifest = self.text(at, "manifest");
        let of = match self.text(at, "of").as_str() {
            _ if !manifest.is_empty() => Of::Manifest(manifest + "\n"),
            "" | "start" => Of::Start,
            "solution" => Of::Solution,
            other => {
                let help = "There are start and solution; or give it a `manifest`.".to_owned();
                self.odd(at, format!("a question cannot be about `{other}`"), help);
                Of::Start
            }
        };
        let look = Look { kind: String::new(), what_if: self.text(at, "what-if"), release: self.text(at, "release") };
        self.check_look(at, &look);
        Some(Question { ask, because, answers, of, what_if: look.what_if, release: look.release, is_typed })
    }
}
