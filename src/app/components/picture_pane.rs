//! The pictures of the chosen workload, and what to choose about them.

use super::{ApiAnswer, ApiVerdict, OutlineList, Picture, TimeBar, Trouble, WhatIfPanel};
use crate::app::state::{Action, State};
use crate::app::words::{Word, said, t, tf, w};
use sidecar_playground::diagram::kinds::KINDS;
use sidecar_playground::form::{Form, Written};
use sidecar_playground::release::Release;
use sidecar_playground::view::{Badge, PictureView, Range, Writing};
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct PicturePaneProps {
    pub(crate) state: UseReducerHandle<State>,
    /// Called with the text to show in the editor.
    pub(crate) show: Callback<Range>,
    /// Called to ask an engine once more that failed.
    pub(crate) try_again: Callback<()>,
}

/// The picture pane.
#[component]
pub(crate) fn PicturePane(props: &PicturePaneProps) -> Html {
    let state = &props.state;
    let good = state.good.clone();
    let pictures = good.as_ref().map_or(&[][..], |good| good.pictures.as_slice());
    let runs: Vec<_> = pictures.iter().filter_map(|picture| Some((picture.form, picture.run.clone()?))).collect();
    let time = use_state(|| None::<f32>);
    let axis = runs.first().map(|(_, run)| run);
    // At first the moment at which the Pod is ready, or the end.
    let x = axis.map(|run| {
        let (left, right) = run.span();
        let ready = run.lines.iter().find(|(_, line)| line.ready == line.total);
        let at = ready.map(|(at, _)| run.axis().x(*at));
        time.unwrap_or(at.unwrap_or(right)).clamp(left, right.max(left))
    });
    let at = axis.zip(x).map_or(0, |(run, x)| run.axis().time(x) / 1000);
    let on_x = {
        let time = time.setter();
        Callback::from(move |x: f32| time.set(Some(x)))
    };
    let on_time = {
        let (on_x, left) = (on_x.clone(), axis.map_or(0.0, |run| run.span().0));
        Callback::from(move |x: f32| {
            if x >= left {
                on_x.emit(x);
            }
        })
    };
    let has_run = !runs.is_empty();
    let containers = good.as_ref().map(|good| good.containers.clone()).unwrap_or_default();
    let figures = pictures.iter().enumerate().map(|(index, picture)| {
        let content = good.as_ref().and_then(|good| good.contents.get(index).cloned());
        let body = match &picture.outline {
            Some(outline) => html! { <ul class="outline" lang="en"><OutlineList outline={outline.clone()} show={props.show.clone()} /></ul> },
            None if state.writing == Writing::Mermaid => {
                html! { <pre class="figure__code" tabindex="0" lang="en"><code>{ content.map(String::from).unwrap_or_default() }</code></pre> }
            }
            None => html! {
                <Picture content={content} targets={picture.targets.clone()} containers={containers.clone()} chosen={state.chosen}
                    show={props.show.clone()} playhead={x} on_time={on_time.clone()} />
            },
        };
        html! {
            <figure key={index} class={classes!("figure", picture.is_written.then_some("figure--written"))}>
                <figcaption class="figure__caption">
                    <strong>{ t(if state.kind == "map" { w::FORM_WHOLE_TEXT } else { heading(picture) }) }</strong>
                    <span class="figure__badge">{ badge(picture, state.view.written).map(t) }</span>
                </figcaption>
                { body }
                <p class="figure__summary" lang="en">{ &picture.summary }</p>
                <details class="figure__assumed" hidden={picture.run.is_none()}>
                    <summary>{ t(w::PICTURE_ASSUMED) }</summary>
                    <ul lang="en">{ for picture.run.iter().flat_map(|run| &run.assumed).map(|text| html! { <li key={text.clone()}>{ text }</li> }) }</ul>
                </details>
            </figure>
        }
    });
    let kept = state.broken_from;
    let nothing = nothing_to_draw(state);
    let progress = state.view.progress.filter(|_| state.failure.is_none());
    let progress = progress.map(|progress| tf(w::ENGINE_PROGRESS, [&grouped(progress.done), &grouped(progress.all)]));
    html! {
        <section class="pictures" aria-label={t(w::PAGE_PICTURES)}>
            <Toolbar state={state.clone()} />
            <Trouble failure={state.failure.clone()} try_again={props.try_again.clone()} />
            <p class="pictures__progress" role="status" hidden={progress.is_none()}>{ progress }</p>
            <ApiAnswer api={state.view.api.clone()} show={props.show.clone()} />
            <p class="pictures__kept" role="status" hidden={kept.is_none()}>
                { kept.map(|line| tf(w::PICTURE_KEPT, [&line])) }
            </p>
            <p class={classes!("pictures__nothing", state.is_void().then_some("pictures__nothing--empty"))} role="status" hidden={nothing.is_none()}>{ nothing }</p>
            <div id="diagram" class={classes!("pictures__pair", kept.map(|_| "pictures__pair--kept"), has_run.then_some("pictures__pair--stacked"), format!("pictures__pair--{}", state.kind))}>{ for figures }</div>
            <div class="pictures__time" hidden={!has_run}>
                <TimeBar {runs} x={x.unwrap_or_default()} {on_x} />
                <WhatIfPanel state={state.clone()} {at} />
            </div>
        </section>
    }
}

/// A number with its thousands apart.
fn grouped(number: usize) -> String {
    if number < 1000 { number.to_string() } else { format!("{}\u{202f}{:03}", grouped(number / 1000), number % 1000) }
}

fn heading(picture: &PictureView) -> Word {
    match picture.form {
        Some(Form::Traditional) => w::FORM_TRADITIONAL,
        Some(Form::Native) => w::FORM_NATIVE,
        None => w::FORM_AS_IS,
    }
}

fn badge(picture: &PictureView, written: Option<Written>) -> Option<Word> {
    Some(match picture.badge(written)? {
        Badge::Yours => w::FORM_YOURS,
        Badge::Mixed => w::FORM_MIXED,
        Badge::OnceAdded => w::FORM_ONCE_ADDED,
        Badge::Other => w::FORM_OTHER,
    })
}

fn nothing_to_draw(state: &State) -> Option<String> {
    if state.failure.is_some() {
        return None;
    }
    let is_drawn = state.good.as_ref().is_some_and(|good| !good.pictures.is_empty());
    if is_drawn {
        return None;
    }
    if !state.has_answer {
        return Some(t(w::ENGINE_STARTING).to_owned());
    }
    let others = &state.view.others;
    Some(match (state.view.workloads.is_empty(), others.is_empty()) {
        _ if state.view.is_beyond => t(w::ENGINE_LOADING_REST).to_owned(),
        (true, true) if state.view.problems.is_empty() => t(w::PICTURE_PASTE).to_owned(),
        (true, true) => t(w::PICTURE_UNREADABLE).to_owned(),
        (true, false) => tf(w::PICTURE_NO_POD, [&others.join(", ")]),
        (false, _) if state.view.is_partial => t(w::ENGINE_LOADING_REST).to_owned(),
        (false, _) => t(w::PICTURE_NOT_THIS_KIND).to_owned(),
    })
}

#[derive(Properties, PartialEq)]
struct WorkloadChoiceProps {
    titles: Rc<Vec<String>>,
    shown: Option<usize>,
    on_workload: Callback<usize>,
}

/// The list of workloads. It can have thousands, so it is only made anew when it is another one.
#[component]
fn WorkloadChoice(props: &WorkloadChoiceProps) -> Html {
    let onchange = props.on_workload.reform(|event: Event| {
        let chosen = event.target_dyn_into::<HtmlSelectElement>().and_then(|select| select.value().parse().ok());
        chosen.unwrap_or_default()
    });
    html! {
        <select {onchange} disabled={props.titles.len() < 2}>
            { for props.titles.iter().enumerate().map(|(index, title)| html! {
                <option key={index} value={index.to_string()} selected={props.shown == Some(index)}>{ title }</option>
            }) }
        </select>
    }
}

#[derive(Properties, PartialEq)]
struct ToolbarProps {
    state: UseReducerHandle<State>,
}

/// Which workload, which kind of picture, written down how.
#[component]
fn Toolbar(props: &ToolbarProps) -> Html {
    let state = &props.state;
    let on_workload = {
        let dispatcher = state.dispatcher();
        use_callback((), move |workload: usize, ()| dispatcher.dispatch(Action::Workload(workload)))
    };
    let on_release = {
        let state = state.clone();
        Callback::from(move |event: Event| {
            let chosen =
                event.target_dyn_into::<HtmlSelectElement>().and_then(|select| Release::parse(&select.value()));
            state.dispatch(Action::Release(chosen.unwrap_or_default()));
        })
    };
    let kinds = KINDS.iter().map(|kind| Choice {
        label: said(kind.title).into(),
        about: said(kind.about).into(),
        action: Action::Kind(kind.id),
        is_made: state.kind == kind.id,
    });
    let writings = [
        (Writing::Picture, t(w::PICTURE_DRAWN)),
        (Writing::Outline, t(w::PICTURE_AS_TEXT)),
        (Writing::Mermaid, "Mermaid"),
    ];
    let writings = writings.map(|(writing, label)| Choice {
        label: label.into(),
        about: AttrValue::default(),
        action: Action::Writing(writing),
        is_made: state.writing == writing,
    });
    html! {
        <div class="toolbar">
            <label class={classes!("toolbar__workload", (state.view.workloads.len() < 2).then_some("toolbar__workload--only"))}>
                <span class="toolbar__label">{ t(w::PICTURE_WORKLOAD) }</span>
                <WorkloadChoice titles={state.view.workloads.clone()} shown={state.view.shown} {on_workload} />
            </label>
            <div class="toolbar__release">
                <label>
                    <span class="toolbar__label">{ "Kubernetes" }</span>
                    <select onchange={on_release}>
                        { for Release::all().rev().map(|release| html! {
                            <option key={release.minor()} value={release.to_string()} selected={state.release == release}>{ release.to_string() }</option>
                        }) }
                    </select>
                </label>
                <ApiVerdict api={state.view.api.clone()} release={state.release.to_string()} />
            </div>
            { choice(state, "kinds", t(w::PICTURE_KIND), kinds.collect()) }
            { choice(state, "writings", t(w::PICTURE_SHOWN_AS), writings.into()) }
        </div>
    }
}

/// One of several things to choose.
#[derive(Clone)]
struct Choice {
    label: AttrValue,
    about: AttrValue,
    /// What choosing it does.
    action: Action,
    is_made: bool,
}

/// One of several things: buttons side by side or, where there is no room for them, a list. The styles show one of the two.
fn choice(state: &UseReducerHandle<State>, name: &'static str, label: &'static str, choices: Vec<Choice>) -> Html {
    let options = choices.iter().map(
        |Choice { label, is_made, .. }| html! { <option key={label.to_string()} selected={*is_made}>{ label }</option> },
    );
    let options: Html = options.collect();
    let onchange = {
        let (state, choices) = (state.clone(), choices.clone());
        Callback::from(move |event: Event| {
            let chosen = event.target_dyn_into::<HtmlSelectElement>().map(|select| select.selected_index());
            let chosen = chosen.and_then(|index| choices.get(usize::try_from(index).ok()?));
            chosen.into_iter().for_each(|choice| state.dispatch(choice.action.clone()));
        })
    };
    let buttons = choices.into_iter().map(|Choice { label, about, action, is_made }| {
        let state = state.clone();
        let onclick = Callback::from(move |_: MouseEvent| state.dispatch(action.clone()));
        html! {
            <button key={label.to_string()} type="button" class="toolbar__button" aria-pressed={is_made.to_string()} title={about} {onclick}>{ label }</button>
        }
    });
    html! {
        <div class={format!("toolbar__choice toolbar__choice--{name}")}>
            <div class="toolbar__group" role="group" aria-label={label}>{ for buttons }</div>
            <select class="toolbar__list" aria-label={label} {onchange}>{ options }</select>
        </div>
    }
}
