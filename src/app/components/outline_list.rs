//! A picture as a nested list.

use sidecar_playground::view::{OutlineView, Range};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct OutlineListProps {
    pub(crate) outline: OutlineView,
    /// Called with the text to show.
    pub(crate) show: Callback<Range>,
}

/// One entry with the entries below it.
#[component]
pub(crate) fn OutlineList(props: &OutlineListProps) -> Html {
    let OutlineView { text, range, children } = &props.outline;
    let line = match range {
        Some(range) => {
            let onclick = props.show.reform({
                let range = *range;
                move |_: MouseEvent| range
            });
            html! { <button type="button" class="outline__link" {onclick}>{ text }</button> }
        }
        None => html! { <span>{ text }</span> },
    };
    html! {
        <li>
            { line }
            <ul hidden={children.is_empty()}>
                { for children.iter().enumerate().map(|(index, child)| html! {
                    <OutlineList key={index} outline={child.clone()} show={props.show.clone()} />
                }) }
            </ul>
        </li>
    }
}
