//! What stands in a line.

use super::Inline;

/// Deepest nesting of marks.
const MAX_DEPTH: u8 = 6;

/// Is called with what is odd: what is wrong, and what to do.
pub(super) type Report<'r> = &'r mut dyn FnMut(String, String);

/// Reads a line or the lines of a paragraph.
pub(super) fn read(text: &str, report: Report<'_>) -> Vec<Inline> {
    Reader { report }.read(text, 0)
}

struct Reader<'r> {
    report: Report<'r>,
}

impl Reader<'_> {
    fn read(&mut self, text: &str, depth: u8) -> Vec<Inline> {
        let mut found = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        // Marks that are not closed further on, so that nobody looks for their end again.
        let mut open: Vec<&str> = Vec::new();
        while let Some(first) = rest.chars().next() {
            let before = plain.chars().last();
            let part = if depth >= MAX_DEPTH { None } else { self.mark(rest, before, depth, &mut open) };
            if let Some((part, length)) = part {
                if !plain.is_empty() {
                    found.push(Inline::Text(std::mem::take(&mut plain)));
                }
                found.push(part);
                rest = rest.get(length..).unwrap_or_default();
                continue;
            }
            let escaped = rest.strip_prefix('\\').and_then(|rest| rest.chars().next());
            let (shown, length) = match escaped.filter(char::is_ascii_punctuation) {
                Some(escaped) => (escaped, 1 + escaped.len_utf8()),
                // Lines of a paragraph flow together.
                None => (if first == '\n' { ' ' } else { first }, first.len_utf8()),
            };
            plain.push(shown);
            rest = rest.get(length..).unwrap_or_default();
        }
        if !plain.is_empty() {
            found.push(Inline::Text(plain));
        }
        found
    }

    /// The marked part that a text starts with, and how many bytes it takes.
    fn mark<'t>(
        &mut self,
        text: &'t str,
        before: Option<char>,
        depth: u8,
        open: &mut Vec<&'t str>,
    ) -> Option<(Inline, usize)> {
        match text.as_bytes().first()? {
            b'`' => {
                let ticks = text.len() - text.trim_start_matches('`').len();
                let fence = text.get(..ticks)?;
                let inside = text.get(ticks..)?;
                let end = closing_ticks(inside, ticks).filter(|_| !open.contains(&fence));
                let Some(end) = end else {
                    open.push(fence);
                    return None;
                };
                let code = inside.get(..end)?.replace('\n', " ");
                let trimmed = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
                let code = trimmed.filter(|code| !code.trim().is_empty()).map_or(code.clone(), str::to_owned);
                Some((Inline::Code(code), ticks + end + ticks))
            }
            b'*' | b'_' => {
                let mark = ["**", "*", "_"].into_iter().find(|mark| text.starts_with(mark))?;
                let inside = text.get(mark.len()..)?;
                let is_in_word = mark == "_" && before.is_some_and(char::is_alphanumeric);
                if is_in_word || inside.starts_with(char::is_whitespace) || open.contains(&mark) {
                    return None;
                }
                let Some(end) = closing(inside, mark) else {
                    open.push(mark);
                    return None;
                };
                let content = self.read(inside.get(..end)?, depth + 1);
                let part = if mark == "**" { Inline::Strong(content) } else { Inline::Emphasis(content) };
                Some((part, mark.len() + end + mark.len()))
            }
            b'[' if !open.contains(&"[") => {
                let Some(end) = closing(text.get(1..)?, "](") else {
                    open.push("[");
                    return None;
                };
                let address_start = 1 + end + 2;
                let rest = text.get(address_start..)?;
                let length = rest.find(')')?;
                let address = rest.get(..length)?;
                let content = self.read(text.get(1..1 + end)?, depth + 1);
                Some((self.link(address, content), address_start + length + 1))
            }
            b'<' if text.starts_with("<https://") => {
                let end = text.find('>')?;
                let address = text.get(1..end)?;
                Some((self.link(address, vec![Inline::Text(address.to_owned())]), end + 1))
            }
            _ => None,
        }
    }

    fn link(&mut self, address: &str, content: Vec<Inline>) -> Inline {
        let leads_out = address.strip_prefix("https://").is_some_and(|rest| !rest.is_empty());
        let is_plain = !address.contains(|c: char| c.is_whitespace() || c.is_control());
        if is_plain && (leads_out || address.starts_with("#/")) {
            return Inline::Link(address.to_owned(), content);
        }
        (self.report)(
            format!("the link to `{address}` leads nowhere"),
            "Links start with https:// or, for a page of this site, with #/rules/, #/catalogue/ or #/learn/."
                .to_owned(),
        );
        Inline::Text(super::plain(&content))
    }
}

/// Where the same number of backticks stands again.
fn closing_ticks(text: &str, ticks: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text.get(at..)?.find('`') {
        let start = at + found;
        let run = text.get(start..)?;
        let length = run.len() - run.trim_start_matches('`').len();
        if length == ticks {
            return Some(start);
        }
        at = start + length;
    }
    None
}

/// Where a mark is closed: not in code, not escaped, not behind a space.
fn closing(text: &str, mark: &str) -> Option<usize> {
    let mut at = 0;
    let mut before = ' ';
    while let Some(next) = text.get(at..)?.chars().next() {
        let rest = text.get(at..)?;
        let after = rest.get(mark.len()..).and_then(|rest| rest.chars().next());
        let fits = rest.starts_with(mark) && (mark == "](" || !before.is_whitespace());
        let is_whole = match mark {
            "_" => !after.is_some_and(char::is_alphanumeric),
            "*" => after != Some('*') && before != '*',
            _ => true,
        };
        if fits && is_whole && at > 0 {
            return Some(at);
        }
        at += match next {
            '\\' => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            '`' => {
                let ticks = rest.len() - rest.trim_start_matches('`').len();
                rest.get(ticks..).and_then(|inside| closing_ticks(inside, ticks)).map_or(ticks, |end| end + 2 * ticks)
            }
            _ => next.len_utf8(),
        };
        before = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::{Inline, plain};

    fn read(text: &str) -> (Vec<Inline>, usize) {
        let mut odd = 0;
        let found = super::read(text, &mut |_, _| odd += 1);
        (found, odd)
    }

    fn text(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    #[test]
    fn marks_are_read_and_may_stand_in_each_other() {
        let (found, _) = read("A **helper *of* `an_app`** waits_for_it, _now_.");
        let strong =
            vec![text("helper "), Inline::Emphasis(vec![text("of")]), text(" "), Inline::Code("an_app".to_owned())];
        let end = [text(" waits_for_it, "), Inline::Emphasis(vec![text("now")]), text(".")];
        assert_eq!(found, [&[text("A "), Inline::Strong(strong)][..], &end].concat());
    }

    #[test]
    fn what_is_not_closed_is_text() {
        for odd in ["a * b ** c", "`a", "[a](b", "**a", "2 * 3 * 4", "a[0]", "\\*a\\*"] {
            let (found, _) = read(odd);
            assert_eq!(found, [text(&odd.replace("\\*", "*"))]);
        }
    }

    #[test]
    fn a_link_leads_into_the_site_or_out_over_https_only() {
        let (found, odd) = read("See [`port-clash`](#/rules/port-clash) and <https://kubernetes.io>.");
        assert_eq!(odd, 0);
        assert!(matches!(&found[1], Inline::Link(to, _) if to == "#/rules/port-clash"), "{found:?}");
        assert!(matches!(&found[3], Inline::Link(to, _) if to == "https://kubernetes.io"), "{found:?}");
        for address in ["javascript:alert(1", "http://a", "data:text/html,a", "//a", "https://", "https://a b", ""] {
            let (found, odd) = read(&format!("[a]({address})"));
            assert!(odd == 1 && !found.iter().any(|part| matches!(part, Inline::Link(..))), "{address}");
        }
    }

    #[test]
    fn many_open_marks_take_no_long_time() {
        let text = "*a **b [c `d ".repeat(20_000);
        assert!(plain(&read(&text).0).len() > 200_000);
    }
}
