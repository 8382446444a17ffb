//! A lesson: its steps one after the other.

use super::bench::Bench;
use super::course::{Entry, Opened, open};
use super::finish::Finish;
use super::present::{Present, Presenting};
use super::progress::{Edit, Progress};
use super::prose::blocks;
use super::quiz::QuizCard;
use super::step_list::step_list;
use super::{address, go_to, waiting};
use crate::app::desk::Desk;
use crate::app::route::Route;
use crate::app::words::{t, tf, w};
use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use sidecar_playground::lesson::{Lesson, Step};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// The place behind the last step.
pub(crate) const DONE: &str = "~done";

#[derive(Properties, PartialEq)]
pub(crate) struct LessonPageProps {
    /// The name of the lesson in addresses.
    pub(crate) id: String,
    /// The step; the one of last time when it is empty.
    pub(crate) step: String,
    pub(crate) lessons: Rc<Vec<Entry>>,
    pub(crate) desk: Desk,
    pub(crate) language: &'static str,
}

/// A lesson.
#[component]
pub(crate) fn LessonPage(props: &LessonPageProps) -> Html {
    let opened = use_state(|| None::<Opened>);
    let presenting = use_state(begin_presenting);
    let progress = {
        let (store, id) = (props.desk.store.clone(), props.id.clone());
        use_reducer(move || Progress::load(&store, &id))
    };
    {
        let (desk, lessons, id, opened) =
            (props.desk.clone(), props.lessons.clone(), props.id.clone(), opened.setter());
        use_effect_with((), move |()| {
            open(&desk, &lessons, &id, Callback::from(move |found| opened.set(Some(found))));
        });
    }
    {
        let (store, id) = (props.desk.store.clone(), props.id.clone());
        use_effect_with((*progress).clone(), move |progress| progress.save(&store, &id));
    }
    let lesson = match &*opened {
        Some(Ok(read)) => Some(&read.lesson),
        _ => None,
    };
    let wanted = if props.step.is_empty() { &progress.at } else { &props.step };
    let at = lesson.and_then(|lesson| lesson.steps.iter().position(|step| step.id == *wanted));
    let is_finish = *wanted == DONE;
    let step = lesson.filter(|_| !is_finish).and_then(|lesson| lesson.steps.get(at.unwrap_or_default()));
    {
        let progress = progress.dispatcher();
        use_effect_with(step.map(|step| step.id.clone()), move |step| {
            if let Some(step) = step {
                progress.dispatch(Edit::Visit(step.clone()));
            }
        });
    }
    let (before, after) = lesson.map(|lesson| neighbours(&props.id, lesson, at, is_finish)).unwrap_or_default();
    use_step_keys(&before, &after, &presenting);
    let (lesson, step) = match (&*opened, step) {
        (None, _) => return waiting(),
        (Some(Err(reason)), _) => {
            return html! {
                <section class="learn"><p role="alert">{ reason }</p><p><a href="#/learn">{ t(w::LEARN_ALL) }</a></p></section>
            };
        }
        (Some(Ok(read)), None) => {
            return html! { <Finish id={props.id.clone()} lesson={Rc::new(read.lesson.clone())} lessons={props.lessons.clone()} desk={props.desk.clone()} {progress} /> };
        }
        (Some(Ok(read)), Some(step)) => (&read.lesson, step),
    };
    if presenting.is_on {
        return html! {
            <Present lesson={Rc::new(lesson.clone())} step={Rc::new(step.clone())} number={at.unwrap_or_default() + 1} {before} {after}
                desk={props.desk.clone()} {presenting} />
        };
    }
    let present = {
        let presenting = presenting.clone();
        Callback::from(move |_: MouseEvent| presenting.set(presenting.on()))
    };
    let text = step_text(props, step, &progress);
    let number = at.unwrap_or_default() + 1;
    let foot = html! {
        <nav class="lesson__foot" aria-label={t(w::LEARN_STEPS)}>
            { link_to(&before, w::LEARN_BACK, "button", "PageUp") }
            <span class="lesson__count">{ tf(w::LEARN_STEP_OF, [&number, &lesson.steps.len()]) }</span>
            { link_to(&after, w::LEARN_NEXT, "button button--main", "PageDown") }
        </nav>
    };
    let head = html! {
        <header class="lesson__head">
            <a class="lesson__all" href={Route::Learn(String::new()).address()}>{ t(w::LEARN_ALL) }</a>
            <h2 class="lesson__title">{ &lesson.title }</h2>
            { step_list(&props.id, lesson, &progress, &step.id) }
            <a class="button button--quiet" href={address("print", &props.id)}>{ t(w::PRINT_LESSON) }</a>
            <button type="button" class="button button--quiet lesson__present" title={t(w::PRESENT_ABOUT)} aria-keyshortcuts="P" onclick={present}>{ t(w::PRESENT_BEGIN) }</button>
        </header>
    };
    let Some(start) = step.start.clone() else {
        return html! {
            <div class="lesson lesson--read">
                { head }
                <div class="lesson__page"><section class="lesson__text" aria-label={step.title.clone()}>{ text }{ foot }</section></div>
            </div>
        };
    };
    html! {
        <Bench key={step.id.clone()} {head} {text} {foot} step={Rc::new(step.clone())} {start} desk={props.desk.clone()} progress={progress.clone()}
            language={props.language} next={after} />
    }
}

/// What there is to read and to answer in a step.
fn step_text(props: &LessonPageProps, step: &Step, progress: &UseReducerHandle<Progress>) -> Html {
    let own = progress.step(&step.id);
    let solution = step.solution.clone().filter(|_| own.is_done || own.is_seen);
    let question = |(index, quiz): (usize, &sidecar_playground::lesson::quiz::Quiz)| {
        let on_answer = {
            let (progress, id) = (progress.dispatcher(), step.id.clone());
            Callback::from(move |answer| progress.dispatch(Edit::Answer(id.clone(), index, answer)))
        };
        html! {
            <QuizCard key={format!("{}-{index}", step.id)} desk={props.desk.clone()} quiz={quiz.clone()} number={index + 1}
                solution={solution.clone()} given={own.answer(index).cloned()} {on_answer} />
        }
    };
    html! {
        <div class="prose" key={step.id.clone()}>
            <h3 class="prose__title">{ &step.title }<span class="prose__optional" hidden={!step.is_optional}>{ t(w::LEARN_OPTIONAL) }</span></h3>
            { blocks(&props.desk, &step.text) }
            { for step.quiz.iter().enumerate().map(question) }
        </div>
    }
}

/// The addresses of what comes before and after; empty where there is nothing.
fn neighbours(id: &str, lesson: &Lesson, at: Option<usize>, is_finish: bool) -> (String, String) {
    let place = |index: usize| lesson.steps.get(index).map(|step| address(id, &step.id)).unwrap_or_default();
    let last = lesson.steps.len().saturating_sub(1);
    match at.unwrap_or_default() {
        _ if is_finish => (place(last), String::new()),
        at => {
            let before = at.checked_sub(1).map(place).unwrap_or_default();
            (before, if at < last { place(at + 1) } else { address(id, DONE) })
        }
    }
}

fn link_to(address: &str, word: crate::app::words::Word, class: &'static str, key: &'static str) -> Html {
    let is_off = address.is_empty();
    html! {
        <a {class} hidden={is_off} href={address.to_owned()} title={format!("Alt+{key}")} aria-keyshortcuts={format!("Alt+{key}")}>{ t(word) }</a>
    }
}

/// Whether the address asks for a presentation.
fn begin_presenting() -> Presenting {
    let query = gloo::utils::window().location().search().unwrap_or_default();
    let is_wanted = query.trim_start_matches('?').split('&').any(|part| part == "present=1");
    if is_wanted { Presenting::default().on() } else { Presenting::default() }
}

/// Alt with the page keys goes from step to step, wherever the focus is; `P` begins a presentation.
#[hook]
fn use_step_keys(before: &str, after: &str, presenting: &UseStateHandle<Presenting>) {
    let presenting = presenting.clone();
    let when = (before.to_owned(), after.to_owned(), (*presenting).clone());
    use_effect_with(when, |(before, after, _)| {
        let (before, after) = (before.clone(), after.clone());
        // Before the editor takes them.
        let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: false };
        let listener = EventListener::new_with_options(&gloo::utils::window(), "keydown", options, move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            let address = match event.key().as_str() {
                "p" | "P" if !presenting.is_on && !is_typing(event) => {
                    event.prevent_default();
                    presenting.set(presenting.on());
                    return;
                }
                "PageUp" if event.alt_key() => &before,
                "PageDown" if event.alt_key() => &after,
                _ => return,
            };
            event.prevent_default();
            if !address.is_empty() {
                go_to(address);
            }
        });
        move || drop(listener)
    });
}

/// Whether a key is meant as a letter, or belongs to a shortcut of the browser.
fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event.target_dyn_into::<web_sys::Element>();
    let in_field = target
        .is_some_and(|target| target.closest("input, textarea, select, [contenteditable]").ok().flatten().is_some());
    in_field || event.ctrl_key() || event.meta_key() || event.alt_key()
}
