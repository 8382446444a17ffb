//! The hand-out: a lesson or the whole course on paper, with room for notes, and the answers on pages of their own.

use super::course::{Entry, open};
use super::drawn::{Drawn, is_wide};
use super::prose::{blocks, line};
use super::quiz::right_answer;
use super::{address, waiting};
use crate::app::components::difference;
use crate::app::desk::Desk;
use crate::app::prose::prose;
use crate::app::route::Route;
use crate::app::words::{t, tf, w};
use sidecar_playground::lesson::{Lesson, Step};
use sidecar_playground::task::ReadLesson;
use std::rc::Rc;
use yew::prelude::*;

/// Manifests with more lines than this stand in two columns above their pictures, so that no page parts the two.
const LONG: usize = 34;
/// Lines for notes on a page.
const RULED: usize = 33;

#[derive(Properties, PartialEq)]
pub(crate) struct HandoutProps {
    /// The name of the lesson in addresses; the whole course when it is empty.
    pub(crate) id: String,
    pub(crate) lessons: Rc<Vec<Entry>>,
    pub(crate) desk: Desk,
    pub(crate) language: &'static str,
}

/// The lessons that have arrived, in the order of the course.
#[derive(Clone, Default, PartialEq)]
struct Arrived(Vec<Option<Rc<ReadLesson>>>);

impl Reducible for Arrived {
    type Action = (usize, Option<Rc<ReadLesson>>);

    fn reduce(self: Rc<Self>, (index, lesson): Self::Action) -> Rc<Self> {
        let mut all = self.0.clone();
        let size = all.len().max(index + 1);
        all.resize(size, None);
        if let Some(own) = all.get_mut(index) {
            *own = lesson;
        }
        Rc::new(Self(all))
    }
}

/// The hand-out.
#[component]
pub(crate) fn Handout(props: &HandoutProps) -> Html {
    let arrived = use_reducer(Arrived::default);
    let has_answers = use_state(|| true);
    let ids: Vec<String> = match props.id.as_str() {
        "" => props.lessons.iter().map(|entry| entry.id.clone()).collect(),
        id => vec![id.to_owned()],
    };
    {
        let (desk, lessons, arrived) = (props.desk.clone(), props.lessons.clone(), arrived.dispatcher());
        use_effect_with(ids.clone(), move |ids| {
            for (index, id) in ids.iter().enumerate() {
                let arrived = arrived.clone();
                let on_opened = Callback::from(move |read: Result<_, _>| arrived.dispatch((index, read.ok())));
                open(&desk, &lessons, id, on_opened);
            }
        });
    }
    let there: Vec<&Lesson> = arrived.0.iter().flatten().map(|read| &read.lesson).collect();
    if there.len() < ids.len() {
        return waiting();
    }
    let print = Callback::from(|_: MouseEvent| drop(gloo::utils::window().print()));
    let onchange = {
        let has_answers = has_answers.clone();
        Callback::from(move |_: Event| has_answers.set(!*has_answers))
    };
    let back = if props.id.is_empty() { Route::Learn(String::new()).address() } else { address(&props.id, "") };
    html! {
        <section class="learn handout">
            <div class="handout__ruled" aria-hidden="true">{ for (0..RULED).map(|_| html! { <i /> }) }</div>
            <header class="handout__tools">
                <a class="lesson__all" href={back}>{ t(w::PRINT_BACK) }</a>
                <label class="change__choice"><input type="checkbox" checked={*has_answers} {onchange} />{ t(w::PRINT_ANSWERS) }</label>
                <button type="button" class="button button--main" onclick={print}>{ t(w::LEARN_PRINT) }</button>
                <a class="button" href={address("card", "")}>{ t(w::PRINT_CARD) }</a>
                <p class="answer__note">{ t(w::PRINT_ABOUT) }</p>
            </header>
            { for there.iter().map(|lesson| pages(&props.desk, lesson)) }
            { if *has_answers { html! { <div class="handout__answers">{ for there.iter().map(|lesson| answers(&props.desk, lesson)) }</div> } } else { Html::default() } }
        </section>
    }
}

fn pages(desk: &Desk, lesson: &Lesson) -> Html {
    let step = |(index, step): (usize, &Step)| {
        let goals = step.goals.iter().map(|aim| html! { <li>{ prose(&aim.sentence) }</li> });
        let questions = step.quiz.iter().map(|quiz| {
            let options = quiz.kind.options();
            html! {
                <div class="handout__question">
                    <p><strong>{ line(&quiz.ask) }</strong></p>
                    <p class="quiz__kind" hidden={!quiz.is_about_solution}>{ t(w::QUIZ_AFTER_GOALS) }</p>
                    { for quiz.manifest.iter().map(|text| listing(text)) }
                    <ul class="handout__boxes" hidden={options.is_empty()}>{ for options.iter().map(|words| html! { <li>{ line(words) }</li> }) }</ul>
                    <p class="handout__line" hidden={!options.is_empty()}>{ t(w::QUIZ_LABEL) }{ ":" }</p>
                </div>
            }
        });
        let manifest = step.start.as_ref().map(|start| {
            let is_wide = is_wide(&step.look);
            let is_long = start.lines().count() > LONG;
            let class = classes!(
                "handout__sheet",
                is_wide.then_some("handout__sheet--wide"),
                is_long.then_some("handout__sheet--long")
            );
            html! {
                <div {class}>
                    { listing(start) }
                    <Drawn desk={desk.clone()} manifest={start.clone()} look={step.look.clone()} />
                </div>
            }
        });
        html! {
            <section class="handout__step prose" key={step.id.clone()}>
                <h3 class="prose__title">{ index + 1 }{ ". " }{ &step.title }</h3>
                { blocks(desk, &step.text) }
                { for manifest }
                <div class="handout__goals" hidden={step.goals.is_empty()}><h4>{ t(w::LEARN_GOALS) }</h4><ul class="handout__boxes">{ for goals }</ul></div>
                { for questions }
                <div class="handout__notes" aria-hidden="true"><span>{ t(w::PRINT_NOTES) }</span></div>
            </section>
        }
    };
    html! {
        <article class="handout__lesson" key={lesson.id.clone()}>
            <h2>{ &lesson.title }</h2>
            <p class="handout__about">{ &lesson.about }</p>
            { for lesson.steps.iter().enumerate().map(step) }
        </article>
    }
}

fn answers(desk: &Desk, lesson: &Lesson) -> Html {
    let has_answer = |step: &&Step| step.solution.is_some() || !step.quiz.is_empty();
    let step = |step: &Step| {
        let solution = step.solution.as_ref().map(|solution| {
            html! { <pre class="handout__diff">{ difference(step.start.as_deref().unwrap_or_default(), solution) }</pre> }
        });
        let questions = step.quiz.iter().map(|quiz| {
            html! {
                <div class="handout__question">
                    <p><strong>{ line(&quiz.ask) }</strong></p>
                    <p>{ "→ " }{ right_answer(quiz) }</p>
                    { blocks(desk, &quiz.because) }
                </div>
            }
        });
        html! {
            <section class="handout__step prose">
                <h3 class="prose__title">{ &step.title }</h3>
                { for solution }
                { for questions }
            </section>
        }
    };
    html! {
        <article class="handout__lesson" key={format!("{}-answers", lesson.id)}>
            <h2>{ tf(w::PRINT_ANSWERS_OF, [&lesson.title]) }</h2>
            { for lesson.steps.iter().filter(has_answer).map(step) }
        </article>
    }
}

/// A manifest with numbers on its lines.
fn listing(text: &str) -> Html {
    let lines = text.lines().map(|line| html! { <span class="listing__line">{ line }{ "\n" }</span> });
    html! { <pre class="listing">{ for lines }</pre> }
}
