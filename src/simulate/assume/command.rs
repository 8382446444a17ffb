//! What a command line tells about how long it runs and whether it hears a signal.

/// How long a command runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Runs {
    /// Until it is stopped.
    ForEver,
    /// So many milliseconds.
    For(u64),
    /// The command does not tell.
    Unknown,
}

/// What a command tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) runs: Runs,
    /// Whether its first process is a shell, or a program like `sleep`, that takes no notice of SIGTERM: the first process
    /// of a container has no default handler.
    pub(super) is_deaf: bool,
    /// Whether it waits in a loop for an address of its own Pod.
    pub(super) waits_for_localhost: bool,
    /// The port of that address; 0 where none is said.
    pub(super) port: u16,
}

const SHELLS: &[&str] = &["sh", "bash", "ash", "dash", "zsh", "busybox"];

const HOSTS: &[&str] = &["localhost", "127.0.0.1"];

/// Programs that wait for the proxy of the Pod.
const WAITERS: &[&str] = &["pilot-agent wait", "linkerd-await"];

/// Reads command and arguments.
pub(super) fn read(words: &[&str]) -> Command {
    let base = |word: &str| word.rsplit('/').next().unwrap_or(word).to_owned();
    let first = words.first().map(|word| base(word)).unwrap_or_default();
    let is_shell = SHELLS.contains(&first.as_str());
    let script = if is_shell { words.get(1..).unwrap_or_default().join(" ") } else { words.join(" ") };
    let loops = is_shell && has_word(&script, &["while", "until", "for"]);
    let follows = script.contains("tail ") && (script.contains(" -f") || script.contains(" -F"))
        || script.contains("--follow")
        || script.contains("sleep infinity")
        || script.contains("sleep inf")
        || script.ends_with("& wait");
    let is_endless = loops
        && (script.contains("while true") || script.contains("while :") || script.contains("while ["))
        && !script.contains("break");
    let asks = HOSTS.iter().any(|host| script.contains(host));
    let waits_for_localhost = loops && !is_endless && asks || WAITERS.iter().any(|waiter| script.contains(waiter));
    let sleeps: Vec<u64> = sleeps(&script);
    let is_plain_program = ["sleep", "tail"].contains(&first.as_str());
    let runs = if follows || is_endless {
        Runs::ForEver
    } else if !loops && !sleeps.is_empty() && (is_shell || is_plain_program) {
        Runs::For(sleeps.iter().sum::<u64>().min(86_400) * 1000)
    } else {
        Runs::Unknown
    };
    let is_compound = loops || script.contains(';') || script.contains("&&") || script.contains('\n');
    let hears = script.contains("trap ") || script.contains("exec ");
    Command {
        runs,
        is_deaf: is_plain_program || (is_shell && is_compound && !hears),
        waits_for_localhost,
        port: port(&script),
    }
}

/// The port behind the first address of the own Pod.
fn port(script: &str) -> u16 {
    let after = |host: &&str| script.split_once(*host).map(|(_, rest)| rest.trim_start_matches([':', ' ']));
    let digits = |rest: &str| rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|port| port.parse().ok());
    HOSTS.iter().find_map(after).and_then(digits).unwrap_or_default()
}

fn has_word(script: &str, words: &[&str]) -> bool {
    script.split(|c: char| c.is_whitespace() || c == ';').any(|word| words.contains(&word))
}

/// The seconds behind each `sleep`.
fn sleeps(script: &str) -> Vec<u64> {
    let words: Vec<&str> =
        script.split(|c: char| c.is_whitespace() || ";&|()\"'".contains(c)).filter(|word| !word.is_empty()).collect();
    let after = |pair: &[&str]| match pair {
        [sleep, time] if sleep.rsplit('/').next() == Some("sleep") => seconds(time),
        _ => None,
    };
    words.windows(2).filter_map(after).collect()
}

/// `5`, `5s`, `2m`, `1h`.
fn seconds(text: &str) -> Option<u64> {
    let (number, unit) = match text.char_indices().last()? {
        (at, 's') => (text.get(..at)?, 1),
        (at, 'm') => (text.get(..at)?, 60),
        (at, 'h') => (text.get(..at)?, 3600),
        _ => (text, 1),
    };
    let number: f64 = number.parse().ok()?;
    (number.is_finite() && number >= 0.0).then(|| (number.min(86_400.0).ceil() as u64).saturating_mul(unit))
}

#[cfg(test)]
mod tests {
    use super::{Command, Runs, read};

    fn sh(script: &str) -> Command {
        read(&["/bin/sh", "-c", script])
    }

    #[test]
    fn loops_and_followers_run_for_ever() {
        assert_eq!(sh("while true; do date >> /var/log/app.log; sleep 5; done").runs, Runs::ForEver);
        assert_eq!(sh("tail -n+1 -F /var/log/app.log").runs, Runs::ForEver);
        assert_eq!(read(&["sleep", "infinity"]).runs, Runs::ForEver);
    }

    #[test]
    fn a_script_that_sleeps_ends() {
        assert_eq!(sh("echo start; sleep 20 && echo done").runs, Runs::For(20_000));
        assert_eq!(read(&["sleep", "2m"]).runs, Runs::For(120_000));
        assert_eq!(sh("python app.py").runs, Runs::Unknown);
        assert_eq!(read(&["sleep", "1e400"]).runs, Runs::Unknown);
    }

    #[test]
    fn a_shell_with_more_to_do_takes_no_notice_of_signals() {
        assert!(sh("while true; do date; sleep 5; done").is_deaf);
        assert!(!sh("trap 'exit 0' TERM; while true; do sleep 1; done").is_deaf);
        assert!(!sh("exec nginx").is_deaf);
        assert!(!sh("nginx").is_deaf, "most shells become the only command they run");
        assert!(read(&["sleep", "3600"]).is_deaf);
        assert!(!read(&["/app/server"]).is_deaf);
    }

    #[test]
    fn a_wait_for_the_own_pod_is_seen() {
        assert!(sh("until wget -q localhost:15021/healthz/ready; do sleep 1; done").waits_for_localhost);
        assert_eq!(sh("until nc -z 127.0.0.1 5432; do sleep 1; done").port, 5432);
        assert_eq!(sh("until wget -q http://localhost:8080/ok; do sleep 1; done").port, 8080);
        assert!(read(&["pilot-agent", "wait"]).waits_for_localhost);
        assert!(!sh("until nc -z db 5432; do sleep 1; done").waits_for_localhost);
        assert!(!sh("curl -X POST localhost:15020/quitquitquit").waits_for_localhost);
    }
}
