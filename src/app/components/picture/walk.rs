//! Walking through a picture by keyboard: one stop for the Tab key, the arrow keys go to what lies beside.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Makes one part the stop of the Tab key: the chosen one, or the first.
pub(super) fn enter(place: &Element, chosen: Option<usize>) {
    let all = parts(place);
    let number = chosen.map(|chosen| chosen.to_string());
    let first = all.iter().find(|part| number.is_some() && part.get_attribute("data-container") == number);
    let has_focus = place.query_selector("[data-node]:focus").ok().flatten();
    if let Some(first) = has_focus.as_ref().or(first).or(all.first()) {
        only(first);
    }
}

/// Makes a part the only stop of the Tab key in its picture.
pub(super) fn only(part: &Element) {
    let Some(svg) = part.closest("svg").ok().flatten() else { return };
    for other in parts(&svg) {
        let _ = other.set_attribute("tabindex", if other == *part { "0" } else { "-1" });
    }
}

/// Goes where a key leads; whether it leads anywhere.
pub(super) fn walk(part: &Element, key: &str) -> bool {
    let Some(svg) = part.closest("svg").ok().flatten() else { return false };
    let all = parts(&svg);
    let next = match key {
        "Home" => all.first().cloned(),
        "End" => all.last().cloned(),
        "ArrowRight" => beside(part, &all, (1.0, 0.0)),
        "ArrowLeft" => beside(part, &all, (-1.0, 0.0)),
        "ArrowDown" => beside(part, &all, (0.0, 1.0)),
        "ArrowUp" => beside(part, &all, (0.0, -1.0)),
        _ => return false,
    };
    if let Some(next) = next {
        only(&next);
        let _ = next.unchecked_ref::<HtmlElement>().focus();
    }
    true
}

fn parts(within: &Element) -> Vec<Element> {
    let Ok(found) = within.query_selector_all("[data-node]") else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

/// The nearest part in a direction. What lies straight ahead is nearer than what lies aside.
fn beside(part: &Element, all: &[Element], (x, y): (f64, f64)) -> Option<Element> {
    let own = part.get_bounding_client_rect();
    let middle = |area: &web_sys::DomRect| (area.left() + area.width() / 2.0, area.top() + area.height() / 2.0);
    let (own_x, own_y) = middle(&own);
    let mut nearest: Option<(f64, &Element)> = None;
    for other in all.iter().filter(|other| *other != part) {
        let (other_x, other_y) = middle(&other.get_bounding_client_rect());
        let (dx, dy) = (other_x - own_x, other_y - own_y);
        let ahead = dx * x + dy * y;
        let aside = (dx * y).abs() + (dy * x).abs();
        let distance = ahead + 2.0 * aside;
        if ahead > 4.0 && nearest.is_none_or(|(least, _)| distance < least) {
            nearest = Some((distance, other));
        }
    }
    nearest.map(|(_, other)| other.clone())
}
