//! Fields that the server drops without a word, because their feature is switched off.
//!
//! Source: `dropDisabledFields` in `pkg/api/pod/util.go`. A field that the old object has stays.

use super::item::{At, Item};
use super::update::{all_containers, is_sidecar, uses_env_file};
use crate::release::{Cluster, Feature};

const LISTS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

/// What was dropped: the path within the spec, and the feature that is off.
pub(super) struct Dropped(pub(super) Vec<(String, Feature)>);

/// A field to drop, and whether the old object has it.
struct Field<'r> {
    feature: Feature,
    in_use: bool,
    route: &'r [&'r str],
}

/// Drops from the spec of a Pod or template what the cluster has switched off.
pub(super) fn drop_disabled(spec: &mut Item, old: At<'_>, cluster: &Cluster) -> Dropped {
    let mut drop = Drop { dropped: Vec::new() };
    let containers = || all_containers(old);
    let any = |of: &dyn Fn(At<'_>) -> bool| containers().into_iter().any(of);
    let security = old.get("securityContext");
    let pod_level = old.get("resources");
    let in_pod = [
        Field { feature: Feature::UserNamespaces, in_use: old.has("hostUsers"), route: &["hostUsers"] },
        Field {
            feature: Feature::SupplementalGroupsPolicy,
            in_use: security.has("supplementalGroupsPolicy"),
            route: &["securityContext", "supplementalGroupsPolicy"],
        },
        Field {
            feature: Feature::PodLevelResources,
            in_use: pod_level.get("requests").len() + pod_level.get("limits").len() > 0,
            route: &["resources"],
        },
        Field {
            feature: Feature::DynamicResourceAllocation,
            in_use: old.get("resourceClaims").len() > 0,
            route: &["resourceClaims"],
        },
        Field {
            feature: Feature::GenericWorkload,
            in_use: old.has("schedulingGroup") || old.has("workloadRef"),
            route: &["schedulingGroup"],
        },
        Field { feature: Feature::GenericWorkload, in_use: old.has("workloadRef"), route: &["workloadRef"] },
        Field { feature: Feature::HostnameOverride, in_use: old.has("hostnameOverride"), route: &["hostnameOverride"] },
        Field {
            feature: Feature::SELinuxChangePolicy,
            in_use: security.has("seLinuxChangePolicy"),
            route: &["securityContext", "seLinuxChangePolicy"],
        },
    ];
    for field in in_pod {
        if !cluster.has(field.feature) && !field.in_use {
            drop.remove(spec, field.route, field.feature, "");
        }
    }
    let off = |feature: Feature, in_use: bool| !cluster.has(feature) && !in_use;
    let resizes = any(&|c| c.get("resizePolicy").len() > 0);
    let has_read_only = |c: At<'_>| c.get("volumeMounts").items().any(|mount| mount.has("recursiveReadOnly"));
    let has_signal = |c: At<'_>| c.at(&["lifecycle", "stopSignal"]).is_set();
    let hooks = ["preStop", "postStart"];
    let sleeps = |c: At<'_>| hooks.iter().any(|hook| c.at(&["lifecycle", hook, "sleep"]).is_set());
    let has_mount = |c: At<'_>| !matches!(c.at(&["securityContext", "procMount"]).text(), "" | "Default");
    let offs = Offs {
        resize: off(Feature::InPlaceResize, resizes),
        claims: off(Feature::DynamicResourceAllocation, old.get("resourceClaims").len() > 0),
        sidecars: off(Feature::SidecarContainers, old.get("initContainers").items().any(is_sidecar)),
        rules: off(Feature::ContainerRestartRules, rules_in_use(old)) && cluster.knows(Feature::ContainerRestartRules),
        read_only: off(Feature::RecursiveReadOnlyMounts, any(&has_read_only)),
        env_files: off(Feature::EnvFiles, any(&uses_env_file)),
        sleep: off(Feature::SleepAction, any(&sleeps)),
        signal: off(Feature::ContainerStopSignals, any(&has_signal)),
        proc_mount: off(Feature::ProcMountType, any(&has_mount)),
    };
    for list in LISTS {
        for (index, container) in spec.list_mut(list).iter_mut().enumerate() {
            drop.container(container, list, &offs, &format!("{list}[{index}]."));
        }
    }
    drop.volumes(spec, old, cluster);
    drop.scheduling(spec, old, cluster);
    Dropped(drop.dropped)
}

fn rules_in_use(old: At<'_>) -> bool {
    let inits = old.get("initContainers").items().any(|init| {
        init.get("restartPolicy").opt_text().is_some_and(|policy| policy != "Always")
            || init.get("restartPolicyRules").len() > 0
    });
    inits || old.get("containers").items().any(|container| container.has("restartPolicy"))
}

/// What is dropped from containers.
struct Offs {
    resize: bool,
    claims: bool,
    sidecars: bool,
    rules: bool,
    read_only: bool,
    env_files: bool,
    sleep: bool,
    signal: bool,
    proc_mount: bool,
}

struct Drop {
    dropped: Vec<(String, Feature)>,
}

impl Drop {
    fn remove(&mut self, item: &mut Item, route: &[&str], feature: Feature, prefix: &str) {
        let Some((last, before)) = route.split_last() else { return };
        if item.at_mut(before).and_then(|item| item.remove(last)).is_some() {
            self.dropped.push((format!("{prefix}{}", route.join(".")), feature));
        }
    }

    fn container(&mut self, container: &mut Item, list: &str, offs: &Offs, prefix: &str) {
        let policy = container.at().get("restartPolicy").text().to_owned();
        if offs.resize {
            self.remove(container, &["resizePolicy"], Feature::InPlaceResize, prefix);
        }
        if offs.claims {
            self.remove(container, &["resources", "claims"], Feature::DynamicResourceAllocation, prefix);
            if container.at().get("resources").is_zero() {
                let _ = container.remove("resources");
            }
        }
        if offs.sidecars && list == "initContainers" {
            self.remove(container, &["restartPolicy"], Feature::SidecarContainers, prefix);
        }
        if offs.rules {
            if list != "initContainers" || policy != "Always" {
                self.remove(container, &["restartPolicy"], Feature::ContainerRestartRules, prefix);
            }
            self.remove(container, &["restartPolicyRules"], Feature::ContainerRestartRules, prefix);
        }
        if offs.read_only {
            for (index, mount) in container.list_mut("volumeMounts").iter_mut().enumerate() {
                let prefix = format!("{prefix}volumeMounts[{index}].");
                self.remove(mount, &["recursiveReadOnly"], Feature::RecursiveReadOnlyMounts, &prefix);
            }
        }
        if offs.env_files {
            for (index, variable) in container.list_mut("env").iter_mut().enumerate() {
                let prefix = format!("{prefix}env[{index}].");
                self.remove(variable, &["valueFrom", "fileKeyRef"], Feature::EnvFiles, &prefix);
            }
        }
        if offs.sleep {
            for hook in ["preStop", "postStart"] {
                self.remove(container, &["lifecycle", hook, "sleep"], Feature::SleepAction, prefix);
                if let Some(lifecycle) = container.get_mut("lifecycle") {
                    let own = lifecycle.at().get(hook);
                    let is_dropped =
                        self.dropped.last().is_some_and(|(path, _)| *path == format!("{prefix}lifecycle.{hook}.sleep"));
                    if own.is_set() && own.is_zero() && is_dropped {
                        lifecycle.remove(hook);
                    }
                }
            }
            if container.at().has("lifecycle") && container.at().get("lifecycle").is_zero() {
                self.remove(container, &["lifecycle"], Feature::SleepAction, prefix);
            }
        }
        if offs.signal && container.at().at(&["lifecycle", "stopSignal"]).is_set() {
            self.remove(container, &["lifecycle", "stopSignal"], Feature::ContainerStopSignals, prefix);
            if container.at().get("lifecycle").is_zero() {
                container.remove("lifecycle");
            }
        }
        let mount = container.at_mut(&["securityContext", "procMount"]);
        if let Some(mount) = mount.filter(|_| offs.proc_mount) {
            if mount.at().text() != "Default" {
                self.dropped.push((format!("{prefix}securityContext.procMount"), Feature::ProcMountType));
            }
            *mount = Item::word("Default");
        }
    }

    fn volumes(&mut self, spec: &mut Item, old: At<'_>, cluster: &Cluster) {
        let route = ["projected", "sources"];
        let uses = |kind: &str| old.get("volumes").items().any(|v| v.at(&route).items().any(|source| source.has(kind)));
        let kinds =
            [("clusterTrustBundle", Feature::ClusterTrustBundles), ("podCertificate", Feature::PodCertificates)];
        for (kind, feature) in kinds {
            if cluster.has(feature) || uses(kind) {
                continue;
            }
            for (volume_index, volume) in spec.list_mut("volumes").iter_mut().enumerate() {
                let sources = volume.get_mut("projected").map(|projected| projected.list_mut("sources"));
                for (index, source) in sources.unwrap_or_default().iter_mut().enumerate() {
                    let prefix = format!("volumes[{volume_index}].projected.sources[{index}].");
                    self.remove(source, &[kind], feature, &prefix);
                }
            }
        }
        if cluster.has(Feature::ImageVolume) || old.get("volumes").items().any(|volume| volume.has("image")) {
            return;
        }
        let Some(Item::List(volumes)) = spec.get_mut("volumes") else { return };
        let mut names = Vec::new();
        let mut kept = Vec::new();
        for (index, volume) in std::mem::take(volumes).into_iter().enumerate() {
            if volume.at().has("image") {
                names.push(volume.at().get("name").text().to_owned());
                self.dropped.push((format!("volumes[{index}]"), Feature::ImageVolume));
            } else {
                kept.push(volume);
            }
        }
        *volumes = kept;
        for list in LISTS {
            for container in spec.list_mut(list) {
                if let Some(Item::List(mounts)) = container.get_mut("volumeMounts") {
                    mounts.retain(|mount| !names.iter().any(|name| mount.at().get("name").text() == name));
                }
            }
        }
    }

    fn scheduling(&mut self, spec: &mut Item, old: At<'_>, cluster: &Cluster) {
        let constraints = |field: &str| old.get("topologySpreadConstraints").items().any(|c| !c.get(field).is_zero());
        let fields = [
            ("nodeTaintsPolicy", Feature::NodeInclusionPolicy),
            ("nodeAffinityPolicy", Feature::NodeInclusionPolicy),
            ("matchLabelKeys", Feature::MatchLabelKeysInTopologySpread),
        ];
        for (field, feature) in fields {
            if cluster.has(feature) || constraints(field) {
                continue;
            }
            for (index, constraint) in spec.list_mut("topologySpreadConstraints").iter_mut().enumerate() {
                self.remove(constraint, &[field], feature, &format!("topologySpreadConstraints[{index}]."));
            }
        }
        if cluster.has(Feature::MatchLabelKeysInAffinity) || affinity_keys_in_use(old) {
            return;
        }
        for kind in ["podAffinity", "podAntiAffinity"] {
            for (list, wrapper) in [
                ("requiredDuringSchedulingIgnoredDuringExecution", None),
                ("preferredDuringSchedulingIgnoredDuringExecution", Some("podAffinityTerm")),
            ] {
                let Some(affinity) = spec.at_mut(&["affinity", kind]) else { continue };
                for (index, term) in affinity.list_mut(list).iter_mut().enumerate() {
                    for field in ["matchLabelKeys", "mismatchLabelKeys"] {
                        let route: Vec<&str> = wrapper.into_iter().chain([field]).collect();
                        let prefix = format!("affinity.{kind}.{list}[{index}].");
                        self.remove(term, &route, Feature::MatchLabelKeysInAffinity, &prefix);
                    }
                }
            }
        }
    }
}

fn affinity_keys_in_use(old: At<'_>) -> bool {
    let has_keys = |term: At<'_>| term.get("matchLabelKeys").len() + term.get("mismatchLabelKeys").len() > 0;
    ["podAffinity", "podAntiAffinity"].iter().any(|kind| {
        let at = old.at(&["affinity", kind]);
        at.get("requiredDuringSchedulingIgnoredDuringExecution").items().any(has_keys)
            || at
                .get("preferredDuringSchedulingIgnoredDuringExecution")
                .items()
                .any(|term| has_keys(term.get("podAffinityTerm")))
    })
}

/// Drops fields of a Job that the cluster has switched off. CronJobs keep them.
pub(super) fn drop_from_job(spec: &mut Item, old: Option<At<'_>>, cluster: &Cluster) -> Dropped {
    let mut drop = Drop { dropped: Vec::new() };
    let fields = [
        ("managedBy", Feature::JobManagedBy),
        ("successPolicy", Feature::JobSuccessPolicy),
        ("backoffLimitPerIndex", Feature::JobBackoffLimitPerIndex),
        ("maxFailedIndexes", Feature::JobBackoffLimitPerIndex),
        ("podReplacementPolicy", Feature::JobPodReplacementPolicy),
    ];
    for (field, feature) in fields {
        let stays = old.is_some_and(|old| old.has(field) || field == "managedBy");
        if !cluster.has(feature) && !stays {
            drop.remove(spec, &[field], feature, "");
        }
    }
    let rules = spec.at_mut(&["podFailurePolicy", "rules"]);
    if let Some(Item::List(rules)) = rules.filter(|_| old.is_none() && !cluster.has(Feature::JobBackoffLimitPerIndex)) {
        rules.retain(|rule| rule.at().get("action").text() != "FailIndex");
    }
    Dropped(drop.dropped)
}
