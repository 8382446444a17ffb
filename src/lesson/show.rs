//! A draft → what is shown.

use super::goal::Goal;
use super::{Aim, Draft, DraftStep, Lesson, Step, Trouble, prose, quiz};

/// Makes a lesson ready to be shown. What cannot be shown is left out, and said.
#[must_use]
pub fn show(draft: &Draft) -> (Lesson, Vec<Trouble>) {
    let mut troubles = Vec::new();
    let lesson = Lesson {
        id: draft.id.clone(),
        title: draft.title.clone(),
        about: draft.about.clone(),
        minutes: draft.minutes,
        needs: draft.needs.clone(),
        steps: draft.steps.iter().map(|own| step(own, &mut troubles)).collect(),
    };
    (lesson, troubles)
}

fn step(draft: &DraftStep, troubles: &mut Vec<Trouble>) -> Step {
    let given = |text: &String| (!text.trim().is_empty()).then(|| text.clone());
    let aims = draft.goals.iter().filter_map(|text| {
        let goal = Goal::parse(text).ok()?;
        Some(Aim { goal: text.clone(), sentence: goal.sentence() })
    });
    let mut questions = Vec::new();
    for question in &draft.quiz {
        match quiz::make(question, draft) {
            Ok(quiz) => questions.push(quiz),
            Err(why) => troubles.push(Trouble {
                file: format!("{}/step.yaml", draft.id),
                line: 1,
                column: 1,
                message: format!(
                    "the question “{}” cannot be answered so: {}",
                    question.ask,
                    why.trim_end_matches('.')
                ),
                help: "Ask something else of the manifest, or change the manifest.".to_owned(),
            }),
        }
    }
    Step {
        id: draft.id.clone(),
        title: draft.title.clone(),
        text: prose::blocks(&draft.text),
        notes: prose::blocks(&draft.notes),
        start: given(&draft.start),
        solution: given(&draft.solution),
        goals: aims.collect(),
        hints: draft.hints.iter().map(|hint| prose::blocks(hint)).collect(),
        quiz: questions,
        look: draft.look.clone(),
        is_optional: draft.is_optional,
    }
}
