//! preStop hooks of helpers that only make the helper live longer. A native sidecar is stopped after the app anyway, and
//! its hook starts together with everyone else's: it would only use up the time to stop (fact 4.12).

use crate::model::{Container, Handler};

/// Why a preStop hook is not needed in a native sidecar; `None` when it does something.
pub(super) fn needless(container: &Container) -> Option<String> {
    match container.lifecycle.pre_stop.as_ref()?.value.as_ref()? {
        Handler::Sleep(seconds) => Some(format!("sleeps {seconds} s")),
        Handler::Exec(words) => {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let script = match words.as_slice() {
                [command, time] if base(command) == "sleep" && is_time(time) => {
                    return Some(format!("sleeps {time} s"));
                }
                [shell, flag, script] if is_shell(shell) && flag.starts_with('-') && flag.ends_with('c') => *script,
                _ => return None,
            };
            only_waits(script)
        }
        _ => None,
    }
}

/// A script that sleeps, or that sleeps while some check holds.
pub(super) fn only_waits(script: &str) -> Option<String> {
    let script = script.trim().trim_end_matches(';').trim();
    let words: Vec<&str> = script.split_whitespace().collect();
    if let [command, time] = words.as_slice()
        && base(command) == "sleep"
        && is_time(time)
    {
        return Some(format!("sleeps {time} s"));
    }
    let rest = ["while ", "until "].iter().find_map(|word| script.strip_prefix(word))?;
    let (test, body) =
        rest.rsplit_once("do ").filter(|(test, _)| test.trim_end().ends_with([';', '\n']) || test.ends_with('\n'))?;
    let body = body.trim().strip_suffix("done")?.trim().trim_end_matches(';').trim();
    let steps: Vec<&str> = body.split([';', '\n']).map(str::trim).filter(|step| !step.is_empty()).collect();
    let sleeps = |step: &str| {
        step.split_once(' ').is_some_and(|(command, time)| base(command) == "sleep" && is_time(time.trim()))
    };
    let says = |step: &str| step.starts_with("echo ") && !step.contains(['>', '|', '`', '&']) && !step.contains("$(");
    let only = steps.iter().any(|step| sleeps(step)) && steps.iter().all(|step| sleeps(step) || says(step));
    only.then_some(())?;
    only_looks(test.trim().trim_end_matches(';')).then(|| "waits in a loop".to_owned())
}

/// Whether a condition only looks at processes, connections and files.
fn only_looks(test: &str) -> bool {
    // What is printed may be thrown away.
    let quiet = ["&>/dev/null", "2>/dev/null", "> /dev/null", ">/dev/null", "2> /dev/null", "2>&1"];
    let test = quiet.iter().fold(test.to_owned(), |test, part| test.replace(part, ""));
    let test = test.trim();
    let looks = [
        "[",
        "[[",
        "test",
        "!",
        "$(netstat",
        "$(ss",
        "$(pgrep",
        "netstat",
        "ss",
        "nc",
        "curl",
        "wget",
        "pgrep",
        "pidof",
        "true",
        ":",
        "ps",
        "$(ps",
    ];
    let first = test.split_whitespace().find(|word| *word != "!" && *word != "[" && *word != "[[" && *word != "test");
    let is_known = first.is_some_and(|first| looks.contains(&first) || test.starts_with('['));
    let acts = ["kill", " rm ", " mv ", "touch", "POST", "PUT", ">", "quit", "--post", "-X", "shutdown", "exit"];
    is_known && !acts.iter().any(|act| test.contains(act))
}

fn base(command: &str) -> &str {
    command.rsplit('/').next().unwrap_or(command)
}

fn is_time(word: &str) -> bool {
    let digits = word.trim_end_matches(['s', 'm']);
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
}

pub(super) fn is_shell(command: &str) -> bool {
    matches!(base(command), "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh")
}

#[cfg(test)]
mod tests {
    use super::only_waits;

    #[test]
    fn waiting_is_told_from_working() {
        for waits in [
            "sleep 15",
            "/bin/sleep 5;",
            "while [ $(netstat -plunt | grep tcp | grep -v envoy | wc -l | xargs) -ne 0 ]; do sleep 1; done",
            "until ! nc -z localhost 8080; do sleep 1; done;",
            "while pgrep app\ndo sleep 0.5\ndone",
            "until curl -fsI http://localhost:15021/healthz/ready > /dev/null 2>&1; do echo \"not yet\"; sleep 3; done",
        ] {
            assert!(only_waits(waits).is_some(), "{waits}");
        }
        for works in [
            "sleep 5; nginx -s quit",
            "nginx -s quit",
            "while kill -0 1; do sleep 1; done",
            "until curl localhost:1 > /data/x; do sleep 1; done",
            "until nc -z localhost 1; do echo x > y; sleep 1; done",
            "while curl -X POST localhost/drain; do sleep 1; done",
            "while [ -f /x ]; do sleep 1; flush; done",
            "while [ -f /x ]; do sleep 1; done; rm /y",
            "",
        ] {
            assert_eq!(only_waits(works), None, "{works}");
        }
    }
}
