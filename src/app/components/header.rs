//! Name, parts of the site, what is given away, settings. On narrow screens all but the last two fold into a menu.

use super::Settings;
use crate::app::keys::palette_key;
use crate::app::route::Route;
use crate::app::store::Store;
use crate::app::words::{t, w};
use crate::app::{Panel, palette};
use std::rc::Rc;
use web_sys::HtmlElement;
use yew::prelude::*;

#[derive(Properties)]
pub(crate) struct HeaderProps {
    pub(crate) store: Rc<Store>,
    /// Where the visitor is.
    pub(crate) route: Route,
    /// Called with the window to open.
    pub(crate) open: Callback<Panel>,
    /// The language of the page.
    pub(crate) language: &'static str,
    /// Called with another one.
    pub(crate) on_language: Callback<&'static str>,
}

impl PartialEq for HeaderProps {
    fn eq(&self, other: &Self) -> bool {
        self.route == other.route && self.language == other.language
    }
}

/// The bar at the top.
#[component]
pub(crate) fn Header(props: &HeaderProps) -> Html {
    let menu = use_node_ref();
    // The browser closes the menu when something outside of it is touched.
    let close = {
        let menu = menu.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(menu) = menu.cast::<HtmlElement>() {
                let _ = menu.hide_popover();
            }
        })
    };
    let links = Route::parts().into_iter().map(|route| {
        let current = (route.name() == props.route.name()).then_some("page");
        html! { <a key={route.address()} class="header__link" href={route.address()} aria-current={current}>{ t(route.name()) }</a> }
    });
    let give = |panel: Panel, class: &'static str| {
        let onclick = props.open.reform(move |_: MouseEvent| panel);
        html! { <button type="button" {class} aria-haspopup="dialog" {onclick}>{ t(panel.label()) }</button> }
    };
    let is_elsewhere = props.route != Route::Playground;
    let search = Callback::from(|_: MouseEvent| palette::open());
    html! {
        <header class="header">
            <h1 class="header__name">
                <svg class="header__sign" viewBox="0 0 32 32" aria-hidden="true">
                    <circle cx="12" cy="16" r="9" />
                    <path d="M25 9l6 7-6 7-6-7z" />
                </svg>
                { "Sidecar" }{ " " }<span class="header__second">{ "Playground" }</span>
            </h1>
            <div id="menu" class="header__menu" popover="auto" ref={menu} onclick={close}>
                <nav class="header__nav" aria-label={t(w::PAGE_PARTS_OF_SITE)}>{ for links }</nav>
            </div>
            <div class="header__tools" hidden={is_elsewhere}>
                { give(Panel::Export, "button") }
                { give(Panel::Share, "button button--main") }
            </div>
            <div class="header__more">
                <button type="button" class="button button--icon header__search" aria-haspopup="dialog" title={t(w::PALETTE_OPEN)} onclick={search}>
                    <svg viewBox="0 0 20 20" aria-hidden="true"><circle cx="9" cy="9" r="5" /><path d="M13 13l4 4" /></svg>
                    <span class="visually-hidden">{ t(w::PALETTE_OPEN) }{ " " }</span><kbd>{ palette_key() }</kbd>
                </button>
                <Settings store={props.store.clone()} language={props.language} on_language={props.on_language.clone()} open={props.open.clone()} />
                <button type="button" class="button button--icon header__fold" popovertarget="menu" aria-label={t(w::PAGE_MENU)} title={t(w::PAGE_MENU)}>
                    <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M3 5h14M3 10h14M3 15h14" /></svg>
                </button>
            </div>
        </header>
    }
}
