//! What is not written yet, in the words of the page.

use crate::app::words::{Word, t, tf, w};
use sidecar_playground::lesson::quiz::{Answers, Question};
use sidecar_playground::lesson::{Draft, DraftStep};

/// What is still missing: where, and what.
pub(super) fn missing(draft: &Draft) -> Vec<(String, &'static str)> {
    let mut all = Vec::new();
    let mut note = |place: String, is_missing: bool, what: Word| {
        if is_missing {
            all.push((place, t(what)));
        }
    };
    note(t(w::MAKE_PLACE_LESSON).to_owned(), is_empty(&draft.title), w::MAKE_NO_TITLE);
    note(t(w::MAKE_PLACE_LESSON).to_owned(), is_empty(&draft.about), w::MAKE_NO_ABOUT);
    for (index, step) in draft.steps.iter().enumerate() {
        let place = step_name(step, index);
        note(place.clone(), is_empty(&step.title), w::MAKE_NO_TITLE);
        note(place.clone(), is_empty(&step.text), w::MAKE_NO_TEXT);
        note(place.clone(), !step.goals.is_empty() && is_empty(&step.start), w::MAKE_NO_START);
        note(place.clone(), !step.goals.is_empty() && is_empty(&step.solution), w::MAKE_NO_SOLUTION);
        for (number, question) in step.quiz.iter().enumerate() {
            let place = format!("{place}, {}", tf(w::MAKE_PLACE_QUESTION, [&(number + 1)]));
            note(place.clone(), is_empty(&question.ask), w::MAKE_NO_ASK);
            note(place.clone(), !has_answers(question), w::MAKE_NO_ANSWERS);
            note(place, is_empty(&question.because), w::MAKE_NO_BECAUSE);
        }
    }
    all
}

/// What a step is called here.
pub(super) fn step_name(step: &DraftStep, index: usize) -> String {
    let number = tf(w::MAKE_STEP, [&(index + 1)]);
    if is_empty(&step.title) { number } else { format!("{number} “{}”", step.title.trim()) }
}

fn is_empty(text: &str) -> bool {
    text.trim().is_empty()
}

fn has_answers(question: &Question) -> bool {
    let has_one = |list: &[String]| list.iter().any(|text| !is_empty(text));
    match &question.answers {
        Answers::Known { right, wrong } => has_one(right) && (question.is_typed || has_one(wrong)),
        Answers::Computed { question, .. } => !is_empty(question),
    }
}
