//! Working without a network. `boot.js` sees to it and says how far it is; here that is put into words.

use super::desk::Desk;
use super::notice::{About, NoticeAction};
use super::words::{t, w};
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use yew::prelude::*;

/// How long good news is shown, in milliseconds.
const SHOWN: u32 = 5_000;

/// What `boot.js` has said last.
pub(crate) fn state() -> String {
    let said = Reflect::get(&gloo::utils::window(), &"sidecarOffline".into());
    said.ok().and_then(|said| said.as_string()).unwrap_or_default()
}

/// The same for people.
pub(crate) fn in_words(state: &str) -> &'static str {
    t(match state {
        "new" | "ready" => w::OFFLINE_WORKS,
        "update" => w::OFFLINE_NEWER_WAITS,
        "refused" => w::OFFLINE_REFUSED,
        _ => w::OFFLINE_NOT_KEPT,
    })
}

/// Says once that the page is ready, and whenever there is a newer version.
#[hook]
pub(crate) fn use_offline(desk: &Desk) {
    let desk = desk.clone();
    use_effect_with((), move |()| {
        let tell = move || match state().as_str() {
            "new" => {
                desk.say(About::Offline, t(w::OFFLINE_READY), None);
                let tell = desk.tell.clone();
                Timeout::new(SHOWN, move || tell.dispatch(NoticeAction::Dismiss(About::Offline))).forget();
            }
            "update" => {
                let reload = Callback::from(|()| {
                    let update = Reflect::get(&gloo::utils::window(), &"sidecarUpdate".into());
                    if let Some(update) = update.ok().and_then(|update| update.dyn_into::<Function>().ok()) {
                        let _ = update.call0(&JsValue::UNDEFINED);
                    }
                });
                desk.say(About::Offline, t(w::OFFLINE_NEWER_IS_HERE), Some((t(w::OFFLINE_RELOAD), reload)));
            }
            _ => {}
        };
        tell();
        let listener = EventListener::new(&gloo::utils::window(), "sidecar-offline", move |_| tell());
        move || drop(listener)
    });
}
