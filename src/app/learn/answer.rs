//! The answer to a step, as what it would change in the learner's own text.

use crate::app::components::difference;
use crate::app::words::{t, w};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct AnswerProps {
    /// The text that is changed.
    pub(crate) text: String,
    pub(crate) solution: String,
    /// Whether it is shown.
    pub(crate) is_shown: bool,
    /// Whether the step is done already: then looking costs nothing.
    pub(crate) is_done: bool,
    /// Called when it is to be shown.
    pub(crate) on_show: Callback<()>,
    /// Called when it is to be put into the editor.
    pub(crate) on_take: Callback<()>,
}

/// The answer, or a button that shows it.
#[component]
pub(crate) fn Answer(props: &AnswerProps) -> Html {
    if !props.is_shown {
        let onclick = props.on_show.reform(|_: MouseEvent| ());
        return html! {
            <p class="answer__ask">
                <button type="button" class="button" {onclick}>{ t(w::LEARN_ANSWER_SHOW) }</button>
                <span class="answer__note" hidden={props.is_done}>{ t(w::LEARN_ANSWER_COSTS) }</span>
            </p>
        };
    }
    let onclick = props.on_take.reform(|_: MouseEvent| ());
    html! {
        <section class="answer" aria-label={t(w::LEARN_ANSWER)}>
            <h4 class="answer__heading">{ t(w::LEARN_ANSWER) }</h4>
            <p class="answer__note">{ t(w::LEARN_ANSWER_ABOUT) }</p>
            <pre class="hunk__lines" tabindex="0" role="group" aria-label={t(w::LEARN_ANSWER)}>{ difference(&props.text, &props.solution) }</pre>
            <button type="button" class="button" disabled={props.text == props.solution} {onclick}>{ t(w::LEARN_ANSWER_TAKE) }</button>
        </section>
    }
}
