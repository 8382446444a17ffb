//! The containers: who is the app, who helps it, and why.

use sidecar_playground::detect::Role;
use sidecar_playground::view::{ContainerView, Range};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct ContainerListProps {
    pub(crate) containers: Vec<ContainerView>,
    /// The one to mark.
    pub(crate) chosen: Option<usize>,
    /// Called with the text to show.
    pub(crate) show: Callback<Range>,
}

/// The list of containers.
#[component]
pub(crate) fn ContainerList(props: &ContainerListProps) -> Html {
    let items = props.containers.iter().enumerate().map(|(index, container)| {
        html! {
            <ContainerItem key={index} container={container.clone()} is_chosen={props.chosen == Some(index)} show={props.show.clone()} />
        }
    });
    html! {
        <section class="containers" hidden={props.containers.is_empty()}>
            <h2 class="heading">{ "Containers" }</h2>
            <ul class="containers__list">{ for items }</ul>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct ContainerItemProps {
    container: ContainerView,
    is_chosen: bool,
    show: Callback<Range>,
}

#[component]
fn ContainerItem(props: &ContainerItemProps) -> Html {
    let ContainerView { name, field, image, role, category, confidence, range, known, reasons } = &props.container;
    let onclick = props.show.reform({
        let range = *range;
        move |_: MouseEvent| range
    });
    let reasons = reasons.iter().enumerate().map(|(index, reason)| {
        let text = match reason.range {
            Some(range) => {
                let onclick = props.show.reform(move |_: MouseEvent| range);
                html! { <button type="button" class="reason__link" {onclick}>{ &reason.text }</button> }
            }
            None => html! { <span>{ &reason.text }</span> },
        };
        html! { <li key={index} class="reason">{ text }<span class="reason__side">{ side(*role, reason.points) }</span></li> }
    });
    let class = classes!(
        "container-item",
        format!("container-item--{}", role.id()),
        props.is_chosen.then_some("container-item--chosen")
    );
    html! {
        <li {class}>
            <p class="container-item__head">
                <button type="button" class="container-item__name" {onclick}>{ name }</button>
                <span class="role" title={role.explanation()}>{ role.label() }</span>
                <span class="category" hidden={category.is_none()} title={category.map(|category| category.explanation())}>
                    { category.map(|category| category.label()) }
                </span>
                <span class="confidence" title="How sure this verdict is">{ confidence.id() }</span>
            </p>
            <p class="container-item__image">{ if image.is_empty() { field.clone() } else { format!("{field} · {image}") } }</p>
            <p class="container-item__known" hidden={known.is_none()}>
                { known.as_ref().map(|(name, summary)| format!("{name}: {summary}")) }
            </p>
            <ul class="container-item__reasons">{ for reasons }</ul>
        </li>
    }
}

/// Whether a reason speaks for the verdict or against it, where that is not plain.
fn side(role: Role, points: i16) -> &'static str {
    let for_helper = points > 0;
    match role {
        _ if points == 0 => "",
        Role::App | Role::Peer if for_helper => "speaks for a helper",
        Role::Sidecar | Role::NativeSidecar if !for_helper => "speaks for an app",
        _ => "",
    }
}
