//! The catalogue of known helpers, to search in. Its data is fetched from the page's own folder when it is first opened.

use crate::app::fetch::{fetch_json, text, texts};
use crate::app::words::{Word, said, t, tf, w};
use js_sys::Array;
use sidecar_playground::category::Category;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// An entry, as `src/catalogue/data` has it; what it does not have is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    id: String,
    name: String,
    project: String,
    category: Option<Category>,
    runs: String,
    alone: String,
    summary: String,
    docs: String,
    images: String,
    names: String,
    injected_by: String,
    native: String,
    /// All that can be searched, in lower case.
    searched: String,
}

impl Entry {
    fn read(json: &JsValue) -> Self {
        let field = |name| text(json, name);
        let mut entry = Self {
            id: field("id"),
            name: field("name"),
            project: field("project"),
            category: Category::from_id(&field("category")),
            runs: field("runs"),
            alone: field("alone"),
            summary: field("summary"),
            docs: field("docs"),
            images: texts(json, "images").join(", "),
            names: texts(json, "names").join(", "),
            injected_by: field("injected_by"),
            native: field("native"),
            searched: String::new(),
        };
        let label = entry.category.map_or("", Category::label);
        let parts = [&entry.id, &entry.name, &entry.project, &entry.summary, &entry.images, &entry.names];
        entry.searched = parts.map(String::as_str).join(" ").to_ascii_lowercase() + " " + label;
        entry
    }
}

async fn fetch() -> Result<Rc<Vec<Entry>>, String> {
    let list: Array = fetch_json("catalogue-data").await?.dyn_into().map_err(|_| t(w::CATALOGUE_NO_LIST).to_owned())?;
    Ok(Rc::new(list.iter().map(|item| Entry::read(&item)).collect()))
}

#[derive(Properties, PartialEq)]
pub(crate) struct CataloguePageProps {
    /// The entry to show first.
    pub(crate) entry: String,
    /// The language of the page.
    pub(crate) language: &'static str,
}

/// The catalogue.
#[component]
pub(crate) fn CataloguePage(props: &CataloguePageProps) -> Html {
    let entries = use_state(|| None::<Result<Rc<Vec<Entry>>, String>>);
    let query = use_state(String::new);
    let category = use_state(String::new);
    {
        let entries = entries.setter();
        use_effect_with((), move |()| {
            yew::platform::spawn_local(async move { entries.set(Some(fetch().await)) });
        });
    }
    {
        // A link to an entry looks for that entry.
        let query = query.setter();
        use_effect_with(props.entry.clone(), move |entry| query.set(entry.clone()));
    }
    let oninput = {
        let query = query.setter();
        Callback::from(move |event: InputEvent| {
            query.set(event.target_dyn_into::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default());
        })
    };
    let onchange = {
        let category = category.setter();
        Callback::from(move |event: Event| {
            category.set(event.target_dyn_into::<HtmlSelectElement>().map(|field| field.value()).unwrap_or_default());
        })
    };
    let (found, message) = match &*entries {
        None => (Vec::new(), t(w::CATALOGUE_LOADING).to_owned()),
        Some(Err(reason)) => (Vec::new(), tf(w::CATALOGUE_FAILED, [reason])),
        Some(Ok(entries)) => {
            let found: Vec<&Entry> = entries.iter().filter(|entry| fits(entry, &query, &category)).collect();
            let message = tf(w::CATALOGUE_FOUND, [&found.len(), &entries.len()]);
            (found, message)
        }
    };
    html! {
        <section class="catalogue" aria-labelledby="catalogue-title">
            <h2 id="catalogue-title" class="catalogue__title">{ t(w::CATALOGUE_TITLE) }</h2>
            <p class="catalogue__intro">{ t(w::CATALOGUE_ABOUT) }</p>
            <form class="catalogue__search" role="search" onsubmit={|event: SubmitEvent| event.prevent_default()}>
                <label>{ t(w::CATALOGUE_SEARCH) }{ " " }<input type="search" value={(*query).clone()} {oninput} placeholder={t(w::CATALOGUE_SEARCH_FOR)} /></label>
                <label>{ t(w::CATALOGUE_CATEGORY) }{ " " }<select {onchange}>
                    <option value="" selected={category.is_empty()}>{ t(w::CATALOGUE_ALL) }</option>
                    { for Category::ALL.iter().map(|category| html! {
                        <option key={category.id()} value={category.id()}>{ said(category.label()) }</option>
                    }) }
                </select></label>
                <span class="catalogue__count" role="status">{ message }</span>
            </form>
            <ul class="catalogue__list">{ for found.into_iter().map(item) }</ul>
        </section>
    }
}

fn fits(entry: &Entry, query: &str, category: &str) -> bool {
    let is_category = category.is_empty() || entry.category.is_some_and(|own| own.id() == category);
    let query = query.to_ascii_lowercase();
    is_category && query.split_ascii_whitespace().all(|word| entry.searched.contains(word))
}

fn item(entry: &Entry) -> Html {
    let kind = match (entry.category, entry.runs.as_str()) {
        (Some(category), _) => said(category.label()),
        (None, "init") => t(w::CATALOGUE_INIT).to_owned(),
        (None, _) => t(w::CATALOGUE_LOOKS_LIKE).to_owned(),
    };
    let alone = match entry.alone.as_str() {
        "usually" => Some(t(w::CATALOGUE_USUALLY_ALONE)),
        "sometimes" => Some(t(w::CATALOGUE_SOMETIMES_ALONE)),
        _ => None,
    };
    let fact = |name: Word, text: &str| {
        let text = text.to_owned();
        html! { <><dt hidden={text.is_empty()}>{ t(name) }</dt><dd lang="en" hidden={text.is_empty()}>{ text }</dd></> }
    };
    html! {
        <li key={entry.id.clone()} class="catalogue-item">
            <h3 class="catalogue-item__name"><span lang="en">{ &entry.name }</span><span class="catalogue-item__kind">{ kind }</span></h3>
            <p><span lang="en">{ &entry.summary }</span>{ alone.map(|alone| format!(" {alone}")) }</p>
            <dl class="catalogue-item__facts">
                { fact(w::CATALOGUE_PROJECT, &entry.project) }
                { fact(w::CATALOGUE_IMAGES, &entry.images) }
                { fact(w::CATALOGUE_NAMES, &entry.names) }
                { fact(w::CATALOGUE_ADDED_BY, &entry.injected_by) }
                { fact(w::CATALOGUE_NATIVE, &entry.native) }
                { fact(w::CATALOGUE_READ, &entry.docs) }
            </dl>
        </li>
    }
}
