//! What could not be read, said so that a person can mend it: the place, the likely cause, and the way out.

use super::chunk::is_refused;
use super::{MAX_BYTES, MAX_DEPTH, Span};
use granit_parser::ErrorKind;
use serde::Serialize;

/// How much a problem takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ProblemKind {
    /// Text from here to the end of the document (or of the input) could not be read.
    Unreadable,
    /// The text was read, but probably means something else than intended.
    Doubtful,
}

/// A place in a text that could not be read, or not be taken at its word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How much is lost.
    pub kind: ProblemKind,
    /// Where; relative to the document for a document's problems.
    pub span: Span,
    /// What is wrong, one sentence.
    pub message: String,
    /// The most likely cause, when there is a good guess.
    pub cause: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// Another place that has to do with it, such as the first of two equal keys.
    pub related: Option<Span>,
}

impl Problem {
    pub(super) fn doubtful(span: Span, message: String, help: &str) -> Self {
        Self { kind: ProblemKind::Doubtful, span, message, cause: None, help: Some(help.to_owned()), related: None }
    }

    pub(super) fn unreadable(span: Span, message: &str, cause: Option<&str>, help: &str) -> Self {
        Self {
            kind: ProblemKind::Unreadable,
            span,
            message: message.to_owned(),
            cause: cause.map(str::to_owned),
            help: Some(help.to_owned()),
            related: None,
        }
    }
}

/// The part of an input that is worth reading.
#[derive(Debug)]
pub struct Usable<'t> {
    /// The byte at which it starts: behind a byte order mark.
    pub start: usize,
    /// The part: nothing beyond the size limit, and nothing at all of a binary file.
    pub text: &'t str,
    /// What is left out.
    pub problems: Vec<Problem>,
}

impl<'t> Usable<'t> {
    /// Finds it.
    #[must_use]
    pub fn of(text: &'t str) -> Self {
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let whole = text.get(start..).unwrap_or_default();
        if let Some(at) = binary_at(whole) {
            let problem = Problem::unreadable(
                Span::new(start + at, start + at + 1),
                "this is not text",
                Some("The input looks like a binary file, such as an image or an archive."),
                "Paste the manifest itself, as YAML or JSON text.",
            );
            return Self { start, text: "", problems: vec![problem] };
        }
        if whole.len() <= MAX_BYTES {
            return Self { start, text: whole, problems: Vec::new() };
        }
        let mut limit = MAX_BYTES;
        while !whole.is_char_boundary(limit) {
            limit -= 1;
        }
        let head = whole.get(..limit).unwrap_or_default();
        let cut = head.rfind("\n---").map_or(0, |at| at + 1);
        let problem = Problem::unreadable(
            Span::new(start + cut, start + whole.len()),
            &format!("the text is longer than {} MiB and is read up to here", MAX_BYTES / 1024 / 1024),
            None,
            "Paste the workloads that you want to look at, or split the file.",
        );
        Self { start, text: head.get(..cut).unwrap_or_default(), problems: vec![problem] }
    }
}

/// Where a text stops being text: a NUL, or many control characters close together.
fn binary_at(text: &str) -> Option<usize> {
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x1b);
    let sample = text.as_bytes().get(..text.len().min(8192)).unwrap_or_default();
    let first = sample.iter().position(is_control)?;
    let controls = sample.iter().filter(|byte| is_control(byte)).count();
    (sample.contains(&0) || controls * 20 > sample.len()).then_some(first)
}

/// The problem that stopped the reading of `text` at byte `at`.
pub(super) fn from_parser(kind: &ErrorKind, at: usize, text: &str) -> Problem {
    let context = Context::new(text, telling_place(kind, at.min(text.len()), text));
    let (span, cause, help) = match context.mistake() {
        Some((line, cause, help)) if line.start != context.here.start => (line.content(), Some(cause), help),
        Some((_, cause, help)) => (context.span(kind), Some(cause), help),
        None => {
            let (cause, help) = usual_cause(kind).unwrap_or((
                None,
                "Compare the indentation of this line with the lines around it, and the quotes and brackets above it."
                    .into(),
            ));
            (context.span(kind), cause, help)
        }
    };
    Problem { kind: ProblemKind::Unreadable, span, message: message(kind), cause, help: Some(help), related: None }
}

type CauseAndHelp = (Option<String>, String);

/// Where a person would point. The parser notices a tab only from the value above it.
fn telling_place(kind: &ErrorKind, at: usize, text: &str) -> usize {
    if !is_about_tabs(kind) {
        return at;
    }
    let start = text.get(..at).and_then(|head| head.rfind('\n')).map_or(0, |newline| newline + 1);
    let mut offset = start;
    for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        let tab = line.get(..indentation).and_then(|blank| blank.find('\t'));
        if let Some(tab) = tab.filter(|_| !line.trim().is_empty()) {
            return offset + tab;
        }
        offset += line.len();
    }
    at
}

fn is_about_tabs(kind: &ErrorKind) -> bool {
    use ErrorKind as K;
    matches!(
        kind,
        K::TabNotAllowed
            | K::TabInBlockIndentation
            | K::TabInIndentation
            | K::TabAtBlockScalarStart
            | K::TabInPlainScalar
    )
}

/// A line of the text.
#[derive(Clone, Copy, Default)]
struct Line<'t> {
    start: usize,
    text: &'t str,
}

impl<'t> Line<'t> {
    /// The last line in front of byte `end` that is not blank.
    fn before(text: &'t str, end: usize) -> Self {
        let head = text.get(..end).unwrap_or_default().trim_end();
        let start = head.rfind('\n').map_or(0, |newline| newline + 1);
        Self { start, text: head.get(start..).unwrap_or_default() }
    }

    fn indentation(self) -> &'t str {
        let rest = self.text.trim_start();
        self.text.get(..self.text.len() - rest.len()).unwrap_or_default()
    }

    /// The line without the white space around it.
    fn content(self) -> Span {
        Span::new(self.start + self.indentation().len(), self.start + self.text.trim_end().len())
    }
}

/// The lines around the place where reading stopped.
struct Context<'t> {
    at: usize,
    here: Line<'t>,
    before: Line<'t>,
}

impl<'t> Context<'t> {
    fn new(text: &'t str, at: usize) -> Self {
        let mut at = at;
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let start = text.get(..at).and_then(|head| head.rfind('\n')).map_or(0, |newline| newline + 1);
        let rest = text.get(start..).unwrap_or_default();
        let mut here = Line { start, text: rest.lines().next().unwrap_or_default() };
        // Parsers often stop at the start of the line after the one that is wrong, or at the end of the text.
        if here.text.trim().is_empty() && start > 0 {
            here = Line::before(text, start);
            at = here.start + here.text.len();
        }
        let before = if here.start == 0 { Line::default() } else { Line::before(text, here.start) };
        Self { at, here, before }
    }

    /// From the place to the end of its line, so that an editor has something to underline.
    fn span(&self, kind: &ErrorKind) -> Span {
        let whole = self.here.content();
        let is_one_key = *kind == ErrorKind::MappingValueNotAllowed && self.here.text.matches(": ").count() < 2;
        let at = Span::new(self.at, self.at).start;
        let start = if is_about_tabs(kind) { at } else { at.max(whole.start) };
        if is_one_key || start >= whole.end { whole } else { Span { start, end: whole.end } }
    }

    /// The mistakes that people make, most telling first: the line, what is wrong with it, and what to do.
    fn mistake(&self) -> Option<(Line<'t>, String, String)> {
        let trimmed = self.here.text.trim();
        let found = |cause: &str, help: &str| Some((self.here, cause.to_owned(), help.to_owned()));
        if ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|marker| trimmed.starts_with(marker)) {
            return found(
                "This is a conflict marker of a version control system.",
                "Resolve the conflict, then paste again.",
            );
        }
        let lines = [self.here, self.before];
        if lines.iter().any(|line| line.text.contains("{{") || line.text.contains("{%")) {
            return found(
                "The text is a template that has not been rendered.",
                "Render it first, for example with `helm template`, and paste the result.",
            );
        }
        for line in lines {
            if line.indentation().contains('\t') {
                let cause = "The line is indented with a tab. YAML allows only spaces there.";
                return Some((line, cause.to_owned(), "Replace each tab by two spaces.".to_owned()));
            }
            if let Some(odd) = line.indentation().chars().find(|c| *c != ' ' && *c != '\t') {
                let code = u32::from(odd);
                let cause =
                    format!("The line is indented with an invisible character (U+{code:04X}), not with spaces.");
                return Some((line, cause, "Delete the white space in front of the line and type spaces.".to_owned()));
            }
        }
        if trimmed.starts_with("```") {
            return found("This is a fence of a Markdown code block.", "Delete the lines with ```.");
        }
        if trimmed.contains(['“', '”', '‘', '’']) {
            return found("The line has typographic quotes.", "Use straight quotes, \" or '.");
        }
        for line in lines {
            if let Some(key) = key_without_space(line.text) {
                let cause = format!("`{key}:` has no space after its colon, so it is not read as a key.");
                return Some((line, cause, format!("Write `{key}: ` with a space.")));
            }
        }
        None
    }
}

/// `key` when the line reads `key:value`, except where that is a URL, an image, a time or the like.
fn key_without_space(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("- ").unwrap_or(line);
    let (key, value) = line.split_once(':')?;
    let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphabetic());
    (is_key && value.starts_with(|c: char| c.is_ascii_alphabetic()) && !value.contains(": ")).then_some(key)
}

fn message(kind: &ErrorKind) -> String {
    use ErrorKind as K;
    let text = match kind {
        K::UnclosedQuotedScalar | K::DocumentIndicatorInQuotedScalar => "a quote is opened and never closed",
        K::UnclosedFlowCollection { open: '[' } | K::UnexpectedEofFlowSequence => "a `[` is opened and never closed",
        K::UnclosedFlowCollection { .. } | K::UnexpectedEofFlowMapping | K::UnexpectedEofImplicitFlowMapping => {
            "a `{` is opened and never closed"
        }
        K::MismatchedFlowCollectionEnd { open, close } => {
            return format!("`{open}` is closed by `{close}`");
        }
        K::MisplacedFlowCollectionEnd => "a bracket is closed that was not opened",
        K::ExpectedFlowMappingSeparator => "a `,` or `}` is missing",
        K::ExpectedFlowSequenceSeparator => "a `,` or `]` is missing",
        K::RecursionLimitExceeded => return format!("the text is nested deeper than {MAX_DEPTH} levels"),
        kind if is_about_tabs(kind) => "a tab stands where only spaces may stand",
        K::InvalidIndentation
        | K::InvalidBlockScalarIndent
        | K::InvalidQuotedScalarIndent
        | K::InvalidFlowScalarIndent
        | K::ExpectedBlockMappingKey
        | K::ExpectedBlockSequenceEntry => "the indentation of this line fits nothing above it",
        K::BlockSequenceEntryNotAllowed => "a list entry `- ` is not allowed here",
        K::MappingValueNotAllowed | K::MappingKeyNotAllowed | K::InvalidMappingValueWhitespace => {
            "a `key: value` is not allowed here"
        }
        K::SimpleKeyExpected | K::InvalidSimpleKey => "this line is neither a `key: value` nor a list entry",
        K::UnexpectedCharacter { character } if is_refused(*character) => {
            return format!("the character U+{:04X} is not allowed in YAML", u32::from(*character));
        }
        K::UnexpectedCharacter { character } => return format!("a value cannot start with `{character}`"),
        K::UnknownQuotedScalarEscape => "an unknown `\\` escape stands in a quoted text",
        K::InvalidTrailingSingleQuotedScalar | K::InvalidTrailingDoubleQuotedScalar => {
            "there is text after a closing quote"
        }
        K::UndeclaredTagHandle => "a `!tag` is used that was not declared",
        K::ExpectedDocumentStart | K::InvalidDocumentEnd => "there is text after the end of the document",
        _ => return format!("the text is not valid YAML: {kind}"),
    };
    text.to_owned()
}

fn usual_cause(kind: &ErrorKind) -> Option<CauseAndHelp> {
    use ErrorKind as K;
    let (cause, help) = match kind {
        K::UnclosedQuotedScalar | K::DocumentIndicatorInQuotedScalar => (
            "A quote at the start of a value has no partner.",
            "Close the quote, or put the whole value in the other kind of quotes.",
        ),
        K::UnclosedFlowCollection { .. } | K::UnexpectedEofFlowSequence | K::UnexpectedEofFlowMapping => {
            ("A closing bracket is missing, or the text was cut off while copying.", "Close the bracket.")
        }
        K::ExpectedFlowMappingSeparator | K::ExpectedFlowSequenceSeparator => {
            ("A comma is missing between two entries, or a bracket was not closed.", "Add the comma or the bracket.")
        }
        K::RecursionLimitExceeded => ("No Kubernetes object is nested that deeply.", "Paste the manifest alone."),
        K::MappingValueNotAllowed => (
            "A value that contains `: ` must be quoted; or this line is indented more than the line it belongs to.",
            "Quote the value, or align the line with its neighbours.",
        ),
        K::InvalidIndentation | K::ExpectedBlockMappingKey | K::ExpectedBlockSequenceEntry => (
            "Lines of one list or mapping must start in the same column.",
            "Align this line with the lines that belong to the same list or mapping.",
        ),
        K::SimpleKeyExpected | K::InvalidSimpleKey => (
            "A colon with a space after the key is missing.",
            "Write `key: value`, or indent the line as part of the value above.",
        ),
        K::UnexpectedCharacter { character } if is_refused(*character) => (
            "It cannot be seen; it came along when the text was copied, or the file is damaged.",
            "Delete it and type the line anew.",
        ),
        K::UnexpectedCharacter { .. } | K::UnknownQuotedScalarEscape => {
            ("The character has a meaning of its own in YAML.", "Put the value in single quotes.")
        }
        K::InvalidTrailingSingleQuotedScalar | K::InvalidTrailingDoubleQuotedScalar => {
            ("A quote inside the value ended it too early.", "Use the other kind of quotes around the value.")
        }
        K::ExpectedDocumentStart => {
            ("Two documents follow each other without a `---` line.", "Put `---` between them.")
        }
        _ => return None,
    };
    Some((Some(cause.to_owned()), help.to_owned()))
}
