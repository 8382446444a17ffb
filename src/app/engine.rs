//! The engine's worker, as the page sees it: ask with a text, be told later. Only the newest question counts.

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
    /// An answer, and the contents of its pictures.
    View(Box<View>, Vec<JsString>),
    /// It does not work.
    Failed(String),
}

/// A running worker.
pub(crate) struct Engine {
    worker: Option<Worker>,
    line: Rc<Line>,
}

/// What waits for the worker.
#[derive(Default)]
struct Line {
    /// Whether the worker can take a question now.
    is_free: Cell<bool>,
    /// The newest question that was not asked yet.
    next: RefCell<Option<JsValue>>,
    /// Whether the worker has said that it listens.
    listens: Cell<bool>,
    /// Tasks from before that.
    early: RefCell<Vec<JsValue>>,
    /// Who waits for which task.
    waiting: RefCell<Vec<(u32, Callback<Done>)>>,
    last_task: Cell<u32>,
}

impl Engine {
    /// Starts the worker whose address `index.html` has.
    pub(crate) fn start(on_reply: Callback<Reply>) -> Self {
        let line = Rc::new(Line::default());
        let worker = match start_worker() {
            Ok(worker) => worker,
            Err(_) => {
                on_reply.emit(Reply::Failed(
                    "The engine could not be started: this browser refuses workers here.".to_owned(),
                ));
                return Self { worker: None, line };
            }
        };
        let on_message = {
            let (line, worker, on_reply) = (line.clone(), worker.clone(), on_reply.clone());
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                if line.take_done(&event.data()) {
                    return;
                }
                line.is_free.set(true);
                line.send(&worker);
                line.send_early(&worker);
                // An answer to which a newer question is already on its way is still worth showing: typing stays live.
                if let Some((view, contents)) = read(&event.data()) {
                    on_reply.emit(Reply::View(Box::new(view), contents));
                }
            })
        };
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        on_message.forget();
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            on_reply.emit(Reply::Failed(format!("The engine stopped: {}", event.message())));
        });
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        on_error.forget();
        Self { worker: Some(worker), line }
    }

    /// Asks about a text, now or as soon as the worker is free.
    pub(crate) fn ask(&self, text: &JsString, request: &Request) {
        let message = js_sys::Object::new();
        let request = postcard::to_allocvec(request).unwrap_or_default();
        let _ = Reflect::set(&message, &"text".into(), text);
        let _ = Reflect::set(&message, &"request".into(), &Uint8Array::from(request.as_slice()));
        *self.line.next.borrow_mut() = Some(message.into());
        if let Some(worker) = &self.worker {
            self.line.send(worker);
        }
    }
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
        match &self.worker {
            Some(worker) if line.listens.get() => drop(worker.post_message(&message)),
            _ => line.early.borrow_mut().push(message.into()),
        }
    }
}

impl Line {
    /// Messages from before the worker listened.
    fn send_early(&self, worker: &Worker) {
        self.listens.set(true);
        for message in self.early.take() {
            let _ = worker.post_message(&message);
        }
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

    fn send(&self, worker: &Worker) {
        if !self.is_free.get() {
            return;
        }
        if let Some(message) = self.next.borrow_mut().take()
            && worker.post_message(&message).is_ok()
        {
            self.is_free.set(false);
        }
    }
}

fn start_worker() -> Result<Worker, JsValue> {
    let link = gloo::utils::document().get_element_by_id("worker-module").ok_or(JsValue::NULL)?;
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
