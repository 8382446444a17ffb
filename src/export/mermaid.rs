//! All pictures of a text as Mermaid, in a Markdown document.

use super::plain::markdown;
use crate::Analysis;
use crate::diagram::kinds::{KINDS, Scope};
use crate::form::{Form, Written};
use std::fmt::Write as _;

/// Writes each kind of picture of each workload, in both forms where they differ.
#[must_use]
pub fn write(analysis: &Analysis) -> String {
    let mut out = String::new();
    for (index, verdicts) in analysis.verdicts.iter().enumerate() {
        let forms = if Written::of(verdicts) == Written::Neither { &Form::BOTH[..1] } else { &Form::BOTH[..] };
        for kind in KINDS {
            let forms = match kind.scope {
                Scope::Form => forms,
                // One of the forms is the same, unless it mixes both.
                Scope::Workload if Written::of(verdicts) != Written::Mixed => &[],
                Scope::Text if index > 0 => &[],
                Scope::Workload | Scope::Text => &Form::BOTH[..1],
            };
            for diagram in forms.iter().filter_map(|form| kind.build(analysis, index, *form)) {
                let _ = writeln!(out, "## {}\n\n```mermaid\n{}```\n", markdown(diagram.title()), diagram.mermaid());
            }
        }
    }
    out
}
