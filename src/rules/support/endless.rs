//! Whether a container runs until somebody stops it.

use super::Member;
use super::shell::{self, Call};
use crate::catalogue;
use crate::detect::Confidence;
use crate::source::NodeId;

/// Why a container does not end by itself.
pub(in crate::rules) struct Endless {
    /// The reason, as the end of a sentence that starts with the container.
    pub(in crate::rules) reason: String,
    pub(in crate::rules) node: NodeId,
    pub(in crate::rules) confidence: Confidence,
}

/// The word that makes a container do its work once, and where it stands.
pub(in crate::rules) fn once(member: Member<'_>) -> Option<(String, NodeId)> {
    catalogue::once(member.container)
}

/// Whether a container runs for ever: by its script, or because it is a helper that does.
pub(in crate::rules) fn endless(member: Member<'_>) -> Option<Endless> {
    if once(member).is_some() {
        return None;
    }
    if let Some((reason, node)) = by_script(member) {
        return Some(Endless { reason, node, confidence: Confidence::Certain });
    }
    let entry = member.known().filter(|entry| catalogue::goes_on(entry, member.container) && !entry.is_generic)?;
    let image = member.container.image.as_ref()?;
    let runs_itself = match shell::calls(member.container).first() {
        None => true,
        Some(_) if member.container.command.is_empty() => true,
        Some(call) => same_word(call.program(), image.value.base()),
    };
    let is_by_image = entry.images.iter().any(|pattern| super::images::is(&image.value, pattern));
    (runs_itself && is_by_image).then(|| Endless {
        reason: format!("{} runs until it is stopped", entry.name),
        node: image.node,
        confidence: Confidence::Likely,
    })
}

/// Whether two names are the same but for signs: `cloud_sql_proxy` and `cloud-sql-proxy`.
fn same_word(one: &str, other: &str) -> bool {
    let letters = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    letters(one) == letters(other)
}

/// The endless part of a container's own script.
pub(in crate::rules) fn by_script(member: Member<'_>) -> Option<(String, NodeId)> {
    let calls = shell::calls(member.container);
    let last = calls.last()?;
    if is_for_ever(last) {
        return Some((format!("it runs {}", last.words.join(" ")), last.node));
    }
    let word = member.container.words().find(|word| loops(&word.value))?;
    Some(("its script has a loop without an end".to_owned(), word.node))
}

fn is_for_ever(call: &Call<'_>) -> bool {
    match call.program() {
        "sleep" => call.words.get(1).is_some_and(|time| matches!(*time, "infinity" | "inf")),
        "tail" => call.words.iter().any(|word| {
            *word == "--follow" || (word.starts_with('-') && !word.starts_with("--") && word.contains(['f', 'F']))
        }),
        _ => false,
    }
}

/// `while true` without a way out.
fn loops(script: &str) -> bool {
    let has_loop =
        ["while true", "while :", "while [ 1 ]", "while [ true ]", "while sleep", "while(true)", "for ((;;))"]
            .iter()
            .any(|start| script.contains(start));
    let mut words = script.split(|c: char| !c.is_ascii_alphanumeric());
    has_loop && !words.any(|word| matches!(word, "break" | "exit" | "return"))
}

#[cfg(test)]
mod tests {
    use super::{loops, same_word};

    #[test]
    fn loops_without_a_way_out_are_endless() {
        assert!(loops("while true; do date; sleep 1; done"));
        assert!(!loops("while true; do curl -f x && break; sleep 1; done"));
        assert!(!loops("until nslookup db; do sleep 2; done"));
    }

    #[test]
    fn signs_do_not_tell_programs_apart() {
        assert!(same_word("cloud_sql_proxy", "cloud-sql-proxy") && !same_word("sh", "busybox"));
    }
}
