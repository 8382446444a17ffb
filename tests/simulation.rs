//! What holds for every Pod and every scenario.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "tests")]

use proptest::collection::vec;
use proptest::prelude::*;
use sidecar_playground::release::{Cluster, Release};
use sidecar_playground::simulate::{
    Action, Answer, Behaviour, Condition, ContainerSpec, EndedBy, HookRun, JobEnd, Kind, OnStop, Phase, PodSpec,
    ProbeSpec, Process, ProcessRun, Pull, RestartPolicy, RestartRule, RuleAction, Run, Scenario, Stimulus, Told, What,
    WhatIf, When, simulate,
};
use sidecar_playground::{Options, analyze};

/// Whole seconds, in milliseconds.
fn seconds(most: u64) -> impl Strategy<Value = u64> {
    (0..=most).prop_map(|seconds| seconds * 1000)
}

fn policy() -> impl Strategy<Value = RestartPolicy> {
    prop_oneof![Just(RestartPolicy::Always), Just(RestartPolicy::OnFailure), Just(RestartPolicy::Never)]
}

fn probe() -> impl Strategy<Value = Option<ProbeSpec>> {
    let probe = (seconds(20), 1..15u64, 1..4u32, 1..3u32, proptest::option::of(1..10u64));
    proptest::option::of(probe.prop_map(|(initial_delay, period, failure_threshold, success_threshold, grace)| {
        ProbeSpec { initial_delay, period: period * 1000, failure_threshold, success_threshold, grace }
    }))
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        Just(Answer::Success),
        Just(Answer::Failure),
        Just(Answer::WhenUp),
        seconds(300).prop_map(Answer::UpUntil)
    ]
}

fn rules() -> impl Strategy<Value = Vec<RestartRule>> {
    let action = prop_oneof![4 => Just(RuleAction::Restart), 1 => Just(RuleAction::RestartAllContainers)];
    let rule = (action, any::<bool>(), vec(0..4i32, 1..3));
    vec(rule.prop_map(|(action, is_in, exit_codes)| RestartRule { action, is_in, exit_codes }), 0..2)
}

fn container(kind: Kind) -> impl Strategy<Value = ContainerSpec> {
    let own = proptest::option::weighted(0.2, (policy(), rules()));
    let probes = (probe(), probe(), probe());
    (own, probes, any::<bool>(), any::<bool>()).prop_map(move |(own, probes, has_post_start, has_pre_stop)| {
        let mut spec = ContainerSpec { has_post_start, has_pre_stop, ..ContainerSpec::new("c", kind) };
        if kind != Kind::Init {
            (spec.startup, spec.liveness, spec.readiness) = probes;
        }
        if let Some((policy, rules)) = own {
            if kind != Kind::Sidecar {
                spec.restart_policy = Some(policy);
            }
            spec.rules = rules;
        }
        spec
    })
}

fn hook() -> impl Strategy<Value = HookRun> {
    let lasts = proptest::option::weighted(0.9, seconds(40));
    let waits_for = proptest::option::weighted(0.2, 0..6usize);
    (seconds(3), lasts, 0..2i32, waits_for).prop_map(|(start_delay, lasts, exit_code, waits_for)| HookRun {
        start_delay,
        lasts,
        exit_code,
        waits_for,
    })
}

fn behaviour() -> impl Strategy<Value = Behaviour> {
    let run = (proptest::option::weighted(0.7, seconds(400)), 0..4i32);
    let runs = vec(run.prop_map(|(lasts, exit_code)| ProcessRun { lasts, exit_code }), 0..3);
    let on_stop = prop_oneof![
        4 => (seconds(40), proptest::option::of(0..3i32)).prop_map(|(after, code)| OnStop::Ends { after, code }),
        1 => Just(OnStop::Ignores)
    ];
    let pull = prop_oneof![9 => seconds(20).prop_map(Pull::Takes), 1 => Just(Pull::Fails)];
    let probes = (answer(), answer(), answer());
    let ended_by =
        (0..6usize, any::<bool>()).prop_map(|(container, needs_success)| EndedBy { container, needs_success });
    let ended_by = proptest::option::weighted(0.2, ended_by);
    (runs, seconds(30), on_stop, ended_by, pull, probes, hook(), hook()).prop_map(
        |(runs, start_delay, on_stop, ended_by, pull, (startup, readiness, liveness), post_start, pre_stop)| {
            Behaviour { runs, start_delay, on_stop, ended_by, pull, startup, readiness, liveness, post_start, pre_stop }
        },
    )
}

fn pod() -> impl Strategy<Value = PodSpec> {
    let init = vec(prop_oneof![container(Kind::Init), container(Kind::Sidecar)], 0..5);
    let regular = vec(container(Kind::Regular), 1..4);
    (init, regular, policy(), 0..60u64, proptest::option::weighted(0.1, 1..600u64)).prop_map(
        |(mut containers, regular, restart_policy, grace, active_deadline)| {
            containers.extend(regular);
            PodSpec { containers, restart_policy, grace, active_deadline }
        },
    )
}

fn stimulus() -> impl Strategy<Value = Stimulus> {
    let container = 0..6usize;
    let action = prop_oneof![
        proptest::option::of(0..60u64).prop_map(Action::Delete),
        (container.clone(), 0..4i32).prop_map(|(index, code)| Action::Exit(index, code)),
        container.clone().prop_map(Action::OutOfMemory),
        container.prop_map(Action::SetImage),
        Just(Action::Reboot),
        Just(Action::KubeletRestart),
    ];
    (seconds(600), action).prop_map(|(time, action)| Stimulus { when: When::After(time), action })
}

fn case() -> impl Strategy<Value = (PodSpec, Scenario)> {
    (pod(), vec(behaviour(), 8), vec(stimulus(), 0..4)).prop_map(|(pod, behaviours, stimuli)| {
        (pod, Scenario { behaviours, stimuli, until: Vec::new(), horizon: 7_200_000 })
    })
}

fn time_of(run: &Run, fits: impl Fn(&What) -> bool) -> Option<usize> {
    run.log.iter().position(|entry| fits(&entry.what))
}

/// The position in the log at which a container counted as started for the first time.
fn started(run: &Run, pod: &PodSpec, index: usize) -> Option<usize> {
    match pod.containers[index].startup {
        Some(_) => time_of(run, |what| *what == What::StartupProbe(index, true)),
        None => time_of(run, |what| *what == What::Starting(index, Process::Container)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn a_simulation_ends_and_equals_itself((pod, scenario) in case(), minor in 27u8..=36) {
        let cluster = Cluster::new(Release::new(minor).unwrap());
        let run = simulate(&pod, &scenario, &cluster);
        prop_assert!(run.end <= scenario.horizon);
        prop_assert_eq!(&run, &simulate(&pod, &scenario, &cluster));
    }

    #[test]
    fn lanes_have_no_gaps_and_the_log_is_in_order((pod, scenario) in case()) {
        let run = simulate(&pod, &scenario, &Cluster::default());
        for lane in &run.lanes {
            prop_assert_eq!(lane[0].from, 0);
            prop_assert!(lane.windows(2).all(|pair| pair[0].to == pair[1].from && pair[0].doing != pair[1].doing));
            prop_assert_eq!(lane.last().unwrap().to, run.end);
        }
        prop_assert!(run.log.windows(2).all(|pair| pair[0].at <= pair[1].at));
        prop_assert!(run.moments.windows(2).all(|pair| pair[0].at < pair[1].at));
    }

    #[test]
    fn a_later_entry_never_starts_before_an_earlier_sidecar_is_started((pod, scenario) in case()) {
        let run = simulate(&pod, &scenario, &Cluster::default());
        for (sidecar, _) in pod.containers.iter().enumerate().filter(|(_, own)| own.kind == Kind::Sidecar) {
            for later in sidecar + 1..pod.containers.len() {
                let Some(start) = time_of(&run, |what| *what == What::Starting(later, Process::Container)) else {
                    continue;
                };
                let before = started(&run, &pod, sidecar);
                prop_assert!(before.is_some_and(|before| before < start), "{later} before {sidecar}");
            }
        }
    }

    #[test]
    fn stopping_takes_at_most_the_grace_period_and_two_seconds((pod, mut scenario) in case(), at in seconds(300)) {
        scenario.stimuli = vec![Stimulus { when: When::At(at), action: Action::Delete(None) }];
        let run = simulate(&pod, &scenario, &Cluster::default());
        let ending = run.ending.expect("it was deleted or ended before");
        let over = ending.over.expect("nothing can keep a Pod for ever");
        prop_assert!(over - ending.at <= ending.grace * 1000 + 2000, "{} ms of {} s", over - ending.at, ending.grace);
    }

    #[test]
    fn after_its_end_nothing_of_a_pod_starts((pod, scenario) in case()) {
        let run = simulate(&pod, &scenario, &Cluster::default());
        if let Some(end) = time_of(&run, |what| *what == What::Ended) {
            let starts = |what: &What| matches!(what, What::Starting(..) | What::Pulling(_));
            prop_assert!(!run.log[end..].iter().any(|entry| starts(&entry.what)));
            prop_assert!(!run.lanes.iter().any(|lane| lane.last().unwrap().doing.is_running()));
        }
    }

    #[test]
    fn a_job_with_only_native_helpers_completes(
        helpers in vec((container(Kind::Sidecar), behaviour()), 1..4), work in seconds(300), grace in 1..60u64
    ) {
        // Helpers that come up: whatever they do afterwards does not matter.
        let (mut containers, mut behaviours): (Vec<_>, Vec<_>) = helpers.into_iter().unzip();
        for (spec, behaviour) in containers.iter_mut().zip(&mut behaviours) {
            (spec.startup, spec.has_post_start, spec.rules) = (None, false, Vec::new());
            (behaviour.pull, behaviour.runs) = (Pull::Takes(1000), vec![ProcessRun { lasts: None, exit_code: 1 }]);
        }
        containers.push(ContainerSpec::new("work", Kind::Regular));
        behaviours.push(Behaviour { runs: vec![ProcessRun { lasts: Some(work), exit_code: 0 }], ..Behaviour::default() });
        let pod = PodSpec { containers, restart_policy: RestartPolicy::Never, grace, active_deadline: None };
        let until = vec![Condition::Ended];
        let run = simulate(&pod, &Scenario { behaviours, stimuli: vec![], until, horizon: 7_200_000 }, &Cluster::default());
        prop_assert_eq!(run.phase(), Phase::Succeeded);
    }
}

/// What happens to the first workload of a text as it is written.
fn told(text: &str, what_if: &str) -> Told {
    let options = Options { what_if: WhatIf::parse(what_if), ..Options::default() };
    analyze(text, &options).told_written(0).expect("it can be run")
}

/// A Job with two regular containers.
fn job(command: &str, proxy: &str, rest: &str) -> String {
    format!(
        "kind: Job\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n{rest}      containers:\n        - {{ name: report, image: a/report, command: {command} }}\n        - {{ name: proxy, image: istio/proxyv2:1.27.0, args: [proxy, sidecar]{proxy} }}\n"
    )
}

fn end_of(told: &Told) -> &JobEnd {
    &told.job.as_ref().expect("it is a Job").end
}

#[test]
fn a_job_that_ends_its_proxy_by_hand_completes() {
    for call in [
        "curl -fsI -X POST http://localhost:15020/quitquitquit",
        "wget --post-data= -qO- localhost:15020/quitquitquit",
        "pilot-agent request POST quitquitquit",
    ] {
        let told = told(&job(&format!("[sh, -c, './report; {call}']"), "", ""), "");
        assert_eq!(*end_of(&told), JobEnd::Complete, "{call}");
        let said = told
            .setup
            .assumptions
            .iter()
            .any(|own| own.text == "is asked to stop by report when that has done its work");
        assert!(said, "{:?}", told.setup.assumptions);
    }
    assert_eq!(*end_of(&told(&job("[./report]", "", ""), "")), JobEnd::Active);
    // Processes of another container cannot be seen unless they are shared.
    let kill = "[sh, -c, './report; pkill -f proxyv2']";
    assert_eq!(*end_of(&told(&job(kill, "", ""), "")), JobEnd::Active);
    assert_eq!(*end_of(&told(&job(kill, "", "      shareProcessNamespace: true\n"), "")), JobEnd::Complete);
}

#[test]
fn a_call_behind_two_ampersands_does_not_follow_work_that_failed() {
    let call = "curl -X POST localhost:15020/quitquitquit";
    let end =
        |script: &str, what_if: &str| end_of(&told(&job(&format!("[sh, -c, '{script}']"), "", ""), what_if)).clone();
    for script in [format!("./report && {call}"), format!("set -e; ./report; {call}")] {
        assert_eq!(end(&script, ""), JobEnd::Complete, "{script}");
        assert_eq!(end(&script, "crashes:report=5"), JobEnd::Active, "{script}: nobody ends the proxy");
    }
    let end = end(&format!("./report; {call}"), "crashes:report=5");
    assert!(matches!(end, JobEnd::Failed(_)), "the Pod ends, and is tried again: {end:?}");
}

#[test]
fn a_helper_that_waits_for_a_file_ends_when_the_app_has_written_it() {
    let text = |work: &str, helper: &str| {
        format!(
            "kind: Job\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n        - {{ name: report, image: a/report, command: [sh, -c, '{work}'], volumeMounts: [{{ name: shared, mountPath: /shared }}] }}\n        - {{ name: shipper, image: busybox, command: [sh, -c, '{helper}'], volumeMounts: [{{ name: shared, mountPath: /shared }}] }}\n      volumes: [{{ name: shared, emptyDir: {{}} }}]\n"
        )
    };
    for helper in [
        "while [ ! -f /shared/done ]; do sleep 1; done",
        "until [ -f /shared/done ]; do sleep 1; done",
        "while true; do ./send; [ -f /shared/done ] && exit 0; sleep 1; done",
    ] {
        let done = told(&text("./report; touch /shared/done", helper), "");
        assert_eq!(*end_of(&done), JobEnd::Complete, "{helper}");
        let said = done.setup.assumptions.iter().any(|own| own.text == "ends when report has written /shared/done");
        assert!(said, "{:?}", done.setup.assumptions);
    }
    let waits = "while [ ! -f /shared/done ]; do sleep 1; done";
    assert_eq!(*end_of(&told(&text("./report", waits), "")), JobEnd::Active, "nobody writes it");
    let failed = told(&text("./report && touch /shared/done", waits), "exit:report@5=1");
    assert_eq!(*end_of(&failed), JobEnd::Active, "it was not written");
}

#[test]
fn a_post_start_hook_that_waits_holds_the_next_container_back() {
    let text = |hook: &str| {
        format!(
            "kind: Pod\nspec:\n  containers:\n    - name: istio-proxy\n      image: istio/proxyv2:1.27.0\n      lifecycle: {{ postStart: {{ exec: {{ command: {hook} }} }} }}\n    - {{ name: shop, image: a/shop }}\n"
        )
    };
    let start = |told: &Told| told.run.first(|what| *what == What::Starting(1, Process::Container));
    let up = |told: &Told| told.run.first(|what| *what == What::Up(0, Process::Container));
    for hook in ["[pilot-agent, wait]", "[sh, -c, 'until curl -sf localhost:15021/healthz/ready; do sleep 1; done']"] {
        let slow = told(&text(hook), "slow-start:istio-proxy=12");
        assert!(up(&slow) > Some(12_000) && start(&slow) > up(&slow), "{hook}");
        assert_eq!(start(&told(&text(hook), "never-ready:istio-proxy")), None, "{hook}");
    }
    let other = told(&text("[sh, -c, 'echo started']"), "slow-start:istio-proxy=12");
    assert!(start(&other) < up(&other));
}

#[test]
fn a_helper_that_goes_on_is_no_init_container() {
    let ready = |args: &str| {
        let text = format!(
            "kind: Pod\nspec:\n  initContainers:\n    - {{ name: fetch, image: registry.k8s.io/git-sync/git-sync:v4.3.0, args: {args} }}\n  containers: [{{ name: shop, image: a/shop }}]\n"
        );
        told(&text, "").run.moments.iter().any(|moment| moment.is_ready)
    };
    assert!(ready("['--repo=https://example.com/a', --one-time]"));
    assert!(!ready("['--repo=https://example.com/a', '--period=60s']"));
    assert!(!ready("['--repo=https://example.com/a']"));
}

#[test]
fn a_placeholder_that_nothing_replaces_cannot_be_pulled() {
    let ready = |inject: &str| {
        let text = format!(
            "kind: Pod\nmetadata: {{ labels: {{ sidecar.istio.io/inject: '{inject}' }} }}\nspec: {{ containers: [{{ name: shop, image: a/shop }}, {{ name: istio-proxy, image: auto }}] }}\n"
        );
        told(&text, "").run.moments.iter().any(|moment| moment.is_ready)
    };
    assert!(ready("true"));
    assert!(!ready("false"));
}
