//! The engine's worker, as the page sees it: it is told what changes in the text, asked, and answers later. Only the newest
//! question counts.
//!
//! The worker is guarded. Whatever ends or stalls it costs one answer: the page keeps its text and its last picture, says
//! what happened, and starts another worker. That one is not asked about the same text again until something changes or
//! the user wants it.

use super::editor::EditorHandle;
use super::failure::{Failure, Fault};
use super::paint::{after_paint, paint_at_once, set_busy};
use gloo::timers::callback::{Interval, Timeout};
use js_sys::{Array, JsString, Object, Reflect, Uint8Array};
use sidecar_playground::task::{Done, Task};
use sidecar_playground::view::{Request, View};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

/// What the engine says.
pub(crate) enum Reply {
    /// An answer, the contents of its pictures, and what was asked.
    View(Box<View>, Vec<JsString>, Option<Rc<Question>>),
    /// It does not work.
    Failed(Failure),
}

/// How long the engine may say nothing while it is asked, in seconds. The slowest phone that was tried needs a tenth of it
/// for the largest document.
const PATIENCE: u32 = 20;

/// Longest text, in UTF-16 units, of which a copy is made with each question. Of a larger one that is broken, only the
/// pictures that were drawn last can be shown, and no others.
const COPIED: u32 = 200_000;

/// Of how many questions without an answer the text is kept.
const UNANSWERED: usize = 64;

/// What the engine is asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    pub(crate) text: JsString,
    pub(crate) request: Request,
}

/// The engine: at first a worker with a part of it, which is loaded soon, then one with all of it.
#[derive(Clone)]
pub(crate) struct Engine {
    line: Rc<Line>,
}

/// Whose text it is, and who wants to know about it.
#[derive(Clone)]
pub(crate) struct Asker {
    pub(crate) editor: Rc<RefCell<EditorHandle>>,
    pub(crate) on_reply: Callback<Reply>,
}

/// The line to the worker.
struct Line {
    /// The playground, or a lesson: one at a time.
    asker: RefCell<Asker>,
    /// The last question of the one before.
    asked_before: Cell<u32>,
    /// The worker that is asked, when it listens.
    worker: RefCell<Option<Worker>>,
    /// The whole engine while it is loading, and what it calls.
    coming: RefCell<Option<Worker>>,
    /// Whether the worker is the whole engine: tasks are for it.
    is_whole: Cell<bool>,
    /// Whether a worker with the whole engine was started.
    has_started_whole: Cell<bool>,
    /// What has changed since the worker was told; none when it has to be given the text as a whole.
    changes: RefCell<Option<Array>>,
    /// The newest question.
    request: RefCell<Option<Request>>,
    /// The workloads of the last answer.
    workloads: RefCell<Rc<Vec<String>>>,
    last_id: Cell<u32>,
    /// The questions that are on their way, oldest first, with their numbers; not those with a large text.
    questions: RefCell<VecDeque<(u32, Rc<Question>)>>,
    /// The number of the last one, and that of the one to which all was said.
    asked: Cell<u32>,
    answered: Cell<u32>,
    /// Whether there was any answer yet.
    has_answer: Cell<bool>,
    /// Whether pictures are in the document that were not painted yet.
    is_painting: Cell<bool>,
    /// An answer that waits for that, with its number.
    late: RefCell<Option<(u32, Reply)>>,
    /// Whether the text failed, so that no worker is asked about it again by itself.
    holds: Cell<bool>,
    /// Seconds since the worker gave a sign of life.
    silence: Cell<u32>,
    /// Tasks from before there was somebody to do them.
    early: RefCell<Vec<JsValue>>,
    /// Who waits for which task.
    waiting: RefCell<Vec<(u32, Callback<Done>)>>,
}

impl Engine {
    /// Starts the workers whose addresses `index.html` has: the whole engine when the first part has answered, so that the
    /// two do not share a slow network.
    pub(crate) fn start(asker: Asker) -> Self {
        let line = Rc::new(Line {
            asker: RefCell::new(asker),
            asked_before: Cell::default(),
            worker: RefCell::default(),
            coming: RefCell::default(),
            is_whole: Cell::default(),
            has_started_whole: Cell::default(),
            changes: RefCell::default(),
            request: RefCell::default(),
            workloads: RefCell::default(),
            last_id: Cell::default(),
            questions: RefCell::default(),
            asked: Cell::default(),
            answered: Cell::default(),
            has_answer: Cell::default(),
            is_painting: Cell::default(),
            late: RefCell::default(),
            holds: Cell::default(),
            silence: Cell::default(),
            early: RefCell::default(),
            waiting: RefCell::default(),
        });
        if start(&line, "first-module").is_err() {
            start_whole(&line);
        }
        let watched = line.clone();
        Interval::new(1000, move || watched.watch()).forget();
        Self { line }
    }

    /// The text of an editor has changed: a flat list of what is replaced by what, nothing for all of it.
    pub(crate) fn changed(&self, editor: &Rc<RefCell<EditorHandle>>, changes: Option<&Array>) {
        if !Rc::ptr_eq(editor, &self.line.editor()) {
            return;
        }
        let mut own = self.line.changes.borrow_mut();
        match (own.as_mut(), changes) {
            (Some(own), Some(new)) => *own = own.concat(new),
            (_, None) => *own = None,
            (None, Some(_)) => {}
        }
    }

    /// Asks about the text of an editor, now or as soon as there is a worker.
    pub(crate) fn ask(&self, asker: &Asker, request: &Request) {
        if !Rc::ptr_eq(&asker.editor, &self.line.editor()) {
            self.line.asker.replace(asker.clone());
            self.line.asked_before.set(self.line.last_id.get());
            self.line.changes.replace(None);
        }
        *self.line.request.borrow_mut() = Some(request.clone());
        self.line.holds.set(false);
        self.line.send();
    }

    /// Asks once more what the engine failed to answer.
    pub(crate) fn try_again(&self) {
        if self.line.worker.borrow().is_none() && self.line.coming.borrow().is_none() {
            start_whole(&self.line);
        }
        self.line.holds.set(false);
        self.line.send();
    }

    /// Has something done with a text, and tells what became of it.
    pub(crate) fn run(&self, text: &str, task: &Task, on_done: Callback<Done>) {
        let line = &self.line;
        let id = line.next_id();
        line.waiting.borrow_mut().push((id, on_done));
        let bytes = postcard::to_allocvec(task).unwrap_or_default();
        let fields = [("id", id.into()), ("text", text.into()), ("task", Uint8Array::from(bytes.as_slice()).into())];
        let message = object(&fields);
        match line.worker.borrow().as_ref().filter(|_| line.is_whole.get()) {
            Some(worker) => drop(worker.post_message(&message)),
            None => {
                line.early.borrow_mut().push(message);
                // Where no picture is waited for, as on the page of a lesson, nothing else would start it.
                if line.request.borrow().is_none() && !line.has_started_whole.get() {
                    start_whole(line);
                }
            }
        }
    }
}

fn start_whole(line: &Rc<Line>) {
    if let Err(reason) = start(line, WHOLE) {
        line.fail(Fault::Start, &said(&reason));
    }
}

const WHOLE: &str = "worker-module";

/// Starts the worker at the address of a link. It is the one that is asked as soon as it says that it listens.
fn start(line: &Rc<Line>, link: &str) -> Result<(), JsValue> {
    let is_whole = link == WHOLE;
    let early = if is_whole { None } else { early_worker() };
    let worker = early.as_ref().map_or_else(|| start_worker(link), |early| Ok(early.0.clone()))?;
    if is_whole {
        line.has_started_whole.set(true);
        *line.coming.borrow_mut() = Some(worker.clone());
    }
    let on_message = {
        let (line, worker) = (line.clone(), worker.clone());
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            line.silence.set(0);
            let data = event.data();
            if data.as_string().as_deref() == Some("ready") {
                line.goes_over_to(&worker, is_whole);
            } else if !line.take_done(&data) && line.is_asked(&worker) {
                line.take_answer(&data);
            }
            // The first part has said what it can: now the whole engine.
            if !is_whole && !line.has_started_whole.get() && line.has_answer.get() {
                start_whole(&line);
            }
        })
    };
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let on_error = {
        let (line, worker) = (line.clone(), worker.clone());
        Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let message = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
            let was_asked = line.is_asked(&worker);
            worker.terminate();
            if !is_whole && !line.has_started_whole.get() {
                // The first part only makes the start quick.
                line.worker.replace(None);
                start_whole(&line);
            } else if was_asked && is_whole {
                line.fail(Fault::of(&message), &message);
                // A worker that could listen once can do so again.
                start_whole(&line);
            } else if is_whole {
                line.coming.replace(None);
                line.fail(Fault::Start, &message);
            } else if was_asked {
                line.worker.replace(None);
            }
        })
    };
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    on_error.forget();
    if early.is_some_and(|(_, is_ready)| is_ready) {
        line.goes_over_to(&worker, is_whole);
    }
    Ok(())
}

impl Line {
    fn editor(&self) -> Rc<RefCell<EditorHandle>> {
        self.asker.borrow().editor.clone()
    }

    fn reply(&self, reply: Reply) {
        let on_reply = self.asker.borrow().on_reply.clone();
        on_reply.emit(reply);
    }

    fn next_id(&self) -> u32 {
        self.last_id.set(self.last_id.get() + 1);
        self.last_id.get()
    }

    fn is_asked(&self, worker: &Worker) -> bool {
        self.worker.borrow().as_ref() == Some(worker)
    }

    /// From now on this worker is asked; the newest question once more, for the whole engine has more to say to it.
    fn goes_over_to(&self, worker: &Worker, is_whole: bool) {
        if is_whole {
            self.coming.replace(None);
        } else if self.is_whole.get() {
            return;
        }
        if let Some(old) = self.worker.replace(Some(worker.clone())) {
            old.terminate();
        }
        self.is_whole.set(is_whole);
        *self.changes.borrow_mut() = None;
        if is_whole {
            for message in self.early.take() {
                let _ = worker.post_message(&message);
            }
        }
        self.send();
    }

    /// Sends the newest question with what has changed in the text.
    fn send(&self) {
        let worker = self.worker.borrow().clone();
        let (Some(worker), Some(request)) = (worker, self.request.borrow().clone()) else { return };
        if self.holds.get() {
            return;
        }
        let id = self.next_id();
        self.asked.set(id);
        let editor = self.editor();
        let editor = editor.borrow();
        let is_small = editor.units() <= COPIED;
        if is_small {
            let mut questions = self.questions.borrow_mut();
            questions.push_back((id, Rc::new(Question { text: editor.js_text(), request: request.clone() })));
            if questions.len() > UNANSWERED {
                questions.pop_front();
            }
        }
        let request = postcard::to_allocvec(&request).unwrap_or_default();
        let mut fields = vec![("id", id.into()), ("request", Uint8Array::from(request.as_slice()).into())];
        let changes = self.changes.replace(Some(Array::new()));
        match changes {
            Some(changes) => fields.extend([("changes", changes.into()), ("units", editor.units().into())]),
            None => fields.push(("text", editor.js_text().into())),
        }
        drop(editor);
        self.silence.set(0);
        let _ = worker.post_message(&object(&fields));
    }

    fn take_answer(self: &Rc<Self>, data: &JsValue) {
        if field(data, "lost").is_some_and(|lost| lost.is_truthy()) {
            *self.changes.borrow_mut() = None;
            self.send();
            return;
        }
        let id = field(data, "id").and_then(|id| id.as_f64()).unwrap_or_default() as u32;
        if let Some(sketch) = field(data, "sketch").and_then(|sketch| sketch.dyn_into::<Array>().ok()) {
            if id > self.asked_before.get() {
                self.paint(&strings(&sketch));
            }
            return;
        }
        self.has_answer.set(true);
        // An answer to which a newer question is already on its way is still worth showing: typing stays live.
        if let Some((mut view, contents)) = read(data) {
            if field(data, "same").is_some_and(|same| same.is_truthy()) {
                view.workloads = self.workloads.borrow().clone();
            } else {
                *self.workloads.borrow_mut() = view.workloads.clone();
            }
            if view.progress.is_none() {
                self.answered.set(id);
            }
            let mut questions = self.questions.borrow_mut();
            questions.retain(|(asked, _)| *asked >= id);
            let question = questions.front().filter(|(asked, _)| *asked == id).map(|(_, question)| question.clone());
            drop(questions);
            if id > self.asked_before.get() {
                if !view.is_broken && view.pictures.iter().all(|picture| picture.outline.is_none()) {
                    self.paint(&contents);
                }
                self.reply_after_paint(id, Reply::View(Box::new(view), contents, question));
            }
        }
    }

    /// Shows pictures before anything else is made of the answer.
    fn paint(self: &Rc<Self>, contents: &[JsString]) {
        if !paint_at_once(contents) || self.is_painting.replace(true) {
            return;
        }
        set_busy(true);
        let line = self.clone();
        after_paint(move || {
            line.is_painting.set(false);
            line.reply_late();
            // Behind the rendering that this has asked for; unless others came meanwhile.
            Timeout::new(0, move || set_busy(line.is_painting.get())).forget();
        });
    }

    /// Gives an answer, or keeps it until the pictures that are in the document are painted. The newest one counts.
    fn reply_after_paint(&self, id: u32, reply: Reply) {
        self.late.replace(Some((id, reply)));
        if !self.is_painting.get() {
            self.reply_late();
        }
    }

    fn reply_late(&self) {
        if let Some((id, reply)) = self.late.take()
            && id > self.asked_before.get()
        {
            self.reply(reply);
        }
    }

    /// Tells who waits for it what became of a task; `false` when the message is about something else.
    fn take_done(&self, message: &JsValue) -> bool {
        let Some(bytes) = field(message, "done").and_then(|done| done.dyn_into::<Uint8Array>().ok()) else {
            return false;
        };
        let id = field(message, "id").and_then(|id| id.as_f64()).unwrap_or_default() as u32;
        let found = self.waiting.borrow().iter().position(|(known, _)| *known == id);
        let waiting = found.map(|at| self.waiting.borrow_mut().remove(at));
        if let (Some((_, on_done)), Ok(done)) = (waiting, postcard::from_bytes(&bytes.to_vec())) {
            on_done.emit(done);
        }
        true
    }

    /// A second has passed. A worker that owes an answer and says nothing for too long is stopped.
    fn watch(self: &Rc<Self>) {
        let is_owed = self.answered.get() < self.asked.get() || !self.waiting.borrow().is_empty();
        let is_waited_for = is_owed && self.worker.borrow().is_some();
        if !is_waited_for {
            self.silence.set(0);
            return;
        }
        self.silence.set(self.silence.get() + 1);
        if self.silence.get() >= PATIENCE {
            if let Some(worker) = self.worker.borrow().as_ref() {
                worker.terminate();
            }
            self.fail(Fault::Silence, "");
            start_whole(self);
        }
    }

    /// The worker is gone, with all that it was to do.
    fn fail(&self, fault: Fault, message: &str) {
        if fault != Fault::Start {
            self.worker.replace(None);
            self.changes.replace(None);
            self.holds.set(true);
        }
        self.answered.set(self.asked.get());
        let tasks = self.waiting.take().len();
        self.early.take();
        let units = self.editor().borrow().units();
        self.reply_late();
        let failure = Failure::new(fault, message, units, self.request.borrow().as_ref(), tasks);
        self.reply(Reply::Failed(failure));
    }
}

/// The worker that `static/first.js` started, and whether it listens already.
fn early_worker() -> Option<(Worker, bool)> {
    let early = Reflect::get(&gloo::utils::window(), &"sidecarFirst".into()).ok()?;
    let worker = Reflect::get(&early, &"worker".into()).ok()?.dyn_into().ok()?;
    Some((worker, Reflect::get(&early, &"isReady".into()).ok()?.is_truthy()))
}

fn start_worker(link: &str) -> Result<Worker, JsValue> {
    let link = gloo::utils::document().get_element_by_id(link).ok_or(JsValue::NULL)?;
    let address = Reflect::get(&link, &"href".into())?.as_string().unwrap_or_default();
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Worker::new_with_options(&address, &options)
}

fn read(message: &JsValue) -> Option<(View, Vec<JsString>)> {
    let bytes: Uint8Array = field(message, "view")?.dyn_into().ok()?;
    let view = postcard::from_bytes(&bytes.to_vec()).ok()?;
    let contents: Array = field(message, "contents")?.dyn_into().ok()?;
    Some((view, strings(&contents)))
}

fn strings(list: &Array) -> Vec<JsString> {
    list.iter().filter_map(|item| item.dyn_into().ok()).collect()
}

fn field(message: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(message, &name.into()).ok()
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

/// What an error says of itself.
fn said(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message())).unwrap_or_default()
}
