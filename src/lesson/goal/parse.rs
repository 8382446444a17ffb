//! The words of a goal.

use super::{FAMILIES, Pattern};
use crate::finding::Severity;
use crate::quantity::Quantity;
use crate::release::Release;
use crate::resources::QosClass;
use crate::rules;
use crate::simulate::Phase;

/// What stands for a word of the author.
const SLOTS: &[&str] = &[
    "NAME", "OTHER", "NUMBER", "AMOUNT", "RESOURCE", "RULE", "RELEASE", "CLASS", "LEVEL", "VOLUME", "KIND", "FIELD",
    "VALUE", "PHASE", "KEY",
];

/// A goal that was understood.
pub struct Goal<'g> {
    pub(super) pattern: &'static Pattern,
    pub(super) words: Words<'g>,
}

/// The words of the author, each with what it stands for.
pub(in crate::lesson) struct Words<'g>(Vec<(&'static str, &'g str)>);

impl<'g> Words<'g> {
    pub(in crate::lesson) fn new(words: Vec<(&'static str, &'g str)>) -> Self {
        Self(words)
    }

    /// The word for a slot; empty when there is none.
    pub(in crate::lesson) fn get(&self, slot: &str) -> &str {
        self.0.iter().find(|(own, _)| *own == slot).map_or("", |(_, word)| word)
    }

    pub(in crate::lesson) fn number(&self) -> u64 {
        self.get("NUMBER").parse().unwrap_or_default()
    }
}

/// Why a goal was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl<'g> Goal<'g> {
    /// Reads a goal.
    ///
    /// # Errors
    ///
    /// There is no goal of these words, or a word of it names nothing that there is.
    pub fn parse(text: &'g str) -> Result<Self, Unknown> {
        let given: Vec<&str> =
            text.trim().trim_end_matches('.').split_whitespace().map(|word| word.trim_matches('`')).collect();
        let mut wrong = None;
        for pattern in all() {
            let Some(words) = fit(pattern.text, &given) else { continue };
            match words.iter().find_map(|(slot, word)| wrong_word(slot, word)) {
                None => return Ok(Self { pattern, words: Words(words) }),
                Some(unknown) => wrong = wrong.or(Some(unknown)),
            }
        }
        Err(wrong.unwrap_or_else(|| Unknown {
            message: format!("there is no goal “{}”", text.trim()),
            help: format!("Goals like it are: {}.", nearest(&given).join("; ")),
        }))
    }

    /// The goal as a sentence; words between backticks are code.
    #[must_use]
    pub fn sentence(&self) -> String {
        let pattern = if self.pattern.says.is_empty() { self.pattern.text } else { self.pattern.says };
        let words = pattern.split(' ').map(|word| match word {
            "NUMBER" | "RELEASE" | "CLASS" | "LEVEL" | "PHASE" => self.words.get(word).to_owned(),
            slot if SLOTS.contains(&slot) => format!("`{}`", self.words.get(slot).replace('`', "")),
            word => word.to_owned(),
        });
        let sentence = words.collect::<Vec<_>>().join(" ");
        let mut letters = sentence.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        format!("{first}{}.", letters.as_str())
    }
}

/// The patterns of all families.
pub(super) fn all() -> impl Iterator<Item = &'static Pattern> {
    FAMILIES.iter().flat_map(|(_, patterns)| *patterns)
}

/// The words that stand in the slots of a pattern, when the others are the same.
pub(in crate::lesson) fn fit<'g>(pattern: &'static str, given: &[&'g str]) -> Option<Vec<(&'static str, &'g str)>> {
    let wanted: Vec<&'static str> = pattern.split(' ').collect();
    if wanted.len() != given.len() {
        return None;
    }
    let mut words = Vec::new();
    for (wanted, given) in wanted.iter().zip(given) {
        if SLOTS.contains(wanted) {
            words.push((*wanted, *given));
        } else if !wanted.eq_ignore_ascii_case(given) {
            return None;
        }
    }
    Some(words)
}

/// What is wrong with a word; nothing for most of them.
pub(in crate::lesson) fn wrong_word(slot: &str, word: &str) -> Option<Unknown> {
    let wrong = |message: String, help: String| Some(Unknown { message, help });
    match slot {
        "NUMBER" if word.parse::<u64>().is_err() => {
            wrong(format!("`{word}` is no number"), "Write a whole number in digits.".to_owned())
        }
        "AMOUNT" if Quantity::parse(word).is_none() => {
            wrong(format!("`{word}` is no amount"), "Write it as in a manifest: 250m, 1, 128Mi.".to_owned())
        }
        "RULE" if rules::rule(word).is_none() => {
            let near = near_rules(word);
            let help = match near.is_empty() {
                true => "The page of the rules has them all.".to_owned(),
                false => format!("There is {}.", near.join(", ")),
            };
            wrong(format!("there is no rule `{word}`"), help)
        }
        "RELEASE" if Release::parse(word).is_none() => {
            let (oldest, newest) = (Release::OLDEST, Release::NEWEST);
            wrong(format!("there is no release {word}"), format!("There are {oldest} to {newest}."))
        }
        "CLASS"
            if ![QosClass::Guaranteed, QosClass::Burstable, QosClass::BestEffort].iter().any(|c| c.id() == word) =>
        {
            wrong(format!("there is no QoS class {word}"), "There are Guaranteed, Burstable and BestEffort.".to_owned())
        }
        "LEVEL" if Severity::from_id(word).is_none() => {
            wrong(format!("there is no level {word}"), "There are advice, warning and error.".to_owned())
        }
        "PHASE" if Phase::parse(word).is_none() => {
            let help = "There are Pending, Running, Succeeded and Failed.".to_owned();
            wrong(format!("there is no phase {word}"), help)
        }
        _ => None,
    }
}

/// The rules whose ids have most words in common with a word; none when none has any.
fn near_rules(word: &str) -> Vec<&'static str> {
    let common = |id: &str| word.split('-').filter(|part| id.split('-').any(|own| own == *part)).count();
    let ids = || rules::REGISTRY.iter().map(|rule| rule.id);
    let most = ids().map(common).max().unwrap_or_default();
    ids().filter(|id| most > 0 && common(id) == most).take(5).collect()
}

/// The patterns that have most words in common with a goal.
fn nearest(given: &[&str]) -> Vec<&'static str> {
    let common = |pattern: &&'static Pattern| {
        let words: Vec<&str> = pattern.text.split(' ').filter(|word| !SLOTS.contains(word)).collect();
        given.iter().filter(|own| own.len() > 2 && words.iter().any(|word| word.eq_ignore_ascii_case(own))).count()
    };
    let mut all: Vec<&'static Pattern> = all().collect();
    all.sort_by_key(|pattern| std::cmp::Reverse(common(pattern)));
    all.iter().take(5).map(|pattern| pattern.text).collect()
}

#[cfg(test)]
mod tests {
    use super::{Goal, SLOTS, all};

    #[test]
    fn every_pattern_is_read_as_itself() {
        let word = |slot: &str| match slot {
            "NUMBER" => "3",
            "AMOUNT" => "250m",
            "RESOURCE" => "cpu",
            "RULE" => "port-clash",
            "RELEASE" => "1.33",
            "CLASS" => "Burstable",
            "LEVEL" => "advice",
            "PHASE" => "Failed",
            _ => "shop",
        };
        for pattern in all() {
            let words = pattern.text.split(' ').map(|own| if SLOTS.contains(&own) { word(own) } else { own });
            let text = words.collect::<Vec<_>>().join(" ");
            let goal = Goal::parse(&text).unwrap_or_else(|unknown| panic!("{text}: {unknown:?}"));
            assert_eq!(goal.pattern.text, pattern.text, "{text}");
            let sentence = goal.sentence();
            assert!(sentence.ends_with('.') && !SLOTS.iter().any(|slot| sentence.contains(slot)), "{sentence}");
        }
    }

    #[test]
    fn what_is_not_known_is_said_with_a_way_out() {
        let unknown = |text| Goal::parse(text).err().unwrap();
        assert!(unknown("shipper is a native helper").help.contains("NAME is a native sidecar"));
        assert_eq!(unknown("no finding job-never-ends").help, "There is init-never-ends, job-never-completes.");
        assert!(unknown("accepted by Kubernetes 1.12").help.contains("1.27"));
        assert!(unknown("still two containers").message.contains("no number"));
        assert!(unknown("").message.contains("no goal"));
    }

    #[test]
    fn a_goal_reads_as_a_sentence() {
        let sentence = |text| Goal::parse(text).unwrap().sentence();
        assert_eq!(sentence("shipper is a native sidecar"), "`shipper` is a native sidecar.");
        assert_eq!(sentence("The job completes."), "The Job completes.");
        assert_eq!(sentence("accepted by Kubernetes 1.29"), "Kubernetes 1.29 accepts it.");
    }
}
