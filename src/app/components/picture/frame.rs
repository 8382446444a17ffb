//! The frame around a picture: how large the picture is in it, and which part of it one sees.
//!
//! A picture that fits is as the page lays it out. A larger one is moved by scrolling its frame; since that is hidden
//! overflow, a wheel over it still scrolls the page.

use gloo::events::{EventListener, EventListenerOptions};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, TouchEvent, WheelEvent};

/// The largest zoom.
pub(super) const MOST: f64 = 8.0;
/// One step of the buttons.
const STEP: f64 = 1.25;
/// The most of the window that an enlarged picture takes.
const HEIGHT: f64 = 0.78;

/// Some steps larger, or smaller when they are below zero.
pub(super) fn step(zoom: f64, steps: i32) -> f64 {
    let zoom = (zoom * STEP.powi(steps)).clamp(1.0, MOST);
    if zoom < 1.1 { 1.0 } else { zoom }
}

/// A frame with its picture.
pub(super) struct Frame {
    frame: HtmlElement,
    svg: Element,
}

impl Frame {
    /// The frame around the place of a picture.
    pub(super) fn of(place: &Element) -> Option<Self> {
        let frame = place.parent_element()?.dyn_into().ok()?;
        Some(Self { frame, svg: place.query_selector("svg").ok().flatten()? })
    }

    fn natural(&self) -> (f64, f64) {
        let size = |name: &str| self.svg.get_attribute(name).and_then(|value| value.parse().ok()).unwrap_or(1.0);
        (size("width"), size("height"))
    }

    /// Gives the picture its size: none of its own when it fits.
    pub(super) fn resize(&self, zoom: f64, is_full: bool) {
        let style = self.frame.style();
        let own = self.svg.unchecked_ref::<HtmlElement>().style();
        let is_plain = zoom <= 1.0 && !is_full;
        if is_plain || is_full {
            let _ = style.remove_property("height");
        }
        if is_plain {
            for name in ["width", "max-width", "height"] {
                let _ = own.remove_property(name);
            }
            return;
        }
        let (width, height) = self.natural();
        let area = (f64::from(self.frame.client_width()), f64::from(self.frame.client_height()));
        let fit = match is_full {
            true => (area.0 / width).min(area.1 / height).min(2.5),
            false => (area.0 / width).min(1.0),
        };
        if !is_full {
            let window = gloo::utils::window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(800.0);
            let wanted = (height * fit).max(260.0).min(window * HEIGHT);
            let _ = style.set_property("height", &format!("{wanted}px"));
        }
        let _ = own.set_property("max-width", "none");
        let _ = own.set_property("width", &format!("{}px", width * fit * zoom));
        let _ = own.set_property("height", &format!("{}px", height * fit * zoom));
    }

    /// Enlarges so that what is at a point of the window stays there.
    pub(super) fn zoom(&self, old: f64, new: f64, (x, y): (f64, f64)) {
        let area = self.frame.get_bounding_client_rect();
        let (x, y) = (x - area.left(), y - area.top());
        let (left, top) = self.scrolled();
        let is_full = self.frame.closest(".viewer--full").ok().flatten().is_some();
        self.resize(new, is_full);
        let by = new / old.max(0.01);
        self.scroll_to((left + x) * by - x, (top + y) * by - y);
    }

    pub(super) fn scrolled(&self) -> (f64, f64) {
        (f64::from(self.frame.scroll_left()), f64::from(self.frame.scroll_top()))
    }

    pub(super) fn scroll_to(&self, left: f64, top: f64) {
        self.frame.set_scroll_left(left.round() as i32);
        self.frame.set_scroll_top(top.round() as i32);
    }

    /// Whether there is more than one sees.
    pub(super) fn can_move(&self) -> bool {
        let (seen, whole) = self.sizes();
        whole.0 > seen.0 + 1.0 || whole.1 > seen.1 + 1.0
    }

    /// What one sees, and all there is.
    pub(super) fn sizes(&self) -> ((f64, f64), (f64, f64)) {
        let frame = &self.frame;
        let seen = (f64::from(frame.client_width()), f64::from(frame.client_height()));
        (seen, (f64::from(frame.scroll_width()), f64::from(frame.scroll_height())))
    }

    /// Scrolls so that a place on the time axis is in sight, on screens that are too narrow for all of it.
    pub(super) fn keep_in_sight(&self, x: f64) {
        let (seen, whole) = self.sizes();
        if whole.0 <= seen.0 + 1.0 {
            return;
        }
        let x = x / self.natural().0.max(1.0) * self.svg.get_bounding_client_rect().width();
        let (left, top) = self.scrolled();
        if x < left + seen.0 * 0.2 || x > left + seen.0 * 0.8 {
            self.scroll_to(x - seen.0 / 2.0, top);
        }
    }
}

/// What enlarges a picture: frame, zoom, and the point of the window that stays where it is.
pub(super) type ZoomTo = dyn Fn(&Frame, f64, f64, f64);

/// Listens to the wheel with Ctrl, which is also what two fingers on a touchpad are, and to two fingers on the screen.
/// One finger and the plain wheel scroll the page.
pub(super) fn listen(place: &Element, options: EventListenerOptions, to: Rc<ZoomTo>) -> Vec<EventListener> {
    let zoom = Rc::new(Cell::new(1.0));
    let shown = |frame: &Frame| {
        let fit = frame.sizes().0.0.min(frame.natural().0).max(1.0);
        (frame.svg.get_bounding_client_rect().width() / fit).max(1.0)
    };
    let wheel = {
        let (place, to) = (place.clone(), to.clone());
        EventListener::new_with_options(&place.clone(), "wheel", options, move |event| {
            let (Some(event), Some(frame)) = (event.dyn_ref::<WheelEvent>(), Frame::of(&place)) else { return };
            if event.ctrl_key() {
                event.prevent_default();
                let by = (-event.delta_y() * 0.004).clamp(-0.4, 0.4).exp();
                to(&frame, shown(&frame) * by, f64::from(event.client_x()), f64::from(event.client_y()));
            }
        })
    };
    // The middle and the distance of two fingers when they came, or moved last.
    let fingers = Rc::new(Cell::new(None::<(f64, f64, f64)>));
    let two = |event: &TouchEvent| {
        let (a, b) = (event.touches().get(0)?, event.touches().get(1)?);
        let at = |touch: &web_sys::Touch| (f64::from(touch.client_x()), f64::from(touch.client_y()));
        let ((ax, ay), (bx, by)) = (at(&a), at(&b));
        Some(((ax + bx) / 2.0, (ay + by) / 2.0, (ax - bx).hypot(ay - by)))
    };
    let start = {
        let (fingers, zoom, place) = (fingers.clone(), zoom.clone(), place.clone());
        EventListener::new_with_options(&place.clone(), "touchstart", options, move |event| {
            let Some(event) = event.dyn_ref::<TouchEvent>() else { return };
            fingers.set(two(event));
            if let Some(frame) = Frame::of(&place).filter(|_| fingers.get().is_some()) {
                zoom.set(shown(&frame));
                event.prevent_default();
            }
        })
    };
    let moving = {
        let place = place.clone();
        EventListener::new_with_options(&place.clone(), "touchmove", options, move |event| {
            let (Some(event), Some(frame)) = (event.dyn_ref::<TouchEvent>(), Frame::of(&place)) else { return };
            if let (Some(old), Some(new)) = (fingers.get(), two(event)) {
                event.prevent_default();
                let wanted = (zoom.get() * new.2 / old.2.max(1.0)).clamp(1.0, MOST);
                to(&frame, wanted, new.0, new.1);
                let (left, top) = frame.scrolled();
                frame.scroll_to(left + old.0 - new.0, top + old.1 - new.1);
                zoom.set(wanted);
                fingers.set(Some(new));
            }
        })
    };
    vec![wheel, start, moving]
}
