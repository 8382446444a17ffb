//! The lesson that is being made, and how it is changed.

use sidecar_playground::lesson::quiz::{Answers, Question};
use sidecar_playground::lesson::{Draft, DraftStep};
use std::rc::Rc;
use yew::prelude::*;

/// The draft, and which of its steps is shown.
#[derive(Clone, PartialEq)]
pub(super) struct Making {
    pub(super) draft: Draft,
    pub(super) at: usize,
}

impl Default for Making {
    fn default() -> Self {
        let draft = Draft { minutes: 10, steps: vec![DraftStep::default()], ..Draft::default() };
        Self { draft, at: 0 }.named()
    }
}

impl Making {
    /// The same with the names that follow from the titles.
    fn named(mut self) -> Self {
        self.draft.id = slug(&self.draft.title, "my-lesson");
        for (index, step) in self.draft.steps.iter_mut().enumerate() {
            step.id = format!("{}-{}", slug(&step.title, "step"), index + 1);
        }
        self.at = self.at.min(self.draft.steps.len().saturating_sub(1));
        self
    }

    fn step(&mut self, change: impl FnOnce(&mut DraftStep)) {
        if let Some(step) = self.draft.steps.get_mut(self.at) {
            change(step);
        }
    }
}

/// A change of it. What was typed last may not have been drawn yet, so each works on what there is by then.
pub(super) type Act = Box<dyn FnOnce(&mut Making)>;

impl Reducible for Making {
    type Action = Act;

    fn reduce(self: Rc<Self>, act: Act) -> Rc<Self> {
        let mut next = (*self).clone();
        act(&mut next);
        next.named().into()
    }
}

/// Makes callbacks of changes.
#[derive(Clone)]
pub(super) struct Edit(pub(super) UseReducerDispatcher<Making>);

impl Edit {
    /// A change of the lesson, with what was typed.
    pub(super) fn lesson(&self, change: impl Fn(&mut Making, String) + 'static) -> Callback<String> {
        let (making, change) = (self.0.clone(), Rc::new(change));
        Callback::from(move |value: String| {
            let change = change.clone();
            making.dispatch(Box::new(move |making| change(making, value)));
        })
    }

    /// A change of the step that is shown.
    pub(super) fn step(&self, change: impl Fn(&mut DraftStep, String) + 'static) -> Callback<String> {
        self.lesson(move |making, value| making.step(|step| change(step, value)))
    }

    /// A change of one of its questions.
    pub(super) fn question(&self, index: usize, change: impl Fn(&mut Question, String) + 'static) -> Callback<String> {
        self.step(move |step, value| {
            if let Some(question) = step.quiz.get_mut(index) {
                change(question, value);
            }
        })
    }
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
pub(super) fn parts(text: &str, between: &str) -> Vec<String> {
    text.split(between).map(str::to_owned).collect()
}

/// The draft without parts in which nothing stands.
pub(super) fn tidy(mut draft: Draft) -> Draft {
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
