//! Everything the page knows, and the only way to change it.

use super::engine::{Question, Reply};
use super::failure::Failure;
use super::start::Taken;
use super::words::{self, Word, w};
use js_sys::JsString;
use sidecar_playground::diagram::kinds::KINDS;
use sidecar_playground::finding::Severity;
use sidecar_playground::link::Settings;
use sidecar_playground::release::Release;
use sidecar_playground::simulate::WhatIf;
use sidecar_playground::view::{ContainerView, PictureView, Range, Request, View, Writing};
use std::rc::Rc;
use yew::prelude::*;

/// The part of the page that a narrow screen shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Pane {
    Edit,
    #[default]
    Picture,
    Details,
}

impl Pane {
    pub(crate) const ALL: [Self; 3] = [Self::Edit, Self::Picture, Self::Details];

    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Edit => "page--edit",
            Self::Picture => "page--picture",
            Self::Details => "page--details",
        }
    }

    pub(crate) fn label(self) -> Word {
        match self {
            Self::Edit => w::PANE_EDIT,
            Self::Picture => w::PANE_PICTURE,
            Self::Details => w::PANE_DETAILS,
        }
    }
}

/// The last picture that could be drawn, with what belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Good {
    pub(crate) title: String,
    pub(crate) containers: Vec<ContainerView>,
    pub(crate) pictures: Vec<PictureView>,
    pub(crate) contents: Vec<JsString>,
    /// What they answer.
    pub(crate) question: Option<Rc<Question>>,
}

/// The state of the page.
#[derive(Clone, PartialEq)]
pub(crate) struct State {
    /// The newest answer.
    pub(crate) view: Rc<View>,
    /// What to draw: the newest answer, or an older one while the text is broken.
    pub(crate) good: Option<Rc<Good>>,
    /// The line from which on the text is broken, while an older picture is kept.
    pub(crate) broken_from: Option<u32>,
    /// Whether the engine has answered at all.
    pub(crate) has_answer: bool,
    /// Why the engine does not work, when it does not.
    pub(crate) failure: Option<Failure>,
    /// What the user wants to see.
    pub(crate) kind: &'static str,
    pub(crate) writing: Writing,
    pub(crate) workload: usize,
    pub(crate) pane: Pane,
    /// Evidence that is left out: name of the container, and the reason.
    pub(crate) ignored: Vec<(String, String)>,
    /// The container that the caret is in, or that was chosen.
    pub(crate) chosen: Option<usize>,
    /// The release of Kubernetes.
    pub(crate) release: Release,
    /// What is supposed to happen.
    pub(crate) what_if: Vec<WhatIf>,
    /// The mildest level of findings that is shown.
    pub(crate) level: Severity,
    /// How many findings are listed.
    pub(crate) most: usize,
    /// The part of the text that is in sight in the editor.
    pub(crate) sight: Range,
    /// The language of the page. Whatever says words is drawn again when it changes.
    pub(crate) language: &'static str,
}

/// As many findings are listed at first, and as many more each time.
pub(crate) const LISTED: usize = 100;

impl Default for State {
    fn default() -> Self {
        Self {
            view: Rc::default(),
            good: None,
            broken_from: None,
            has_answer: false,
            failure: None,
            kind: "topology",
            writing: Writing::Picture,
            workload: 0,
            pane: Pane::default(),
            ignored: Vec::new(),
            chosen: None,
            release: Release::NEWEST,
            what_if: Vec::new(),
            level: Severity::default(),
            most: LISTED,
            sight: Range::default(),
            language: words::language(),
        }
    }
}

/// What can happen.
#[derive(Clone)]
pub(crate) enum Action {
    Answer(Box<View>, Vec<JsString>, Option<Rc<Question>>),
    /// Other pictures of the text that was good last.
    Kept(Vec<PictureView>, Rc<Question>),
    EngineFailed(Failure),
    Kind(&'static str),
    Writing(Writing),
    Workload(usize),
    Pane(Pane),
    /// List more findings.
    More,
    /// Another part of the text is in sight.
    Sight(Range),
    /// The caret moved to this UTF-16 offset.
    Caret(u32),
    /// Leave a reason for a container out, or count it again.
    Ignore(String, String),
    /// Count everything again.
    CountAll,
    /// Look at what another release of Kubernetes does.
    Release(Release),
    /// Suppose these things, and no others.
    WhatIf(Vec<WhatIf>),
    /// Show findings from this level on.
    Level(Severity),
    /// Look at what a link says.
    Apply(Settings),
    /// The words are those of another language now.
    Spoken,
}

/// Puts what the engine says into a state.
pub(crate) fn reply_into(dispatcher: UseReducerDispatcher<State>) -> Callback<Reply> {
    Callback::from(move |reply| match reply {
        Reply::View(view, contents, asked) => dispatcher.dispatch(Action::Answer(view, contents, asked)),
        Reply::Failed(reason) => dispatcher.dispatch(Action::EngineFailed(reason)),
    })
}

/// The ways in which pictures are written down, and what links call them. The first is the default.
const WRITINGS: [(Writing, &str); 3] =
    [(Writing::Picture, ""), (Writing::Outline, "outline"), (Writing::Mermaid, "mermaid")];

impl State {
    /// The state of a page that is to look at this.
    pub(crate) fn looking_at(settings: Settings) -> Self {
        let mut state = Self::default();
        state.apply(settings);
        state
    }

    /// Keeps what is drawn until the first answer comes.
    pub(crate) fn with_pictures(taken: &Taken) -> Self {
        let Taken { pictures, contents, .. } = taken.clone();
        let good = Good { title: String::new(), containers: Vec::new(), pictures, contents, question: None };
        Self { good: Some(Rc::new(good)), ..Self::default() }
    }

    /// What a link has to say, so that its reader sees the same.
    pub(crate) fn settings(&self) -> Settings {
        let kind = if self.kind == Self::default().kind { "" } else { self.kind };
        let writing = WRITINGS.iter().find(|(writing, _)| *writing == self.writing).map_or("", |(_, id)| id);
        Settings {
            workload: self.workload,
            kind: kind.to_owned(),
            writing: writing.to_owned(),
            ignored: self.ignored.clone(),
            k8s: self.k8s(),
            scenario: WhatIf::write(&self.what_if),
            level: if self.level == Severity::default() { String::new() } else { self.level.id().to_owned() },
        }
    }

    fn apply(&mut self, settings: Settings) {
        self.workload = settings.workload;
        // The first links called it by what it showed then.
        let wanted = if settings.kind == "start-order" { "sequence" } else { &settings.kind };
        let kind = KINDS.iter().find(|kind| kind.id == wanted);
        self.kind = kind.map_or(Self::default().kind, |kind| kind.id);
        let writing = WRITINGS.iter().find(|(_, id)| *id == settings.writing);
        self.writing = writing.map_or(Writing::Picture, |(writing, _)| *writing);
        self.ignored = settings.ignored;
        self.release = Release::parse(&settings.k8s).unwrap_or_default();
        self.what_if = WhatIf::parse(&settings.scenario);
        self.level = Severity::from_id(&settings.level).unwrap_or_default();
        self.chosen = None;
    }

    /// The release, when it is not the newest one.
    fn k8s(&self) -> String {
        if self.release == Release::NEWEST { String::new() } else { self.release.to_string() }
    }

    /// What the engine is to be asked.
    pub(crate) fn request(&self) -> Request {
        Request {
            workload: self.workload,
            kind: self.kind.to_owned(),
            writing: self.writing,
            ignored: self.ignored.clone(),
            k8s: self.k8s(),
            what_if: WhatIf::write(&self.what_if),
            level: self.level,
            most: Some(self.most),
            sight: self.sight,
        }
    }

    /// How many findings are to be shown but not listed.
    pub(crate) fn unlisted(&self) -> usize {
        let levels = Severity::ALL.iter().zip(self.view.counts).filter(|(level, _)| **level >= self.level);
        levels.map(|(_, count)| count).sum::<usize>().saturating_sub(self.view.findings.len())
    }

    /// Whether there is nothing to say about the text, or not yet.
    pub(crate) fn is_void(&self) -> bool {
        let View { workloads, problems, others, .. } = &*self.view;
        self.failure.is_none() && workloads.is_empty() && problems.is_empty() && others.is_empty()
    }

    fn answered(&mut self, view: View, contents: Vec<JsString>, question: Option<Rc<Question>>) {
        self.has_answer = true;
        // The first part of the engine goes on answering when the rest cannot be started.
        if !view.is_partial {
            self.failure = None;
        }
        let title = view.shown.and_then(|shown| view.workloads.get(shown)).cloned().unwrap_or_default();
        let keeps = view.is_broken
            && self.good.as_ref().is_some_and(|good| view.pictures.is_empty() || good.title == title)
            && self.good.as_ref().is_some_and(|good| !good.pictures.is_empty());
        if keeps {
            self.broken_from = view.problems.iter().find(|problem| problem.is_unreadable).map(|problem| problem.line);
        } else {
            let (containers, pictures) = (view.containers.clone(), view.pictures.clone());
            self.good = Some(Rc::new(Good { title, containers, pictures, contents, question }));
            self.broken_from = None;
        }
        self.view = Rc::new(view);
    }
}

impl State {
    /// What to ask so that a picture that is kept is of the kind that is wanted now.
    pub(crate) fn wanted_of_kept(&self) -> Option<Question> {
        let question = self.good.as_ref().filter(|_| self.broken_from.is_some())?.question.as_ref()?;
        let request = self.request();
        (question.request != request).then(|| Question { text: question.text.clone(), request })
    }

    fn kept(&mut self, mut pictures: Vec<PictureView>, question: Rc<Question>) {
        let Some(good) = self.good.as_ref().filter(|_| self.broken_from.is_some()) else { return };
        let contents = pictures.iter_mut().map(|picture| JsString::from(std::mem::take(&mut picture.content)));
        let (contents, question) = (contents.collect(), Some(question));
        self.good = Some(Rc::new(Good { pictures, contents, question, ..(**good).clone() }));
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            Action::Answer(view, contents, question) => next.answered(*view, contents, question),
            Action::Kept(pictures, question) => next.kept(pictures, question),
            Action::EngineFailed(failure) => next.failure = Some(failure),
            Action::Kind(kind) => next.kind = kind,
            Action::Writing(writing) => next.writing = writing,
            Action::Workload(workload) => {
                next.workload = workload;
                next.ignored.clear();
                next.what_if.clear();
                next.chosen = None;
            }
            Action::Release(release) => next.release = release,
            Action::Level(level) => {
                next.level = level;
                next.most = LISTED;
            }
            Action::More => next.most += LISTED,
            // As long as all findings are listed it does not matter.
            Action::Sight(range) if next.unlisted() > 0 => next.sight = range,
            Action::Sight(_) => {}
            Action::WhatIf(what_if) => next.what_if = what_if,
            Action::Pane(pane) => next.pane = pane,
            Action::Ignore(container, reason) => {
                let evidence = (container, reason);
                match next.ignored.iter().position(|known| *known == evidence) {
                    Some(at) => {
                        next.ignored.remove(at);
                    }
                    None => next.ignored.push(evidence),
                }
            }
            Action::CountAll => next.ignored.clear(),
            Action::Apply(settings) => next.apply(settings),
            Action::Spoken => next.language = words::language(),
            Action::Caret(at) => {
                let around = next.view.containers.iter().position(|container| container.range.holds(at));
                next.chosen = around;
            }
        }
        if next == *self { self } else { Rc::new(next) }
    }
}
