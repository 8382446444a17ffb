//! Requests and limits.

use super::error::Bad;
use super::item::At;
use super::path::Path;
use super::{Check, names, update};
use crate::quantity::Quantity;
use std::collections::{BTreeMap, BTreeSet};

/// Amounts by name.
pub(super) type Amounts<'p> = BTreeMap<&'p str, Quantity>;

/// An amount; nothing when it is not there. Texts that are no amounts were refused before.
pub(super) fn amount(at: At<'_>) -> Quantity {
    at.opt_text().and_then(Quantity::parse).unwrap_or(Quantity::ZERO)
}

/// The amounts of a list such as `limits`.
pub(super) fn amounts(list: At<'_>) -> Amounts<'_> {
    list.entries().into_iter().map(|(name, at)| (name, amount(at))).collect()
}

const STANDARD: [&str; 20] = [
    "cpu",
    "memory",
    "ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "storage",
    "requests.storage",
    "services.nodeports",
    "services.loadbalancers",
];
const WHOLE: [&str; 9] = [
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "services.nodeports",
    "services.loadbalancers",
];

fn is_huge(name: &str) -> bool {
    name.starts_with("hugepages-")
}

fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

/// Whether more can be promised than there is.
fn is_elastic(name: &str) -> bool {
    is_native(name) && !is_huge(name)
}

fn is_extended(name: &str) -> bool {
    !is_native(name)
        && !name.starts_with("requests.")
        && names::qualified_name(&format!("requests.{name}"), true).is_empty()
}

/// Whether the Pod as a whole can have it.
pub(super) fn is_pod_level(name: &str) -> bool {
    matches!(name, "cpu" | "memory") || is_huge(name)
}

/// Whether an amount of huge pages is a number of pages.
pub(super) fn fits_pages(name: &str, amount: Quantity) -> bool {
    let page = name.strip_prefix("hugepages-").and_then(Quantity::parse).unwrap_or(Quantity::ZERO);
    let size = page.value();
    size > 0 && page.milli() % 1000 == 0 && amount.value() % size == 0
}

/// The name of a resource; gives back whether the server stops there.
fn resource_name(check: &mut Check, name: &str, path: &Path) -> bool {
    let messages = names::qualified_name(name, check.newer_names());
    if !messages.is_empty() {
        for message in messages {
            check.errors.invalid(path, Bad::resource(name), message);
        }
        return true;
    }
    let is_unknown =
        !name.contains('/') && !STANDARD.contains(&name) && !is_huge(name) && !name.starts_with("requests.hugepages-");
    if is_unknown {
        check.errors.invalid(path, Bad::resource(name), "must be a standard resource type or fully qualified");
    }
    is_unknown
}

fn container_resource_name(check: &mut Check, name: &str, path: &Path) {
    resource_name(check, name, path);
    if !name.contains('/') {
        if !matches!(name, "cpu" | "memory" | "ephemeral-storage") && !is_huge(name) {
            check.errors.invalid(path, Bad::resource(name), "must be a standard resource for containers");
        }
    } else if name.matches('/').count() >= 1 && !is_native(name) && !is_extended(name) {
        check.errors.invalid(path, Bad::resource(name), "doesn't follow extended resource name standard");
    }
}

fn pod_resource_name(check: &mut Check, name: &str, path: &Path) {
    if !resource_name(check, name, path) && !is_pod_level(name) {
        check.errors.not_supported(path, Bad::resource(name), &["cpu", "hugepages-", "memory"]);
    }
}

/// An amount that must not be negative, and whole where parts make no sense.
fn value(check: &mut Check, name: &str, amount: Quantity, path: &Path) {
    if amount.is_negative() {
        check.errors.invalid(path, amount.to_string(), "must be greater than or equal to 0");
    }
    if (WHOLE.contains(&name) || is_extended(name)) && amount.milli() % 1000 != 0 {
        check.errors.invalid(path, Bad::amount(amount), "must be an integer");
    }
}

/// `resources` of a container.
pub(super) fn container(check: &mut Check, resources: At<'_>, claims: &BTreeSet<&str>, path: &Path) {
    requirements(check, resources.get("requests"), resources.get("limits"), container_resource_name, path);
    claim_names(check, resources.get("claims"), claims, &path.child("claims"));
}

/// `spec.overhead`, which the server checks as if it were limits.
pub(super) fn overhead(check: &mut Check, overhead: At<'_>, path: &Path) {
    requirements(check, At::NONE, overhead, container_resource_name, path);
}

fn requirements(
    check: &mut Check,
    requests: At<'_>,
    limits: At<'_>,
    check_name: fn(&mut Check, &str, &Path),
    path: &Path,
) {
    let (limits, requests) = (amounts(limits), amounts(requests));
    let (limit_path, request_path) = (path.child("limits"), path.child("requests"));
    for (name, limit) in &limits {
        let path = limit_path.key(name);
        check_name(check, name, &path);
        value(check, name, *limit, &path);
        huge_pages(check, name, *limit, &path);
    }
    for (name, request) in &requests {
        let path = request_path.key(name);
        check_name(check, name, &path);
        value(check, name, *request, &path);
        match limits.get(name) {
            Some(limit) if request != limit && !is_elastic(name) => {
                let detail = format!("must be equal to {name} limit of {limit}");
                check.errors.invalid(&request_path, request.to_string(), detail);
            }
            Some(limit) if request > limit => {
                let detail = format!("must be less than or equal to {name} limit of {limit}");
                check.errors.invalid(&request_path, request.to_string(), detail);
            }
            None if !is_elastic(name) => {
                check.errors.required(&limit_path, "Limit must be set for non overcommitable resources");
            }
            _ => {}
        }
        huge_pages(check, name, *request, &path);
    }
    let all = || limits.keys().chain(requests.keys());
    if all().any(|name| is_huge(name)) && !all().any(|name| matches!(*name, "cpu" | "memory")) {
        check.errors.forbidden(path, "HugePages require cpu or memory");
    }
}

fn huge_pages(check: &mut Check, name: &str, amount: Quantity, path: &Path) {
    if is_huge(name) && !check.options.uneven_huge_pages && !fits_pages(name, amount) {
        let amount = amount.to_string();
        let detail = format!("{amount} is not positive integer multiple of {name}");
        check.errors.invalid(path, amount, detail);
    }
}

/// `claims` of a container: each names a claim of the Pod.
fn claim_names(check: &mut Check, claims: At<'_>, known: &BTreeSet<&str>, path: &Path) {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for (index, claim) in claims.items().enumerate() {
        let path = path.index(index);
        let (name, request) = (claim.get("name").text(), claim.get("request").text());
        if name.is_empty() {
            check.errors.required(&path, "");
            continue;
        }
        if seen.contains(name) {
            check.errors.duplicate(&path, name);
        } else {
            let mut key = name.to_owned();
            if !request.is_empty() {
                check.errors.each(&path.child("request"), request, names::dns_label(request));
                key = format!("{name}/{request}");
            }
            if seen.contains(&key) {
                check.errors.duplicate(&path, &key);
            } else if request.is_empty() {
                let of_same = seen.iter().filter(|key| key.split_once('/').is_some_and(|(own, _)| own == name)).count();
                for _ in 0..of_same {
                    check.errors.duplicate(&path, name);
                }
            }
            seen.insert(key);
        }
        if !known.contains(name) {
            let names: Vec<&str> = known.iter().copied().collect();
            let rest = if names.is_empty() { " which is empty".to_owned() } else { format!(": {}", names.join(", ")) };
            check.errors.not_found(&path, name, format!("must be one of the names in pod.spec.resourceClaims{rest}"));
        }
    }
}

/// `resizePolicy`.
pub(super) fn resize_policy(check: &mut Check, policies: At<'_>, path: &Path, pod_policy: &str) {
    let mut known = BTreeSet::new();
    for (index, policy) in policies.items().enumerate() {
        let (resource, restart) = (policy.get("resourceName").text(), policy.get("restartPolicy").text());
        if !known.insert(resource) {
            check.errors.duplicate(&path.index(index), Bad::resource(resource));
        }
        let rules = [
            (Bad::resource(resource), resource, ["cpu", "memory"]),
            (Bad::alias(restart), restart, ["NotRequired", "RestartContainer"]),
        ];
        for (bad, value, values) in rules {
            if value.is_empty() {
                check.errors.required(path, "");
            } else if !values.contains(&value) {
                check.errors.not_supported(path, bad, &values);
            }
        }
        if pod_policy == "Never" && restart != "NotRequired" {
            let pod = if check.minor() >= 36 { "pod " } else { "" };
            let detail = format!("must be 'NotRequired' when {pod}`restartPolicy` is 'Never'");
            check.errors.invalid(path, Bad::alias(restart), detail);
        }
    }
}

/// What all containers together ask for, when init containers run one after another beside the sidecars before them.
pub(super) fn aggregate<'p>(spec: At<'p>, list: &str) -> Amounts<'p> {
    let add = |to: &mut Amounts<'p>, more: &Amounts<'p>| {
        for (name, amount) in more {
            let sum = to.get(name).map_or(*amount, |known| known.plus(*amount));
            to.insert(name, sum);
        }
    };
    let raise = |to: &mut Amounts<'p>, least: &Amounts<'p>| {
        for (name, amount) in least {
            if to.get(name).is_none_or(|known| known < amount) {
                to.insert(name, *amount);
            }
        }
    };
    let (mut run, mut sidecars, mut peak) = (Amounts::new(), Amounts::new(), Amounts::new());
    for container in spec.get("containers").items() {
        add(&mut run, &amounts(container.at(&["resources", list])));
    }
    for container in spec.get("initContainers").items() {
        let own = amounts(container.at(&["resources", list]));
        if update::is_sidecar(container) {
            add(&mut run, &own);
            add(&mut sidecars, &own);
            raise(&mut peak, &sidecars);
        } else {
            let mut step = own;
            add(&mut step, &sidecars);
            raise(&mut peak, &step);
        }
    }
    raise(&mut run, &peak);
    run
}

/// `spec.resources`.
pub(super) fn pod(check: &mut Check, spec: At<'_>, path: &Path) {
    let resources = spec.get("resources");
    if !resources.is_set() {
        return;
    }
    if spec.at(&["os", "name"]).text() == "windows" && check.minor() >= 34 {
        return check.errors.forbidden(path, "may not be set for a windows pod");
    }
    if resources.has("claims") {
        let may = if check.minor() >= 34 { "may not" } else { "cannot" };
        check.errors.forbidden(&path.child("claims"), format!("claims {may} be set for Resources at pod-level"));
    }
    requirements(check, resources.get("requests"), resources.get("limits"), pod_resource_name, path);
    let claims: BTreeSet<&str> = spec.get("resourceClaims").items().map(|claim| claim.get("name").text()).collect();
    let claims = claims.into_iter().filter(|name| !name.is_empty()).collect();
    claim_names(check, resources.get("claims"), &claims, &path.child("claims"));
    consistency(check, spec, path);
}

fn consistency(check: &mut Check, spec: At<'_>, path: &Path) {
    let resources = spec.get("resources");
    let (requests, limits) = (amounts(resources.get("requests")), amounts(resources.get("limits")));
    for (name, sum) in aggregate(spec, "requests") {
        let own = requests.get(name).copied();
        let own = if check.minor() >= 34 { own } else { Some(own.unwrap_or(Quantity::ZERO)) };
        if let Some(own) = own.filter(|own| sum > *own) {
            let detail = format!("must be greater than or equal to aggregate container requests of {sum}");
            check.errors.invalid(&path.child("requests").key(name), own.to_string(), detail);
        }
    }
    if check.minor() >= 34 {
        for (name, sum) in aggregate(spec, "limits") {
            if let Some(own) = limits.get(name).filter(|own| is_huge(name) && sum > **own) {
                let detail = format!("must be greater than or equal to aggregate container limits of {sum}");
                check.errors.invalid(&path.child("limits").key(name), own.to_string(), detail);
            }
        }
    }
    for (index, container) in spec.get("containers").items().enumerate() {
        for (name, limit) in amounts(container.at(&["resources", "limits"])) {
            if let Some(own) = limits.get(name).filter(|own| limit > **own) {
                // The server's path is odd.
                let path = path.child("containers").index(index).key(name).child("limits");
                let detail = format!("must be less than or equal to pod limits of {own}");
                check.errors.invalid(&path, limit.to_string(), detail);
            }
        }
    }
}
