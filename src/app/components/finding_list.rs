//! What is wrong.

use crate::app::route::Route;
use crate::app::state::{Action, State};
use crate::app::words::{one_or_many, t, tf, w};
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
            Severity::Error => (w::FINDING_ERRORS, w::FINDING_ERRORS_ABOUT),
            Severity::Warning => (w::FINDING_WARNINGS, w::FINDING_WARNINGS_ABOUT),
            Severity::Advice => (w::FINDING_ADVICE, w::FINDING_ADVICE_ABOUT),
        };
        let class = classes!("levels__button", format!("levels__button--{}", level.id()));
        html! {
            <button key={level.id()} type="button" {class} title={t(about)} aria-pressed={(state.level == *level).to_string()} {onclick}>
                { t(label) }<span class="levels__count">{ count }</span>
            </button>
        }
    });
    let milder: usize =
        Severity::ALL.iter().zip(view.counts).filter(|(level, _)| **level < state.level).map(|(_, count)| count).sum();
    let nothing = match (view.findings.is_empty() && state.has_answer, milder) {
        (false, _) => None,
        (true, 0) => Some(t(w::FINDING_NONE).to_owned()),
        (true, _) => {
            let words = one_or_many(milder, w::FINDING_MILDER_ONE, w::FINDING_MILDER_MANY);
            Some(tf(words, [&milder]))
        }
    };
    let hidden = (view.hidden > 0).then(|| tf(w::FINDING_HIDDEN, [&view.hidden]));
    let more = state.unlisted();
    let on_more = {
        let state = state.clone();
        Callback::from(move |_: MouseEvent| state.dispatch(Action::More))
    };
    html! {
        <section class="findings">
            <div class="findings__head">
                <h2 class="heading">{ t(w::FINDING_HEADING) }</h2>
                <div class="levels" role="group" aria-label={t(w::FINDING_FROM_LEVEL)}>{ for levels }</div>
            </div>
            <ul class="findings__list">
                { for view.findings.iter().enumerate().map(|(index, finding)| item(props, index, finding)) }
            </ul>
            <button type="button" class="button findings__more" hidden={more == 0} onclick={on_more}>{ tf(w::FINDING_MORE, [&more]) }</button>
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
        html! { <li key={index}><span lang="en">{ &related.text }</span>{ " " }{ place(related.range, tf(w::PAGE_LINE, [&related.line])) }</li> }
    });
    let mend = {
        let (propose, FindingView { rule, message, line, .. }) = (props.propose.clone(), finding.clone());
        Callback::from(move |_: MouseEvent| propose.emit(Change::Fix(rule.clone(), message.clone(), line)))
    };
    html! {
        <li key={index} class={classes!("finding", format!("finding--{}", finding.severity.id()))}>
            <p class="finding__message" lang="en">
                <span class="finding__severity">{ finding.severity.id() }</span>
                { &finding.message }
            </p>
            <p class="finding__help" lang="en">{ &finding.help }</p>
            <ul class="finding__related" hidden={finding.related.is_empty()}>{ for related }</ul>
            <div class="finding__foot">
                { place(finding.range, tf(w::PAGE_LINE_COLUMN, [&finding.line, &finding.column])) }
                <a class="finding__rule" href={Route::Rules(finding.rule.clone()).address()}>{ &finding.rule }</a>
                <span class="confidence" lang="en">{ finding.confidence.id() }</span>
                <button type="button" class="button finding__fix" hidden={finding.fix.is_none()} title={finding.fix.clone()}
                    aria-haspopup="dialog" onclick={mend}>
                    { t(w::FINDING_FIX) }<span class="visually-hidden" lang="en">{ finding.fix.clone() }</span>
                </button>
            </div>
        </li>
    }
}
