//! Make a lesson: write its steps, choose goals from what is true of a solution, and send it as a link or take it as files.

mod ask;
mod draft;
mod field;
mod goals;
mod missing;
mod questions;
mod result;

use crate::app::desk::Desk;
use crate::app::notice::About;
use crate::app::route::Route;
use crate::app::words::{Word, t, w};
use ask::{Answer, ask_soon};
use draft::{Edit, Making, parts};
use field::{button, field, manifest, number};
use gloo::timers::callback::Timeout;
use missing::step_name;
use sidecar_playground::lesson::DraftStep;
use sidecar_playground::task::{Done, LessonDone, LessonTask, Task};
use yew::prelude::*;

/// Under what the draft is kept.
const NAME: &str = "sidecar-playground/draft/1";

#[derive(Properties, PartialEq)]
pub(crate) struct MakeProps {
    pub(crate) desk: Desk,
    pub(crate) language: &'static str,
}

/// The page to make a lesson.
#[component]
pub(crate) fn Make(props: &MakeProps) -> Html {
    let making = use_reducer(Making::default);
    let (draft, at) = (&making.draft, making.at);
    let answer = use_reducer(Answer::default);
    let waiting = use_mut_ref(|| None::<Timeout>);
    let is_loaded = use_state(|| false);
    {
        let (desk, making, is_loaded) = (props.desk.clone(), making.dispatcher(), is_loaded.setter());
        use_effect_with((), move |()| match desk.store.read(NAME) {
            Some(json) => {
                let on_done = Callback::from(move |done| {
                    if let Done::Lesson(LessonDone::Read(read)) = done
                        && !read.draft.steps.is_empty()
                    {
                        making.dispatch(Box::new(move |making| making.draft = read.draft));
                    }
                    is_loaded.set(true);
                });
                desk.engine.run("", &Task::Lesson(LessonTask::Read(json)), on_done);
            }
            None => is_loaded.set(true),
        });
    }
    {
        let (desk, answer) = (props.desk.clone(), answer.dispatcher());
        use_effect_with((draft.clone(), at, *is_loaded), move |(draft, at, is_loaded)| {
            if *is_loaded {
                let store = desk.store.clone();
                let keep = move |json: &str| store.write(NAME, json);
                *waiting.borrow_mut() = Some(ask_soon(&desk, draft, *at, answer, keep));
            }
        });
    }
    let edit = Edit(making.dispatcher());
    let step = draft.steps.get(at).cloned().unwrap_or_default();
    html! {
        <section class="learn make" aria-labelledby="make-title">
            <a class="lesson__all" href={Route::Learn(String::new()).address()}>{ t(w::LEARN_ALL) }</a>
            <h2 id="make-title" class="catalogue__title">{ t(w::MAKE_TITLE) }</h2>
            <p class="catalogue__intro">{ t(w::MAKE_ABOUT) }</p>
            <div class="make__card">
                { field(w::MAKE_LESSON_TITLE, &draft.title, 1, edit.lesson(|making, value| making.draft.title = value)) }
                { field(w::MAKE_LESSON_ABOUT, &draft.about, 2, edit.lesson(|making, value| making.draft.about = value)) }
                { number(w::MAKE_MINUTES, draft.minutes, edit.lesson(|making, value| making.draft.minutes = value.trim().parse().unwrap_or_default())) }
            </div>
            { tabs(&making, &props.desk, &edit) }
            <div class="make__card" key={at}>
                { field(w::MAKE_STEP_TITLE, &step.title, 1, edit.step(|step, value| step.title = value)) }
                { field(w::MAKE_TEXT, &step.text, 7, edit.step(|step, value| step.text = value)) }
                <div class="make__pair">
                    { manifest(w::MAKE_START, &step.start, edit.step(|step, value| step.start = value)) }
                    { manifest(w::MAKE_SOLUTION, &step.solution, edit.step(|step, value| step.solution = value)) }
                </div>
                { goals::goals(&step, &answer, &edit) }
                { field(w::MAKE_HINTS, &step.hints.join("\n\n"), 4, edit.step(|step, value| step.hints = parts(&value, "\n\n"))) }
                { questions::questions(&step, &answer, &edit) }
                { field(w::MAKE_NOTES, &step.notes, 2, edit.step(|step, value| step.notes = value)) }
            </div>
            { result::result(draft, &answer.made) }
            <p>{ clear(&making, &props.desk) }</p>
        </section>
    }
}

/// The steps, and what makes more or fewer of them.
fn tabs(making: &UseReducerHandle<Making>, desk: &Desk, edit: &Edit) -> Html {
    let tab = |(index, own): (usize, &DraftStep)| {
        let onclick = edit.lesson(move |making, _| making.at = index).reform(|_: MouseEvent| String::new());
        let is_shown = making.at == index;
        html! { <button key={index} type="button" class="levels__button" aria-pressed={is_shown.to_string()} {onclick}>{ name_in_tab(own, index) }</button> }
    };
    let add = edit.lesson(|making, _| {
        making.draft.steps.push(DraftStep::default());
        making.at = making.draft.steps.len() - 1;
    });
    let remove = with_undo(making, desk, w::MAKE_STEP_REMOVED, |making| {
        if making.at < making.draft.steps.len() {
            making.draft.steps.remove(making.at);
        }
    });
    html! {
        <div class="make__tabs" role="group" aria-label={t(w::LEARN_STEPS)}>
            { for making.draft.steps.iter().enumerate().map(tab) }
            { button(w::MAKE_ADD_STEP, add.reform(|_: MouseEvent| String::new()), false) }
            { button(w::MAKE_REMOVE_STEP, remove, making.draft.steps.len() < 2) }
        </div>
    }
}

fn name_in_tab(step: &DraftStep, index: usize) -> String {
    if step.title.trim().is_empty() { step_name(step, index) } else { format!("{}. {}", index + 1, step.title) }
}

fn clear(making: &UseReducerHandle<Making>, desk: &Desk) -> Html {
    let onclick = with_undo(making, desk, w::MAKE_CLEARED, |making| *making = Making::default());
    html! { <button type="button" class="button button--quiet" {onclick}>{ t(w::MAKE_CLEAR) }</button> }
}

/// A change that takes something away, and the way back.
fn with_undo(
    making: &UseReducerHandle<Making>,
    desk: &Desk,
    said: Word,
    change: fn(&mut Making),
) -> Callback<MouseEvent> {
    let (making, desk) = (making.clone(), desk.clone());
    Callback::from(move |_: MouseEvent| {
        let before = (*making).clone();
        making.dispatch(Box::new(change));
        let undo = {
            let making = making.dispatcher();
            Callback::from(move |()| {
                let before = before.clone();
                making.dispatch(Box::new(move |making| *making = before));
            })
        };
        desk.say(About::Text, t(said), Some((t(w::PAGE_UNDO), undo)));
    })
}
