//! The questions of a step: to choose from answers, to type one, or what the engine finds out about the manifest.

use super::ask::Answer;
use super::draft::{Edit, parts};
use super::field::{button, choice, field, suggested};
use crate::app::words::{Word, t, tf, w};
use sidecar_playground::lesson::DraftStep;
use sidecar_playground::lesson::quiz::{Answers, Of, Question};
use yew::prelude::*;

/// How a question can be answered.
const WAYS: [Word; 4] = [w::MAKE_WAY_CHOOSE, w::MAKE_WAY_TYPE, w::MAKE_WAY_COMPUTE, w::MAKE_WAY_COMPUTE_TYPE];
const CHOOSE: usize = 0;
const TYPE: usize = 1;
const COMPUTE: usize = 2;
const COMPUTE_TYPE: usize = 3;

/// What a computed question can be about.
const OF: [Word; 2] = [w::MAKE_OF_START, w::MAKE_OF_SOLUTION];

/// The questions of a step.
pub(super) fn questions(step: &DraftStep, answer: &Answer, edit: &Edit) -> Html {
    let item = |(index, question): (usize, &Question)| {
        let remove = edit.step(move |step, _| {
            if index < step.quiz.len() {
                step.quiz.remove(index);
            }
        });
        let answers = match &question.answers {
            Answers::Known { right, wrong } => known(question, right, wrong, index, edit),
            Answers::Computed { question: ask, .. } => computed(question, ask, index, answer, edit),
        };
        html! {
            <div class="make__question" key={index}>
                { field(w::MAKE_ASK, &question.ask, 1, edit.question(index, |own, text| own.ask = text)) }
                { choice(w::MAKE_WAY, &WAYS, way(question), edit.question(index, set_way)) }
                { answers }
                { field(w::MAKE_BECAUSE, &question.because, 2, edit.question(index, |own, text| own.because = text)) }
                { button(w::MAKE_REMOVE_QUESTION, remove.reform(|_: MouseEvent| String::new()), false) }
            </div>
        }
    };
    let add = edit.step(|step, _| step.quiz.push(Question::default()));
    html! {
        <fieldset class="make__goals">
            <legend>{ t(w::MAKE_QUIZ) }</legend>
            { for step.quiz.iter().enumerate().map(item) }
            <p>{ button(w::MAKE_ADD_QUESTION, add.reform(|_: MouseEvent| String::new()), false) }</p>
        </fieldset>
    }
}

/// Answers that the teacher gives.
fn known(question: &Question, right: &[String], wrong: &[String], index: usize, edit: &Edit) -> Html {
    if question.is_typed {
        let right = right.first().cloned().unwrap_or_default();
        let on_right = edit.question(index, |own, text| answers(own, |right, _| *right = vec![text]));
        return html! {
            <>
                { field(w::MAKE_RIGHT_TYPED, &right, 1, on_right) }
                <p class="make__about">{ t(w::MAKE_TYPED_ABOUT) }</p>
            </>
        };
    }
    let on_right = edit.question(index, |own, text| answers(own, |right, _| *right = parts(&text, "\n")));
    let on_wrong = edit.question(index, |own, text| answers(own, |_, wrong| *wrong = parts(&text, "\n")));
    html! {
        <>
            { field(w::MAKE_RIGHT, &right.join("\n"), 2, on_right) }
            { field(w::MAKE_WRONG, &wrong.join("\n"), 3, on_wrong) }
        </>
    }
}

/// What the engine is asked, and what it answers now.
fn computed(question: &Question, ask: &str, index: usize, answer: &Answer, edit: &Edit) -> Html {
    let asks: Vec<(String, String)> =
        answer.asks.iter().map(|offer| (offer.ask.clone(), offer.answer.clone())).collect();
    let on_ask = edit.question(index, |own, text| {
        own.answers = Answers::Computed { question: text, options: Vec::new(), expected: Vec::new() };
    });
    let on_of = edit.question(index, |own, value| own.of = if value == "1" { Of::Solution } else { Of::Start });
    let of = usize::from(question.of == Of::Solution);
    let found = answer.answers.get(index).filter(|_| !ask.trim().is_empty()).map(|found| match found {
        Ok(right) => html! { <p class="make__found">{ tf(w::MAKE_FOUND, [right]) }</p> },
        Err(why) => html! { <p class="change__trouble">{ crate::app::prose::prose(why) }</p> },
    });
    html! {
        <>
            { suggested(w::MAKE_COMPUTE, ask, &format!("make-asks-{index}"), &asks, on_ask) }
            <div class="make__pair">
                { choice(w::MAKE_OF, &OF, of, on_of) }
                { field(w::MAKE_WHAT_IF, &question.what_if, 1, edit.question(index, |own, text| own.what_if = text)) }
            </div>
            <div role="status">{ for found }</div>
        </>
    }
}

fn way(question: &Question) -> usize {
    match (&question.answers, question.is_typed) {
        (Answers::Known { .. }, false) => CHOOSE,
        (Answers::Known { .. }, true) => TYPE,
        (Answers::Computed { .. }, false) => COMPUTE,
        (Answers::Computed { .. }, true) => COMPUTE_TYPE,
    }
}

/// Another way to answer. What was written for the way before stays where it fits.
fn set_way(question: &mut Question, value: String) {
    let way = value.parse().unwrap_or(CHOOSE);
    question.is_typed = matches!(way, TYPE | COMPUTE_TYPE);
    let is_computed = matches!(way, COMPUTE | COMPUTE_TYPE);
    match (&question.answers, is_computed) {
        (Answers::Known { .. }, true) => {
            question.answers = Answers::Computed { question: String::new(), options: Vec::new(), expected: Vec::new() };
        }
        (Answers::Computed { .. }, false) => {
            question.answers = Answers::default();
            question.of = Of::Start;
            question.what_if = String::new();
        }
        _ => {}
    }
    // Only one answer is typed, and there is nothing else to choose.
    if question.is_typed {
        answers(question, |right, wrong| {
            right.truncate(1);
            wrong.clear();
        });
    }
}

/// Changes the answers that its author gives to a question.
fn answers(question: &mut Question, change: impl FnOnce(&mut Vec<String>, &mut Vec<String>)) {
    if let Answers::Known { right, wrong } = &mut question.answers {
        change(right, wrong);
    }
}
