//! What stands by itself: paragraphs, lists and so on.

use super::{Block, Inline, Odd, Picture, inline};
use crate::form::Form;

/// Deepest nesting of lists and quotes.
const MAX_DEPTH: u8 = 5;

/// Reads a text.
pub(super) fn read(text: &str) -> (Vec<Block>, Vec<Odd>) {
    let mut number = 0;
    let lines = text.lines().map(|text| {
        number += 1;
        Line { number, text: text.trim_end().to_owned() }
    });
    let mut reader = Reader { odd: Vec::new() };
    let blocks = reader.blocks(&lines.collect::<Vec<_>>(), 0);
    (blocks, reader.odd)
}

#[derive(Clone, Debug)]
struct Line {
    number: u32,
    text: String,
}

impl Line {
    fn indentation(&self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }

    fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// Without the first bytes, if those are spaces.
    fn without(&self, count: usize) -> Self {
        let count = count.min(self.indentation());
        Self { number: self.number, text: self.text.get(count..).unwrap_or_default().to_owned() }
    }

    /// The backticks of a fence.
    fn fence(&self) -> Option<usize> {
        let trimmed = self.text.trim_start();
        let ticks = trimmed.len() - trimmed.trim_start_matches('`').len();
        (ticks >= 3 && !trimmed.trim_start_matches('`').contains('`')).then_some(ticks)
    }

    /// Whether an entry of a numbered list starts here, and where its content does.
    fn entry(&self) -> Option<(bool, usize)> {
        let start = self.indentation();
        let rest = self.text.get(start..)?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let is_numbered = (1..=3).contains(&digits) && rest.get(digits..)?.starts_with(". ");
        let is_bullet = rest.starts_with("- ") || rest.starts_with("* ");
        let width = if is_numbered { digits + 2 } else { 2 };
        (is_numbered || is_bullet).then_some((is_numbered, start + width))
    }

    fn heading(&self) -> Option<(u8, &str)> {
        let rest = self.text.trim_start_matches('#');
        let level = self.text.len() - rest.len();
        let title = rest.strip_prefix(' ')?;
        let level = u8::try_from(level).ok().filter(|level| (1..=4).contains(level))?;
        Some((level, title.trim()))
    }

    fn starts_a_block(&self) -> bool {
        self.is_blank()
            || self.fence().is_some()
            || self.entry().is_some()
            || self.heading().is_some()
            || self.text.starts_with(['>', '|'])
    }
}

struct Reader {
    odd: Vec<Odd>,
}

impl Reader {
    fn blocks(&mut self, lines: &[Line], depth: u8) -> Vec<Block> {
        let mut found = Vec::new();
        let mut rest = lines;
        while let Some((first, others)) = rest.split_first() {
            if first.is_blank() {
                rest = others;
                continue;
            }
            let (block, used) = self.block(first, rest, depth);
            found.push(block);
            rest = rest.get(used.max(1)..).unwrap_or_default();
        }
        found
    }

    /// The block that starts with the first of some lines, and how many of them it takes.
    fn block(&mut self, first: &Line, lines: &[Line], depth: u8) -> (Block, usize) {
        if let Some(ticks) = first.fence() {
            return self.fenced(first, lines, ticks);
        }
        if let Some((level, title)) = first.heading() {
            return (Block::Heading(level, self.line(title, first.number)), 1);
        }
        if first.text.starts_with('>') && depth < MAX_DEPTH {
            let used = count(lines, |line| line.text.starts_with('>'));
            let inside = lines.iter().take(used).map(|line| {
                let text = line.text.strip_prefix('>').unwrap_or_default();
                Line { number: line.number, text: text.strip_prefix(' ').unwrap_or(text).to_owned() }
            });
            return (Block::Note(self.blocks(&inside.collect::<Vec<_>>(), depth + 1)), used);
        }
        if let Some((is_numbered, _)) = first.entry().filter(|_| depth < MAX_DEPTH) {
            return self.list(lines, is_numbered, depth);
        }
        let has_rule = lines.get(1).is_some_and(|line| line.text.starts_with('|') && line.text.contains("--"));
        if first.text.starts_with('|') && has_rule {
            return self.table(lines);
        }
        let used = 1 + count(lines.get(1..).unwrap_or_default(), |line| !line.starts_a_block());
        let texts: Vec<&str> = lines.iter().take(used).map(|line| line.text.trim()).collect();
        if first.text.starts_with('<') && !first.text.starts_with("<https://") {
            let help = "HTML is shown as text. Write it in Markdown.";
            self.odd.push((first.number, "a line starts with HTML".to_owned(), help.to_owned()));
        }
        (Block::Paragraph(self.line(&texts.join("\n"), first.number)), used)
    }

    fn fenced(&mut self, first: &Line, lines: &[Line], ticks: usize) -> (Block, usize) {
        let indentation = first.indentation();
        let is_end =
            |line: &Line| line.fence().is_some_and(|own| own >= ticks) && line.text.trim_matches([' ', '`']).is_empty();
        let inside = count(lines.get(1..).unwrap_or_default(), |line| !is_end(line));
        if inside + 1 >= lines.len() {
            let message = "a ``` is opened and never closed".to_owned();
            self.odd.push((first.number, message, "Close it with a line of its own.".to_owned()));
        }
        let mut text = String::new();
        for line in lines.iter().skip(1).take(inside) {
            text.push_str(&line.without(indentation).text);
            text.push('\n');
        }
        let mut words = first.text.trim_matches([' ', '`']).split_whitespace();
        let language = words.next().unwrap_or_default().to_owned();
        if words.next() != Some("picture") {
            return (Block::Code(language, text), inside + 2);
        }
        let (mut kind, mut form) = (String::new(), None);
        for word in words {
            match Form::BOTH.into_iter().find(|form| form.id() == word) {
                Some(known) => form = Some(known),
                None => word.clone_into(&mut kind),
            }
        }
        (Block::Picture(Picture { manifest: text, kind, form }), inside + 2)
    }

    fn list(&mut self, lines: &[Line], is_numbered: bool, depth: u8) -> (Block, usize) {
        let mut entries: Vec<Vec<Line>> = Vec::new();
        let base = lines.first().map_or(0, Line::indentation);
        let mut content = 0;
        let mut used = 0;
        let mut after_blank = false;
        for line in lines {
            let entry = line.entry().filter(|_| line.indentation() <= base + 1);
            let is_inside = line.is_blank() || line.indentation() >= content;
            match entry {
                Some((numbered, start)) if numbered == is_numbered => {
                    content = start;
                    let text = line.text.get(start..).unwrap_or_default().to_owned();
                    entries.push(vec![Line { number: line.number, text }]);
                }
                Some(_) => break,
                None if is_inside => {
                    if let Some(entry) = entries.last_mut() {
                        entry.push(line.without(content));
                    }
                }
                // A line that goes on without an indentation.
                None if !after_blank && !line.starts_a_block() => {
                    if let Some(entry) = entries.last_mut() {
                        entry.push(line.clone());
                    }
                }
                None => break,
            }
            after_blank = line.is_blank();
            used += 1;
        }
        let entries = entries.iter().map(|entry| self.blocks(entry, depth + 1)).collect();
        (Block::List(is_numbered, entries), used)
    }

    fn table(&mut self, lines: &[Line]) -> (Block, usize) {
        let used = count(lines, |line| line.text.starts_with('|'));
        let mut rows = lines.iter().take(used).map(|line| {
            let inner = line.text.trim_start_matches('|').trim_end();
            let inner = inner.strip_suffix('|').unwrap_or(inner);
            cells(inner).iter().map(|cell| self.line(cell.trim(), line.number)).collect::<Vec<_>>()
        });
        let head = rows.next().unwrap_or_default();
        let rows: Vec<_> = rows.skip(1).collect();
        let is_uneven = rows.iter().any(|row| row.len() != head.len());
        if let Some(first) = lines.first().filter(|_| is_uneven) {
            let message = "a row of this table has another number of cells than its head".to_owned();
            let help = "Write | in a cell as \\|.".to_owned();
            self.odd.push((first.number, message, help));
        }
        (Block::Table(head, rows), used)
    }

    fn line(&mut self, text: &str, number: u32) -> Vec<Inline> {
        let odd = &mut self.odd;
        inline::read(text, &mut |message, help| odd.push((number, message, help)))
    }
}

/// The cells of a row.
fn cells(row: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_escaped = false;
    for c in row.chars() {
        if c == '|' && !is_escaped {
            cells.push(String::new());
        } else if let Some(cell) = cells.last_mut() {
            cell.push(c);
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    cells
}

/// How many lines at the beginning fit.
fn count(lines: &[Line], fits: impl Fn(&Line) -> bool) -> usize {
    lines.iter().take_while(|line| fits(line)).count()
}

#[cfg(test)]
mod tests {
    use super::super::{Block, Inline, Picture, blocks, plain, read};
    use crate::form::Form;

    fn words(block: &Block) -> String {
        match block {
            Block::Heading(level, line) => format!("h{level}({})", plain(line)),
            Block::Paragraph(line) => format!("p({})", plain(line)),
            Block::List(is_numbered, entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|entry| entry.iter().map(words).collect::<Vec<_>>().join(" ")).collect();
                format!("{}({})", if *is_numbered { "ol" } else { "ul" }, entries.join("; "))
            }
            Block::Table(head, rows) => {
                let row = |row: &Vec<Vec<Inline>>| row.iter().map(|cell| plain(cell)).collect::<Vec<_>>().join("|");
                format!("table({})", [head].into_iter().chain(rows).map(row).collect::<Vec<_>>().join("; "))
            }
            Block::Code(language, text) => format!("code({language}: {text:?})"),
            Block::Picture(picture) => format!("picture({})", picture.kind),
            Block::Note(inside) => format!("note({})", inside.iter().map(words).collect::<Vec<_>>().join(" ")),
        }
    }

    fn all(text: &str) -> Vec<String> {
        blocks(text).iter().map(words).collect()
    }

    #[test]
    fn blocks_are_told_apart() {
        let text = "# One\n\nA line\nthat goes on.\n- a\n  more\n- b\n\n  - c\n\n  text\n\n1. x\n2. y\n\n> a note\n> of two lines\n";
        assert_eq!(
            all(text),
            [
                "h1(One)",
                "p(A line that goes on.)",
                "ul(p(a more); p(b) ul(p(c)) p(text))",
                "ol(p(x); p(y))",
                "note(p(a note of two lines))",
            ]
        );
    }

    #[test]
    fn tables_have_a_head_and_rows() {
        assert_eq!(all("| a | b |\n|---|---|\n| `1` | x \\| y |\n"), ["table(a|b; 1|x | y)"]);
        assert_eq!(read("| a | b |\n|---|---|\n| 1 |\n").1.len(), 1);
        assert_eq!(all("| no table"), ["p(| no table)"]);
    }

    #[test]
    fn code_stays_as_it_is_and_a_picture_is_drawn() {
        assert_eq!(all("```yaml\na: 1\n\n  - b\n```\nmore"), ["code(yaml: \"a: 1\\n\\n  - b\\n\")", "p(more)"]);
        let picture =
            Picture { manifest: "kind: Pod\n".to_owned(), kind: "start-order".to_owned(), form: Some(Form::Native) };
        assert_eq!(blocks("```yaml picture start-order native\nkind: Pod\n```\n"), [Block::Picture(picture)]);
        assert_eq!(read("```\nopen").1.len(), 1);
    }

    #[test]
    fn odd_places_have_their_line() {
        let odd = read("fine\n\n<b>x</b>\n\n- [a](http://x)\n").1;
        assert_eq!(odd.iter().map(|odd| odd.0).collect::<Vec<_>>(), [3, 5]);
    }

    #[test]
    fn any_text_can_be_read() {
        for text in
            ["", "\n", ">", "> > > > > > > > > a", "- ", "1. ", "|", "```", "#", "- - - - - - - - a", "  \u{a0}x"]
        {
            let _ = read(text);
        }
        assert_eq!(all("#no heading"), ["p(#no heading)"]);
    }
}
