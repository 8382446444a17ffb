//! Who listens where, as far as a manifest says.

use super::{Case, Member};
use crate::category::Category;
use crate::model::{Container, Handler};
use crate::source::NodeId;

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

/// Whether a container listens on a port: it says so, or it is a database proxy that says nothing of ports, which then
/// has the port of its database.
pub(in crate::rules) fn listens(member: Member<'_>, port: i64) -> bool {
    let says_nothing = member.container.ports.is_empty()
        && !member.container.words().any(|word| word.value.contains("port") || word.value.contains("tcp:"));
    let is_database = matches!(port, 5432 | 3306 | 1433);
    says(member.container, &port.to_string()) || (is_database && says_nothing && member.is_for(&[Category::DbProxy]))
}

/// The localhost ports that a container calls: in its command line and in its environment.
pub(in crate::rules) fn wanted(container: &Container) -> Vec<(i64, NodeId)> {
    let texts = container.words().map(|word| (word.value.as_str(), word.node));
    let env = container.env.iter().filter_map(|variable| Some((variable.value.as_deref()?, variable.node)));
    let mut found = Vec::new();
    // Whatever is called has a colon in its address, or is a word of its own.
    let may_call = |text: &str| text.contains(|c: char| c == ':' || c.is_whitespace());
    for (text, node) in texts.chain(env).filter(|(text, _)| may_call(text)) {
        // A flag that says where to listen is no call.
        let listens = ["listen", "bind", "http-address"].iter().any(|word| text.contains(word));
        let words: Vec<&str> = text.split_whitespace().collect();
        found.extend(called(&words).into_iter().filter(|_| !listens).map(|port| (port, node)));
    }
    for variable in &container.env {
        let is_local = matches!(variable.value.as_deref(), Some("127.0.0.1" | "localhost" | "::1"));
        let prefix = variable.name.strip_suffix("HOST").filter(|_| is_local);
        let port = prefix.and_then(|prefix| container.env_value(&format!("{prefix}PORT"))?.parse().ok());
        found.extend(port.map(|port| (port, variable.node)));
    }
    found
}

/// Who calls a container over localhost, at which port, and where that stands.
pub(in crate::rules) fn caller<'a>(
    case: &Case<'a>,
    target: Member<'_>,
    may: impl Fn(&Member<'a>) -> bool,
) -> Option<(Member<'a>, i64, NodeId)> {
    let mut others = case.members().filter(|other| other.number != target.number && may(other));
    others.find_map(|other| {
        let is_other = |port: i64| listens(target, port) && !says(other.container, &port.to_string());
        let (port, node) = wanted(other.container).into_iter().find(|(port, _)| is_other(*port))?;
        Some((other, port, node))
    })
}

/// Whether a text is the name of a port, as Kubernetes wants names: no number, and no placeholder.
pub(in crate::rules) fn is_name(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    text.len() <= 15 && text.bytes().any(|byte| byte.is_ascii_lowercase()) && text.bytes().all(is_allowed)
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
pub(in crate::rules) fn called(words: &[&str]) -> Vec<i64> {
    let hosts = ["localhost:", "127.0.0.1:", "[::1]:", "0.0.0.0:"];
    let mut ports = Vec::new();
    for word in words.iter().filter(|word| word.contains(':')) {
        for host in hosts {
            for (at, _) in word.match_indices(host) {
                let rest = word.get(at + host.len()..).unwrap_or_default();
                let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
                // Who only ends the other one does not use it.
                if rest.contains("/quitquitquit") {
                    continue;
                }
                ports.extend(digits.parse::<i64>().ok().filter(|port| (1..=65535).contains(port)));
            }
        }
    }
    // `nc -z localhost 8080`: host and port in two words.
    let is_host = |word: &str| matches!(word, "localhost" | "127.0.0.1" | "::1");
    for pair in words.windows(2) {
        if let [host, port] = pair
            && is_host(host)
        {
            ports.extend(port.parse::<i64>().ok().filter(|port| (1..=65535).contains(port)));
        }
    }
    ports
}
