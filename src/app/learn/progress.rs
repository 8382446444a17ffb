//! How far a learner is in a lesson. It is kept in this browser, under one name for each lesson.
//!
//! Reading is tolerant: what is not as it should be counts as not there, and what is not known is left out.

use crate::app::fetch::text;
use crate::app::store::{Store, stringify};
use js_sys::{Array, JSON, Object, Reflect};
use sidecar_playground::lesson::quiz::Given;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use yew::Reducible;

/// How the names begin under which it is kept.
const NAME: &str = "sidecar-playground/lesson/1/";

/// Longest text of a step that is kept, in bytes.
const LONGEST: usize = 100_000;

/// How far someone is in a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct StepProgress {
    /// Whether it was opened.
    pub(crate) is_read: bool,
    /// Whether all goals held at some time, without looking at the answer.
    pub(crate) is_done: bool,
    /// Whether the answer was looked at.
    pub(crate) is_seen: bool,
    /// How many hints were asked for.
    pub(crate) hints: usize,
    /// The learner's text, when it is not the one that the step starts with.
    pub(crate) text: Option<String>,
    /// The text before the last reset.
    pub(crate) last: Option<String>,
    /// The answers to the questions; an empty one for a question that was not answered.
    pub(crate) answers: Vec<Given>,
}

/// What there is to say of a step at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Open,
    Begun,
    Seen,
    Done,
}

impl Mark {
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Begun => "begun",
            Self::Seen => "seen",
            Self::Done => "done",
        }
    }
}

impl StepProgress {
    /// The answer to a question.
    pub(crate) fn answer(&self, question: usize) -> Option<&Given> {
        self.answers.get(question).filter(|answer| !answer.is_empty())
    }

    /// How a step with so many goals and questions stands.
    pub(crate) fn mark(&self, goals: usize, questions: usize) -> Mark {
        let has_goals = goals == 0 || self.is_done || self.is_seen;
        let is_answered = (0..questions).all(|question| self.answer(question).is_some());
        match (self.is_read && has_goals && is_answered, self.is_seen && !self.is_done) {
            (true, false) => Mark::Done,
            (true, true) => Mark::Seen,
            (false, _) if self.is_read => Mark::Begun,
            (false, _) => Mark::Open,
        }
    }

    fn to_json(&self) -> JsValue {
        let object = Object::new();
        let set = |name: &str, value: JsValue| drop(Reflect::set(&object, &name.into(), &value));
        for (name, is_it) in [("read", self.is_read), ("done", self.is_done), ("seen", self.is_seen)] {
            if is_it {
                set(name, true.into());
            }
        }
        for (name, text) in [("text", &self.text), ("last", &self.last)] {
            if let Some(text) = text.as_ref().filter(|text| text.len() <= LONGEST) {
                set(name, text.as_str().into());
            }
        }
        if self.hints > 0 {
            set("hints", (self.hints as u32).into());
        }
        if !self.answers.is_empty() {
            let answer = |answer: &Given| match answer {
                Given::Chosen(chosen) => {
                    chosen.iter().map(|index| JsValue::from(*index as u32)).collect::<Array>().into()
                }
                Given::Typed(text) => JsValue::from(text.as_str()),
            };
            set("answers", self.answers.iter().map(answer).collect::<Array>().into());
        }
        object.into()
    }

    fn of_json(json: &JsValue) -> Self {
        let field = |name: &str| Reflect::get(json, &name.into()).unwrap_or_default();
        let list = |value: JsValue| value.dyn_into::<Array>().unwrap_or_default();
        let given = |value: JsValue| match value.as_string() {
            Some(text) => Given::Typed(text),
            None => {
                let all = list(value);
                let numbers = all.iter().filter_map(|number| number.as_f64()).map(|number| number as usize);
                Given::Chosen(numbers.collect())
            }
        };
        Self {
            is_read: field("read").is_truthy(),
            is_done: field("done").is_truthy(),
            is_seen: field("seen").is_truthy(),
            hints: field("hints").as_f64().unwrap_or_default() as usize,
            text: field("text").as_string(),
            last: field("last").as_string(),
            answers: list(field("answers")).iter().map(given).collect(),
        }
    }
}

/// How far someone is in a lesson.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Progress {
    /// The step that was open last.
    pub(crate) at: String,
    steps: BTreeMap<String, StepProgress>,
}

/// What can happen to it. The first text is the id of the step.
pub(crate) enum Edit {
    Visit(String),
    Text(String, Option<String>),
    Done(String),
    Seen(String),
    Hint(String),
    Answer(String, usize, Given),
    /// Begin the step again; its text is kept aside.
    Reset(String),
    /// The whole lesson is as it was once.
    Whole(Progress),
}

impl Reducible for Progress {
    type Action = Edit;

    fn reduce(self: Rc<Self>, edit: Edit) -> Rc<Self> {
        let mut next = (*self).clone();
        match edit {
            Edit::Visit(step) => {
                next.of(&step).is_read = true;
                next.at = step;
            }
            Edit::Text(step, text) => next.of(&step).text = text,
            Edit::Done(step) => {
                let own = next.of(&step);
                own.is_done |= !own.is_seen;
            }
            Edit::Seen(step) => next.of(&step).is_seen = true,
            Edit::Hint(step) => next.of(&step).hints += 1,
            Edit::Answer(step, question, answer) => {
                let answers = &mut next.of(&step).answers;
                let size = answers.len().max(question + 1);
                answers.resize(size, Given::default());
                if let Some(own) = answers.get_mut(question) {
                    *own = answer;
                }
            }
            Edit::Reset(step) => {
                let own = next.of(&step);
                let last = own.text.take().or(own.last.take());
                *own = StepProgress { is_read: true, last, ..StepProgress::default() };
            }
            Edit::Whole(whole) => next = whole,
        }
        if next == *self { self } else { Rc::new(next) }
    }
}

impl Progress {
    /// How far someone is in a step.
    pub(crate) fn step(&self, id: &str) -> StepProgress {
        self.steps.get(id).cloned().unwrap_or_default()
    }

    fn of(&mut self, id: &str) -> &mut StepProgress {
        self.steps.entry(id.to_owned()).or_default()
    }

    /// What is kept of a lesson.
    pub(crate) fn load(store: &Store, lesson: &str) -> Self {
        let json = store.read(&format!("{NAME}{lesson}")).and_then(|json| JSON::parse(&json).ok());
        json.map(|json| Self::of_json(&json)).unwrap_or_default()
    }

    /// Keeps it.
    pub(crate) fn save(&self, store: &Store, lesson: &str) {
        let name = format!("{NAME}{lesson}");
        if *self == Self::default() {
            store.remove(&name);
        } else {
            store.write(&name, &stringify(&self.to_json()));
        }
    }

    fn to_json(&self) -> JsValue {
        let (object, steps) = (Object::new(), Object::new());
        for (id, step) in &self.steps {
            let _ = Reflect::set(&steps, &id.as_str().into(), &step.to_json());
        }
        let _ = Reflect::set(&object, &"at".into(), &self.at.as_str().into());
        let _ = Reflect::set(&object, &"steps".into(), &steps);
        object.into()
    }

    fn of_json(json: &JsValue) -> Self {
        let steps = Reflect::get(json, &"steps".into()).ok().and_then(|steps| steps.dyn_into::<Object>().ok());
        let entries = steps.map(|steps| Object::entries(&steps)).unwrap_or_default();
        let step = |entry: JsValue| {
            let entry = entry.dyn_into::<Array>().ok()?;
            Some((entry.get(0).as_string()?, StepProgress::of_json(&entry.get(1))))
        };
        Self { at: text(json, "at"), steps: entries.iter().filter_map(step).collect() }
    }
}

/// The progress in all lessons, as a file.
pub(crate) fn write_all(store: &Store) -> String {
    let (file, lessons) = (Object::new(), Object::new());
    for name in store.names() {
        if let Some(lesson) = name.strip_prefix(NAME) {
            let _ = Reflect::set(&lessons, &lesson.into(), &Progress::load(store, lesson).to_json());
        }
    }
    let _ = Reflect::set(&file, &"sidecar-playground".into(), &"progress/1".into());
    let _ = Reflect::set(&file, &"lessons".into(), &lessons);
    stringify(&file)
}

/// Takes over such a file; says of how many lessons, or nothing when it is none.
pub(crate) fn read_all(store: &Store, file: &str) -> Option<usize> {
    let json = JSON::parse(file).ok()?;
    let lessons: Object = Reflect::get(&json, &"lessons".into()).ok()?.dyn_into().ok()?;
    (text(&json, "sidecar-playground") == "progress/1").then_some(())?;
    let mut count = 0;
    for entry in Object::entries(&lessons).iter().filter_map(|entry| entry.dyn_into::<Array>().ok()) {
        if let Some(id) = entry.get(0).as_string() {
            Progress::of_json(&entry.get(1)).save(store, &id);
            count += 1;
        }
    }
    Some(count)
}

/// Forgets the progress in all lessons.
pub(crate) fn forget_all(store: &Store) {
    for name in store.names().iter().filter(|name| name.starts_with(NAME)) {
        store.remove(name);
    }
}
