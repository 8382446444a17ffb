//! Evidence from names: what the container calls itself, and whether its workload is called the same.

use super::Subject;
use crate::category::Category;
use crate::detect::{Evidence, EvidenceKind};
use crate::model::{Image, lookup};

/// Words in names that say what a helper does. Names mislead, so none of them decides alone.
const HELPER_WORDS: &[(&str, i16, Category)] = &[
    ("sidecar", 5, Category::Other),
    ("logger", 4, Category::LogShipper),
    ("logging", 4, Category::LogShipper),
    ("logs", 4, Category::LogShipper),
    ("log", 3, Category::LogShipper),
    ("logshipper", 5, Category::LogShipper),
    ("shipper", 5, Category::LogShipper),
    ("forwarder", 4, Category::LogShipper),
    ("tail", 3, Category::LogShipper),
    ("tailer", 4, Category::LogShipper),
    ("logrotate", 5, Category::Other),
    ("exporter", 4, Category::Metrics),
    ("metrics", 4, Category::Metrics),
    ("statsd", 3, Category::Metrics),
    ("monitor", 2, Category::Metrics),
    ("monitoring", 3, Category::Metrics),
    ("pmm", 3, Category::Metrics),
    ("proxy", 3, Category::Ambassador),
    ("ambassador", 4, Category::Ambassador),
    ("tunnel", 3, Category::Ambassador),
    ("vpn", 3, Category::Ambassador),
    ("adapter", 3, Category::Adapter),
    ("auth", 2, Category::AuthProxy),
    ("oauth", 3, Category::AuthProxy),
    ("authz", 4, Category::AuthProxy),
    ("opa", 3, Category::AuthProxy),
    ("tls", 3, Category::Tls),
    ("ssl", 3, Category::Tls),
    ("cert", 3, Category::Tls),
    ("certs", 3, Category::Tls),
    ("reloader", 5, Category::ConfigReload),
    ("reload", 4, Category::ConfigReload),
    ("config", 2, Category::ConfigReload),
    ("watcher", 3, Category::ConfigReload),
    ("monit", 4, Category::ConfigReload),
    ("sync", 4, Category::DataSync),
    ("syncer", 4, Category::DataSync),
    ("puller", 3, Category::DataSync),
    ("fetcher", 3, Category::DataSync),
    ("secrets", 3, Category::SecretsAgent),
    ("vault", 3, Category::SecretsAgent),
    ("token", 2, Category::SecretsAgent),
    ("tracing", 3, Category::Tracing),
    ("tracer", 3, Category::Tracing),
    ("otel", 4, Category::Tracing),
    ("opentelemetry", 4, Category::Tracing),
    ("jaeger", 3, Category::Tracing),
    ("backup", 4, Category::Backup),
    ("dumper", 3, Category::Backup),
    ("cache", 2, Category::Cache),
    ("debug", 4, Category::Debug),
    ("debugger", 4, Category::Debug),
    ("tcpdump", 5, Category::Debug),
    ("agent", 3, Category::Other),
    ("helper", 5, Category::Other),
    ("registrar", 4, Category::Other),
    ("dind", 4, Category::Other),
];

/// Names that people give to the app itself.
const APP_NAMES: &[&str] =
    &["app", "main", "application", "web", "server", "api", "backend", "frontend", "service", "primary", "base"];

/// Parts of names that people give to the app itself.
const APP_WORDS: &[&str] = &["app", "main", "application", "primary"];

pub(super) fn gather(subject: Subject<'_>) -> Vec<Evidence> {
    let mut found = Vec::new();
    let own_names = workload_names(subject);
    if let Some(name) = &subject.container.name {
        let words = words(&name.value);
        let node = Some(name.node);
        // The strongest word speaks for a helper; the others only say more about what it is for.
        for (rank, (word, points, category)) in helper_words(&words).into_iter().enumerate() {
            let text = format!("name {} says {word}", name.value);
            let points = if rank == 0 { points } else { 0 };
            let weight = name_weight(points.max(2), category);
            found.push(subject.of_category(EvidenceKind::Name, points, (category, weight), text, node));
        }
        if APP_NAMES.contains(&name.value.as_str()) {
            found.push(subject.evidence(
                EvidenceKind::Name,
                -5,
                format!("{} is a usual name for an app", name.value),
                node,
            ));
        } else if words.iter().any(|word| APP_WORDS.contains(&word.as_str())) {
            found.push(subject.evidence(
                EvidenceKind::Name,
                -4,
                format!("name {} says that it is the app", name.value),
                node,
            ));
        }
        if let Some(workload) = own_names.iter().find(|own| **own == name.value) {
            let text = format!("the workload is named {workload} as well");
            found.push(subject.evidence(EvidenceKind::WorkloadName, -6, text, node));
        } else if let Some(workload) = own_names.iter().find(|own| is_part_of(&name.value, own)) {
            let text = format!("its name {} is part of the workload's name {workload}", name.value);
            found.push(subject.evidence(EvidenceKind::WorkloadName, -3, text, node));
        }
    }
    if let Some(image) = &subject.container.image {
        found.extend(from_image(subject, &image.value, &own_names, image.node));
    }
    found
}

/// The words of a name that say what a helper does, the strongest first.
fn helper_words(words: &[String]) -> Vec<(&'static str, i16, Category)> {
    let is_own = |word: &str| words.iter().any(|own| own == word);
    // Most of the list has not even a length in common with them.
    let lengths = words.iter().fold(0_u64, |lengths, word| lengths | 1 << word.len().min(63));
    let has_length = |word: &str| lengths >> word.len() & 1 == 1;
    let mut found: Vec<_> =
        HELPER_WORDS.iter().filter(|(word, ..)| has_length(word) && is_own(word)).copied().collect();
    found.sort_by_key(|(_, points, _)| -points);
    found
}

/// Words that only say "helper" leave the category to all others.
fn name_weight(points: i16, category: Category) -> u8 {
    if category == Category::Other { 1 } else { u8::try_from(points).unwrap_or(1) }
}

fn from_image(subject: Subject<'_>, image: &Image, own_names: &[&str], node: crate::source::NodeId) -> Vec<Evidence> {
    let base = image.base();
    let mut found = Vec::new();
    if let Some(workload) = own_names.iter().find(|own| **own == base || is_part_of(base, own)) {
        let text = format!("image {} is called like the workload {workload}", image.repository);
        found.push(subject.evidence(EvidenceKind::WorkloadName, -3, text, Some(node)));
    }
    if let Some((word, points, category)) = helper_words(&words(base)).first().copied() {
        let text = format!("image {} says {word}", image.repository);
        let weight = name_weight(2, category);
        found.push(subject.of_category(EvidenceKind::Image, points / 2, (category, weight), text, Some(node)));
    }
    found
}

/// Names that the workload and its labels have.
fn workload_names(subject: Subject<'_>) -> Vec<&str> {
    let pod = &subject.workload.pod;
    let object = subject.model.objects.get(subject.workload.object);
    let labels = ["app.kubernetes.io/name", "app", "k8s-app", "name", "app.kubernetes.io/component", "component"];
    let from_labels = labels.iter().filter_map(|label| {
        lookup(&pod.labels, label).or_else(|| object.and_then(|object| lookup(&object.labels, label)))
    });
    subject.workload.name.as_deref().into_iter().chain(from_labels).filter(|name| !name.is_empty()).collect()
}

/// Whether `part` is one or several whole words of `whole`.
fn is_part_of(part: &str, whole: &str) -> bool {
    part.len() >= 3 && whole.len() > part.len() && {
        let at_start = whole.strip_prefix(part).is_some_and(|rest| rest.starts_with(['-', '_', '.']));
        let at_end = whole.strip_suffix(part).is_some_and(|rest| rest.ends_with(['-', '_', '.']));
        at_start || at_end
    }
}

/// The lower-case words of a name.
fn words(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect()
}
