//! What the page shows of one workload: an answer that is small enough to send from the engine's worker to the page at
//! every keystroke. All positions are UTF-16 offsets into the whole text, as browsers and editors count.

use crate::catalogue;
use crate::category::Category;
use crate::detect::around::{Around, around};
use crate::detect::injection::injected;
use crate::detect::{Confidence, Ignored, Role, Verdict};
use crate::finding::{Finding, Severity};
use crate::form::{Form, Written};
use crate::kubectl::{self, Command};
use crate::model::{Container, Workload};
use crate::release::Release;
use crate::simulate::WhatIf;
use crate::source::{Part, Place, Places, ProblemKind, Span};
use crate::{Analysis, Options};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

mod api;
mod caption;
mod change;
mod listed;
mod pictures;
mod run;

pub use api::{ApiLevel, ApiMessage, ApiView};
pub use caption::Badge;
pub use change::Change;
pub(crate) use change::split;
pub(crate) use listed::Listed;
pub use listed::Progress;
pub use pictures::diagrams;
pub(crate) use pictures::sketch;
pub use run::{Bands, RunView, clock};

/// What the page wants to see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Index of the workload to show.
    pub workload: usize,
    /// Id of the kind of picture.
    pub kind: String,
    /// How pictures are wanted.
    pub writing: Writing,
    /// Evidence to leave out: name of the container, and the reason.
    pub ignored: Vec<(String, String)>,
    /// The release of Kubernetes: `1.29`; the newest one when it is not known.
    pub k8s: String,
    /// What is supposed to happen, see [`WhatIf::parse`].
    pub what_if: String,
    /// Findings below this level are left out.
    pub level: Severity,
    /// How many findings are listed, all when nothing is said: those of a large text are too many to send at each keystroke.
    pub most: Option<usize>,
    /// The part of the text that is in sight: its findings are told even when there are more than can be listed.
    pub sight: Range,
}

/// How a picture is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Writing {
    /// As SVG.
    #[default]
    Picture,
    /// As a nested list.
    Outline,
    /// As Mermaid text.
    Mermaid,
}

/// A range of the text, in UTF-16 units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// First unit.
    pub from: u32,
    /// Unit after the last one.
    pub to: u32,
}

impl Range {
    /// Whether a caret stands in the range.
    #[must_use]
    pub fn holds(self, at: u32) -> bool {
        (self.from..=self.to).contains(&at)
    }
}

/// The answer to a [`Request`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// What could not be read.
    pub problems: Vec<ProblemView>,
    /// Kind and name of all workloads of the text, to choose from.
    pub workloads: Rc<Vec<String>>,
    /// Objects that hold no container: kind and name.
    pub others: Vec<String>,
    /// Index of the workload that the rest is about.
    pub shown: Option<usize>,
    /// Whether the document of that workload could be read only in part, or the whole text not at all.
    pub is_broken: bool,
    /// Which form the workload is written in.
    pub written: Option<Written>,
    /// Its containers, in the order of the manifest.
    pub containers: Vec<ContainerView>,
    /// Helpers that will be added to it, which the manifest does not show.
    pub added: Vec<AddedView>,
    /// Other objects of the text that have to do with it.
    pub around: Vec<AroundView>,
    /// What is wrong, in the whole text: as much of it as the request wants to list.
    pub findings: Vec<FindingView>,
    /// What is wrong in the part that is in sight and is not listed.
    pub in_sight: Vec<FindingView>,
    /// How many findings there are of each level, the mildest first, whatever is shown.
    pub counts: [usize; 3],
    /// How many findings the manifest itself hides.
    pub hidden: usize,
    /// The rewrites that there are for it.
    pub offers: Vec<Change>,
    /// What someone types next for it.
    pub commands: Vec<Command>,
    /// Whether this is all that the first part of the engine can say.
    pub is_partial: bool,
    /// Whether the text has something unusual in it, so that the first part of the engine says nothing else of it.
    pub is_beyond: bool,
    /// How far the engine is, when more is to come.
    pub progress: Option<Progress>,
    /// What the API server does with it.
    pub api: Option<ApiView>,
    /// The pictures; two for a pair.
    pub pictures: Vec<PictureView>,
}

/// A place that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemView {
    /// Whether text was lost, not only doubted.
    pub is_unreadable: bool,
    /// Where.
    pub range: Range,
    /// Line from 1.
    pub line: u32,
    /// Character in the line, from 1.
    pub column: u32,
    /// The line itself, shortened.
    pub excerpt: String,
    /// What is wrong.
    pub message: String,
    /// The likely cause.
    pub cause: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

/// A container and why it is what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerView {
    /// Its name.
    pub name: String,
    /// The list that holds it.
    pub field: String,
    /// Its image.
    pub image: String,
    /// Its role.
    pub role: Role,
    /// What it is for, when it is a sidecar.
    pub category: Option<Category>,
    /// How sure that is.
    pub confidence: Confidence,
    /// Where it stands.
    pub range: Range,
    /// The known helper that it is: id in the catalogue, name, and what it does, which the first part does not know.
    pub known: Option<(String, String, String)>,
    /// Why.
    pub reasons: Vec<ReasonView>,
}

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonView {
    /// The reason.
    pub text: String,
    /// Above zero: for a helper; below: for an app.
    pub points: i16,
    /// Whether it can be left out: the syntax of Kubernetes cannot.
    pub can_be_ignored: bool,
    /// Whether it was left out.
    pub is_ignored: bool,
    /// Where it stands.
    pub range: Option<Range>,
}

/// A helper that will be added to a Pod when it is created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedView {
    /// Name of the container.
    pub name: String,
    /// Id in the catalogue.
    pub helper: String,
    /// What it is for.
    pub category: Category,
    /// What adds it, and why: `Istio, because of label sidecar.istio.io/inject`.
    pub by: String,
    /// When it is a native sidecar.
    pub native: String,
}

/// Another object that has to do with a workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AroundView {
    /// Kind and name.
    pub title: String,
    /// How, as the end of a sentence.
    pub how: String,
    /// Where it stands.
    pub range: Range,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingView {
    /// Id of the rule.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// Where.
    pub range: Range,
    /// Line from 1.
    pub line: u32,
    /// Character in the line, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// What it rests on.
    pub related: Vec<RelatedView>,
    /// What the change does that mends it, when there is one.
    pub fix: Option<String>,
}

/// A place that a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedView {
    /// What stands there.
    pub text: String,
    /// Where.
    pub range: Range,
    /// Line from 1.
    pub line: u32,
}

/// A picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureView {
    /// Its form; none when there is only one.
    pub form: Option<Form>,
    /// Whether it shows the manifest as it is written.
    pub is_written: bool,
    /// In one or two sentences.
    pub summary: String,
    /// SVG or Mermaid text.
    pub content: String,
    /// The nested list, when it was asked for.
    pub outline: Option<OutlineView>,
    /// Where the parts that can be chosen stand.
    pub targets: Vec<TargetView>,
    /// What is drawn, when it has a time axis.
    pub run: Option<RunView>,
}

/// A part of a picture that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetView {
    /// The document, as in the attributes of the SVG.
    pub document: u32,
    /// The node, as in the attributes of the SVG.
    pub node: u32,
    /// Where it stands.
    pub range: Range,
    /// What there is to say about it, a line each: its name first.
    pub about: Vec<String>,
}

/// A line of a nested list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutlineView {
    /// The line.
    pub text: String,
    /// Where what it is about stands.
    pub range: Option<Range>,
    /// The lines below it.
    pub children: Vec<Self>,
}

impl Request {
    /// What a page asks that has not been told what to ask.
    #[must_use]
    pub fn of_newcomer() -> Self {
        Self { kind: "topology".to_owned(), ..Self::default() }
    }

    /// What the engine is asked.
    #[must_use]
    pub fn options(&self) -> Options {
        let ignored = self.ignored.iter();
        let ignored = ignored.map(|(container, text)| Ignored { container: container.clone(), text: text.clone() });
        Options {
            ignored: ignored.collect(),
            release: Release::parse(&self.k8s).unwrap_or_default(),
            what_if: WhatIf::parse(&self.what_if),
            level: self.level,
            ..Options::default()
        }
    }
}

/// What the page is told of an analysis. `IS_WHOLE` decides when the program is built, so that the smaller one does not
/// contain what it does not use.
pub(crate) struct Viewer<'a, const IS_WHOLE: bool> {
    /// What is known, but for the findings.
    pub(crate) analysis: &'a Analysis,
    /// The findings of rules that weigh workloads against each other.
    pub(crate) between: &'a [Finding],
    pub(crate) places: &'a Places<'a>,
    pub(crate) listed: Listed<'a>,
    /// The contents of the pictures, when they are drawn already.
    pub(crate) drawn: &'a [String],
}

impl<const IS_WHOLE: bool> Viewer<'_, IS_WHOLE> {
    pub(crate) fn view(&self, request: &Request) -> View {
        let workloads = &self.analysis.model.workloads;
        let shown = request.workload.min(workloads.len().saturating_sub(1));
        let workload = workloads.get(shown);
        let verdicts = self.analysis.verdicts.get(shown).map_or(&[][..], Vec::as_slice);
        let is_broken = match workload {
            Some(workload) => self.is_broken(workload),
            None => self.analysis.source.is_broken(),
        };
        View {
            problems: self.problems(),
            workloads: self.listed.workloads.clone(),
            others: self.others(),
            shown: workload.map(|_| shown),
            is_broken,
            written: workload.map(|_| Written::of(verdicts)),
            containers: workload.map(|workload| self.containers(workload, verdicts)).unwrap_or_default(),
            added: workload.map(|workload| self.added(workload)).unwrap_or_default(),
            around: workload.map(|workload| self.around(workload)).unwrap_or_default(),
            findings: self.findings(&self.listed.findings),
            in_sight: self.findings(&self.listed.in_sight),
            counts: self.listed.counts,
            hidden: self.listed.hidden,
            offers: match IS_WHOLE {
                true => workload.map(|_| change::offers(self.analysis, self.between, shown)).unwrap_or_default(),
                false => Vec::new(),
            },
            commands: workload.map(|workload| self.commands(workload)).unwrap_or_default(),
            api: match IS_WHOLE {
                true => workload.and_then(|workload| api::api(self.analysis, workload, |place| self.place(place))),
                false => None,
            },
            is_partial: !IS_WHOLE,
            is_beyond: false,
            progress: self.listed.progress,
            pictures: self.pictures(request, shown, verdicts),
        }
    }

    fn range(&self, span: Span) -> Range {
        Range { from: self.places.utf16(span.start), to: self.places.utf16(span.end) }
    }

    fn place(&self, place: Place) -> Range {
        self.range(self.analysis.source.span(place))
    }

    fn is_broken(&self, workload: &Workload) -> bool {
        let documents = &self.analysis.source.documents;
        documents.get(workload.document as usize).is_some_and(crate::source::Document::is_broken)
    }

    fn problems(&self) -> Vec<ProblemView> {
        let problem = |(_, span, problem): (_, Span, &crate::source::Problem)| {
            let position = self.places.position(span.start);
            ProblemView {
                is_unreadable: problem.kind == ProblemKind::Unreadable,
                range: self.range(span),
                line: position.line,
                column: position.column,
                excerpt: self.places.line(span.start).trim().chars().take(120).collect(),
                message: problem.message.clone(),
                cause: problem.cause.clone(),
                help: problem.help.clone(),
            }
        };
        self.analysis.problems().map(problem).collect()
    }

    fn others(&self) -> Vec<String> {
        // Workloads stand in the order of their objects.
        let mut workloads = self.analysis.model.workloads.iter().map(|workload| workload.object).peekable();
        let objects = self.analysis.model.objects.iter().enumerate();
        let without = objects.filter(|(index, _)| {
            while workloads.next_if(|object| object < index).is_some() {}
            workloads.peek() != Some(index)
        });
        without.map(|(_, object)| object.title()).take(50).collect()
    }

    fn containers(&self, workload: &Workload, verdicts: &[Verdict]) -> Vec<ContainerView> {
        let pairs = workload.pod.containers.iter().zip(verdicts);
        pairs.map(|(container, verdict)| self.container(workload, container, verdict)).collect()
    }

    fn container(&self, workload: &Workload, container: &Container, verdict: &Verdict) -> ContainerView {
        let known = verdict.known_as.and_then(catalogue::entry);
        ContainerView {
            name: container.display_name().to_owned(),
            field: container.field.key().to_owned(),
            image: container.image.as_ref().map(|image| image.value.text.clone()).unwrap_or_default(),
            role: verdict.role,
            category: verdict.category,
            confidence: verdict.confidence,
            range: self.place(workload.place(container.node, Part::Value)),
            known: known.map(|entry| {
                let summary = if IS_WHOLE { catalogue::summary(entry.id) } else { "" };
                (entry.id.to_owned(), entry.name.to_owned(), summary.to_owned())
            }),
            reasons: verdict
                .evidence
                .iter()
                .map(|evidence| ReasonView {
                    text: evidence.text.clone(),
                    points: evidence.points,
                    can_be_ignored: evidence.points != 0 || evidence.category.is_some(),
                    is_ignored: evidence.is_ignored,
                    range: evidence.place.map(|place| self.place(place)),
                })
                .collect(),
        }
    }

    fn added(&self, workload: &Workload) -> Vec<AddedView> {
        let added = injected(workload, &self.analysis.model).into_iter();
        added
            .map(|injected| AddedView {
                name: injected.injector.container.to_owned(),
                helper: injected.injector.helper.to_owned(),
                category: injected.category,
                by: format!("{}, because of {}", injected.injector.name, injected.reason),
                native: match (injected.is_native, injected.injector.native) {
                    (true, _) => "as a native sidecar".to_owned(),
                    (false, Some(native)) => native.to_owned(),
                    (false, None) => "as a traditional sidecar".to_owned(),
                },
            })
            .collect()
    }

    fn around(&self, workload: &Workload) -> Vec<AroundView> {
        let found = around(workload, &self.analysis.model).into_iter();
        let view = |around: Around| {
            let object = self.analysis.model.objects.get(around.object)?;
            let place = Place { document: object.document, node: object.node, part: Part::Value };
            Some(AroundView { title: object.title(), how: around.how, range: self.place(place) })
        };
        found.filter_map(view).collect()
    }

    fn commands(&self, workload: &Workload) -> Vec<Command> {
        let object = self.analysis.model.objects.get(workload.object);
        kubectl::commands(workload, object.and_then(|object| object.api_version.as_deref()))
    }

    fn findings(&self, findings: &[&Finding]) -> Vec<FindingView> {
        let findings = findings.iter().map(|finding| {
            let span = self.analysis.source.span(finding.place);
            let position = self.places.position(span.start);
            FindingView {
                rule: finding.rule.to_owned(),
                severity: finding.severity,
                confidence: finding.confidence,
                range: self.range(span),
                line: position.line,
                column: position.column,
                message: finding.message.clone(),
                help: finding.help.clone(),
                fix: finding.fix.as_ref().map(|fix| fix.title.clone()),
                related: finding
                    .evidence
                    .iter()
                    .map(|related| {
                        let span = self.analysis.source.span(related.place);
                        let line = self.places.position(span.start).line;
                        RelatedView { text: related.text.clone(), range: self.range(span), line }
                    })
                    .collect(),
            }
        });
        findings.collect()
    }
}
