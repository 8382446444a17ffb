//! What there is to read: problems, findings, containers.

use super::{AroundList, ContainerList, FindingList, ProblemList, RewriteBar, command_list};
use crate::app::state::{Pane, State};
use crate::app::words::{t, tf, w};
use sidecar_playground::detect::Role;
use sidecar_playground::view::{Change, Range};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct DetailsProps {
    pub(crate) state: UseReducerHandle<State>,
    /// Called with the text to show in the editor.
    pub(crate) show: Callback<Range>,
    /// Called with the change to look at.
    pub(crate) propose: Callback<Change>,
}

/// The details pane.
#[component]
pub(crate) fn Details(props: &DetailsProps) -> Html {
    let state = &props.state;
    let view = &state.view;
    let containers = state.good.as_ref().map(|good| good.containers.clone()).unwrap_or_default();
    // Only a narrow screen shows this pane then, and not together with the pictures, which say the same.
    let waiting = (state.is_void() && state.pane == Pane::Details).then(|| {
        let words = t(if state.has_answer { w::PICTURE_PASTE } else { w::ENGINE_STARTING });
        html! { <p class="pictures__nothing pictures__nothing--empty">{ words }</p> }
    });
    html! {
        <section class={classes!("details", state.is_void().then_some("details--void"))} aria-label={t(w::PAGE_DETAILS)}>
            <p class="visually-hidden" role="status" aria-live="polite">{ spoken(state) }</p>
            { waiting }
            <ProblemList problems={view.problems.clone()} show={props.show.clone()} />
            <RewriteBar offers={view.offers.clone()} propose={props.propose.clone()} />
            <div class="details__columns" hidden={state.is_void()}>
                <ContainerList state={state.clone()} {containers} show={props.show.clone()} />
                <div>
                    <FindingList state={state.clone()} show={props.show.clone()} propose={props.propose.clone()} />
                    <AroundList around={view.around.clone()} others={view.others.clone()} show={props.show.clone()} />
                    { command_list(&view.commands) }
                </div>
            </div>
        </section>
    }
}

/// The answer in one breath, for those who hear it.
fn spoken(state: &State) -> String {
    let Some(good) = &state.good else { return String::new() };
    let count = |is_it: fn(Role) -> bool| good.containers.iter().filter(|container| is_it(container.role)).count();
    let sidecars = count(Role::is_sidecar);
    let findings = state.view.findings.len() + state.unlisted();
    tf(w::CONTAINER_SPOKEN, [&good.title, &good.containers.len(), &sidecars, &findings])
}
