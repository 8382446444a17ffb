//! The rules: one file each, one line each in the registry below.
//!
//! A rule is written with [`rule!`](crate::rule): its documentation stands in front of it, is shown as its page, and is
//! run as its test. The first YAML block must fire exactly this rule, the second none.
//!
//! What the API server itself refuses is not repeated here; rules are about what it accepts and what then goes wrong.
//! Findings can be hidden by the manifest: a comment `# sidecar-playground: ignore <rule> – <reason>` on or above the
//! line, or an annotation `sidecar-playground/ignore: "<rule> <reason>"`. They stay in the analysis, marked.

mod always_on_regular_container;
mod annotation_names_no_container;
mod api_server_rejects;
mod api_server_warns;
mod app_port_nobody_has;
mod app_races_its_proxy;
mod autoscaler_misses_request;
mod completion_never_comes;
mod config_behind_sub_path;
mod datastore_beside_app;
mod debug_container_left_in;
mod dropped_restart_policy;
mod duplicate_proxy;
mod end_of_life_helper;
mod failure_policy_matches_sidecar;
mod front_proxy_without_readiness;
mod grace_period_too_short;
mod hand_rolled_shutdown;
mod hand_rolled_wait;
mod healthy_without_healthcheck;
mod helper_ends_and_restarts;
mod helper_lowers_qos;
mod helper_never_restarted;
mod helper_outweighs_app;
mod helper_without_requests;
mod hold_with_native_sidecar;
mod host_port_clash;
mod host_port_ignored;
mod ignores_stop_signal;
mod image_auto_without_injection;
mod image_not_pinned;
mod init_before_its_sidecar;
mod init_cut_off_by_mesh;
mod init_needs_regular_container;
mod init_never_ends;
mod injection_off_but_configured;
mod injection_setting_misplaced;
mod injection_settings_disagree;
mod job_never_completes;
mod job_with_injected_sidecar;
mod kubectl_defaults_to_helper;
mod localhost_of_another_service;
mod many_helpers;
mod memory_volume_above_limit;
mod mesh_on_host_network;
mod mesh_port_excluded;
mod mesh_port_taken;
mod mesh_user_id;
mod named_port_on_native_sidecar;
mod native_sidecar_too_new;
mod network_owner_not_restarted;
mod no_time_to_stop;
mod node_agent_as_sidecar;
mod only_the_helper_is_probed;
mod order_without_condition;
mod pod_security_forbids_helper;
mod pod_without_app;
mod port_clash;
mod ports_on_joined_network;
mod powerful_helper;
mod privileged_helper;
mod probe_port_unknown;
mod readiness_of_a_helper;
mod reads_unshared_path;
mod restarts_use_up_backoff;
mod runtime_socket_mounted;
mod same_helper_twice;
mod secret_in_helper_too;
mod service_bypasses_proxy;
mod service_port_nobody_has;
mod services_wait_in_a_circle;
mod shared_processes_unused;
mod shared_through_the_node;
mod shared_volume_without_limit;
mod sidecar_above_pod_limit;
mod sidecar_before_big_init;
mod sidecar_with_other_policy;
mod sidecar_without_tie;
mod signal_cannot_arrive;
mod sleep_before_native_stop;
mod split_sidecar;
mod start_gate_delays_app;
mod start_not_gated;
mod start_waits_for_app;
mod storage_limit_not_enforced;
mod support;
mod two_apps_in_one_pod;
mod two_meshes;
mod unknown_service;
mod unused_volume;
mod volume_nobody_writes;
mod writes_to_read_only_mount;

pub use support::hiding::ANNOTATION;

use crate::finding::{Finding, Severity};
use crate::release::Release;
use crate::{Analysis, Options};
use std::ops::Range;
use support::{Case, case};

/// Everything a rule may look at.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The analysis so far: what was read, understood and detected.
    pub analysis: &'a Analysis,
    /// What the user asked for.
    pub options: &'a Options,
    /// Its workloads, with what rules ask for.
    cases: &'a [Case<'a>],
}

impl<'a> Subject<'a> {
    /// The Pods and Pod templates of Kubernetes.
    fn pods(self) -> impl Iterator<Item = &'a Case<'a>> {
        self.cases.iter().filter(|case| case.is_pod())
    }

    /// The Compose projects.
    fn projects(self) -> impl Iterator<Item = &'a Case<'a>> {
        self.cases.iter().filter(|case| !case.is_pod())
    }
}

/// A rule.
pub struct Rule {
    /// In words, kebab-case, says the smell; never reused.
    pub id: &'static str,
    /// How bad its findings are, unless one says otherwise.
    pub severity: Severity,
    /// The first release of Kubernetes that it is about; none for all.
    pub since: Option<Release>,
    /// The last release of Kubernetes that it is about; none for all.
    pub until: Option<Release>,
    /// Markdown: what it does, why it matters, an example that fires, one that does not, since when, references.
    pub docs: &'static str,
    /// Finds.
    pub check: fn(&Self, Subject<'_>) -> Vec<Finding>,
}

/// Something to read about a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// What it is called.
    pub title: &'static str,
    /// Where it is, when it is on the web; the others are numbered facts of the project's own notes.
    pub url: Option<&'static str>,
}

/// Declares a rule whose documentation comment is kept as data. `[since 33 until 34]` are minor
/// releases, the last one included.
#[macro_export]
macro_rules! rule {
    ($(#[doc = $doc:literal])* $name:ident, $id:literal, $severity:ident,
     $([$(since $since:literal)? $(until $until:literal)?],)? $check:path) => {
        $(#[doc = $doc])*
        pub(super) static $name: $crate::rules::Rule = $crate::rules::Rule {
            id: $id,
            severity: $crate::finding::Severity::$severity,
            since: $crate::rule!(@release $($($since)?)?),
            until: $crate::rule!(@release $($($until)?)?),
            docs: concat!($($doc, "\n"),*),
            check: $check,
        };
    };
    (@release) => { None };
    (@release $minor:literal) => { $crate::release::Release::new($minor) };
}

/// All rules, by id.
pub static REGISTRY: &[&Rule] = &[
    &always_on_regular_container::ALWAYS_ON_REGULAR_CONTAINER,
    &annotation_names_no_container::ANNOTATION_NAMES_NO_CONTAINER,
    &api_server_rejects::API_SERVER_REJECTS,
    &api_server_warns::API_SERVER_WARNS,
    &app_port_nobody_has::APP_PORT_NOBODY_HAS,
    &app_races_its_proxy::APP_RACES_ITS_PROXY,
    &autoscaler_misses_request::AUTOSCALER_MISSES_REQUEST,
    &completion_never_comes::COMPLETION_NEVER_COMES,
    &config_behind_sub_path::CONFIG_BEHIND_SUB_PATH,
    &datastore_beside_app::DATASTORE_BESIDE_APP,
    &debug_container_left_in::DEBUG_CONTAINER_LEFT_IN,
    &dropped_restart_policy::DROPPED_RESTART_POLICY,
    &duplicate_proxy::DUPLICATE_PROXY,
    &end_of_life_helper::END_OF_LIFE_HELPER,
    &failure_policy_matches_sidecar::FAILURE_POLICY_MATCHES_SIDECAR,
    &front_proxy_without_readiness::FRONT_PROXY_WITHOUT_READINESS,
    &grace_period_too_short::GRACE_PERIOD_TOO_SHORT,
    &hand_rolled_shutdown::HAND_ROLLED_SHUTDOWN,
    &hand_rolled_wait::HAND_ROLLED_WAIT,
    &healthy_without_healthcheck::HEALTHY_WITHOUT_HEALTHCHECK,
    &helper_ends_and_restarts::HELPER_ENDS_AND_RESTARTS,
    &helper_lowers_qos::HELPER_LOWERS_QOS,
    &helper_never_restarted::HELPER_NEVER_RESTARTED,
    &helper_outweighs_app::HELPER_OUTWEIGHS_APP,
    &helper_without_requests::HELPER_WITHOUT_REQUESTS,
    &hold_with_native_sidecar::HOLD_WITH_NATIVE_SIDECAR,
    &host_port_clash::HOST_PORT_CLASH,
    &host_port_ignored::HOST_PORT_IGNORED,
    &ignores_stop_signal::IGNORES_STOP_SIGNAL,
    &image_auto_without_injection::IMAGE_AUTO_WITHOUT_INJECTION,
    &image_not_pinned::IMAGE_NOT_PINNED,
    &init_before_its_sidecar::INIT_BEFORE_ITS_SIDECAR,
    &init_cut_off_by_mesh::INIT_CUT_OFF_BY_MESH,
    &init_needs_regular_container::INIT_NEEDS_REGULAR_CONTAINER,
    &init_never_ends::INIT_NEVER_ENDS,
    &injection_off_but_configured::INJECTION_OFF_BUT_CONFIGURED,
    &injection_setting_misplaced::INJECTION_SETTING_MISPLACED,
    &injection_settings_disagree::INJECTION_SETTINGS_DISAGREE,
    &job_never_completes::JOB_NEVER_COMPLETES,
    &job_with_injected_sidecar::JOB_WITH_INJECTED_SIDECAR,
    &kubectl_defaults_to_helper::KUBECTL_DEFAULTS_TO_HELPER,
    &localhost_of_another_service::LOCALHOST_OF_ANOTHER_SERVICE,
    &many_helpers::MANY_HELPERS,
    &memory_volume_above_limit::MEMORY_VOLUME_ABOVE_LIMIT,
    &mesh_on_host_network::MESH_ON_HOST_NETWORK,
    &mesh_port_excluded::MESH_PORT_EXCLUDED,
    &mesh_port_taken::MESH_PORT_TAKEN,
    &mesh_user_id::MESH_USER_ID,
    &named_port_on_native_sidecar::NAMED_PORT_ON_NATIVE_SIDECAR,
    &native_sidecar_too_new::NATIVE_SIDECAR_TOO_NEW,
    &network_owner_not_restarted::NETWORK_OWNER_NOT_RESTARTED,
    &no_time_to_stop::NO_TIME_TO_STOP,
    &node_agent_as_sidecar::NODE_AGENT_AS_SIDECAR,
    &only_the_helper_is_probed::ONLY_THE_HELPER_IS_PROBED,
    &order_without_condition::ORDER_WITHOUT_CONDITION,
    &pod_security_forbids_helper::POD_SECURITY_FORBIDS_HELPER,
    &pod_without_app::POD_WITHOUT_APP,
    &port_clash::PORT_CLASH,
    &ports_on_joined_network::PORTS_ON_JOINED_NETWORK,
    &powerful_helper::POWERFUL_HELPER,
    &privileged_helper::PRIVILEGED_HELPER,
    &probe_port_unknown::PROBE_PORT_UNKNOWN,
    &readiness_of_a_helper::READINESS_OF_A_HELPER,
    &reads_unshared_path::READS_UNSHARED_PATH,
    &restarts_use_up_backoff::RESTARTS_USE_UP_BACKOFF,
    &runtime_socket_mounted::RUNTIME_SOCKET_MOUNTED,
    &same_helper_twice::SAME_HELPER_TWICE,
    &secret_in_helper_too::SECRET_IN_HELPER_TOO,
    &service_bypasses_proxy::SERVICE_BYPASSES_PROXY,
    &service_port_nobody_has::SERVICE_PORT_NOBODY_HAS,
    &services_wait_in_a_circle::SERVICES_WAIT_IN_A_CIRCLE,
    &shared_processes_unused::SHARED_PROCESSES_UNUSED,
    &shared_through_the_node::SHARED_THROUGH_THE_NODE,
    &shared_volume_without_limit::SHARED_VOLUME_WITHOUT_LIMIT,
    &sidecar_above_pod_limit::SIDECAR_ABOVE_POD_LIMIT,
    &sidecar_before_big_init::SIDECAR_BEFORE_BIG_INIT,
    &sidecar_with_other_policy::SIDECAR_WITH_OTHER_POLICY,
    &sidecar_without_tie::SIDECAR_WITHOUT_TIE,
    &signal_cannot_arrive::SIGNAL_CANNOT_ARRIVE,
    &sleep_before_native_stop::SLEEP_BEFORE_NATIVE_STOP,
    &split_sidecar::SPLIT_SIDECAR,
    &start_gate_delays_app::START_GATE_DELAYS_APP,
    &start_not_gated::START_NOT_GATED,
    &start_waits_for_app::START_WAITS_FOR_APP,
    &storage_limit_not_enforced::STORAGE_LIMIT_NOT_ENFORCED,
    &two_apps_in_one_pod::TWO_APPS_IN_ONE_POD,
    &two_meshes::TWO_MESHES,
    &unknown_service::UNKNOWN_SERVICE,
    &unused_volume::UNUSED_VOLUME,
    &volume_nobody_writes::VOLUME_NOBODY_WRITES,
    &writes_to_read_only_mount::WRITES_TO_READ_ONLY_MOUNT,
];

/// The rule of an id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    REGISTRY.iter().copied().find(|rule| rule.id == id)
}

/// Rules that weigh workloads against each other and ask for no cases. All others look at one workload at a time, with the
/// objects around it.
const BETWEEN: &[&str] = &["service-port-nobody-has", "split-sidecar"];

/// Runs all rules that are about the chosen release. Findings stand in the order of the text.
#[must_use]
pub fn check(analysis: &Analysis, options: &Options) -> Vec<Finding> {
    let cases = case::cases(analysis, 0..analysis.model.workloads.len());
    run(analysis, options, &cases, |_| true)
}

/// Runs the rules about single workloads, for some of them.
#[must_use]
pub fn check_some(analysis: &Analysis, options: &Options, workloads: Range<usize>) -> Vec<Finding> {
    let cases = case::cases(analysis, workloads);
    run(analysis, options, &cases, |rule| !BETWEEN.contains(&rule.id))
}

/// Runs the rules that [`check_some`] leaves out.
#[must_use]
pub fn check_between(analysis: &Analysis, options: &Options) -> Vec<Finding> {
    run(analysis, options, &[], |rule| BETWEEN.contains(&rule.id))
}

fn run(analysis: &Analysis, options: &Options, cases: &[Case<'_>], is_wanted: fn(&Rule) -> bool) -> Vec<Finding> {
    let subject = Subject { analysis, options, cases };
    let rules = REGISTRY.iter().filter(|rule| rule.is_about(options.release) && is_wanted(rule));
    let found = rules.flat_map(|rule| (rule.check)(rule, subject));
    let mut findings: Vec<Finding> =
        found.filter(|finding| finding.severity >= options.level && finding.confidence >= options.confidence).collect();
    leave_out_what_is_said_better(&mut findings);
    findings.sort_by_key(|finding| (analysis.source.span(finding.place).start, finding.rule));
    support::hiding::hide(analysis, &mut findings);
    findings
}

/// Rules that explain what the API server only states: their id, and a part of the server's words.
const EXPLAINED: &[(&str, &str)] =
    &[("pod-without-app", "containers: Required value"), ("port-clash", "port definition with")];

/// The server's words are left out where a rule of ours says the same of the same workload.
fn leave_out_what_is_said_better(findings: &mut Vec<Finding>) {
    let explained: Vec<(&str, Vec<usize>)> = EXPLAINED
        .iter()
        .flat_map(|(rule, words)| {
            let own = findings.iter().filter(|finding| finding.rule == *rule);
            own.map(|finding| (*words, finding.workloads.clone())).collect::<Vec<_>>()
        })
        .collect();
    findings.retain(|finding| {
        let is_servers = finding.rule.starts_with("api-server-");
        let is_explained = |(words, workloads): &(&str, Vec<usize>)| {
            finding.message.contains(words) && finding.workloads == *workloads
        };
        !is_servers || !explained.iter().any(is_explained)
    });
}

impl Rule {
    /// Whether it is about a release of Kubernetes.
    #[must_use]
    pub fn is_about(&self, release: Release) -> bool {
        self.since.is_none_or(|since| since <= release) && self.until.is_none_or(|until| release <= until)
    }

    /// One sentence: the first of the documentation.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        let text = self.section("What it does");
        text.split("\n\n").next().unwrap_or(text)
    }

    /// The text of a section of the documentation.
    #[must_use]
    pub fn section(&self, title: &str) -> &'static str {
        let mut sections = self.docs.split("## ");
        let body = sections.find_map(|section| section.strip_prefix(title)).unwrap_or_default();
        body.trim()
    }

    /// What there is to read about it: the items of the last section, `[title](address)` or `Fact 9.1`.
    #[must_use]
    pub fn references(&self) -> Vec<Reference> {
        let lines = self.section("References").lines().filter_map(|line| line.trim().strip_prefix("- "));
        let read = |line: &'static str| {
            let linked = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(')')?.split_once("]("));
            match linked {
                Some((title, url)) => Reference { title, url: Some(url) },
                None => Reference { title: line, url: None },
            }
        };
        lines.map(read).collect()
    }

    /// The YAML blocks of the documentation: the first fires, the second does not.
    #[must_use]
    pub fn examples(&self) -> Vec<String> {
        let blocks = self.docs.split("```yaml\n").skip(1);
        let texts = blocks.filter_map(|block| block.split("```").next());
        // Documentation lines keep the space after `///`.
        texts
            .map(|text| {
                text.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n") + "\n"
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{REGISTRY, Rule};
    use crate::finding::Severity;
    use crate::release::Release;
    use crate::{Options, analyze};

    const SECTIONS: &[&str] = &["What it does", "Why it matters", "Example", "Use instead", "Since", "References"];

    #[test]
    fn the_registry_is_sorted_and_ids_are_words() {
        assert!(REGISTRY.windows(2).all(|pair| pair[0].id < pair[1].id));
        for rule in REGISTRY {
            assert!(rule.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", rule.id);
        }
    }

    /// A release that the rule is about.
    fn release(rule: &Rule) -> Release {
        rule.until.unwrap_or(Release::NEWEST)
    }

    #[test]
    fn each_rule_is_documented_and_its_examples_hold() {
        let mut wrong = Vec::new();
        for rule in REGISTRY {
            for section in SECTIONS {
                if rule.section(section).is_empty() {
                    wrong.push(format!("{}: no section {section}", rule.id));
                }
            }
            let examples = rule.examples();
            let [bad, good] = examples.as_slice() else {
                wrong.push(format!("{}: one example that fires, one that does not", rule.id));
                continue;
            };
            let options = Options { level: Severity::Advice, release: release(rule), ..Options::default() };
            let fired =
                |text: &str| analyze(text, &options).findings.iter().map(|finding| finding.rule).collect::<Vec<_>>();
            if fired(bad) != [rule.id] {
                wrong.push(format!("{}: the first example fires {:?}", rule.id, fired(bad)));
            }
            if !fired(good).is_empty() {
                wrong.push(format!("{}: the second example fires {:?}", rule.id, fired(good)));
            }
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    #[test]
    fn references_can_be_read_by_machine() {
        for rule in REGISTRY {
            let references = rule.references();
            assert!(!references.is_empty(), "{}: a list of references", rule.id);
            for reference in references {
                let is_fact = reference.title.starts_with("Fact ");
                let is_link = reference.url.is_some_and(|url| url.starts_with("https://") && !url.contains(' '));
                assert!(is_link || is_fact, "{}: {}", rule.id, reference.title);
            }
        }
    }

    #[test]
    fn findings_speak_in_sentences_that_name_something() {
        for rule in REGISTRY {
            let examples = rule.examples();
            let options = Options { level: Severity::Advice, release: release(rule), ..Options::default() };
            for finding in analyze(&examples[0], &options).findings {
                assert!(finding.help.ends_with('.') && finding.help.len() > 30, "{}: {}", rule.id, finding.help);
                assert!(
                    !finding.message.ends_with('.') && finding.message.len() > 20,
                    "{}: {}",
                    rule.id,
                    finding.message
                );
                assert!(!finding.message.contains("(no name)"), "{}: {}", rule.id, finding.message);
            }
        }
    }

    #[test]
    fn rules_are_about_releases() {
        for rule in REGISTRY {
            let since = rule.section("Since");
            assert!(rule.is_about(release(rule)), "{}", rule.id);
            for bound in [rule.since, rule.until].into_iter().flatten() {
                assert!(since.contains(&bound.to_string()), "{}: say {bound} in section Since", rule.id);
            }
            let (Some(bad), Some(until)) = (rule.examples().into_iter().next(), rule.until) else { continue };
            let Some(next) = Release::new(until.minor() + 1) else { continue };
            let options = Options { level: Severity::Advice, release: next, ..Options::default() };
            let fires = analyze(&bad, &options).findings.iter().any(|finding| finding.rule == rule.id);
            assert!(!fires, "{} is not about {next}", rule.id);
        }
    }
}
