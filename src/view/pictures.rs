//! The pictures of an answer, and what their parts stand for.

use super::{OutlineView, PictureView, Request, RunView, TargetView, Viewer, Writing};
use crate::Analysis;
use crate::detect::Verdict;
use crate::detect::injection::injected;
use crate::diagram::kinds::{Kind, Scope, kind};
use crate::diagram::{Diagram, Outline, SvgOptions, Target};
use crate::form::{Form, Written};
use crate::model::Workload;
use std::collections::HashMap;

/// Most lines that are said about what a part has to do with others.
const MOST_LINES: usize = 8;

/// The pictures of a kind that the page shows of a workload: two for a pair.
#[must_use]
pub fn diagrams(analysis: &Analysis, kind_id: &str, shown: usize) -> Vec<(Form, Diagram)> {
    diagrams_with(analysis, kind_id, shown, Kind::build)
}

type Build = fn(&Kind, &Analysis, usize, Form) -> Option<Diagram>;

fn diagrams_with(analysis: &Analysis, kind_id: &str, shown: usize, build: Build) -> Vec<(Form, Diagram)> {
    let Some(kind) = kind(kind_id) else { return Vec::new() };
    let written = Written::of(analysis.verdicts.get(shown).map_or(&[][..], Vec::as_slice));
    let workload = analysis.model.workloads.get(shown);
    let is_injected = workload.is_some_and(|workload| !injected(workload, &analysis.model).is_empty());
    let is_one = (written == Written::Neither && !is_injected) || kind.scope != Scope::Form;
    let forms: &[Form] = if is_one { &Form::BOTH[..1] } else { &Form::BOTH };
    forms.iter().filter_map(|form| Some((*form, build(kind, analysis, shown, *form)?))).collect()
}

/// The contents of the pictures that need nothing but what was read and detected.
pub(crate) fn sketch(analysis: &Analysis, request: &Request, shown: usize) -> Vec<String> {
    let diagrams = diagrams_with(analysis, &request.kind, shown, Kind::build_first);
    diagrams.iter().map(|(form, diagram)| diagram.svg(&svg_options(request, *form))).collect()
}

fn svg_options(request: &Request, form: Form) -> SvgOptions {
    SvgOptions { id: format!("{}-{}", request.kind, form.id()), theme: None, is_interactive: true }
}

/// A line of an outline and those below it, the commas of the first one as breaks.
fn about(outline: &Outline) -> Vec<String> {
    let own = outline.text.split(", ").map(str::to_owned);
    own.chain(outline.children.iter().take(MOST_LINES).map(|child| child.text.clone())).collect()
}

/// A name as the controller of a workload gives it to a Pod.
fn pod_name(workload: &Workload) -> String {
    let name = workload.name.as_deref().unwrap_or("pod");
    match workload.kind.as_deref() {
        Some("Pod") => name.to_owned(),
        Some("StatefulSet") => format!("{name}-0"),
        Some("Deployment") => format!("{name}-7d9c6b5f4d-x2k8p"),
        _ => format!("{name}-x2k8p"),
    }
}

impl<const IS_WHOLE: bool> Viewer<'_, IS_WHOLE> {
    pub(super) fn pictures(&self, request: &Request, shown: usize, verdicts: &[Verdict]) -> Vec<PictureView> {
        let written = Written::of(verdicts);
        let build: Build = if IS_WHOLE { Kind::build } else { Kind::build_first };
        let diagrams = diagrams_with(self.analysis, &request.kind, shown, build);
        let is_pair = diagrams.len() > 1;
        if !IS_WHOLE && request.writing == Writing::Mermaid {
            return Vec::new();
        }
        let has_axis = IS_WHOLE && diagrams.iter().any(|(_, diagram)| diagram.axis().is_some());
        let told = if has_axis { self.analysis.told(shown) } else { Vec::new() };
        let workload = self.analysis.model.workloads.get(shown);
        let run = |form: Form, diagram: &Diagram| {
            let told = told.iter().find(|told| IS_WHOLE && told.form == form)?;
            let Diagram::Timeline(timeline) = diagram else { return None };
            let pod = workload.map(pod_name).unwrap_or_default();
            Some(RunView::new(told, &diagram.axis()?, pod, timeline.assumptions.clone()))
        };
        diagrams
            .iter()
            .enumerate()
            .map(|(index, (form, diagram))| PictureView {
                form: is_pair.then_some(*form),
                is_written: !is_pair || (written != Written::Neither && written.is(*form)),
                summary: diagram.summary().to_owned(),
                content: match request.writing {
                    Writing::Picture => match self.drawn.get(index) {
                        Some(drawn) => drawn.clone(),
                        None => Self::svg(diagram, &svg_options(request, *form)),
                    },
                    Writing::Mermaid if IS_WHOLE => diagram.mermaid(),
                    Writing::Mermaid | Writing::Outline => String::new(),
                },
                outline: (request.writing == Writing::Outline).then(|| self.outline(&Self::outline_of(diagram))),
                targets: match request.writing {
                    Writing::Picture => self.targets(diagram),
                    Writing::Outline | Writing::Mermaid => Vec::new(),
                },
                run: run(*form, diagram),
            })
            .collect()
    }

    /// The first part only has graphs.
    fn svg(diagram: &Diagram, options: &SvgOptions) -> String {
        match diagram {
            _ if IS_WHOLE => diagram.svg(options),
            Diagram::Graph(graph) => graph.svg(options),
            _ => String::new(),
        }
    }

    fn outline_of(diagram: &Diagram) -> Outline {
        match diagram {
            _ if IS_WHOLE => diagram.outline(),
            Diagram::Graph(graph) => graph.outline(),
            _ => Outline::default(),
        }
    }

    /// The parts of a picture, each with its lines of the outline.
    fn targets(&self, diagram: &Diagram) -> Vec<TargetView> {
        let outline = Self::outline_of(diagram);
        let mut abouts: HashMap<Target, &Outline> = HashMap::new();
        let mut todo = vec![&outline];
        while let Some(line) = todo.pop() {
            if let Some(target) = line.target {
                abouts.entry(target).or_insert(line);
            }
            todo.extend(line.children.iter().rev());
        }
        let target = |target: Target| TargetView {
            document: target.place.document,
            node: target.place.node.index(),
            range: self.place(target.place),
            about: abouts.get(&target).map(|line| about(line)).unwrap_or_default(),
        };
        diagram.targets().into_iter().map(target).collect()
    }

    fn outline(&self, outline: &Outline) -> OutlineView {
        OutlineView {
            text: outline.text.clone(),
            range: outline.target.map(|target| self.place(target.place)),
            // Outlines are a few levels deep by construction.
            children: outline.children.iter().map(|child| self.outline(child)).collect(),
        }
    }
}
