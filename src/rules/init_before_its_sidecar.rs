//! An init container that needs a native sidecar which starts later.

use super::support::shell::{self, Call};
use super::support::{Case, Member, ports};
use super::{Rule, Subject};
use crate::detect::{Confidence, Direction};
use crate::finding::Finding;
use crate::model::{Mount, VolumeKind};
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds init containers that call a port of a native sidecar listed after them, or read a volume that only a later
    /// native sidecar fills.
    ///
    /// ## Why it matters
    /// Entries of `initContainers` start in their order. What stands before a sidecar runs to its end before the
    /// sidecar starts, so it cannot reach it: it fails or waits for ever.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   initContainers:
    ///     - name: migrate
    ///       image: registry.example.com/shop-migrate:1.4
    ///       args: ["--database=postgres://127.0.0.1:5432/shop"]
    ///     - name: cloud-sql-proxy
    ///       image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.13
    ///       args: ["--port=5432", "shop:europe-west1:shop"]
    ///       restartPolicy: Always
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   initContainers:
    ///     - name: cloud-sql-proxy
    ///       image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.13
    ///       args: ["--port=5432", "--health-check", "shop:europe-west1:shop"]
    ///       restartPolicy: Always
    ///       startupProbe:
    ///         httpGet: { path: /startup, port: 9090 }
    ///         periodSeconds: 1
    ///         failureThreshold: 60
    ///     - name: migrate
    ///       image: registry.example.com/shop-migrate:1.4
    ///       args: ["--database=postgres://127.0.0.1:5432/shop"]
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    /// ```
    ///
    /// ## Since
    /// Kubernetes 1.29.
    ///
    /// ## References
    /// - [Kubernetes: Sidecar Containers](https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/)
    /// - [Kubernetes: Init Containers](https://kubernetes.io/docs/concepts/workloads/pods/init-containers/)
    /// - Fact 2.2
    /// - Fact 11.2
    INIT_BEFORE_ITS_SIDECAR, "init-before-its-sidecar", Error, [since 29], check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let found = subject.pods().flat_map(|case| {
        case.inits().filter_map(move |init| by_port(rule, case, init).or_else(|| by_volume(rule, case, init)))
    });
    found.collect()
}

/// It calls a port of a later sidecar.
fn by_port(rule: &Rule, case: &Case<'_>, init: Member<'_>) -> Option<Finding> {
    let (port, node, native) = ports::wanted(init.container).into_iter().find_map(|(port, node)| {
        let mut later = case.helpers().filter(|helper| helper.is_native() && helper.number > init.number);
        let native = later.find(|native| ports::listens(*native, port))?;
        Some((port, node, native))
    })?;
    let name = native.name();
    let message = format!("{} calls localhost:{port} of {name}, which starts only after it has ended", init.name());
    let help = format!("Move {name} in front of {} in initContainers, with a startupProbe.", init.name());
    let finding = case.about(rule, init, (node, Part::Value), message, help).at_most(Confidence::Likely);
    Some(finding.because(case.place(native.container.node), format!("{name} stands behind it")))
}

/// It only reads a volume that nobody before it fills.
fn by_volume(rule: &Rule, case: &Case<'_>, init: Member<'_>) -> Option<Finding> {
    let pod = &case.workload.pod;
    let (mount, native) = init.container.mounts.iter().filter(|mount| only_reads(init, mount)).find_map(|mount| {
        pod.volume(&mount.volume).filter(|volume| volume.kind == VolumeKind::EmptyDir)?;
        let uses = |member: &Member<'_>| member.container.mounts.iter().any(|own| own.volume == mount.volume);
        if case.members().take(init.number).any(|earlier| uses(&earlier)) {
            return None;
        }
        let later = case.members().skip(init.number + 1).find(|member| {
            member.is_native()
                && case.uses.iter().any(|used| {
                    used.container == member.number
                        && used.direction == Direction::Writes
                        && member.container.mounts.get(used.mount).is_some_and(|own| own.volume == mount.volume)
                })
        })?;
        Some((mount, later))
    })?;
    let name = native.name();
    let message = format!("{} reads volume {}, which {name} fills only after it has ended", init.name(), mount.volume);
    let help = format!("Move {name} in front of {} in initContainers, with a startupProbe.", init.name());
    let finding = case.about(rule, init, (mount.node, Part::Value), message, help).at_most(Confidence::Likely);
    Some(finding.because(case.place(native.container.node), format!("{name} stands behind it")))
}

/// Whether a mount is read-only, or all that the script does with it is to read.
fn only_reads(init: Member<'_>, mount: &Mount) -> bool {
    let below = format!("{}/", mount.path.trim_end_matches('/'));
    let calls = shell::calls(init.container);
    let mut touching =
        calls.iter().filter(|call| call.words.iter().skip(1).any(|word| word.starts_with(&below))).peekable();
    let reads = |call: &Call<'_>| matches!(call.program(), "cat" | "." | "source" | "grep" | "test" | "[" | "head");
    let writes = |call: &Call<'_>| call.words.iter().any(|word| word.contains('>'));
    mount.read_only || (touching.peek().is_some() && touching.all(|call| reads(call) && !writes(call)))
}
