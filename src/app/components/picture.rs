//! A drawn picture: one can move and enlarge it, walk through its parts, read about them and choose them.

mod card;
mod frame;
mod mini;
mod walk;

use crate::app::paint::{draw, mark};
use crate::app::words::{t, tf, w};
use card::{Card, Shown};
use frame::Frame;
use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use js_sys::JsString;
use mini::Mini;
use sidecar_playground::view::{ContainerView, Range, TargetView};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// Corners that point outwards.
const GROW: &str = "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4";
/// Corners that point inwards.
const SHRINK: &str = "M6 2v4H2M14 6h-4V2M10 14v-4h4M2 10h4v4";
/// How long a card stays when the pointer has left its part, so that one can reach the card.
const LINGER: u32 = 300;

#[derive(Properties, PartialEq)]
pub(crate) struct PictureProps {
    /// The SVG, as the engine wrote it. It goes from the worker into the document without a copy in between.
    pub(crate) content: Option<JsString>,
    /// Where the parts stand in the text, and what there is to say about them.
    pub(crate) targets: Vec<TargetView>,
    /// The containers of the shown workload.
    pub(crate) containers: Vec<ContainerView>,
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
    let outer = use_node_ref();
    let place = use_node_ref();
    // How many times larger than it fits.
    let zoom = use_state(|| 1.0_f64);
    let is_full = use_state(|| false);
    let shown = use_state(|| None::<Shown>);
    // Counts what the frame shows anew: the small picture of the whole follows it.
    let moved = use_state(|| 0_u32);
    let has_time = props.playhead.is_some();
    {
        let (place, shown) = (place.clone(), shown.clone());
        use_effect_with(props.content.clone(), move |content| {
            if let (Some(place), Some(content)) = (place.cast::<Element>(), content) {
                draw(&place, content);
            }
            if shown.is_some() {
                shown.set(None);
            }
        });
    }
    {
        let place = place.clone();
        use_effect_with((props.content.clone(), props.chosen, props.playhead), move |(_, chosen, playhead)| {
            let Some(place) = place.cast::<Element>() else { return };
            mark(&place, *chosen);
            walk::enter(&place, *chosen);
            if let (Some(x), Ok(Some(line))) = (playhead, place.query_selector(".playhead")) {
                let _ = line.set_attribute("transform", &format!("translate({x} 0)"));
                if let Some(frame) = Frame::of(&place) {
                    frame.keep_in_sight(f64::from(*x));
                }
            }
        });
    }
    // The size follows the picture, the wish and the window.
    {
        let place = place.clone();
        use_effect_with((props.content.clone(), *zoom, *is_full), move |(_, zoom, is_full)| {
            let (zoom, is_full) = (*zoom, *is_full);
            let resize = move || {
                if let Some(frame) = place.cast::<Element>().and_then(|place| Frame::of(&place)) {
                    frame.resize(zoom, is_full);
                }
            };
            resize();
            let listener = EventListener::new(&gloo::utils::window(), "resize", move |_| resize());
            move || drop(listener)
        });
    }
    use_gestures(&place, &zoom, &moved);
    use_full_screen(&outer, &is_full);
    use_escape(&shown, &is_full);

    let choose = {
        let (targets, show) = (props.targets.clone(), props.show.clone());
        move |part: &Element| {
            let target = target_of(&targets, part);
            if let Some(target) = target {
                show.emit(target.range);
            }
            target.is_some()
        }
    };
    let tell = {
        let (targets, containers, outer) = (props.targets.clone(), props.containers.clone(), outer.clone());
        let shown = shown.setter();
        Callback::from(move |(part, is_touched): (Element, bool)| {
            let Some(outer) = outer.cast::<Element>() else { return };
            shown.set(Shown::about(&part, &targets, &containers, &outer, is_touched));
        })
    };
    let waiting = use_mut_ref(|| None::<Timeout>);
    let hide_soon = {
        let (waiting, shown) = (waiting.clone(), shown.setter());
        Callback::from(move |()| {
            let shown = shown.clone();
            *waiting.borrow_mut() = Some(Timeout::new(LINGER, move || shown.set(None)));
        })
    };
    let stay = {
        let waiting = waiting.clone();
        Callback::from(move |()| drop(waiting.borrow_mut().take()))
    };
    // What was dragged was not clicked; a finger first reads, then chooses.
    let drag = use_memo((), |()| Cell::new(None::<Drag>));
    let onclick = {
        let (choose, drag, tell, stay) = (choose.clone(), drag.clone(), tell.clone(), stay.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(part) = part_of(event.target_dyn_into()) else { return };
            match drag.take() {
                Some(drag) if drag.is_far => {}
                Some(drag) if drag.is_touch => {
                    stay.emit(());
                    tell.emit((part, true));
                }
                _ => {
                    choose(&part);
                }
            }
        })
    };
    let onkeydown = {
        let zoom = zoom.clone();
        Callback::from(move |event: KeyboardEvent| {
            let key = event.key();
            let part = part_of(event.target_dyn_into());
            let is_done = match (key.as_str(), part) {
                ("Enter" | " ", Some(part)) => choose(&part),
                ("+" | "=" | "-" | "0", Some(_)) if !event.ctrl_key() && !event.meta_key() => {
                    zoom.set(match key.as_str() {
                        "0" => 1.0,
                        "-" => frame::step(*zoom, -1),
                        _ => frame::step(*zoom, 1),
                    });
                    true
                }
                (_, Some(part)) => walk::walk(&part, &key),
                _ => false,
            };
            if is_done {
                event.prevent_default();
                event.stop_propagation();
            }
        })
    };
    let point = {
        let (place, on_time) = (place.clone(), props.on_time.clone());
        move |event: &PointerEvent| {
            let svg = place.cast::<Element>().and_then(|place| place.query_selector("svg").ok().flatten());
            let Some(svg) = svg.filter(|_| event.buttons() & 1 == 1) else { return };
            let area = svg.get_bounding_client_rect();
            let width: f64 = svg.get_attribute("width").and_then(|width| width.parse().ok()).unwrap_or(1.0);
            let x = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0) * width;
            on_time.emit(x as f32);
        }
    };
    let onpointerdown = {
        let (place, drag, point) = (place.clone(), drag.clone(), point.clone());
        Callback::from(move |event: PointerEvent| {
            if has_time {
                point(&event);
            }
            let frame = place.cast::<Element>().and_then(|place| Frame::of(&place));
            drag.set(frame.map(|frame| Drag::from(&event, &frame)));
        })
    };
    let onpointermove = {
        let (place, drag, moved, shown) = (place.clone(), drag.clone(), moved.clone(), shown.setter());
        Callback::from(move |event: PointerEvent| {
            if has_time {
                point(&event);
                return;
            }
            let frame = place.cast::<Element>().and_then(|place| Frame::of(&place));
            let (Some(frame), Some(mut own)) = (frame, drag.get().filter(|_| event.buttons() & 1 == 1)) else { return };
            own.is_far = own.is_far || own.distance(&event) > 4.0;
            drag.set(Some(own));
            if own.is_far && !own.is_touch && frame.can_move() {
                frame.scroll_to(own.left - own.dx(&event), own.top - own.dy(&event));
                moved.set(*moved + 1);
                shown.set(None);
            }
        })
    };
    let onpointerover = {
        let (tell, stay, hide_soon, shown) = (tell.clone(), stay.clone(), hide_soon.clone(), shown.clone());
        Callback::from(move |event: PointerEvent| {
            if event.pointer_type() == "touch" {
                return;
            }
            match part_of(event.target_dyn_into()) {
                Some(part) if event.buttons() == 0 => {
                    stay.emit(());
                    tell.emit((part, false));
                }
                None if shown.as_ref().is_some_and(|shown| !shown.is_touched) => hide_soon.emit(()),
                _ => {}
            }
        })
    };
    let onpointerleave = {
        let hide_soon = hide_soon.clone();
        // A finger leaves whenever it is lifted.
        Callback::from(move |event: PointerEvent| {
            if event.pointer_type() != "touch" {
                hide_soon.emit(());
            }
        })
    };
    let onfocusin = {
        let (tell, stay) = (tell.clone(), stay.clone());
        Callback::from(move |event: FocusEvent| {
            let part = part_of(event.target_dyn_into());
            // A click focuses as well; only a keyboard asks for the card by that.
            if let Some(part) = part.filter(|part| part.matches(":focus-visible").unwrap_or_default()) {
                walk::only(&part);
                stay.emit(());
                tell.emit((part, false));
            }
        })
    };
    let onfocusout = hide_soon.reform(|_: FocusEvent| ());
    let to = |wanted: f64| {
        let zoom = zoom.setter();
        Callback::from(move |_: MouseEvent| zoom.set(wanted))
    };
    let toggle = {
        let is_full = is_full.clone();
        Callback::from(move |_: MouseEvent| is_full.set(!*is_full))
    };
    let on_mini = {
        let moved = moved.clone();
        Callback::from(move |()| moved.set(*moved + 1))
    };
    let is_large = *zoom > 1.0;
    html! {
        <div class={classes!("viewer", is_large.then_some("viewer--large"), is_full.then_some("viewer--full"))} ref={outer}>
            // Without a part that can have the focus the frame has it: it may be wider than a phone.
            <div class="viewer__frame" lang="en" tabindex={props.targets.is_empty().then_some("0")}>
                <div class="picture" ref={place.clone()} {onclick} {onkeydown} {onpointerdown} {onpointermove} {onpointerover}
                    {onpointerleave} {onfocusin} {onfocusout}></div>
            </div>
            <div class="viewer__bar" role="group" aria-label={t(w::VIEWER_LABEL)}>
                <button type="button" class="viewer__button viewer__smaller" onclick={to(frame::step(*zoom, -1))} disabled={!is_large} aria-label={t(w::VIEWER_SMALLER)} title={t(w::VIEWER_SMALLER)}>{ "−" }</button>
                <button type="button" class="viewer__button viewer__fit" onclick={to(1.0)} aria-label={tf(w::VIEWER_FIT, [&percent(*zoom)])} title={tf(w::VIEWER_FIT, [&percent(*zoom)])}>{ percent(*zoom) }{ "%" }</button>
                <button type="button" class="viewer__button viewer__larger" onclick={to(frame::step(*zoom, 1))} disabled={*zoom >= frame::MOST} aria-label={t(w::VIEWER_LARGER)} title={t(w::VIEWER_LARGER)}>{ "+" }</button>
                <button type="button" class="viewer__button" onclick={toggle} aria-pressed={is_full.to_string()} aria-label={t(w::VIEWER_FULL)} title={t(w::VIEWER_FULL)}>
                    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path d={if *is_full { SHRINK } else { GROW }} /></svg>
                </button>
            </div>
            if is_large {
                <Mini place={place.clone()} content={props.content.clone()} moved={*moved} on_move={on_mini} />
            }
            if let Some(own) = shown.as_ref() {
                <Card shown={own.clone()} on_enter={stay} on_leave={hide_soon} show={props.show.clone()} />
            }
        </div>
    }
}

fn percent(zoom: f64) -> u32 {
    (zoom * 100.0).round() as u32
}

/// Where a drag began.
#[derive(Clone, Copy)]
struct Drag {
    x: f64,
    y: f64,
    left: f64,
    top: f64,
    is_touch: bool,
    is_far: bool,
}

impl Drag {
    fn from(event: &PointerEvent, frame: &Frame) -> Self {
        let (left, top) = frame.scrolled();
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        Self { x, y, left, top, is_touch: event.pointer_type() == "touch", is_far: false }
    }

    fn dx(&self, event: &PointerEvent) -> f64 {
        f64::from(event.client_x()) - self.x
    }

    fn dy(&self, event: &PointerEvent) -> f64 {
        f64::from(event.client_y()) - self.y
    }

    fn distance(&self, event: &PointerEvent) -> f64 {
        self.dx(event).hypot(self.dy(event))
    }
}

/// The part of the picture that an element belongs to.
fn part_of(element: Option<Element>) -> Option<Element> {
    element?.closest("[data-node]").ok().flatten()
}

fn target_of<'t>(targets: &'t [TargetView], part: &Element) -> Option<&'t TargetView> {
    let number = |name: &str| part.get_attribute(name).and_then(|value| value.parse::<u32>().ok());
    let (document, node) = (number("data-document"), number("data-node"));
    targets.iter().find(|target| Some(target.document) == document && Some(target.node) == node)
}

/// Enlarges by wheel and fingers. Listeners of Yew cannot keep the browser from doing its own.
#[hook]
fn use_gestures(place: &NodeRef, zoom: &UseStateHandle<f64>, moved: &UseStateHandle<u32>) {
    let newest = use_mut_ref(|| (1.0, 0));
    *newest.borrow_mut() = (**zoom, **moved);
    let (place, zoom, moved) = (place.clone(), zoom.setter(), moved.setter());
    use_effect_with((), move |()| {
        let element = place.cast::<Element>();
        let listeners = element.map(|element| {
            let to = Rc::new(move |frame: &Frame, wanted: f64, x: f64, y: f64| {
                let (old, count) = *newest.borrow();
                let wanted = wanted.clamp(1.0, frame::MOST);
                frame.zoom(old, wanted, (x, y));
                newest.borrow_mut().0 = wanted;
                zoom.set(wanted);
                moved.set(count + 1);
            });
            let options = EventListenerOptions { passive: false, ..EventListenerOptions::default() };
            frame::listen(&element, options, to)
        });
        move || drop::<Option<Vec<EventListener>>>(listeners)
    });
}

/// The whole screen, or where that is not to be had the whole window.
#[hook]
fn use_full_screen(outer: &NodeRef, is_full: &UseStateHandle<bool>) {
    {
        let outer = outer.clone();
        use_effect_with(**is_full, move |is_full| {
            let document = gloo::utils::document();
            if let (true, Some(outer)) = (*is_full, outer.cast::<Element>()) {
                let _ = outer.request_fullscreen();
            } else if document.fullscreen_element().is_some() {
                document.exit_fullscreen();
            }
        });
    }
    {
        let setter = is_full.setter();
        use_effect_with((), move |()| {
            let listener = EventListener::new(&gloo::utils::document(), "fullscreenchange", move |_| {
                if gloo::utils::document().fullscreen_element().is_none() {
                    setter.set(false);
                }
            });
            move || drop(listener)
        });
    }
}

/// Escape takes the card away, wherever the keyboard is; then the whole screen.
#[hook]
fn use_escape(shown: &UseStateHandle<Option<Shown>>, is_full: &UseStateHandle<bool>) {
    let (card, full) = (shown.setter(), is_full.setter());
    use_effect_with((shown.is_some(), **is_full), move |(has_card, is_full)| {
        let (has_card, is_full) = (*has_card, *is_full);
        let listener = (has_card || is_full).then(|| {
            EventListener::new(&gloo::utils::document(), "keydown", move |event| {
                let is_escape = event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.key() == "Escape");
                match (is_escape, has_card) {
                    (true, true) => card.set(None),
                    (true, false) => full.set(false),
                    (false, _) => {}
                }
            })
        });
        move || drop(listener)
    });
}
