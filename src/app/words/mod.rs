//! What the page itself says, in the language of its visitor.
//!
//! English is compiled in. Another language is a file that is fetched when it is wanted: a list in the order of `en.yaml`,
//! and phrases that are looked up by their English text (terms of the engine, words of the editor). `boot.js` chooses the
//! language before anything is drawn.

use super::fetch::fetch_json;
use js_sys::{Array, Promise, Reflect};
use std::cell::{Cell, RefCell};
use std::fmt::{Display, Write as _};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// The languages, and what each calls itself.
pub(crate) const LANGUAGES: [(&str, &str); 2] = [("en", "English"), ("de", "Deutsch")];

/// The language that is compiled in.
const OWN: &str = "en";

/// Something to say, with this many values in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word<const VALUES: usize = 0>(u16);

thread_local! {
    static LANGUAGE: Cell<&'static str> = const { Cell::new(OWN) };
    static TABLE: Cell<&'static [&'static str]> = const { Cell::new(ENGLISH) };
    static PHRASES: RefCell<JsValue> = const { RefCell::new(JsValue::UNDEFINED) };
}

/// The words of a constant.
pub(crate) fn t(word: Word) -> &'static str {
    pattern(word.0)
}

/// The same with values in it, in the order in which they stand in English.
pub(crate) fn tf<const VALUES: usize>(word: Word<VALUES>, values: [&dyn Display; VALUES]) -> String {
    fill(pattern(word.0), &values)
}

/// Which of two to say of so many.
pub(crate) fn one_or_many<const VALUES: usize>(count: usize, one: Word<VALUES>, many: Word<VALUES>) -> Word<VALUES> {
    if count == 1 { one } else { many }
}

/// The English words, as they are kept where the language may be another one later.
pub(crate) fn english(word: Word) -> &'static str {
    ENGLISH.get(usize::from(word.0)).copied().unwrap_or_default()
}

/// An English text in the language of the page, if there is one for it. In a phrase, `#` stands for any number.
pub(crate) fn said(english: &str) -> String {
    // Asking `undefined` for a field throws, which takes longer than all the rest of a rendering.
    if PHRASES.with_borrow(JsValue::is_undefined) {
        return english.to_owned();
    }
    let phrase = |text: &str| PHRASES.with_borrow(|phrases| Reflect::get(phrases, &text.into()).ok()?.as_string());
    let kept = || {
        let index = ENGLISH.iter().position(|known| *known == english)?;
        TABLE.get().get(index).map(|text| (*text).to_owned())
    };
    let numbered = || {
        let mut numbers = english.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
        let pattern = numbers.clone().fold(english.to_owned(), |text, number| text.replacen(number, "#", 1));
        let found = phrase(&pattern).filter(|_| pattern != english)?;
        Some(found.split_inclusive('#').map(|part| part.replace('#', numbers.next().unwrap_or_default())).collect())
    };
    phrase(english).or_else(kept).or_else(numbered).unwrap_or_else(|| english.to_owned())
}

/// The language of the page.
pub(crate) fn language() -> &'static str {
    LANGUAGE.get()
}

/// English texts and what they are called in the language of the page.
pub(crate) fn phrases() -> JsValue {
    PHRASES.with_borrow(JsValue::clone)
}

/// Takes over the language that `boot.js` chose. Its words are on their way already.
pub(crate) async fn begin() {
    let promised = Reflect::get(&gloo::utils::window(), &"sidecarWords".into()).ok();
    let Some(promise) = promised.and_then(|promised| promised.dyn_into::<Promise>().ok()) else { return };
    match JsFuture::from(promise).await {
        Ok(words) if words.is_object() => {
            speak(&gloo::utils::document_element().get_attribute("lang").unwrap_or_default(), Some(&words));
        }
        _ => speak(OWN, None),
    }
}

/// Goes over to another language.
pub(crate) async fn choose(language: &str) -> Result<(), String> {
    let words = if language == OWN { None } else { Some(fetch_json(&format!("words-{language}")).await?) };
    speak(language, words.as_ref());
    Ok(())
}

fn speak(language: &str, words: Option<&JsValue>) {
    let Some((id, _)) = LANGUAGES.iter().find(|(id, _)| *id == language) else { return };
    let field = |name: &str| words.and_then(|words| Reflect::get(words, &name.into()).ok()).unwrap_or_default();
    let table = field("words").dyn_into::<Array>().ok().map(|list| {
        // A page is in few languages in its life: what is never given back stays small.
        let list: Vec<&'static str> =
            list.iter().map(|text| &*Box::leak(text.as_string().unwrap_or_default().into_boxed_str())).collect();
        &*Box::leak(list.into_boxed_slice())
    });
    TABLE.set(table.unwrap_or(ENGLISH));
    PHRASES.set(field("phrases"));
    LANGUAGE.set(id);
    let _ = gloo::utils::document_element().set_attribute("lang", id);
}

fn pattern(index: u16) -> &'static str {
    TABLE.get().get(usize::from(index)).copied().unwrap_or_default()
}

fn fill(pattern: &str, values: &[&dyn Display]) -> String {
    let mut parts = pattern.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (place, rest) in parts.filter_map(|part| part.split_once('}')) {
        if let Some(value) = place.parse::<usize>().ok().and_then(|place| values.get(place)) {
            let _ = write!(text, "{value}");
        }
        text.push_str(rest);
    }
    text
}
