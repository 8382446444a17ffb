//! A helper that signals a process it cannot see.

use super::support::shell::{self, Call};
use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::finding::Fix;
use crate::rule;

rule! {
    /// ## What it does
    /// Finds containers that send a signal to the program of another container, in Pods that do not share their
    /// processes.
    ///
    /// ## Why it matters
    /// Each container sees only its own processes. `pkill nginx` in a helper finds nothing and fails, or does nothing
    /// for years. With `shareProcessNamespace: true` all containers of the Pod see each other.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: nginx
    ///       image: nginx:1.26
    ///     - name: cert-watcher
    ///       image: registry.example.com/tools:1.0
    ///       command: ["sh", "-c", "exec ./on-change /certs pkill -HUP nginx; pkill -HUP nginx"]
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   shareProcessNamespace: true
    ///   containers:
    ///     - name: nginx
    ///       image: nginx:1.26
    ///     - name: cert-watcher
    ///       image: registry.example.com/tools:1.0
    ///       command: ["sh", "-c", "exec ./on-change /certs pkill -HUP nginx; pkill -HUP nginx"]
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Share Process Namespace between Containers in a Pod](https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/)
    /// - Fact 10.5
    SIGNAL_CANNOT_ARRIVE, "signal-cannot-arrive", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let apart = subject
        .pods()
        .filter(|case| case.is_complete && !case.workload.pod.share_process_namespace && !case.workload.pod.host_pid);
    apart.flat_map(|case| case.running().filter_map(move |member| find(rule, case, member))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, sender: Member<'_>) -> Option<Finding> {
    let calls = shell::calls(sender.container);
    let (call, other) = calls.iter().filter(|call| sends_by_name(call)).find_map(|call| {
        let targets: Vec<&str> = call.operands().filter(|word| !is_signal(word)).collect();
        // What its own image or name is called may well run in the sender itself.
        let is_own = targets.iter().any(|target| is_program_of(target, sender));
        let others = case.running().filter(|other| other.number != sender.number);
        let other =
            others.filter(|_| !is_own).find(|other| targets.iter().any(|target| is_program_of(target, *other)))?;
        Some((call, other))
    })?;
    let name = other.name();
    let message = format!("{} cannot signal {name}: it does not see the processes of other containers", sender.name());
    let help = format!(
        "Set shareProcessNamespace: true for {}, or let {} call an address of {name}.",
        case.title(),
        sender.name()
    );
    let edits = case.with_key(case.workload.pod.node, "shareProcessNamespace", true, &["restartPolicy"]);
    let fix = Fix::to_review(format!("Let the containers of {} see each other", case.title()), edits);
    let finding = case.about(rule, sender, sender.here(), message, help).at_most(Confidence::Likely).mended_by(fix);
    Some(finding.because(case.place(call.node), format!("{} runs {}", sender.name(), call.words.join(" "))))
}

fn sends_by_name(call: &Call<'_>) -> bool {
    matches!(call.program(), "pkill" | "killall" | "pidof" | "pgrep")
}

fn is_signal(word: &str) -> bool {
    matches!(word.trim_start_matches("SIG"), "HUP" | "TERM" | "INT" | "USR1" | "USR2" | "KILL" | "QUIT")
}

/// Whether a process of this name is what a container runs.
fn is_program_of(target: &str, member: Member<'_>) -> bool {
    let image = member.container.image.as_ref().map(|image| image.value.base().to_owned());
    let letters = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let own = letters(target);
    own.len() > 2 && (own == letters(member.name()) || image.is_some_and(|image| own == letters(&image)))
}
