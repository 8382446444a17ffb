//! The engine behind a message port.
//!
//! Message in: `{id, text, request}`, `request` being JSON. Message out: `{id, view, contents}`, `view` being JSON without
//! the contents of the pictures, which are a list of strings of their own because they are large and not read as data.
//! The first message out is `"ready"`.

use js_sys::{Array, JsString, Reflect};
use sidecar_playground::view::{Request, View, view};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn main() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let port = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Ok(answer) = answer(&event.data()) {
            let _ = port.post_message(&answer);
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let _ = scope.post_message(&JsValue::from_str("ready"));
}

fn answer(message: &JsValue) -> Result<JsValue, JsValue> {
    let field = |name: &str| Reflect::get(message, &JsValue::from_str(name));
    let text = field("text")?.as_string().unwrap_or_default();
    let request = field("request")?.as_string().unwrap_or_default();
    let request: Request = serde_json::from_str(&request).map_err(|error| JsValue::from_str(&error.to_string()))?;
    let mut view: View = view(&text, &request);
    let contents: Array =
        view.pictures.iter_mut().map(|picture| JsString::from(std::mem::take(&mut picture.content))).collect();
    let json = serde_json::to_string(&view).map_err(|error| JsValue::from_str(&error.to_string()))?;
    let reply = js_sys::Object::new();
    Reflect::set(&reply, &"id".into(), &field("id")?)?;
    Reflect::set(&reply, &"view".into(), &json.into())?;
    Reflect::set(&reply, &"contents".into(), &contents)?;
    Ok(reply.into())
}
