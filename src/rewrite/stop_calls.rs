//! Commands in scripts that native sidecars make needless. By `curl …/quitquitquit` or `pkill` an app stops its helper
//! when the work is done: a native sidecar is stopped when the last regular container has ended. In a loop it waits for
//! its helper: a native sidecar with a startupProbe has been waited for already.

use super::hooks::{is_shell, only_waits};
use crate::model::{Container, Located};
use std::ops::Range;

/// A command in a script that is not needed.
pub(super) struct StopCall<'c> {
    /// The script.
    pub(super) script: &'c Located<String>,
    /// The bytes of the script to take out: the command with what parts it from its neighbour.
    pub(super) bytes: Range<usize>,
    /// The command.
    pub(super) command: String,
}

/// What a container does that is not needed.
pub(super) struct Stops<'c> {
    /// Commands that can be taken out.
    pub(super) calls: Vec<StopCall<'c>>,
    /// Whether there is more of that kind that is not understood well enough.
    pub(super) has_more: bool,
}

/// Looks for commands that stop one of the helpers.
pub(super) fn find<'c>(container: &'c Container, helpers: &[&Container]) -> Stops<'c> {
    look(container, &|text| mentions_stop(text, helpers), &|command| is_stop_call(command, helpers))
}

/// Looks for loops that wait until one of these ports answers.
pub(super) fn find_waits<'c>(container: &'c Container, ports: &[i64]) -> Stops<'c> {
    let is_meant = |text: &str| {
        let asked: Vec<i64> = local_ports(text);
        !asked.is_empty() && asked.iter().all(|port| ports.contains(port))
    };
    let loops = |text: &str| (text.contains("until ") || text.contains("while ")) && text.contains("sleep");
    look(container, &|text| loops(text) && is_meant(text), &|command| {
        only_waits(command).is_some() && is_meant(command)
    })
}

/// The numbers behind `localhost:` and the like.
fn local_ports(text: &str) -> Vec<i64> {
    let hosts = ["localhost", "127.0.0.1", "[::1]"];
    let behind = hosts.iter().flat_map(|host| text.match_indices(host).map(|(at, host)| at + host.len()));
    behind
        .filter_map(|at| {
            // `nc -z localhost 5432` parts them by a space.
            let rest = text.get(at..)?.strip_prefix([':', ' '])?;
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            rest.get(..end)?.parse().ok()
        })
        .collect()
}

fn look<'c>(
    container: &'c Container,
    mentions: &dyn Fn(&str) -> bool,
    is_needless: &dyn Fn(&str) -> bool,
) -> Stops<'c> {
    let mut stops = Stops { calls: Vec::new(), has_more: false };
    let words: Vec<&Located<String>> = container.words().collect();
    for (index, word) in words.iter().enumerate() {
        if !mentions(&word.value) {
            continue;
        }
        let is_script = index > 0
            && words.get(index - 1).is_some_and(|flag| flag.value.starts_with('-') && flag.value.ends_with('c'))
            && words.iter().take(index).any(|word| is_shell(&word.value));
        let found = if is_script { in_script(word, is_needless) } else { None };
        match found {
            Some(calls) if !calls.is_empty() => {
                stops.has_more |= mentions(&rest_of(&word.value, &calls));
                stops.calls.extend(calls);
            }
            _ => stops.has_more = true,
        }
    }
    stops
}

/// The script without the commands that go.
fn rest_of(script: &str, calls: &[StopCall<'_>]) -> String {
    let mut rest = String::new();
    let mut at = 0;
    for call in calls {
        rest += script.get(at..call.bytes.start).unwrap_or_default();
        at = call.bytes.end;
    }
    rest + script.get(at..).unwrap_or_default()
}

fn in_script<'c>(script: &'c Located<String>, is_needless: &dyn Fn(&str) -> bool) -> Option<Vec<StopCall<'c>>> {
    let text = script.value.as_str();
    let statements = statements(text)?;
    let is_stop = |range: &Range<usize>| text.get(range.clone()).is_some_and(is_needless);
    let stays = statements.iter().filter(|range| !is_stop(range)).count();
    if stays == 0 {
        return None;
    }
    let mut calls: Vec<StopCall<'c>> = Vec::new();
    for (index, range) in statements.iter().enumerate().filter(|(_, range)| is_stop(range)) {
        let before = index.checked_sub(1).and_then(|before| statements.get(before));
        // With the mark in front of it; the first statement with the one behind it.
        let bytes = match (before, statements.get(index + 1)) {
            (Some(before), _) => before.end..range.end,
            (None, Some(next)) => range.start..next.start,
            (None, None) => return None,
        };
        if calls.last().is_some_and(|last| last.bytes.end > bytes.start) {
            return None;
        }
        let command = text.get(range.clone()).unwrap_or_default().to_owned();
        calls.push(StopCall { script, bytes, command });
    }
    Some(calls)
}

/// Whether a text has to do with stopping a helper.
fn mentions_stop(text: &str, helpers: &[&Container]) -> bool {
    let asks = text.contains("quitquitquit") || (is_local(text) && text.contains("/shutdown"));
    let kills = ["pkill", "killall"].iter().any(|kill| text.contains(kill))
        && helpers.iter().any(|helper| programs(helper).iter().any(|program| text.contains(program.as_str())));
    asks || kills
}

fn is_local(text: &str) -> bool {
    ["localhost:", "127.0.0.1:", "[::1]:", "localhost/", "0.0.0.0:"].iter().any(|host| text.contains(host))
}

/// Whether a command does nothing but stop a helper.
fn is_stop_call(command: &str, helpers: &[&Container]) -> bool {
    // `… || true` only hides its exit code.
    let command = command.trim();
    let command = command.strip_suffix("|| true").or_else(|| command.strip_suffix("|| :")).unwrap_or(command).trim();
    if let Some(trap) = command.strip_prefix("trap ") {
        let inner = trap.trim();
        let quote = inner.chars().next().filter(|c| matches!(c, '"' | '\''));
        let Some((inner, signals)) = quote.and_then(|quote| inner.get(1..)?.split_once(quote)) else { return false };
        return signals.split_whitespace().all(|signal| matches!(signal, "EXIT" | "0" | "TERM" | "INT" | "ERR"))
            && signals.contains("EXIT")
            && !inner.contains([';', '&'])
            && is_stop_call(inner, helpers);
    }
    if command.contains(['|', '`', '\n']) || command.contains("$(") || command.ends_with('&') {
        return false;
    }
    let mut words = command.split_whitespace();
    let program = words.next().and_then(|word| word.rsplit('/').next()).unwrap_or_default();
    match program {
        "curl" | "wget" => {
            let address = words.clone().map(|word| word.trim_matches(['"', '\''])).find(|word| is_local(word));
            address.is_some_and(|address| {
                let path = address.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
                path.ends_with("/quitquitquit") || path.ends_with("/shutdown")
            })
        }
        "pkill" | "killall" => {
            let targets: Vec<&str> = words.filter(|word| !word.starts_with('-')).collect();
            match targets.as_slice() {
                [target] => {
                    let target = target.trim_matches(['"', '\'']);
                    helpers.iter().any(|helper| programs(helper).iter().any(|program| program == target))
                }
                _ => false,
            }
        }
        _ => false,
    }
}

/// Names under which the process of a helper may run.
fn programs(helper: &Container) -> Vec<String> {
    let from_command = helper.command.first().and_then(|word| word.value.rsplit('/').next());
    let from_image = helper.image.as_ref().map(|image| image.value.base());
    let names = [from_command, from_image, helper.name.as_ref().map(|name| name.value.as_str())];
    let mut found: Vec<String> = Vec::new();
    for name in names.into_iter().flatten().filter(|name| name.len() > 2 && !is_shell(name)) {
        found.extend([name.to_owned(), name.replace('-', "_")]);
    }
    found.sort();
    found.dedup();
    found
}

/// The commands of a script that stand in no loop, condition, function or subshell, each without what parts it from the
/// next. `None` for a script with parts that are not understood here.
fn statements(script: &str) -> Option<Vec<Range<usize>>> {
    if script.contains("<<") || script.contains('`') {
        return None;
    }
    let bytes = script.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    let (mut depth, mut start, mut at) = (0_i32, 0, 0);
    let mut is_command_start = true;
    let mut push = |start: usize, end: usize| {
        let text = script.get(start..end).unwrap_or_default();
        let trimmed = text.trim();
        if !trimmed.is_empty() {
            let from = start + (text.len() - text.trim_start().len());
            found.push(from..from + trimmed.len());
        }
    };
    while let Some(byte) = bytes.get(at).copied() {
        match byte {
            b'\\' => {
                at += 2;
                is_command_start = false;
                continue;
            }
            b'\'' | b'"' => {
                at += 1;
                while bytes.get(at).is_some_and(|next| *next != byte) {
                    at += if byte == b'"' && bytes.get(at) == Some(&b'\\') { 2 } else { 1 };
                }
                bytes.get(at)?;
                is_command_start = false;
            }
            b'#' if at == 0 || bytes.get(at - 1).is_some_and(u8::is_ascii_whitespace) => {
                if depth == 0 {
                    push(start, at);
                }
                while bytes.get(at).is_some_and(|next| *next != b'\n') {
                    at += 1;
                }
                start = at;
                continue;
            }
            b'(' => depth += 1,
            b')' => depth -= 1,
            b';' | b'\n' => {
                if depth == 0 {
                    push(start, at);
                    start = at + 1;
                }
                is_command_start = true;
            }
            b'&' if bytes.get(at + 1) == Some(&b'&') => {
                if depth == 0 {
                    push(start, at);
                    start = at + 2;
                }
                is_command_start = true;
                at += 1;
            }
            b'|' | b'&' => is_command_start = true,
            byte if byte.is_ascii_whitespace() => {}
            _ => {
                let rest = script.get(at..)?;
                let word =
                    rest.split(|c: char| c.is_whitespace() || matches!(c, ';' | '&' | '|' | '(' | ')')).next()?;
                if is_command_start {
                    match word {
                        "if" | "while" | "until" | "for" | "case" | "{" | "select" => depth += 1,
                        "fi" | "done" | "esac" | "}" => depth -= 1,
                        _ => {}
                    }
                    // What follows these words starts a command too.
                    is_command_start =
                        matches!(word, "if" | "while" | "until" | "do" | "then" | "else" | "elif" | "{" | "!");
                }
                // Quotes inside of a word are looked at by themselves.
                let plain = word.find(['\'', '"', '\\']).unwrap_or(word.len());
                at += plain.max(1);
                continue;
            }
        }
        at += 1;
    }
    if depth != 0 {
        return None;
    }
    push(start, script.len());
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::{find, statements};
    use crate::{Options, analyze};

    fn parts(script: &str) -> Option<Vec<&str>> {
        statements(script).map(|ranges| ranges.into_iter().map(|range| &script[range]).collect())
    }

    #[test]
    fn scripts_are_cut_into_their_commands() {
        assert_eq!(parts("a 'x; y' && b; c\n# d; e\nf || g").unwrap(), ["a 'x; y'", "b", "c", "f || g"]);
        assert_eq!(parts("until x; do sleep 1; done; run").unwrap(), ["until x; do sleep 1; done", "run"]);
        assert_eq!(parts("(a; b) && c").unwrap(), ["(a; b)", "c"]);
        assert_eq!(parts("cat <<E\nx\nE"), None);
        assert_eq!(parts("echo 'open"), None);
        assert_eq!(parts("if a; then b"), None);
        assert_eq!(parts("echo done; x").unwrap(), ["echo done", "x"]);
    }

    /// The script of the first container without the calls, and whether something is left to look at.
    fn left(script: &str) -> (String, bool) {
        let text = format!(
            "kind: Job\nspec:\n  template:\n    spec:\n      containers:\n        - name: work\n          command:\n            - sh\n            - -c\n            - {}\n        - name: cloud-sql-proxy\n          image: x/gce-proxy\n          command: [/cloud_sql_proxy]\n",
            crate::edit::Yaml::from(script).document().trim()
        );
        let analysis = analyze(&text, &Options::default());
        let containers = &analysis.model.workloads[0].pod.containers;
        let stops = find(&containers[0], &[&containers[1]]);
        let mut out = script.to_owned();
        for call in stops.calls.iter().rev() {
            out.replace_range(call.bytes.clone(), "");
        }
        (out, stops.has_more)
    }

    #[test]
    fn commands_that_stop_a_helper_go() {
        let cases = [
            ("work; curl -X POST http://localhost:9091/quitquitquit", "work"),
            ("work && wget -q --post-data '' -O - http://127.0.0.1:15020/quitquitquit || true", "work"),
            ("trap 'curl -fsI -X POST http://localhost:15020/quitquitquit' EXIT; work", "work"),
            ("work; RC=$?; pkill -INT cloud_sql_proxy; exit $RC", "work; RC=$?; exit $RC"),
            ("work && pkill gce-proxy; echo end", "work; echo end"),
            ("work; curl -X POST http://localhost:3500/v1.0/shutdown", "work"),
        ];
        for (script, wanted) in cases {
            assert_eq!(left(script), (wanted.to_owned(), false), "{script}");
        }
    }

    #[test]
    fn what_is_not_understood_stays_and_is_told() {
        for script in [
            "if work; then curl localhost:9091/quitquitquit; fi",
            "work || curl localhost:9091/quitquitquit",
            "curl localhost:9091/quitquitquit",
            "work; curl localhost:9091/quitquitquit > log | tee x",
            "work; sh -c 'pkill cloud_sql_proxy'",
        ] {
            assert_eq!(left(script), (script.to_owned(), true), "{script}");
        }
        for script in ["work; pkill worker", "work; curl https://example.com/shutdown", "work"] {
            assert_eq!(left(script), (script.to_owned(), false), "{script}");
        }
    }
}
