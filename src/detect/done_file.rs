//! A helper that looks for a file which another container writes when its work is done, and ends when it is there.

use super::ending::{Ender, needs_success};
use crate::model::{Container, Workload};

/// Flags of `test` that ask whether a file is there.
const TESTS: &[&str] = &["-f", "-e", "-s"];

/// Who writes the file that a container waits for in a loop.
#[must_use]
pub fn ended_by_file(workload: &Workload, helper: usize) -> Option<Ender> {
    let own = workload.pod.containers.get(helper).filter(|own| own.field.is_regular())?;
    let scripts = own.words().filter(|word| loops(&word.value));
    let waited: Vec<&str> = scripts.flat_map(|word| tested(&word.value)).collect();
    let others = workload.pod.containers.iter().enumerate().filter(|(index, _)| *index != helper);
    let writes = others.filter(|(_, other)| other.field.is_regular()).flat_map(|(index, other)| {
        let word =
            |text: &'_ str| written(text).into_iter().map(|(at, path)| (at, path.to_owned())).collect::<Vec<_>>();
        other.words().flat_map(move |own| word(&own.value).into_iter().map(move |found| (index, other, own, found)))
    });
    writes.into_iter().find_map(|(container, other, word, (at, path))| {
        let place = place(other, &path)?;
        let waits = waited.iter().any(|own_path| self::place(own, own_path).is_some_and(|own| own == place));
        waits.then(|| Ender { container, needs_success: needs_success(other, &word.value, at), file: Some(path) })
    })
}

fn loops(script: &str) -> bool {
    script.split(|c: char| c.is_whitespace() || c == ';').any(|word| matches!(word, "while" | "until"))
}

fn words(text: &str) -> Vec<&str> {
    let cut = |c: char| c.is_whitespace() || ";&|()\"'".contains(c);
    text.split(cut).filter(|word| !word.is_empty()).collect()
}

/// Files that a script asks for: `[ ! -f /shared/done ]`, `test -e /shared/done`.
fn tested(script: &str) -> Vec<&str> {
    let of = |part: &[&'_ str]| {
        matches!(part, [before, flag, path]
            if matches!(*before, "[" | "[[" | "test" | "!") && TESTS.contains(flag) && path.starts_with('/'))
    };
    let words = words(script);
    words.windows(3).filter(|part| of(part)).filter_map(|part| part.get(2).copied()).collect()
}

/// Files that a script writes, and where in it: by `touch`, or behind a `>`.
fn written(script: &str) -> Vec<(usize, &str)> {
    let path = |at: usize| {
        let rest = script.get(at..)?.trim_start_matches(['>', ' ']);
        let path = rest.split(|c: char| c.is_whitespace() || ";&|()\"'".contains(c)).next()?;
        path.starts_with('/').then_some((at, path))
    };
    let touched = script.match_indices("touch ").filter_map(|(at, word)| Some((at, path(at + word.len())?.1)));
    let sent = script.match_indices('>').filter_map(|(at, _)| path(at));
    touched.chain(sent).collect()
}

/// A path of a container as a volume and a path in that.
fn place(container: &Container, path: &str) -> Option<(String, String)> {
    let below = |mount: &str| {
        let rest = path.strip_prefix(mount.trim_end_matches('/'))?;
        (rest.is_empty() || rest.starts_with('/')).then(|| rest.trim_start_matches('/').to_owned())
    };
    let mounts = container.mounts.iter().filter_map(|mount| Some((mount, below(&mount.path)?)));
    let (mount, rest) = mounts.max_by_key(|(mount, _)| mount.path.len())?;
    let inside = mount.sub_path.as_deref().unwrap_or_default().trim_matches('/');
    let path =
        if inside.is_empty() || rest.is_empty() { format!("{inside}{rest}") } else { format!("{inside}/{rest}") };
    Some((mount.volume.clone(), path))
}

#[cfg(test)]
mod tests {
    use super::ended_by_file;
    use crate::{Options, analyze};

    /// The container that ends the second one, and whether it has to succeed.
    fn of(work: &str, helper: &str, mount: &str) -> Option<(usize, bool)> {
        let text = format!(
            "kind: Job\nspec:\n  template:\n    spec:\n      containers:\n        - {{ name: report, image: a/report, command: [sh, -c, \"{work}\"], volumeMounts: [{{ name: out, mountPath: /out }}] }}\n        - {{ name: logs, image: a/logs, command: [sh, -c, \"{helper}\"], volumeMounts: [{{ name: out, mountPath: {mount} }}] }}\n      volumes: [{{ name: out, emptyDir: {{}} }}]\n"
        );
        let analysis = analyze(&text, &Options::default());
        ended_by_file(&analysis.model.workloads[0], 1).map(|ender| (ender.container, ender.needs_success))
    }

    #[test]
    fn a_helper_ends_when_the_file_it_waits_for_is_written() {
        let waits = "while [ ! -f /out/done ]; do sleep 1; done";
        for (work, needs_success) in [
            ("./report; touch /out/done", false),
            ("./report && touch /out/done", true),
            ("set -e; ./report; echo ok > /out/done", true),
            ("if ./report; then touch /out/done; fi", true),
            ("trap 'touch /out/done' EXIT; ./report && true", false),
        ] {
            assert_eq!(of(work, waits, "/out"), Some((0, needs_success)), "{work}");
        }
        for helper in [
            "until [ -e /out/done ]; do sleep 1; done",
            "until test -f /out/done; do sleep 1; done",
            "while :; do ./send; if [ -f /out/done ]; then exit 0; fi; sleep 1; done",
            "while ! test -f /out/done; do sleep 1; done",
        ] {
            assert_eq!(of("./report; touch /out/done", helper, "/out"), Some((0, false)), "{helper}");
        }
        // The same file by another path.
        let other = "while [ ! -f /shared/done ]; do sleep 1; done";
        assert_eq!(of("./report; touch /out/done", other, "/shared"), Some((0, false)));
    }

    #[test]
    fn another_file_or_none_ends_nothing() {
        let waits = "while [ ! -f /out/done ]; do sleep 1; done";
        assert_eq!(of("./report", waits, "/out"), None);
        assert_eq!(of("./report; touch /out/ready", waits, "/out"), None);
        assert_eq!(of("./report; touch /out/done", waits, "/other"), None, "not in its volume");
        assert_eq!(of("./report > /out/log", "tail -f /out/log", "/out"), None);
        assert_eq!(of("./report > /out/log", "while true; do tail -f /out/log; done", "/out"), None);
    }
}
