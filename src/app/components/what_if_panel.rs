//! What if: things that are supposed to happen to the Pod that is shown.

use crate::app::state::{Action, State};
use sidecar_playground::simulate::WhatIf;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct WhatIfPanelProps {
    pub(crate) state: UseReducerHandle<State>,
    /// The time that is shown, in seconds: new things happen then.
    pub(crate) at: u64,
}

/// What can be supposed of a container: its word, and what it is called.
const CHOICES: [(&str, &str); 11] = [
    ("exit-1", "crashes now"),
    ("exit-0", "ends now, with code 0"),
    ("crashes", "crashes again and again, 10 s after each start"),
    ("oom", "runs out of memory now"),
    ("never-ready", "is never ready"),
    ("hangs", "answers no probe from now on"),
    ("slow-start", "takes 20 s to come up"),
    ("slow-stop", "takes 20 s to stop"),
    ("deaf", "takes no notice of SIGTERM"),
    ("no-image", "has an image that cannot be pulled"),
    ("image", "gets another image now"),
];

fn choice(word: &str, name: String, at: u64) -> Option<WhatIf> {
    Some(match word {
        "exit-1" => WhatIf::Exit(name, at, 1),
        "exit-0" => WhatIf::Exit(name, at, 0),
        "crashes" => WhatIf::Crashes(name, 10),
        "oom" => WhatIf::OutOfMemory(name, at),
        "never-ready" => WhatIf::NeverReady(name),
        "hangs" => WhatIf::Hangs(name, at),
        "slow-start" => WhatIf::SlowStart(name, 20),
        "slow-stop" => WhatIf::SlowStop(name, 20),
        "deaf" => WhatIf::Deaf(name),
        "no-image" => WhatIf::NoImage(name),
        "image" => WhatIf::Image(name, at),
        _ => return None,
    })
}

/// The panel.
#[component]
pub(crate) fn WhatIfPanel(props: &WhatIfPanelProps) -> Html {
    let state = &props.state;
    let names: Vec<String> = state.view.containers.iter().map(|container| container.name.clone()).collect();
    let container = use_state(String::new);
    let chosen = names.iter().find(|name| **name == *container).or(names.first()).cloned().unwrap_or_default();
    let suppose = {
        let state = state.clone();
        move |more: WhatIf| {
            let mut all = state.what_if.clone();
            // Of some things there can only be one.
            all.retain(|known| !is_replaced(known, &more));
            all.push(more);
            state.dispatch(Action::WhatIf(all));
        }
    };
    let onname = {
        let container = container.clone();
        Callback::from(move |event: Event| {
            container
                .set(event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value()).unwrap_or_default());
        })
    };
    let onchoice = {
        let (suppose, name, at) = (suppose.clone(), chosen.clone(), props.at);
        Callback::from(move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else { return };
            if let Some(what_if) = choice(&select.value(), name.clone(), at) {
                suppose(what_if);
            }
            select.set_value("");
        })
    };
    let ondelete = {
        let (suppose, at) = (suppose.clone(), props.at);
        Callback::from(move |_: MouseEvent| suppose(WhatIf::Delete(at)))
    };
    let onreboot = {
        let (suppose, at) = (suppose.clone(), props.at);
        Callback::from(move |_: MouseEvent| suppose(WhatIf::Reboot(at)))
    };
    let grace = state.what_if.iter().find_map(|known| match known {
        WhatIf::Grace(grace) => Some(*grace),
        _ => None,
    });
    let ongrace = {
        let suppose = suppose.clone();
        Callback::from(move |event: Event| {
            let value = event.target_dyn_into::<HtmlInputElement>().and_then(|input| input.value().parse().ok());
            if let Some(grace) = value {
                suppose(WhatIf::Grace(grace));
            }
        })
    };
    let supposed = state.what_if.iter().enumerate().map(|(index, what_if)| {
        let remove = {
            let state = state.clone();
            Callback::from(move |_: MouseEvent| {
                let mut all = state.what_if.clone();
                all.remove(index);
                state.dispatch(Action::WhatIf(all));
            })
        };
        let who = what_if.container().unwrap_or("the Pod").to_owned();
        let text = format!("{who} {}", what_if.words());
        html! {
            <li key={what_if.to_string()} class="what-if__item">
                { &text }
                <button type="button" class="what-if__remove" onclick={remove} aria-label={format!("No more: {text}")}>{ "×" }</button>
            </li>
        }
    });
    let has_any = !state.what_if.is_empty();
    html! {
        <section class="what-if" aria-label="What if">
            <div class="what-if__row">
                <span class="what-if__title">{ "What if" }</span>
                <select aria-label="Container" onchange={onname}>
                    { for names.iter().map(|name| html! { <option key={name.clone()} value={name.clone()} selected={*name == chosen}>{ name }</option> }) }
                </select>
                <select aria-label="What happens to it" onchange={onchoice}>
                    <option value="" selected=true>{ "…" }</option>
                    { for CHOICES.iter().map(|(word, text)| html! { <option key={*word} value={*word}>{ *text }</option> }) }
                </select>
                <button type="button" class="button" onclick={ondelete}>{ format!("Delete the Pod at {} s", props.at) }</button>
                <button type="button" class="button" onclick={onreboot}>{ format!("Restart the node at {} s", props.at) }</button>
                <label class="what-if__grace">{ "Grace period " }
                    <input type="range" min="1" max="120" step="1" value={grace.unwrap_or(30).to_string()} onchange={ongrace} />
                    { grace.map_or_else(|| "as written".to_owned(), |grace| format!("{grace} s")) }
                </label>
            </div>
            <ul class="what-if__list" hidden={!has_any}>{ for supposed }</ul>
        </section>
    }
}

/// Whether a new supposition takes the place of an old one.
fn is_replaced(old: &WhatIf, new: &WhatIf) -> bool {
    let is_same_kind = std::mem::discriminant(old) == std::mem::discriminant(new);
    is_same_kind && old.container() == new.container()
}
