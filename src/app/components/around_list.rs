//! Other objects of the text that have to do with the workload.

use crate::app::words::{t, tf, w};
use sidecar_playground::view::{AroundView, Range};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct AroundListProps {
    pub(crate) around: Vec<AroundView>,
    /// Objects of the text that hold no container, whether they have to do with it or not.
    pub(crate) others: Vec<String>,
    /// Called with the text to show.
    pub(crate) show: Callback<Range>,
}

/// The list of objects.
#[component]
pub(crate) fn AroundList(props: &AroundListProps) -> Html {
    let items = props.around.iter().enumerate().map(|(index, around)| {
        let onclick = props.show.reform({
            let range = around.range;
            move |_: MouseEvent| range
        });
        html! {
            <li key={index}><button type="button" class="reason__link" {onclick}><strong>{ &around.title }</strong></button>{ " " }<span lang="en">{ &around.how }</span></li>
        }
    });
    let known = |title: &String| props.around.iter().any(|around| around.title == *title);
    let rest: Vec<&str> = props.others.iter().filter(|title| !known(title)).map(String::as_str).collect();
    html! {
        <section class="around" hidden={props.around.is_empty() && rest.is_empty()}>
            <h2 class="heading">{ t(w::AROUND_HEADING) }</h2>
            <ul class="around__list">{ for items }</ul>
            <p class="around__rest" hidden={rest.is_empty()}>{ tf(w::AROUND_ALSO, [&rest.join(", ")]) }</p>
        </section>
    }
}
