//! Warnings. Source: `pkg/api/pod/warnings.go`, `pkg/api/job/warnings.go`, and the strategies in `pkg/registry`.

use super::error::quote;
use super::item::At;
use super::path::Path;
use super::resources::amount;
use super::{Check, annotations, names, network, overlaps, update};
use crate::release::Feature;
use std::collections::{BTreeMap, BTreeSet};

/// Warnings in the order of the server: the path to the field, and what is said.
#[derive(Default)]
pub(super) struct Warnings(pub(super) Vec<(String, String)>);

impl Warnings {
    pub(super) fn at(&mut self, path: &Path, what: impl std::fmt::Display) {
        self.0.push((path.to_string(), format!("{path}: {what}")));
    }

    /// A warning whose text does not begin with its path.
    fn plain(&mut self, path: &Path, what: String) {
        self.0.push((path.to_string(), what));
    }
}

/// The name of an object whose Pods take it into their own.
pub(super) fn name(warnings: &mut Warnings, name: &str, is_pod: bool) {
    let messages = names::dns_label(name);
    if messages.is_empty() {
        return;
    }
    let used = if is_pod { "the Pod's hostname" } else { "Pod names and hostnames" };
    let rest = "which can result in surprising behavior; a DNS label is recommended";
    let what = format!("this is used in {used}, {rest}: [{}]", messages.join(" "));
    warnings.at(&Path::new("metadata").child("name"), what);
}

/// Labels of nodes that are no longer in use.
fn deprecated_label(key: &str) -> Option<&'static str> {
    Some(match key {
        "beta.kubernetes.io/arch" => "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
        "beta.kubernetes.io/os" => "deprecated since v1.14; use \"kubernetes.io/os\" instead",
        "failure-domain.beta.kubernetes.io/region" => {
            "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead"
        }
        "failure-domain.beta.kubernetes.io/zone" => {
            "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead"
        }
        "beta.kubernetes.io/instance-type" => {
            "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead"
        }
        "app.kubernetes.io/created-by" => "deprecated since v1.9",
        "scheduler.alpha.kubernetes.io/preferAvoidPods" => "deprecated since v1.22; use Taints and Tolerations instead",
        "node-role.kubernetes.io/master" => "use \"node-role.kubernetes.io/control-plane\" instead",
        _ => return None,
    })
}

/// Kinds of volumes that are on their way out, in the order in which the server looks at them.
const OLD_VOLUMES: [(&str, &str); 9] = [
    ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    ("gitRepo", "deprecated in v1.11"),
    ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
    ("storageos", "deprecated in v1.22, non-functional in v1.25+"),
    ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
    ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
];

/// A Pod (with an empty path) or a template.
pub(super) fn pod(check: &Check, warnings: &mut Warnings, pod: At<'_>, path: &Path, is_template: bool) {
    let (meta, spec) = (pod.get("metadata"), pod.get("spec"));
    let (spec_path, annotation_path) = (path.child("spec"), path.child("metadata").child("annotations"));
    let annotations = meta.get("annotations");
    placement(check, warnings, spec, &spec_path);
    let old_annotations = [
        ("scheduler.alpha.kubernetes.io/critical-pod", "v1.16+", "priorityClassName"),
        ("security.alpha.kubernetes.io/sysctls", "v1.11+", "sysctls"),
        ("security.alpha.kubernetes.io/unsafe-sysctls", "v1.11+", "sysctls"),
    ];
    for (key, since, field) in old_annotations.into_iter().filter(|(key, _, _)| annotations.has(key)) {
        let what = format!("non-functional in {since}; use the \"{field}\" field instead");
        warnings.at(&annotation_path.key(key), what);
    }
    volumes(check, warnings, spec, &spec_path);
    repeated(warnings, spec, &spec_path);
    for name in BYTES {
        fraction(warnings, spec.get("overhead"), name, || spec_path.child("overhead"));
    }
    let seccomp = "seccomp.security.alpha.kubernetes.io/pod";
    let no_field = "non-functional in v1.27+; use the \"seccompProfile\" field instead";
    if !spec.at(&["securityContext", "seccompProfile"]).is_set() && annotations.has(seccomp) {
        warnings.at(&annotation_path.key(seccomp), no_field);
    }
    let containers = update::containers_with_paths(spec, &spec_path);
    let is_annotated = annotations.is_set();
    for (container, path) in &containers {
        let key = || format!("container.seccomp.security.alpha.kubernetes.io/{}", container.get("name").text());
        let has_field = container.at(&["securityContext", "seccompProfile"]).is_set();
        if let Some(key) = is_annotated.then(key).filter(|key| !has_field && annotations.has(key)) {
            warnings.at(&annotation_path.key(&key), no_field);
        }
        if is_template && is_annotated {
            app_armor(check, warnings, *container, pod, &annotation_path);
        }
        let resources = container.get("resources");
        for name in BYTES {
            for list in ["limits", "requests"] {
                fraction(warnings, resources.get(list), name, || path.child("resources").child(list));
            }
        }
        hidden_variables(warnings, *container, &path.child("env"));
    }
    ports(check, warnings, &containers);
    if spec.get("terminationGracePeriodSeconds").int() < 0 {
        let what = "must be >= 0; negative values are invalid and will be treated as 1";
        warnings.at(&spec_path.child("terminationGracePeriodSeconds"), what);
    }
    affinity_terms(warnings, spec, &spec_path.child("affinity"));
    if check.minor() >= 33 {
        for (index, server) in spec.at(&["dnsConfig", "nameservers"]).texts().into_iter().enumerate() {
            if let Some(what) = network::ip_warning(server, check.minor()) {
                warnings.at(&spec_path.child("dnsConfig").child("nameservers").index(index), what);
            }
        }
        for (index, alias) in spec.get("hostAliases").items().enumerate() {
            if let Some(what) = network::ip_warning(alias.get("ip").text(), check.minor()) {
                warnings.at(&spec_path.child("hostAliases").index(index).child("ip"), what);
            }
        }
    }
}

fn placement(check: &Check, warnings: &mut Warnings, spec: At<'_>, path: &Path) {
    for (key, _) in spec.get("nodeSelector").entries() {
        if let Some(what) = deprecated_label(key) {
            warnings.at(&path.child("nodeSelector").key(key), what);
        }
    }
    let node = spec.at(&["affinity", "nodeAffinity"]);
    let node_path = path.child("affinity").child("nodeAffinity");
    let required = "requiredDuringSchedulingIgnoredDuringExecution";
    for (index, term) in node.at(&[required, "nodeSelectorTerms"]).items().enumerate() {
        let path = node_path.child(required).child("nodeSelectorTerms").index(index);
        node_term(check, warnings, term, false, &path);
    }
    let preferred = "preferredDuringSchedulingIgnoredDuringExecution";
    for (index, term) in node.get(preferred).items().enumerate() {
        let path = node_path.child(preferred).index(index).child("preference");
        node_term(check, warnings, term.get("preference"), true, &path);
    }
    for (index, constraint) in spec.get("topologySpreadConstraints").items().enumerate() {
        let path = path.child("topologySpreadConstraints").index(index);
        let key = constraint.get("topologyKey").text();
        if let Some(what) = deprecated_label(key) {
            warnings.at(&path.child("topologyKey"), format!("{key} is {what}"));
        }
        if !constraint.has("labelSelector") {
            warnings.at(&path.child("labelSelector"), "a null labelSelector results in matching no pod");
        }
    }
}

fn node_term(check: &Check, warnings: &mut Warnings, term: At<'_>, with_values: bool, path: &Path) {
    for (index, requirement) in term.get("matchExpressions").items().enumerate() {
        let path = path.child("matchExpressions").index(index);
        let key = requirement.get("key").text();
        if let Some(what) = deprecated_label(key) {
            warnings.at(&path.child("key"), format!("{key} is {what}"));
        }
        if !with_values {
            continue;
        }
        for (index, value) in requirement.get("values").texts().into_iter().enumerate() {
            for message in names::label_value(value, check.newer_names()) {
                warnings.at(&path.child("values").index(index), format!("{value} is invalid, {message}"));
            }
        }
    }
}

fn volumes(check: &Check, warnings: &mut Warnings, spec: At<'_>, path: &Path) {
    for (index, volume) in spec.get("volumes").items().enumerate() {
        let path = path.child("volumes").index(index);
        for (kind, what) in OLD_VOLUMES {
            // The claim is looked at between these.
            if kind == "cephfs" {
                let claim = volume.at(&["ephemeral", "volumeClaimTemplate"]);
                let path = path.child("ephemeral").child("volumeClaimTemplate").child("spec");
                claim_spec(warnings, claim.get("spec"), &path);
            }
            if !volume.has(kind) || (matches!(kind, "cephfs" | "rbd") && check.minor() < 28) {
                continue;
            }
            let rest = match kind {
                "gitRepo" if check.minor() >= 33 && !check.has(Feature::GitRepoVolume) => {
                    ", and disabled by default in v1.33+"
                }
                _ => "",
            };
            let shown = if kind == "storageos" { "storageOS" } else { kind };
            warnings.at(&path.child(shown), format!("{what}{rest}"));
        }
    }
    for (index, what) in overlaps::warnings(spec.get("volumes"), check.minor() < 34) {
        warnings.plain(&path.child("volumes").index(index), what);
    }
}

/// The storage that a claim asks for.
pub(super) fn claim_spec(warnings: &mut Warnings, spec: At<'_>, path: &Path) {
    for list in ["requests", "limits"] {
        let amounts = spec.at(&["resources", list]);
        fraction(warnings, amounts, "storage", || path.child("resources").child(list));
    }
}

/// Amounts that are counted in bytes.
const BYTES: [&str; 2] = ["memory", "ephemeral-storage"];

/// Bytes that are no whole number, in a list of amounts.
fn fraction(warnings: &mut Warnings, list: At<'_>, name: &str, path: impl Fn() -> Path) {
    let amount = amount(list.get(name));
    if amount.milli() % 1000 != 0 {
        let what = format!("fractional byte value {} is invalid, must be an integer", quote(&amount.to_string()));
        warnings.at(&path().key(name), what);
    }
}

/// Entries of lists that are there twice.
fn repeated(warnings: &mut Warnings, spec: At<'_>, path: &Path) {
    for (list, field) in [("hostAliases", "ip"), ("imagePullSecrets", "name")] {
        let mut known = BTreeSet::new();
        for (index, entry) in spec.get(list).items().enumerate() {
            let value = entry.get(field).text();
            if !known.insert(value) {
                let path = path.child(list).index(index).child(field);
                warnings.at(&path, format!("duplicate {field} {}", quote(value)));
            }
        }
    }
    for (index, secret) in spec.get("imagePullSecrets").items().enumerate() {
        if secret.get("name").text().is_empty() {
            let path = path.child("imagePullSecrets").index(index).child("name");
            warnings.at(&path, "invalid empty name \"\"");
        }
    }
}

fn app_armor(check: &Check, warnings: &mut Warnings, container: At<'_>, pod: At<'_>, path: &Path) {
    let key = annotations::app_armor_key(container);
    let Some(annotation) = pod.at(&["metadata", "annotations", &key]).opt_text() else { return };
    let own = pod.at(&["spec", "securityContext", "appArmorProfile"]);
    let is_same = if check.minor() >= 34 { own.is_set() && same_profile(annotation, own) } else { own.is_set() };
    if !container.at(&["securityContext", "appArmorProfile"]).is_set() && !is_same && check.minor() >= 30 {
        warnings.at(&path.key(&key), "deprecated since v1.30; use the \"appArmorProfile\" field instead");
    }
}

/// Whether an annotation says the same as a field.
pub(super) fn same_profile(annotation: &str, field: At<'_>) -> bool {
    annotations::app_armor_profile(annotation).is_some_and(|(kind, name)| {
        field.get("type").text() == kind && field.get("localhostProfile").opt_text() == name
    })
}

/// Variables that hide an earlier one of the same name without making use of it.
fn hidden_variables(warnings: &mut Warnings, container: At<'_>, path: &Path) {
    let mut known = BTreeSet::new();
    for (index, variable) in container.get("env").items().enumerate() {
        let (name, value) = (variable.get("name").text(), variable.get("value").text());
        if known.insert(name) {
            continue;
        }
        let reference = format!("$({name})");
        if variable.has("valueFrom") || value == reference || !value.contains(&reference) {
            let what = format!("hides previous definition of {}, which may be dropped when using apply", quote(name));
            warnings.at(&path.index(index), what);
        }
    }
}

fn ports(check: &Check, warnings: &mut Warnings, containers: &[(At<'_>, Path)]) {
    struct Port {
        path: Path,
        host: i64,
        ip: String,
    }
    let mut known: BTreeMap<String, Vec<Port>> = BTreeMap::new();
    for (container, path) in containers {
        for (index, port) in container.get("ports").items().enumerate() {
            let path = path.child("ports").index(index);
            let (host, ip) = (port.get("hostPort").int(), port.get("hostIP").text());
            let (number, protocol) = (port.get("containerPort").int(), port.get("protocol").text());
            if !ip.is_empty() && host == 0 {
                let name = port.get("name").text();
                let what = format!(
                    "hostIP set without hostPort: {{Name:{name} HostPort:0 ContainerPort:{number} Protocol:{protocol} \
                     HostIP:{ip}}}"
                );
                warnings.at(&path, what);
            }
            let same = known.entry(format!("{number}/{protocol}")).or_default();
            for other in same.iter() {
                let what = if ip == other.ip && host == other.host {
                    "duplicate"
                } else if host == 0 || other.host == 0 {
                    "overlapping"
                } else if host == other.host && ip.is_empty() != other.ip.is_empty() {
                    "dangerously ambiguous"
                } else {
                    continue;
                };
                warnings.at(&path, format!("{what} port definition with {}", other.path));
            }
            same.push(Port { path, host, ip: ip.to_owned() });
        }
    }
    if check.minor() < 33 {
        return;
    }
    let mut names: BTreeMap<&str, Path> = BTreeMap::new();
    for (container, path) in containers {
        for (index, port) in container.get("ports").items().enumerate() {
            let path = path.child("ports").index(index);
            let name = port.get("name").text();
            if name.is_empty() {
                continue;
            }
            match names.get(name) {
                Some(other) => {
                    let what = format!(
                        "duplicate port name {} with {other}, services and probes that select ports by name will use \
                         {other}",
                        quote(name)
                    );
                    warnings.at(&path, what);
                }
                None => {
                    names.insert(name, path);
                }
            }
        }
    }
}

fn affinity_terms(warnings: &mut Warnings, spec: At<'_>, path: &Path) {
    for kind in ["podAffinity", "podAntiAffinity"] {
        for (list, wrapper) in [
            ("requiredDuringSchedulingIgnoredDuringExecution", None),
            ("preferredDuringSchedulingIgnoredDuringExecution", Some("podAffinityTerm")),
        ] {
            for (index, term) in spec.at(&["affinity", kind, list]).items().enumerate() {
                let mut path = path.child(kind).child(list).index(index);
                let mut term = term;
                if let Some(wrapper) = wrapper {
                    (path, term) = (path.child(wrapper), term.get(wrapper));
                }
                if !term.has("labelSelector") {
                    warnings.at(&path.child("labelSelector"), "a null labelSelector results in matching no pod");
                }
            }
        }
    }
}

/// A Job's spec.
pub(super) fn job(check: &Check, warnings: &mut Warnings, spec: At<'_>, path: &Path) {
    let number = |field: &str| spec.get(field).int();
    let is_indexed = spec.get("completionMode").text() == "Indexed";
    if is_indexed && number("completions") > 100_000 && number("parallelism") > 10_000 {
        let what = "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, \
                    Kubernetes might not be able to track completedIndexes when a big number of indexes fail";
        warnings.at(path, what);
    }
    pod(check, warnings, spec.get("template"), &path.child("template"), true);
}
