//! All pictures of a text as Mermaid, in a Markdown document.

use super::plain::markdown;
use crate::Analysis;
use crate::diagram::kinds::KINDS;
use crate::form::{Form, Written};
use std::fmt::Write as _;

/// Writes each kind of picture of each workload, in both forms where they differ.
#[must_use]
pub fn write(analysis: &Analysis) -> String {
    let mut out = String::new();
    for (index, verdicts) in analysis.verdicts.iter().enumerate() {
        let forms = if Written::of(verdicts) == Written::Neither { &Form::BOTH[..1] } else { &Form::BOTH[..] };
        for kind in KINDS {
            for diagram in forms.iter().filter_map(|form| kind.build(analysis, index, *form)) {
                let _ = writeln!(out, "## {}\n\n```mermaid\n{}```\n", markdown(diagram.title()), diagram.mermaid());
            }
        }
    }
    out
}
