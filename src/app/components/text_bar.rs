//! Above the text: examples to put in its place, and what can be done with it as a whole.

use crate::app::Panel;
use crate::app::words::{language, said, t, w};
use sidecar_playground::gallery::{self, Example};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct TextBarProps {
    /// The example that is shown, as long as nobody has changed it.
    pub(crate) example: Option<&'static str>,
    /// Called with the id of the example that was chosen.
    pub(crate) on_example: Callback<&'static str>,
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
}

/// The bar.
#[component]
pub(crate) fn TextBar(props: &TextBarProps) -> Html {
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
    let choose = props.on_open.reform(|_: MouseEvent| ());
    let address = props.on_address.reform(|_: MouseEvent| ());
    let clear = props.on_clear.reform(|_: MouseEvent| ());
    let history = props.open.reform(|_: MouseEvent| Panel::History);
    html! {
        <div class="text-bar">
            <select class="text-bar__examples" {onchange} title={about} lang="en" aria-label={t(w::EXAMPLE_LABEL)}>
                <option key="" value="" selected={shown.is_none()} disabled=true lang={props.language}>{ t(w::EXAMPLE_CHOOSE) }</option>
                { for gallery::GROUPS.iter().map(|group| options(*group, props.example)) }
            </select>
            <div class="tools" role="group" aria-label={t(w::TOOLS_LABEL)}>
                <button type="button" class="button" title={t(w::TOOLS_OPEN_ABOUT)} onclick={choose}>{ t(w::TOOLS_OPEN) }</button>
                <button type="button" class="button button--icon tools__address" aria-haspopup="dialog" aria-label={t(w::ADDRESS_OPEN)} title={t(w::ADDRESS_OPEN_ABOUT)} onclick={address}>
                    <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M8.5 11.5a3.2 3.2 0 0 0 4.6 0l3-3a3.2 3.2 0 0 0-4.6-4.6L10 5.4M11.5 8.5a3.2 3.2 0 0 0-4.6 0l-3 3a3.2 3.2 0 0 0 4.6 4.6l1.5-1.5" /></svg>
                </button>
                <button type="button" class="button" onclick={clear}>{ t(w::TOOLS_CLEAR) }</button>
                <button type="button" class="button button--icon" aria-haspopup="dialog" aria-label={t(w::TOOLS_HISTORY)} title={t(w::TOOLS_HISTORY_TITLE)} onclick={history}>
                    <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M3.6 8a6.8 6.8 0 1 1-.4 3.5M3 3.5V8h4.5M10 6v4.2l2.8 1.7" /></svg>
                </button>
            </div>
        </div>
    }
}

fn options((digit, title): (char, &'static str), shown: Option<&'static str>) -> Html {
    let examples = gallery::examples().iter().filter(|example| example.digit == digit);
    let option = |example: &Example| {
        html! { <option key={example.id} value={example.id} lang="en" selected={shown == Some(example.id)}>{ example.title }</option> }
    };
    html! { <optgroup key={title} label={said(title)} lang={language()}>{ for examples.map(option) }</optgroup> }
}
