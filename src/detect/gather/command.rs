//! Evidence from what a container runs.

use super::Subject;
use crate::category::Category;
use crate::detect::{Evidence, EvidenceKind};
use crate::source::NodeId;

pub(super) fn gather(subject: Subject<'_>) -> Vec<Evidence> {
    let script: String = subject.container.words().map(|word| word.value.as_str()).collect::<Vec<_>>().join(" ");
    if script.is_empty() {
        return Vec::new();
    }
    let node = subject.container.words().max_by_key(|word| word.value.len()).map(|word| word.node);
    let lower = script.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut helper = |points, category, weight, text: &str| {
        found.push(subject.of_category(EvidenceKind::Command, points, (category, weight), text.to_owned(), node));
    };
    if follows_a_file(&lower) {
        helper(6, Category::LogShipper, 6, "it follows a file with tail");
    }
    if lower.contains("git pull") || lower.contains("git fetch") || lower.contains("git clone") {
        helper(4, Category::DataSync, 6, "it fetches from a git repository");
    } else if ["rsync ", "gsutil rsync", "aws s3 sync", "rclone sync"].iter().any(|sync| lower.contains(sync)) {
        helper(4, Category::DataSync, 6, "it copies data from elsewhere");
    }
    if lower.contains("logrotate") {
        helper(5, Category::Other, 7, "it rotates log files");
    }
    if lower.contains("peer-list") && lower.contains("-on-change") {
        helper(5, Category::ConfigReload, 8, "it rewrites configuration when the list of peers changes");
    }
    if lower.contains("inotifywait") || lower.contains("kill -hup") || lower.contains("/-/reload") {
        helper(4, Category::ConfigReload, 6, "it makes another process reload");
    }
    if lower.contains("tcpdump") || lower.contains("tshark") {
        helper(5, Category::Debug, 7, "it records network traffic");
    }
    if lower.contains("socat") || lower.contains("kubectl proxy") || lower.contains("ssh -l") {
        helper(4, Category::Ambassador, 6, "it forwards a port");
    }
    if ["mysqldump", "pg_dump", "xtrabackup", "mongodump"].iter().any(|tool| lower.contains(tool)) {
        helper(4, Category::Backup, 6, "it dumps a database");
    }
    found.extend(idles(subject, &lower, node));
    found
}

/// `tail -f`, `tail -F`, `tail -n+1 -F`: the file is followed, unless it is `/dev/null` to stay alive.
fn follows_a_file(script: &str) -> bool {
    script.match_indices("tail ").any(|(at, _)| {
        let rest: Vec<&str> = script.get(at + 5..).unwrap_or_default().split_whitespace().take(6).collect();
        let follows = rest.iter().any(|word| word.starts_with('-') && !word.starts_with("--") && word.contains('f'))
            || rest.iter().any(|word| word.starts_with("--follow"));
        follows && !rest.contains(&"/dev/null")
    })
}

/// A container that only sleeps does nothing for anybody, but is not what a Pod is for either.
fn idles(subject: Subject<'_>, script: &str, node: Option<NodeId>) -> Option<Evidence> {
    let sleeps = script.contains("sleep infinity")
        || script.contains("tail -f /dev/null")
        || (script.contains("while true") && script.contains("sleep"))
        || script.contains("while :;")
        || script.contains("while [ true ]");
    sleeps.then(|| {
        subject.of_category(
            EvidenceKind::Command,
            2,
            (Category::Other, 1),
            "it loops or sleeps for ever".to_owned(),
            node,
        )
    })
}
