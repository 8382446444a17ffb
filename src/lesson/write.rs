//! A draft → texts of a folder.

use super::quiz::{Answers, Of, Question};
use super::{Draft, DraftStep, Folder, StepFiles};
use std::fmt::Write as _;

/// Writes a draft as the texts that [`super::read`] reads.
#[must_use]
pub fn write(draft: &Draft) -> Folder {
    let mut lesson = String::new();
    pair(&mut lesson, "", "title", &draft.title);
    pair(&mut lesson, "", "about", &draft.about);
    number(&mut lesson, "minutes", draft.minutes);
    number(&mut lesson, "order", draft.order);
    list(&mut lesson, "", "needs", &draft.needs);
    Folder { id: draft.id.clone(), lesson, steps: draft.steps.iter().map(files).collect() }
}

fn files(step: &DraftStep) -> StepFiles {
    let mut text = String::new();
    pair(&mut text, "", "title", &step.title);
    list(&mut text, "", "goals", &step.goals);
    list(&mut text, "", "hints", &step.hints);
    if !step.quiz.is_empty() {
        text.push_str("quiz:\n");
        step.quiz.iter().for_each(|own| question(&mut text, own));
    }
    let look = [("kind", &step.look.kind), ("what-if", &step.look.what_if), ("release", &step.look.release)];
    if look.iter().any(|(_, value)| !value.is_empty()) {
        text.push_str("view:\n");
        look.iter().for_each(|(key, value)| pair(&mut text, "  ", key, value));
    }
    if step.is_optional {
        text.push_str("optional: true\n");
    }
    StepFiles {
        id: step.id.clone(),
        step: text,
        text: step.text.clone(),
        start: step.start.clone(),
        solution: step.solution.clone(),
        notes: step.notes.clone(),
    }
}

fn question(to: &mut String, question: &Question) {
    let _ = writeln!(to, "  - ask: {}", quoted(&question.ask));
    match &question.answers {
        Answers::Known { right, wrong } => {
            list(to, "    ", "right", right);
            list(to, "    ", "wrong", wrong);
        }
        Answers::Computed { question, options, expected } => {
            pair(to, "    ", "compute", question);
            list(to, "    ", "options", options);
            list(to, "    ", "answer", expected);
        }
    }
    if question.is_typed {
        to.push_str("    typed: true\n");
    }
    match &question.of {
        Of::Start => {}
        Of::Solution => pair(to, "    ", "of", "solution"),
        Of::Manifest(text) => pair(to, "    ", "manifest", text),
    }
    pair(to, "    ", "what-if", &question.what_if);
    pair(to, "    ", "release", &question.release);
    pair(to, "    ", "because", &question.because);
}

fn pair(to: &mut String, indentation: &str, key: &str, value: &str) {
    if !value.is_empty() {
        let _ = writeln!(to, "{indentation}{key}: {}", quoted(value));
    }
}

fn number(to: &mut String, key: &str, value: u32) {
    if value > 0 {
        let _ = writeln!(to, "{key}: {value}");
    }
}

fn list(to: &mut String, indentation: &str, key: &str, values: &[String]) {
    if values.is_empty() {
        return;
    }
    let _ = writeln!(to, "{indentation}{key}:");
    values.iter().for_each(|value| {
        let _ = writeln!(to, "{indentation}  - {}", quoted(value));
    });
}

/// A text that YAML reads as it is.
fn quoted(text: &str) -> String {
    super::folder::quoted(text)
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::lesson::quiz::{Answers, Of, Question};
    use crate::lesson::{Draft, DraftStep, Look, read};

    #[test]
    fn what_is_written_is_read() {
        let text = |text: &str| text.to_owned();
        let question = Question {
            ask: text("Who: \"first\"?"),
            because: text("Because.\n\nTwo lines."),
            answers: Answers::Computed {
                question: text("start order"),
                options: vec![text("a: b")],
                expected: vec![text("x")],
            },
            of: Of::Manifest(text("kind: Pod\nspec: {}\n")),
            what_if: text("delete@60"),
            release: text("1.29"),
            is_typed: true,
        };
        let known = Question {
            answers: Answers::Known { right: vec![text("yes")], wrong: vec![text("- no"), text("# maybe")] },
            of: Of::Solution,
            ask: text("Is it?"),
            because: text("It is."),
            ..Question::default()
        };
        let typed = Question {
            answers: Answers::Known { right: vec![text("30 s")], wrong: Vec::new() },
            is_typed: true,
            ask: text("How long?"),
            because: text("By default."),
            ..Question::default()
        };
        let step = DraftStep {
            id: text("one"),
            title: text("One: the # first"),
            text: text("# One\n\ntext\n"),
            notes: text("- say this\n"),
            start: text("kind: Pod\n"),
            solution: text("kind: Pod # done\n"),
            goals: vec![text("shop is the app"), text("1 containers")],
            hints: vec![text("Look: there.\n\n```yaml\na: 1\n```"), text("*And* there")],
            quiz: vec![question, known, typed],
            look: Look { kind: text("timeline"), what_if: text("delete@60"), release: text("1.30") },
            is_optional: true,
        };
        let draft = Draft {
            id: text("a-lesson"),
            title: text("A lesson"),
            about: text("About: it"),
            minutes: 10,
            order: 3,
            needs: vec![text("another")],
            steps: vec![step],
        };
        assert_eq!(read(&write(&draft)), (draft, Vec::new()));
    }
}
