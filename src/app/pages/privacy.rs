//! What is kept, what is sent, and how to see for oneself.

use crate::app::offline;
use crate::app::store::Store;
use crate::app::words::{Word, t, tf, w};
use js_sys::{Array, Reflect};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use yew::prelude::*;

#[derive(Properties)]
pub(crate) struct PrivacyPageProps {
    pub(crate) store: Rc<Store>,
    /// The language of the page.
    pub(crate) language: &'static str,
}

impl PartialEq for PrivacyPageProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.store, &other.store) && self.language == other.language
    }
}

/// The page about privacy.
#[component]
pub(crate) fn PrivacyPage(props: &PrivacyPageProps) -> Html {
    let is_cleared = use_state(|| false);
    let contents = props.store.contents();
    let total: u32 = contents.iter().map(|(_, size)| size).sum();
    let clear = {
        let (store, is_cleared) = (props.store.clone(), is_cleared.setter());
        Callback::from(move |_: MouseEvent| {
            store.clear();
            is_cleared.set(true);
        })
    };
    let requests = requests();
    let origin = gloo::utils::window().location().origin().unwrap_or_default();
    let foreign =
        requests.iter().filter(|address| !address.starts_with(&origin) && address.starts_with("http")).count();
    let rows = contents.iter().map(|(name, size)| {
        let what = KEPT.iter().find(|(part, _)| name.contains(part)).map_or(w::PRIVACY_KEPT_OTHER, |(_, what)| *what);
        html! { <li key={name.clone()}>{ tf(w::PRIVACY_KEPT_ITEM, [&t(what), name, size]) }</li> }
    });
    html! {
        <section class="privacy" aria-labelledby="privacy-title">
            <h2 id="privacy-title" class="catalogue__title">{ t(w::PRIVACY_TITLE) }</h2>
            <p>{ t(w::PRIVACY_ABOUT) }</p>

            <h3>{ t(w::PRIVACY_KEPT) }</h3>
            <p hidden={!contents.is_empty()}>
                { t(if props.store.works() { w::PRIVACY_NOTHING } else { w::PRIVACY_REFUSED }) }
            </p>
            <ul class="privacy__list" hidden={contents.is_empty()}>{ for rows }</ul>
            <p hidden={contents.is_empty()}>
                <button type="button" class="button button--main" onclick={clear}>{ t(w::PRIVACY_FORGET) }</button>
                { " " }{ tf(w::PRIVACY_TOTAL, [&total]) }
            </p>
            <p role="status" hidden={!*is_cleared}>{ t(w::PRIVACY_FORGOTTEN) }</p>
            <p>{ offline::in_words(&offline::state()) }</p>

            <h3>{ t(w::PRIVACY_SENT) }</h3>
            <p>
                { tf(w::PRIVACY_REQUESTS, [&requests.len(), &foreign]) }{ " " }
                { t(w::PRIVACY_LATER) }
            </p>
            <p>{ t(w::PRIVACY_ADDRESS) }</p>
            <details>
                <summary>{ t(w::PRIVACY_FILES) }</summary>
                <ul class="privacy__list">{ for requests.iter().enumerate().map(|(index, address)| html! { <li key={index}><code>{ address }</code></li> }) }</ul>
            </details>
            <p>{ t(w::PRIVACY_POLICY) }</p>
            <pre class="privacy__policy" tabindex="0">{ policy() }</pre>
            <p>{ t(w::PRIVACY_LINKS) }</p>
            // A copy of `src/security.md`, which the build puts there.
            <p><a href="threat-model.txt" target="_blank" rel="noopener">{ t(w::PRIVACY_THREATS) }</a></p>
        </section>
    }
}

/// Parts of names, and what is kept under them.
const KEPT: [(&str, Word); 10] = [
    ("/draft/", w::PRIVACY_KEPT_DRAFT),
    ("/lesson/", w::PRIVACY_KEPT_LESSON),
    ("/linked/", w::PRIVACY_KEPT_LINKED),
    ("/text/", w::PRIVACY_KEPT_TEXT),
    ("/history/", w::PRIVACY_KEPT_HISTORY),
    ("/start/", w::PRIVACY_KEPT_START),
    ("/language/", w::PRIVACY_KEPT_LANGUAGE),
    ("/theme/", w::PRIVACY_KEPT_THEME),
    ("/editor/", w::PRIVACY_KEPT_SIZES),
    ("/details/", w::PRIVACY_KEPT_SIZES),
];

/// The addresses of all that was asked for since the page was opened.
fn requests() -> Vec<String> {
    let field = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).unwrap_or_default();
    let clock = field(&gloo::utils::window(), "performance");
    let list = field(&clock, "getEntriesByType").dyn_into::<js_sys::Function>().ok();
    let list = list
        .and_then(|list| list.call1(&clock, &"resource".into()).ok())
        .and_then(|list| list.dyn_into::<Array>().ok());
    list.unwrap_or_default().iter().filter_map(|entry| field(&entry, "name").as_string()).collect()
}

/// The security policy, one rule a line.
fn policy() -> String {
    let meta = gloo::utils::document().query_selector("meta[http-equiv='Content-Security-Policy']").ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default().replace("; ", ";\n")
}
