//! What goals and questions look at: a text and what is known of it.

use crate::detect::Verdict;
use crate::lesson::Look;
use crate::model::{Container, ContainerField, Dialect, Workload};
use crate::release::Release;
use crate::simulate::{Told, WhatIf};
use crate::source::{Lines, Part, Place, ProblemKind};
use crate::view::Range;
use crate::{Analysis, Options, analyze, finding};
use std::cell::OnceCell;

/// Why a goal does not hold.
#[derive(Clone, Debug)]
pub(in crate::lesson) struct Miss {
    /// A sentence.
    pub(in crate::lesson) why: String,
    /// Where to look.
    pub(in crate::lesson) place: Option<Place>,
}

impl Miss {
    pub(in crate::lesson) fn new(why: impl Into<String>) -> Self {
        Self { why: why.into(), place: None }
    }

    pub(in crate::lesson) fn at(self, place: Place) -> Self {
        Self { place: Some(place), ..self }
    }
}

/// A text and what is known of it.
pub(in crate::lesson) struct Scene<'t> {
    pub(in crate::lesson) analysis: Analysis,
    lines: Lines<'t>,
    /// What happens to each workload, once somebody has asked.
    told: Vec<OnceCell<Option<Told>>>,
}

/// A container of the text.
#[derive(Clone, Copy)]
pub(in crate::lesson) struct Member<'s> {
    pub(in crate::lesson) workload: usize,
    pub(in crate::lesson) index: usize,
    pub(in crate::lesson) pod: &'s Workload,
    pub(in crate::lesson) container: &'s Container,
    pub(in crate::lesson) verdict: &'s Verdict,
}

impl<'s> Member<'s> {
    pub(in crate::lesson) fn name(&self) -> &'s str {
        self.container.display_name()
    }

    /// Where it stands.
    pub(in crate::lesson) fn place(&self) -> Place {
        self.pod.place(self.container.node, Part::Value)
    }

    pub(in crate::lesson) fn miss(&self, why: impl Into<String>) -> Miss {
        Miss::new(why).at(self.place())
    }
}

impl<'t> Scene<'t> {
    pub(in crate::lesson) fn new(text: &'t str, look: &Look) -> Self {
        let options = Options {
            release: Release::parse(&look.release).unwrap_or_default(),
            level: finding::Severity::Advice,
            what_if: WhatIf::parse(&look.what_if),
            ..Options::default()
        };
        let analysis = analyze(text, &options);
        let told = analysis.model.workloads.iter().map(|_| OnceCell::new()).collect();
        Self { analysis, lines: Lines::new(text), told }
    }

    pub(in crate::lesson) fn release(&self) -> Release {
        self.analysis.server.cluster().release
    }

    pub(super) fn range(&self, place: Place) -> (Range, u32) {
        let span = self.analysis.source.span(place);
        let range = Range { from: self.lines.utf16(span.start), to: self.lines.utf16(span.end) };
        (range, self.lines.position(span.start).line)
    }

    /// Why the text cannot be read to its end, if it cannot.
    pub(super) fn unreadable(&self) -> Option<Miss> {
        let mut problems = self.analysis.problems().filter(|(_, _, problem)| problem.kind == ProblemKind::Unreadable);
        let (_, span, problem) = problems.next()?;
        let line = self.lines.position(span.start).line;
        Some(Miss::new(format!("The text cannot be read from line {line} on: {}.", problem.message)))
    }

    /// All containers of the text.
    pub(in crate::lesson) fn members(&self) -> impl Iterator<Item = Member<'_>> {
        self.analysis.model.workloads.iter().zip(&self.analysis.verdicts).enumerate().flat_map(
            |(workload, (pod, verdicts))| {
                pod.pod.containers.iter().zip(verdicts).enumerate().map(move |(index, (container, verdict))| Member {
                    workload,
                    index,
                    pod,
                    container,
                    verdict,
                })
            },
        )
    }

    /// The container of a name.
    pub(in crate::lesson) fn find(&self, name: &str) -> Result<Member<'_>, Miss> {
        self.members().find(|member| member.name() == name).ok_or_else(|| self.missing(name))
    }

    fn missing(&self, name: &str) -> Miss {
        let names: Vec<String> = self.members().take(8).map(|member| format!("`{}`", member.name())).collect();
        Miss::new(match names.is_empty() {
            true => format!("There is no container `{name}`, and no other one either."),
            false => format!("There is no container `{name}`; there is {}.", names.join(", ")),
        })
    }

    /// Two containers of one Pod.
    pub(in crate::lesson) fn pair(&self, one: &str, other: &str) -> Result<(Member<'_>, Member<'_>), Miss> {
        let (first, second) = (self.find(one)?, self.find(other)?);
        let ones = self.members().filter(|member| member.name() == one);
        let found = ones.into_iter().find_map(|one| {
            self.members().find(|own| own.name() == other && own.workload == one.workload).map(|other| (one, other))
        });
        found.ok_or_else(|| {
            let (one_pod, other_pod) = (first.pod.title(), second.pod.title());
            second.miss(format!("`{one}` is in {one_pod} and `{other}` in {other_pod}: they are not in one Pod."))
        })
    }

    /// The Pod that a lesson is about: the first one.
    pub(in crate::lesson) fn pod(&self) -> Result<(usize, &Workload), Miss> {
        let workloads = || self.analysis.model.workloads.iter().enumerate();
        let pod =
            workloads().find(|(_, workload)| workload.dialect == Dialect::Kubernetes).or_else(|| workloads().next());
        pod.ok_or_else(|| Miss::new("There is no Pod in the text."))
    }

    /// The containers of a workload that are part of its template: all but those added for debugging.
    pub(in crate::lesson) fn members_of(&self, workload: usize) -> impl Iterator<Item = Member<'_>> {
        self.members().filter(move |member| {
            member.workload == workload && member.container.field != ContainerField::EphemeralContainers
        })
    }

    /// What happens to a workload as it is written.
    pub(in crate::lesson) fn told(&self, workload: usize) -> Result<&Told, Miss> {
        let cell = self.told.get(workload);
        let told = cell.and_then(|cell| cell.get_or_init(|| self.analysis.told_written(workload)).as_ref());
        told.ok_or_else(|| Miss::new("It cannot be run: it is no Pod of Kubernetes, or has no regular container."))
    }

    /// What happens to a container: all of it, and its number there.
    pub(in crate::lesson) fn told_of(&self, member: Member<'_>) -> Result<(&Told, usize), Miss> {
        let told = self.told(member.workload)?;
        let number = told.setup.of.iter().position(|own| *own == member.index);
        let number =
            number.ok_or_else(|| member.miss(format!("`{}` is not part of the Pod's template.", member.name())))?;
        Ok((told, number))
    }
}

/// `a`, `a and b`, `a, b and c`, each as code.
pub(in crate::lesson) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.as_slice() {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
