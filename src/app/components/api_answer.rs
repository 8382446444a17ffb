//! What the API server of the chosen release says.

use crate::app::words::{t, w};
use sidecar_playground::view::{ApiLevel, ApiView, Range};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct ApiAnswerProps {
    pub(crate) api: Option<ApiView>,
    /// Called with the text to show.
    pub(crate) show: Callback<Range>,
}

/// The verdict, and below it each message.
#[component]
pub(crate) fn ApiAnswer(props: &ApiAnswerProps) -> Html {
    let api = props.api.clone().unwrap_or_default();
    let messages = api.messages.iter().enumerate().map(|(index, message)| {
        let (class, label) = match message.level {
            ApiLevel::Error => ("api__message--error", w::API_ERROR),
            ApiLevel::Warning => ("api__message--warning", w::API_WARNING),
            ApiLevel::Dropped => ("api__message--dropped", w::API_DROPPED),
        };
        let onclick = {
            let (show, range) = (props.show.clone(), message.range);
            Callback::from(move |_: MouseEvent| range.iter().for_each(|range| show.emit(*range)))
        };
        html! {
            <li key={index}>
                <button type="button" class={classes!("api__message", class)} {onclick} disabled={message.range.is_none()}>
                    <b>{ t(label) }</b>{ " " }<code lang="en">{ &message.text }</code>
                </button>
            </li>
        }
    });
    let gates = api.gates.iter().map(|(gate, about, is_on)| {
        let state = t(if *is_on { w::API_ON } else { w::API_OFF });
        html! { <li key={gate.clone()} class="api__gate" title={about.clone()}>{ format!("{gate} {state}") }</li> }
    });
    html! {
        <section class={classes!("api", (!api.is_accepted).then_some("api--refused"))} aria-label={t(w::API_LABEL)} hidden={props.api.is_none()}>
            <p class="api__verdict" lang="en" role="status">{ &api.verdict }</p>
            <ul class="api__gates" aria-label={t(w::API_GATES)} hidden={api.gates.is_empty()}>{ for gates }</ul>
            <ul class="api__messages" hidden={api.messages.is_empty()}>{ for messages }</ul>
        </section>
    }
}
