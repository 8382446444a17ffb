//! The kinds that are checked, and what is done for each. Source: the strategies in `pkg/registry`.

use super::error::FieldError;
use super::item::{At, Item};
use super::metadata::{self, NameRule};
use super::path::Path;
use super::warnings::{self, Warnings};
use super::{Check, Options, Verb, cron, jobs, labels, pod_spec, prepare, resize, template_options, update, workloads};
use crate::release::{Cluster, Feature};

/// The kind of an object, when it is one that is checked.
pub(super) fn kind(api_version: &str, kind: &str) -> Option<&'static str> {
    let of = |kinds: &[&'static str]| kinds.iter().copied().find(|own| *own == kind);
    match api_version {
        "v1" => of(&["Pod", "PodTemplate", "ReplicationController"]),
        "apps/v1" => of(&["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"]),
        "batch/v1" => of(&["Job", "CronJob"]),
        _ => None,
    }
}

/// What came of the checks.
pub(super) struct Run {
    pub(super) errors: Vec<FieldError>,
    /// Path and text.
    pub(super) warnings: Vec<(String, String)>,
    /// Path and feature.
    pub(super) dropped: Vec<(String, Feature)>,
}

/// Where a kind has its Pod template.
fn template_route(kind: &str) -> &'static [&'static str] {
    match kind {
        "PodTemplate" => &["template"],
        "CronJob" => &["spec", "jobTemplate", "spec", "template"],
        _ => &["spec", "template"],
    }
}

fn template_path(kind: &str) -> Path {
    Path::new(&template_route(kind).join("."))
}

/// Defaults, drops and checks.
pub(super) fn run(verb: Verb, kind: &str, mut item: Item, old: Option<Item>, cluster: &Cluster) -> Run {
    let mut warnings = Warnings::default();
    prepare::complete(&mut item, kind, cluster);
    let old = old.map(|mut old| {
        prepare::complete(&mut old, kind, cluster);
        prepare::take_over(&mut item, old.at());
        // A Job that is there has a selector; a client that changes it sends that back.
        if kind == "Job" && !old.at().at(&["spec", "selector"]).is_set() {
            jobs::generate_selector(&mut old);
            if !item.at().at(&["spec", "selector"]).is_set() {
                jobs::generate_selector(&mut item);
            }
        }
        old
    });
    let before = old.as_ref().map_or(At::NONE, Item::at);
    let dropped = prepare::prepare(verb, kind, &mut item, before, cluster, &mut warnings);
    let new = item.at();
    let mut check = if kind == "Pod" {
        let (spec, old_spec) = (new.get("spec"), before.get("spec"));
        Check::new(cluster, Options { is_pod: true, ..Options::new(spec, old_spec, before.get("metadata"), cluster) })
    } else {
        let route = template_route(kind);
        Check::new(cluster, template_options(new.at(route), before.at(route), cluster))
    };
    if kind == "Pod" {
        pod(&mut check, &mut warnings, verb, new, before);
    } else if verb == Verb::Create {
        create(&mut check, &mut warnings, kind, new);
    } else {
        change(&mut check, &mut warnings, kind, new, before);
    }
    Run { errors: check.errors.found, warnings: warnings.0, dropped }
}

fn pod(check: &mut Check, warnings: &mut Warnings, verb: Verb, new: At<'_>, old: At<'_>) {
    match verb {
        Verb::Create => {
            pod_spec::new_pod(check, new);
            warnings::name(warnings, new.at(&["metadata", "name"]).text(), true);
            warnings::pod(check, warnings, new, &Path::default(), false);
        }
        Verb::Update => update::pod(check, new, old),
        Verb::Resize => resize::resize(check, new, old),
        Verb::Ephemeral => update::ephemeral(check, new, old),
    }
}

fn create(check: &mut Check, warnings: &mut Warnings, kind: &str, new: At<'_>) {
    let (meta, spec) = (new.get("metadata"), new.get("spec"));
    let rule = match kind {
        "StatefulSet" => NameRule::Label,
        "ReplicationController" if check.minor() >= 34 => NameRule::LongName,
        _ => NameRule::Subdomain,
    };
    metadata::metadata(check, meta, rule);
    body(check, kind, new, None);
    let name = meta.get("name").text();
    if matches!(kind, "Deployment" | "ReplicaSet" | "ReplicationController" | "Job" | "CronJob") {
        warnings::name(warnings, name, false);
    }
    if kind == "CronJob" && name.len() > 52 {
        let path = Path::new("metadata").child("name");
        check.errors.invalid(&path, name, "must be no more than 52 characters");
    }
    if kind == "CronJob" && spec.get("schedule").text().contains("TZ") && check.minor() < 27 {
        return;
    }
    template_warnings(check, warnings, kind, new);
    if kind == "StatefulSet" {
        stateful_set_warnings(check, warnings, spec, false);
    }
}

/// The rules for what stands beside the metadata.
fn body(check: &mut Check, kind: &str, new: At<'_>, old: Option<At<'_>>) {
    let (spec, old_spec) = (new.get("spec"), old.map(|old| old.get("spec")));
    match kind {
        "PodTemplate" => pod_spec::template(check, new.get("template"), &Path::new("template")),
        "CronJob" => cron::spec(check, spec, old_spec, &Path::new("spec")),
        "Job" => {
            let had = |key: &str| old_spec.is_none_or(|old| old.at(&["template", "metadata", "labels", key]).is_set());
            let wants_prefixed = had("batch.kubernetes.io/job-name") && had("batch.kubernetes.io/controller-uid");
            jobs::job(check, new, wants_prefixed);
        }
        _ => workloads::spec(check, kind, spec, old_spec),
    }
}

fn change(check: &mut Check, warnings: &mut Warnings, kind: &str, new: At<'_>, old: At<'_>) {
    let (spec, old_spec) = (new.get("spec"), old.get("spec"));
    let keeps_odd_values = labels::has_odd_value(old_spec.get("selector"));
    if matches!(kind, "DaemonSet" | "Job") && keeps_odd_values {
        check.options.any_selector_value = true;
    }
    // Until 1.33 these were checked twice, as new and as changed.
    let is_twice = matches!(kind, "DaemonSet" | "ReplicaSet" | "ReplicationController") && check.minor() <= 33;
    if kind == "Job" || is_twice {
        metadata::metadata(check, new.get("metadata"), NameRule::Subdomain);
        body(check, kind, new, Some(old));
    }
    metadata::metadata_update(check, new.get("metadata"), old.get("metadata"));
    let path = Path::new("spec");
    let fixed_selector = |check: &mut Check| jobs::immutable(check, spec, old_spec, "selector", &path);
    match kind {
        "Job" => jobs::update(check, spec, old_spec, old.get("status")),
        "DaemonSet" if check.minor() >= 34 => {
            fixed_selector(check);
            body(check, kind, new, Some(old));
        }
        _ => {
            body(check, kind, new, Some(old));
            if matches!(kind, "Deployment" | "ReplicaSet" | "DaemonSet") {
                fixed_selector(check);
            }
        }
    }
    if kind == "StatefulSet" {
        workloads::stateful_update_fixed(check, spec, old_spec);
    }
    let route = ["metadata", "annotations"];
    let is_changed = match kind {
        "DaemonSet" => !spec.get("template").same(old_spec.get("template")),
        "PodTemplate" => !new.get("template").same(old.get("template")),
        "Deployment" => !spec.same(old_spec) || !new.at(&route).same(old.at(&route)),
        _ => !spec.same(old_spec),
    };
    if is_changed {
        // Of a ReplicationController, the server looks at the old template.
        let of = if kind == "ReplicationController" { old } else { new };
        template_warnings(check, warnings, kind, of);
    }
    if kind == "CronJob" && spec.get("schedule").text().contains("TZ") {
        let what = "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see \
                    https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details";
        warnings.0.push(("spec.schedule".to_owned(), what.to_owned()));
    }
    if kind == "StatefulSet" {
        stateful_set_warnings(check, warnings, spec, true);
    }
}

fn template_warnings(check: &Check, warnings: &mut Warnings, kind: &str, of: At<'_>) {
    let template = of.at(template_route(kind));
    match kind {
        "Job" => warnings::job(check, warnings, of.get("spec"), &Path::new("spec")),
        "CronJob" => {
            let path = Path::new("spec").child("jobTemplate").child("spec");
            warnings::job(check, warnings, of.at(&["spec", "jobTemplate", "spec"]), &path);
        }
        _ if template.is_set() => warnings::pod(check, warnings, template, &template_path(kind), true),
        _ => {}
    }
}

fn stateful_set_warnings(check: &Check, warnings: &mut Warnings, spec: At<'_>, is_update: bool) {
    for (index, claim) in spec.get("volumeClaimTemplates").items().enumerate() {
        let path = Path::new("spec").child("volumeClaimTemplates").index(index);
        let path = if is_update { path.child("Spec") } else { path };
        warnings::claim_spec(warnings, claim.get("spec"), &path);
    }
    if spec.get("revisionHistoryLimit").int() < 0 && check.minor() >= 33 {
        let what = "a negative value retains all historical revisions; a value >= 0 is recommended";
        warnings.at(&Path::new("spec").child("revisionHistoryLimit"), what);
    }
}
