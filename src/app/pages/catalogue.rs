//! The catalogue of known helpers, to search in. Its data is fetched from the page's own folder when it is first opened.

use crate::app::fetch::{fetch_json, text, texts};
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
    let list: Array = fetch_json("catalogue-data").await?.dyn_into().map_err(|_| "it is no list".to_owned())?;
    Ok(Rc::new(list.iter().map(|item| Entry::read(&item)).collect()))
}

#[derive(Properties, PartialEq)]
pub(crate) struct CataloguePageProps {
    /// The entry to show first.
    pub(crate) entry: String,
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
        None => (Vec::new(), "Loading the catalogue…".to_owned()),
        Some(Err(reason)) => (Vec::new(), format!("The catalogue could not be loaded: {reason}")),
        Some(Ok(entries)) => {
            let found: Vec<&Entry> = entries.iter().filter(|entry| fits(entry, &query, &category)).collect();
            let message = format!("{} of {} helpers", found.len(), entries.len());
            (found, message)
        }
    };
    html! {
        <section class="catalogue" aria-labelledby="catalogue-title">
            <h2 id="catalogue-title" class="catalogue__title">{ "Known helpers" }</h2>
            <p class="catalogue__intro">
                { "What the playground recognises by image, name, arguments, ports and environment. A helper that is alone in \
                   its Pod is an app; whether that happens is said as well." }
            </p>
            <form class="catalogue__search" role="search" onsubmit={|event: SubmitEvent| event.prevent_default()}>
                <label>{ "Search " }<input type="search" value={(*query).clone()} {oninput} placeholder="name, image, project, purpose" /></label>
                <label>{ "Category " }<select {onchange}>
                    <option value="" selected={category.is_empty()}>{ "all" }</option>
                    { for Category::ALL.iter().map(|category| html! {
                        <option key={category.id()} value={category.id()}>{ category.label() }</option>
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
        (Some(category), _) => category.label(),
        (None, "init") => "init container",
        (None, _) => "an app, however it looks",
    };
    let alone = match entry.alone.as_str() {
        "usually" => Some("Mostly runs by itself, as an app."),
        "sometimes" => Some("Also runs by itself, as an app."),
        _ => None,
    };
    let fact = |name: &'static str, text: &str| {
        let text = text.to_owned();
        html! { <><dt hidden={text.is_empty()}>{ name }</dt><dd hidden={text.is_empty()}>{ text }</dd></> }
    };
    html! {
        <li key={entry.id.clone()} class="catalogue-item">
            <h3 class="catalogue-item__name">{ &entry.name }<span class="catalogue-item__kind">{ kind }</span></h3>
            <p>{ &entry.summary }{ alone.map(|alone| format!(" {alone}")) }</p>
            <dl class="catalogue-item__facts">
                { fact("Project", &entry.project) }
                { fact("Images", &entry.images) }
                { fact("Names", &entry.names) }
                { fact("Added by", &entry.injected_by) }
                { fact("Native", &entry.native) }
                { fact("Read", &entry.docs) }
            </dl>
        </li>
    }
}
