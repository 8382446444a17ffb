//! The containers: who is the app, who helps it, and why.

use super::Reason;
use crate::app::route::Route;
use crate::app::state::{Action, State};
use crate::app::words::{said, t, tf, w};
use sidecar_playground::view::{AddedView, ContainerView, Range};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct ContainerListProps {
    pub(crate) state: UseReducerHandle<State>,
    pub(crate) containers: Vec<ContainerView>,
    /// Called with the text to show.
    pub(crate) show: Callback<Range>,
}

/// The list of containers, and of those that will be added to them.
#[component]
pub(crate) fn ContainerList(props: &ContainerListProps) -> Html {
    let state = &props.state;
    let items = props.containers.iter().enumerate().map(|(index, container)| {
        let is_chosen = state.chosen == Some(index);
        let on_ignore = {
            let (state, name) = (state.clone(), container.name.clone());
            Callback::from(move |reason: String| state.dispatch(Action::Ignore(name.clone(), reason)))
        };
        // What was unticked shows at once, before the engine has answered.
        let mut container = container.clone();
        for reason in &mut container.reasons {
            let is_it = |(name, text): &(String, String)| *name == container.name && *text == reason.text;
            reason.is_ignored = state.ignored.iter().any(is_it);
        }
        html! { <ContainerItem key={index} {container} {is_chosen} show={props.show.clone()} {on_ignore} /> }
    });
    let left_out = state.ignored.len();
    let count_all = {
        let state = state.clone();
        Callback::from(move |_: MouseEvent| state.dispatch(Action::CountAll))
    };
    html! {
        <section class="containers" hidden={props.containers.is_empty()}>
            <h2 class="heading">{ t(w::CONTAINER_HEADING) }</h2>
            <p class="containers__left-out" role="status" hidden={left_out == 0}>
                { tf(w::CONTAINER_LEFT_OUT, [&left_out]) }{ " " }
                <button type="button" class="place" onclick={count_all}>{ t(w::CONTAINER_COUNT_ALL) }</button>
            </p>
            <ul class="containers__list">{ for items }{ for state.view.added.iter().map(added) }</ul>
        </section>
    }
}

fn added(added: &AddedView) -> Html {
    html! {
        <li key={added.name.clone()} class="container-item container-item--added">
            <p class="container-item__head">
                <a class="container-item__name" href={Route::Catalogue(added.helper.clone()).address()}>{ &added.name }</a>
                <span class="role">{ t(w::CONTAINER_NOT_IN_MANIFEST) }</span>
                <span class="category">{ said(added.category.label()) }</span>
            </p>
            <p>{ tf(w::CONTAINER_ADDED, [&added.by, &added.native]) }</p>
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct ContainerItemProps {
    container: ContainerView,
    is_chosen: bool,
    show: Callback<Range>,
    /// Called with a reason that is to be left out or counted again.
    on_ignore: Callback<String>,
}

#[component]
fn ContainerItem(props: &ContainerItemProps) -> Html {
    let ContainerView { name, field, image, role, category, confidence, range, known, reasons } = &props.container;
    let onclick = props.show.reform({
        let range = *range;
        move |_: MouseEvent| range
    });
    let reasons = reasons.iter().enumerate().map(|(index, reason)| {
        html! {
            <Reason key={index} container={name.clone()} role={*role} reason={reason.clone()} show={props.show.clone()}
                on_ignore={props.on_ignore.clone()} />
        }
    });
    let chosen = props.is_chosen.then_some("container-item--chosen");
    let class = classes!("container-item", format!("container-item--{}", role.id()), chosen);
    let known = known.as_ref().map(|(id, name, summary)| {
        let colon = if summary.is_empty() { "" } else { ": " };
        html! { <><a href={Route::Catalogue(id.clone()).address()}>{ name }</a>{ colon }<span lang="en">{ summary }</span></> }
    });
    html! {
        <li {class}>
            <p class="container-item__head">
                <button type="button" class="container-item__name" {onclick}>{ name }</button>
                <span class="role" title={said(role.explanation())}>{ said(role.label()) }</span>
                <span class="category" hidden={category.is_none()} title={category.map(|category| said(category.explanation()))}>
                    { category.map(|category| said(category.label())) }
                </span>
                <span class="confidence" title={t(w::CONTAINER_HOW_SURE)}>{ said(confidence.id()) }</span>
            </p>
            <p class="container-item__image">{ if image.is_empty() { field.clone() } else { format!("{field} · {image}") } }</p>
            <p class="container-item__known" hidden={known.is_none()}>{ known }</p>
            <ul class="container-item__reasons">{ for reasons }</ul>
        </li>
    }
}
