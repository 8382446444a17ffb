//! What is to be reached in a step, and help on the way.

use super::prose::blocks;
use crate::app::desk::Desk;
use crate::app::prose::prose;
use crate::app::words::{t, tf, w};
use sidecar_playground::lesson::goal::Held;
use sidecar_playground::lesson::prose::Block;
use sidecar_playground::view::Range;
use yew::prelude::*;

/// The goals, whether each holds, and why not.
pub(crate) fn goal_list(held: &[Held], show: &Callback<Range>) -> Html {
    let item = |(index, held): (usize, &Held)| {
        let place = held.range.zip(held.line).map(|(range, line)| {
            let onclick = show.reform(move |_: MouseEvent| range);
            html! { <>{ " " }<button type="button" class="place" {onclick}>{ tf(w::PAGE_LINE, [&line]) }</button></> }
        });
        let (class, sign, word) = if held.holds {
            ("goal goal--holds", "✓", t(w::LEARN_HOLDS))
        } else {
            ("goal goal--misses", "○", t(w::LEARN_MISSES))
        };
        html! {
            <li key={index} {class}>
                <span class="goal__sign" aria-hidden="true">{ sign }</span>
                <div>
                    <p class="goal__sentence"><span class="visually-hidden">{ word }{ ": " }</span>{ prose(&held.sentence) }</p>
                    <p class="goal__why" hidden={held.why.is_none()}>{ prose(held.why.as_deref().unwrap_or_default()) }{ place }</p>
                </div>
            </li>
        }
    };
    html! { <ul class="goals__list">{ for held.iter().enumerate().map(item) }</ul> }
}

/// The hints that were asked for, and a button for the next one.
pub(crate) fn hint_list(desk: &Desk, hints: &[Vec<Block>], shown: usize, on_more: &Callback<()>) -> Html {
    let onclick = on_more.reform(|_: MouseEvent| ());
    let next = shown + 1;
    let label = tf(w::LEARN_HINT, [&next, &hints.len()]);
    let items = hints.iter().take(shown).map(|hint| html! { <li>{ blocks(desk, hint) }</li> });
    html! {
        <div class="hints" hidden={hints.is_empty()}>
            <ol class="hints__list" aria-live="polite" hidden={shown == 0}>{ for items }</ol>
            <button type="button" class="button" hidden={next > hints.len()} {onclick}>{ label }</button>
        </div>
    }
}
