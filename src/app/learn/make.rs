//! Make a lesson: write its steps, choose goals from what is true of a solution, and send it as a link or take it as files.

use super::address;
use super::course::hosted_file;
use super::goals::goal_list;
use super::zip::zip;
use crate::app::desk::Desk;
use crate::app::give::{Gift, GiveButton};
use crate::app::route::Route;
use crate::app::words::{Word, t, tf, w};
use gloo::timers::callback::Timeout;
use sidecar_playground::lesson::goal::Held;
use sidecar_playground::lesson::quiz::{Answers, Question};
use sidecar_playground::lesson::{Draft, DraftStep};
use sidecar_playground::task::{Done, LessonDone, LessonTask, MadeLesson, Task};
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// Under what the draft is kept.
const NAME: &str = "sidecar-playground/draft/1";

/// Milliseconds after the last change until the lesson is made of it.
const MAKE_AFTER: u32 = 300;

/// Goals that are offered at once.
const OFFERED: usize = 14;

#[derive(Properties, PartialEq)]
pub(crate) struct MakeProps {
    pub(crate) desk: Desk,
    pub(crate) language: &'static str,
}

/// The draft, and which of its steps is shown.
#[derive(Clone, PartialEq)]
struct Making {
    draft: Draft,
    at: usize,
}

impl Default for Making {
    fn default() -> Self {
        Self { draft: Draft { minutes: 10, steps: vec![DraftStep::default()], ..Draft::default() }, at: 0 }
    }
}

/// A change of it. What was typed last may not have been drawn yet, so each works on what there is by then.
type Act = Box<dyn FnOnce(&mut Making)>;

impl Reducible for Making {
    type Action = Act;

    fn reduce(self: Rc<Self>, act: Act) -> Rc<Self> {
        let mut next = (*self).clone();
        act(&mut next);
        next.draft.id = slug(&next.draft.title, "my-lesson");
        for (index, step) in next.draft.steps.iter_mut().enumerate() {
            step.id = format!("{}-{}", slug(&step.title, "step"), index + 1);
        }
        next.at = next.at.min(next.draft.steps.len().saturating_sub(1));
        next.into()
    }
}

/// What the engine says of a draft.
#[derive(Clone, Default, PartialEq)]
struct Answer {
    made: MadeLesson,
    offered: Vec<String>,
    start: Vec<Held>,
    solution: Vec<Held>,
}

/// A part of the answer that arrived.
enum Part {
    Made(Box<MadeLesson>),
    Offered(Vec<String>),
    Start(Vec<Held>),
    Solution(Vec<Held>),
}

impl Reducible for Answer {
    type Action = Part;

    fn reduce(self: Rc<Self>, part: Part) -> Rc<Self> {
        let mut next = (*self).clone();
        match part {
            Part::Made(made) => next.made = *made,
            Part::Offered(offered) => next.offered = offered,
            Part::Start(held) => next.start = held,
            Part::Solution(held) => next.solution = held,
        }
        next.into()
    }
}

/// The page to make a lesson.
#[component]
pub(crate) fn Make(props: &MakeProps) -> Html {
    let making = use_reducer(Making::default);
    let (draft, at) = (&making.draft, making.at);
    let answer = use_reducer(Answer::default);
    let waiting = use_mut_ref(|| None::<Timeout>);
    let is_loaded = use_state(|| false);
    {
        let (desk, making, is_loaded) = (props.desk.clone(), making.dispatcher(), is_loaded.setter());
        use_effect_with((), move |()| match desk.store.read(NAME) {
            Some(json) => {
                let on_done = Callback::from(move |done| {
                    if let Done::Lesson(LessonDone::Read(read)) = done
                        && !read.draft.steps.is_empty()
                    {
                        making.dispatch(Box::new(move |making| making.draft = read.draft));
                    }
                    is_loaded.set(true);
                });
                desk.engine.run("", &Task::Lesson(LessonTask::Read(json)), on_done);
            }
            None => is_loaded.set(true),
        });
    }
    let step = draft.steps.get(at).cloned().unwrap_or_default();
    {
        let (desk, answer, draft, step) = (props.desk.clone(), answer.dispatcher(), draft.clone(), step.clone());
        use_effect_with((draft.clone(), at, *is_loaded), move |(_, _, is_loaded)| {
            if *is_loaded {
                let work = move || ask(&desk, draft, &step, &answer);
                *waiting.borrow_mut() = Some(Timeout::new(MAKE_AFTER, work));
            }
        });
    }
    // Changes of the draft, with what was typed.
    let edit = |change: fn(&mut Draft, &mut usize, String)| {
        let making = making.dispatcher();
        Callback::from(move |value: String| {
            making.dispatch(Box::new(move |making| change(&mut making.draft, &mut making.at, value)));
        })
    };
    let tabs = draft.steps.iter().enumerate().map(|(index, own)| {
        let onclick = {
            let making = making.dispatcher();
            Callback::from(move |_: MouseEvent| making.dispatch(Box::new(move |making| making.at = index)))
        };
        let title = if own.title.is_empty() { tf(w::MAKE_STEP, [&(index + 1)]) } else { own.title.clone() };
        html! { <button key={index} type="button" class="levels__button" aria-pressed={(at == index).to_string()} {onclick}>{ index + 1 }{ ". " }{ title }</button> }
    });
    let add = edit(|draft, at, _| {
        draft.steps.push(DraftStep::default());
        *at = draft.steps.len() - 1;
    });
    let remove = edit(|draft, at, _| {
        if *at < draft.steps.len() {
            draft.steps.remove(*at);
        }
    });
    let clear = edit(|draft, _, _| *draft = Making::default().draft);
    html! {
        <section class="learn make" aria-labelledby="make-title">
            <a class="lesson__all" href={Route::Learn(String::new()).address()}>{ t(w::LEARN_ALL) }</a>
            <h2 id="make-title" class="catalogue__title">{ t(w::MAKE_TITLE) }</h2>
            <p class="catalogue__intro">{ t(w::MAKE_ABOUT) }</p>
            <div class="make__card">
                { field(w::MAKE_LESSON_TITLE, &draft.title, 1, false, edit(|draft, _, value| draft.title = value)) }
                { field(w::MAKE_LESSON_ABOUT, &draft.about, 2, false, edit(|draft, _, value| draft.about = value)) }
                { field(w::MAKE_MINUTES, &draft.minutes.to_string(), 1, false, edit(|draft, _, value| draft.minutes = value.parse().unwrap_or_default())) }
            </div>
            <div class="make__tabs" role="group" aria-label={t(w::LEARN_STEPS)}>
                { for tabs }
                { button(w::MAKE_ADD_STEP, add.reform(|_: MouseEvent| String::new()), false) }
                { button(w::MAKE_REMOVE_STEP, remove.reform(|_: MouseEvent| String::new()), draft.steps.len() < 2) }
            </div>
            <div class="make__card" key={at}>
                { field(w::MAKE_STEP_TITLE, &step.title, 1, false, edit(|draft, at, value| on(draft, *at, |step| step.title = value))) }
                { field(w::MAKE_TEXT, &step.text, 7, false, edit(|draft, at, value| on(draft, *at, |step| step.text = value))) }
                <div class="make__pair">
                    { field(w::MAKE_START, &step.start, 14, true, edit(|draft, at, value| on(draft, *at, |step| step.start = value))) }
                    { field(w::MAKE_SOLUTION, &step.solution, 14, true, edit(|draft, at, value| on(draft, *at, |step| step.solution = value))) }
                </div>
                { goals(&step, &answer, &edit(toggle_goal)) }
                { field(w::MAKE_HINTS, &step.hints.join("\n\n"), 4, false, edit(|draft, at, value| on(draft, *at, |step| step.hints = parts(&value, "\n\n")))) }
                { questions(&step, &edit) }
                { field(w::MAKE_NOTES, &step.notes, 2, false, edit(|draft, at, value| on(draft, *at, |step| step.notes = value))) }
            </div>
            { result(draft, &answer.made) }
            <p><button type="button" class="button button--quiet" onclick={clear.reform(|_: MouseEvent| String::new())}>{ t(w::MAKE_CLEAR) }</button></p>
        </section>
    }
}

fn on(draft: &mut Draft, at: usize, change: impl FnOnce(&mut DraftStep)) {
    if let Some(step) = draft.steps.get_mut(at) {
        change(step);
    }
}

fn toggle_goal(draft: &mut Draft, at: &mut usize, goal: String) {
    let goal = goal.trim().to_owned();
    on(draft, *at, |step| match step.goals.iter().position(|known| *known == goal) {
        Some(place) => drop(step.goals.remove(place)),
        None if goal.is_empty() => {}
        None => step.goals.push(goal),
    });
}

/// A name for addresses and folders.
fn slug(title: &str, other: &str) -> String {
    let plain: String =
        title.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let name: String = words.join("-").chars().take(40).collect();
    let name = name.trim_matches(|c: char| c == '-' || c.is_ascii_digit()).to_owned();
    if name.is_empty() { other.to_owned() } else { name }
}

/// Parts of what is typed. Joined they are the same text again, so that nothing moves under the caret.
fn parts(text: &str, between: &str) -> Vec<String> {
    text.split(between).map(str::to_owned).collect()
}

/// The draft without parts in which nothing stands.
fn tidy(mut draft: Draft) -> Draft {
    let clean = |list: &mut Vec<String>| {
        *list = list.iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
    };
    for step in &mut draft.steps {
        clean(&mut step.hints);
        for question in &mut step.quiz {
            if let Answers::Known { right, wrong } = &mut question.answers {
                clean(right);
                clean(wrong);
            }
        }
    }
    draft
}

/// Asks the engine all that the page shows of a draft, and keeps the draft.
fn ask(desk: &Desk, draft: Draft, step: &DraftStep, answer: &UseReducerDispatcher<Answer>) {
    let run = |text: &str, task: LessonTask, part: fn(LessonDone) -> Option<Part>| {
        let answer = answer.clone();
        let on_done = Callback::from(move |done| {
            if let Done::Lesson(done) = done
                && let Some(part) = part(done)
            {
                answer.dispatch(part);
            }
        });
        desk.engine.run(text, &Task::Lesson(task), on_done);
    };
    let told = if step.solution.trim().is_empty() { &step.start } else { &step.solution };
    run(told, LessonTask::Suggest(step.look.clone()), |done| match done {
        LessonDone::Suggested(goals) => Some(Part::Offered(goals)),
        _ => None,
    });
    run(&step.start, LessonTask::Check(step.goals.clone(), step.look.clone()), |done| match done {
        LessonDone::Checked(held) => Some(Part::Start(held)),
        _ => None,
    });
    run(&step.solution, LessonTask::Check(step.goals.clone(), step.look.clone()), |done| match done {
        LessonDone::Checked(held) => Some(Part::Solution(held)),
        _ => None,
    });
    let (answer, store) = (answer.clone(), desk.store.clone());
    let on_done = Callback::from(move |done| {
        if let Done::Lesson(LessonDone::Made(made)) = done {
            store.write(NAME, &made.json);
            answer.dispatch(Part::Made(made));
        }
    });
    desk.engine.run("", &Task::Lesson(LessonTask::Make(Box::new(tidy(draft)))), on_done);
}

/// A field with its label: of one line, or an area.
fn field(label: Word, value: &str, rows: u32, is_code: bool, on_value: Callback<String>) -> Html {
    let class = classes!("make__field", is_code.then_some("make__field--code"));
    let value = value.to_owned();
    // At every letter: what the page does not know yet would be lost when it is drawn again.
    let input = if rows == 1 {
        let oninput = on_value.reform(|event: InputEvent| {
            event.target_dyn_into::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default()
        });
        html! { <input type="text" {value} {oninput} /> }
    } else {
        let oninput = on_value.reform(|event: InputEvent| {
            event.target_dyn_into::<HtmlTextAreaElement>().map(|field| field.value()).unwrap_or_default()
        });
        html! { <textarea rows={rows.to_string()} {value} {oninput} spellcheck={(!is_code).to_string()} wrap={if is_code { "off" } else { "soft" }} /> }
    };
    html! { <label {class}><span>{ t(label) }</span>{ input }</label> }
}

fn button(label: Word, onclick: Callback<MouseEvent>, is_off: bool) -> Html {
    html! { <button type="button" class="button" disabled={is_off} {onclick}>{ t(label) }</button> }
}

/// The goals that were chosen and how they stand, and those that can be.
fn goals(step: &DraftStep, answer: &Answer, toggle: &Callback<String>) -> Html {
    let offered = answer.offered.iter().filter(|goal| !step.goals.contains(goal)).take(OFFERED).map(|goal| {
        let onclick = {
            let goal = goal.clone();
            toggle.reform(move |_: MouseEvent| goal.clone())
        };
        html! { <button key={goal.clone()} type="button" class="button make__offer" {onclick}>{ "+ " }{ goal }</button> }
    });
    let chosen = step.goals.iter().map(|goal| {
        let onclick = {
            let goal = goal.clone();
            toggle.reform(move |_: MouseEvent| goal.clone())
        };
        html! { <li class="what-if__item" key={goal.clone()}>{ goal }<button type="button" class="what-if__remove" aria-label={tf(w::MAKE_REMOVE_GOAL, [goal])} {onclick}>{ "×" }</button></li> }
    });
    let is_done = !answer.start.is_empty() && answer.start.iter().all(|held| held.holds);
    let missed: Vec<Held> = answer.solution.iter().filter(|held| !held.holds).cloned().collect();
    let onchange = toggle.reform(|event: Event| {
        let Some(field) = event.target_dyn_into::<HtmlInputElement>() else { return String::new() };
        let goal = field.value();
        field.set_value("");
        goal
    });
    html! {
        <fieldset class="make__goals">
            <legend>{ t(w::MAKE_GOALS) }</legend>
            <ul class="what-if__list">{ for chosen }</ul>
            <div class="make__offers">{ for offered }</div>
            <label class="make__field"><span>{ t(w::MAKE_OWN_GOAL) }</span><input type="text" placeholder="NAME is a native sidecar" {onchange} /></label>
            <p class="change__trouble" hidden={!is_done || step.goals.is_empty()}>{ t(w::MAKE_NOTHING_TO_DO) }</p>
            <div hidden={missed.is_empty() || step.goals.is_empty()}><p>{ t(w::MAKE_MISSES) }</p>{ goal_list(&missed, &Callback::noop()) }</div>
        </fieldset>
    }
}

/// Makes a callback of a change.
type Edit<'e> = dyn Fn(fn(&mut Draft, &mut usize, String)) -> Callback<String> + 'e;

/// The questions of a step. The number of a question goes along with what was typed.
fn questions(step: &DraftStep, edit: &Edit<'_>) -> Html {
    let numbered = |index: usize, change: fn(&mut Draft, &mut usize, String)| {
        edit(change).reform(move |value: String| format!("{index}\n{value}"))
    };
    let item = |(index, question): (usize, &Question)| {
        let (right, wrong) = match &question.answers {
            Answers::Known { right, wrong } => (right.join("\n"), wrong.join("\n")),
            Answers::Computed { question, .. } => (question.clone(), String::new()),
        };
        let remove = numbered(index, |draft, at, value| {
            let (index, _) = split(&value);
            on(draft, *at, |step| {
                if index < step.quiz.len() {
                    step.quiz.remove(index);
                }
            });
        });
        html! {
            <div class="make__question" key={index}>
                { field(w::MAKE_ASK, &question.ask, 1, false, numbered(index, |draft, at, value| of(draft, *at, &value, |own, text| own.ask = text))) }
                { field(w::MAKE_RIGHT, &right, 2, false, numbered(index, |draft, at, value| of(draft, *at, &value, |own, text| answer(own, |right, _| *right = parts(&text, "\n"))))) }
                { field(w::MAKE_WRONG, &wrong, 3, false, numbered(index, |draft, at, value| of(draft, *at, &value, |own, text| answer(own, |_, wrong| *wrong = parts(&text, "\n"))))) }
                { field(w::MAKE_BECAUSE, &question.because, 2, false, numbered(index, |draft, at, value| of(draft, *at, &value, |own, text| own.because = text))) }
                { button(w::MAKE_REMOVE_QUESTION, remove.reform(|_: MouseEvent| String::new()), false) }
            </div>
        }
    };
    let add = edit(|draft, at, _| on(draft, *at, |step| step.quiz.push(Question::default())));
    html! {
        <fieldset class="make__goals">
            <legend>{ t(w::MAKE_QUIZ) }</legend>
            { for step.quiz.iter().enumerate().map(item) }
            <p>{ button(w::MAKE_ADD_QUESTION, add.reform(|_: MouseEvent| String::new()), false) }</p>
        </fieldset>
    }
}

fn split(value: &str) -> (usize, &str) {
    let (index, text) = value.split_once('\n').unwrap_or((value, ""));
    (index.parse().unwrap_or_default(), text)
}

fn of(draft: &mut Draft, at: usize, value: &str, change: fn(&mut Question, String)) {
    let (index, text) = split(value);
    on(draft, at, |step| {
        if let Some(question) = step.quiz.get_mut(index) {
            change(question, text.to_owned());
        }
    });
}

/// Changes the answers that its author gives to a question.
fn answer(question: &mut Question, change: impl FnOnce(&mut Vec<String>, &mut Vec<String>)) {
    let (mut right, mut wrong) = match std::mem::take(&mut question.answers) {
        Answers::Known { right, wrong } => (right, wrong),
        Answers::Computed { .. } => Default::default(),
    };
    change(&mut right, &mut wrong);
    question.answers = Answers::Known { right, wrong };
}

/// A folder that can be unpacked beside the playground: the lesson as it is read there, how that is done, and its files.
fn hosted_folder(id: &str, made: &MadeLesson) -> Vec<(String, String)> {
    let (file, folder) = (hosted_file(id), format!("source/{id}"));
    let readme = tf(w::MAKE_README, [&file, &address(&format!("@{id}"), ""), &folder]);
    let source = made.files.iter().map(|(path, text)| (format!("source/{path}"), text.clone()));
    [("README.txt".to_owned(), readme), (file, made.json.clone())].into_iter().chain(source).collect()
}

/// What became of the draft: what is still wrong, or the ways to give it away.
fn result(draft: &Draft, made: &MadeLesson) -> Html {
    let troubles = &made.read.troubles;
    let item = |trouble: &sidecar_playground::lesson::Trouble| {
        html! { <li><code>{ &trouble.file }</code>{ ": " }{ crate::app::prose::prose(&trouble.message) }{ " " }{ crate::app::prose::prose(&trouble.help) }</li> }
    };
    let page = gloo::utils::window().location();
    let site = page.origin().unwrap_or_default() + &page.pathname().unwrap_or_default();
    let link = made.link.as_ref().map(|link| format!("{site}#{link}"));
    let is_ready = troubles.is_empty() && !made.json.is_empty();
    let hosted = format!("{site}{}", address(&format!("@{}", draft.id), ""));
    html! {
        <section class="make__result" aria-label={t(w::MAKE_RESULT)}>
            <h3 class="heading">{ t(w::MAKE_RESULT) }</h3>
            <div role="status"><ul class="make__troubles">{ for troubles.iter().map(item) }</ul></div>
            <div hidden={!is_ready}>
                <div class="learn__buttons">
                    <GiveButton label={t(w::MAKE_COPY_LINK)} gift={link.clone().map(Gift::Copy)} is_main=true />
                    <a class="button" hidden={link.is_none()} href={link.clone()} target="_blank" rel="noopener">{ t(w::MAKE_TRY) }</a>
                    <GiveButton label={t(w::MAKE_SAVE)} gift={Some(Gift::Save(format!("{}.json", draft.id), "application/json", made.json.clone()))} />
                    <GiveButton label={t(w::MAKE_SAVE_FOLDER)} gift={Some(Gift::Bytes(format!("{}.zip", draft.id), "application/zip", zip(&hosted_folder(&draft.id, made))))} />
                </div>
                <p class="share__size">{ link.as_ref().map_or_else(|| t(w::MAKE_TOO_LARGE).to_owned(), |link| tf(w::MAKE_SIZE, [&link.len()])) }</p>
                <p class="share__size">{ tf(w::MAKE_HOST, [&hosted_file(&draft.id), &hosted]) }</p>
            </div>
        </section>
    }
}
