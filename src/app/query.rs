//! How to show what is there: the part of the address behind `?`. What a user typed never stands there.

use super::look::THEMES;
use super::words::LANGUAGES;
use sidecar_playground::diagram::kinds::KINDS;
use sidecar_playground::gallery;
use sidecar_playground::link::Settings;
use wasm_bindgen::JsValue;

/// The parts of the page that an embedded one shows.
const VIEWS: [&str; 4] = ["diagram", "edit", "split", "findings"];

/// What the address asks for. What is not known is left out; what is wrong is named.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Query {
    /// Inside another page.
    pub(crate) is_embedded: bool,
    pub(crate) is_read_only: bool,
    /// Without what is kept.
    pub(crate) is_safe: bool,
    /// One of [`VIEWS`], for an embedded page.
    pub(crate) view: &'static str,
    pub(crate) example: Option<&'static str>,
    /// The address of a manifest that is offered, never asked for by itself.
    pub(crate) url: Option<String>,
    pub(crate) settings: Settings,
    /// `view=nothing`, where `nothing` is none of its values.
    pub(crate) wrong: Vec<String>,
}

impl Query {
    /// What the address of this page asks for.
    pub(crate) fn current() -> Self {
        Self::read(&gloo::utils::window().location().search().unwrap_or_default())
    }

    fn read(query: &str) -> Self {
        let mut this = Self { view: "diagram", ..Self::default() };
        for part in query.trim_start_matches('?').split('&') {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = js_sys::decode_uri_component(value).map(String::from).unwrap_or_default();
            let is_on = matches!(value.as_str(), "" | "1" | "true");
            let is_right = match name {
                "embed" => {
                    this.is_embedded = is_on;
                    true
                }
                "readonly" => {
                    this.is_read_only = is_on;
                    true
                }
                "safe" => {
                    this.is_safe = is_on;
                    true
                }
                "view" => VIEWS.iter().find(|view| **view == value).map(|view| this.view = view).is_some(),
                "example" => gallery::example(&value).map(|example| this.example = Some(example.id)).is_some(),
                "url" => {
                    this.url =
                        Some(value.clone()).filter(|url| web_sys::Url::new(url).is_ok() && url.starts_with("http"));
                    this.url.is_some()
                }
                "diagram" => {
                    this.settings.kind.clone_from(&value);
                    KINDS.iter().any(|kind| kind.id == value)
                }
                "k8s" => {
                    this.settings.k8s.clone_from(&value);
                    sidecar_playground::release::Release::parse(&value).is_some()
                }
                // `boot.js` has seen to these already.
                "theme" => THEMES.iter().any(|(id, _)| *id == value),
                "lang" => LANGUAGES.iter().any(|(id, _)| *id == value),
                _ => true,
            };
            if !is_right {
                this.wrong.push(format!("{name}={value}"));
            }
        }
        if let Some(example) = this.example.and_then(gallery::example).filter(|_| this.settings.kind.is_empty()) {
            this.settings.kind = example.kind.to_owned();
        }
        this
    }
}

/// Takes a part out of the address, which would bring back what was changed since.
pub(crate) fn forget(name: &str) {
    let window = gloo::utils::window();
    let location = window.location();
    let query = location.search().unwrap_or_default();
    let is_it = |part: &&str| part.split_once('=').map_or(*part, |(name, _)| name) == name;
    let parts: Vec<&str> = query.trim_start_matches('?').split('&').filter(|part| !is_it(part)).collect();
    let mut address = location.pathname().unwrap_or_default();
    if !parts.concat().is_empty() {
        address = address + "?" + &parts.join("&");
    }
    address += &location.hash().unwrap_or_default();
    if let Ok(history) = window.history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}
