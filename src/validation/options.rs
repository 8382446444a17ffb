//! What the checks of a Pod allow: by feature, and because the Pod that is there already has it.
//!
//! Source: `GetValidationOptionsFromPodSpecAndMeta` in `pkg/api/pod/util.go`.

use super::item::At;
use super::{labels, names, scheduling, security, update};
use crate::quantity::Quantity;
use crate::release::{Cluster, Feature};

/// What is allowed.
#[derive(Clone, Debug, Default)]
pub(super) struct Options {
    pub(super) is_pod: bool,
    pub(super) any_deletion_cost: bool,
    pub(super) any_selector_value: bool,
    pub(super) any_node_affinity_value: bool,
    pub(super) any_spread_selector: bool,
    pub(super) uneven_huge_pages: bool,
    pub(super) any_token_path: bool,
    pub(super) host_sysctls: bool,
    pub(super) relaxed_env: bool,
    pub(super) relaxed_dns: bool,
    pub(super) sleep_zero: bool,
    pub(super) only_recursive_selinux: bool,
    pub(super) pod_level_resources: bool,
    pub(super) pod_level_resize: bool,
    pub(super) sidecar_resize_policy: bool,
    pub(super) spread_label_keys: bool,
    pub(super) spread_label_keys_merged: bool,
    pub(super) old_spread_label_keys_odd: bool,
    pub(super) env_files: bool,
    pub(super) restart_rules: bool,
    pub(super) restart_all: bool,
    pub(super) init_restart_on_resize: bool,
    pub(super) host_users_devices: bool,
    pub(super) host_users_network: bool,
    pub(super) toleration_comparison: bool,
}

impl Options {
    /// For a Pod or template `spec` with the metadata `meta`, and what is there already, if anything.
    pub(super) fn new(spec: At<'_>, old: At<'_>, old_meta: At<'_>, cluster: &Cluster) -> Self {
        let has = |feature| cluster.has(feature);
        let newer = cluster.release.minor() >= 35;
        let is_update = old.is_set();
        let containers = || update::all_containers(old);
        let env_names = |spec: At<'_>| -> Vec<String> {
            let of = |container: At<'_>| -> Vec<String> {
                let own = container.get("env").items().map(|env| env.get("name").text().to_owned());
                let from = container.get("envFrom").items().map(|env| env.get("prefix").text().to_owned());
                own.chain(from).collect()
            };
            update::all_containers(spec).into_iter().flat_map(of).collect()
        };
        let is_relaxed = |name: &str| !names::env_name(name).is_empty() && names::relaxed_env_name(name).is_empty();
        let old_names = env_names(old);
        let keeps_relaxed =
            !old_names.is_empty() && env_names(spec).iter().any(|name| old_names.contains(name) && is_relaxed(name));
        let security = old.get("securityContext");
        let merged = has(Feature::MatchLabelKeysSelectorMerge);
        let searches = old.at(&["dnsConfig", "searches"]).texts();
        let host_users_off = old.get("hostUsers").opt_bool() == Some(false);
        let tokens_leave = |volume: At<'_>| {
            volume.at(&["projected", "sources"]).items().any(|source| {
                let token = source.get("serviceAccountToken");
                token.is_set() && !super::volumes::is_local_path(token.get("path").text())
            })
        };
        let rules = |of: At<'_>| !of.get("restartPolicyRules").is_zero();
        let rules_in_use =
            old.get("initContainers").items().any(|init| {
                init.get("restartPolicy").opt_text().is_some_and(|policy| policy != "Always") || rules(init)
            }) || old.get("containers").items().any(|container| container.has("restartPolicy"));
        let restarts_all = |of: At<'_>| {
            of.get("restartPolicyRules").items().any(|rule| rule.get("action").text() == "RestartAllContainers")
        };
        let restart_all_in_use = old.get("containers").items().any(restarts_all)
            || old
                .get("initContainers")
                .items()
                .any(|init| restarts_all(init) || (update::is_sidecar(init) && rules(init)));
        let resize_restarts =
            |of: At<'_>| of.get("resizePolicy").items().any(|p| p.get("restartPolicy").text() == "RestartContainer");
        Self {
            is_pod: false,
            any_deletion_cost: !has(Feature::PodDeletionCost)
                || (old_meta.is_set() && super::annotations::deletion_cost(old_meta).is_none()),
            any_selector_value: is_update && scheduling::has_odd_selector(old, newer),
            any_node_affinity_value: is_update && scheduling::has_odd_node_affinity(old, newer),
            any_spread_selector: is_update
                && old
                    .get("topologySpreadConstraints")
                    .items()
                    .any(|constraint| !labels::selector_problems(constraint.get("labelSelector"), newer).is_empty()),
            uneven_huge_pages: is_update && containers().into_iter().any(has_uneven_huge_pages),
            any_token_path: old.get("volumes").items().any(tokens_leave),
            host_sysctls: security
                .get("sysctls")
                .items()
                .any(|s| security::host_sysctl(s.get("name").text(), old).is_some()),
            relaxed_env: has(Feature::RelaxedEnvNames) || keeps_relaxed,
            relaxed_dns: has(Feature::RelaxedDnsSearch) || searches.iter().any(|s| *s == "." || s.contains('_')),
            sleep_zero: has(Feature::SleepActionAllowZero) || containers().into_iter().any(sleeps_zero),
            only_recursive_selinux: !has(Feature::SELinuxMount) && !security.has("seLinuxChangePolicy"),
            pod_level_resources: has(Feature::PodLevelResources),
            pod_level_resize: has(Feature::InPlacePodLevelResize),
            sidecar_resize_policy: has(Feature::InPlaceResize)
                || old.get("initContainers").items().any(|c| update::is_sidecar(c) && !c.get("resizePolicy").is_zero()),
            spread_label_keys: has(Feature::MatchLabelKeysInTopologySpread),
            spread_label_keys_merged: merged,
            old_spread_label_keys_odd: is_update
                && cluster.release.minor() >= 34
                && has(Feature::MatchLabelKeysInTopologySpread)
                && scheduling::has_odd_spread_keys(old, merged, newer),
            env_files: has(Feature::EnvFiles) || containers().into_iter().any(update::uses_env_file),
            restart_rules: has(Feature::ContainerRestartRules)
                || (cluster.knows(Feature::ContainerRestartRules) && rules_in_use),
            restart_all: has(Feature::RestartAllContainers)
                || (cluster.knows(Feature::RestartAllContainers) && restart_all_in_use),
            init_restart_on_resize: old
                .get("initContainers")
                .items()
                .any(|c| !update::is_sidecar(c) && resize_restarts(c)),
            host_users_devices: host_users_off && containers().into_iter().any(|c| !c.get("volumeDevices").is_zero()),
            host_users_network: has(Feature::UserNamespacesHostNetwork)
                || (host_users_off && old.get("hostNetwork").bool()),
            toleration_comparison: has(Feature::TolerationComparison)
                || old.get("tolerations").items().any(|t| matches!(t.get("operator").text(), "Lt" | "Gt")),
        }
    }
}

fn sleeps_zero(container: At<'_>) -> bool {
    ["preStop", "postStart"].iter().any(|hook| {
        let sleep = container.at(&["lifecycle", hook, "sleep"]);
        sleep.is_set() && sleep.get("seconds").int() == 0
    })
}

fn has_uneven_huge_pages(container: At<'_>) -> bool {
    ["limits", "requests"].iter().any(|list| {
        container.at(&["resources", list]).entries().into_iter().any(|(name, amount)| {
            let amount = Quantity::parse(amount.text()).unwrap_or(Quantity::ZERO);
            name.starts_with("hugepages-") && !super::resources::fits_pages(name, amount)
        })
    })
}
