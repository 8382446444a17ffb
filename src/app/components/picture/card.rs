//! What there is to say about a part of a picture, on a small card beside it. It comes by pointer, finger or keyboard,
//! stays as long as one is at the part or at the card, and goes with Escape.

use super::target_of;
use crate::app::words::{said, t, w};
use sidecar_playground::category::Category;
use sidecar_playground::detect::Role;
use sidecar_playground::view::{ContainerView, Range, TargetView};
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Most reasons on a card; the details have all.
const REASONS: usize = 3;
/// Width of a card in pixels, as the styles have it.
const WIDTH: f64 = 300.0;

/// A card and its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shown {
    left: f64,
    top: f64,
    /// Whether it hangs above its part.
    is_above: bool,
    title: String,
    lines: Vec<String>,
    role: Option<(Role, Option<Category>)>,
    image: String,
    reasons: Vec<String>,
    range: Range,
    /// Whether a finger asked for it: a second touch cannot mean the part, so the card has a button.
    pub(super) is_touched: bool,
}

impl Shown {
    /// The card of a part; nothing when there is nothing to say.
    pub(super) fn about(
        part: &Element,
        targets: &[TargetView],
        containers: &[ContainerView],
        outer: &Element,
        is_touched: bool,
    ) -> Option<Self> {
        let target = target_of(targets, part)?;
        let (title, lines) = target.about.split_first()?;
        let number = part.get_attribute("data-container").and_then(|value| value.parse::<usize>().ok());
        let container = number.and_then(|number| containers.get(number));
        let (own, around) = (part.get_bounding_client_rect(), outer.get_bounding_client_rect());
        let window = gloo::utils::window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(800.0);
        // Below it, unless there is more room above.
        let is_above = own.bottom() + 220.0 > window && own.top() > 240.0;
        let left = (own.left() - around.left()).clamp(4.0, (around.width() - WIDTH - 4.0).max(4.0));
        let top = if is_above { own.top() - around.top() - 6.0 } else { own.bottom() - around.top() + 6.0 };
        // Its role and its whole image stand above.
        let is_new = |line: &&String| {
            container.is_none_or(|own| !line.starts_with(own.role.label()) && !own.image.ends_with(line.as_str()))
        };
        let reasons = container.map_or(&[][..], |container| container.reasons.as_slice());
        Some(Self {
            left,
            top,
            is_above,
            title: title.clone(),
            lines: lines.iter().filter(is_new).cloned().collect(),
            role: container.map(|container| (container.role, container.category)),
            image: container.map(|container| container.image.clone()).unwrap_or_default(),
            reasons: reasons.iter().filter(|own| !own.is_ignored).take(REASONS).map(|own| own.text.clone()).collect(),
            range: target.range,
            is_touched,
        })
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct CardProps {
    pub(super) shown: Shown,
    /// The pointer or the keyboard is on the card.
    pub(super) on_enter: Callback<()>,
    /// It is not any more.
    pub(super) on_leave: Callback<()>,
    pub(super) show: Callback<Range>,
}

/// A card.
#[component]
pub(super) fn Card(props: &CardProps) -> Html {
    let shown = &props.shown;
    let own = use_node_ref();
    {
        // By its own interface: the security policy of the page allows no style in an attribute.
        let own = own.clone();
        use_effect_with((shown.left, shown.top), move |(left, top)| {
            if let Some(own) = own.cast::<HtmlElement>() {
                let _ = own.style().set_property("left", &format!("{left:.0}px"));
                let _ = own.style().set_property("top", &format!("{top:.0}px"));
            }
        });
    }
    let onclick = {
        let (show, range) = (props.show.clone(), shown.range);
        Callback::from(move |_: MouseEvent| show.emit(range))
    };
    html! {
        <div class={classes!("part-card", shown.is_above.then_some("part-card--above"))} role="status" ref={own}
            onpointerenter={props.on_enter.reform(|_: PointerEvent| ())} onpointerleave={props.on_leave.reform(|_: PointerEvent| ())}>
            <p class="part-card__title" lang="en">{ &shown.title }</p>
            if let Some((role, category)) = shown.role {
                <p class={format!("part-card__role container-item--{}", role.id())}>
                    { said(role.label()) }
                    { category.map(|category| html! { <span class="category">{ said(category.label()) }</span> }) }
                </p>
            }
            if !shown.image.is_empty() {
                <p class="part-card__image" lang="en">{ &shown.image }</p>
            }
            <ul class="part-card__lines" lang="en">{ for shown.lines.iter().map(|line| html! { <li key={line.clone()}>{ line }</li> }) }</ul>
            if !shown.reasons.is_empty() {
                <p class="part-card__why">{ t(w::VIEWER_WHY) }</p>
                <ul class="part-card__lines" lang="en">{ for shown.reasons.iter().map(|line| html! { <li key={line.clone()}>{ line }</li> }) }</ul>
            }
            if shown.is_touched {
                <button type="button" class="part-card__show" {onclick}>{ t(w::VIEWER_SHOW) }</button>
            }
        </div>
    }
}
