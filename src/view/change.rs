//! The changes that are offered for what is shown. What they do is a task of its own.

use crate::Analysis;
use crate::detect::Role;
use crate::finding::Finding;
use crate::form::{Form, Written};
use crate::model::Dialect;
use serde::{Deserialize, Serialize};

/// A change that can be proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// Mend a finding, given by its rule, message and line.
    Fix(String, String, u32),
    /// Write the sidecars of the shown workload in a form.
    Form(Form),
    /// Move a helper that has a Pod of its own into the Pod of its app.
    Merge,
    /// Make Pods of the services of a Compose project, with helpers in a form.
    Pod(Form),
}

/// The rewrites that there are for a workload; `findings` are at least those of split sidecars.
pub(super) fn offers(analysis: &Analysis, findings: &[Finding], shown: usize) -> Vec<Change> {
    let Some(workload) = analysis.model.workloads.get(shown) else { return Vec::new() };
    if workload.dialect == Dialect::Compose {
        return Form::BOTH.into_iter().rev().map(Change::Pod).collect();
    }
    let verdicts = analysis.verdicts.get(shown).map_or(&[][..], Vec::as_slice);
    let written = Written::of(verdicts);
    let mut offers = Vec::new();
    let has_traditional = verdicts.iter().any(|verdict| verdict.role == Role::Sidecar);
    if has_traditional {
        offers.push(Change::Form(Form::Native));
    }
    if matches!(written, Written::Native | Written::Mixed) {
        offers.push(Change::Form(Form::Traditional));
    }
    if split(findings, shown).is_some() {
        offers.push(Change::Merge);
    }
    offers
}

/// The helper and the app of a split sidecar that a workload has a part in.
pub(crate) fn split(findings: &[Finding], shown: usize) -> Option<(usize, usize)> {
    let mut findings = findings.iter().filter(|finding| finding.rule == "split-sidecar");
    findings.find_map(|finding| match finding.workloads.as_slice() {
        [helper, app] if [helper, app].contains(&&shown) => Some((*helper, *app)),
        _ => None,
    })
}
