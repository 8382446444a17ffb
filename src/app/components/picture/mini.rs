//! A small picture of the whole, with a frame around what one sees; one can point at what one wants to see.

use super::frame::Frame;
use crate::app::words::{t, w};
use js_sys::JsString;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// How much more there has to be than one sees.
const MUCH: f64 = 2.0;

#[derive(Properties, PartialEq)]
pub(super) struct MiniProps {
    /// The place of the picture.
    pub(super) place: NodeRef,
    /// The picture, to notice when it is another one.
    pub(super) content: Option<JsString>,
    /// Changes when something else is seen.
    pub(super) moved: u32,
    /// Called when this has moved what is seen.
    pub(super) on_move: Callback<()>,
}

/// The small picture.
#[component]
pub(super) fn Mini(props: &MiniProps) -> Html {
    let own = use_node_ref();
    let seen = use_state(|| None::<[f64; 4]>);
    {
        let (place, own) = (props.place.clone(), own.clone());
        use_effect_with(props.content.clone(), move |_| {
            let svg = place.cast::<Element>().and_then(|place| place.query_selector("svg").ok().flatten());
            if let (Some(svg), Some(own)) = (svg, own.cast::<Element>()) {
                copy(&svg, &own);
            }
        });
    }
    {
        let (place, seen) = (props.place.clone(), seen.clone());
        // After each drawing: the zoom may have changed.
        use_effect(move || {
            let now = place.cast::<Element>().and_then(|place| Frame::of(&place)).and_then(|frame| part(&frame));
            if *seen != now {
                seen.set(now);
            }
        });
    }
    let point = {
        let (place, own, on_move) = (props.place.clone(), own.clone(), props.on_move.clone());
        Callback::from(move |event: PointerEvent| {
            let frame = place.cast::<Element>().and_then(|place| Frame::of(&place));
            let (Some(frame), Some(own)) = (frame.filter(|_| event.buttons() & 1 == 1), own.cast::<Element>()) else {
                return;
            };
            let area = own.get_bounding_client_rect();
            let at = |point: i32, start: f64, length: f64| (f64::from(point) - start) / length.max(1.0);
            let (seen, whole) = frame.sizes();
            let x = at(event.client_x(), area.left(), area.width()) * whole.0 - seen.0 / 2.0;
            let y = at(event.client_y(), area.top(), area.height()) * whole.1 - seen.1 / 2.0;
            frame.scroll_to(x, y);
            on_move.emit(());
        })
    };
    let marked = use_node_ref();
    {
        let marked = marked.clone();
        use_effect_with(*seen, move |seen| {
            let marked = marked.cast::<HtmlElement>();
            if let (Some(marked), Some(seen)) = (marked, seen) {
                for (name, value) in ["left", "top", "width", "height"].iter().zip(seen) {
                    let _ = marked.style().set_property(name, &format!("{value:.2}%"));
                }
            }
        });
    }
    html! {
        <div class="viewer__mini" hidden={seen.is_none()} title={t(w::VIEWER_MINI)} aria-hidden="true" onpointerdown={point.clone()} onpointermove={point}>
            <div class="viewer__copy" ref={own}></div>
            <div class="viewer__seen" ref={marked}></div>
        </div>
    }
}

/// The part that one sees, in percent of the whole; none when that is most of it.
fn part(frame: &Frame) -> Option<[f64; 4]> {
    let ((seen_x, seen_y), (whole_x, whole_y)) = frame.sizes();
    let (left, top) = frame.scrolled();
    let is_much = whole_x * whole_y >= MUCH * seen_x * seen_y;
    let of = |value: f64, whole: f64| value / whole.max(1.0) * 100.0;
    is_much.then(|| [of(left, whole_x), of(top, whole_y), of(seen_x, whole_x), of(seen_y, whole_y)])
}

/// Copies the boxes of a picture, without its texts and without anything that can be reached.
fn copy(svg: &Element, into: &Element) {
    into.set_inner_html("");
    let Ok(copy) = svg.clone_node_with_deep(true) else { return };
    let Ok(copy) = copy.dyn_into::<Element>() else { return };
    let all = |selector: &str| -> Vec<Element> {
        let Ok(found) = copy.query_selector_all(selector) else { return Vec::new() };
        (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
    };
    all("text, title, desc, .plate, .playhead").iter().for_each(Element::remove);
    for part in all("[data-node]") {
        for name in ["tabindex", "role", "data-node", "data-document", "data-container"] {
            let _ = part.remove_attribute(name);
        }
    }
    for name in ["role", "aria-labelledby", "aria-roledescription", "style"] {
        let _ = copy.remove_attribute(name);
    }
    let _ = into.append_child(&copy);
}
