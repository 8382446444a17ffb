//! Ways for something to leave the page: the clipboard, a file.

use super::editor::call;
use super::words::{t, w};
use gloo::timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement, HtmlElement,
    HtmlImageElement, HtmlTextAreaElement, Url,
};
use yew::prelude::*;

/// How long a button says what happened, in milliseconds.
const SAID: u32 = 2_000;

/// How long a file that is dragged away can be read, in milliseconds.
const DRAGGED: u32 = 120_000;

/// Puts a text on the clipboard; says whether that worked.
async fn copy(text: &str) -> bool {
    let navigator = gloo::utils::window().navigator();
    // Where the page is not served securely there is no clipboard.
    let has_clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|found| found.is_object());
    has_clipboard && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
        || copy_selected(text).unwrap_or_default()
}

/// The same in the old way, for a page that was not served securely: in a room without a network there is no other.
fn copy_selected(text: &str) -> Option<bool> {
    let document = gloo::utils::document();
    let focused = document.active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    // Nothing can be selected beside an open window.
    let window = document.query_selector("dialog[open]").ok().flatten();
    let place = window.or_else(|| document.body().map(Into::into))?;
    let field: HtmlTextAreaElement = document.create_element("textarea").ok()?.dyn_into().ok()?;
    field.set_class_name("visually-hidden");
    field.set_value(text);
    place.append_child(&field).ok()?;
    field.select();
    let has_worked = call(&document, "execCommand", &["copy".into()]).is_truthy();
    field.remove();
    if let Some(focused) = focused {
        let _ = focused.focus();
    }
    Some(has_worked)
}

/// The text on the clipboard, where the browser lets a page read it and the visitor agrees.
pub(crate) async fn read_clipboard() -> Option<String> {
    let navigator = gloo::utils::window().navigator();
    let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into()).ok()?;
    // Some browsers have a clipboard that can only be written.
    let read = js_sys::Reflect::get(&clipboard, &"readText".into()).ok()?;
    read.is_function().then_some(())?;
    JsFuture::from(navigator.clipboard().read_text()).await.ok()?.as_string()
}

/// Offers bytes as a file.
fn save(name: &str, kind: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&Uint8Array::from(bytes));
    save_blob(name, &Blob::new_with_u8_array_sequence_and_options(&parts, &options)?)
}

fn save_blob(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(blob)?;
    let link: HtmlAnchorElement = gloo::utils::document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The browser reads it in its own time.
    Timeout::new(10_000, move || drop(Url::revoke_object_url(&address))).forget();
    Ok(())
}

/// Draws an SVG into pixels and offers it as a file.
async fn save_png(name: String, svg: &str, scale: f64) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type("image/svg+xml");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&svg.into()), &options)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let image = HtmlImageElement::new()?;
    image.set_src(&address);
    let loaded = JsFuture::from(image.decode()).await;
    let canvas: HtmlCanvasElement = gloo::utils::document().create_element("canvas")?.unchecked_into();
    let (width, height) = (f64::from(image.natural_width()) * scale, f64::from(image.natural_height()) * scale);
    canvas.set_width(width.round() as u32);
    canvas.set_height(height.round() as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.unchecked_into();
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)?;
    Url::revoke_object_url(&address)?;
    loaded?;
    let pixels = js_sys::Promise::new(&mut |resolve, _| {
        let _ = canvas.to_blob(&resolve);
    });
    let blob = JsFuture::from(pixels).await?;
    // Null is what a browser gives for a canvas that is too large for it.
    save_blob(&name, blob.dyn_ref::<Blob>().ok_or(JsValue::NULL)?)
}

/// Hands a file to whatever it is dropped on outside of the browser, where the browser can do that.
fn drag(event: &DragEvent, name: &str, kind: &str, text: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options);
    let (Ok(blob), Some(luggage)) = (blob, event.data_transfer()) else { return };
    let Ok(address) = Url::create_object_url_with_blob(&blob) else { return };
    let _ = luggage.set_data("DownloadURL", &format!("{kind}:{name}:{address}"));
    let _ = luggage.set_data("text/plain", text);
    luggage.set_effect_allowed("copy");
    Timeout::new(DRAGGED, move || drop(Url::revoke_object_url(&address))).forget();
}

/// What a button gives away.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Gift {
    /// Text for the clipboard.
    Copy(String),
    /// A file: name, media type, content.
    Save(String, &'static str, String),
    /// A file that is no text: name, media type, content.
    Bytes(String, &'static str, Vec<u8>),
    /// An SVG as pixels: name, content, and pixels for each unit.
    Png(String, String, u8),
}

impl Gift {
    async fn give(self) -> Result<&'static str, &'static str> {
        match self {
            Self::Copy(text) if copy(&text).await => Ok(t(w::GIVE_COPIED)),
            Self::Copy(_) => Err(t(w::GIVE_REFUSED)),
            Self::Save(name, kind, text) => {
                save(&name, kind, text.as_bytes()).map(|()| t(w::GIVE_SAVED)).map_err(|_| t(w::GIVE_FAILED))
            }
            Self::Bytes(name, kind, bytes) => {
                save(&name, kind, &bytes).map(|()| t(w::GIVE_SAVED)).map_err(|_| t(w::GIVE_FAILED))
            }
            Self::Png(name, svg, scale) => save_png(name, &svg, f64::from(scale))
                .await
                .map(|()| t(w::GIVE_SAVED))
                .map_err(|_| t(w::GIVE_TOO_LARGE)),
        }
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct GiveButtonProps {
    pub(crate) label: AttrValue,
    /// What follows its words for those who hear them, where they say too little by themselves.
    #[prop_or_default]
    pub(crate) of: AttrValue,
    /// None while there is nothing to give.
    pub(crate) gift: Option<Gift>,
    #[prop_or_default]
    pub(crate) is_main: bool,
}

/// A button that gives something away and says in its own place what became of it.
#[component]
pub(crate) fn GiveButton(props: &GiveButtonProps) -> Html {
    let said = use_state(|| None::<&'static str>);
    let onclick = {
        let (said, gift) = (said.setter(), props.gift.clone());
        Callback::from(move |_: MouseEvent| {
            let (said, gift) = (said.clone(), gift.clone());
            yew::platform::spawn_local(async move {
                let Some(gift) = gift else { return };
                let (Ok(words) | Err(words)) = gift.give().await;
                said.set(Some(words));
                Timeout::new(SAID, move || said.set(None)).forget();
            });
        })
    };
    let ondragstart = {
        let gift = props.gift.clone();
        Callback::from(move |event: DragEvent| {
            if let Some(Gift::Save(name, kind, text)) = &gift {
                drag(&event, name, kind, text);
            }
        })
    };
    let draggable = matches!(props.gift, Some(Gift::Save(..))).then_some("true");
    let class = classes!("button", props.is_main.then_some("button--main"), said.map(|_| "button--said"));
    html! {
        <span class="give">
            <button type="button" {class} disabled={props.gift.is_none()} {onclick} {draggable} {ondragstart}>
                <span class="button__label">{ &props.label }</span>
                <span class="button__said">{ said.unwrap_or_default() }</span>
                <span class="visually-hidden">{ &props.of }</span>
            </button>
            <span class="visually-hidden" role="status">{ said.unwrap_or_default() }</span>
        </span>
    }
}
