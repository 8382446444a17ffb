//! `healthcheck` as probes.

use super::words;
use crate::edit::Yaml;
use crate::source::Value;

/// The readiness probe that a health check is, and the startup probe that makes others wait for it. Compose's defaults
/// are every 30 s, three failures, 30 s to answer.
pub(super) fn probes(check: Value<'_>) -> Option<(Yaml, Yaml)> {
    if check.get("disable").and_then(Value::bool).unwrap_or_default() {
        return None;
    }
    let command = command(check.get("test")?)?;
    let seconds = |key: &str| check.get(key).and_then(Value::text).and_then(words::seconds);
    let period = seconds("interval").unwrap_or(30).max(1);
    let retries = check.get("retries").and_then(Value::int).unwrap_or(3).max(1);
    let words = Yaml::List(command.into_iter().map(Yaml::Text).collect());
    let mut readiness = Yaml::from([("exec", Yaml::from([("command", words)]))]);
    if let Some(timeout) = seconds("timeout") {
        readiness.set("timeoutSeconds", timeout.max(1));
    }
    let mut startup = readiness.clone();
    readiness.set("periodSeconds", period);
    readiness.set("failureThreshold", retries);
    // Failures in the start period do not count for Compose; here they are added to what is allowed.
    let quick = seconds("start_interval").unwrap_or(period).clamp(1, period);
    let grace = seconds("start_period").unwrap_or_default();
    startup.set("periodSeconds", quick);
    startup.set("failureThreshold", retries + (grace + quick - 1) / quick);
    Some((readiness, startup))
}

/// `["CMD", …]`, `["CMD-SHELL", "…"]` or one line for a shell.
fn command(test: Value<'_>) -> Option<Vec<String>> {
    let shell = |line: &str| vec!["sh".to_owned(), "-c".to_owned(), words::unescaped(line)];
    if let Some(line) = test.text() {
        return Some(shell(line));
    }
    let mut items = test.items().filter_map(Value::text);
    match items.next()? {
        "CMD" => Some(items.map(words::unescaped).collect()),
        "CMD-SHELL" => items.next().map(shell),
        _ => None,
    }
}
