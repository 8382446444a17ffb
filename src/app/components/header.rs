//! Name, examples.

use sidecar_playground::gallery;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct HeaderProps {
    /// Called with the text of the example that was chosen.
    pub(crate) on_example: Callback<AttrValue>,
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
                on_example.emit(AttrValue::Static(example.text));
            }
        })
    };
    html! {
        <header class="header">
            <h1 class="header__name">
                <svg class="header__sign" viewBox="0 0 32 32" aria-hidden="true">
                    <circle cx="12" cy="16" r="9" />
                    <path d="M25 9l6 7-6 7-6-7z" />
                </svg>
                { "Sidecar Playground" }
            </h1>
            <label class="header__examples">
                <span class="header__label">{ "Example" }</span>
                <select {onchange} title={*about}>
                    { for gallery::examples().iter().map(|example| html! {
                        <option key={example.id} value={example.id} selected={Some(example) == gallery::examples().first()}>{ example.title }</option>
                    }) }
                </select>
            </label>
            <p class="header__about">{ *about }</p>
        </header>
    }
}
