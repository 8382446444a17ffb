//! The presenter's notes, in a window of their own: the one on the presenter's screen, not on the projector.

use gloo::utils::{document, window};
use web_sys::{Element, Window};
use yew::prelude::*;

/// Opens the window, with the styles of this page. The browser may refuse it.
pub(crate) fn open_window() -> Option<Window> {
    let opened =
        window().open_with_url_and_target_and_features("", "sidecar-notes", "popup,width=640,height=720").ok()??;
    let page = opened.document()?;
    page.set_title(&document().title());
    let head = page.query_selector("head").ok()??;
    if head.query_selector("link").ok()?.is_none() {
        let sheets = document().query_selector_all("link[rel=stylesheet]").ok()?;
        for sheet in (0..sheets.length()).filter_map(|index| sheets.item(index)) {
            let copy = page.create_element("link").ok()?;
            // The new window has no address of its own.
            let address = js_sys::Reflect::get(&sheet, &"href".into()).ok()?.as_string()?;
            copy.set_attribute("rel", "stylesheet").ok()?;
            copy.set_attribute("href", &address).ok()?;
            head.append_child(&copy).ok()?;
        }
    }
    page.document_element()?.set_class_name("theme-night");
    Some(opened)
}

#[derive(Properties, PartialEq)]
pub(crate) struct NotesProps {
    pub(crate) window: Window,
    pub(crate) children: Html,
}

/// What stands in that window. It closes with the presentation.
#[component]
pub(crate) fn Notes(props: &NotesProps) -> Html {
    {
        let window = props.window.clone();
        use_effect_with((), move |()| move || drop(window.close()));
    }
    let body = props.window.document().and_then(|page| page.body());
    let Some(body) = body.filter(|_| !props.window.closed().unwrap_or(true)) else { return Html::default() };
    create_portal(html! { <main class="notes">{ props.children.clone() }</main> }, Element::from(body))
}
