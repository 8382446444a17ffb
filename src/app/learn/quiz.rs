//! A question, its answer, and why.

use super::prose::{blocks, line};
use crate::app::desk::Desk;
use crate::app::words::{t, tf, w};
use sidecar_playground::lesson::prose::{Inline, plain};
use sidecar_playground::lesson::quiz::typed::Wanted;
use sidecar_playground::lesson::quiz::{Given, Quiz, QuizKind};
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct QuizCardProps {
    pub(crate) desk: Desk,
    pub(crate) quiz: Quiz,
    /// Its place among the questions of the page, from 1; also tells their fields apart.
    pub(crate) number: usize,
    /// The solution of the step, for who has done the exercise or looked at it.
    pub(crate) solution: Option<String>,
    /// The answer that was given.
    pub(crate) given: Option<Given>,
    /// Called with an answer.
    pub(crate) on_answer: Callback<Given>,
}

/// A question.
#[component]
pub(crate) fn QuizCard(props: &QuizCardProps) -> Html {
    let quiz = &props.quiz;
    let chosen = use_state(|| props.given.clone().unwrap_or_else(|| begin(quiz)));
    let is_retried = use_state(|| false);
    {
        // Begun again, or brought back.
        let (chosen, first) = (chosen.setter(), begin(quiz));
        use_effect_with(props.given.clone(), move |given| chosen.set(given.clone().unwrap_or(first)));
    }
    let dragged = use_mut_ref(|| None::<usize>);
    let is_answered = props.given.is_some() && !*is_retried;
    let choose = {
        let chosen = chosen.clone();
        Callback::from(move |next: Given| chosen.set(next))
    };
    let choose_some = choose.reform(Given::Chosen);
    let numbers = match &*chosen {
        Given::Chosen(numbers) => numbers.as_slice(),
        Given::Typed(_) => &[],
    };
    let is_right = quiz.is_right(&chosen);
    let options = match &quiz.kind {
        QuizKind::Typed { wanted, .. } => {
            typed(*wanted, &chosen, is_answered.then_some(is_right), &choose.reform(Given::Typed))
        }
        QuizKind::One { options, .. } | QuizKind::Many { options, .. } => {
            choices(props, options, numbers, is_answered, &choose_some)
        }
        QuizKind::Order { items, ranks } => {
            let at = move |index: Option<usize>| match index {
                Some(index) => dragged.replace(Some(index)),
                None => dragged.take(),
            };
            let marks = is_answered.then(|| in_place(ranks, numbers));
            order(items, numbers, marks.as_deref(), &choose_some, at)
        }
    };
    let submit = {
        let (on_answer, chosen, is_retried) = (props.on_answer.clone(), chosen.clone(), is_retried.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            is_retried.set(false);
            on_answer.emit((*chosen).clone());
        })
    };
    let retry = {
        let (chosen, is_retried, first) = (chosen.setter(), is_retried.setter(), begin(quiz));
        Callback::from(move |_: MouseEvent| {
            chosen.set(first.clone());
            is_retried.set(true);
        })
    };
    let kind_of = match quiz.kind {
        QuizKind::One { .. } | QuizKind::Typed { .. } => "",
        QuizKind::Many { .. } => t(w::QUIZ_SEVERAL),
        QuizKind::Order { .. } => t(w::QUIZ_ORDER),
    };
    let class = classes!("quiz", is_answered.then_some(if is_right { "quiz--right" } else { "quiz--wrong" }));
    html! {
        <form {class} onsubmit={submit}>
            <fieldset class="quiz__set">
                <legend class="quiz__ask"><span class="quiz__number">{ props.number }</span><span>{ line(&quiz.ask) }</span></legend>
                <p class="quiz__kind" hidden={kind_of.is_empty()}>{ kind_of }</p>
                { for quiz.manifest.iter().map(|text| html! { <pre class="prose__code" tabindex="0"><code>{ text }</code></pre> }) }
                { if quiz.is_about_solution { about_solution(props.solution.as_ref()) } else { Html::default() } }
                { options }
            </fieldset>
            <div class="quiz__buttons">
                <button type="submit" class="button button--main" hidden={is_answered} disabled={chosen.is_empty()}>{ t(w::QUIZ_ANSWER) }</button>
                <button type="button" class="button" hidden={!is_answered || is_right} onclick={retry}>{ t(w::QUIZ_RETRY) }</button>
            </div>
            <div class="quiz__because" role="status">
                { if is_answered { html! {
                    <>
                        <p class="quiz__verdict">{ if is_right { t(w::QUIZ_RIGHT).to_owned() } else { tf(w::QUIZ_WRONG, [&right_answer(quiz)]) } }</p>
                        { blocks(&props.desk, &quiz.because) }
                    </>
                } } else { Html::default() } }
            </div>
        </form>
    }
}

/// The solution folded up; before the exercise is done only a word about it, since it would be the answer.
fn about_solution(solution: Option<&String>) -> Html {
    match solution {
        None => html! { <p class="quiz__kind">{ t(w::QUIZ_AFTER_GOALS) }</p> },
        Some(solution) => html! {
            <details class="quiz__solution">
                <summary>{ t(w::QUIZ_SOLUTION) }</summary>
                <pre class="prose__code" tabindex="0"><code>{ solution }</code></pre>
            </details>
        },
    }
}

/// What is chosen at first: things to order lie in some order already.
fn begin(quiz: &Quiz) -> Given {
    match &quiz.kind {
        QuizKind::Order { items, .. } => Given::Chosen((0..items.len()).collect()),
        QuizKind::One { .. } | QuizKind::Many { .. } => Given::default(),
        QuizKind::Typed { .. } => Given::Typed(String::new()),
    }
}

/// The right answer in words.
pub(crate) fn right_answer(quiz: &Quiz) -> String {
    let words = quiz.kind.right_words();
    let sign = match quiz.kind {
        QuizKind::Order { .. } => " → ",
        // Whole sentences run into each other with commas.
        _ if words.iter().any(|word| word.contains(' ')) => "; ",
        _ => ", ",
    };
    words.join(sign)
}

/// What is asked for, and how to write it.
pub(crate) fn how_to_type(wanted: Wanted) -> String {
    let how = match wanted {
        Wanted::Seconds => t(w::QUIZ_IN_SECONDS),
        Wanted::Column => t(w::QUIZ_AS_COLUMN),
        Wanted::Amount => t(w::QUIZ_AS_AMOUNT),
        Wanted::Number => t(w::QUIZ_AS_NUMBER),
        Wanted::Word => t(w::QUIZ_AS_WORD),
        Wanted::Text => t(w::QUIZ_AS_TEXT),
    };
    format!("{} ({how})", t(w::QUIZ_LABEL))
}

/// A field for an answer in one's own words. `is_right` is known once it was answered.
fn typed(wanted: Wanted, given: &Given, is_right: Option<bool>, on_text: &Callback<String>) -> Html {
    let value = match given {
        Given::Typed(text) => text.clone(),
        Given::Chosen(_) => String::new(),
    };
    let keys = if wanted == Wanted::Number { "numeric" } else { "text" };
    let oninput = on_text.reform(|event: InputEvent| {
        event.target_dyn_into::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default()
    });
    let class = match is_right {
        Some(true) => "quiz__field quiz__option--right",
        Some(false) => "quiz__field quiz__option--wrong",
        None => "quiz__field",
    };
    let sign = is_right.map(|is_right| if is_right { "✓" } else { "✗" });
    html! {
        <label {class}>
            <span class="quiz__kind">{ how_to_type(wanted) }</span>
            <input type="text" inputmode={keys} {value} {oninput} readonly={is_right.is_some()} autocomplete="off" autocapitalize="off"
                spellcheck="false" maxlength="60" aria-invalid={(is_right == Some(false)).then_some("true")} />
            <span class="quiz__sign" aria-hidden="true">{ sign }</span>
        </label>
    }
}

/// Radio buttons, or boxes to tick where several are right.
fn choices(
    props: &QuizCardProps,
    options: &[Vec<Inline>],
    chosen: &[usize],
    is_answered: bool,
    choose: &Callback<Vec<usize>>,
) -> Html {
    let is_many = matches!(props.quiz.kind, QuizKind::Many { .. });
    let right = props.quiz.kind.right();
    let item = |(index, words): (usize, &Vec<Inline>)| {
        let is_chosen = chosen.contains(&index);
        let onchange = {
            let (choose, mut next) = (choose.clone(), chosen.to_vec());
            if is_many {
                next.retain(|known| *known != index);
                if !is_chosen {
                    next.push(index);
                }
            } else {
                next = vec![index];
            }
            Callback::from(move |_: Event| choose.emit(next.clone()))
        };
        let sign = match (is_answered, right.contains(&index), is_chosen) {
            (true, true, _) => "✓",
            (true, false, true) => "✗",
            _ => "",
        };
        let class = classes!(
            "quiz__option",
            (is_answered && right.contains(&index)).then_some("quiz__option--right"),
            (is_answered && is_chosen && !right.contains(&index)).then_some("quiz__option--wrong")
        );
        html! {
            <li key={index}><label {class}>
                <input type={if is_many { "checkbox" } else { "radio" }} name={format!("quiz-{}", props.number)} checked={is_chosen}
                    disabled={is_answered} {onchange} />
                <span>{ line(words) }</span><span class="quiz__sign" aria-hidden="true">{ sign }</span>
            </label></li>
        }
    };
    html! { <ul class="quiz__options">{ for options.iter().enumerate().map(item) }</ul> }
}

/// For each place of an order, whether what lies there may stand there.
fn in_place(ranks: &[u32], chosen: &[usize]) -> Vec<bool> {
    let mut right = ranks.to_vec();
    right.sort_unstable();
    chosen.iter().zip(&right).map(|(index, rank)| ranks.get(*index) == Some(rank)).collect()
}

/// Things to be put in order, by dragging them or with the buttons beside each. `marks` are known once it was answered;
/// `dragged` takes the place of what is being dragged, or gives it.
fn order(
    items: &[Vec<Inline>],
    chosen: &[usize],
    marks: Option<&[bool]>,
    choose: &Callback<Vec<usize>>,
    dragged: impl Fn(Option<usize>) -> Option<usize> + Clone + 'static,
) -> Html {
    let is_answered = marks.is_some();
    let item = |(place, index): (usize, &usize)| {
        let (class, sign) = match marks.and_then(|marks| marks.get(place)) {
            Some(true) => ("quiz__item quiz__option--right", "✓"),
            Some(false) => ("quiz__item quiz__option--wrong", "✗"),
            None => ("quiz__item", ""),
        };
        let name = items.get(*index).map(|words| plain(words)).unwrap_or_default();
        let button = |label: String, sign: &'static str, to: Option<usize>| {
            let (choose, next) = (choose.clone(), to.map(|to| moved(chosen, place, to)));
            let is_off = next.is_none();
            let onclick = Callback::from(move |_: MouseEvent| choose.emit(next.clone().unwrap_or_default()));
            html! { <button type="button" class="quiz__move" aria-label={label} disabled={is_off} {onclick}>{ sign }</button> }
        };
        let up = button(tf(w::QUIZ_UP, [&name]), "↑", place.checked_sub(1));
        let down = button(tf(w::QUIZ_DOWN, [&name]), "↓", Some(place + 1).filter(|to| *to < chosen.len()));
        let ondragstart = {
            let dragged = dragged.clone();
            Callback::from(move |_: DragEvent| {
                dragged(Some(place));
            })
        };
        let ondragover = Callback::from(|event: DragEvent| event.prevent_default());
        let ondrop = {
            let (dragged, choose, chosen) = (dragged.clone(), choose.clone(), chosen.to_vec());
            Callback::from(move |event: DragEvent| {
                event.prevent_default();
                if let Some(from) = dragged(None) {
                    choose.emit(moved(&chosen, from, place));
                }
            })
        };
        html! {
            <li key={*index} {class} draggable={(!is_answered).to_string()} {ondragstart} {ondragover} {ondrop}>
                <span class="quiz__place">{ place + 1 }</span>
                <span class="quiz__name">{ items.get(*index).map(|words| line(words)).unwrap_or_default() }</span>
                { if is_answered { html! { <span class="quiz__sign" aria-hidden="true">{ sign }</span> } } else { html! { <>{ up }{ down }</> } } }
            </li>
        }
    };
    html! { <ol class="quiz__options">{ for chosen.iter().enumerate().map(item) }</ol> }
}

/// The list with one thing at another place.
fn moved(list: &[usize], from: usize, to: usize) -> Vec<usize> {
    let mut next = list.to_vec();
    if from < next.len() && to < next.len() {
        let item = next.remove(from);
        next.insert(to, item);
    }
    next
}
