//! Command lines, as far as rules read them: which programs are called with which words. No shell is imitated.

use crate::model::{Container, Handler};
use crate::source::NodeId;

/// A call of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Call<'c> {
    /// The program and its arguments, without quotes.
    pub(in crate::rules) words: Vec<&'c str>,
    /// Where it stands.
    pub(in crate::rules) node: NodeId,
}

impl<'c> Call<'c> {
    /// The program, without its folder.
    pub(in crate::rules) fn program(&self) -> &'c str {
        self.words.first().map_or("", |word| word.rsplit('/').next().unwrap_or_default())
    }

    /// The arguments that are no flags.
    pub(in crate::rules) fn operands(&self) -> impl Iterator<Item = &'c str> {
        self.words.iter().skip(1).copied().filter(|word| !word.starts_with('-'))
    }
}

/// Longest script that is read, in bytes.
const MAX_SCRIPT: usize = 64 * 1024;

/// Words that stand in front of a program.
const PREFIXES: &[&str] =
    &["exec", "sudo", "nohup", "time", "then", "do", "else", "{", "(", "!", "if", "while", "until"];

/// All programs that a container's command line calls: its own, and those in its scripts.
pub(in crate::rules) fn calls(container: &Container) -> Vec<Call<'_>> {
    let words: Vec<(&str, NodeId)> = container.words().map(|word| (word.value.as_str(), word.node)).collect();
    calls_of(&words)
}

/// All programs that a hook or probe calls.
pub(in crate::rules) fn calls_of_handler(handler: Option<&Handler>, node: NodeId) -> Vec<Call<'_>> {
    match handler {
        Some(Handler::Exec(words)) => {
            let words: Vec<(&str, NodeId)> = words.iter().map(|word| (word.as_str(), node)).collect();
            calls_of(&words)
        }
        _ => Vec::new(),
    }
}

fn calls_of<'c>(words: &[(&'c str, NodeId)]) -> Vec<Call<'c>> {
    let mut found = Vec::new();
    if let Some((_, node)) = words.first() {
        let own = words.iter().map(|(word, _)| *word).collect();
        found.push(Call { words: own, node: *node });
    }
    for (word, node) in words.iter().filter(|(word, _)| word.contains([' ', '\n', ';'])) {
        found.extend(script(word).into_iter().map(|words| Call { words, node: *node }));
    }
    found
}

/// The calls in a script, one after another.
fn script(text: &str) -> Vec<Vec<&str>> {
    let text = if text.len() > MAX_SCRIPT { text.get(..MAX_SCRIPT).unwrap_or_default() } else { text };
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let parts = lines.flat_map(|line| line.split([';', '|', '&', '`', ')', '(']));
    let calls = parts.map(|part| {
        let words = part.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
        words.skip_while(|word| PREFIXES.contains(word) || is_assignment(word)).collect::<Vec<_>>()
    });
    calls.filter(|words| !words.is_empty()).collect()
}

/// `NAME=value` in front of a program.
fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

/// Seconds that these calls sleep, when they say it in numbers.
pub(in crate::rules) fn seconds_slept(calls: &[Call<'_>]) -> Option<i64> {
    let slept = calls.iter().filter(|call| call.program() == "sleep").filter_map(|call| seconds(call.words.get(1)?));
    slept.reduce(i64::saturating_add)
}

/// `30`, `30s`, `2m`, `0.5`.
fn seconds(word: &str) -> Option<i64> {
    let (number, factor) = match word.strip_suffix(['s', 'm', 'h']) {
        Some(number) if word.ends_with('m') => (number, 60),
        Some(number) if word.ends_with('h') => (number, 3600),
        Some(number) => (number, 1),
        None => (word, 1),
    };
    let whole = number.split('.').next()?;
    whole.parse::<i64>().ok()?.checked_mul(factor)
}

/// The whole command line as one text.
pub(in crate::rules) fn line(container: &Container) -> String {
    container.words().map(|word| word.value.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{script, seconds};

    #[test]
    fn scripts_are_cut_into_calls() {
        let calls =
            script("set -e\n# sleep 9\nif ! curl -s localhost:1; then exec sleep '5'; fi\nA=1 pkill -f app && true");
        let programs: Vec<&str> = calls.iter().map(|words| words[0]).collect();
        assert_eq!(programs, ["set", "curl", "sleep", "fi", "pkill", "true"]);
        assert_eq!(calls[2], ["sleep", "5"]);
    }

    #[test]
    fn times_of_sleep_are_read() {
        assert_eq!(["5", "5s", "2m", "0.5", "1h"].map(seconds), [Some(5), Some(5), Some(120), Some(0), Some(3600)]);
        assert_eq!(["infinity", "$N", ""].map(seconds), [None, None, None]);
    }
}
