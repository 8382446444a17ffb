//! What is wrong.

use crate::app::route::Route;
use crate::app::state::{Action, State};
use sidecar_playground::finding::Severity;
use sidecar_playground::view::{Change, FindingView, Range};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct FindingListProps {
    pub(crate) state: UseReducerHandle<State>,
    /// Called with the text to show.
    pub(crate) show: Callback<Range>,
    /// Called with the change to look at.
    pub(crate) propose: Callback<Change>,
}

/// The list of findings, and from which level on they are shown.
#[component]
pub(crate) fn FindingList(props: &FindingListProps) -> Html {
    let state = &props.state;
    let view = &state.view;
    let levels = Severity::ALL.iter().rev().zip(view.counts.iter().rev()).map(|(level, count)| {
        let onclick = {
            let (state, level) = (state.clone(), *level);
            Callback::from(move |_: MouseEvent| state.dispatch(Action::Level(level)))
        };
        let (label, about) = match level {
            Severity::Error => ("Errors", "Only what does not work or does harm"),
            Severity::Warning => ("Warnings", "Errors, and what works otherwise than its author probably thinks"),
            Severity::Advice => ("Advice", "Everything, also what could be better"),
        };
        let class = classes!("levels__button", format!("levels__button--{}", level.id()));
        html! {
            <button key={label} type="button" {class} title={about} aria-pressed={(state.level == *level).to_string()} {onclick}>
                { label }<span class="levels__count">{ count }</span>
            </button>
        }
    });
    let milder: usize =
        Severity::ALL.iter().zip(view.counts).filter(|(level, _)| **level < state.level).map(|(_, count)| count).sum();
    let nothing = match (view.findings.is_empty() && state.has_answer, milder) {
        (false, _) => None,
        (true, 0) => Some("No finding.".to_owned()),
        (true, 1) => Some("Nothing of this level; one finding is milder.".to_owned()),
        (true, milder) => Some(format!("Nothing of this level; {milder} findings are milder.")),
    };
    let hidden = (view.hidden > 0).then(|| format!("{} hidden in the manifest.", view.hidden));
    let more = state.unlisted();
    let on_more = {
        let state = state.clone();
        Callback::from(move |_: MouseEvent| state.dispatch(Action::More))
    };
    html! {
        <section class="findings">
            <div class="findings__head">
                <h2 class="heading">{ "Findings" }</h2>
                <div class="levels" role="group" aria-label="Show findings from this level on">{ for levels }</div>
            </div>
            <ul class="findings__list">
                { for view.findings.iter().enumerate().map(|(index, finding)| item(props, index, finding)) }
            </ul>
            <button type="button" class="button findings__more" hidden={more == 0} onclick={on_more}>{ format!("Show more: {more} are not listed") }</button>
            <p class="findings__none" hidden={nothing.is_none()}>{ nothing }</p>
            <p class="findings__none" hidden={hidden.is_none()}>{ hidden }</p>
        </section>
    }
}

fn item(props: &FindingListProps, index: usize, finding: &FindingView) -> Html {
    let place = |range: Range, label: String| {
        let onclick = props.show.reform(move |_: MouseEvent| range);
        html! { <button type="button" class="place" {onclick}>{ label }</button> }
    };
    let related = finding.related.iter().enumerate().map(|(index, related)| {
        html! { <li key={index}>{ &related.text }{ " " }{ place(related.range, format!("line {}", related.line)) }</li> }
    });
    let mend = {
        let (propose, FindingView { rule, message, line, .. }) = (props.propose.clone(), finding.clone());
        Callback::from(move |_: MouseEvent| propose.emit(Change::Fix(rule.clone(), message.clone(), line)))
    };
    html! {
        <li key={index} class={classes!("finding", format!("finding--{}", finding.severity.id()))}>
            <p class="finding__message">
                <span class="finding__severity">{ finding.severity.id() }</span>
                { &finding.message }
            </p>
            <p class="finding__help">{ &finding.help }</p>
            <ul class="finding__related" hidden={finding.related.is_empty()}>{ for related }</ul>
            <div class="finding__foot">
                { place(finding.range, format!("Line {}, column {}", finding.line, finding.column)) }
                <a class="finding__rule" href={Route::Rules(finding.rule.clone()).address()}>{ &finding.rule }</a>
                <span class="confidence">{ finding.confidence.id() }</span>
                <button type="button" class="button finding__fix" hidden={finding.fix.is_none()} title={finding.fix.clone()}
                    aria-haspopup="dialog" onclick={mend}>
                    { "Fix…" }<span class="visually-hidden">{ finding.fix.clone() }</span>
                </button>
            </div>
        </li>
    }
}
