//! Working without a network. `boot.js` sees to it and says how far it is; here that is put into words.

use super::desk::Desk;
use super::notice::{About, NoticeAction};
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
    match state {
        "new" | "ready" => "This page works without a network: all its files are kept in this browser.",
        "update" => "This page works without a network. A newer version waits until you reload.",
        "refused" => "This browser does not keep the files of this page, so it needs a network to open.",
        _ => "The files of this page are not kept, so it needs a network to open.",
    }
}

/// Says once that the page is ready, and whenever there is a newer version.
#[hook]
pub(crate) fn use_offline(desk: &Desk) {
    let desk = desk.clone();
    use_effect_with((), move |()| {
        let tell = move || match state().as_str() {
            "new" => {
                desk.say(About::Offline, "Ready to work without a network.", None);
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
                desk.say(About::Offline, "A newer version of the playground is here.", Some(("Reload", reload)));
            }
            _ => {}
        };
        tell();
        let listener = EventListener::new(&gloo::utils::window(), "sidecar-offline", move |_| tell());
        move || drop(listener)
    });
}
