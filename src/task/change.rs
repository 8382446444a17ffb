//! Changes of the text to look at before they are made: fixes and rewrites, hunk by hunk.

use crate::detect::Role;
use crate::edit::{Edit, Hunk, Patch};
use crate::finding::Severity;
use crate::form::Form;
use crate::model::Workload;
use crate::release::Cluster;
use crate::rewrite::{
    Choices, Difference, MergeChoices, Note, Rewrite, compare_moved, compose_to_pod, groups, merge_split, to_form,
};
use crate::source::{Lines, Place};
use crate::view::{Change, Range, Request, split};
use crate::{Analysis, Options, analyze};
use serde::{Deserialize, Serialize};

/// Hunks up to this number are tried one by one, whether they can be left out; more belong together.
const TRIED: usize = 24;

/// What the user chose about a change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// The containers that move, or the services that become one Pod, as indices; what fits best when none are given.
    pub members: Option<Vec<usize>>,
    /// Hunks that are left out, by number.
    pub left_out: Vec<usize>,
    /// The containers that get the startup probe that is proposed for them.
    pub probes: Vec<usize>,
    /// Makes the change although it takes something away.
    pub despite: bool,
}

/// A change to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// What it does, as a command.
    pub title: String,
    /// What to look at before it is made, what was done why.
    pub notes: Vec<Remark>,
    /// What is lost.
    pub losses: Vec<Remark>,
    /// Why it is not made.
    pub refused: Vec<Remark>,
    /// Whether it can be made nevertheless.
    pub can_insist: bool,
    /// The containers or services to choose from: index, name, and whether it is chosen.
    pub members: Vec<(usize, String, bool)>,
    /// More that could be done.
    pub probes: Vec<Probe>,
    /// The changed stretches of lines, those that are left out as well.
    pub hunks: Vec<HunkView>,
    /// The text with the hunks that were chosen; none when there is nothing to make.
    pub text: Option<String>,
    /// Why these hunks cannot be made without the others.
    pub trouble: Option<String>,
    /// The same as a unified diff.
    pub patch: String,
    /// What it does to the workload.
    pub effect: Effect,
}

/// Something to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// A sentence.
    pub text: String,
    /// Where that stands: the range, and its line from 1.
    pub place: Option<(Range, u32)>,
}

/// A startup probe that is proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// Index of the container.
    pub container: usize,
    /// What it does, as a command.
    pub title: String,
    /// Why, and what to look at first.
    pub reason: String,
}

/// A changed stretch of lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HunkView {
    /// The first line that it shows of the old text, from 1.
    pub line: usize,
    /// Lines with ` `, `-` or `+` in front, without line breaks.
    pub lines: Vec<String>,
    /// Hunks with the same number only make sense together.
    pub tie: usize,
    /// Whether it is made.
    pub is_chosen: bool,
}

/// What a change does to a workload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Findings that are gone: rule, level and message.
    pub solved: Vec<(String, Severity, String)>,
    /// Findings that are new.
    pub new: Vec<(String, Severity, String)>,
    /// What starts when, before and after.
    pub start: (Vec<String>, Vec<String>),
    /// What the scheduler reserves and the QoS class, before and after.
    pub cost: (String, String),
}

/// Proposes a change of a text.
pub(super) fn propose(text: &str, request: &Request, change: &Change, chosen: &Chosen) -> Proposed {
    // A finding that is shown or not must not decide about what can be mended.
    let options = Options { level: Severity::Advice, ..request.options() };
    let analysis = analyze(text, &options);
    let shown = request.workload.min(analysis.model.workloads.len().saturating_sub(1));
    let proposer = Proposer { text, options: &options, analysis: &analysis, lines: &Lines::new(text), shown };
    proposer.propose(change, chosen)
}

struct Proposer<'a> {
    text: &'a str,
    options: &'a Options,
    analysis: &'a Analysis,
    lines: &'a Lines<'a>,
    shown: usize,
}

impl Proposer<'_> {
    fn propose(&self, change: &Change, chosen: &Chosen) -> Proposed {
        let cluster = Cluster::new(self.options.release);
        let choices = Choices {
            containers: chosen.members.clone(),
            startup_probes: chosen.probes.clone(),
            despite: chosen.despite,
            ..Choices::default()
        };
        match change {
            Change::Fix(rule, message, line) => self.fix(rule, message, *line, chosen),
            Change::Form(form) => {
                let rewrite = to_form(self.analysis, self.shown, *form, &cluster, &choices);
                let mut proposed = self.rewrite(rewrite, (self.shown, self.shown), chosen);
                let moves = self.movable(*form);
                proposed.members = self.members(&moves, chosen.members.as_ref().unwrap_or(&moves));
                proposed
            }
            Change::Merge => match split(&self.analysis.findings, self.shown) {
                Some((helper, app)) => {
                    let choices = MergeChoices { despite: chosen.despite, ..MergeChoices::default() };
                    let rewrite = merge_split(self.analysis, helper, app, &cluster, &choices);
                    self.rewrite(rewrite, (app, app - usize::from(helper < app)), chosen)
                }
                None => Proposed::gone(),
            },
            Change::Pod(form) => self.pods(*form, chosen),
        }
    }

    /// The containers that a rewrite into a form can move.
    fn movable(&self, form: Form) -> Vec<usize> {
        let role = if form == Form::Native { Role::Sidecar } else { Role::NativeSidecar };
        let verdicts = self.analysis.verdicts.get(self.shown).map_or(&[][..], Vec::as_slice);
        verdicts.iter().enumerate().filter(|(_, verdict)| verdict.role == role).map(|(index, _)| index).collect()
    }

    /// What there is to choose from; nothing where there is no choice.
    fn members(&self, all: &[usize], chosen: &[usize]) -> Vec<(usize, String, bool)> {
        let Some(workload) = self.analysis.model.workloads.get(self.shown).filter(|_| all.len() > 1) else {
            return Vec::new();
        };
        let named = all.iter().filter_map(|index| Some((*index, workload.pod.containers.get(*index)?)));
        named.map(|(index, one)| (index, one.display_name().to_owned(), chosen.contains(&index))).collect()
    }

    fn fix(&self, rule: &str, message: &str, line: u32, chosen: &Chosen) -> Proposed {
        let line_of = |place: Place| self.lines.position(self.analysis.source.span(place).start).line;
        let same = self.analysis.findings.iter().filter(|finding| finding.rule == rule && finding.message == message);
        let Some(finding) = same.min_by_key(|finding| line_of(finding.place).abs_diff(line)) else {
            return Proposed::gone();
        };
        let Some(fix) = &finding.fix else { return Proposed::gone() };
        let mut proposed = Proposed { title: fix.title.clone(), ..Proposed::default() };
        if !fix.is_safe {
            let text = "Look at it first: whether this is what you want cannot be seen in the manifest.".to_owned();
            proposed.notes.push(Remark { text, place: None });
        }
        let workload = finding.workloads.first().copied().unwrap_or(self.shown);
        self.show(&mut proposed, &fix.edits, (workload, workload), chosen);
        proposed
    }

    /// `workloads` is the index of the workload to compare, before and after.
    fn rewrite(&self, rewrite: Rewrite, workloads: (usize, usize), chosen: &Chosen) -> Proposed {
        let refused = rewrite.refused.iter();
        let probes = rewrite.proposals.iter().map(|proposal| Probe {
            container: proposal.container,
            title: proposal.title.clone(),
            reason: proposal.reason.clone(),
        });
        let mut proposed = Proposed {
            notes: self.remarks(&rewrite.notes),
            losses: self.remarks(&rewrite.losses),
            refused: refused.map(|refusal| self.remark(&refusal.reason, refusal.place)).collect(),
            can_insist: !rewrite.refused.is_empty() && rewrite.refused.iter().all(|refusal| !refusal.is_final),
            probes: probes.collect(),
            title: rewrite.title,
            ..Proposed::default()
        };
        self.show(&mut proposed, &rewrite.edits, workloads, chosen);
        proposed
    }

    /// A Pod for each group of services that belong together, in the place of the project.
    fn pods(&self, form: Form, chosen: &Chosen) -> Proposed {
        let title = match form {
            Form::Native => "Make Pods with native sidecars of the services",
            Form::Traditional => "Make Pods with traditional sidecars of the services",
        };
        let mut proposed = Proposed { title: title.to_owned(), ..Proposed::default() };
        let Some(project) = self.analysis.model.workloads.get(self.shown) else { return Proposed::gone() };
        let tied = groups(project);
        let largest = tied.iter().rev().max_by_key(|group| group.len()).filter(|group| group.len() > 1);
        let wanted = chosen.members.as_ref().or(largest).cloned().unwrap_or_default();
        let services: Vec<usize> = (0..project.pod.containers.len()).collect();
        proposed.members = self.members(&services, &wanted);
        // Whoever is not in that Pod stays with those it is tied to.
        let rest = tied.iter().map(|group| group.iter().copied().filter(|one| !wanted.contains(one)).collect());
        let mut pods: Vec<String> = Vec::new();
        for services in std::iter::once(wanted.clone()).chain(rest).filter(|services: &Vec<usize>| !services.is_empty())
        {
            let converted = compose_to_pod(self.analysis, self.shown, &services, form);
            // What is said of each of the Pods is said once.
            for (all, own) in [
                (&mut proposed.notes, &converted.notes),
                (&mut proposed.losses, &converted.losses),
                (&mut proposed.refused, &converted.refused),
            ] {
                let own = self.remarks(own).into_iter().filter(|remark| !all.contains(remark)).collect::<Vec<_>>();
                all.extend(own);
            }
            pods.push(converted.text);
        }
        if proposed.refused.is_empty() {
            let edit = Edit::new(0, self.text.len(), pods.join("---\n"));
            self.show(&mut proposed, &[edit], (self.shown, 0), chosen);
        }
        proposed
    }

    fn remark(&self, text: &str, place: Option<Place>) -> Remark {
        let place = place.map(|place| {
            let span = self.analysis.source.span(place);
            let range = Range { from: self.lines.utf16(span.start), to: self.lines.utf16(span.end) };
            (range, self.lines.position(span.start).line)
        });
        Remark { text: text.to_owned(), place }
    }

    fn remarks(&self, notes: &[Note]) -> Vec<Remark> {
        notes.iter().map(|note| self.remark(&note.text, note.place)).collect()
    }

    /// Fills in the diff, and what becomes of the text with the hunks that are chosen.
    fn show(&self, proposed: &mut Proposed, edits: &[Edit], workloads: (usize, usize), chosen: &Chosen) {
        // Each edit by itself: which of them belong together is tried out below.
        let patch = Patch { groups: edits.iter().map(|edit| vec![edit.clone()]).collect() };
        let hunks = patch.hunks(self.text);
        let Some(whole) = patch.apply(self.text).filter(|_| !hunks.is_empty()) else { return };
        let whole = analyze(&whole, self.options);
        let ties = self.ties(&patch, &hunks, &whole);
        let is_out = |tie: usize| chosen.left_out.iter().any(|out| ties.get(*out) == Some(&tie));
        let kept: Vec<usize> =
            (0..hunks.len()).filter(|index| ties.get(*index).is_some_and(|tie| !is_out(*tie))).collect();
        let only = patch.only(self.text, &kept);
        proposed.hunks = hunks
            .into_iter()
            .zip(&ties)
            .map(|(hunk, tie)| HunkView {
                line: hunk.old_start + 1,
                lines: hunk.lines.iter().map(|line| line.trim_end_matches(['\n', '\r']).to_owned()).collect(),
                tie: *tie,
                is_chosen: !is_out(*tie),
            })
            .collect();
        if kept.is_empty() {
            return;
        }
        let Some(text) = only.apply(self.text) else { return };
        let after = analyze(&text, self.options);
        if kept.len() < proposed.hunks.len() && !is_sound(&after, &whole) {
            proposed.trouble = Some("What is left does not hold together: take one of the others back in.".to_owned());
            return;
        }
        let difference =
            compare_moved(self.analysis, workloads.0, &after, workloads.1, &Cluster::new(self.options.release));
        proposed.effect = Effect::of(&difference);
        proposed.patch = only.unified(self.text, "manifest.yaml");
        proposed.text = Some(text);
    }

    /// For each hunk the number of those that it belongs to. One that can be left out stands alone; of the others, those
    /// that can be left out in pairs are pairs, and the rest is one.
    fn ties(&self, patch: &Patch, hunks: &[Hunk], whole: &Analysis) -> Vec<usize> {
        let count = hunks.len();
        let mut ties = vec![0; count];
        if count > TRIED {
            return ties;
        }
        let holds_without = |out: &[usize]| {
            let kept: Vec<usize> = (0..count).filter(|index| !out.contains(index)).collect();
            let text = patch.only(self.text, &kept).apply(self.text);
            text.is_some_and(|text| is_sound(&analyze(&text, self.options), whole))
        };
        let (free, mut tied): (Vec<usize>, Vec<usize>) = (0..count).partition(|index| holds_without(&[*index]));
        let mut next = 1;
        let mut tie = |members: &[usize]| {
            for member in members {
                if let Some(tie) = ties.get_mut(*member) {
                    *tie = next;
                }
            }
            next += 1;
        };
        free.iter().for_each(|index| tie(&[*index]));
        while let Some(first) = tied.first().copied().filter(|_| tied.len() > 2) {
            let rest = tied.iter().skip(1).copied();
            let Some(other) = rest.into_iter().find(|other| holds_without(&[first, *other])) else { break };
            tie(&[first, other]);
            tied.retain(|index| *index != first && *index != other);
        }
        ties
    }
}

/// Whether a part of a change holds together: it can be read, has the same containers as the whole change, and no error
/// that the whole change does not have.
fn is_sound(part: &Analysis, whole: &Analysis) -> bool {
    let names = |workload: &Workload| {
        let mut names: Vec<String> =
            workload.pod.containers.iter().map(|container| container.display_name().to_owned()).collect();
        names.sort_unstable();
        names
    };
    let workloads = |analysis: &Analysis| analysis.model.workloads.iter().map(names).collect::<Vec<_>>();
    let problems = |analysis: &Analysis| analysis.problems().count();
    let errors =
        |analysis: &Analysis| analysis.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    problems(part) <= problems(whole) && workloads(part) == workloads(whole) && errors(part) <= errors(whole)
}

impl Proposed {
    /// The text has changed since the change was offered.
    fn gone() -> Self {
        let text = "There is nothing to change any more.".to_owned();
        Self { refused: vec![Remark { text, place: None }], ..Self::default() }
    }
}

impl Effect {
    fn of(difference: &Difference) -> Self {
        let named = |findings: &[(&'static str, Severity, String)]| {
            findings.iter().map(|(rule, level, message)| ((*rule).to_owned(), *level, message.clone())).collect()
        };
        let (before, after) = difference.cost.as_ref().map(|(before, after)| (before, after)).unzip();
        let cost = |cost: Option<&crate::rewrite::Cost>| {
            let Some(cost) = cost else { return String::new() };
            let requests: Vec<String> = cost.requests.iter().map(|(name, amount)| format!("{name} {amount}")).collect();
            let requests = if requests.is_empty() { "no requests".to_owned() } else { requests.join(", ") };
            format!("{requests}; {}", cost.qos)
        };
        Self {
            solved: named(&difference.solved),
            new: named(&difference.new),
            start: (difference.start_before.clone(), difference.start_after.clone()),
            cost: (cost(before), cost(after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The stop call at the end of the app's script stands far from the helper.
    const JOB: &str = "apiVersion: batch/v1
kind: Job
metadata: { name: report }
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: istio-proxy
          image: istio/proxyv2:1.24.0
          args: [proxy, sidecar]
        - name: report
          image: example.com/report:1
          env:
            - { name: A, value: a }
            - { name: B, value: b }
            - { name: C, value: c }
            - { name: D, value: d }
            - { name: E, value: e }
            - { name: F, value: f }
            - { name: G, value: g }
          command:
            - sh
            - -c
            - ./report; curl -X POST http://localhost:15020/quitquitquit
";

    fn propose_native(chosen: &Chosen) -> Proposed {
        propose(JOB, &Request::default(), &Change::Form(Form::Native), chosen)
    }

    #[test]
    fn a_part_of_a_rewrite_that_stands_alone_can_be_left_out() {
        let whole = propose_native(&Chosen::default());
        assert_eq!(whole.hunks.len(), 2, "{whole:?}");
        assert_ne!(whole.hunks[0].tie, whole.hunks[1].tie);
        let text = whole.text.unwrap();
        assert!(text.contains("initContainers") && !text.contains("quitquitquit"), "{text}");
        assert!(!whole.effect.solved.is_empty());
        assert_ne!(whole.effect.start.0, whole.effect.start.1);

        let part = propose_native(&Chosen { left_out: vec![1], ..Chosen::default() });
        let text = part.text.unwrap();
        assert!(text.contains("initContainers") && text.contains("quitquitquit"), "{text}");
        assert_eq!(part.hunks.iter().map(|hunk| hunk.is_chosen).collect::<Vec<_>>(), [true, false]);
        assert!(!part.patch.contains("quitquitquit"), "{}", part.patch);
        let none = propose_native(&Chosen { left_out: vec![0, 1], ..Chosen::default() });
        assert_eq!(none.text, None);
    }

    #[test]
    fn both_ends_of_a_move_belong_together() {
        let filler: String = (0..9).map(|n| format!("            - {{ name: V{n}, value: x }}\n")).collect();
        let text = format!(
            "kind: Pod\nmetadata: {{ name: shop }}\nspec:\n  containers:\n    - name: shop\n      image: example.com/shop:1\n      env:\n{filler}    - name: logs\n      image: fluent/fluent-bit:3\n"
        );
        let request = Request::default();
        let whole = propose(&text, &request, &Change::Form(Form::Native), &Chosen::default());
        assert_eq!(whole.hunks.len(), 2, "{whole:?}");
        assert_eq!(whole.hunks[0].tie, whole.hunks[1].tie);
        let chosen = Chosen { left_out: vec![0], ..Chosen::default() };
        let out = propose(&text, &request, &Change::Form(Form::Native), &chosen);
        assert!(out.text.is_none() && out.hunks.iter().all(|hunk| !hunk.is_chosen));
    }

    #[test]
    fn a_fix_is_found_again_by_its_finding() {
        let text = "kind: Pod\nmetadata: { name: a }\nspec:\n  restartPolicy: Always\n  containers:\n    - { name: shop, image: \"shop:1\" }\n  initContainers:\n    - { name: logs, image: \"fluent/fluent-bit:3\", restartPolicy: OnFailure }\n";
        let view = crate::session::view(text, &Request { level: Severity::Advice, ..Request::default() });
        let finding = view.findings.iter().find(|finding| finding.fix.is_some()).unwrap();
        let change = Change::Fix(finding.rule.clone(), finding.message.clone(), finding.line);
        let proposed = propose(text, &Request::default(), &change, &Chosen::default());
        assert_eq!(Some(&proposed.title), finding.fix.as_ref());
        let after = crate::session::view(
            proposed.text.as_ref().unwrap(),
            &Request { level: Severity::Advice, ..Request::default() },
        );
        assert!(!after.findings.iter().any(|after| after.message == finding.message), "{after:?}");
        let gone = propose("kind: Pod\n", &Request::default(), &change, &Chosen::default());
        assert!(gone.text.is_none() && !gone.refused.is_empty());
    }

    #[test]
    fn a_compose_project_becomes_pods_and_what_is_lost_is_said() {
        let text = "services:\n  web:\n    image: example.com/web\n  logs:\n    image: fluent/fluent-bit\n    network_mode: service:web\n";
        let view = crate::session::view(text, &Request::default());
        assert_eq!(view.offers, [Change::Pod(Form::Native), Change::Pod(Form::Traditional)]);
        let proposed = propose(text, &Request::default(), &Change::Pod(Form::Native), &Chosen::default());
        let text = proposed.text.unwrap();
        assert!(text.contains("kind: Pod") && text.contains("restartPolicy: Always"), "{text}");
    }

    #[test]
    fn who_moves_and_who_shares_a_pod_can_be_chosen() {
        let text = "kind: Pod\nmetadata: { name: shop }\nspec:\n  containers:\n    - { name: shop, image: \"shop:1\" }\n    - { name: logs, image: \"fluent/fluent-bit:3\" }\n    - { name: proxy, image: \"envoyproxy/envoy:v1.30\" }\n";
        let native = |members| {
            let chosen = Chosen { members, ..Chosen::default() };
            propose(text, &Request::default(), &Change::Form(Form::Native), &chosen)
        };
        let names = |proposed: &Proposed| proposed.members.iter().map(|(.., chosen)| *chosen).collect::<Vec<_>>();
        assert_eq!(names(&native(None)), [true, true]);
        let one = native(Some(vec![1]));
        assert_eq!(names(&one), [true, false]);
        assert_eq!(one.text.unwrap().matches("restartPolicy: Always").count(), 1);

        let text = "services:\n  web:\n    image: example.com/web\n  logs:\n    image: fluent/fluent-bit\n    network_mode: service:web\n  db:\n    image: postgres\n";
        let pods = |members| {
            let chosen = Chosen { members, ..Chosen::default() };
            propose(text, &Request::default(), &Change::Pod(Form::Native), &chosen)
        };
        let tied = pods(None);
        assert_eq!(names(&tied), [true, true, false]);
        assert_eq!(tied.text.unwrap().matches("kind: Pod").count(), 2);
        assert_eq!(pods(Some(vec![0, 1, 2])).text.unwrap().matches("kind: Pod").count(), 1);
    }

    #[test]
    fn only_what_applies_is_offered() {
        let offers = |text: &str| crate::session::view(text, &Request::default()).offers;
        assert_eq!(offers(JOB), [Change::Form(Form::Native)]);
        let native = propose_native(&Chosen::default()).text.unwrap();
        assert_eq!(offers(&native), [Change::Form(Form::Traditional)]);
        assert_eq!(offers("kind: Pod\nspec:\n  containers:\n    - { name: shop, image: x }\n"), []);
    }
}
