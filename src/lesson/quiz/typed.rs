//! Answers that are typed, and compared with the right one as a teacher would: `30`, `30s` and `30 s` are the same.

use crate::quantity::Quantity;
use serde::{Deserialize, Serialize};

/// What kind of answer is wanted, so that the page can say how to write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wanted {
    /// A time in seconds.
    Seconds,
    /// A fraction as `kubectl` shows it: `1/2`.
    Column,
    /// An amount of a resource: `250m`, `128Mi`.
    Amount,
    /// A number.
    Number,
    /// A word or two of `kubectl`.
    Word,
    /// A word or two.
    Text,
}

/// What kind of answer a right one is.
#[must_use]
pub fn wanted(right: &str) -> Wanted {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match right.trim() {
        text if is_number(text) => Wanted::Number,
        text if text.strip_suffix(" s").is_some_and(is_number) => Wanted::Seconds,
        text if text.split_once('/').is_some_and(|(one, other)| is_number(one) && is_number(other)) => Wanted::Column,
        text if Quantity::parse(text).is_some() => Wanted::Amount,
        _ => Wanted::Word,
    }
}

/// The same for an answer that its author gives: a word of it need not be one of `kubectl`.
#[must_use]
pub fn wanted_of_author(right: &str) -> Wanted {
    match wanted(right) {
        Wanted::Word => Wanted::Text,
        other => other,
    }
}

/// Whether what was typed is the right answer. Case, spaces, a decimal comma and the way in which a unit is written do not
/// matter; a wrong unit does.
#[must_use]
pub fn is_same(typed: &str, right: &str) -> bool {
    let plain = |text: &str| -> String {
        let kept = text.chars().filter(|c| !c.is_whitespace() && !"`\"„“”".contains(*c));
        kept.flat_map(char::to_lowercase).map(|c| if c == ',' { '.' } else { c }).collect()
    };
    let (given, wanted_text) = (plain(typed), plain(right));
    let given = given.trim_end_matches('.');
    match wanted(right) {
        _ if given.is_empty() => false,
        Wanted::Seconds => seconds(given).is_some_and(|given| Some(given) == seconds(&wanted_text)),
        Wanted::Amount => {
            // Capitals tell units apart there: `M` is a million times as much as `m`.
            let exact = |text: &str| -> String {
                let kept = text.trim().trim_end_matches(['B', '.']).chars().filter(|c| !c.is_whitespace());
                kept.map(|c| if c == ',' { '.' } else { c }).collect()
            };
            Quantity::parse(&exact(typed)).is_some_and(|given| Some(given) == Quantity::parse(&exact(right)))
        }
        _ => given == wanted_text,
    }
}

/// `30`, `30s`, `0.5min` in milliseconds.
fn seconds(text: &str) -> Option<u64> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number: f64 = text.get(..text.len() - unit.len())?.parse().ok()?;
    let each = match unit {
        "" | "s" | "sec" | "secs" | "second" | "seconds" | "sek" | "sekunde" | "sekunden" => 1000.0,
        "m" | "min" | "mins" | "minute" | "minutes" | "minuten" => 60_000.0,
        _ => return None,
    };
    Some((number * each).clamp(0.0, 1e12).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::{Wanted, is_same, wanted};

    #[test]
    fn units_spaces_and_capitals_do_not_matter() {
        for typed in ["30", "30s", "30 s", " 30  sec", "30 Seconds", "30 Sekunden", "30.0", "30,0 s", "0.5 min", "30s."]
        {
            assert!(is_same(typed, "30 s"), "{typed}");
        }
        assert!(is_same("1 / 2", "1/2") && is_same("1/2", "1/2"));
        assert!(
            is_same("0.3", "300m") && is_same("300 m", "300m") && is_same("384MiB", "384Mi") && is_same("0,3", "300m")
        );
        assert!(is_same("crashloopbackoff", "CrashLoopBackOff") && is_same("`Running`", "Running"));
    }

    #[test]
    fn another_answer_is_wrong() {
        for typed in ["", " ", "31", "30 m", "thirty", "-30", "30 30", "s", "é"] {
            assert!(!is_same(typed, "30 s"), "{typed}");
        }
        assert!(!is_same("2/2", "1/2") && !is_same("1", "1/2") && !is_same("0.5", "1/2"));
        assert!(
            !is_same("300", "300m")
                && !is_same("384", "384Mi")
                && !is_same("384M", "384Mi")
                && !is_same("300M", "300m")
        );
        assert!(!is_same("Error", "CrashLoopBackOff") && !is_same("12", "2"));
    }

    #[test]
    fn a_right_answer_tells_how_to_write_one() {
        let all = ["3", "30 s", "1/2", "250m", "CrashLoopBackOff", "it completes"].map(wanted);
        assert_eq!(all, [Wanted::Number, Wanted::Seconds, Wanted::Column, Wanted::Amount, Wanted::Word, Wanted::Word]);
    }
}
