//! A script that writes where it may only read.

use super::support::shell::{self, Call};
use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::finding::Fix;
use crate::model::Mount;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds command lines that write into a mount which is `readOnly`, or into a ConfigMap or Secret.
    ///
    /// ## Why it matters
    /// The write fails with "Read-only file system". Volumes made from ConfigMaps, Secrets and projections can never be
    /// written. Often the two sides of a shared volume were given each other's mount.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       volumeMounts:
    ///         - { name: content, mountPath: /srv }
    ///     - name: refresher
    ///       image: registry.example.com/tools:1.0
    ///       command: ["sh", "-c", "./render > /content/index.html; exec ./watch"]
    ///       volumeMounts:
    ///         - { name: content, mountPath: /content, readOnly: true }
    ///   volumes:
    ///     - name: content
    ///       emptyDir: { sizeLimit: 500Mi }
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: shop
    /// spec:
    ///   containers:
    ///     - name: shop
    ///       image: registry.example.com/shop:1.4
    ///       volumeMounts:
    ///         - { name: content, mountPath: /srv, readOnly: true }
    ///     - name: refresher
    ///       image: registry.example.com/tools:1.0
    ///       command: ["sh", "-c", "./render > /content/index.html; exec ./watch"]
    ///       volumeMounts:
    ///         - { name: content, mountPath: /content }
    ///   volumes:
    ///     - name: content
    ///       emptyDir: { sizeLimit: 500Mi }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Volumes](https://kubernetes.io/docs/concepts/storage/volumes/)
    WRITES_TO_READ_ONLY_MOUNT, "writes-to-read-only-mount", Error, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    subject.pods().flat_map(|case| case.members().filter_map(move |member| find(rule, case, member))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, member: Member<'_>) -> Option<Finding> {
    let (path, mount) = shell::calls(member.container).iter().flat_map(written).find_map(|path| {
        let mounts = member.container.mounts.iter();
        let holds = |mount: &&Mount| {
            path.strip_prefix(mount.path.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'))
        };
        // The innermost mount counts.
        let mount = mounts.filter(holds).max_by_key(|mount| mount.path.len())?;
        is_read_only(case, mount).then_some((path, mount))
    })?;
    let name = member.name();
    let message = format!("{name} writes {path}, but volume {} is read-only there", mount.volume);
    let help = if mount.read_only {
        format!("Remove readOnly from this mount of {name}, if it is the one that is to write.")
    } else {
        format!("Write into an emptyDir: volume {} can only be read.", mount.volume)
    };
    let finding = case.about(rule, member, (mount.node, Part::Value), message, help).at_most(Confidence::Likely);
    let is_configuration = case.workload.pod.volume(&mount.volume).is_none_or(|volume| volume.kind.is_configuration());
    let edits = if is_configuration { None } else { case.without(mount.node, "readOnly") };
    Some(finding.mended_by(Fix::to_review(format!("Let {name} write to {}", mount.volume), edits)))
}

fn is_read_only(case: &Case<'_>, mount: &Mount) -> bool {
    mount.read_only || case.workload.pod.volume(&mount.volume).is_some_and(|volume| volume.kind.is_configuration())
}

/// The absolute paths that a call writes: behind `>`, and what `tee`, `touch` and `mkdir` are given.
fn written(call: &Call<'_>) -> Vec<String> {
    let mut paths = Vec::new();
    for (position, word) in call.words.iter().enumerate() {
        let target = match word.trim_start_matches(['1', '2']).trim_start_matches('>') {
            "" if word.ends_with('>') => call.words.get(position + 1).copied(),
            rest if rest.len() < word.len() && word.contains('>') => Some(rest),
            _ => None,
        };
        paths.extend(target.map(str::to_owned));
    }
    if matches!(call.program(), "tee" | "touch" | "mkdir") {
        paths.extend(call.operands().map(str::to_owned));
    }
    paths.retain(|path| path.starts_with('/') && !path.contains(['$', '*']));
    paths
}
