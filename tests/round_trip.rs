//! Rewrites over a folder of real manifests: traditional → native → traditional and back again. The folder is named by
//! the environment variable `SIDECAR_CORPUS`; without it there is nothing to do. Prints its counts.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

use serde_yaml::Value;
use sidecar_playground::detect::Role;
use sidecar_playground::finding::Severity;
use sidecar_playground::form::Form;
use sidecar_playground::model::{ContainerField, Dialect, Workload};
use sidecar_playground::release::{Cluster, Release};
use sidecar_playground::rewrite::{
    Choices, MergeChoices, Rewrite, compare, compose_to_pod, groups, merge_split, to_form,
};
use sidecar_playground::validation::{Request, Verb, answer};
use sidecar_playground::{Analysis, Options, analyze};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Default)]
struct Counts {
    files: usize,
    workloads: usize,
    with_helpers: usize,
    comments: usize,
    by_outcome: BTreeMap<String, usize>,
    refusals: Vec<String>,
    failures: Vec<String>,
}

impl Counts {
    fn count(&mut self, what: impl Into<String>) {
        *self.by_outcome.entry(what.into()).or_default() += 1;
    }
}

#[test]
fn real_manifests_survive_a_round_trip() {
    let Some(folder) = std::env::var_os("SIDECAR_CORPUS") else { return };
    let mut counts = Counts::default();
    for path in files(Path::new(&folder)) {
        let Ok(bytes) = fs::read(&path) else { continue };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let name = path.strip_prefix(&folder).unwrap_or(&path).display().to_string();
        counts.files += 1;
        check_file(&name, &text, &mut counts);
    }
    eprintln!(
        "{} files, {} workloads with several containers, {} with helpers, {} comments in rewritten documents",
        counts.files, counts.workloads, counts.with_helpers, counts.comments
    );
    for (what, count) in &counts.by_outcome {
        eprintln!("{count:6}  {what}");
    }
    for refusal in &counts.refusals {
        eprintln!("refused {refusal}");
    }
    for failure in &counts.failures {
        eprintln!("FAILED  {failure}");
    }
    assert!(counts.failures.is_empty(), "{} rewrites went wrong", counts.failures.len());
}

fn check_file(name: &str, text: &str, counts: &mut Counts) {
    let analysis = analyze(text, &Options::default());
    check_merges(name, text, &analysis, counts);
    for (index, workload) in analysis.model.workloads.iter().enumerate() {
        if workload.dialect == Dialect::Compose {
            check_compose(name, &analysis, index, counts);
        }
        if workload.dialect != Dialect::Kubernetes || workload.pod.containers.len() < 2 {
            continue;
        }
        counts.workloads += 1;
        check_any(name, text, &analysis, index, counts);
        let has = |role| analysis.verdicts[index].iter().any(|verdict| verdict.role == role);
        if has(Role::Sidecar) || has(Role::NativeSidecar) {
            counts.with_helpers += 1;
        }
        if has(Role::Sidecar) {
            check(name, text, &analysis, index, Form::Native, counts);
        }
        if has(Role::NativeSidecar) {
            check(name, text, &analysis, index, Form::Traditional, counts);
        }
    }
}

/// Split sidecars, put together.
fn check_merges(file: &str, text: &str, analysis: &Analysis, counts: &mut Counts) {
    for finding in analysis.findings.iter().filter(|finding| finding.rule == "split-sidecar") {
        let [helper, app] = finding.workloads[..] else { continue };
        let rewrite = merge_split(analysis, helper, app, &Cluster::default(), &MergeChoices::default());
        let what = format!("{file}: {}", rewrite.title);
        if let Some(refusal) = rewrite.refused.first() {
            counts.count("merge: refused");
            counts.refusals.push(format!("{what}: {}", refusal.reason));
            continue;
        }
        counts.count("merge: made");
        let new = rewrite.patch().apply(text).expect("edits that fit");
        let after = analyze(&new, &Options::default());
        if comments(text) != comments(&new) || after.model.workloads.len() + 1 != analysis.model.workloads.len() {
            counts.failures.push(format!("{what}: not as planned"));
        }
    }
}

fn names(workload: &Workload, indices: impl Iterator<Item = usize>) -> Vec<String> {
    indices.map(|index| workload.pod.containers[index].display_name().to_owned()).collect()
}

fn check(file: &str, text: &str, analysis: &Analysis, index: usize, form: Form, counts: &mut Counts) {
    let cluster = Cluster::default();
    let workload = &analysis.model.workloads[index];
    let what = format!("{file}: {} → {}", workload.title(), form.id());
    let role = if form == Form::Native { Role::Sidecar } else { Role::NativeSidecar };
    let verdicts = &analysis.verdicts[index];
    let moved = names(workload, (0..verdicts.len()).filter(|index| verdicts[*index].role == role));

    // As people get it.
    let usual = to_form(analysis, index, form, &cluster, &Choices::default());
    for refusal in &usual.refused {
        counts.refusals.push(format!("{what}: {}", refusal.reason));
        counts.count(format!(
            "{}: refused{}: {}",
            form.id(),
            if refusal.is_final { "" } else { " unless wanted" },
            general(&refusal.reason, workload)
        ));
    }
    if usual.refused.is_empty() {
        counts.count(format!("{}: made", form.id()));
        match result(text, &usual) {
            Err(why) => counts.failures.push(format!("{what}: {why}")),
            Ok(new) => {
                let after = analyze(&new, &Options::default());
                let difference = compare(analysis, &after, index, &cluster);
                ask_server(text, &new, (&what, form.id()), index, &cluster, counts);
                let other = if form == Form::Native { 33 } else { 28 };
                let other = Cluster::new(Release::new(other).expect("a release"));
                ask_server(text, &new, (&what, form.id()), index, &other, counts);
                for (rule, _, message) in difference.new.iter().filter(|(_, severity, _)| *severity == Severity::Error)
                {
                    // What the validation of the newest release would refuse.
                    counts.failures.push(format!("{what}: now {rule}: {message}"));
                }
                for (rule, severity, _) in &difference.solved {
                    counts.count(format!("{}: solved {} {rule}", form.id(), severity.id()));
                }
                if difference.start_before == difference.start_after {
                    counts.failures.push(format!("{what}: nothing else starts"));
                }
                if usual.notes.iter().any(|note| note.text.contains("preStop hook")) {
                    counts.count(format!("{}: preStop hook dropped", form.id()));
                }
                for proposal in &usual.proposals {
                    counts.count(format!("{}: startupProbe proposed, sure: {}", form.id(), proposal.is_sure));
                    let choices = Choices { startup_probes: vec![proposal.container], ..Choices::default() };
                    let with_probe = to_form(analysis, index, form, &cluster, &choices);
                    match result(text, &with_probe) {
                        Ok(new) if new.matches("startupProbe").count() == text.matches("startupProbe").count() + 1 => {}
                        Ok(_) => counts.failures.push(format!("{what}: no startupProbe")),
                        Err(why) => counts.failures.push(format!("{what}: with startupProbe: {why}")),
                    }
                }
            }
        }
    }

    let plain = Choices { keeps_hooks: true, keeps_scripts: true, despite: true, ..Choices::default() };
    let trip = Trip { what, label: form.id(), form, index, moved, choices: plain };
    there_and_back(text, analysis, &trip, counts);
}

/// All regular containers but the first, helpers or not: every workload with two of them is moved about.
fn check_any(file: &str, text: &str, analysis: &Analysis, index: usize, counts: &mut Counts) {
    let workload = &analysis.model.workloads[index];
    let regular: Vec<usize> = workload.pod.of(ContainerField::Containers).map(|(index, _)| index).collect();
    let Some((_, chosen)) = regular.split_first().filter(|(_, chosen)| !chosen.is_empty()) else { return };
    let choices = Choices {
        containers: Some(chosen.to_vec()),
        keeps_hooks: true,
        keeps_scripts: true,
        despite: true,
        ..Choices::default()
    };
    let trip = Trip {
        what: format!("{file}: {} → all but the first", workload.title()),
        label: "any",
        form: Form::Native,
        index,
        moved: names(workload, chosen.iter().copied()),
        choices,
    };
    counts.count("any: workloads with two regular containers");
    there_and_back(text, analysis, &trip, counts);
}

/// Groups of services as Pods, in both forms.
fn check_compose(file: &str, analysis: &Analysis, index: usize, counts: &mut Counts) {
    let workload = &analysis.model.workloads[index];
    let all: Vec<usize> = (0..workload.pod.containers.len()).collect();
    for services in groups(workload).into_iter().chain([all]) {
        for form in Form::BOTH {
            let what = format!("{file}: services {services:?} as a Pod, {}", form.id());
            let converted = compose_to_pod(analysis, index, &services, form);
            if !converted.refused.is_empty() {
                counts.count("compose: refused");
                counts.refusals.push(format!("{what}: {}", converted.refused[0].text));
                continue;
            }
            counts.count("compose: Pods made");
            let pod = analyze(&converted.text, &Options::default());
            let is_sound = pod.problems().next().is_none()
                && pod.model.workloads.len() == 1
                && pod.model.workloads[0].pod.containers.len() == services.len()
                && serde_yaml::from_str::<Value>(&converted.text).is_ok();
            if !is_sound {
                counts.failures.push(format!("{what}: not sound\n{}", converted.text));
            }
            let said = server_says(&converted.text, 0, &Cluster::default()).unwrap_or_default();
            if !said.is_empty() {
                counts.failures.push(format!("{what}: Kubernetes says {said:?}"));
            }
            for finding in pod.findings.iter().filter(|finding| finding.severity == Severity::Error) {
                counts.count(format!("compose: {}", finding.rule));
                counts.refusals.push(format!("{what}: {}", finding.message));
            }
        }
    }
}

/// A way there and back.
struct Trip {
    what: String,
    label: &'static str,
    form: Form,
    index: usize,
    moved: Vec<String>,
    choices: Choices,
}

/// Moved and nothing else, there and back.
fn there_and_back(text: &str, analysis: &Analysis, trip: &Trip, counts: &mut Counts) {
    let Trip { what, label, form, index, moved, choices } = trip;
    let (form, index) = (*form, *index);
    let cluster = Cluster::default();
    let workload = &analysis.model.workloads[index];
    let other = if form == Form::Native { Form::Traditional } else { Form::Native };
    let there = to_form(analysis, index, form, &cluster, choices);
    if !there.refused.is_empty() {
        counts.count(format!("{label}: round trip refused: {}", general(&there.refused[0].reason, workload)));
        return;
    }
    let new = match result(text, &there) {
        Ok(new) => new,
        Err(why) => return counts.failures.push(format!("{what}: {why}")),
    };
    counts.comments += comments(&document_text(analysis, workload.document)).len();
    let after = analyze(&new, &Options::default());
    if let Err(why) = same_but_for_helpers(text, &new, analysis, index, moved, form) {
        return counts.failures.push(format!("{what}: {why}"));
    }
    let Some(after_workload) = after.model.workloads.get(index) else {
        return counts.failures.push(format!("{what}: the workload is gone"));
    };
    let back_indices = (0..after_workload.pod.containers.len())
        .filter(|index| moved.contains(&after_workload.pod.containers[*index].display_name().to_owned()))
        .collect();
    let back_choices = Choices { containers: Some(back_indices), ..choices.clone() };
    let back = to_form(&after, index, other, &cluster, &back_choices);
    if !back.refused.is_empty() {
        counts.count(format!("{}: way back refused: {}", label, general(&back.refused[0].reason, workload)));
        return;
    }
    let last = match result(&new, &back) {
        Ok(last) => last,
        Err(why) => return counts.failures.push(format!("{what} and back: {why}")),
    };
    ask_server(text, &last, (what, label), index, &cluster, counts);
    match same_meaning(text, &last, analysis, index, form) {
        Ok(reader) => {
            counts.count(format!("{}: round trip equal in meaning, by {reader}", label));
            if last == text {
                counts.count(format!("{}: round trip the same byte for byte", label));
            }
        }
        Err(why) => counts.failures.push(format!("{what} and back: {why}")),
    }
}

/// What the API server has against a workload, without the index of the container; none when it does not know its kind.
fn server_says(text: &str, index: usize, cluster: &Cluster) -> Option<Vec<String>> {
    let analysis = analyze(text, &Options::default());
    let workload = analysis.model.workloads.get(index)?;
    let node = analysis.model.objects.get(workload.object)?.node;
    let object = analysis.source.documents.get(workload.document as usize)?.value(node);
    let answer = answer(&Request { verb: Verb::Create, object, old: None, is_strict: true }, cluster);
    if !answer.is_checked {
        return None;
    }
    let mut said: Vec<String> = answer
        .errors
        .iter()
        .map(|error| {
            let field: String =
                error.field.replace("initContainers", "containers").chars().filter(|c| !c.is_ascii_digit()).collect();
            format!("{field}: {} {}", error.kind, error.detail)
        })
        .collect();
    said.extend(answer.decode_error.map(|_| "it cannot be decoded".to_owned()));
    said.extend(answer.dropped.iter().map(|dropped| format!("dropped {}", dropped.field)));
    Some(said)
}

/// A server that takes the old text takes the new one.
fn ask_server(old: &str, new: &str, trip: (&str, &str), index: usize, cluster: &Cluster, counts: &mut Counts) {
    let (what, label) = trip;
    let (Some(before), Some(after)) = (server_says(old, index, cluster), server_says(new, index, cluster)) else {
        return;
    };
    let more: Vec<&String> = after.iter().filter(|error| !before.contains(error)).collect();
    let release = cluster.release;
    if !more.is_empty() {
        counts.failures.push(format!("{what}: Kubernetes {release} now says {more:?}"));
    } else if after.is_empty() {
        counts.count(format!("{label}: accepted by Kubernetes {release}"));
    } else {
        counts.count(format!("{label}: no worse for Kubernetes {release} than before"));
    }
}

/// A reason without names, so that it can be counted.
fn general(reason: &str, workload: &Workload) -> String {
    let mut text = reason.to_owned();
    for container in &workload.pod.containers {
        text = text.replace(container.display_name(), "X");
    }
    text
}

fn document_text(analysis: &Analysis, document: u32) -> String {
    analysis.source.documents[document as usize].text.clone()
}

/// The new text, when it is as it must be whatever was rewritten.
fn result(text: &str, rewrite: &Rewrite) -> Result<String, String> {
    if rewrite.edits.is_empty() {
        return Err(format!("no edits: {:?}", rewrite.refused));
    }
    let patch = rewrite.patch();
    let new = patch.apply(text).ok_or("edits that do not fit")?;
    let (old_analysis, new_analysis) = (analyze(text, &Options::default()), analyze(&new, &Options::default()));
    if new_analysis.source.documents.len() != old_analysis.source.documents.len() {
        return Err("another number of documents".to_owned());
    }
    if !old_analysis.source.is_broken() && new_analysis.source.is_broken() {
        return Err("it cannot be read".to_owned());
    }
    if comments(text) != comments(&new) {
        return Err("other comments".to_owned());
    }
    // Taken back it is the old text, byte for byte.
    if patch.inverse(text).apply(&new).as_deref() != Some(text) {
        return Err("it cannot be taken back".to_owned());
    }
    // Another implementation of patches agrees with ours: the diff, applied line by line.
    if apply_diff(text, &patch.unified(text, "x")).as_deref() != Some(new.as_str()) {
        return Err("the diff says something else".to_owned());
    }
    Ok(new)
}

/// The comments of a text by the parser itself, sorted. Documents that it cannot read to the end give what it reads.
fn comments(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for document in split(text) {
        let options = granit_parser::options! { emit_comments: true, emit_unresolved_aliases: true };
        for next in granit_parser::Parser::new_from_str_with_options(&document, options) {
            match next {
                Ok((granit_parser::Event::Comment(comment, _), _)) => found.push(comment.trim().to_owned()),
                Ok(_) => {}
                Err(_) => break,
            }
        }
    }
    found.sort();
    found
}

fn split(text: &str) -> Vec<String> {
    let mut documents = vec![String::new()];
    for line in text.split_inclusive('\n') {
        if line.starts_with("---") {
            documents.push(String::new());
        }
        documents.last_mut().unwrap().push_str(line);
    }
    documents
}

/// Applies a unified diff as its format is documented, trusting nothing but its lines.
fn apply_diff(text: &str, diff: &str) -> Option<String> {
    let old: Vec<&str> = text.split_inclusive('\n').collect();
    let mut new = String::new();
    let mut at = 0;
    let mut lines = diff.split_inclusive('\n').skip(2).peekable();
    while let Some(line) = lines.next() {
        if let Some(range) = line.strip_prefix("@@ -") {
            let (start, rest) = range.split_once(' ')?;
            let (start, count) = start.split_once(',').unwrap_or((start, "1"));
            let start: usize = start.parse().ok()?;
            let start = if count == "0" { start } else { start - 1 };
            let _ = rest;
            new.extend(old.get(at..start)?.iter().copied());
            at = start;
            continue;
        }
        let content = line.get(1..)?;
        let without_end = lines.peek().is_some_and(|next| next.starts_with('\\'));
        let content = if without_end { content.strip_suffix('\n')? } else { content };
        match line.as_bytes()[0] {
            b' ' | b'-' => {
                if *old.get(at)? != content {
                    return None;
                }
                at += 1;
                if line.starts_with(' ') {
                    new.push_str(content);
                }
            }
            b'+' => new.push_str(content),
            b'\\' => {}
            _ => return None,
        }
    }
    new.extend(old.get(at..)?.iter().copied());
    Some(new)
}

/// The values of a text by another reader, or by ours for what that one does not take: templates.
fn values(text: &str, analysis: &Analysis) -> (Vec<Value>, &'static str) {
    let other: Result<Vec<Value>, _> = split(text)
        .iter()
        .filter(|document| !document.trim().is_empty())
        .map(|document| {
            serde_yaml::from_str::<Value>(document).and_then(|mut value| {
                value.apply_merge()?;
                Ok(value)
            })
        })
        .collect();
    if let Ok(values) = other
        && !analysis.source.documents.iter().any(|document| document.is_template)
        && values.len() == analysis.source.documents.iter().filter(|document| !document.is_embedded).count()
    {
        return (values, "another reader");
    }
    let own = analysis.source.documents.iter().filter(|document| !document.is_embedded);
    (own.map(|document| document.root().map_or(Value::Null, own_value)).collect(), "our reader")
}

/// A key that is given twice, as templates do in both branches of an `if`, counts twice.
fn own_value(value: sidecar_playground::source::Value<'_>) -> Value {
    if value.is_mapping() {
        let mut map = serde_yaml::Mapping::new();
        for entry in value.entries() {
            let mut key = entry.key.to_owned();
            while map.contains_key(key.as_str()) {
                key += " again";
            }
            map.insert(key.into(), own_value(entry.value));
        }
        return Value::Mapping(map);
    }
    if value.is_sequence() {
        return Value::Sequence(value.items().map(own_value).collect());
    }
    format!("{:?}", value.scalar()).into()
}

const LISTS: [&str; 2] = ["initContainers", "containers"];

/// As [`own_value`] writes it: `Some(Text("app"))`.
fn name_of(value: &Value) -> String {
    let name = value.get("name").and_then(Value::as_str).unwrap_or("(no name)");
    name.strip_prefix("Some(Text(\"").and_then(|name| name.strip_suffix("\"))")).unwrap_or(name).to_owned()
}

/// Takes the lists of containers out of the Pod spec of a workload.
fn take_lists(values: &mut [Value], analysis: &Analysis, index: usize) -> Option<[Vec<Value>; 2]> {
    let workload = analysis.model.workloads.get(index)?;
    let documents = &analysis.source.documents;
    let own = documents.get(workload.document as usize)?;
    let number = documents.iter().take(workload.document as usize).filter(|document| !document.is_embedded).count();
    let mut at = values.get_mut(number)?;
    // `items[1].spec.template.spec`; keys with dots stand in brackets.
    let path = own.value(workload.pod.node).path();
    let mut rest = path.as_str();
    while !rest.is_empty() {
        let (step, is_bracket, left) = match rest.strip_prefix('[') {
            Some(inner) => inner.split_once(']').map(|(step, left)| (step, true, left))?,
            None => {
                let plain = rest.trim_start_matches('.');
                let end = plain.find(['.', '[']).unwrap_or(plain.len());
                (&plain[..end], false, &plain[end..])
            }
        };
        at = match step.parse::<usize>() {
            Ok(index) if is_bracket && at.is_sequence() => at.get_mut(index)?,
            _ => at.get_mut(step)?,
        };
        rest = left;
    }
    let spec = at.as_mapping_mut()?;
    Some(LISTS.map(|key| match spec.remove(key) {
        Some(Value::Sequence(list)) => list,
        _ => Vec::new(),
    }))
}

/// There: all else the same, the helpers in the other list with nothing changed but their restartPolicy.
fn same_but_for_helpers(
    old: &str,
    new: &str,
    analysis: &Analysis,
    index: usize,
    moved: &[String],
    form: Form,
) -> Result<(), String> {
    let new_analysis = analyze(new, &Options::default());
    let ((mut before, _), (mut after, _)) = (values(old, analysis), values(new, &new_analysis));
    let lists = take_lists(&mut before, analysis, index).ok_or("no Pod spec before")?;
    let new_lists = take_lists(&mut after, &new_analysis, index).ok_or("no Pod spec after")?;
    if before != after {
        return Err("something else changed".to_owned());
    }
    let name = name_of;
    let strip = |value: &Value| {
        let mut value = value.clone();
        if let Some(map) = value.as_mapping_mut() {
            map.remove("restartPolicy");
        }
        value
    };
    let (from, to) = if form == Form::Native { (1, 0) } else { (0, 1) };
    let stayed: Vec<&Value> = lists[from].iter().filter(|value| !moved.contains(&name(value))).collect();
    let is_as_planned = stayed == new_lists[from].iter().collect::<Vec<_>>()
        && new_lists[to].iter().filter(|value| !moved.contains(&name(value))).eq(lists[to].iter())
        && moved.iter().all(|one| {
            let old = lists[from].iter().find(|value| name(value) == *one);
            let new = new_lists[to].iter().find(|value| name(value) == *one);
            let policy = new.and_then(|new| new.get("restartPolicy")).and_then(Value::as_str);
            let is_always = policy.is_some_and(|text| text == "Always" || text.contains("\"Always\""));
            old.map(strip) == new.map(strip) && is_always == (form == Form::Native)
        });
    if is_as_planned { Ok(()) } else { Err("the lists are not as planned".to_owned()) }
}

/// There and back: the same containers with the same fields in the same lists, those that were not moved in the same
/// order, and all else the same. `initContainers` that is empty is as good as none. A `restartPolicy` that a regular
/// container should not have had is gone.
fn same_meaning(old: &str, new: &str, analysis: &Analysis, index: usize, form: Form) -> Result<&'static str, String> {
    let new_analysis = analyze(new, &Options::default());
    let ((mut before, reader), (mut after, _)) = (values(old, analysis), values(new, &new_analysis));
    let mut lists = take_lists(&mut before, analysis, index).ok_or("no Pod spec before")?;
    let mut new_lists = take_lists(&mut after, &new_analysis, index).ok_or("no Pod spec after")?;
    if before != after {
        return Err("something else changed".to_owned());
    }
    let always = |value: &Value| value.as_str().is_some_and(|text| text == "Always" || text.contains("\"Always\""));
    for list in [&mut lists, &mut new_lists] {
        for value in list[1].iter_mut().filter(|_| form == Form::Native) {
            if let Some(map) = value.as_mapping_mut()
                && map.get("restartPolicy").is_some_and(always)
            {
                map.remove("restartPolicy");
            }
        }
        list.iter_mut().for_each(|list| list.sort_by_key(name_of));
    }
    if lists == new_lists { Ok(reader) } else { Err("the containers are not the same".to_owned()) }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
