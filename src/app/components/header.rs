//! Name, parts of the site, examples.

use super::{Settings, tools};
use crate::app::keys::palette_key;
use crate::app::route::Route;
use crate::app::store::Store;
use crate::app::words::{language, said, t, w};
use crate::app::{Panel, palette};
use sidecar_playground::gallery::{self, Example};
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties)]
pub(crate) struct HeaderProps {
    pub(crate) store: Rc<Store>,
    /// Where the visitor is.
    pub(crate) route: Route,
    /// Called with the id of the example that was chosen.
    pub(crate) on_example: Callback<&'static str>,
    /// The example that is shown, as long as nobody has changed it.
    pub(crate) example: Option<&'static str>,
    /// Called with the window to open.
    pub(crate) open: Callback<Panel>,
    /// Called when files are to be chosen.
    pub(crate) on_open: Callback<()>,
    /// Called when a manifest is to be opened by its address.
    pub(crate) on_address: Callback<()>,
    /// Called when the text is to be cleared.
    pub(crate) on_clear: Callback<()>,
    /// The language of the page.
    pub(crate) language: &'static str,
    /// Called with another one.
    pub(crate) on_language: Callback<&'static str>,
}

impl PartialEq for HeaderProps {
    fn eq(&self, other: &Self) -> bool {
        self.route == other.route
            && self.example == other.example
            && self.language == other.language
            && self.on_example == other.on_example
            && self.on_clear == other.on_clear
    }
}

/// The bar at the top.
#[component]
pub(crate) fn Header(props: &HeaderProps) -> Html {
    let shown = gallery::examples().iter().find(|example| props.example == Some(example.id));
    let about = shown.map_or("", |example| example.about);
    let onchange = {
        let on_example = props.on_example.clone();
        Callback::from(move |event: Event| {
            let chosen = event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value()).unwrap_or_default();
            if let Some(example) = gallery::example(&chosen) {
                on_example.emit(example.id);
            }
        })
    };
    let links = Route::parts().into_iter().map(|route| {
        let current = (route.name() == props.route.name()).then_some("page");
        html! { <a key={route.address()} class="header__link" href={route.address()} aria-current={current}>{ t(route.name()) }</a> }
    });
    let is_playground = props.route == Route::Playground;
    let search = Callback::from(|_: MouseEvent| palette::open());
    html! {
        <header class="header">
            <h1 class="header__name">
                <svg class="header__sign" viewBox="0 0 32 32" aria-hidden="true">
                    <circle cx="12" cy="16" r="9" />
                    <path d="M25 9l6 7-6 7-6-7z" />
                </svg>
                <span class="header__words">{ "Sidecar" }{ " " }<span class="header__second">{ "Playground" }</span></span>
            </h1>
            <div class="header__middle">
                <nav class="header__nav" aria-label={t(w::PAGE_PARTS_OF_SITE)}>{ for links }</nav>
                <label class="header__examples" hidden={!is_playground}>
                    <span class="header__label">{ t(w::EXAMPLE_LABEL) }</span>
                    <select {onchange} title={about} lang="en" aria-label={t(w::EXAMPLE_LABEL)}>
                        <option key="" value="" selected={shown.is_none()} disabled=true lang={props.language}>{ t(w::EXAMPLE_CHOOSE) }</option>
                        { for gallery::GROUPS.iter().map(|group| options(*group, props.example)) }
                    </select>
                </label>
                <div class="header__tools" hidden={!is_playground}>
                    { tools(&props.open, [&props.on_open, &props.on_address, &props.on_clear]) }
                </div>
            </div>
            <div class="header__more">
                <button type="button" class="button button--icon header__search" aria-haspopup="dialog" aria-label={t(w::PALETTE_OPEN)} title={t(w::PALETTE_OPEN)} onclick={search}>
                    <svg viewBox="0 0 20 20" aria-hidden="true"><circle cx="9" cy="9" r="5" /><path d="M13 13l4 4" /></svg>
                    <kbd>{ palette_key() }</kbd>
                </button>
                <Settings store={props.store.clone()} language={props.language} on_language={props.on_language.clone()} open={props.open.clone()} />
            </div>
        </header>
    }
}

fn options((digit, title): (char, &'static str), shown: Option<&'static str>) -> Html {
    let examples = gallery::examples().iter().filter(|example| example.digit == digit);
    let option = |example: &Example| {
        html! { <option key={example.id} value={example.id} lang="en" selected={shown == Some(example.id)}>{ example.title }</option> }
    };
    html! { <optgroup key={title} label={said(title)} lang={language()}>{ for examples.map(option) }</optgroup> }
}
