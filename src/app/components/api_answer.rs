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

#[derive(Properties, PartialEq)]
pub(crate) struct ApiVerdictProps {
    pub(crate) api: Option<ApiView>,
    /// The release that the sentence begins with.
    pub(crate) release: String,
}

/// The verdict and the feature gates, for beside the choice of the release. Who hears it hears the whole sentence.
#[component]
pub(crate) fn ApiVerdict(props: &ApiVerdictProps) -> Html {
    let api = props.api.clone().unwrap_or_default();
    let (beginning, rest) = match api.verdict.split_once(&format!("{} ", props.release)) {
        Some((before, rest)) => (format!("{before}{} ", props.release), rest),
        None => (String::new(), api.verdict.as_str()),
    };
    let gates = api.gates.iter().map(|(gate, about, is_on)| {
        let state = t(if *is_on { w::API_ON } else { w::API_OFF });
        html! { <li key={gate.clone()} class="api__gate" title={about.clone()}>{ format!("{gate} {state}") }</li> }
    });
    html! {
        <>
            <p class={classes!("api__verdict", (!api.is_accepted).then_some("api__verdict--refused"))} lang="en" role="status">
                <span class="visually-hidden api__beginning">{ beginning }</span>{ rest }
            </p>
            <ul class="api__gates" aria-label={t(w::API_GATES)} hidden={api.gates.is_empty()}>{ for gates }</ul>
        </>
    }
}

/// Each message below that.
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
    html! {
        <section class="api" aria-label={t(w::API_LABEL)} hidden={api.messages.is_empty()}>
            <ul class="api__messages">{ for messages }</ul>
        </section>
    }
}
