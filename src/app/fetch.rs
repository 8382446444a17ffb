//! Data that the page loads when it is first needed, from its own folder.

use super::words::{t, w};
use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// Fetches and reads the JSON file to which the `<link>` of an id in `index.html` leads.
pub(crate) async fn fetch_json(link: &str) -> Result<JsValue, String> {
    let link = gloo::utils::document().get_element_by_id(link).ok_or_else(|| t(w::FETCH_NO_ADDRESS))?;
    let failed = |_| t(w::FETCH_NOT_ARRIVED).to_owned();
    let response = JsFuture::from(gloo::utils::window().fetch_with_str(&text(&link, "href"))).await.map_err(failed)?;
    let response: Response = response.dyn_into().map_err(failed)?;
    let body = JsFuture::from(response.text().map_err(failed)?).await.map_err(failed)?;
    JSON::parse(&body.as_string().unwrap_or_default()).map_err(|_| t(w::FETCH_DAMAGED).to_owned())
}

/// Fetches a text of this site.
pub(crate) async fn fetch_text(address: &str) -> Option<String> {
    let response = JsFuture::from(gloo::utils::window().fetch_with_str(address)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    let body = response.ok().then(|| response.text().ok())??;
    JsFuture::from(body).await.ok()?.as_string()
}

/// A text field of a JSON object; empty when it has none.
pub(crate) fn text(object: &JsValue, name: &str) -> String {
    Reflect::get(object, &name.into()).ok().and_then(|field| field.as_string()).unwrap_or_default()
}

/// A list of texts of a JSON object.
pub(crate) fn texts(object: &JsValue, name: &str) -> Vec<String> {
    let list = Reflect::get(object, &name.into()).ok().and_then(|field| field.dyn_into::<Array>().ok());
    list.map(|list| list.iter().filter_map(|item| item.as_string()).collect()).unwrap_or_default()
}
