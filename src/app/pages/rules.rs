//! The rules, to search in, and a page for each. The engine's worker knows their documentation; the page asks it.

use crate::app::desk::Desk;
use crate::app::give::{Gift, GiveButton};
use crate::app::prose::prose;
use crate::app::route::Route;
use crate::app::state::{Action, State};
use crate::app::words::{said, t, tf, w};
use sidecar_playground::finding::Severity;
use sidecar_playground::release::Release;
use sidecar_playground::task::{Done, RuleLine, RulePage, Task};
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct RulesPageProps {
    pub(crate) state: UseReducerHandle<State>,
    pub(crate) desk: Desk,
    /// The rule to show; the list when it is empty.
    pub(crate) rule: String,
    /// Called when another text was put on the desk.
    pub(crate) on_replaced: Callback<()>,
}

/// The list or one of its rules. Both stay: the search is still there on the way back.
#[component]
pub(crate) fn RulesPage(props: &RulesPageProps) -> Html {
    let is_list = props.rule.is_empty();
    html! {
        <>
            <div hidden={!is_list}><List desk={props.desk.clone()} language={props.state.language} /></div>
            <div hidden={is_list}>
                <One state={props.state.clone()} desk={props.desk.clone()} rule={props.rule.clone()} on_replaced={props.on_replaced.clone()} />
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ListProps {
    desk: Desk,
    language: &'static str,
}

#[component]
fn List(props: &ListProps) -> Html {
    let rules = use_state(|| None::<Rc<Vec<RuleLine>>>);
    let query = use_state(String::new);
    let level = use_state(|| None::<Severity>);
    {
        let (desk, rules) = (props.desk.clone(), rules.setter());
        use_effect_with((), move |()| {
            let on_done = Callback::from(move |done| {
                if let Done::Rules(found) = done {
                    rules.set(Some(Rc::new(found)));
                }
            });
            desk.engine.run("", &Task::Rules, on_done);
        });
    }
    let oninput = {
        let query = query.setter();
        Callback::from(move |event: InputEvent| {
            query.set(event.target_dyn_into::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default());
        })
    };
    let onchange = {
        let level = level.setter();
        Callback::from(move |event: Event| {
            let id = event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value()).unwrap_or_default();
            level.set(Severity::from_id(&id));
        })
    };
    let all = rules.as_ref().map_or(&[][..], |rules| rules.as_slice());
    let words = query.to_ascii_lowercase();
    let fits = |rule: &&RuleLine| {
        let text = format!("{} {}", rule.id, rule.summary).to_ascii_lowercase();
        level.is_none_or(|level| rule.severity == level) && words.split_whitespace().all(|word| text.contains(word))
    };
    let found: Vec<&RuleLine> = all.iter().filter(fits).collect();
    let message = match &*rules {
        None => t(w::RULES_LOADING).to_owned(),
        Some(all) => tf(w::RULES_FOUND, [&found.len(), &all.len()]),
    };
    html! {
        <section class="catalogue" aria-labelledby="rules-title">
            <h2 id="rules-title" class="catalogue__title">{ t(w::RULES_TITLE) }</h2>
            <p class="catalogue__intro">{ t(w::RULES_ABOUT) }</p>
            <form class="catalogue__search" role="search" onsubmit={|event: SubmitEvent| event.prevent_default()}>
                <label>{ t(w::RULES_SEARCH) }{ " " }<input type="search" value={(*query).clone()} {oninput} placeholder={t(w::RULES_SEARCH_FOR)} /></label>
                <label>{ t(w::RULES_LEVEL) }{ " " }<select {onchange}>
                    <option value="" selected={level.is_none()}>{ t(w::RULES_ALL) }</option>
                    { for Severity::ALL.iter().rev().map(|level| html! { <option key={level.id()} value={level.id()}>{ said(level.id()) }</option> }) }
                </select></label>
                <span class="catalogue__count" role="status">{ message }</span>
            </form>
            <ul class="rules__list">{ for found.into_iter().map(line) }</ul>
        </section>
    }
}

fn line(rule: &RuleLine) -> Html {
    html! {
        <li key={rule.id.clone()} class={classes!("rules__item", format!("finding--{}", rule.severity.id()))}>
            <h3 class="rules__name"><a href={Route::Rules(rule.id.clone()).address()}>{ &rule.id }</a></h3>
            <p><span class="finding__severity">{ said(rule.severity.id()) }</span><span class="rules__releases">{ &rule.releases }</span></p>
            <p lang="en">{ prose(&rule.summary) }</p>
        </li>
    }
}

#[component]
fn One(props: &RulesPageProps) -> Html {
    let page = use_state(|| None::<Option<Box<RulePage>>>);
    {
        let (desk, page) = (props.desk.clone(), page.setter());
        use_effect_with(props.rule.clone(), move |rule| {
            if rule.is_empty() {
                return;
            }
            page.set(None);
            let on_done = Callback::from(move |done| {
                if let Done::Rule(found) = done {
                    page.set(Some(found));
                }
            });
            desk.engine.run("", &Task::Rule(rule.clone()), on_done);
        });
    }
    let back =
        html! { <p class="rule__back"><a href={Route::Rules(String::new()).address()}>{ t(w::RULES_BACK) }</a></p> };
    let page = match &*page {
        None => {
            return html! { <section class="rule">{ back }<p role="status">{ t(w::RULES_LOADING_ONE) }</p></section> };
        }
        Some(None) => {
            return html! { <section class="rule">{ back }<p role="status">{ t(w::RULES_NONE) }</p></section> };
        }
        Some(Some(page)) => page,
    };
    let RuleLine { id, severity, releases, .. } = &page.line;
    let paragraphs = |texts: &[String]| -> Vec<Html> {
        texts.iter().map(|text| html! { <p lang="en">{ prose(text) }</p> }).collect()
    };
    let example = |title: &'static str, text: &str| {
        let onclick = {
            let (state, desk, page, text) = (props.state.clone(), props.desk.clone(), page.clone(), text.to_owned());
            let on_replaced = props.on_replaced.clone();
            Callback::from(move |_: MouseEvent| open(&state, &desk, &page, &text, &on_replaced))
        };
        html! {
            <section class="rule__example" aria-label={title}>
                <div class="rule__example-head">
                    <h3 class="rule__heading">{ title }</h3>
                    <GiveButton label={t(w::PAGE_COPY)} of={title} gift={Some(Gift::Copy(text.to_owned()))} />
                    <button type="button" class="button" {onclick}>{ t(w::RULES_OPEN) }<span class="visually-hidden">{ title }</span></button>
                </div>
                <pre class="rule__code" tabindex="0" role="group" aria-label={title}><code>{ text }</code></pre>
            </section>
        }
    };
    let references = page.references.iter().map(|(title, address)| {
        html! { <li key={address.clone()}><a href={address.clone()} target="_blank" rel="noopener noreferrer">{ title }</a></li> }
    });
    html! {
        <article class={classes!("rule", format!("finding--{}", severity.id()))}>
            { back }
            <h2 class="rule__title">{ id }</h2>
            <p class="rule__facts">
                <span class="finding__severity">{ said(severity.id()) }</span>
                <span hidden={releases.is_empty()}>{ format!("Kubernetes {releases}") }</span>
            </p>
            <h3 class="rule__heading">{ t(w::RULES_WHAT) }</h3>
            { for paragraphs(&page.what) }
            <h3 class="rule__heading">{ t(w::RULES_WHY) }</h3>
            { for paragraphs(&page.why) }
            <div class="rule__examples">
                { example(t(w::RULES_FIRES), &page.fires) }
                { example(t(w::RULES_INSTEAD), &page.instead) }
            </div>
            <h3 class="rule__heading">{ t(w::RULES_SINCE) }</h3>
            { for paragraphs(&page.since) }
            <div hidden={page.references.is_empty()}>
                <h3 class="rule__heading">{ t(w::RULES_TO_READ) }</h3>
                <ul class="rule__references" lang="en">{ for references }</ul>
            </div>
        </article>
    }
}

/// Puts an example on the desk, at a release and level at which the rule speaks.
fn open(state: &UseReducerHandle<State>, desk: &Desk, page: &RulePage, text: &str, on_replaced: &Callback<()>) {
    state.dispatch(Action::Workload(0));
    if let Some(release) = Release::parse(&page.k8s) {
        state.dispatch(Action::Release(release));
    }
    if page.line.severity < state.level {
        state.dispatch(Action::Level(page.line.severity));
    }
    on_replaced.emit(());
    desk.replace_by_example(text, t(w::RULES_OPENED));
    let _ = gloo::utils::window().location().set_hash(&Route::Playground.address());
}
