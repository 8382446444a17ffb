//! Lessons: the course, a lesson step by step, its presentation and its hand-out, and the page to make one's own.
//!
//! A lesson is fetched as a text and read by the engine, which also checks goals and answers; the page only shows that. Places
//! below `#/learn/`: nothing for the course, `<lesson>/<step>`, `<lesson>/~done`; `print`, `print/<lesson>`, `card`, `make`. A lesson that is not of this site begins with
//! a sign: `~` for one out of a link, `@` for a file in the folder `lessons` beside the page.

mod answer;
mod bench;
mod card;
mod course;
mod drawn;
mod finish;
mod goals;
mod handout;
mod lesson_page;
mod make;
mod notes;
mod overview;
mod present;
mod progress;
mod prose;
mod quiz;
mod step_list;
mod zip;

use super::desk::Desk;
use super::route::Route;
pub(crate) use course::keep_link;
use course::{Entry, course};
use handout::Handout;
use lesson_page::LessonPage;
use make::Make;
use overview::Overview;
use sidecar_playground::lesson::Look;
use sidecar_playground::link::Settings;
use std::rc::Rc;
use yew::prelude::*;

/// The address of a lesson or a step.
pub(crate) fn address(lesson: &str, step: &str) -> String {
    let place = if step.is_empty() { lesson.to_owned() } else { format!("{lesson}/{step}") };
    Route::Learn(place).address()
}

/// Goes to another place of the site.
pub(crate) fn go_to(address: &str) {
    let _ = gloo::utils::window().location().set_hash(address);
}

/// What the playground shows when it looks at a manifest as a step of a lesson does.
fn settings(look: &Look) -> Settings {
    let Look { kind, what_if, release } = look.clone();
    Settings { kind, scenario: what_if, k8s: release, ..Settings::default() }
}

#[derive(Properties, PartialEq)]
pub(crate) struct LearnPageProps {
    /// The place below `#/learn/`.
    pub(crate) path: String,
    /// The desk of the playground: its engine, its store and its messages serve the lessons too.
    pub(crate) desk: Desk,
    /// The language of the page.
    pub(crate) language: &'static str,
}

/// What the page shows below `#/learn`.
#[component]
pub(crate) fn LearnPage(props: &LearnPageProps) -> Html {
    let lessons = use_state(|| None::<Result<Rc<Vec<Entry>>, String>>);
    {
        let lessons = lessons.setter();
        use_effect_with((), move |()| {
            yew::platform::spawn_local(async move { lessons.set(Some(course().await.map(Rc::new))) });
        });
    }
    let lessons = match &*lessons {
        None => return waiting(),
        Some(Err(reason)) => return html! { <p class="learn__trouble" role="alert">{ reason }</p> },
        Some(Ok(lessons)) => lessons.clone(),
    };
    let (desk, language) = (props.desk.clone(), props.language);
    match props.path.split_once('/').unwrap_or((&props.path, "")) {
        ("make", _) => html! { <Make {desk} {language} /> },
        ("card", _) => card::card(),
        ("print", id) => html! { <Handout key={id.to_owned()} id={id.to_owned()} {lessons} {desk} {language} /> },
        ("", _) => html! { <Overview {lessons} {desk} {language} /> },
        (id, step) => {
            html! { <LessonPage key={id.to_owned()} id={id.to_owned()} step={step.to_owned()} {lessons} {desk} {language} /> }
        }
    }
}

/// Shown while something is on its way.
fn waiting() -> Html {
    use super::words::{t, w};
    html! { <p class="learn__waits" role="status">{ t(w::LEARN_LOADING) }</p> }
}
