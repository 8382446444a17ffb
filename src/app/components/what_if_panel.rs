//! What if: things that are supposed to happen to the Pod that is shown.

use crate::app::state::{Action, State};
use crate::app::words::{Word, said, t, tf, w};
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
const CHOICES: [(&str, Word); 11] = [
    ("exit-1", w::WHAT_IF_EXIT_1),
    ("exit-0", w::WHAT_IF_EXIT_0),
    ("crashes", w::WHAT_IF_CRASHES),
    ("oom", w::WHAT_IF_OOM),
    ("never-ready", w::WHAT_IF_NEVER_READY),
    ("hangs", w::WHAT_IF_HANGS),
    ("slow-start", w::WHAT_IF_SLOW_START),
    ("slow-stop", w::WHAT_IF_SLOW_STOP),
    ("deaf", w::WHAT_IF_DEAF),
    ("no-image", w::WHAT_IF_NO_IMAGE),
    ("image", w::WHAT_IF_IMAGE),
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
        let who = what_if.container().unwrap_or(t(w::WHAT_IF_THE_POD)).to_owned();
        let text = format!("{who} {}", said(&what_if.words()));
        html! {
            <li key={what_if.to_string()} class="what-if__item">
                { &text }
                <button type="button" class="what-if__remove" onclick={remove} aria-label={tf(w::WHAT_IF_NO_MORE, [&text])}>{ "×" }</button>
            </li>
        }
    });
    let has_any = !state.what_if.is_empty();
    html! {
        <section class="what-if" aria-label={t(w::WHAT_IF_LABEL)}>
            <div class="what-if__row">
                <span class="what-if__title">{ t(w::WHAT_IF_LABEL) }</span>
                <select aria-label={t(w::WHAT_IF_CONTAINER)} onchange={onname}>
                    { for names.iter().map(|name| html! { <option key={name.clone()} value={name.clone()} selected={*name == chosen}>{ name }</option> }) }
                </select>
                <select aria-label={t(w::WHAT_IF_HAPPENS)} onchange={onchoice}>
                    <option value="" selected=true>{ "…" }</option>
                    { for CHOICES.iter().map(|(word, text)| html! { <option key={*word} value={*word}>{ t(*text) }</option> }) }
                </select>
                <button type="button" class="button" onclick={ondelete}>{ tf(w::WHAT_IF_DELETE, [&props.at]) }</button>
                <button type="button" class="button" onclick={onreboot}>{ tf(w::WHAT_IF_REBOOT, [&props.at]) }</button>
                <label class="what-if__grace">{ t(w::WHAT_IF_GRACE) }{ " " }
                    <input type="range" min="1" max="120" step="1" value={grace.unwrap_or(30).to_string()} onchange={ongrace} />
                    { grace.map_or_else(|| t(w::WHAT_IF_AS_WRITTEN).to_owned(), |grace| tf(w::WHAT_IF_SECONDS, [&grace])) }
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
