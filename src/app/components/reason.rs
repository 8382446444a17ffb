//! A piece of evidence, which can be left out to see what hangs on it.

use crate::app::words::{t, tf, w};
use sidecar_playground::detect::Role;
use sidecar_playground::view::{Range, ReasonView};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct ReasonProps {
    /// Name of the container.
    pub(crate) container: String,
    /// Its role.
    pub(crate) role: Role,
    pub(crate) reason: ReasonView,
    /// Called with the text to show.
    pub(crate) show: Callback<Range>,
    /// Called with the reason when it is to be left out or counted again.
    pub(crate) on_ignore: Callback<String>,
}

/// A piece of evidence.
#[component]
pub(crate) fn Reason(props: &ReasonProps) -> Html {
    let ReasonView { text, points, can_be_ignored, is_ignored, range } = &props.reason;
    let words = match *range {
        Some(range) => {
            let onclick = props.show.reform(move |_: MouseEvent| range);
            html! { <button type="button" class="reason__link" lang="en" {onclick}>{ text }</button> }
        }
        None => html! { <span lang="en">{ text }</span> },
    };
    let onchange = props.on_ignore.reform({
        let text = text.clone();
        move |_: Event| text.clone()
    });
    let label = tf(w::CONTAINER_COUNT_THIS, [&props.container, text]);
    let switch = if *can_be_ignored {
        html! {
            <input type="checkbox" class="reason__switch" checked={!is_ignored} {onchange} aria-label={label}
                title={t(w::CONTAINER_UNTICK)} />
        }
    } else {
        html! { <span class="reason__dot" aria-hidden="true"></span> }
    };
    html! {
            <li class={classes!("reason", is_ignored.then_some("reason--ignored"))}>
    { switch }
                { words }
                <span class="reason__side">{ side(props.role, *points) }</span>
            </li>
        }
}

/// Whether a reason speaks for the verdict or against it, where that is not plain.
fn side(role: Role, points: i16) -> &'static str {
    let for_helper = points > 0;
    match role {
        _ if points == 0 => "",
        Role::App | Role::Peer if for_helper => t(w::CONTAINER_FOR_HELPER),
        Role::Sidecar | Role::NativeSidecar if !for_helper => t(w::CONTAINER_FOR_APP),
        _ => "",
    }
}
