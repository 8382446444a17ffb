//! The end of a lesson: what was done, and what comes next. It can be printed.

use super::course::Entry;
use super::progress::{Edit, Mark, Progress};
use super::step_list::{mark_word, step_list};
use super::{address, lesson_page::DONE};
use crate::app::desk::Desk;
use crate::app::notice::About;
use crate::app::route::Route;
use crate::app::words::{one_or_many, t, tf, w};
use sidecar_playground::lesson::{Lesson, Step};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct FinishProps {
    /// The name of the lesson in addresses.
    pub(crate) id: String,
    pub(crate) lesson: Rc<Lesson>,
    pub(crate) lessons: Rc<Vec<Entry>>,
    pub(crate) desk: Desk,
    pub(crate) progress: UseReducerHandle<Progress>,
}

/// What stands behind the last step.
#[component]
pub(crate) fn Finish(props: &FinishProps) -> Html {
    let (lesson, progress) = (&props.lesson, &props.progress);
    let mark = |step: &Step| progress.step(&step.id).mark(step.goals.len(), step.quiz.len());
    let counted: Vec<&Step> = lesson.steps.iter().filter(|step| !step.is_optional).collect();
    let finished = counted.iter().filter(|step| matches!(mark(step), Mark::Done | Mark::Seen)).count();
    let is_done = finished == counted.len();
    // How many questions of a step were answered rightly, and how many it has.
    let answered = |step: &Step| {
        let own = progress.step(&step.id);
        let is_right = |(index, quiz): &(usize, &sidecar_playground::lesson::quiz::Quiz)| {
            own.answer(*index).is_some_and(|answer| quiz.is_right(answer))
        };
        (step.quiz.iter().enumerate().filter(is_right).count(), step.quiz.len())
    };
    let (right, asked) = lesson.steps.iter().map(answered).fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
    let rows = lesson.steps.iter().map(|step| {
        let hints = progress.step(&step.id).hints;
        let (right, asked) = answered(step);
        let hints_used = one_or_many(hints, w::LEARN_HINTS_USED_ONE, w::LEARN_HINTS_USED);
        let facts = [
            (asked > 0).then(|| tf(w::LEARN_RIGHT_SHORT, [&right, &asked])),
            (hints > 0).then(|| tf(hints_used, [&hints])),
        ];
        html! {
            <tr>
                <th scope="row"><a href={address(&props.id, &step.id)}>{ &step.title }</a></th>
                <td class={format!("finish__mark finish__mark--{}", mark(step).id())}>{ t(mark_word(mark(step))) }</td>
                <td class="finish__facts">{ for facts.into_iter().flatten().map(|fact| html! { <span>{ fact }</span> }) }</td>
            </tr>
        }
    });
    let at = props.lessons.iter().position(|entry| entry.id == props.id);
    let next = at.and_then(|at| props.lessons.get(at + 1));
    let reset = {
        let (desk, progress) = (props.desk.clone(), progress.clone());
        Callback::from(move |_: MouseEvent| {
            let before = (*progress).clone();
            let undo = {
                let progress = progress.dispatcher();
                Callback::from(move |()| progress.dispatch(Edit::Whole(before.clone())))
            };
            progress.dispatch(Edit::Whole(Progress::default()));
            desk.say(About::Text, t(w::LEARN_LESSON_RESET), Some((t(w::PAGE_UNDO), undo)));
        })
    };
    let print = Callback::from(|_: MouseEvent| drop(gloo::utils::window().print()));
    html! {
        <div class="lesson lesson--read">
            <header class="lesson__head">
                <a class="lesson__all" href={Route::Learn(String::new()).address()}>{ t(w::LEARN_ALL) }</a>
                <h2 class="lesson__title">{ &lesson.title }</h2>
                { step_list(&props.id, lesson, progress, DONE) }
            </header>
            <div class="lesson__page">
                <section class="lesson__text finish">
                    <header class="finish__head">
                        { ring(finished, counted.len()) }
                        <div>
                            <p class="finish__lesson">{ &lesson.title }</p>
                            <h3 class="prose__title">{ t(if is_done { w::LEARN_FINISHED } else { w::LEARN_NOT_FINISHED }) }</h3>
                            <p>{ tf(w::LEARN_COUNT, [&finished, &counted.len()]) }{ ". " }
                                { if asked > 0 { tf(w::LEARN_RIGHT_OF, [&right, &asked]) } else { String::new() } }</p>
                        </div>
                    </header>
                    <table class="finish__table"><tbody>{ for rows }</tbody></table>
                    <p class="finish__name" aria-hidden="true">{ t(w::LEARN_NAME) }</p>
                    <div class="learn__buttons">
                        { for next.map(|next| html! { <a class="button button--main" href={address(&next.id, "")}>{ tf(w::LEARN_NEXT_LESSON, [&next.title]) }</a> }) }
                        <button type="button" class="button" onclick={print}>{ t(w::LEARN_PRINT) }</button>
                        <button type="button" class="button button--quiet" onclick={reset}>{ t(w::LEARN_RESET_LESSON) }</button>
                    </div>
                </section>
            </div>
        </div>
    }
}

/// How much of the lesson is done, drawn.
fn ring(done: usize, all: usize) -> Html {
    let part = (done * 100).checked_div(all).unwrap_or(100);
    let is_done = part >= 100;
    // A whole one closes without a seam.
    let drawn = if is_done { part + 1 } else { part };
    html! {
        <svg class={classes!("finish__ring", is_done.then_some("finish__ring--done"))} viewBox="0 0 48 48" aria-hidden="true">
            <circle class="finish__track" cx="24" cy="24" r="20" />
            <circle class="finish__part" cx="24" cy="24" r="20" pathLength="100" stroke-dasharray={format!("{drawn} 100")} transform="rotate(-90 24 24)" />
            <path class="finish__tick" d="M15 25l6.5 6.5L34 18.5" hidden={!is_done} />
        </svg>
    }
}
