//! What the API server of the chosen release says.

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
            ApiLevel::Error => ("api__message--error", "error"),
            ApiLevel::Warning => ("api__message--warning", "warning"),
            ApiLevel::Dropped => ("api__message--dropped", "dropped"),
        };
        let onclick = {
            let (show, range) = (props.show.clone(), message.range);
            Callback::from(move |_: MouseEvent| range.iter().for_each(|range| show.emit(*range)))
        };
        html! {
            <li key={index}>
                <button type="button" class={classes!("api__message", class)} {onclick} disabled={message.range.is_none()}>
                    <b>{ label }</b>{ " " }<code>{ &message.text }</code>
                </button>
            </li>
        }
    });
    let gates = api.gates.iter().map(|(gate, about, is_on)| {
        let state = if *is_on { "on" } else { "off" };
        html! { <li key={gate.clone()} class="api__gate" title={about.clone()}>{ format!("{gate} {state}") }</li> }
    });
    html! {
        <section class={classes!("api", (!api.is_accepted).then_some("api--refused"))} aria-label="API server" hidden={props.api.is_none()}>
            <p class="api__verdict" role="status">{ &api.verdict }</p>
            <ul class="api__gates" aria-label="Feature gates" hidden={api.gates.is_empty()}>{ for gates }</ul>
            <ul class="api__messages" hidden={api.messages.is_empty()}>{ for messages }</ul>
        </section>
    }
}
