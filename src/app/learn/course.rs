//! The lessons of this site, as a small list, and how a lesson is opened.

use crate::app::desk::Desk;
use crate::app::fetch::{fetch_json, fetch_text, text, texts};
use crate::app::store::Store;
use crate::app::words::{t, tf, w};
use js_sys::{Array, Reflect};
use sidecar_playground::task::{Done, LessonDone, LessonTask, ReadLesson, Task};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use yew::Callback;

/// Under what a lesson out of a link is kept: its link.
const LINKED: &str = "sidecar-playground/linked/1/";

/// What the list says of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) about: String,
    pub(crate) minutes: u32,
    pub(crate) needs: Vec<String>,
    pub(crate) steps: Vec<StepEntry>,
    /// Where its texts are.
    file: String,
}

/// What the list says of a step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StepEntry {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) goals: usize,
    pub(crate) questions: usize,
    pub(crate) is_optional: bool,
}

/// The lessons of this site, in their order.
pub(crate) async fn course() -> Result<Vec<Entry>, String> {
    Ok(list(&fetch_json("lessons-data").await?).iter().map(entry).collect())
}

fn list(value: &JsValue) -> Vec<JsValue> {
    value.dyn_ref::<Array>().map(|list| list.iter().collect()).unwrap_or_default()
}

fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

fn number(object: &JsValue, name: &str) -> u32 {
    field(object, name).as_f64().unwrap_or_default() as u32
}

fn entry(value: &JsValue) -> Entry {
    let step = |value: &JsValue| StepEntry {
        id: text(value, "id"),
        title: text(value, "title"),
        goals: number(value, "goals") as usize,
        questions: number(value, "questions") as usize,
        is_optional: field(value, "optional").is_truthy(),
    };
    Entry {
        id: text(value, "id"),
        title: text(value, "title"),
        about: text(value, "about"),
        minutes: number(value, "minutes"),
        needs: texts(value, "needs"),
        steps: list(&field(value, "steps")).iter().map(step).collect(),
        file: text(value, "file"),
    }
}

/// What became of opening a lesson: why not, in words, when it could not be.
pub(crate) type Opened = Result<Rc<ReadLesson>, String>;

/// Opens the lesson of a name.
pub(crate) fn open(desk: &Desk, lessons: &[Entry], id: &str, on_opened: Callback<Opened>) {
    let (sign, name) = id.split_at_checked(1).unwrap_or_default();
    if sign == "~" {
        match desk.store.read(&format!("{LINKED}{name}")) {
            Some(fragment) => read(desk, LessonTask::Open(fragment), on_opened),
            None => on_opened.emit(Err(t(w::LEARN_NOT_KEPT).to_owned())),
        }
        return;
    }
    let own = lessons.iter().find(|entry| entry.id == id).map(|entry| entry.file.clone());
    // A name of one word: it cannot lead out of that folder.
    let is_word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let hosted = (sign == "@" && is_word).then(|| hosted_file(name));
    let is_hosted = hosted.is_some();
    let Some(file) = own.or(hosted) else {
        on_opened.emit(Err(t(w::LEARN_NO_LESSON).to_owned()));
        return;
    };
    let desk = desk.clone();
    yew::platform::spawn_local(async move {
        match fetch_text(&file).await {
            Some(json) => read(&desk, LessonTask::Read(json), on_opened),
            None if is_hosted => on_opened.emit(Err(tf(w::LEARN_NOT_HOSTED, [&file]))),
            None => on_opened.emit(Err(t(w::LEARN_NOT_ARRIVED).to_owned())),
        }
    });
}

/// Where a lesson lies that does not belong to this site's course, seen from the page.
pub(crate) fn hosted_file(id: &str) -> String {
    format!("lessons/{id}.json")
}

fn read(desk: &Desk, task: LessonTask, on_opened: Callback<Opened>) {
    let on_done = Callback::from(move |done| match done {
        Done::Lesson(LessonDone::Read(read) | LessonDone::Opened(Ok(read))) if !read.lesson.steps.is_empty() => {
            on_opened.emit(Ok(Rc::new(*read)));
        }
        Done::Lesson(LessonDone::Opened(Err(damage))) => on_opened.emit(Err(damage.message)),
        _ => on_opened.emit(Err(t(w::LEARN_DAMAGED).to_owned())),
    });
    desk.engine.run("", &Task::Lesson(task), on_done);
}

/// Keeps a link to a lesson; gives the name under which it can be opened from now on. The checksum in the link tells
/// lessons apart.
pub(crate) fn keep_link(store: &Store, fragment: &str) -> String {
    let name = fragment.split('.').nth(1).unwrap_or_default();
    store.write(&format!("{LINKED}{name}"), fragment);
    format!("~{name}")
}

/// The lessons that were opened from links.
pub(crate) fn linked(store: &Store) -> Vec<String> {
    let names = store.names();
    let mut ids: Vec<String> =
        names.iter().filter_map(|name| name.strip_prefix(LINKED)).map(|name| format!("~{name}")).collect();
    ids.sort();
    ids
}

/// Forgets a lesson that was opened from a link.
pub(crate) fn forget_link(store: &Store, id: &str) {
    store.remove(&format!("{LINKED}{}", id.trim_start_matches('~')));
}
