//! A short cut for pictures: what the engine has drawn is put into the document as soon as it is there.
//!
//! Rendering the page takes several times as long as painting a picture, so that comes behind the next frame.
//! `components::picture` then finds its picture in place. Wherever there is any doubt whether the page will look as it does
//! now, nothing is done here and the pictures come with everything else.

use gloo::timers::callback::Timeout;
use js_sys::{JsString, Reflect};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::Element;

/// What an element that shows a picture keeps it under, as it was written: the browser gives it back in other words.
const DRAWN: &str = "drawn";

/// Where pictures are that need nothing but their contents: neither enlarged, nor with a moment that is marked.
const PLACES: &str =
    "#diagram:not(.pictures__pair--stacked) > .figure > .viewer:not(.viewer--large, .viewer--full) .picture";

/// Shows pictures where there are as many now; says whether one of them is another one than before.
pub(crate) fn paint_at_once(contents: &[JsString]) -> bool {
    let Ok(places) = gloo::utils::document().query_selector_all(PLACES) else { return false };
    let places: Vec<Element> = (0..places.length()).filter_map(|index| places.item(index)?.dyn_into().ok()).collect();
    // A figure of `index.html` is made anew.
    if places.len() != contents.len() || places.iter().any(|place| drawn(place).is_undefined()) {
        return false;
    }
    let mut is_new = false;
    for (place, content) in places.iter().zip(contents) {
        let chosen = place.query_selector(".is-chosen").ok().flatten();
        let chosen = chosen.and_then(|part| part.get_attribute("data-container")?.parse::<usize>().ok());
        if draw(place, content) {
            mark(place, chosen);
            is_new = true;
        }
    }
    is_new
}

/// In a tab that nobody looks at no frame comes.
const NO_FRAME: u32 = 200;

/// Calls when the browser has painted what is in the document now.
pub(crate) fn after_paint(then: impl FnOnce() + 'static) {
    let then = Rc::new(Cell::new(Some(then)));
    let run = move || {
        if let Some(then) = then.take() {
            then();
        }
    };
    Timeout::new(NO_FRAME, run.clone()).forget();
    // Frames are asked before they are painted.
    let on_frame = Closure::once_into_js(move || Timeout::new(0, run).forget());
    let _ = gloo::utils::window().request_animation_frame(on_frame.unchecked_ref());
}

/// Says in the document whether the pictures are ahead of what there is to read.
pub(crate) fn set_busy(is_busy: bool) {
    let Ok(Some(answer)) = gloo::utils::document().query_selector(".page__answer") else { return };
    let _ = match is_busy {
        true => answer.set_attribute("aria-busy", "true"),
        false => answer.remove_attribute("aria-busy"),
    };
}

/// Shows a picture; `false` when it is shown already, and when it is none: until the engine has answered, the newest thing
/// that there is may be the text of another form, in which labels are not escaped for this one.
pub(crate) fn draw(place: &Element, content: &JsString) -> bool {
    if drawn(place) == JsValue::from(content) || !content.starts_with("<svg", 0) {
        return false;
    }
    // The writer escapes every text of the manifest; see the invariant in the engine's `svg` module.
    let _ = Reflect::set(place, &"innerHTML".into(), content);
    let _ = Reflect::set(place, &DRAWN.into(), content);
    true
}

/// Marks the parts that stand for a container, and no others.
pub(crate) fn mark(place: &Element, chosen: Option<usize>) {
    let Ok(parts) = place.query_selector_all("[data-container]") else { return };
    for part in (0..parts.length()).filter_map(|index| parts.item(index)?.dyn_into::<Element>().ok()) {
        let is_chosen = chosen.is_some_and(|chosen| part.get_attribute("data-container") == Some(chosen.to_string()));
        let _ = part.class_list().toggle_with_force("is-chosen", is_chosen);
    }
}

fn drawn(place: &Element) -> JsValue {
    Reflect::get(place, &DRAWN.into()).unwrap_or(JsValue::UNDEFINED)
}
