//! The engine's worker, as the page sees it: ask with a text, be told later. Only the newest question counts.

use super::words::{t, tf, w};
use js_sys::{Array, JsString, Reflect, Uint8Array};
use sidecar_playground::task::{Done, Task};
use sidecar_playground::view::{Request, View};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

/// What the engine says.
pub(crate) enum Reply {
    /// An answer, the contents of its pictures, and what was asked.
    View(Box<View>, Vec<JsString>, Option<Rc<Question>>),
    /// It does not work.
    Failed(String),
}

/// What the engine is asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    pub(crate) text: JsString,
    pub(crate) request: Request,
}

impl Question {
    fn message(&self) -> JsValue {
        let message = js_sys::Object::new();
        let request = postcard::to_allocvec(&self.request).unwrap_or_default();
        let _ = Reflect::set(&message, &"text".into(), &self.text);
        let _ = Reflect::set(&message, &"request".into(), &Uint8Array::from(request.as_slice()));
        message.into()
    }
}

/// The engine: at first a worker with a part of it, which is loaded soon, then one with all of it.
pub(crate) struct Engine {
    line: Rc<Line>,
}

/// What waits for the worker.
#[derive(Default)]
struct Line {
    /// The worker that is asked.
    worker: RefCell<Option<Worker>>,
    /// The newest question, whether it was asked or not.
    newest: RefCell<Option<Rc<Question>>>,
    /// Whether the worker can take a question now.
    is_free: Cell<bool>,
    /// The newest question that was not asked yet.
    next: RefCell<Option<Rc<Question>>>,
    /// The question that the worker has.
    asked: RefCell<Option<Rc<Question>>>,
    /// Whether the whole engine has said that it listens: tasks are for it.
    listens: Cell<bool>,
    /// Tasks from before that.
    early: RefCell<Vec<JsValue>>,
    /// Who waits for which task.
    waiting: RefCell<Vec<(u32, Callback<Done>)>>,
    last_task: Cell<u32>,
}

impl Engine {
    /// Starts the workers whose addresses `index.html` has: the whole engine when the first part has answered, so that the
    /// two do not share a slow network.
    pub(crate) fn start(on_reply: Callback<Reply>) -> Self {
        let line = Rc::new(Line::default());
        let whole = {
            let (line, on_reply) = (line.clone(), on_reply.clone());
            Rc::new(move || drop(start(&line, "worker-module", &on_reply, None)))
        };
        if start(&line, "first-module", &on_reply, Some(whole)).is_err() {
            on_reply.emit(Reply::Failed(t(w::ENGINE_REFUSED).to_owned()));
        }
        Self { line }
    }

    /// Asks about a text, now or as soon as the worker is free.
    pub(crate) fn ask(&self, text: &JsString, request: &Request) {
        let question = Rc::new(Question { text: text.clone(), request: request.clone() });
        *self.line.newest.borrow_mut() = Some(question.clone());
        *self.line.next.borrow_mut() = Some(question);
        self.line.send();
    }
}

/// Starts the worker at the address of a link. It is the one that is asked as soon as it says that it listens. The first
/// worker gives way to the whole engine, which `whole` starts.
fn start(
    line: &Rc<Line>,
    link: &str,
    on_reply: &Callback<Reply>,
    whole: Option<Rc<dyn Fn()>>,
) -> Result<Worker, JsValue> {
    let is_first = whole.is_some();
    let early = is_first.then(early_worker).flatten();
    let worker = early.as_ref().map_or_else(|| start_worker(link), |early| Ok(early.0.clone()))?;
    let has_started_whole = Cell::new(false);
    let on_message = {
        let (line, worker, on_reply) = (line.clone(), worker.clone(), on_reply.clone());
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            if data.as_string().as_deref() == Some("ready") {
                line.goes_over_to(&worker, is_first);
                return;
            }
            if line.take_done(&data) {
                return;
            }
            let is_asked = line.worker.borrow().as_ref() == Some(&worker);
            let asked = line.asked.take().filter(|_| is_asked);
            if is_asked {
                line.is_free.set(true);
                line.send();
            }
            // An answer to which a newer question is already on its way is still worth showing: typing stays live.
            if let Some((view, contents)) = read(&data) {
                on_reply.emit(Reply::View(Box::new(view), contents, asked));
            }
            if let Some(whole) = whole.as_ref().filter(|_| !has_started_whole.replace(true)) {
                whole();
            }
        })
    };
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let on_error = {
        let on_reply = on_reply.clone();
        Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            on_reply.emit(Reply::Failed(tf(w::ENGINE_STOPPED, [&event.message()])));
        })
    };
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    on_error.forget();
    if early.is_some_and(|(_, is_ready)| is_ready) {
        line.goes_over_to(&worker, is_first);
    }
    Ok(worker)
}

impl Engine {
    /// Has something done with a text, and tells what became of it.
    pub(crate) fn run(&self, text: &str, task: &Task, on_done: Callback<Done>) {
        let line = &self.line;
        let id = line.last_task.get() + 1;
        line.last_task.set(id);
        line.waiting.borrow_mut().push((id, on_done));
        let message = js_sys::Object::new();
        let bytes = postcard::to_allocvec(task).unwrap_or_default();
        let _ = Reflect::set(&message, &"id".into(), &id.into());
        let _ = Reflect::set(&message, &"text".into(), &text.into());
        let _ = Reflect::set(&message, &"task".into(), &Uint8Array::from(bytes.as_slice()));
        match line.worker.borrow().as_ref() {
            Some(worker) if line.listens.get() => drop(worker.post_message(&message)),
            _ => line.early.borrow_mut().push(message.into()),
        }
    }
}

impl Line {
    /// From now on this worker is asked; the newest question once more, for the whole engine has more to say to it.
    fn goes_over_to(&self, worker: &Worker, is_first: bool) {
        if let Some(old) = self.worker.replace(Some(worker.clone())) {
            old.terminate();
        }
        if !is_first {
            let newest = self.newest.borrow().clone();
            self.next.replace(newest);
            self.listens.set(true);
            for message in self.early.take() {
                let _ = worker.post_message(&message);
            }
        }
        self.is_free.set(true);
        self.send();
    }

    /// Tells who waits for it what became of a task; `false` when the message is about something else.
    fn take_done(&self, message: &JsValue) -> bool {
        let Ok(done) = Reflect::get(message, &"done".into()) else { return false };
        let Ok(bytes) = done.dyn_into::<Uint8Array>() else { return false };
        let id = Reflect::get(message, &"id".into()).ok().and_then(|id| id.as_f64()).unwrap_or_default() as u32;
        let found = self.waiting.borrow().iter().position(|(known, _)| *known == id);
        let waiting = found.map(|at| self.waiting.borrow_mut().remove(at));
        if let (Some((_, on_done)), Ok(done)) = (waiting, postcard::from_bytes(&bytes.to_vec())) {
            on_done.emit(done);
        }
        true
    }

    fn send(&self) {
        let worker = self.worker.borrow().clone();
        let Some(worker) = worker.filter(|_| self.is_free.get()) else { return };
        if let Some(question) = self.next.borrow_mut().take()
            && worker.post_message(&question.message()).is_ok()
        {
            self.is_free.set(false);
            *self.asked.borrow_mut() = Some(question);
        }
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
    let bytes: Uint8Array = Reflect::get(message, &"view".into()).ok()?.dyn_into().ok()?;
    let view = postcard::from_bytes(&bytes.to_vec()).ok()?;
    let contents: Array = Reflect::get(message, &"contents".into()).ok()?.dyn_into().ok()?;
    Some((view, contents.iter().filter_map(|content| content.dyn_into::<JsString>().ok()).collect()))
}
