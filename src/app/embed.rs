//! The page inside another page. `static/frame.js` talks with the one around it; here is what it sets and what it is told.

use super::desk::Desk;
use super::query::Query;
use super::state::State;
use super::words::{t, w};
use gloo::events::EventListener;
use js_sys::{Array, Reflect};
use sidecar_playground::task::{Done, Task};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, CustomEventInit};
use yew::prelude::*;

/// Follows the page around. Gives the address of the same text in a page of its own.
#[hook]
pub(crate) fn use_embedded(desk: &Desk, state: &UseReducerHandle<State>, query: &Query) -> String {
    let address = use_state(String::new);
    let is_embedded = query.is_embedded;
    {
        let desk = desk.clone();
        use_effect_with((), move |()| {
            let listener = is_embedded.then(|| {
                let listener = EventListener::new(&gloo::utils::window(), "sidecar-set", move |event| {
                    let text = event.dyn_ref::<CustomEvent>().and_then(|event| event.detail().as_string());
                    desk.set(&text.unwrap_or_default());
                });
                let _ = Reflect::set(&gloo::utils::window(), &"sidecarIsMounted".into(), &true.into());
                tell("sidecar-mounted", &JsValue::NULL);
                listener
            });
            move || drop(listener)
        });
    }
    {
        let (desk, settings, address) = (desk.clone(), state.settings(), address.setter());
        let counts = (state.view.findings.len() + state.unlisted(), state.view.problems.len());
        use_effect_with(state.view.clone(), move |_| {
            if !is_embedded {
                return;
            }
            tell("sidecar-answer", &Array::of2(&(counts.0 as u32).into(), &(counts.1 as u32).into()));
            let on_done = Callback::from(move |done| {
                if let Done::Shared { link: Some(link), .. } = done {
                    let path = gloo::utils::window().location().pathname().unwrap_or_default();
                    address.set(format!("{path}#{link}"));
                }
            });
            desk.engine.run(&desk.text(), &Task::Share { settings, is_masked: false }, on_done);
        });
    }
    (*address).clone()
}

fn tell(name: &str, detail: &JsValue) {
    let init = CustomEventInit::new();
    init.set_detail(detail);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
        let _ = gloo::utils::window().dispatch_event(&event);
    }
}

/// The line below an embedded page, with the way out of it.
pub(crate) fn embed_bar(query: &Query, address: &str) -> Html {
    html! {
        <footer class="embed-bar" hidden={!query.is_embedded}>
            <span>{ "Sidecar Playground" }</span>
            <a href={address.to_owned()} target="_blank" rel="noopener">{ t(w::PAGE_OPEN_FULL) }</a>
        </footer>
    }
}
