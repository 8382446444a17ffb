//! Who ends whom by hand: a container that tells a helper to quit when its work is done, as Jobs did before there were
//! native sidecars.

use super::Verdict;
use super::done_file::ended_by_file;
use crate::category::Category;
use crate::model::{Container, Located, Workload};

/// Ways in which some Jobs end their proxy themselves when the work is done.
const WAYS: &[&str] = &["quitquitquit", "/shutdown", "pkill", "killall"];

/// Ports at which a proxy takes the call, beside those that the manifest names, and how its id in the catalogue starts.
const PORTS: &[(&str, &str)] = &[
    ("15000", "istio"),
    ("15004", "istio"),
    ("15020", "istio"),
    ("4191", "linkerd"),
    ("3500", "dapr"),
    ("9091", "cloud-sql-proxy"),
];

/// Whether a container ends another one, or lets itself be ended so by somebody whose code is not seen here.
#[must_use]
pub fn speaks_of_ending(container: &Container) -> bool {
    let says = |text: &str| WAYS.iter().any(|way| text.contains(way));
    container.words().any(|word| says(&word.value)) || is_told_by_env(container)
}

/// The word by which a container ends another one. The flag by which a proxy allows it is none.
#[must_use]
pub fn ends_others(container: &Container) -> Option<&Located<String>> {
    let mut words = container.words().filter(|word| !word.value.starts_with('-'));
    words.find(|word| WAYS.iter().any(|way| word.value.contains(way)))
}

fn is_told_by_env(container: &Container) -> bool {
    container.env.iter().any(|variable| variable.name.to_ascii_lowercase().contains("quitquitquit"))
}

/// The container at whose end another one ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ender {
    /// Its index in the workload.
    pub container: usize,
    /// Whether it has to end with code 0: in `work && curl …` the call does not follow work that failed.
    pub needs_success: bool,
    /// The file by which it tells that it is done; none for a call.
    pub file: Option<String>,
}

/// Who ends a container: who writes the file that it waits for, who calls a helper, or, where the helper only allows that,
/// the container that does the work.
#[must_use]
pub fn ended_by(workload: &Workload, verdicts: &[Verdict], helper: usize) -> Option<Ender> {
    ended_by_file(workload, helper).or_else(|| {
        let is_helper = verdicts.get(helper).is_some_and(|verdict| verdict.role.is_sidecar());
        is_helper.then(|| ended_by_call(workload, verdicts, helper)).flatten()
    })
}

fn ended_by_call(workload: &Workload, verdicts: &[Verdict], helper: usize) -> Option<Ender> {
    let own = workload.pod.containers.get(helper)?;
    let is_other = |index: usize| verdicts.get(index).is_some_and(|verdict| !verdict.role.is_sidecar());
    let mut regular = workload.pod.containers.iter().enumerate().filter(|(_, other)| other.field.is_regular());
    let caller = regular.clone().filter(|(index, _)| is_other(*index)).find(|(_, other)| {
        let word = ends_others(other).map(|word| word.value.as_str());
        word.is_some_and(|word| is_meant(word, own, workload, verdicts, helper))
    });
    let by_others = || {
        let allows = speaks_of_ending(own) && ends_others(own).is_none();
        regular.find(|(index, _)| allows && is_other(*index))
    };
    let (index, caller) = caller.or_else(by_others)?;
    let at = |word: &str| WAYS.iter().filter_map(|way| word.find(way)).min();
    let call = ends_others(caller).and_then(|word| Some((word.value.as_str(), at(&word.value)?)));
    let needs_success = call.is_some_and(|(word, at)| needs_success(caller, word, at));
    Some(Ender { container: index, needs_success, file: None })
}

/// Whether a command that stands at a byte of a script is only reached when what stands before it has succeeded.
pub(super) fn needs_success(container: &Container, script: &str, at: usize) -> bool {
    let before = script.get(..at).unwrap_or_default();
    let (head, own) = match before.rfind([';', '&', '|', '\n']) {
        Some(end) => before.split_at(end + 1),
        None => ("", before),
    };
    // A trap is reached however the work ends.
    if head.is_empty() && !own.trim_start().starts_with("then ") || before.contains("trap ") || head.ends_with("||") {
        return false;
    }
    let has_e = |flags: &str| flags.starts_with('-') && !flags.starts_with("--") && flags.contains('e');
    let is_strict = head.split("set ").skip(1).any(|rest| {
        let mut words = rest.split(|c: char| c.is_whitespace() || c == ';');
        words.next().is_some_and(|flags| has_e(flags) || (flags == "-o" && words.next() == Some("errexit")))
    });
    let mut words = container.words().map(|word| word.value.as_str());
    let is_shell = words.next().is_some_and(|first| first.ends_with("sh"));
    let is_begun_strictly = is_shell && words.take_while(|word| word.starts_with('-')).any(has_e);
    head.ends_with("&&") || own.trim_start().starts_with("then ") || is_strict || is_begun_strictly
}

/// Whether the call ends this helper, and not another one of the Pod.
fn is_meant(call: &str, own: &Container, workload: &Workload, verdicts: &[Verdict], helper: usize) -> bool {
    let verdict = verdicts.get(helper);
    let words = || call.split(|c: char| c.is_whitespace() || ";&|\"'()".contains(c)).filter(|word| !word.is_empty());
    if let Some(way) = words().position(|word| word == "pkill" || word == "killall") {
        // Without a shared process namespace nobody sees the processes of another container.
        let name = words().skip(way + 1).find(|word| !word.starts_with('-')).unwrap_or_default();
        return workload.pod.share_process_namespace && !name.is_empty() && has_word(own, name);
    }
    let known = verdict.and_then(|verdict| verdict.known_as).unwrap_or_default();
    if words().any(|word| word == "pilot-agent") {
        return known.starts_with("istio") || is_alone(workload, verdicts);
    }
    match port(call) {
        Some(port) => {
            let is_usual = PORTS.iter().any(|(usual, id)| *usual == port && known.starts_with(id));
            let is_named = own.ports.iter().any(|own| own.port.to_string() == port)
                || own.words().any(|word| word.value.split(|c: char| !c.is_ascii_digit()).any(|part| part == port));
            is_usual || is_named || is_alone(workload, verdicts)
        }
        None => verdict.is_some_and(|own| own.category == Some(Category::MeshProxy)) || is_alone(workload, verdicts),
    }
}

/// Whether there is one helper only, which then is meant.
fn is_alone(workload: &Workload, verdicts: &[Verdict]) -> bool {
    let pairs = workload.pod.containers.iter().zip(verdicts);
    pairs.filter(|(_, verdict)| verdict.role.is_sidecar()).count() == 1
}

fn has_word(container: &Container, name: &str) -> bool {
    let image = container.image.as_ref().map(|image| image.value.base());
    let same = |text: &str| text.replace('_', "-").contains(&name.replace('_', "-"));
    same(container.display_name()) || image.is_some_and(same) || container.words().any(|word| same(&word.value))
}

/// The port in front of the path that ends a proxy: `9091` of `curl -X POST localhost:9091/quitquitquit`.
fn port(call: &str) -> Option<&str> {
    let path = call.find("/quitquitquit").or_else(|| call.find("/shutdown"))?;
    let host = call.get(..path)?.split(|c: char| c.is_whitespace() || "\"'(".contains(c)).next_back()?;
    let address = host.split("//").last()?;
    let port = address.split('/').next()?.split(':').nth(1)?;
    (!port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())).then_some(port)
}

#[cfg(test)]
mod tests {
    use super::{ended_by, port};
    use crate::{Options, analyze};

    /// The name of the container at whose end the second one ends.
    fn of(first: &str, second: &str, rest: &str) -> Option<String> {
        let text = format!(
            "kind: Job\nspec:\n  template:\n    spec:\n      containers:\n        - {{ name: report, image: a/report{first} }}\n        - {{ name: {second} }}\n{rest}"
        );
        let analysis = analyze(&text, &Options::default());
        let workload = &analysis.model.workloads[0];
        let ender = ended_by(workload, &analysis.verdicts[0], 1)?;
        let name = workload.pod.containers[ender.container].display_name();
        Some(if ender.needs_success { format!("{name} if it succeeds") } else { name.to_owned() })
    }

    const PROXY: &str = "istio-proxy, image: istio/proxyv2:1.27.0";
    const SQL: &str = "sql, image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.13";

    #[test]
    fn a_call_ends_the_helper_that_listens_there() {
        let call = |address: &str| format!(", command: [sh, -c, './report; curl -X POST {address}']");
        assert_eq!(of(&call("localhost:15020/quitquitquit"), PROXY, "").as_deref(), Some("report"));
        assert_eq!(of(&call("http://127.0.0.1:9091/quitquitquit"), SQL, "").as_deref(), Some("report"));
        let other = format!("        - {{ name: {PROXY} }}\n");
        assert_eq!(of(&call("localhost:15020/quitquitquit"), SQL, &other), None, "the other one is meant");
        assert_eq!(of("", PROXY, ""), None);
    }

    #[test]
    fn a_call_that_only_follows_success_needs_it() {
        let of = |shell: &str, script: &str| {
            let call = "curl -X POST localhost:15020/quitquitquit";
            of(&format!(", command: [sh, {shell}, \"{}\"]", script.replace("CALL", call)), PROXY, "")
        };
        for script in [
            "./report && CALL",
            "set -e; ./report; CALL",
            "set -o errexit; ./report; CALL",
            "if ./report; then CALL; fi",
        ] {
            assert_eq!(of("-c", script).as_deref(), Some("report if it succeeds"), "{script}");
        }
        assert_eq!(of("-ec", "./report; CALL").as_deref(), Some("report if it succeeds"));
        for script in [
            "./report; CALL",
            "./report && sleep 1; CALL",
            "./report || CALL",
            "trap 'CALL' EXIT; ./report && true",
            "CALL",
        ] {
            assert_eq!(of("-c", script).as_deref(), Some("report"), "{script}");
        }
    }

    #[test]
    fn a_helper_that_allows_it_is_ended_by_the_work() {
        let allows = format!("{SQL}, args: [--quitquitquit, 'shop:eu:db']");
        assert_eq!(of("", &allows, "").as_deref(), Some("report"));
        assert_eq!(of("", SQL, ""), None);
    }

    #[test]
    fn processes_of_others_are_seen_only_where_they_are_shared() {
        let kill = ", command: [sh, -c, './report; pkill -f cloud_sql_proxy']";
        assert_eq!(of(kill, SQL, ""), None);
        assert_eq!(of(kill, SQL, "      shareProcessNamespace: true\n").as_deref(), Some("report"));
        assert_eq!(of(kill, PROXY, "      shareProcessNamespace: true\n"), None);
    }

    #[test]
    fn the_port_stands_in_front_of_the_path() {
        assert_eq!(port("curl -fsS -X POST http://localhost:15020/quitquitquit"), Some("15020"));
        assert_eq!(port("wget --post-data= 'http://127.0.0.1:3500/v1.0/shutdown'"), Some("3500"));
        assert_eq!(port("pilot-agent request POST quitquitquit"), None);
        assert_eq!(port("é/quitquitquit"), None);
    }
}
