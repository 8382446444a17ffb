//! What is kept, what is sent, and how to see for oneself.

use crate::app::offline;
use crate::app::store::Store;
use js_sys::{Array, Reflect};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use yew::prelude::*;

#[derive(Properties)]
pub(crate) struct PrivacyPageProps {
    pub(crate) store: Rc<Store>,
}

impl PartialEq for PrivacyPageProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.store, &other.store)
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
        let (_, name_in_words) = KEPT.iter().find(|(part, _)| name.contains(part)).copied().unwrap_or(("", "something of an older version"));
        html! { <li key={name.clone()}><span>{ name_in_words }</span>{ " " }<code>{ name }</code>{ format!(", {size} characters") }</li> }
    });
    html! {
        <section class="privacy" aria-labelledby="privacy-title">
            <h2 id="privacy-title" class="catalogue__title">{ "Privacy" }</h2>
            <p>{ "What you paste stays in this browser. There is no server behind this page that could receive it, no analytics and no cookie." }</p>

            <h3>{ "What is kept here" }</h3>
            <p hidden={!contents.is_empty()}>
                { if props.store.works() { "Nothing." } else { "Nothing: this browser keeps nothing for this page." } }
            </p>
            <ul class="privacy__list" hidden={contents.is_empty()}>{ for rows }</ul>
            <p hidden={contents.is_empty()}>
                <button type="button" class="button button--main" onclick={clear}>{ "Forget everything" }</button>
                { format!(" {total} characters in all. Examples that you only look at are not kept.") }
            </p>
            <p role="status" hidden={!*is_cleared}>{ "Forgotten. What stands in the editor is kept again when you change it." }</p>
            <p>{ offline::in_words(&offline::state()) }</p>

            <h3>{ "What is sent" }</h3>
            <p>
                { format!("Since this page was opened it has asked for {} files, {foreign} of them from other sites. ", requests.len()) }
                { "After that it asks for nothing but its own list of examples and the catalogue, once, when you first open one." }
            </p>
            <details>
                <summary>{ "These files" }</summary>
                <ul class="privacy__list">{ for requests.iter().enumerate().map(|(index, address)| html! { <li key={index}><code>{ address }</code></li> }) }</ul>
            </details>
            <p>{ "The browser enforces this by a policy that stands in the page itself:" }</p>
            <pre class="privacy__policy" tabindex="0">{ policy() }</pre>
            <p>{ "A link that you share holds the manifest behind its #, a part that browsers do not send to servers. Whoever has the link \
                  can read it. Secrets are hidden before, unless you say otherwise. “Mermaid Live” leads to another site, with the text of \
                  the picture behind the # as well." }</p>
        </section>
    }
}

/// Parts of names, and what is kept under them.
const KEPT: [(&str, &str); 3] = [
    ("/text/", "The text of a tab:"),
    ("/history/", "Texts that were replaced:"),
    ("/start/", "That a start is under way:"),
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
