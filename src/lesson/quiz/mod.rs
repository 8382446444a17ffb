//! Questions. An answer about a manifest is computed from it; the author marks only answers about ideas.

pub mod asks;
mod moments;
pub mod suggest;
pub mod typed;

use super::goal::Scene;
use super::prose::{self, Block, Inline};
use super::{DraftStep, Look};
use crate::quantity::Quantity;
use serde::{Deserialize, Serialize};
use typed::Wanted;

/// A question as its author writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The question, one line of Markdown.
    pub ask: String,
    /// Why the answer is right, in Markdown.
    pub because: String,
    /// The answers.
    pub answers: Answers,
    /// The manifest that it is about.
    pub of: Of,
    /// What is supposed to happen to it.
    pub what_if: String,
    /// The release of Kubernetes; empty for the newest one.
    pub release: String,
    /// Whether the answer is typed; it has to be one alone.
    pub is_typed: bool,
}

/// Where the answers come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answers {
    /// From the author.
    Known {
        /// All of these are right; when there is more than one, all have to be chosen.
        right: Vec<String>,
        /// These are not.
        wrong: Vec<String>,
    },
    /// From the manifest.
    Computed {
        /// What is asked of it, see [`asks`].
        question: String,
        /// More to choose from; when none are given, what fits the question is taken.
        options: Vec<String>,
        /// What the author takes for the answer: it has to be the one that is computed. Nothing for who does not say.
        expected: Vec<String>,
    },
}

impl Default for Answers {
    fn default() -> Self {
        Self::Known { right: Vec::new(), wrong: Vec::new() }
    }
}

/// What a question is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Of {
    /// The manifest that the step starts with.
    #[default]
    Start,
    /// The solution of the step.
    Solution,
    /// A manifest of its own.
    Manifest(String),
}

/// A question as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiz {
    /// The question.
    pub ask: Vec<Inline>,
    /// What there is to answer.
    pub kind: QuizKind,
    /// Why the answer is right.
    pub because: Vec<Block>,
    /// The manifest that it is about, when that is neither the one of the step nor its solution.
    pub manifest: Option<String>,
    /// Whether it is about the solution, which is not shown with it: the exercise is to be done first.
    pub is_about_solution: bool,
}

/// How a question is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum QuizKind {
    /// By one of these.
    One {
        /// What there is to choose from.
        options: Vec<Vec<Inline>>,
        /// The right one.
        right: usize,
    },
    /// By some of these.
    Many {
        /// What there is to choose from.
        options: Vec<Vec<Inline>>,
        /// The right ones.
        right: Vec<usize>,
    },
    /// By putting these in order.
    Order {
        /// What there is to order.
        items: Vec<Vec<Inline>>,
        /// For each its rank; those of one rank may stand in any order.
        ranks: Vec<u32>,
    },
    /// By typing it.
    Typed {
        /// The right answer.
        right: String,
        /// How it is written.
        wanted: Wanted,
    },
}

/// An answer that a learner gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Given {
    /// Numbers of options, or of items in the order that they were put in.
    Chosen(Vec<usize>),
    /// What was typed.
    Typed(String),
}

impl Given {
    /// Whether it is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Chosen(chosen) => chosen.is_empty(),
            Self::Typed(text) => text.trim().is_empty(),
        }
    }
}

impl Default for Given {
    fn default() -> Self {
        Self::Chosen(Vec::new())
    }
}

impl Quiz {
    /// Whether an answer is right.
    #[must_use]
    pub fn is_right(&self, given: &Given) -> bool {
        self.kind.is_right(given)
    }

    /// A right answer.
    #[must_use]
    pub fn right(&self) -> Given {
        match &self.kind {
            QuizKind::Typed { right, .. } => Given::Typed(right.clone()),
            kind => Given::Chosen(kind.right()),
        }
    }
}

impl QuizKind {
    /// What there is to choose from, or to put in order; nothing where the answer is typed.
    #[must_use]
    pub fn options(&self) -> &[Vec<Inline>] {
        match self {
            Self::One { options, .. } | Self::Many { options, .. } | Self::Order { items: options, .. } => options,
            Self::Typed { .. } => &[],
        }
    }

    /// A right answer in words: those that are to be chosen, or all of them in their order.
    #[must_use]
    pub fn right_words(&self) -> Vec<String> {
        match self {
            Self::Typed { right, .. } => vec![right.clone()],
            kind => kind
                .right()
                .iter()
                .filter_map(|index| kind.options().get(*index))
                .map(|own| prose::plain(own))
                .collect(),
        }
    }

    fn is_right(&self, given: &Given) -> bool {
        match (self, given) {
            (Self::Typed { right, .. }, Given::Typed(text)) => typed::is_same(text, right),
            (Self::Typed { .. }, Given::Chosen(_)) | (_, Given::Typed(_)) => false,
            (kind, Given::Chosen(chosen)) => kind.is_chosen_right(chosen),
        }
    }

    fn is_chosen_right(&self, given: &[usize]) -> bool {
        match self {
            Self::Typed { .. } => false,
            Self::One { right, .. } => given == [*right],
            Self::Many { right, .. } => {
                let mut given = given.to_vec();
                given.sort_unstable();
                given == *right
            }
            Self::Order { items, ranks } => {
                let mut each = given.to_vec();
                each.sort_unstable();
                let rank = |index: &usize| ranks.get(*index).copied().unwrap_or(u32::MAX);
                each.iter().copied().eq(0..items.len()) && given.iter().map(rank).is_sorted()
            }
        }
    }

    /// The numbers of a right answer.
    #[must_use]
    pub fn right(&self) -> Vec<usize> {
        match self {
            Self::Typed { .. } => Vec::new(),
            Self::One { right, .. } => vec![*right],
            Self::Many { right, .. } => right.clone(),
            Self::Order { items, ranks } => {
                let mut order: Vec<usize> = (0..items.len()).collect();
                order.sort_by_key(|index| ranks.get(*index).copied());
                order
            }
        }
    }
}

/// What was computed for a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Computed {
    /// One answer, and what else somebody might think, in their natural order.
    One(String, Vec<String>),
    /// Some of these names.
    Some(Vec<(String, bool)>),
    /// Names in an order; those of one rank may stand in any order.
    Order(Vec<(String, u32)>),
}

/// Makes a question of a step ready to be shown.
///
/// # Errors
///
/// The manifest has no answer to it.
pub fn make(question: &Question, step: &DraftStep) -> Result<Quiz, String> {
    let kind = match &question.answers {
        Answers::Known { right, wrong } if question.is_typed => match (right.as_slice(), wrong.as_slice()) {
            ([right], []) => QuizKind::Typed { wanted: typed::wanted_of_author(right), right: right.trim().to_owned() },
            _ => return Err("An answer that is typed is one alone.".to_owned()),
        },
        Answers::Known { right, wrong } => known(&question.ask, right, wrong),
        Answers::Computed { question: text, options, expected } => {
            let computed = compute(question, step, text)?;
            let kind = match computed {
                Computed::One(right, _) if question.is_typed => {
                    QuizKind::Typed { wanted: typed::wanted(&right), right }
                }
                _ if question.is_typed => return Err("Its answer is a list, which cannot be typed.".to_owned()),
                computed => from_computed(computed, options, &question.ask),
            };
            agree(&kind, expected)?;
            kind
        }
    };
    let manifest = match &question.of {
        Of::Start | Of::Solution => None,
        Of::Manifest(text) => Some(text.clone()),
    };
    let (ask, because) = (prose::line(&question.ask), prose::blocks(&question.because));
    Ok(Quiz { ask, kind, because, manifest, is_about_solution: question.of == Of::Solution })
}

/// Whether an author expects the answer that was computed.
fn agree(kind: &QuizKind, expected: &[String]) -> Result<(), String> {
    if expected.is_empty() {
        return Ok(());
    }
    let number = |text: &String| kind.options().iter().position(|option| is_same(&prose::plain(option), text));
    let is_right = match kind {
        QuizKind::Typed { right, .. } => matches!(expected, [one] if typed::is_same(one, right)),
        kind => {
            expected.iter().map(number).collect::<Option<Vec<usize>>>().is_some_and(|own| kind.is_chosen_right(&own))
        }
    };
    if is_right {
        return Ok(());
    }
    Err(format!("its answer is {}, not {}", kind.right_words().join(", "), expected.join(", ")))
}

fn compute(question: &Question, step: &DraftStep, text: &str) -> Result<Computed, String> {
    let manifest = match &question.of {
        Of::Start => &step.start,
        Of::Solution => &step.solution,
        Of::Manifest(text) => text,
    };
    // What is said of the step holds for its questions too.
    let or = |own: &String, of_step: &String| if own.is_empty() { of_step.clone() } else { own.clone() };
    let look = Look {
        kind: String::new(),
        what_if: or(&question.what_if, &step.look.what_if),
        release: or(&question.release, &step.look.release),
    };
    let scene = Scene::new(manifest, &look);
    let ask = asks::parse(text).map_err(|unknown| unknown.message)?;
    ask.compute(&scene).map_err(|miss| miss.why)
}

fn known(ask: &str, right: &[String], wrong: &[String]) -> QuizKind {
    let mut options: Vec<(&String, bool)> =
        right.iter().map(|text| (text, true)).chain(wrong.iter().map(|text| (text, false))).collect();
    options.sort_by_key(|(text, _)| mixed(ask, text));
    let rights: Vec<usize> =
        options.iter().enumerate().filter(|(_, (_, is_right))| *is_right).map(|(index, _)| index).collect();
    let options = options.iter().map(|(text, _)| prose::line(text)).collect();
    match rights.as_slice() {
        [right] => QuizKind::One { options, right: *right },
        _ => QuizKind::Many { options, right: rights },
    }
}

/// What is right when nothing of a list is.
const NONE: &str = "none of them";

fn from_computed(computed: Computed, more: &[String], ask: &str) -> QuizKind {
    let code = |text: &String| vec![Inline::Code(text.clone())];
    match computed {
        Computed::One(right, others) => {
            let mut options: Vec<String> = if more.is_empty() { others } else { more.to_vec() };
            let same = |option: &String| is_same(option, &right);
            if !options.iter().any(same) {
                options.push(right.clone());
                // Numbers and fractions in their order; words stay as they are, the right one among them.
                if options.iter().all(|option| option.starts_with(|c: char| c.is_ascii_digit())) {
                    options.sort_by_key(|option| {
                        (Quantity::parse(option.split([' ', '/']).next().unwrap_or(option)), option.clone())
                    });
                } else {
                    options.sort_by_key(|option| mixed(ask, option));
                }
            }
            let right = options.iter().position(same).unwrap_or_default();
            QuizKind::One { options: options.iter().map(code).collect(), right }
        }
        Computed::Some(mut all) => {
            all.extend(
                more.iter()
                    .filter(|name| !all.iter().any(|(own, _)| own == *name))
                    .map(|name| (name.clone(), false))
                    .collect::<Vec<_>>(),
            );
            let mut right: Vec<usize> =
                all.iter().enumerate().filter(|(_, (_, is_right))| *is_right).map(|(index, _)| index).collect();
            if right.is_empty() {
                right.push(all.len());
            }
            let none = vec![Inline::Text(NONE.to_owned())];
            let options = all.iter().map(|(name, _)| code(name)).chain([none]).collect();
            QuizKind::Many { options, right }
        }
        Computed::Order(mut items) => {
            items.sort_by_key(|(name, rank)| (mixed(ask, name), *rank));
            if items.is_sorted_by_key(|(_, rank)| *rank) {
                items.reverse();
            }
            let ranks = items.iter().map(|(_, rank)| *rank).collect();
            QuizKind::Order { items: items.iter().map(|(name, _)| code(name)).collect(), ranks }
        }
    }
}

/// Whether two answers are the same: as text, or as amounts.
fn is_same(one: &str, other: &str) -> bool {
    one.trim() == other.trim() || Quantity::parse(one).is_some_and(|amount| Quantity::parse(other) == Some(amount))
}

/// A number that mixes answers up, the same each time.
fn mixed(ask: &str, text: &str) -> u32 {
    let step = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    ask.bytes().chain(text.bytes()).fold(0x811c_9dc5, step)
}

#[cfg(test)]
mod tests {
    use super::typed::Wanted;
    use super::{Answers, Given, Of, Question, Quiz, QuizKind, make};
    use crate::lesson::DraftStep;

    const NATIVE: &str = "
kind: Pod
spec:
  initContainers:
    - { name: migrate, image: shop/migrate }
    - { name: logs, image: fluent/fluent-bit, restartPolicy: Always, resources: { requests: { cpu: 100m } } }
  containers:
    - { name: shop, image: shop/shop, resources: { requests: { cpu: 200m } } }
";

    fn ask(text: &str) -> Answers {
        Answers::Computed { question: text.to_owned(), options: Vec::new(), expected: Vec::new() }
    }

    fn computed(text: &str) -> Quiz {
        let question = Question { answers: ask(text), ..Question::default() };
        let step = DraftStep { start: NATIVE.to_owned(), ..DraftStep::default() };
        make(&question, &step).unwrap_or_else(|why| panic!("{text}: {why}"))
    }

    fn right(quiz: &Quiz) -> Vec<String> {
        quiz.kind.right_words()
    }

    fn chosen(numbers: &[usize]) -> Given {
        Given::Chosen(numbers.to_vec())
    }

    #[test]
    fn answers_come_from_the_manifest() {
        let cases: &[(&str, &[&str])] = &[
            ("start order", &["migrate", "logs", "shop"]),
            ("stop order", &["shop", "logs"]),
            ("running when shop starts", &["logs"]),
            ("running when migrate starts", &["none of them"]),
            ("READY at 0 s", &["0/2"]),
            ("STATUS at 2 s", &["Init:0/2"]),
            ("requests cpu", &["300m"]),
            ("QoS class", &["Burstable"]),
            ("app", &["shop"]),
            ("sidecars", &["logs"]),
            ("default container", &["shop"]),
            ("first to be asked to stop", &["shop"]),
            ("role of migrate", &["init container"]),
            ("killed", &["none of them"]),
            ("number of containers", &["3"]),
            ("seconds until logs starts", &["5 s"]),
            ("seconds until ready", &["6 s"]),
            ("seconds to stop", &["4 s"]),
        ];
        for (question, expected) in cases {
            let quiz = computed(question);
            assert_eq!(right(&quiz), *expected, "{question}");
            assert!(quiz.is_right(&quiz.right()), "{question}");
        }
    }

    #[test]
    fn an_order_is_mixed_up_and_other_orders_are_wrong() {
        let quiz = computed("start order");
        assert!([&[0, 1, 2][..], &[], &[0, 0, 0]].iter().all(|order| !quiz.is_right(&chosen(order))));
    }

    #[test]
    fn what_happens_together_may_be_said_in_any_order() {
        let text = "kind: Pod\nspec: { containers: [{ name: shop, image: shop/shop }, { name: logs, image: fluent/fluent-bit }] }\n";
        let question =
            Question { answers: ask("stop order"), of: Of::Manifest(text.to_owned()), ..Question::default() };
        let quiz = make(&question, &DraftStep::default()).unwrap();
        assert!(quiz.is_right(&chosen(&[0, 1])) && quiz.is_right(&chosen(&[1, 0])));
    }

    #[test]
    fn known_answers_are_mixed_and_marked() {
        let text = |text: &str| vec![text.to_owned()];
        let answers = Answers::Known { right: text("`a`"), wrong: vec!["b".to_owned(), "c".to_owned()] };
        let quiz = make(&Question { answers, ..Question::default() }, &DraftStep::default()).unwrap();
        assert_eq!(right(&quiz), ["a"]);
        let answers = Answers::Known { right: vec!["a".to_owned(), "b".to_owned()], wrong: text("c") };
        let quiz = make(&Question { answers, ..Question::default() }, &DraftStep::default()).unwrap();
        assert!(matches!(quiz.kind, QuizKind::Many { .. }));
        let mut answer = quiz.kind.right();
        answer.reverse();
        assert!(quiz.is_right(&chosen(&answer)) && !quiz.is_right(&chosen(&answer[..1])));
    }

    #[test]
    fn an_author_who_expects_another_answer_is_told() {
        let step = DraftStep { start: NATIVE.to_owned(), ..DraftStep::default() };
        let expecting = |text: &str, expected: &[&str]| {
            let expected = expected.iter().map(|name| (*name).to_owned()).collect();
            let answers = Answers::Computed { question: text.to_owned(), options: Vec::new(), expected };
            make(&Question { answers, ..Question::default() }, &step).map(|_| ())
        };
        assert_eq!(expecting("start order", &["migrate", "logs", "shop"]), Ok(()));
        assert_eq!(expecting("requests cpu", &["0.3"]), Ok(()));
        assert_eq!(expecting("sidecars", &["logs"]), Ok(()));
        let wrong = "its answer is migrate, logs, shop, not logs, migrate, shop";
        assert_eq!(expecting("start order", &["logs", "migrate", "shop"]), Err(wrong.to_owned()));
        assert_eq!(expecting("app", &["logs"]), Err("its answer is shop, not logs".to_owned()));
        assert!(expecting("running when shop starts", &["migrate"]).is_err());
    }

    #[test]
    fn an_answer_can_be_typed() {
        let step = DraftStep { start: NATIVE.to_owned(), ..DraftStep::default() };
        let typed = |text: &str| {
            let question = Question { answers: ask(text), is_typed: true, ..Question::default() };
            make(&question, &step)
        };
        let quiz = typed("requests cpu").unwrap();
        assert_eq!(quiz.kind, QuizKind::Typed { right: "300m".to_owned(), wanted: Wanted::Amount });
        assert!(quiz.is_right(&Given::Typed("0.3".to_owned())) && quiz.is_right(&quiz.right()));
        assert!(!quiz.is_right(&Given::Typed("300".to_owned())) && !quiz.is_right(&chosen(&[0])));
        assert!(!computed("app").is_right(&Given::Typed("shop".to_owned())));
        assert_eq!(typed("start order").unwrap_err(), "Its answer is a list, which cannot be typed.");
    }

    #[test]
    fn an_answer_of_the_author_can_be_typed_too() {
        let typed = |right: &[&str], wrong: &[&str]| {
            let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
            let answers = Answers::Known { right: texts(right), wrong: texts(wrong) };
            make(&Question { answers, is_typed: true, ..Question::default() }, &DraftStep::default())
        };
        let quiz = typed(&["30 s"], &[]).unwrap();
        assert_eq!(quiz.kind, QuizKind::Typed { right: "30 s".to_owned(), wanted: Wanted::Seconds });
        assert!(quiz.is_right(&Given::Typed("30 sec".to_owned())) && !quiz.is_right(&Given::Typed("31".to_owned())));
        let word = typed(&["DaemonSet"], &[]).unwrap();
        assert_eq!(word.kind, QuizKind::Typed { right: "DaemonSet".to_owned(), wanted: Wanted::Text });
        assert!(word.is_right(&Given::Typed(" daemonset ".to_owned())));
        assert!(typed(&["1", "2"], &[]).is_err() && typed(&["1"], &["2"]).is_err() && typed(&[], &[]).is_err());
    }

    #[test]
    fn a_question_without_an_answer_says_why() {
        let question = Question { answers: ask("end of the Job"), ..Question::default() };
        let step = DraftStep { start: NATIVE.to_owned(), ..DraftStep::default() };
        assert_eq!(make(&question, &step).unwrap_err(), "There is no Job in the text.");
    }
}
