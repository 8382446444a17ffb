//! The blocks of unrendered templates: `{{ if }} … {{ end }}` and the like.

use super::layout::Bytes;

/// Whether moving these bytes in front of those places leaves each part in the blocks it is in, and each block whole.
pub(super) fn keeps_blocks(text: &str, moved: &[(Bytes, usize)]) -> bool {
    let steps = steps(text);
    let around = |at: usize| {
        steps.iter().rev().find(|(place, _)| *place < at).map(|(_, open)| open.as_slice()).unwrap_or_default()
    };
    moved.iter().all(|(bytes, place)| {
        let outer = around(bytes.start);
        let inside = steps.iter().filter(|(at, _)| bytes.contains(at));
        outer == around(bytes.end)
            && outer == around(*place)
            && inside.into_iter().all(|(_, open)| open.starts_with(outer))
    })
}

/// After each action that opens or closes a block: where it stands, and the blocks that are open then, each known by the
/// place of its last `if`, `else` or the like.
fn steps(text: &str) -> Vec<(usize, Vec<usize>)> {
    let mut open: Vec<usize> = Vec::new();
    let mut steps = Vec::new();
    let mut actions: Vec<usize> = text.match_indices("{{").chain(text.match_indices("{%")).map(|(at, _)| at).collect();
    actions.sort_unstable();
    for at in actions {
        let action = text.get(at + 2..).unwrap_or_default().trim_start_matches(['-', '+']).trim_start();
        let word: String = action.chars().take_while(char::is_ascii_alphabetic).collect();
        match word.as_str() {
            "if" | "range" | "with" | "block" | "define" | "for" | "macro" => open.push(at),
            "else" | "elif" => {
                open.pop();
                open.push(at);
            }
            word if word.starts_with("end") => {
                open.pop();
            }
            _ => continue,
        }
        steps.push((at, open.clone()));
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::keeps_blocks;

    #[test]
    fn parts_stay_in_the_blocks_they_are_in() {
        let text = "a {{ if .x }}b {{- with .y }}c{{ end }}{{ else }}d{{ end }} e";
        let at = |part: &str| text.find(part).unwrap();
        let whole = at("{{ if")..text.len() - 2;
        assert!(keeps_blocks(text, &[(whole, 0)]));
        assert!(keeps_blocks(text, &[(at("{{- with")..at("{{ else"), at("b "))]));
        assert!(!keeps_blocks(text, &[(at("b ")..at("b ") + 1, at("d{{ end"))]), "from if to else");
        assert!(!keeps_blocks(text, &[(at("b ")..at("c{{"), 0)]), "half a block");
    }
}
