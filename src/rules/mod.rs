//! The rules: one file each, one line each in the registry below.
//!
//! A rule is written with [`rule!`](crate::rule): its documentation stands in front of it, is shown as its page, and is
//! run as its test. The first YAML block must fire exactly this rule, the second none.
//!
//! What the API server itself refuses is not repeated here; rules are about what it accepts and what then goes wrong.
//! Findings can be hidden by the manifest: a comment `# sidecar-playground: ignore <rule> – <reason>` on or above the
//! line, or an annotation `sidecar-playground/ignore: "<rule> <reason>"`. They stay in the analysis, marked.

mod always_on_regular_container;
mod app_races_its_proxy;
mod config_behind_sub_path;
mod dropped_restart_policy;
mod duplicate_proxy;
mod failure_policy_matches_sidecar;
mod front_proxy_without_readiness;
mod grace_period_too_short;
mod hand_rolled_shutdown;
mod helper_ends_and_restarts;
mod helper_never_restarted;
mod host_port_clash;
mod host_port_ignored;
mod ignores_stop_signal;
mod init_before_its_sidecar;
mod init_cut_off_by_mesh;
mod init_needs_regular_container;
mod init_never_ends;
mod job_never_completes;
mod memory_volume_above_limit;
mod named_port_on_native_sidecar;
mod native_sidecar_too_new;
mod no_time_to_stop;
mod node_agent_as_sidecar;
mod only_the_helper_is_probed;
mod pod_without_app;
mod port_clash;
mod probe_port_unknown;
mod readiness_of_a_helper;
mod reads_unshared_path;
mod restarts_use_up_backoff;
mod service_bypasses_proxy;
mod service_port_nobody_has;
mod shared_through_the_node;
mod shared_volume_without_limit;
mod sidecar_with_other_policy;
mod sleep_before_native_stop;
mod split_sidecar;
mod start_gate_delays_app;
mod start_not_gated;
mod start_waits_for_app;
mod support;
mod unused_volume;
mod volume_nobody_writes;
mod writes_to_read_only_mount;

pub use support::hiding::ANNOTATION;

use crate::finding::{Finding, Severity};
use crate::release::Release;
use crate::{Analysis, Options};
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
    &app_races_its_proxy::APP_RACES_ITS_PROXY,
    &config_behind_sub_path::CONFIG_BEHIND_SUB_PATH,
    &dropped_restart_policy::DROPPED_RESTART_POLICY,
    &duplicate_proxy::DUPLICATE_PROXY,
    &failure_policy_matches_sidecar::FAILURE_POLICY_MATCHES_SIDECAR,
    &front_proxy_without_readiness::FRONT_PROXY_WITHOUT_READINESS,
    &grace_period_too_short::GRACE_PERIOD_TOO_SHORT,
    &hand_rolled_shutdown::HAND_ROLLED_SHUTDOWN,
    &helper_ends_and_restarts::HELPER_ENDS_AND_RESTARTS,
    &helper_never_restarted::HELPER_NEVER_RESTARTED,
    &host_port_clash::HOST_PORT_CLASH,
    &host_port_ignored::HOST_PORT_IGNORED,
    &ignores_stop_signal::IGNORES_STOP_SIGNAL,
    &init_before_its_sidecar::INIT_BEFORE_ITS_SIDECAR,
    &init_cut_off_by_mesh::INIT_CUT_OFF_BY_MESH,
    &init_needs_regular_container::INIT_NEEDS_REGULAR_CONTAINER,
    &init_never_ends::INIT_NEVER_ENDS,
    &job_never_completes::JOB_NEVER_COMPLETES,
    &memory_volume_above_limit::MEMORY_VOLUME_ABOVE_LIMIT,
    &named_port_on_native_sidecar::NAMED_PORT_ON_NATIVE_SIDECAR,
    &native_sidecar_too_new::NATIVE_SIDECAR_TOO_NEW,
    &no_time_to_stop::NO_TIME_TO_STOP,
    &node_agent_as_sidecar::NODE_AGENT_AS_SIDECAR,
    &only_the_helper_is_probed::ONLY_THE_HELPER_IS_PROBED,
    &pod_without_app::POD_WITHOUT_APP,
    &port_clash::PORT_CLASH,
    &probe_port_unknown::PROBE_PORT_UNKNOWN,
    &readiness_of_a_helper::READINESS_OF_A_HELPER,
    &reads_unshared_path::READS_UNSHARED_PATH,
    &restarts_use_up_backoff::RESTARTS_USE_UP_BACKOFF,
    &service_bypasses_proxy::SERVICE_BYPASSES_PROXY,
    &service_port_nobody_has::SERVICE_PORT_NOBODY_HAS,
    &shared_through_the_node::SHARED_THROUGH_THE_NODE,
    &shared_volume_without_limit::SHARED_VOLUME_WITHOUT_LIMIT,
    &sidecar_with_other_policy::SIDECAR_WITH_OTHER_POLICY,
    &sleep_before_native_stop::SLEEP_BEFORE_NATIVE_STOP,
    &split_sidecar::SPLIT_SIDECAR,
    &start_gate_delays_app::START_GATE_DELAYS_APP,
    &start_not_gated::START_NOT_GATED,
    &start_waits_for_app::START_WAITS_FOR_APP,
    &unused_volume::UNUSED_VOLUME,
    &volume_nobody_writes::VOLUME_NOBODY_WRITES,
    &writes_to_read_only_mount::WRITES_TO_READ_ONLY_MOUNT,
];

/// The rule of an id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    REGISTRY.iter().copied().find(|rule| rule.id == id)
}

/// Runs all rules that are about the chosen release. Findings stand in the order of the text.
#[must_use]
pub fn check(analysis: &Analysis, options: &Options) -> Vec<Finding> {
    let cases = case::cases(analysis);
    let subject = Subject { analysis, options, cases: &cases };
    let rules = REGISTRY.iter().filter(|rule| rule.is_about(options.release));
    let found = rules.flat_map(|rule| (rule.check)(rule, subject));
    let mut findings: Vec<Finding> =
        found.filter(|finding| finding.severity >= options.level && finding.confidence >= options.confidence).collect();
    findings.sort_by_key(|finding| (analysis.source.span(finding.place).start, finding.rule));
    support::hiding::hide(analysis, &mut findings);
    findings
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
