//! The course: its lessons, how far the learner is, and what to do with that.

use super::address;
use super::course::{Entry, StepEntry, forget_link, linked};
use super::progress::{Mark, Progress, forget_all, read_all, write_all};
use super::step_list::mark_word;
use crate::app::desk::Desk;
use crate::app::give::{Gift, GiveButton};
use crate::app::notice::About;
use crate::app::words::{Word, one_or_many, t, tf, w};
use js_sys::Reflect;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlInputElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct OverviewProps {
    pub(crate) lessons: Rc<Vec<Entry>>,
    pub(crate) desk: Desk,
    pub(crate) language: &'static str,
}

/// How many of the steps that count are done or seen, and how many there are.
pub(crate) fn count(steps: &[StepEntry], progress: &Progress) -> (usize, usize) {
    let needed = steps.iter().filter(|step| !step.is_optional);
    let marks: Vec<Mark> = needed.map(|step| progress.step(&step.id).mark(step.goals, step.questions)).collect();
    (marks.iter().filter(|mark| matches!(mark, Mark::Done | Mark::Seen)).count(), marks.len())
}

/// The overview of the course.
#[component]
pub(crate) fn Overview(props: &OverviewProps) -> Html {
    let version = use_state(|| 0_u32);
    let store = &props.desk.store;
    let progress: Vec<Progress> = props.lessons.iter().map(|entry| Progress::load(store, &entry.id)).collect();
    let counts: Vec<(usize, usize)> =
        props.lessons.iter().zip(&progress).map(|(entry, own)| count(&entry.steps, own)).collect();
    let is_begun = |index: usize| counts.get(index).is_some_and(|(done, _)| *done > 0);
    let is_done = |index: usize| counts.get(index).is_some_and(|(done, all)| done == all);
    // Where to go on: the first lesson that is begun and not done, or the first that is not done.
    let all = 0..props.lessons.len();
    let next = all.clone().find(|at| is_begun(*at) && !is_done(*at)).or(all.clone().find(|at| !is_done(*at)));
    let again = {
        let version = version.clone();
        move || version.set(*version + 1)
    };
    let lessons = props.lessons.iter().enumerate().map(|(index, entry)| {
        lesson(props, entry, progress.get(index), counts.get(index).copied().unwrap_or_default(), next == Some(index))
    });
    let minutes: u32 = props.lessons.iter().map(|entry| entry.minutes).sum();
    let steps: usize = props.lessons.iter().map(|entry| entry.steps.len()).sum();
    let links = linked(store).into_iter().map(|id| {
        let onclick = {
            let (store, id, again) = (store.clone(), id.clone(), again.clone());
            Callback::from(move |_: MouseEvent| {
                forget_link(&store, &id);
                again();
            })
        };
        html! {
            <li key={id.clone()}>
                <a href={address(&id, "")}>{ tf(w::LEARN_LINKED_ONE, [&id.trim_start_matches('~')]) }</a>
                <button type="button" class="button button--quiet" {onclick}>{ t(w::LEARN_FORGET) }</button>
            </li>
        }
    });
    let has_links = !linked(store).is_empty();
    html! {
        <section class="learn" aria-labelledby="learn-title">
            <h2 id="learn-title" class="catalogue__title">{ t(w::LEARN_TITLE) }</h2>
            <p class="catalogue__intro">{ t(w::LEARN_ABOUT) }{ " " }{ tf(w::LEARN_SIZE, [&props.lessons.len(), &steps, &hours(minutes)]) }</p>
            <ol class="course">{ for lessons }</ol>
            <section hidden={!has_links} aria-label={t(w::LEARN_LINKED)}>
                <h3 class="heading">{ t(w::LEARN_LINKED) }</h3>
                <ul class="course__links">{ for links }</ul>
            </section>
            { keeping(props, again) }
            { for_teachers() }
        </section>
    }
}

/// Hours, to the half.
fn hours(minutes: u32) -> String {
    let halves = (minutes + 15) / 30;
    match (halves / 2, halves % 2) {
        (0, _) => "½".to_owned(),
        (whole, 0) => whole.to_string(),
        (whole, _) => format!("{whole}½"),
    }
}

fn lesson(
    props: &OverviewProps,
    entry: &Entry,
    progress: Option<&Progress>,
    count: (usize, usize),
    is_next: bool,
) -> Html {
    let title = |id: &String| {
        props.lessons.iter().find(|known| known.id == *id).map_or(id.clone(), |known| known.title.clone())
    };
    let needs: Vec<String> = entry.needs.iter().map(title).collect();
    let (done, all) = count;
    let word = match done {
        0 => w::LEARN_BEGIN,
        done if done == all => w::LEARN_LOOK_AGAIN,
        _ => w::LEARN_GO_ON,
    };
    let steps = entry.steps.iter().map(|step| {
        let mark = progress.map_or(Mark::Open, |progress| progress.step(&step.id).mark(step.goals, step.questions));
        html! {
            <li key={step.id.clone()} class={format!("course__step course__step--{}", mark.id())}>
                <a href={address(&entry.id, &step.id)}>{ &step.title }</a>
                <span class="course__mark">{ if mark == Mark::Open { "" } else { t(mark_word(mark)) } }</span>
            </li>
        }
    });
    let class = classes!(
        "course__lesson",
        is_next.then_some("course__lesson--next"),
        (done == all).then_some("course__lesson--done")
    );
    html! {
        <li key={entry.id.clone()} {class}>
            <div class="course__head">
                <h3 class="course__title"><a href={address(&entry.id, "")}>{ &entry.title }</a></h3>
                <span class="course__facts">{ tf(w::LEARN_MINUTES, [&entry.minutes]) }</span>
                <span class="course__facts">{ tf(w::LEARN_COUNT, [&done, &all]) }</span>
                <progress class="course__bar" max={all.to_string()} value={done.to_string()} aria-label={tf(w::LEARN_COUNT, [&done, &all])} />
                <a class={classes!("button", is_next.then_some("button--main"))} href={address(&entry.id, "")} aria-label={format!("{}: {}", t(word), entry.title)}>{ t(word) }</a>
            </div>
            <p>{ &entry.about }</p>
            <p class="course__needs" hidden={needs.is_empty()}>{ tf(w::LEARN_NEEDS, [&needs.join(", ")]) }</p>
            <details class="course__more">
                <summary>{ tf(w::LEARN_ALL_STEPS, [&entry.steps.len()]) }</summary>
                <ol class="course__steps">{ for steps }</ol>
            </details>
        </li>
    }
}

/// What a teacher takes from here.
fn for_teachers() -> Html {
    let link = |place: &str, word: Word| html! { <a class="button" href={address(place, "")}>{ t(word) }</a> };
    html! {
        <section class="learn__keep" aria-label={t(w::LEARN_MORE)}>
            <h3 class="heading">{ t(w::LEARN_MORE) }</h3>
            <div class="learn__buttons">
                { link("make", w::LEARN_MAKE_OWN) }
                { link("print", w::PRINT_COURSE) }
                { link("card", w::PRINT_CARD) }
                <a class="button" href="offline-room.zip" download="">{ t(w::LEARN_OFFLINE) }</a>
            </div>
        </section>
    }
}

/// The progress as a file, and the way to begin from nothing.
fn keeping(props: &OverviewProps, again: impl Fn() + Clone + 'static) -> Html {
    let desk = props.desk.clone();
    let forget = {
        let (desk, again) = (desk.clone(), again.clone());
        Callback::from(move |_: MouseEvent| {
            let before = write_all(&desk.store);
            forget_all(&desk.store);
            again();
            let undo = {
                let (store, again) = (desk.store.clone(), again.clone());
                Callback::from(move |()| {
                    read_all(&store, &before);
                    again();
                })
            };
            desk.say(About::Text, t(w::LEARN_ALL_FORGOTTEN), Some((t(w::PAGE_UNDO), undo)));
        })
    };
    let onchange = {
        let (desk, again) = (desk.clone(), again);
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
            let file = Reflect::get(&input, &"files".into()).and_then(|files| Reflect::get_u32(&files, 0)).ok();
            let Some(file) = file.and_then(|file| file.dyn_into::<Blob>().ok()) else { return };
            let (desk, again) = (desk.clone(), again.clone());
            yew::platform::spawn_local(async move {
                let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
                let count = text.and_then(|text| read_all(&desk.store, &text));
                input.set_value("");
                again();
                match count {
                    Some(count) => desk.say(
                        About::Text,
                        &tf(one_or_many(count, w::LEARN_IMPORTED_ONE, w::LEARN_IMPORTED), [&count]),
                        None,
                    ),
                    None => desk.say(About::Text, t(w::LEARN_NO_PROGRESS_FILE), None),
                }
            });
        })
    };
    let gift = Gift::Save("sidecar-progress.json".to_owned(), "application/json", write_all(&desk.store));
    html! {
        <section class="learn__keep" aria-label={t(w::LEARN_PROGRESS)}>
            <h3 class="heading">{ t(w::LEARN_PROGRESS) }</h3>
            <p>{ t(w::LEARN_PROGRESS_ABOUT) }</p>
            <div class="learn__buttons">
                <GiveButton label={t(w::LEARN_EXPORT)} gift={Some(gift)} />
                <label class="button learn__file">{ t(w::LEARN_IMPORT) }<input class="visually-hidden" type="file" accept=".json,application/json" {onchange} /></label>
                <button type="button" class="button button--quiet" onclick={forget}>{ t(w::LEARN_FORGET_ALL) }</button>
            </div>
        </section>
    }
}
