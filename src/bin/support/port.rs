//! A message port in front of the engine; each of the two workers has one. It keeps the text, so that the page sends only
//! what changes.
//!
//! In: `{id, request, changes, units}`, or with `text` in place of the last two when the text is another one. `changes` is
//! a flat list of `from, to, insert`, in UTF-16 units and in the order in which they are to be made; `units` is how long the
//! text is then. Out: `{id, view, contents, same}` as soon as something can be shown, again while more is found out, and a
//! last time when all is known, and before that `{id, sketch}`, the contents of the pictures alone, where those come sooner;
//! or `{id, lost}` when the text is not as long as it should be, and is wanted as a whole.
//! `request` and `view` are bytes (postcard); the contents of the pictures are a list of strings of their own because they
//! are large and not read as data; `same` says that the workloads are those of the answer before, and are left out.
//! A question without a `request` is one of `static/first.js`, which cannot read those bytes: it is answered by the contents
//! and `captions`, a list of texts for each picture, see `View::captions`.
//! Beside that: `{id, text, task}` in, `{id, done}` out, both bytes. The first message out is `"ready"`.
//!
//! The work is done in short turns. A message that comes in between is read first, and what only the question before it
//! asked for is never done.

use js_sys::{Array, Date, Function, JsString, Object, Reflect, Uint8Array};
use sidecar_playground::session::Session;
use sidecar_playground::source::Change;
use sidecar_playground::view::{Request, View};
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
    let desk = Rc::new(RefCell::new(Desk::<IS_WHOLE>::default()));
    let on_turn = {
        let (scope, desk) = (scope.clone(), desk.clone());
        Closure::<dyn FnMut(MessageEvent)>::new(move |_| {
            let answer = desk.borrow_mut().turn();
            if let Ok(Some(answer)) = answer {
                let _ = scope.post_message(&answer);
            }
        })
    };
    desk.borrow_mut().turns.on_turn = Some(on_turn.into_js_value().unchecked_into());
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
    /// Whether there is something to tell that the page does not know.
    has_news: bool,
    /// When it was told something for the last time.
    told_at: f64,
    /// Whether work on it has begun.
    is_begun: bool,
}

/// Asks the browser for turns. A message to oneself comes behind all that are waiting, and sooner than any timer.
#[derive(Default)]
struct Turns {
    on_turn: Option<Function>,
    /// Where to send such a message to; made when there is something to do, for `finish.mjs` waits until there is not.
    port: Option<MessagePort>,
    is_next: bool,
}

impl Turns {
    fn ask(&mut self) {
        if self.port.is_none()
            && let Ok(channel) = MessageChannel::new()
        {
            channel.port1().set_onmessage(self.on_turn.as_ref());
            self.port = Some(channel.port2());
        }
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
        let Ok(bytes) = field(message, "request")?.dyn_into::<Uint8Array>() else { return self.early(id).map(Some) };
        let request = postcard::from_bytes(&bytes.to_vec()).map_err(failed)?;
        self.asked = Some(Asked { id, request, has_news: true, told_at: 0.0, is_begun: false });
        self.turns.ask();
        Ok(None)
    }

    /// The answer to a question of `static/first.js`.
    fn early(&mut self, id: JsValue) -> Result<JsValue, JsValue> {
        let mut view = self.session.view(&Request::of_newcomer());
        let contents = contents(&mut view);
        let captions =
            view.captions().into_iter().map(|texts| texts.into_iter().map(JsString::from).collect::<Array>());
        let captions = captions.collect::<Array>();
        object(&[("id", id), ("contents", contents.into()), ("captions", captions.into())])
    }

    /// Works for a turn. Gives an answer when all is known, and when it is time for one.
    fn turn(&mut self) -> Result<Option<JsValue>, JsValue> {
        self.turns.is_next = false;
        let Some(asked) = &mut self.asked else { return Ok(None) };
        if !std::mem::replace(&mut asked.is_begun, true) {
            let sketch = self.session.sketch(&asked.request);
            if !sketch.is_empty() {
                self.turns.ask();
                let sketch: Array = sketch.iter().map(|content| JsString::from(content.as_str())).collect();
                return object(&[("id", asked.id.clone()), ("sketch", sketch.into())]).map(Some);
            }
        }
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
        let contents = contents(&mut view);
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

/// Takes the contents of the pictures out of an answer.
fn contents(view: &mut View) -> Array {
    view.pictures.iter_mut().map(|picture| JsString::from(std::mem::take(&mut picture.content))).collect()
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
