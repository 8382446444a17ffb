//! Language, colours, keys: what is set once.

use crate::app::Panel;
use crate::app::look::{THEMES, set_theme, theme};
use crate::app::store::Store;
use crate::app::words::{LANGUAGES, t, w};
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties)]
pub(crate) struct SettingsProps {
    pub(crate) store: Rc<Store>,
    /// The language of the page.
    pub(crate) language: &'static str,
    /// Called with another one.
    pub(crate) on_language: Callback<&'static str>,
    /// Called with the window to open.
    pub(crate) open: Callback<Panel>,
}

impl PartialEq for SettingsProps {
    fn eq(&self, other: &Self) -> bool {
        self.language == other.language && self.on_language == other.on_language
    }
}

/// A button and what it unfolds. The browser's own popover closes it again.
#[component]
pub(crate) fn Settings(props: &SettingsProps) -> Html {
    let shown = use_state_eq(theme);
    // The palette changes the theme as well.
    let ontoggle = {
        let shown = shown.setter();
        Callback::from(move |_: Event| shown.set(theme()))
    };
    let themes = THEMES.iter().map(|(id, label)| {
        let onclick = {
            let (store, shown) = (props.store.clone(), shown.setter());
            Callback::from(move |_: MouseEvent| {
                set_theme(&store, id);
                shown.set(theme());
            })
        };
        html! {
            <button key={*id} type="button" class="theme-choice" aria-pressed={(*shown == *id).to_string()} {onclick}>
                <span class={classes!("theme-choice__look", format!("theme-choice__look--{id}"))} aria-hidden="true"><i></i><i></i></span>
                { t(*label) }
            </button>
        }
    });
    let onchange = {
        let on_language = props.on_language.clone();
        Callback::from(move |event: Event| {
            let chosen = event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value());
            if let Some((id, _)) = LANGUAGES.iter().find(|(id, _)| chosen.as_deref() == Some(id)) {
                on_language.emit(id);
            }
        })
    };
    let keys = props.open.reform(|_: MouseEvent| Panel::Keys);
    html! {
        <>
            <button type="button" class="button button--icon header__settings" popovertarget="settings" aria-label={t(w::SETTINGS_TITLE)} title={t(w::SETTINGS_TITLE)}>
                <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M3 6h6m4 0h4M3 14h2m4 0h8" /><circle cx="11" cy="6" r="2" /><circle cx="7" cy="14" r="2" /></svg>
            </button>
            <section id="settings" class="settings" popover="auto" aria-label={t(w::SETTINGS_TITLE)} {ontoggle}>
                <h2 class="heading">{ t(w::SETTINGS_THEME) }</h2>
                <div class="settings__themes" role="group" aria-label={t(w::SETTINGS_THEME)}>{ for themes }</div>
                <label class="settings__language">
                    <span class="heading">{ t(w::PAGE_LANGUAGE) }</span>
                    <select class="header__language" {onchange}>
                        { for LANGUAGES.map(|(id, name)| html! {
                            <option key={id} value={id} lang={id} selected={props.language == id}>{ name }</option>
                        }) }
                    </select>
                </label>
                <p class="settings__about">{ t(w::PAGE_ENGINE_IS_ENGLISH) }</p>
                <button type="button" class="button" popovertarget="settings" popovertargetaction="hide" onclick={keys}>{ t(w::KEYS_TITLE) }{ " " }<kbd>{ "?" }</kbd></button>
            </section>
        </>
    }
}
