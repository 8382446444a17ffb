//! On narrow screens: which part of the page to show.

use crate::app::state::{Action, Pane, State};
use crate::app::words::{t, w};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct PaneBarProps {
    pub(crate) state: UseReducerHandle<State>,
}

/// The bar at the bottom.
#[component]
pub(crate) fn PaneBar(props: &PaneBarProps) -> Html {
    let state = &props.state;
    let button = |pane: Pane| {
        let onclick = {
            let state = state.clone();
            Callback::from(move |_: MouseEvent| state.dispatch(Action::Pane(pane)))
        };
        let count = match pane {
            Pane::Details => state.view.findings.len() + state.unlisted() + state.view.problems.len(),
            Pane::Edit | Pane::Picture => 0,
        };
        html! {
            <button key={pane.class()} type="button" class="pane-bar__button" aria-pressed={(state.pane == pane).to_string()} {onclick}>
                { t(pane.label()) }
                <span class="pane-bar__count" hidden={count == 0}>{ count }</span>
            </button>
        }
    };
    html! {
        <nav class="pane-bar" aria-label={t(w::PAGE_PARTS_OF_PAGE)}>{ for Pane::ALL.into_iter().map(button) }</nav>
    }
}
