//! The steps of a lesson in a row, and how each stands.

use super::address;
use super::progress::{Mark, Progress};
use crate::app::words::{Word, t, tf, w};
use sidecar_playground::lesson::Lesson;
use yew::prelude::*;

/// The word for a mark.
pub(crate) fn mark_word(mark: Mark) -> Word {
    match mark {
        Mark::Open => w::LEARN_MARK_OPEN,
        Mark::Begun => w::LEARN_MARK_BEGUN,
        Mark::Seen => w::LEARN_MARK_SEEN,
        Mark::Done => w::LEARN_MARK_DONE,
    }
}

/// The steps; `id` is the name of the lesson in addresses.
pub(crate) fn step_list(id: &str, lesson: &Lesson, progress: &Progress, at: &str) -> Html {
    let item = |(index, step): (usize, &sidecar_playground::lesson::Step)| {
        let mark = progress.step(&step.id).mark(step.goals.len(), step.quiz.len());
        let sign = match mark {
            Mark::Done => "✓".to_owned(),
            Mark::Seen => "◦".to_owned(),
            Mark::Open | Mark::Begun => (index + 1).to_string(),
        };
        let title = tf(w::LEARN_STEP_TITLE, [&(index + 1), &step.title, &t(mark_word(mark))]);
        html! {
            <li key={step.id.clone()}>
                <a class={format!("steps__step steps__step--{}", mark.id())} href={address(id, &step.id)} title={title.clone()}
                    aria-current={(step.id == at).then_some("step")}>
                    <span aria-hidden="true">{ sign }</span><span class="visually-hidden">{ title }</span>
                </a>
            </li>
        }
    };
    html! { <ol class="steps" aria-label={t(w::LEARN_STEPS)}>{ for lesson.steps.iter().enumerate().map(item) }</ol> }
}
