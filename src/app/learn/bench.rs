//! A step with a manifest: its text, the editor, the goals, the picture. The editor and the pictures are those of the
//! playground, with a text and a state of their own: what the playground holds stays as it is.

use super::answer::Answer;
use super::goals::{goal_list, hint_list};
use super::progress::{Edit, Progress};
use super::settings;
use crate::app::components::{ChangePanel, Details, PicturePane};
use crate::app::desk::Desk;
use crate::app::dialog::Dialog;
use crate::app::editor::{Changed, EditorHandle, EditorPane};
use crate::app::engine::Asker;
use crate::app::notice::About;
use crate::app::state::{Action, State, reply_into};
use crate::app::store::Store;
use crate::app::use_kept;
use crate::app::words::{Word, t, tf, w};
use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo::timers::callback::Timeout;
use sidecar_playground::lesson::Step;
use sidecar_playground::lesson::goal::Held;
use sidecar_playground::task::{Done, LessonDone, LessonTask, Task};
use sidecar_playground::view::{Change, Range};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// Milliseconds after the last change until the goals are checked.
const CHECK_AFTER: u32 = 250;

/// The parts of a step that a narrow screen shows one at a time.
const PANES: [(&str, Word); 4] =
    [("text", w::LEARN_PANE_TEXT), ("edit", w::PANE_EDIT), ("picture", w::PANE_PICTURE), ("goals", w::LEARN_GOALS)];

#[derive(Properties, PartialEq)]
pub(crate) struct BenchProps {
    pub(crate) head: Html,
    pub(crate) text: Html,
    pub(crate) foot: Html,
    pub(crate) step: Rc<Step>,
    /// The manifest to start with.
    pub(crate) start: String,
    /// The desk of the playground.
    pub(crate) desk: Desk,
    pub(crate) progress: UseReducerHandle<Progress>,
    pub(crate) language: &'static str,
    /// The address of what comes next.
    pub(crate) next: String,
}

/// A step with a manifest.
#[component]
pub(crate) fn Bench(props: &BenchProps) -> Html {
    let step = props.step.clone();
    let own = props.progress.step(&step.id);
    let state = {
        let settings = settings(&step.look);
        use_reducer(move || State::looking_at(settings))
    };
    let begin = use_memo((), |()| own.text.clone().unwrap_or_else(|| props.start.clone()));
    let desk = use_memo((), |()| {
        let editor = Rc::new(RefCell::new(EditorHandle::default()));
        editor.borrow_mut().begin(&begin);
        // Nothing of it goes into what the playground keeps.
        Desk::new(editor, props.desk.engine.clone(), Rc::new(Store::none()), props.desk.tell.clone(), false)
    });
    let held = use_state(Vec::<Held>::new);
    let pane = use_state(|| "text");
    let change = use_state(|| None::<Change>);
    let waiting = use_mut_ref(|| None::<Timeout>);
    let checks = use_state(|| 0_u32);

    use_kept(&desk.engine, &state);
    let ask = {
        let engine = desk.engine.clone();
        let asker = Asker { editor: desk.editor.clone(), on_reply: reply_into(state.dispatcher()) };
        Callback::from(move |request| engine.ask(&asker, &request))
    };
    {
        let ask = ask.clone();
        use_effect_with(state.request(), move |request| ask.emit(request.clone()));
    }
    {
        let state = state.dispatcher();
        use_effect_with(props.language, move |_| state.dispatch(Action::Spoken));
    }
    {
        let editor = desk.editor.clone();
        use_effect_with(state.view.clone(), move |view| editor.borrow().mark(view));
    }
    let check = {
        let (desk, step, held, progress) = (desk.clone(), step.clone(), held.setter(), props.progress.dispatcher());
        Callback::from(move |()| {
            if step.goals.is_empty() {
                return;
            }
            let goals = step.goals.iter().map(|aim| aim.goal.clone()).collect();
            let (held, progress, id) = (held.clone(), progress.clone(), step.id.clone());
            let on_done = Callback::from(move |done| {
                let Done::Lesson(LessonDone::Checked(found)) = done else { return };
                if found.iter().all(|held| held.holds) {
                    progress.dispatch(Edit::Done(id.clone()));
                }
                held.set(found);
            });
            desk.engine.run(&desk.text(), &Task::Lesson(LessonTask::Check(goals, step.look.clone())), on_done);
        })
    };
    {
        let check = check.clone();
        use_effect_with((), move |()| check.emit(()));
    }
    let on_text = {
        let (ask, state, desk, check, waiting) = (ask, state.clone(), desk.clone(), check.clone(), waiting);
        let (progress, id, start) = (props.progress.dispatcher(), step.id.clone(), props.start.clone());
        Callback::from(move |changed: Changed| {
            desk.engine.changed(&desk.editor, changed.as_ref());
            desk.changed();
            let text = Some(desk.text()).filter(|text| *text != start);
            progress.dispatch(Edit::Text(id.clone(), text));
            ask.emit(state.request());
            let check = check.clone();
            *waiting.borrow_mut() = Some(Timeout::new(CHECK_AFTER, move || check.emit(())));
        })
    };
    let on_caret = {
        let state = state.clone();
        Callback::from(move |at: u32| state.dispatch(Action::Caret(at)))
    };
    let on_sight = {
        let state = state.clone();
        Callback::from(move |range: Range| state.dispatch(Action::Sight(range)))
    };
    let try_again = {
        let engine = desk.engine.clone();
        Callback::from(move |()| engine.try_again())
    };
    let show = {
        let (desk, state, pane) = (desk.clone(), state.clone(), pane.setter());
        Callback::from(move |range: Range| {
            state.dispatch(Action::Caret(range.from));
            pane.set("edit");
            desk.editor.borrow().select(range);
        })
    };
    let propose = {
        let change = change.setter();
        Callback::from(move |wanted: Change| change.set(Some(wanted)))
    };
    let on_changed = {
        let change = change.setter();
        Callback::from(move |_: bool| change.set(None))
    };
    {
        let (check, checks, pane) = (check.clone(), checks.clone(), pane.setter());
        use_check_key(Callback::from(move |()| {
            check.emit(());
            checks.set(*checks + 1);
            pane.set("goals");
        }));
    }
    let replace = replacing(props, &desk);
    let goals = goals_of(props, &desk, &held, *checks, &show, &replace);
    let met = held.iter().filter(|held| held.holds).count();
    let is_reached = !held.is_empty() && met == held.len();
    let tabs = PANES.iter().filter(|(id, _)| *id != "goals" || !step.goals.is_empty()).map(|(id, word)| {
        let onclick = {
            let (pane, id) = (pane.setter(), *id);
            Callback::from(move |_: MouseEvent| pane.set(id))
        };
        let count = (*id == "goals").then(|| format!("{met}/{}", step.goals.len()));
        html! {
            <button key={*id} type="button" class="pane-bar__button" aria-pressed={(*pane == *id).to_string()} {onclick}>
                { t(*word) }{ for count.iter().map(|count| html! { <span class={classes!("pane-bar__count", is_reached.then_some("pane-bar__count--good"))}>{ count }</span> }) }
            </button>
        }
    });
    let answered_by = if state.has_answer && !state.view.is_partial { "whole" } else { "first" };
    html! {
        <div class={classes!("lesson", format!("lesson--{}", *pane))} data-engine={answered_by}>
            { props.head.clone() }
            <div class="lesson__panes">
                <section class="lesson__text" aria-label={step.title.clone()}>{ props.text.clone() }{ props.foot.clone() }</section>
                <EditorPane id="lesson-text" is_read_only=false handle={desk.editor.clone()} {on_text} {on_caret} {on_sight} />
                <div class="lesson__answer">
                    { goals }
                    <PicturePane state={state.clone()} show={show.clone()} {try_again} />
                    <Details state={state.clone()} show={show.clone()} {propose} />
                </div>
            </div>
            <nav class="pane-bar" aria-label={t(w::PAGE_PARTS_OF_PAGE)}>{ for tabs }</nav>
            <Dialog id="lesson-change" title={t(w::CHANGE_TITLE)} is_open={change.is_some()} on_close={on_changed.reform(|()| false)}>
                { (*change).clone().map(|change| html! { <ChangePanel state={state.clone()} desk={(*desk).clone()} {change} is_read_only=false {show} on_done={on_changed} /> }) }
            </Dialog>
        </div>
    }
}

/// The goals with what helps to reach them; for a step without goals, the way back to its manifest.
fn goals_of(
    props: &BenchProps,
    desk: &Desk,
    held: &[Held],
    checks: u32,
    show: &Callback<Range>,
    replace: &Callback<Replace>,
) -> Html {
    let step = &props.step;
    let own = props.progress.step(&step.id);
    let met = held.iter().filter(|held| held.holds).count();
    let is_reached = !held.is_empty() && met == held.len();
    let dispatch = |edit: fn(String) -> Edit| {
        let (progress, id) = (props.progress.dispatcher(), step.id.clone());
        Callback::from(move |()| progress.dispatch(edit(id.clone())))
    };
    let button = |what: Replace, word: Word, is_off: bool| {
        let onclick = replace.reform(move |_: MouseEvent| what);
        html! { <button type="button" class="button button--quiet" hidden={is_off} {onclick}>{ t(word) }</button> }
    };
    let back = html! {
        <div class="goals__back">
            { button(Replace::Start, w::LEARN_RESET_STEP, own.text.is_none() && own.hints == 0 && !own.is_done && !own.is_seen) }
            { button(Replace::Last, w::LEARN_BRING_BACK, own.last.is_none()) }
        </div>
    };
    if step.goals.is_empty() {
        return back;
    }
    let answer = step.solution.as_ref().map(|solution| {
        html! {
            <Answer text={desk.text()} solution={solution.clone()} is_shown={own.is_seen} is_done={own.is_done}
                on_show={dispatch(Edit::Seen)} on_take={replace.reform(|()| Replace::Solution)} />
        }
    });
    // Said once more when it was asked for: an answer that did not change would not be heard.
    let spoken = tf(w::LEARN_SPOKEN, [&met, &step.goals.len()]) + if checks.is_multiple_of(2) { "" } else { " " };
    html! {
        <section class={classes!("goals", is_reached.then_some("goals--reached"))} aria-label={t(w::LEARN_GOALS)}>
            <header class="goals__head">
                <h3 class="heading">{ t(w::LEARN_GOALS) }</h3>
                <span class="goals__count">{ tf(w::LEARN_MET, [&met, &step.goals.len()]) }</span>
                <kbd class="goals__key" title={t(w::LEARN_CHECK_KEY)}>{ "Ctrl ⏎" }</kbd>
            </header>
            <p class="visually-hidden" role="status">{ if held.is_empty() { String::new() } else { spoken } }</p>
            { goal_list(held, show) }
            <p class="goals__reached" hidden={!is_reached}>
                <span>{ t(if own.is_seen && !own.is_done { w::LEARN_REACHED_SEEN } else { w::LEARN_REACHED }) }</span>
                <a class="button button--main" href={props.next.clone()}>{ t(w::LEARN_NEXT) }</a>
            </p>
            <div class="goals__help" hidden={is_reached && own.hints == 0 && !own.is_seen}>
                { hint_list(desk, &step.hints, own.hints, &dispatch(Edit::Hint)) }
                { for answer }
            </div>
            { back }
        </section>
    }
}

/// What the text of the step can be replaced by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Replace {
    /// The start, and the step begins again.
    Start,
    /// What it was before the last reset.
    Last,
    Solution,
}

/// Replaces the text, with a way back.
fn replacing(props: &BenchProps, desk: &Rc<Desk>) -> Callback<Replace> {
    let (desk, progress, step, start) = (desk.clone(), props.progress.clone(), props.step.clone(), props.start.clone());
    Callback::from(move |what: Replace| {
        let before = ((*progress).clone(), desk.text());
        let own = progress.step(&step.id);
        let (text, said) = match what {
            Replace::Start => (Some(start.clone()), w::LEARN_IS_RESET),
            Replace::Last => (own.last, w::LEARN_IS_BACK),
            Replace::Solution => (step.solution.clone(), w::LEARN_ANSWER_TAKEN),
        };
        if what == Replace::Start {
            progress.dispatch(Edit::Reset(step.id.clone()));
        }
        desk.set(&text.unwrap_or_default());
        if what == Replace::Solution {
            // The difference below folds up; that all goals hold stands above.
            let goals = gloo::utils::document().query_selector(".lesson .goals").ok().flatten();
            goals.iter().for_each(web_sys::Element::scroll_into_view);
        }
        let undo = {
            let (desk, progress) = (desk.clone(), progress.dispatcher());
            Callback::from(move |()| {
                desk.set(&before.1);
                progress.dispatch(Edit::Whole(before.0.clone()));
            })
        };
        desk.say(About::Text, t(said), Some((t(w::PAGE_UNDO), undo)));
    })
}

/// Calls when the goals are to be checked now: Ctrl or ⌘ with Enter, wherever the focus is.
#[hook]
fn use_check_key(on_key: Callback<()>) {
    let newest = use_mut_ref(|| on_key.clone());
    *newest.borrow_mut() = on_key;
    use_effect_with((), move |()| {
        // Before the editor takes it.
        let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: false };
        let listener = EventListener::new_with_options(&gloo::utils::window(), "keydown", options, move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                event.stop_propagation();
                let on_key = newest.borrow().clone();
                on_key.emit(());
            }
        });
        move || drop(listener)
    });
}
