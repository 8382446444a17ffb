//! Name, parts of the site, examples.

use crate::app::route::Route;
use sidecar_playground::gallery::{self, Example};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct HeaderProps {
    /// Where the visitor is.
    pub(crate) route: Route,
    /// Called with the id of the example that was chosen.
    pub(crate) on_example: Callback<&'static str>,
}

/// The bar at the top.
#[component]
pub(crate) fn Header(props: &HeaderProps) -> Html {
    let about = use_state(|| gallery::examples().first().map_or("", |example| example.about));
    let onchange = {
        let (on_example, about) = (props.on_example.clone(), about.clone());
        Callback::from(move |event: Event| {
            let chosen = event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value()).unwrap_or_default();
            if let Some(example) = gallery::example(&chosen) {
                about.set(example.about);
                on_example.emit(example.id);
            }
        })
    };
    let links = [Route::Playground, Route::Catalogue(String::new())].into_iter().map(|route| {
        let current = (route.name() == props.route.name()).then_some("page");
        html! { <a key={route.name()} class="header__link" href={route.address()} aria-current={current}>{ route.name() }</a> }
    });
    let is_playground = props.route == Route::Playground;
    html! {
        <header class="header">
            <h1 class="header__name">
                <svg class="header__sign" viewBox="0 0 32 32" aria-hidden="true">
                    <circle cx="12" cy="16" r="9" />
                    <path d="M25 9l6 7-6 7-6-7z" />
                </svg>
                { "Sidecar Playground" }
            </h1>
            <nav class="header__nav" aria-label="Parts of the site">{ for links }</nav>
            <label class="header__examples" hidden={!is_playground}>
                <span class="header__label">{ "Example" }</span>
                <select {onchange} title={*about}>{ for gallery::GROUPS.iter().map(group) }</select>
            </label>
            <p class="header__about" hidden={!is_playground}>{ *about }</p>
        </header>
    }
}

fn group((digit, title): &(char, &'static str)) -> Html {
    let examples = gallery::examples().iter().filter(|example| example.digit == *digit);
    html! { <optgroup key={*title} label={*title}>{ for examples.map(option) }</optgroup> }
}

fn option(example: &Example) -> Html {
    let is_first = gallery::examples().first() == Some(example);
    html! { <option key={example.id} value={example.id} selected={is_first}>{ example.title }</option> }
}
