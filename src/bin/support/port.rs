//! A message port in front of the engine; each of the two workers has one. It keeps the text, so that the page sends only
//! what changes.
//!
//! In: `{id, request, changes, units}`, or with `text` in place of the last two when the text is another one. `changes` is
//! a flat list of `from, to, insert`, in UTF-16 units and in the order in which they are to be made; `units` is how long the
//! text is then. Out: `{id, view, contents, same}` as soon as something can be shown, again while more is found out, and a
//! last time when all is known; or `{id, lost}` when the text is not as long as it should be, and is wanted as a whole.
//! `request` and `view` are bytes (postcard); the contents of the pictures are a list of strings of their own because they
//! are large and not read as data; `same` says that the workloads are those of the answer before, and are left out.
//! A question without a `request` is one of `static/first.js`, which cannot read those bytes: it is answered by the contents
//! and `captions`, a list of texts for each picture, see `View::captions`.
//! Beside that: `{id, text, task}` in, `{id, done}` out, both bytes. The first message out is `"ready"`.
//!
//! The work is done in short turns. A message that comes in between is read first, and what only the question before it
//! asked for is never done.

use js_sys::{Array, Date, JsString, Object, Reflect, Uint8Array};
use sidecar_playground::session::Session;
use sidecar_playground::source::Change;
use sidecar_playground::view::Request;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

/// Does a task: text and bytes in, bytes out.
pub(crate) type Run = fn(&str, &[u8]) -> Option<Vec<u8>>;

/// How long a turn lasts, in milliseconds.
const TURN: f64 = 10.0;

/// How often the page is told how far the engine is, in milliseconds.
const NEWS: f64 = 250.0;

/// Answers every message.
pub(crate) fn listen<const IS_WHOLE: bool>(run: Run) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let Ok(channel) = MessageChannel::new() else { return };
    let desk = Rc::new(RefCell::new(Desk::<IS_WHOLE> { turns: Turns::of(channel.port2()), ..Desk::default() }));
    let on_turn = {
        let (scope, desk) = (scope.clone(), desk.clone());
        Closure::<dyn FnMut(MessageEvent)>::new(move |_| {
            let answer = desk.borrow_mut().turn();
            if let Ok(Some(answer)) = answer {
                let _ = scope.post_message(&answer);
            }
        })
    };
    channel.port1().set_onmessage(Some(on_turn.as_ref().unchecked_ref()));
    on_turn.forget();
    let port = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let message = event.data();
        let answer = match task(&message, run) {
            Ok(Some(done)) => Ok(Some(done)),
            _ => desk.borrow_mut().ask(&message),
        };
        if let Ok(Some(answer)) = answer {
            let _ = port.post_message(&answer);
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let _ = scope.post_message(&JsValue::from_str("ready"));
}

/// The text, and what is asked about it.
#[derive(Default)]
struct Desk<const IS_WHOLE: bool> {
    session: Session<IS_WHOLE>,
    asked: Option<Asked>,
    /// The workloads as the page knows them.
    told: Rc<Vec<String>>,
    turns: Turns,
}

/// A question.
struct Asked {
    id: JsValue,
    request: Request,
    /// Whether it comes from `static/first.js`.
    is_early: bool,
    /// Whether there is something to tell that the page does not know.
    has_news: bool,
    /// When it was told something for the last time.
    told_at: f64,
}

/// Asks the browser for turns. A message to oneself comes behind all that are waiting, and sooner than any timer.
#[derive(Default)]
struct Turns {
    port: Option<MessagePort>,
    is_next: bool,
}

impl Turns {
    fn of(port: MessagePort) -> Self {
        Self { port: Some(port), is_next: false }
    }

    fn ask(&mut self) {
        if let Some(port) = self.port.as_ref().filter(|_| !self.is_next) {
            self.is_next = port.post_message(&JsValue::NULL).is_ok();
        }
    }
}

impl<const IS_WHOLE: bool> Desk<IS_WHOLE> {
    /// Takes a question down.
    fn ask(&mut self, message: &JsValue) -> Result<Option<JsValue>, JsValue> {
        let id = field(message, "id")?;
        if let Ok(changes) = field(message, "changes")?.dyn_into::<Array>() {
            for at in (0..changes.length()).step_by(3) {
                let number = |at: u32| changes.get(at).as_f64().unwrap_or_default() as u32;
                let insert = changes.get(at + 2).as_string().unwrap_or_default();
                self.session.change(&Change { from: number(at), to: number(at + 1), insert });
            }
            if field(message, "units")?.as_f64() != Some(f64::from(self.session.units())) {
                return object(&[("id", id), ("lost", JsValue::TRUE)]).map(Some);
            }
        } else if let Some(text) = field(message, "text")?.as_string() {
            self.session.set(&text);
        }
        let bytes = field(message, "request")?.dyn_into::<Uint8Array>().ok();
        let is_early = bytes.is_none();
        let request = match bytes {
            Some(bytes) => postcard::from_bytes(&bytes.to_vec()).map_err(failed)?,
            None => Request::of_newcomer(),
        };
        self.asked = Some(Asked { id, request, is_early, has_news: true, told_at: 0.0 });
        self.turns.ask();
        Ok(None)
    }

    /// Works for a turn. Gives an answer when all is known, and when it is time for one.
    fn turn(&mut self) -> Result<Option<JsValue>, JsValue> {
        self.turns.is_next = false;
        let Some(asked) = &mut self.asked else { return Ok(None) };
        let start = Date::now();
        let mut has_more = true;
        while has_more && Date::now() - start < TURN {
            has_more = self.session.work(&asked.request);
            asked.has_news |= has_more;
        }
        if has_more {
            self.turns.ask();
        }
        if !asked.has_news || (has_more && Date::now() - asked.told_at < NEWS) {
            return Ok(None);
        }
        asked.has_news = false;
        asked.told_at = Date::now();
        let mut view = self.session.view(&asked.request);
        let contents: Array =
            view.pictures.iter_mut().map(|picture| JsString::from(std::mem::take(&mut picture.content))).collect();
        if asked.is_early {
            let captions =
                view.captions().into_iter().map(|texts| texts.into_iter().map(JsString::from).collect::<Array>());
            let captions = captions.collect::<Array>();
            let fields = [("id", asked.id.clone()), ("contents", contents.into()), ("captions", captions.into())];
            return object(&fields).map(Some);
        }
        let is_same = view.workloads == self.told;
        let workloads = std::mem::take(&mut view.workloads);
        if !is_same {
            view.workloads = workloads.clone();
            self.told = workloads;
        }
        let bytes = postcard::to_allocvec(&view).map_err(failed)?;
        let fields = [
            ("id", asked.id.clone()),
            ("view", Uint8Array::from(bytes.as_slice()).into()),
            ("contents", contents.into()),
            ("same", is_same.into()),
        ];
        object(&fields).map(Some)
    }
}

fn failed(error: postcard::Error) -> JsValue {
    JsValue::from_str(&error.to_string())
}

/// Does a task; nothing when the message is no task of this worker.
fn task(message: &JsValue, run: Run) -> Result<Option<JsValue>, JsValue> {
    let Ok(task) = field(message, "task")?.dyn_into::<Uint8Array>() else { return Ok(None) };
    let text = field(message, "text")?.as_string().unwrap_or_default();
    let Some(done) = run(&text, &task.to_vec()) else { return Ok(None) };
    object(&[("id", field(message, "id")?), ("done", Uint8Array::from(done.as_slice()).into())]).map(Some)
}

fn field(message: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(message, &JsValue::from_str(name))
}

fn object(fields: &[(&str, JsValue)]) -> Result<JsValue, JsValue> {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &JsValue::from_str(name), value)?;
    }
    Ok(object.into())
}
