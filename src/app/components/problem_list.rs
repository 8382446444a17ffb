//! What could not be read.

use crate::app::words::{t, tf, w};
use sidecar_playground::view::{ProblemView, Range};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct ProblemListProps {
    pub(crate) problems: Vec<ProblemView>,
    /// Called with the text to show.
    pub(crate) show: Callback<Range>,
}

/// Most problems that are shown at once; the rest follows when the first ones are mended.
const SHOWN: usize = 20;

/// The list of problems, nothing when there are none.
#[component]
pub(crate) fn ProblemList(props: &ProblemListProps) -> Html {
    let more = props.problems.len().saturating_sub(SHOWN);
    let problems = props.problems.iter().take(SHOWN).enumerate().map(|(index, problem)| {
        let onclick = props.show.reform({
            let range = problem.range;
            move |_: MouseEvent| range
        });
        let class = if problem.is_unreadable { "problem problem--unreadable" } else { "problem" };
        html! {
            <li key={index} {class}>
                <p class="problem__message">
                    <button type="button" class="place" {onclick}>{ tf(w::PAGE_LINE_COLUMN, [&problem.line, &problem.column]) }</button>
                    { ": " }<span lang="en">{ &problem.message }</span>
                </p>
                <pre class="problem__excerpt" hidden={problem.excerpt.is_empty()}>{ &problem.excerpt }</pre>
                <p class="problem__more" lang="en">
                    { problem.cause.iter().chain(&problem.help).cloned().collect::<Vec<_>>().join(" ") }
                </p>
            </li>
        }
    });
    html! {
        <section class="problems" hidden={props.problems.is_empty()}>
            <h2 class="heading">{ t(w::PROBLEM_HEADING) }</h2>
            <ul class="problems__list">{ for problems }</ul>
            <p hidden={more == 0}>{ tf(w::PROBLEM_MORE, [&more]) }</p>
        </section>
    }
}
