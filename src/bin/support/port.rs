//! A message port in front of the engine; each of the two workers has one.
//!
//! Message in: `{id, text, request}`. Message out: `{id, view, contents}`. `request` and `view` are bytes (postcard);
//! the contents of the pictures are a list of strings of their own because they are large and not read as data.
//! A question without a `request` is one of `static/first.js`, which cannot read those bytes: it is answered by the contents
//! and `captions`, a list of texts for each picture, see `View::captions`.
//! Beside that: `{id, text, task}` in, `{id, done}` out, both bytes.
//! The first message out is `"ready"`.

use js_sys::{Array, JsString, Reflect, Uint8Array};
use sidecar_playground::view::{Request, View};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Does a task: text and bytes in, bytes out.
pub(crate) type Run = fn(&str, &[u8]) -> Option<Vec<u8>>;

/// Answers every message.
pub(crate) fn listen(view: fn(&str, &Request) -> View, run: Run) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let port = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Ok(answer) = answer(&event.data(), view, run) {
            let _ = port.post_message(&answer);
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let _ = scope.post_message(&JsValue::from_str("ready"));
}

fn answer(message: &JsValue, view: fn(&str, &Request) -> View, run: Run) -> Result<JsValue, JsValue> {
    let field = |name: &str| Reflect::get(message, &JsValue::from_str(name));
    let failed = |error: postcard::Error| JsValue::from_str(&error.to_string());
    let text = field("text")?.as_string().unwrap_or_default();
    let reply = js_sys::Object::new();
    Reflect::set(&reply, &"id".into(), &field("id")?)?;
    if let Ok(task) = field("task")?.dyn_into::<Uint8Array>() {
        let done = run(&text, &task.to_vec()).ok_or("not a task of this worker")?;
        Reflect::set(&reply, &"done".into(), &Uint8Array::from(done.as_slice()))?;
        return Ok(reply.into());
    }
    let asked = field("request")?.dyn_into::<Uint8Array>().ok();
    let request = match &asked {
        Some(bytes) => postcard::from_bytes(&bytes.to_vec()).map_err(failed)?,
        None => Request::of_newcomer(),
    };
    let mut view: View = view(&text, &request);
    let contents: Array =
        view.pictures.iter_mut().map(|picture| JsString::from(std::mem::take(&mut picture.content))).collect();
    Reflect::set(&reply, &"contents".into(), &contents)?;
    if asked.is_none() {
        let captions =
            view.captions().into_iter().map(|texts| texts.into_iter().map(JsString::from).collect::<Array>());
        Reflect::set(&reply, &"captions".into(), &captions.collect::<Array>())?;
        return Ok(reply.into());
    }
    let bytes = postcard::to_allocvec(&view).map_err(failed)?;
    Reflect::set(&reply, &"view".into(), &Uint8Array::from(bytes.as_slice()))?;
    Ok(reply.into())
}
