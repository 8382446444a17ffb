//! A drawn picture whose parts can be chosen.

use js_sys::{JsString, Reflect};
use sidecar_playground::view::{Range, TargetView};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct PictureProps {
    /// The SVG, as the engine wrote it. It goes from the worker into the document without a copy in between.
    pub(crate) content: Option<JsString>,
    /// Where the parts stand in the text.
    pub(crate) targets: Vec<TargetView>,
    /// The container to mark.
    pub(crate) chosen: Option<usize>,
    /// Called with the text to show.
    pub(crate) show: Callback<Range>,
    /// Where the line stands that marks a moment, in pixels of the picture.
    pub(crate) playhead: Option<f32>,
    /// Called with the place on the time axis that was pointed at.
    pub(crate) on_time: Callback<f32>,
}

/// A drawn picture.
#[component]
pub(crate) fn Picture(props: &PictureProps) -> Html {
    let place = use_node_ref();
    {
        let place = place.clone();
        use_effect_with((props.content.clone(), props.chosen, props.playhead), move |(content, chosen, playhead)| {
            let Some(place) = place.cast::<Element>() else { return };
            let is_new = Reflect::get(&place, &"drawn".into()).ok().as_ref() != content.as_ref().map(AsRef::as_ref);
            if is_new && let Some(content) = content {
                // The writer escapes every text of the manifest; see the invariant in the engine's `svg` module.
                let _ = Reflect::set(&place, &"innerHTML".into(), content);
                let _ = Reflect::set(&place, &"drawn".into(), content);
            }
            mark(&place, *chosen);
            if let (Some(x), Ok(Some(line))) = (playhead, place.query_selector(".playhead")) {
                let _ = line.set_attribute("transform", &format!("translate({x} 0)"));
            }
        });
    }
    let choose = {
        let (targets, show) = (props.targets.clone(), props.show.clone());
        move |at: Option<Element>| {
            let Some(part) = at.and_then(|element| element.closest("[data-node]").ok().flatten()) else { return false };
            let number = |name: &str| part.get_attribute(name).and_then(|value| value.parse::<u32>().ok());
            let found = targets.iter().find(|target| {
                Some(target.document) == number("data-document") && Some(target.node) == number("data-node")
            });
            if let Some(target) = found {
                show.emit(target.range);
            }
            found.is_some()
        }
    };
    let onclick = {
        let choose = choose.clone();
        Callback::from(move |event: MouseEvent| {
            choose(event.target_dyn_into());
        })
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") && choose(event.target_dyn_into()) {
            event.prevent_default();
        }
    });
    let point = {
        let (place, on_time) = (place.clone(), props.on_time.clone());
        move |event: PointerEvent| {
            let svg = place.cast::<Element>().and_then(|place| place.query_selector("svg").ok().flatten());
            let Some(svg) = svg.filter(|_| event.buttons() & 1 == 1) else { return };
            let area = svg.get_bounding_client_rect();
            let width: f64 = svg.get_attribute("width").and_then(|width| width.parse().ok()).unwrap_or(1.0);
            let x = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0) * width;
            on_time.emit(x as f32);
        }
    };
    let has_time = props.playhead.is_some();
    let onpointerdown = has_time.then(|| Callback::from(point.clone()));
    let onpointermove = has_time.then(|| Callback::from(point));
    html! { <div class="picture" ref={place} {onclick} {onkeydown} {onpointerdown} {onpointermove}></div> }
}

/// Marks the parts that stand for a container.
fn mark(place: &Element, chosen: Option<usize>) {
    let Ok(parts) = place.query_selector_all("[data-container]") else { return };
    for part in (0..parts.length()).filter_map(|index| parts.item(index)?.dyn_into::<Element>().ok()) {
        let is_chosen = chosen.is_some_and(|chosen| part.get_attribute("data-container") == Some(chosen.to_string()));
        let _ = part.class_list().toggle_with_force("is-chosen", is_chosen);
    }
}
