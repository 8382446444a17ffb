//! A log tailer that looks at its own, empty directory.

use super::support::{Case, Member, shell};
use super::{Rule, Subject};
use crate::detect::Confidence;
use crate::finding::Finding;
use crate::rule;
use crate::source::Part;

rule! {
    /// ## What it does
    /// Finds sidecars that follow a file which is in none of the volumes they mount.
    ///
    /// ## Why it matters
    /// Containers of a Pod share volumes, not their file systems. A path outside of all mounts is the helper's own; the
    /// file that the app writes under the same path is another one, so nothing ever arrives.
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
    ///         - { name: logs, mountPath: /var/log/shop }
    ///     - name: log-tailer
    ///       image: busybox:1.36
    ///       args: ["tail", "-n+1", "-F", "/var/log/shop/access.log"]
    ///       volumeMounts:
    ///         - { name: logs, mountPath: /logs }
    ///   volumes:
    ///     - name: logs
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
    ///         - { name: logs, mountPath: /var/log/shop }
    ///     - name: log-tailer
    ///       image: busybox:1.36
    ///       args: ["tail", "-n+1", "-F", "/var/log/shop/access.log"]
    ///       volumeMounts:
    ///         - { name: logs, mountPath: /var/log/shop }
    ///   volumes:
    ///     - name: logs
    ///       emptyDir: { sizeLimit: 500Mi }
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Logging Architecture](https://kubernetes.io/docs/concepts/cluster-administration/logging/)
    /// - [Kubernetes: Volumes](https://kubernetes.io/docs/concepts/storage/volumes/)
    READS_UNSHARED_PATH, "reads-unshared-path", Warning, check
}

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let complete = subject.pods().filter(|case| case.is_complete);
    complete.flat_map(|case| case.helpers().filter_map(move |helper| find(rule, case, helper))).collect()
}

fn find(rule: &Rule, case: &Case<'_>, helper: Member<'_>) -> Option<Finding> {
    let container = helper.container;
    let calls = shell::calls(container);
    let follows = calls.iter().filter(|call| call.program() == "tail").flat_map(|call| {
        call.operands().filter(|word| word.starts_with('/')).map(move |path| (path.to_owned(), call.node))
    });
    let line = shell::line(container);
    let is_own = |path: &str| {
        let is_mounted = container.mounts.iter().any(|mount| is_below(path, &mount.path));
        let is_special = ["/dev/", "/proc/", "/sys/", "/run/"].iter().any(|start| path.starts_with(start));
        // A script may make the file itself, or name it by a variable.
        let is_made = line.matches(path).count() > 1 || path.contains(['$', '{', '*']);
        !is_mounted && !is_special && !is_made
    };
    let (path, node) = follows.into_iter().find(|(path, _)| is_own(path))?;
    let name = helper.name();
    let message = format!("{name} follows {path}, which is in none of its volumes");
    let writer = case.apps().flat_map(|app| app.container.mounts.iter().map(move |mount| (app, mount)));
    let writer = writer.into_iter().find(|(_, mount)| is_below(&path, &mount.path));
    let help = match writer {
        Some((app, mount)) => {
            format!("Mount volume {} at {} in {name}, as in {}.", mount.volume, mount.path, app.name())
        }
        None => format!("Mount the volume that the app writes to in {name}, at a path above {path}."),
    };
    Some(case.about(rule, helper, (node, Part::Value), message, help).at_most(Confidence::Likely))
}

fn is_below(path: &str, mount: &str) -> bool {
    let mount = mount.trim_end_matches('/');
    path.strip_prefix(mount).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
