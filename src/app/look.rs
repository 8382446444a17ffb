//! How the page looks: its colours and how much room each pane has. `boot.js` sets the colours before anything is drawn.

use super::store::Store;
use super::words::{Word, w};
use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The themes, as `?theme=` and `boot.js` call them, and what they are called.
pub(crate) const THEMES: [(&str, Word); 5] = [
    ("auto", w::SETTINGS_AUTO),
    ("light", w::EXPORT_LIGHT),
    ("dark", w::EXPORT_DARK),
    ("contrast", w::EXPORT_CONTRAST),
    ("projector", w::EXPORT_PROJECTOR),
];

/// The theme that is shown.
pub(crate) fn theme() -> String {
    gloo::utils::document_element().get_attribute("data-theme").unwrap_or_default()
}

/// Goes over to another theme, and keeps that.
pub(crate) fn set_theme(store: &Store, id: &str) {
    let set = Reflect::get(&gloo::utils::window(), &"sidecarTheme".into()).ok();
    if let Some(set) = set.and_then(|set| set.dyn_into::<Function>().ok()) {
        let _ = set.call1(&JsValue::UNDEFINED, &id.into());
    }
    store.choose("theme", id);
    super::query::forget("theme");
}
