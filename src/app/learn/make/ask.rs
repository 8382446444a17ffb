//! What the engine says of a draft.

use super::draft::tidy;
use crate::app::desk::Desk;
use gloo::timers::callback::Timeout;
use sidecar_playground::lesson::goal::Held;
use sidecar_playground::lesson::{Draft, DraftStep};
use sidecar_playground::task::{Done, LessonDone, LessonTask, MadeLesson, Offer, Task};
use std::rc::Rc;
use yew::prelude::*;

/// Milliseconds after the last change until the lesson is made of it.
const MAKE_AFTER: u32 = 300;

/// What the engine says of a draft.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Answer {
    pub(super) made: MadeLesson,
    /// Goals that the solution reaches.
    pub(super) goals: Vec<String>,
    pub(super) start: Vec<Held>,
    pub(super) solution: Vec<Held>,
    /// What can be asked of the manifest.
    pub(super) asks: Vec<Offer>,
    /// For each question its right answer, or why it has none.
    pub(super) answers: Vec<Result<String, String>>,
}

/// A part of the answer that arrived.
pub(super) enum Part {
    Made(Box<MadeLesson>),
    Goals(Vec<String>),
    Start(Vec<Held>),
    Solution(Vec<Held>),
    Questions(Vec<Offer>, Vec<Result<String, String>>),
}

impl Reducible for Answer {
    type Action = Part;

    fn reduce(self: Rc<Self>, part: Part) -> Rc<Self> {
        let mut next = (*self).clone();
        match part {
            Part::Made(made) => next.made = *made,
            Part::Goals(goals) => next.goals = goals,
            Part::Start(held) => next.start = held,
            Part::Solution(held) => next.solution = held,
            Part::Questions(asks, answers) => (next.asks, next.answers) = (asks, answers),
        }
        next.into()
    }
}

/// Asks the engine all that the page shows of a draft, and keeps the draft; a moment later, when no more is typed.
pub(super) fn ask_soon(
    desk: &Desk,
    draft: &Draft,
    at: usize,
    answer: UseReducerDispatcher<Answer>,
    keep: impl Fn(&str) + 'static,
) -> Timeout {
    let (desk, draft) = (desk.clone(), draft.clone());
    let step = draft.steps.get(at).cloned().unwrap_or_default();
    Timeout::new(MAKE_AFTER, move || ask(&desk, draft, step, &answer, keep))
}

fn ask(
    desk: &Desk,
    draft: Draft,
    step: DraftStep,
    answer: &UseReducerDispatcher<Answer>,
    keep: impl Fn(&str) + 'static,
) {
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
        LessonDone::Suggested(goals) => Some(Part::Goals(goals)),
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
    if !step.quiz.is_empty() {
        run("", LessonTask::Questions(Box::new(step)), |done| match done {
            LessonDone::Questions(asks, answers) => Some(Part::Questions(asks, answers)),
            _ => None,
        });
    }
    let answer = answer.clone();
    let on_done = Callback::from(move |done| {
        if let Done::Lesson(LessonDone::Made(made)) = done {
            keep(&made.json);
            answer.dispatch(Part::Made(made));
        }
    });
    desk.engine.run("", &Task::Lesson(LessonTask::Make(Box::new(tidy(draft)))), on_done);
}
