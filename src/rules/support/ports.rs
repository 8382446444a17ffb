//! Who listens where, as far as a manifest says.

use super::{Case, Member};
use crate::model::{Container, Handler};

/// Whether a container says anywhere that it listens on a port: in `ports`, or in a flag or variable that ends in it.
pub(in crate::rules) fn says(container: &Container, port: &str) -> bool {
    if port.is_empty() {
        return false;
    }
    let declares = container
        .ports
        .iter()
        .any(|own| own.name.as_deref() == Some(port) || port.parse().is_ok_and(|number: i64| number == own.port));
    declares || container.words().any(|word| mentions_as_own(&word.value, port))
}

/// `--port=8080`, `--listen=:8080`, `-p 8080`: a word that ends in the port, and no address of somebody else.
fn mentions_as_own(word: &str, port: &str) -> bool {
    word.split_whitespace().any(|word| {
        let Some(before) = word.strip_suffix(port) else { return false };
        let flag = before.to_ascii_lowercase();
        let listens = ["port", "listen", "bind", "addr", "serve", "http"].iter().any(|part| flag.contains(part));
        let calls =
            ["upstream", "target", "backend", "://", "connect", "remote"].iter().any(|part| flag.contains(part));
        (before.is_empty() || before.ends_with([':', '='])) && (listens || before.is_empty()) && !calls
    })
}

/// The container of a Pod that a port, by number or name, belongs to.
pub(in crate::rules) fn owner<'a>(case: &Case<'a>, port: &str) -> Option<Member<'a>> {
    let declares = |member: &Member<'_>| {
        let ports = &member.container.ports;
        ports.iter().any(|own| own.name.as_deref() == Some(port) || port.parse().is_ok_and(|n: i64| n == own.port))
    };
    case.running().find(declares)
}

/// The port that a probe or hook asks, by number or name.
pub(in crate::rules) fn asked(handler: &Handler) -> Option<&str> {
    match handler {
        Handler::HttpGet { port, .. } | Handler::TcpSocket(port) | Handler::Grpc(port) => Some(port),
        Handler::Exec(_) | Handler::Sleep(_) => None,
    }
}

/// The localhost ports that words call: `curl http://127.0.0.1:8080/ready`.
pub(in crate::rules) fn called(words: &[String]) -> Vec<i64> {
    let hosts = ["localhost:", "127.0.0.1:", "[::1]:", "0.0.0.0:"];
    let mut ports = Vec::new();
    for word in words {
        for host in hosts {
            for (at, _) in word.match_indices(host) {
                let rest = word.get(at + host.len()..).unwrap_or_default();
                let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
                ports.extend(digits.parse::<i64>().ok().filter(|port| (1..=65535).contains(port)));
            }
        }
    }
    // `nc -z localhost 8080`: host and port in two words.
    let is_host = |word: &String| matches!(word.as_str(), "localhost" | "127.0.0.1" | "::1");
    for pair in words.windows(2) {
        if let [host, port] = pair
            && is_host(host)
        {
            ports.extend(port.parse::<i64>().ok().filter(|port| (1..=65535).contains(port)));
        }
    }
    ports
}
