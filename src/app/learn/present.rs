//! A lesson on a projector: one thing at a time, large, with nothing of the person who shows it.

use super::drawn::{Drawn, is_wide};
use super::notes::Notes;
use super::prose::{blocks, line};
use super::quiz::{how_to_type, right_answer};
use super::{go_to, settings};
use crate::app::components::{Picture, difference};
use crate::app::desk::Desk;
use crate::app::editor::EditorHandle;
use crate::app::engine::Asker;
use crate::app::prose::prose;
use crate::app::state::{Action, State, reply_into};
use crate::app::words::{t, tf, w};
use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo::timers::callback::Interval;
use js_sys::Date;
use sidecar_playground::form::Form;
use sidecar_playground::lesson::goal::Held;
use sidecar_playground::lesson::prose::{Block, Inline, plain, visit};
use sidecar_playground::lesson::quiz::QuizKind;
use sidecar_playground::lesson::{Lesson, Step};
use sidecar_playground::task::{Done, LessonDone, LessonTask, Task};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// Letters of the name that a text has in the notes.
const LONGEST_NAME: usize = 70;

/// How a presentation stands. It is kept while somebody leaves it and comes back.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Presenting {
    pub(crate) is_on: bool,
    /// The thing that is shown of the step; the last one when there are fewer.
    slide: usize,
    is_blank: bool,
    /// When it began, in milliseconds since 1970.
    began: f64,
}

impl Presenting {
    /// Begins or goes on.
    pub(crate) fn on(&self) -> Self {
        let began = if self.began > 0.0 { self.began } else { Date::now() };
        Self { is_on: true, is_blank: false, began, ..self.clone() }
    }
}

/// A thing to show.
#[derive(Clone, Debug, PartialEq)]
enum Slide {
    Title,
    Text(Vec<Block>),
    Manifest,
    Picture,
    Finding(usize),
    Goal(usize),
    Question(usize),
    Answer(usize),
    Solution,
    /// What the solution changes in the manifest.
    Difference,
}

/// What there is to show of a step, in order.
fn slides(step: &Step, findings: usize) -> Vec<Slide> {
    let mut slides = vec![Slide::Title];
    let mut heading = Vec::new();
    for block in &step.text {
        heading.push(block.clone());
        // A heading goes with what comes after it.
        if !matches!(block, Block::Heading(..)) {
            slides.push(Slide::Text(std::mem::take(&mut heading)));
        }
    }
    if step.start.is_some() {
        slides.extend([Slide::Manifest, Slide::Picture]);
        slides.extend((0..findings).map(Slide::Finding));
    }
    slides.extend((0..step.goals.len()).map(Slide::Goal));
    slides.extend(step.solution.iter().flat_map(|_| [Slide::Difference, Slide::Solution]));
    slides.extend((0..step.quiz.len()).flat_map(|index| [Slide::Question(index), Slide::Answer(index)]));
    slides
}

/// What moves a presentation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Move {
    Next,
    Back,
    Blank,
    Leave,
    Notes,
    Clock,
}

/// The keys, and those of remote clickers.
fn key_move(key: &str) -> Option<Move> {
    Some(match key {
        "ArrowRight" | "ArrowDown" | "PageDown" | " " | "Enter" => Move::Next,
        "ArrowLeft" | "ArrowUp" | "PageUp" | "Backspace" => Move::Back,
        "b" | "B" | "." => Move::Blank,
        "p" | "P" | "Escape" => Move::Leave,
        "n" | "N" => Move::Notes,
        "t" | "T" => Move::Clock,
        _ => return None,
    })
}

#[derive(Properties, PartialEq)]
pub(crate) struct PresentProps {
    pub(crate) lesson: Rc<Lesson>,
    pub(crate) step: Rc<Step>,
    /// The number of the step, from 1.
    pub(crate) number: usize,
    /// Addresses of the steps around it; empty where there is none.
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) desk: Desk,
    pub(crate) presenting: UseStateHandle<Presenting>,
}

/// The presentation of a step.
#[component]
pub(crate) fn Present(props: &PresentProps) -> Html {
    let step = props.step.clone();
    let state = use_reducer(State::default);
    let held = use_state(Vec::<Held>::new);
    let notes = use_state(|| None::<web_sys::Window>);
    use_projector();
    {
        // The manifest as the step starts with it: what a learner wrote is nobody's business here.
        let (desk, state, held) = (props.desk.clone(), state.dispatcher(), held.setter());
        use_effect_with(props.step.clone(), move |step| {
            let text = step.start.clone().unwrap_or_default();
            let look = &step.look;
            let settings = settings(look);
            state.dispatch(Action::Apply(settings.clone()));
            let request = State::looking_at(settings).request();
            let editor = Rc::new(RefCell::new(EditorHandle::default()));
            editor.borrow_mut().begin(&text);
            desk.engine.ask(&Asker { editor, on_reply: reply_into(state) }, &request);
            let goals = step.goals.iter().map(|aim| aim.goal.clone()).collect();
            let on_done = Callback::from(move |done| {
                if let Done::Lesson(LessonDone::Checked(found)) = done {
                    held.set(found);
                }
            });
            desk.engine.run(&text, &Task::Lesson(LessonTask::Check(goals, look.clone())), on_done);
        });
    }
    let slides = slides(&step, state.view.findings.len());
    let presenting = &props.presenting;
    let at = presenting.slide.min(slides.len().saturating_sub(1));
    let slide = slides.get(at).cloned().unwrap_or(Slide::Title);
    {
        // The spotlight: the box that the finding or the goal is about.
        let range = match slide {
            Slide::Finding(index) => state.view.findings.get(index).map(|finding| finding.range),
            Slide::Goal(index) => held.get(index).and_then(|held| held.range),
            _ => None,
        };
        let state = state.dispatcher();
        use_effect_with((range, props.step.clone()), move |(range, _)| {
            state.dispatch(Action::Caret(range.map_or(u32::MAX, |range| range.from)));
        });
    }
    let go = {
        let (presenting, before, after) = (presenting.clone(), props.before.clone(), props.after.clone());
        let (count, notes) = (slides.len(), notes.clone());
        Callback::from(move |to: Move| {
            let now = (*presenting).clone();
            match to {
                Move::Next if at + 1 < count => presenting.set(Presenting { slide: at + 1, is_blank: false, ..now }),
                Move::Next if !after.is_empty() => {
                    presenting.set(Presenting { slide: 0, is_blank: false, ..now });
                    go_to(&after);
                }
                Move::Back if at > 0 => presenting.set(Presenting { slide: at - 1, is_blank: false, ..now }),
                Move::Back if !before.is_empty() => {
                    presenting.set(Presenting { slide: usize::MAX, is_blank: false, ..now });
                    go_to(&before);
                }
                Move::Next | Move::Back => {}
                Move::Blank => presenting.set(Presenting { is_blank: !now.is_blank, ..now }),
                Move::Leave => presenting.set(Presenting { is_on: false, ..now }),
                Move::Clock => presenting.set(Presenting { began: Date::now(), ..now }),
                Move::Notes => notes.set(super::notes::open_window()),
            }
        })
    };
    use_keys(&go, (*notes).clone());
    let button = |to: Move, label: String, sign: &'static str| {
        let onclick = go.reform(move |_: MouseEvent| to);
        html! { <button type="button" class="present__button" aria-label={label.clone()} title={label} {onclick}>{ sign }</button> }
    };
    let place = tf(w::PRESENT_PLACE, [&props.number, &props.lesson.steps.len(), &(at + 1), &slides.len()]);
    let shown = show(props, &state, &held, &slide);
    let next = slides.get(at + 1).map(|slide| slide_name(slide, &step)).unwrap_or_default();
    let clock = html! { <Clock began={presenting.began} /> };
    html! {
        <div class="present" role="region" aria-label={t(w::PRESENT_TITLE)}>
            <div class="present__stage" aria-live="polite" key={format!("{}-{at}", step.id)}>{ shown }</div>
            <footer class="present__bar">
                <span class="present__where">{ &props.lesson.title }{ " · " }{ &step.title }</span>
                <span>{ place }</span>
                { clock.clone() }
                { button(Move::Back, t(w::PRESENT_BACK).to_owned(), "‹") }
                { button(Move::Next, t(w::PRESENT_NEXT).to_owned(), "›") }
                { button(Move::Blank, t(w::PRESENT_BLANK).to_owned(), "■") }
                { button(Move::Clock, t(w::PRESENT_CLOCK).to_owned(), "⟲") }
                { button(Move::Notes, t(w::PRESENT_NOTES).to_owned(), "✎") }
                { button(Move::Leave, t(w::PRESENT_LEAVE).to_owned(), "✕") }
            </footer>
            <div class="present__blank" hidden={!presenting.is_blank}></div>
            { for notes.iter().map(|window| html! {
                <Notes window={window.clone()}>
                    <header class="notes__head">
                        <p class="notes__where">{ &props.lesson.title }<strong>{ props.number }{ ". " }{ &step.title }</strong></p>
                        { clock.clone() }
                    </header>
                    <div class="notes__slides">
                        <p class="notes__now">{ tf(w::PRESENT_NOW, [&slide_name(&slide, &step)]) }</p>
                        <p class="notes__next">{ if next.is_empty() { t(w::PRESENT_STEP_NEXT).to_owned() } else { tf(w::PRESENT_THEN, [&next]) } }</p>
                    </div>
                    <div class="prose">{ if step.notes.is_empty() { html! { <p>{ t(w::PRESENT_NO_NOTES) }</p> } } else { blocks(&props.desk, &step.notes) } }</div>
                    <p class="notes__keys">{ [w::PRESENT_NEXT, w::PRESENT_BACK, w::PRESENT_BLANK, w::PRESENT_CLOCK, w::PRESENT_LEAVE].map(t).join(" · ") }</p>
                </Notes>
            }) }
        </div>
    }
}

fn show(props: &PresentProps, state: &UseReducerHandle<State>, held: &[Held], slide: &Slide) -> Html {
    let step = &props.step;
    let start = step.start.clone().unwrap_or_default();
    let pictures = || pictures(state, is_wide(&step.look));
    let question = |index: usize, is_answered: bool| {
        let Some(quiz) = step.quiz.get(index) else { return Html::default() };
        let (right, options) = (quiz.kind.right(), quiz.kind.options());
        // Where something is chosen, the right ones are marked; an order and a word are written out.
        let is_chosen = matches!(quiz.kind, QuizKind::One { .. } | QuizKind::Many { .. });
        let item = |(index, words): (usize, &Vec<_>)| {
            let is_right = is_chosen && right.contains(&index);
            let mark = match (is_answered && is_chosen, is_right) {
                (true, true) => "present__option--right",
                (true, false) => "present__option--other",
                (false, _) => "",
            };
            html! {
                <li class={classes!("present__option", mark)}>
                    <span class="present__letter">{ letter(index) }</span><span>{ line(words) }</span>
                    <span class="present__sign">{ if is_answered && is_right { "✓" } else { "" } }</span>
                </li>
            }
        };
        let how = match &quiz.kind {
            QuizKind::Typed { wanted, .. } if !is_answered => {
                html! { <p class="present__blank-answer">{ how_to_type(*wanted) }</p> }
            }
            _ if is_answered && !is_chosen => html! { <p class="present__right">{ right_answer(quiz) }</p> },
            _ => Html::default(),
        };
        html! {
            <div class="present__words present__words--asks prose">
                <h2 class="prose__title">{ line(&quiz.ask) }</h2>
                { for quiz.manifest.iter().map(|text| html! { <pre class="prose__code"><code>{ text }</code></pre> }) }
                <ol class="present__options" hidden={options.is_empty()}>{ for options.iter().enumerate().map(item) }</ol>
                { how }
                { if is_answered { blocks(&props.desk, &quiz.because) } else { Html::default() } }
            </div>
        }
    };
    match slide {
        Slide::Title => html! {
            <div class="present__words present__words--title">
                <p class="present__lesson">{ &props.lesson.title }</p>
                <h2>{ &step.title }</h2>
            </div>
        },
        Slide::Text(text) => html! {
            <div class={classes!("present__words", "prose", size_of_text(text))}>
                <p class="present__step">{ &step.title }</p>
                { blocks(&props.desk, text) }
            </div>
        },
        Slide::Manifest => html! {
            <div class="present__words present__words--code"><pre class={classes!("prose__code", size_of(start.lines().count()))}><code>{ start }</code></pre></div>
        },
        Slide::Difference => html! {
            <div class="present__words present__words--code">
                <p class="present__said present__said--head">{ t(w::LEARN_ANSWER) }</p>
                <div class={classes!("present__change", size_of(start.lines().count() + 6))}>{ difference(&start, step.solution.as_deref().unwrap_or_default()) }</div>
            </div>
        },
        Slide::Picture => html! { <div class="present__picture">{ pictures() }</div> },
        Slide::Finding(index) => html! {
            <div class="present__picture present__picture--spot">
                { pictures() }
                { for state.view.findings.get(*index).map(|finding| html! {
                    <div class={format!("present__said finding--{}", finding.severity.id())}>
                        <p><span class="finding__severity">{ finding.severity.id() }</span>{ &finding.message }</p>
                        <p>{ &finding.help }</p>
                    </div>
                }) }
            </div>
        },
        Slide::Goal(index) => html! {
            <div class="present__picture present__picture--spot">
                { pictures() }
                { for held.get(*index).map(|held| html! {
                    <div class={classes!("present__said", "goal", if held.holds { "goal--holds" } else { "goal--misses" })}>
                        <span class="goal__sign">{ if held.holds { "✓" } else { "○" } }</span>
                        <div><p>{ prose(&held.sentence) }</p><p class="goal__why">{ prose(held.why.as_deref().unwrap_or_default()) }</p></div>
                    </div>
                }) }
            </div>
        },
        Slide::Question(index) => question(*index, false),
        Slide::Answer(index) => question(*index, true),
        Slide::Solution => html! {
            <div class="present__picture">
                <p class="present__said present__said--head">{ t(w::LEARN_ANSWER) }</p>
                <Drawn desk={props.desk.clone()} manifest={step.solution.clone().unwrap_or_default()} look={step.look.clone()} />
            </div>
        },
    }
}

/// What the room calls an answer when it votes.
fn letter(index: usize) -> char {
    u8::try_from(index).ok().filter(|index| *index < 26).map_or('·', |index| char::from(b'A' + index))
}

/// The words of a text.
fn words_of(text: &[Block]) -> String {
    let mut words = String::new();
    visit(text, &mut |part| {
        if let Inline::Text(text) | Inline::Code(text) = part {
            words.push_str(text);
        }
    });
    words
}

/// Letters that are as large as a text allows that is alone on the wall.
fn size_of_text(text: &[Block]) -> Option<&'static str> {
    let is_read = |block: &Block| matches!(block, Block::Heading(..) | Block::Paragraph(_));
    let words = words_of(text).chars().count();
    match text.iter().all(is_read) {
        true if words <= 160 => Some("present__words--few"),
        true if words <= 320 => Some("present__words--some"),
        _ => None,
    }
}

/// Letters that are as large as so many lines allow.
fn size_of(lines: usize) -> &'static str {
    match lines {
        0..=16 => "present__code",
        17..=22 => "present__code present__code--long",
        23..=32 => "present__code present__code--longer",
        _ => "present__code present__code--longest",
    }
}

fn pictures(state: &UseReducerHandle<State>, is_wide: bool) -> Html {
    let Some(good) = &state.good else { return Html::default() };
    let picture = |(index, picture): (usize, &sidecar_playground::view::PictureView)| {
        let caption = match picture.form {
            Some(Form::Traditional) => t(w::FORM_TRADITIONAL),
            Some(Form::Native) => t(w::FORM_NATIVE),
            None => "",
        };
        html! {
            <figure key={index} class="present__figure">
                <figcaption hidden={caption.is_empty()}>{ caption }</figcaption>
                <Picture content={good.contents.get(index).cloned()} targets={picture.targets.clone()} containers={good.containers.clone()} chosen={state.chosen}
                    show={Callback::noop()} playhead={None::<f32>} on_time={Callback::noop()} />
            </figure>
        }
    };
    let is_spot = state.chosen.is_some().then_some("present__pair--spot");
    let is_wide = is_wide.then_some("present__pair--wide");
    html! { <div class={classes!("present__pair", is_spot, is_wide)}>{ for good.pictures.iter().enumerate().map(picture) }</div> }
}

/// How a text begins; nothing of an empty one.
fn first_of(text: &str) -> Option<String> {
    let begin: String = text.chars().take(LONGEST_NAME).collect();
    let is_whole = begin.len() == text.len();
    // Cut between two words.
    let cut = if is_whole { begin.as_str() } else { begin.rsplit_once(' ').map_or(begin.as_str(), |(cut, _)| cut) };
    (!cut.trim().is_empty()).then(|| if is_whole { cut.to_owned() } else { format!("{cut} …") })
}

fn slide_name(slide: &Slide, step: &Step) -> String {
    match slide {
        Slide::Title => step.title.clone(),
        Slide::Text(text) => first_of(&words_of(text)).unwrap_or_else(|| t(w::LEARN_PANE_TEXT).to_owned()),
        Slide::Manifest => t(w::PAGE_MANIFEST).to_owned(),
        Slide::Picture => t(w::PANE_PICTURE).to_owned(),
        Slide::Finding(_) => t(w::PRESENT_FINDING).to_owned(),
        Slide::Goal(index) => step.goals.get(*index).map(|aim| aim.sentence.replace('`', "")).unwrap_or_default(),
        Slide::Question(index) => {
            let ask = step.quiz.get(*index).and_then(|quiz| first_of(&plain(&quiz.ask)));
            ask.unwrap_or_else(|| t(w::PRESENT_QUESTION).to_owned())
        }
        Slide::Answer(_) | Slide::Solution | Slide::Difference => t(w::LEARN_ANSWER).to_owned(),
    }
}

#[derive(Properties, PartialEq)]
struct ClockProps {
    began: f64,
}

/// How long the presentation has been going.
#[component]
fn Clock(props: &ClockProps) -> Html {
    let now = use_state(Date::now);
    {
        let now = now.setter();
        use_effect_with((), move |()| {
            let ticker = Interval::new(1_000, move || now.set(Date::now()));
            move || drop(ticker)
        });
    }
    let seconds = ((*now - props.began) / 1_000.0).max(0.0) as u32;
    html! { <time class="present__clock" role="timer">{ format!("{}:{:02}", seconds / 60, seconds % 60) }</time> }
}

/// The colours of a projector as long as something is presented.
#[hook]
fn use_projector() {
    use_effect_with((), |()| {
        let root = gloo::utils::document_element();
        let before = root.class_name();
        root.set_class_name("theme-projector");
        move || root.set_class_name(&before)
    });
}

/// Listens to the keys here and in the window of the notes.
#[hook]
fn use_keys(go: &Callback<Move>, notes: Option<web_sys::Window>) {
    let newest = use_mut_ref(|| go.clone());
    *newest.borrow_mut() = go.clone();
    use_effect_with(notes, move |notes| {
        let listen = |window: &web_sys::Window| {
            let newest = newest.clone();
            let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: false };
            EventListener::new_with_options(window, "keydown", options, move |event| {
                // Of another window it is no event of this one's class.
                let event: &KeyboardEvent = event.unchecked_ref();
                let is_plain = !event.alt_key() && !event.ctrl_key() && !event.meta_key();
                let Some(to) = key_move(&event.key()).filter(|_| is_plain) else { return };
                let on_button =
                    gloo::utils::document().active_element().is_some_and(|active| active.tag_name() == "BUTTON");
                if on_button && matches!(event.key().as_str(), "Enter" | " ") {
                    return;
                }
                event.prevent_default();
                event.stop_propagation();
                let go = newest.borrow().clone();
                go.emit(to);
            })
        };
        let own = listen(&gloo::utils::window());
        let other = notes.as_ref().map(listen);
        move || drop((own, other))
    });
}
