//! Moves through simulated runs: play, step, speed, and what `kubectl` shows at each moment.

use crate::app::words::{said, t, w};
use gloo::timers::callback::Interval;
use sidecar_playground::form::Form;
use sidecar_playground::view::{RunView, clock};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Milliseconds between two steps while it plays.
const TICK: u32 = 40;
/// Pixels of the picture in one such step, at the usual speed.
const STRIDE: f32 = 3.0;
const SPEEDS: [(&str, f32); 4] = [("½×", 0.5), ("1×", 1.0), ("2×", 2.0), ("4×", 4.0)];

#[derive(Properties, PartialEq)]
pub(crate) struct TimeBarProps {
    /// The runs that are shown, with their forms. They have one time axis.
    pub(crate) runs: Vec<(Option<Form>, RunView)>,
    /// The place on the axis, in pixels of the picture.
    pub(crate) x: f32,
    /// Called with another place.
    pub(crate) on_x: Callback<f32>,
}

/// Controls of the time, and what is so at that time.
#[component]
pub(crate) fn TimeBar(props: &TimeBarProps) -> Html {
    let is_playing = use_state(|| false);
    let speed = use_state(|| 1.0_f32);
    let newest = use_mut_ref(|| props.x);
    *newest.borrow_mut() = props.x;
    let first = props.runs.first().map(|(_, run)| run.clone()).unwrap_or_default();
    let (left, right) = first.span();
    {
        let (on_x, setter, newest) = (props.on_x.clone(), is_playing.setter(), newest.clone());
        use_effect_with((*is_playing, *speed, right as u32), move |(is_playing, speed, _)| {
            let stride = STRIDE * speed;
            let ticker = is_playing.then(|| {
                Interval::new(TICK, move || {
                    let next = *newest.borrow() + stride;
                    on_x.emit(next.min(right));
                    if next >= right {
                        setter.set(false);
                    }
                })
            });
            move || drop(ticker)
        });
    }
    let axis = first.axis();
    let at = axis.time(props.x);
    let play = {
        let (is_playing, on_x, newest) = (is_playing.clone(), props.on_x.clone(), newest.clone());
        Callback::from(move |_: MouseEvent| {
            if !*is_playing && *newest.borrow() >= right - 1.0 {
                on_x.emit(left);
            }
            is_playing.set(!*is_playing);
        })
    };
    let step = |is_next: bool| {
        let (runs, on_x, is_playing) = (props.runs.clone(), props.on_x.clone(), is_playing.clone());
        Callback::from(move |_: MouseEvent| {
            is_playing.set(false);
            let times = runs.iter().map(|(_, run)| run.neighbour(at, is_next));
            let time =
                if is_next { times.filter(|time| *time > at).min() } else { times.filter(|time| *time < at).max() };
            if let (Some(time), Some((_, run))) = (time, runs.first()) {
                on_x.emit(run.axis().x(time));
            }
        })
    };
    let oninput = {
        let (on_x, is_playing) = (props.on_x.clone(), is_playing.clone());
        Callback::from(move |event: InputEvent| {
            is_playing.set(false);
            if let Some(x) = event.target_dyn_into::<HtmlInputElement>().and_then(|input| input.value().parse().ok()) {
                on_x.emit(x);
            }
        })
    };
    let onspeed = {
        let speed = speed.clone();
        Callback::from(move |event: Event| {
            let chosen = event.target_dyn_into::<HtmlSelectElement>().and_then(|select| select.value().parse().ok());
            speed.set(chosen.unwrap_or(1.0));
        })
    };
    let spoken = first.kubectl(at).lines().last().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let boxes = props.runs.iter().enumerate().map(|(index, (form, run))| {
        let heading = t(match form {
            Some(Form::Traditional) => w::TIME_TRADITIONAL,
            Some(Form::Native) => w::TIME_NATIVE,
            None => w::TIME_POD,
        });
        let doing = run.doing(at).into_iter().map(|(name, doing)| {
            html! { <li key={name.to_owned()}><b>{ name.to_owned() }</b>{ " " }{ said(doing.label()) }</li> }
        });
        html! {
            <div key={index} class="moment">
                <p class="moment__title">{ heading }</p>
                <pre class="moment__kubectl" tabindex="0" aria-label={format!("kubectl get pod, {heading}")}>{ run.kubectl(at) }</pre>
                <ul class="moment__doing">{ for doing }</ul>
            </div>
        }
    });
    html! {
        <div class="time-bar" role="group" aria-label={t(w::TIME_LABEL)}>
            <div class="time-bar__controls">
                <button type="button" class="time-bar__button" onclick={step(false)} aria-label={t(w::TIME_LAST)}>{ "‹" }</button>
                <button type="button" class="time-bar__button time-bar__play" onclick={play}>{ t(if *is_playing { w::TIME_PAUSE } else { w::TIME_PLAY }) }</button>
                <button type="button" class="time-bar__button" onclick={step(true)} aria-label={t(w::TIME_NEXT)}>{ "›" }</button>
                <select class="time-bar__speed" aria-label={t(w::TIME_SPEED)} onchange={onspeed}>
                    { for SPEEDS.iter().map(|(label, value)| html! {
                        <option key={*label} value={value.to_string()} selected={*speed == *value}>{ *label }</option>
                    }) }
                </select>
                <input class="time-bar__slider" type="range" min={left.to_string()} max={right.to_string()} step="1"
                    value={props.x.to_string()} {oninput} aria-label={t(w::TIME_LABEL)} aria-valuetext={format!("{}: {}", clock(at), spoken.unwrap_or_default())} />
                <output class="time-bar__clock">{ clock(at) }</output>
            </div>
            <div class="time-bar__moments">{ for boxes }</div>
        </div>
    }
}
