//! What the page starts with: what was typed before it was there, a link, the text of last time, an example.

use super::desk::Desk;
use super::learn;
use super::notice::About;
use super::query::Query;
use super::route::Route;
use super::state::{Action, State};
use super::store::{Kept, Store};
use super::words::{english, t, w};
use js_sys::JsString;
use sidecar_playground::form::Form;
use sidecar_playground::task::{Done, LessonDone, LessonTask, Task};
use sidecar_playground::view::{Badge, PictureView};
use sidecar_playground::{gallery, link};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlTextAreaElement};
use yew::{AttrValue, Callback, UseReducerDispatcher};

/// What stands in `index.html` when the page comes: `static/first.js` was there before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Taken {
    /// What was typed meanwhile.
    pub(crate) typed: AttrValue,
    /// What the field held, whoever had put it there.
    pub(crate) value: AttrValue,
    /// What is drawn.
    pub(crate) pictures: Vec<PictureView>,
    pub(crate) contents: Vec<JsString>,
}

impl Taken {
    pub(crate) fn from_page() -> Self {
        let document = gloo::utils::document();
        let mut this = Self::default();
        if let Some(field) = first_field() {
            this.value = field.value().into();
            if field.default_value().as_ref() != Ok(&field.value()) {
                this.typed = this.value.clone();
            }
        }
        let Ok(figures) = document.query_selector_all("#diagram > [data-form]") else { return this };
        for figure in (0..figures.length()).filter_map(|index| figures.get(index)?.dyn_into::<Element>().ok()) {
            let text = |name: &str| figure.get_attribute(name).unwrap_or_default();
            let part = |selector: &str| figure.query_selector(selector).ok().flatten();
            let form = Form::BOTH.into_iter().find(|form| form.id() == text("data-form"));
            let summary = part(".figure__summary").and_then(|part| part.text_content()).unwrap_or_default();
            let is_written = form.is_none() || text("data-badge") == Badge::Yours.id();
            this.pictures.push(PictureView { form, is_written, summary, ..PictureView::default() });
            this.contents.push(part(".picture").map(|part| part.inner_html()).unwrap_or_default().into());
        }
        this
    }
}

/// The plain field of the playground: that of `index.html`, then that of the page.
pub(crate) fn first_field() -> Option<HtmlTextAreaElement> {
    gloo::utils::document().get_element_by_id("editor-text")?.dyn_into().ok()
}

/// What the page starts with.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Start {
    pub(crate) text: AttrValue,
    /// The example that this text is.
    pub(crate) example: Option<&'static str>,
    /// A text that is left out because the last start with it did not come to its end.
    pub(crate) left_out: Option<Kept>,
}

impl Start {
    /// `typed` is what someone typed while the page was loading.
    pub(crate) fn new(store: &Store, typed: &str, query: &Query) -> Self {
        let was_unfinished = store.begin();
        let kept = store.text();
        if !typed.trim().is_empty() {
            if let Some(kept) = kept {
                store.remember(english(w::WHY_OPENED_AGAIN), &kept.text);
            }
            return Self { text: typed.to_owned().into(), ..Self::default() };
        }
        if was_unfinished || query.is_safe {
            if let Some(kept) = &kept {
                store.remember(english(w::WHY_SAFE_START), &kept.text);
            }
            return Self { left_out: kept, ..Self::default() };
        }
        // The text of an embedded page, and an example that was asked for, come when the page is there.
        if query.is_embedded || query.example.is_some() {
            if let Some(kept) = &kept {
                store.remember(english(w::WHY_EXAMPLE), &kept.text);
            }
            return Self { example: query.example, ..Self::default() };
        }
        match kept {
            Some(kept) => Self { text: kept.text.into(), ..Self::default() },
            // Whatever the link turns out to be: an example in its place would be taken for its content.
            None if fragment_to_open().is_some() => Self::default(),
            None => {
                let first = gallery::first();
                let text = first.map_or("", |(_, text)| text);
                Self { text: text.into(), example: first.map(|(example, _)| example.id), ..Self::default() }
            }
        }
    }

    /// Says what was left out.
    pub(crate) fn tell(&self, desk: &Desk) {
        let Some(kept) = self.left_out.clone() else { return };
        let bring_back = {
            let desk = desk.clone();
            Callback::from(move |()| desk.replace(&kept.text, t(w::TEXT_IS_BACK), w::WHY_BROUGHT_BACK))
        };
        desk.say(About::Text, t(w::TEXT_LEFT_OUT), Some((t(w::TEXT_BRING_BACK), bring_back)));
    }
}

/// The part of the address behind `#`, when it is no part of the site.
fn fragment_to_open() -> Option<String> {
    let hash = gloo::utils::window().location().hash().unwrap_or_default();
    let is_page = Route::find(&hash).is_some();
    (!is_page).then(|| hash.strip_prefix('#').unwrap_or(&hash).to_owned())
}

/// Opens the link that the address holds, if it holds one.
pub(crate) fn open_link(desk: &Desk, dispatcher: &UseReducerDispatcher<State>) {
    let Some(fragment) = fragment_to_open() else { return };
    if link::is_lesson(&fragment) {
        open_lesson(desk, fragment);
        return;
    }
    let on_done = {
        let (desk, dispatcher) = (desk.clone(), dispatcher.clone());
        Callback::from(move |done| match done {
            Done::Opened(Ok(shared)) => {
                // From here on the text is the visitor's own: the address must not bring the old one back.
                let window = gloo::utils::window();
                let path = window.location().pathname().unwrap_or_default();
                let path = path + &window.location().search().unwrap_or_default();
                if let Ok(history) = window.history() {
                    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
                }
                dispatcher.dispatch(Action::Apply(shared.settings));
                desk.replace(&shared.text, t(w::TEXT_OPENED_LINK), w::WHY_LINK);
            }
            Done::Opened(Err(damage)) => {
                let action = damage.recovered.map(|text| {
                    let desk = desk.clone();
                    let show = move |()| desk.replace(&text, t(w::TEXT_LINK_BEGINNING), w::WHY_LINK);
                    (t(w::TEXT_SHOW_BEGINNING), Callback::from(show))
                });
                desk.say(About::Link, &damage.message, action);
            }
            _ => {}
        })
    };
    desk.engine.run("", &Task::Open(fragment), on_done);
}

/// Keeps the lesson of a link, and goes there.
fn open_lesson(desk: &Desk, fragment: String) {
    let on_done = {
        let (desk, fragment) = (desk.clone(), fragment.clone());
        Callback::from(move |done| match done {
            Done::Lesson(LessonDone::Opened(Ok(_))) => {
                learn::go_to(&learn::address(&learn::keep_link(&desk.store, &fragment), ""));
            }
            Done::Lesson(LessonDone::Opened(Err(damage))) => desk.say(About::Link, &damage.message, None),
            _ => {}
        })
    };
    desk.engine.run("", &Task::Lesson(LessonTask::Open(fragment)), on_done);
}
