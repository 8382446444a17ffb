//! The goals that were chosen and how they stand, and those that can be.

use super::super::goals::goal_list;
use super::ask::Answer;
use super::draft::Edit;
use crate::app::words::{t, tf, w};
use sidecar_playground::lesson::DraftStep;
use sidecar_playground::lesson::goal::Held;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Goals that are offered at once.
const OFFERED: usize = 14;

/// The goals of a step.
pub(super) fn goals(step: &DraftStep, answer: &Answer, edit: &Edit) -> Html {
    let toggle = edit.step(toggle);
    let click = |goal: &String| {
        let goal = goal.clone();
        toggle.reform(move |_: MouseEvent| goal.clone())
    };
    let is_new = |goal: &&String| !step.goals.contains(goal);
    let offered = answer.goals.iter().filter(is_new).take(OFFERED).map(|goal| {
        html! { <button key={goal.clone()} type="button" class="button make__offer" onclick={click(goal)}>{ "+ " }{ goal }</button> }
    });
    let chosen = step.goals.iter().map(|goal| {
        html! { <li class="what-if__item" key={goal.clone()}>{ goal }<button type="button" class="what-if__remove" aria-label={tf(w::MAKE_REMOVE_GOAL, [goal])} onclick={click(goal)}>{ "×" }</button></li> }
    });
    let is_done = !answer.start.is_empty() && answer.start.iter().all(|held| held.holds);
    let missed: Vec<Held> = answer.solution.iter().filter(|held| !held.holds).cloned().collect();
    let onchange = toggle.reform(|event: Event| {
        let Some(field) = event.target_dyn_into::<HtmlInputElement>() else { return String::new() };
        let goal = field.value();
        field.set_value("");
        goal
    });
    html! {
        <fieldset class="make__goals">
            <legend>{ t(w::MAKE_GOALS) }</legend>
            <p class="make__about" hidden={!step.goals.is_empty() || !answer.goals.is_empty()}>{ t(w::MAKE_GOALS_ABOUT) }</p>
            <ul class="what-if__list">{ for chosen }</ul>
            <div class="make__offers">{ for offered }</div>
            <label class="make__field"><span>{ t(w::MAKE_OWN_GOAL) }</span><input type="text" placeholder="NAME is a native sidecar" {onchange} /></label>
            <p class="change__trouble" hidden={!is_done || step.goals.is_empty()}>{ t(w::MAKE_NOTHING_TO_DO) }</p>
            <div hidden={missed.is_empty() || step.goals.is_empty()}><p>{ t(w::MAKE_MISSES) }</p>{ goal_list(&missed, &Callback::noop()) }</div>
        </fieldset>
    }
}

fn toggle(step: &mut DraftStep, goal: String) {
    let goal = goal.trim().to_owned();
    match step.goals.iter().position(|known| *known == goal) {
        Some(place) => drop(step.goals.remove(place)),
        None if goal.is_empty() => {}
        None => step.goals.push(goal),
    }
}
