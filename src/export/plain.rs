//! Text of a manifest that stays text, whatever program shows it.

/// For terminals: control characters would let a manifest steer them, and signs that turn the direction of writing would
/// let it say something else than it holds.
pub(super) fn line(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) { ' ' } else { c }).collect()
}

/// For Markdown, on one line. Code hosts look for names of people, numbers of issues and addresses after the signs of
/// Markdown are gone, so that those are taken apart by a sign without width or a backslash in their middle.
pub(super) fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        match c {
            c if is_unsafe(c) => out.push(' '),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '$' | '>' => out.extend(['\\', c]),
            '@' | '#' => {
                out.extend(['\\', c]);
                if next.is_ascii_alphanumeric() && (c == '#' || !before.is_alphanumeric()) {
                    out.push('\u{200b}');
                }
            }
            ':' if next == '/' => out.push_str("\\:"),
            '.' if out.to_ascii_lowercase().ends_with("www") => out.push_str("\\."),
            c => out.push(c),
        }
        before = c;
    }
    out
}

fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(u32::from(c), 0x200e | 0x200f | 0x061c | 0x2028..=0x202e | 0x2066..=0x2069 | 0xfeff)
}

#[cfg(test)]
mod tests {
    use super::{line, markdown};

    #[test]
    fn nothing_in_markdown_has_a_meaning() {
        for (text, plain) in [
            ("a|b\n```", "a\\|b \\`\\`\\`"),
            ("<b>&[y](z)", "&lt;b\\>&amp;\\[y\\](z)"),
            ("ask @team or #12", "ask \\@\u{200b}team or \\#\u{200b}12"),
            ("nginx@sha256:ab", "nginx\\@sha256:ab"),
            ("https://x.y www.x.y", "https\\://x.y www\\.x.y"),
            ("$x$ ~~y~~ __z__", "\\$x\\$ \\~\\~y\\~\\~ \\_\\_z\\_\\_"),
        ] {
            assert_eq!(markdown(text), plain);
        }
    }

    #[test]
    fn nothing_steers_a_terminal_or_turns_a_line_round() {
        assert_eq!(line("a\u{1b}[2Jb\u{202e}c\u{9b}d\re"), "a [2Jb c d e");
    }
}
