//! What can be asked of a manifest, with its answers: for whoever makes a lesson.

use super::asks::{self, ASKS};
use super::{Answers, Computed, Of, QuizKind, make};
use crate::lesson::goal::Scene;
use crate::lesson::{DraftStep, Look};
use serde::{Deserialize, Serialize};

/// Pods with more containers than this are not asked about one by one.
const MAX_CONTAINERS: usize = 8;

/// The moment at which the columns of `kubectl` are offered, in seconds.
const MOMENT: &str = "10";

/// Something that can be asked of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// How it is asked, see [`asks`].
    pub ask: String,
    /// Its answer.
    pub answer: String,
}

/// What can be asked of the manifest of a step, by everything that is there to be asked about.
#[must_use]
pub fn offers(step: &DraftStep) -> Vec<Offer> {
    let manifest = if step.start.trim().is_empty() { &step.solution } else { &step.start };
    let look = Look { kind: String::new(), ..step.look.clone() };
    let scene = Scene::new(manifest, &look);
    let Ok((index, pod)) = scene.pod() else { return Vec::new() };
    // A name that is no single word cannot stand in a question.
    let is_word = |name: &str| !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '`');
    let members = scene.members_of(index).map(|member| member.name().to_owned());
    let names: Vec<String> = members.filter(|name| is_word(name)).take(MAX_CONTAINERS).collect();
    let volumes = pod.pod.volumes.iter().map(|volume| volume.name.clone()).filter(|name| is_word(name));
    let volumes: Vec<String> = volumes.take(MAX_CONTAINERS).collect();
    let release = scene.release().to_string();
    let mut found = Vec::new();
    for ask in ASKS {
        let fill = |slot: &str, words: &[String]| -> Vec<String> {
            if ask.text.split(' ').any(|word| word == slot) {
                words.iter().map(|word| ask.text.replace(slot, word)).collect()
            } else {
                Vec::new()
            }
        };
        let mut texts = Vec::new();
        texts.extend(fill("NAME", &names));
        texts.extend(fill("VOLUME", &volumes));
        texts.extend(fill("NUMBER", &[MOMENT.to_owned()]));
        texts.extend(fill("RESOURCE", &["cpu".to_owned(), "memory".to_owned()]));
        texts.extend(fill("RELEASE", std::slice::from_ref(&release)));
        if texts.is_empty() {
            texts.push(ask.text.to_owned());
        }
        for text in texts {
            let answer = asks::parse(&text).ok().and_then(|asked| asked.compute(&scene).ok());
            found.extend(answer.map(|answer| Offer { ask: text, answer: in_words(answer) }));
        }
    }
    found
}

/// The right answer to each question of a step, or why there is none.
#[must_use]
pub fn answers(step: &DraftStep) -> Vec<Result<String, String>> {
    let answer = |question: &super::Question| {
        if let Answers::Computed { question, .. } = &question.answers
            && let Err(unknown) = asks::parse(question)
        {
            return Err(format!("{}. {}", unknown.message, unknown.help));
        }
        if let (Answers::Computed { question, .. }, Of::Solution) = (&question.answers, &question.of)
            && step.solution.trim().is_empty()
            && !question.trim().is_empty()
        {
            return Err("The step has no solution.".to_owned());
        }
        make(question, step).map(|quiz| {
            let sign = if matches!(quiz.kind, QuizKind::Order { .. }) { " → " } else { ", " };
            quiz.kind.right_words().join(sign)
        })
    };
    step.quiz.iter().map(answer).collect()
}

fn in_words(answer: Computed) -> String {
    match answer {
        Computed::One(right, _) => right,
        Computed::Some(all) => {
            let right: Vec<String> = all.into_iter().filter(|(_, is_right)| *is_right).map(|(name, _)| name).collect();
            if right.is_empty() { super::NONE.to_owned() } else { right.join(", ") }
        }
        Computed::Order(mut items) => {
            items.sort_by_key(|(_, rank)| *rank);
            items.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" → ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Offer, answers, offers};
    use crate::lesson::DraftStep;
    use crate::lesson::quiz::{Answers, Of, Question};

    fn step() -> DraftStep {
        let start = "kind: Pod\nspec:\n  initContainers:\n    - { name: logs, image: fluent/fluent-bit, restartPolicy: Always, volumeMounts: [{ name: files, mountPath: /logs }] }\n  containers:\n    - { name: shop, image: shop/shop, resources: { requests: { cpu: 100m } } }\n  volumes: [{ name: files, emptyDir: {} }]\n";
        DraftStep { start: start.to_owned(), ..DraftStep::default() }
    }

    #[test]
    fn what_is_offered_can_be_asked_and_has_that_answer() {
        let all = offers(&step());
        let has = |ask: &str, answer: &str| all.contains(&Offer { ask: ask.to_owned(), answer: answer.to_owned() });
        assert!(has("start order", "logs → shop") && has("role of logs", "native sidecar"), "{all:?}");
        assert!(has("users of files", "logs") && has("requests cpu", "100m") && has("READY at 10 s", "2/2"), "{all:?}");
        assert!(!all.iter().any(|offer| offer.ask == "end of the Job"), "there is no Job");
        assert_eq!(offers(&DraftStep::default()), []);
        let question = |offer: &Offer| Question {
            answers: Answers::Computed { question: offer.ask.clone(), options: Vec::new(), expected: Vec::new() },
            ..Question::default()
        };
        let asked = DraftStep { quiz: all.iter().map(question).collect(), ..step() };
        for (offer, answer) in all.iter().zip(answers(&asked)) {
            assert_eq!(answer.as_ref(), Ok(&offer.answer), "{}", offer.ask);
        }
    }

    #[test]
    fn a_question_that_has_no_answer_says_why() {
        let ask = |text: &str, of: Of| Question {
            answers: Answers::Computed { question: text.to_owned(), options: Vec::new(), expected: Vec::new() },
            of,
            ..Question::default()
        };
        let quiz = vec![ask("colour", Of::Start), ask("app", Of::Solution), ask("app", Of::Start)];
        let found = answers(&DraftStep { quiz, ..step() });
        assert!(found[0].as_ref().unwrap_err().contains("cannot be asked of a manifest. There are: app;"), "{found:?}");
        assert_eq!(found[1].as_ref().unwrap_err(), "The step has no solution.");
        assert_eq!(found[2], Ok("shop".to_owned()));
    }
}
