//! What could not be read, said so that a person can mend it: the place, the likely cause, and the way out.

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

/// The part of an input that is worth reading: without a byte order mark, not beyond the size limit, and nothing at
/// all of a binary file. Gives the byte at which that part starts.
pub(super) fn usable_part(text: &str) -> (usize, &str, Vec<Problem>) {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let whole = text.get(start..).unwrap_or_default();
    if let Some(at) = binary_at(whole) {
        let problem = Problem::unreadable(
            Span::new(start + at, start + at + 1),
            "this is not text",
            Some("The input looks like a binary file, such as an image or an archive."),
            "Paste the manifest itself, as YAML or JSON text.",
        );
        return (start, "", vec![problem]);
    }
    if whole.len() <= MAX_BYTES {
        return (start, whole, Vec::new());
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
    (start, head.get(..cut).unwrap_or_default(), vec![problem])
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
    let at = at.min(text.len());
    let context = Context::new(text, at);
    let message = message(kind);
    let (cause, help) = context.mistake().or_else(|| usual_cause(kind)).unwrap_or((
        None,
        "Compare the indentation of this line with the lines around it, and the quotes and brackets above it.".into(),
    ));
    Problem { kind: ProblemKind::Unreadable, span: context.span(), message, cause, help: Some(help), related: None }
}

type CauseAndHelp = (Option<String>, String);

/// The lines around the place where reading stopped.
struct Context<'t> {
    at: usize,
    line_start: usize,
    line: &'t str,
    before: &'t str,
}

impl<'t> Context<'t> {
    fn new(text: &'t str, at: usize) -> Self {
        let mut at = at;
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let line_of = |at: usize| -> (usize, &'t str) {
            let start = text.get(..at).and_then(|head| head.rfind('\n')).map_or(0, |newline| newline + 1);
            let rest = text.get(start..).unwrap_or_default();
            (start, rest.lines().next().unwrap_or_default())
        };
        let (mut line_start, mut line) = line_of(at);
        // Parsers often stop at the start of the line after the one that is wrong, or at the end of the text.
        if line.trim().is_empty() && line_start > 0 {
            let end = text.get(..line_start).map_or(0, |head| head.trim_end().len());
            (line_start, line) = line_of(end);
            at = end;
        }
        let before = text.get(..line_start.saturating_sub(1)).unwrap_or_default();
        let before = before.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
        Self { at, line_start, line, before }
    }

    /// From the place to the end of its line, so that an editor has something to underline.
    fn span(&self) -> Span {
        let end = self.line_start + self.line.trim_end().len();
        let start = self.at.min(end);
        let start = if start == end { self.line_start + self.indentation().len() } else { start };
        Span::new(start, end)
    }

    fn indentation(&self) -> &'t str {
        let rest = self.line.trim_start();
        self.line.get(..self.line.len() - rest.len()).unwrap_or_default()
    }

    /// The mistakes that people make, most telling first.
    fn mistake(&self) -> Option<CauseAndHelp> {
        let trimmed = self.line.trim();
        let found = |cause: &str, help: &str| Some((Some(cause.to_owned()), help.to_owned()));
        if ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|marker| trimmed.starts_with(marker)) {
            return found(
                "This is a conflict marker of a version control system.",
                "Resolve the conflict, then paste again.",
            );
        }
        if [self.line, self.before].iter().any(|line| line.contains("{{") || line.contains("{%")) {
            return found(
                "The text is a template that has not been rendered.",
                "Render it first, for example with `helm template`, and paste the result.",
            );
        }
        for (line, which) in [(self.line, "This line"), (self.before, "The line before")] {
            let indentation = line.get(..line.len() - line.trim_start().len()).unwrap_or_default();
            if indentation.contains('\t') {
                let cause = format!("{which} is indented with a tab. YAML allows only spaces there.");
                return Some((Some(cause), "Replace each tab by two spaces.".into()));
            }
            if let Some(odd) = indentation.chars().find(|c| *c != ' ' && *c != '\t') {
                let code = u32::from(odd);
                let cause = format!("{which} is indented with an invisible character (U+{code:04X}), not with spaces.");
                return Some((Some(cause), "Delete the white space in front of the line and type spaces.".into()));
            }
        }
        if trimmed.starts_with("```") {
            return found("This is a fence of a Markdown code block.", "Delete the lines with ```.");
        }
        if trimmed.contains(['“', '”', '‘', '’']) {
            return found("The line has typographic quotes.", "Use straight quotes, \" or '.");
        }
        for (line, which) in [(self.line, "this line"), (self.before, "the line before")] {
            if let Some(key) = key_without_space(line) {
                let cause = format!("In {which}, `{key}:` has no space after its colon, so it is not read as a key.");
                return Some((Some(cause), format!("Write `{key}: ` with a space.")));
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
        K::TabNotAllowed
        | K::TabInBlockIndentation
        | K::TabInIndentation
        | K::TabAtBlockScalarStart
        | K::TabInPlainScalar => "a tab stands where only spaces may stand",
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
