//! The three lists of containers. Source: `pkg/apis/core/validation/validation.go`.

use super::error::Bad;
use super::item::At;
use super::mounts::{self, Volumes};
use super::path::Path;
use super::{Check, env, names, ports, probes, resources, restart, security, update};
use std::collections::BTreeSet;

/// What the containers of a Pod share.
pub(super) struct Shared<'p> {
    pub(super) spec: At<'p>,
    pub(super) volumes: Volumes<'p>,
    /// Names in `spec.resourceClaims`.
    pub(super) claims: BTreeSet<&'p str>,
    pub(super) grace: Option<i64>,
    pub(super) host_users: bool,
}

impl<'p> Shared<'p> {
    fn os(&self) -> At<'p> {
        self.spec.get("os")
    }

    fn restart_policy(&self) -> &'p str {
        self.spec.get("restartPolicy").text()
    }
}

/// What holds for a container in any list.
fn common(check: &mut Check, container: At<'_>, shared: &Shared<'_>, path: &Path) {
    let name = container.get("name").text();
    if name.is_empty() {
        check.errors.required(&path.child("name"), "");
    } else {
        check.errors.each(&path.child("name"), name, names::dns_label(name));
    }
    if container.get("image").text().is_empty() {
        check.errors.required(&path.child("image"), "");
    }
    let policy = container.get("terminationMessagePolicy").text();
    let policies = ["File", "FallbackToLogsOnError"];
    if policy.is_empty() {
        check.errors.required(&path.child("terminationMessagePolicy"), "");
    } else if !policies.contains(&policy) {
        check.errors.not_supported(&path.child("terminationMessagePolicy"), Bad::alias(policy), &policies);
    }
    ports::ports(check, container.get("ports"), &path.child("ports"));
    env::env(check, container.get("env"), &path.child("env"));
    env::env_from(check, container.get("envFrom"), &path.child("envFrom"));
    mounts::mounts(check, container, &shared.volumes, &path.child("volumeMounts"));
    mounts::devices(check, container, &shared.volumes, &path.child("volumeDevices"));
    pull_policy(check, container.get("imagePullPolicy").text(), &path.child("imagePullPolicy"));
    resources::container(check, container.get("resources"), &shared.claims, &path.child("resources"));
    resources::resize_policy(
        check,
        container.get("resizePolicy"),
        &path.child("resizePolicy"),
        shared.restart_policy(),
    );
    let security = container.get("securityContext");
    security::container(check, security, &path.child("securityContext"), shared.host_users);
}

/// `imagePullPolicy`, also of image volumes.
pub(super) fn pull_policy(check: &mut Check, policy: &str, path: &Path) {
    let policies = ["Always", "IfNotPresent", "Never"];
    if policy.is_empty() {
        check.errors.required(path, "");
    } else if !policies.contains(&policy) {
        check.errors.not_supported(path, Bad::alias(policy), &policies);
    }
}

/// Hooks and probes of a container that may have them.
fn hooks_and_probes(check: &mut Check, container: At<'_>, shared: &Shared<'_>, path: &Path) {
    let lifecycle = container.get("lifecycle");
    if lifecycle.is_set() {
        probes::lifecycle(check, lifecycle, shared.grace, &path.child("lifecycle"), shared.os());
    }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if container.has(probe) {
            probes::probe(check, container.get(probe), probe, shared.grace, &path.child(probe));
        }
    }
}

/// `spec.containers`.
pub(super) fn regular(check: &mut Check, shared: &Shared<'_>, path: &Path) {
    let containers = shared.spec.get("containers");
    if containers.len() == 0 {
        check.errors.required(path, "");
        return;
    }
    let mut known = BTreeSet::new();
    for (index, container) in containers.items().enumerate() {
        let path = path.index(index);
        common(check, container, shared, &path);
        let name = container.get("name").text();
        if !known.insert(name) {
            check.errors.duplicate(&path.child("name"), name);
        }
        hooks_and_probes(check, container, shared, &path);
        restart::regular(check, container, &path);
    }
    ports::host_port_conflicts(check, containers.items().enumerate(), path);
}

/// `spec.initContainers`.
pub(super) fn init(check: &mut Check, shared: &Shared<'_>, path: &Path) {
    let mut known: BTreeSet<&str> = shared.spec.get("containers").items().map(|c| c.get("name").text()).collect();
    for (index, container) in shared.spec.get("initContainers").items().enumerate() {
        let own = path.index(index);
        common(check, container, shared, &own);
        restart::init(check, container, &own);
        let name = container.get("name").text();
        if known.contains(name) {
            check.errors.duplicate(&own.child("name"), name);
        } else if !name.is_empty() {
            known.insert(name);
        }
        // The server checks each alone, and so reports all at index 0.
        ports::host_port_conflicts(check, std::iter::once((0, container)), path);
        let is_sidecar = update::is_sidecar(container);
        if is_sidecar {
            hooks_and_probes(check, container, shared, &own);
        } else {
            for field in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
                if container.has(field) {
                    let detail = "may not be set for init containers without restartPolicy=Always";
                    check.errors.forbidden(&own.child(field), detail);
                }
            }
        }
        let policies = container.get("resizePolicy");
        if !check.options.sidecar_resize_policy && policies.len() > 0 {
            check.errors.invalid(&own.child("resizePolicy"), policies, "must not be set for init containers");
        }
        if !is_sidecar && !check.options.init_restart_on_resize && check.minor() >= 36 {
            for (index, policy) in policies.items().enumerate() {
                if policy.get("restartPolicy").text() == "RestartContainer" {
                    let path = own.child("resizePolicy").index(index).child("restartPolicy");
                    let detail = "must not be set to 'RestartContainer' for non-sidecar initContainers";
                    check.errors.invalid(&path, Bad::alias("RestartContainer"), detail);
                }
            }
        }
    }
}

/// Fields that an ephemeral container may not have, in the order of Go's struct.
const NOT_EPHEMERAL: [&str; 9] = [
    "ports",
    "resources",
    "resizePolicy",
    "restartPolicy",
    "restartPolicyRules",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "lifecycle",
];

/// `spec.ephemeralContainers`.
pub(super) fn ephemeral(check: &mut Check, shared: &Shared<'_>, path: &Path) {
    let names_of = |list: &str| shared.spec.get(list).items().map(|c| c.get("name").text()).collect::<Vec<&str>>();
    let others: BTreeSet<&str> = names_of("containers").into_iter().chain(names_of("initContainers")).collect();
    let mut known = others.clone();
    for (index, container) in shared.spec.get("ephemeralContainers").items().enumerate() {
        let path = path.index(index);
        common(check, container, shared, &path);
        image_without_spaces(check, container, &path);
        let name = container.get("name").text();
        if !known.insert(name) {
            check.errors.duplicate(&path.child("name"), name);
        }
        let target = container.get("targetContainerName").text();
        if !target.is_empty() && !others.contains(target) {
            check.errors.not_found(&path.child("targetContainerName"), target, "");
        }
        for field in NOT_EPHEMERAL {
            if container.has(field) {
                check.errors.forbidden(&path.child(field), "cannot be set for an Ephemeral Container");
            }
        }
        for (index, mount) in container.get("volumeMounts").items().enumerate() {
            for field in ["subPath", "subPathExpr"] {
                if !mount.get(field).is_zero() {
                    let path = path.child("volumeMounts").index(index).child(field);
                    check.errors.forbidden(&path, "cannot be set for an Ephemeral Container");
                }
            }
        }
    }
}

/// Pods, not templates, refuse images with spaces around them.
pub(super) fn image_without_spaces(check: &mut Check, container: At<'_>, path: &Path) {
    let image = container.get("image").text();
    if image.trim() != image {
        check.errors.invalid(&path.child("image"), image, "must not have leading or trailing whitespace");
    }
}
