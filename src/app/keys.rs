//! Keys that work everywhere on the page.

use super::state::{Action, Pane, State};
use super::words::{Word, t, w};
use super::{Panel, palette};
use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use sidecar_playground::view::Range;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

/// All keys, with what they do. What the editor has is named where it is not known from every other one.
const KEYS: [(&str, Word); 10] = [
    ("Ctrl+K", w::KEYS_PALETTE),
    ("F8", w::KEYS_NEXT),
    ("Shift+F8", w::KEYS_PREVIOUS),
    ("Ctrl+Shift+1", w::KEYS_TEXT),
    ("Ctrl+Shift+2", w::KEYS_PICTURE),
    ("Ctrl+Shift+3", w::KEYS_DETAILS),
    ("Ctrl+F", w::KEYS_FIND),
    ("Ctrl+Z", w::KEYS_UNDO),
    ("Enter", w::KEYS_BOX),
    ("?", w::KEYS_HELP),
];

/// What the key for commands is called on this machine.
fn control() -> &'static str {
    let is_apple = gloo::utils::window().navigator().platform().is_ok_and(|platform| platform.starts_with("Mac"));
    if is_apple { "⌘" } else { "Ctrl" }
}

/// What opens the palette.
pub(crate) fn palette_key() -> String {
    format!("{} K", control())
}

/// What stands in the window about keys.
pub(crate) fn key_list() -> Html {
    let rows = KEYS.iter().map(|(keys, about)| {
        let keys = keys.split('+').map(|key| match key {
            "Ctrl" => control(),
            key => key,
        });
        html! {
            <div key={t(*about)} class="keys__row">
                <dt>{ for keys.map(|key| html! { <kbd>{ key }</kbd> }) }</dt>
                <dd>{ t(*about) }</dd>
            </div>
        }
    });
    html! { <dl class="keys">{ for rows }</dl> }
}

/// Listens for keys. They count before the editor sees them.
#[hook]
pub(crate) fn use_keys(
    state: &UseReducerHandle<State>,
    open: &Callback<Panel>,
    show: &Callback<Range>,
    caret: &Rc<RefCell<u32>>,
) {
    // What is called changes with each rendering, the listener is made once.
    let newest = use_mut_ref(|| None);
    *newest.borrow_mut() = Some((state.clone(), open.clone(), show.clone(), caret.clone()));
    use_effect_with((), move |()| {
        let options = EventListenerOptions { phase: gloo::events::EventListenerPhase::Capture, passive: false };
        let document = gloo::utils::document();
        let listener = EventListener::new_with_options(&document, "keydown", options, move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            let Some((state, open, show, caret)) = newest.borrow().clone() else { return };
            let caret = *caret.borrow();
            if pressed(event, &state, &open, &show, caret) {
                event.prevent_default();
                event.stop_propagation();
            }
        });
        move || drop(listener)
    });
}

/// Does what a key stands for; says whether it stands for something.
fn pressed(
    event: &KeyboardEvent,
    state: &UseReducerHandle<State>,
    open: &Callback<Panel>,
    show: &Callback<Range>,
    caret: u32,
) -> bool {
    let is_control = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
    let has_window = gloo::utils::document().query_selector("dialog[open]").is_ok_and(|found| found.is_some());
    match (event.key().as_str(), event.code().as_str()) {
        ("k" | "K", _) if is_control && !event.shift_key() => palette::open(),
        _ if has_window => return false,
        ("F8", _) => return go_on(state, show, caret, event.shift_key()),
        (_, code) if is_control && event.shift_key() => {
            let pane = match code {
                "Digit1" => Pane::Edit,
                "Digit2" => Pane::Picture,
                "Digit3" => Pane::Details,
                _ => return false,
            };
            state.dispatch(Action::Pane(pane));
            // On a narrow page it has to be drawn first.
            Timeout::new(0, move || focus(pane)).forget();
        }
        ("?", _) if !is_control && !is_written_into(event) => open.emit(Panel::Keys),
        _ => return false,
    }
    true
}

/// Shows the finding after the caret, or the one before it. After the last comes the first.
fn go_on(state: &State, show: &Callback<Range>, caret: u32, is_back: bool) -> bool {
    let problems = state.view.problems.iter().map(|problem| problem.range);
    let mut places: Vec<Range> = problems.chain(state.view.findings.iter().map(|finding| finding.range)).collect();
    places.sort_by_key(|place| (place.from, place.to));
    let next = if is_back {
        places.iter().rev().find(|place| place.from < caret).or(places.last())
    } else {
        places.iter().find(|place| place.from > caret).or(places.first())
    };
    next.iter().for_each(|place| show.emit(**place));
    next.is_some()
}

/// Puts the focus into a pane, which then is scrolled and read from there.
fn focus(pane: Pane) {
    let selector = match pane {
        Pane::Edit => ".cm-content, .editor__plain:not([hidden])",
        Pane::Picture => ".pictures",
        Pane::Details => ".details",
    };
    let found = gloo::utils::document().query_selector(selector).ok().flatten();
    if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        if pane != Pane::Edit {
            found.set_tab_index(-1);
        }
        let _ = found.focus();
    }
}

/// Whether a key goes into a text.
fn is_written_into(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| {
        target.closest("input, textarea, select, [contenteditable='true']").is_ok_and(|found| found.is_some())
    })
}
