//! What names may look like, in the server's words. Source: `apimachinery/pkg/util/validation/validation.go`,
//! `apimachinery/pkg/api/validate/content`.

const LABEL: &str = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN: &str = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
const UNDERSCORED: &str = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*";
const KEY: &str = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

/// A message about a pattern, with examples.
fn pattern(what: &str, regex: &str, examples: &[&str]) -> String {
    let examples: Vec<String> = examples.iter().map(|example| format!("'{example}', ")).collect();
    if examples.is_empty() {
        format!("{what} (regex used for validation is '{regex}')")
    } else {
        format!("{what} (e.g. {}regex used for validation is '{regex}')", examples.join(" or "))
    }
}

fn at_most(most: usize) -> String {
    format!("must be no more than {most} characters")
}

/// A range that was left.
pub(super) fn between(low: i64, high: i64) -> String {
    format!("must be between {low} and {high}, inclusive")
}

fn is_low(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// Whether a text is made of `middle` bytes, with `end` bytes at both ends.
fn is_framed(text: &str, end: impl Fn(u8) -> bool, middle: impl Fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(|byte| end(*byte))
        && bytes.last().is_some_and(|byte| end(*byte))
        && bytes.iter().all(|byte| middle(*byte))
}

fn is_label(text: &str) -> bool {
    is_framed(text, is_low, |byte| is_low(byte) || byte == b'-')
}

fn is_subdomain(text: &str) -> bool {
    text.split('.').all(is_label)
}

/// A DNS label (RFC 1123).
pub(super) fn dns_label(text: &str) -> Vec<String> {
    let mut messages = Vec::new();
    if text.len() > 63 {
        messages.push(at_most(63));
    }
    if !is_label(text) {
        messages.push(if is_subdomain(text) {
            "must not contain dots".to_owned()
        } else {
            let what = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must \
                        start and end with an alphanumeric character";
            pattern(what, LABEL, &["my-name", "123-abc"])
        });
    }
    messages
}

/// A DNS subdomain (RFC 1123).
pub(super) fn dns_subdomain(text: &str) -> Vec<String> {
    subdomain(text, at_most(253))
}

fn subdomain(text: &str, too_long: String) -> Vec<String> {
    let mut messages = Vec::new();
    if text.len() > 253 {
        messages.push(too_long);
    }
    if !is_subdomain(text) {
        let what = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and \
                    must start and end with an alphanumeric character";
        messages.push(pattern(what, SUBDOMAIN, &["example.com"]));
    }
    messages
}

/// A DNS subdomain whose parts may have underscores.
pub(super) fn dns_subdomain_with_underscore(text: &str, minor: u8) -> Vec<String> {
    let mut messages = Vec::new();
    if text.len() > 253 {
        messages.push(at_most(253));
    }
    let is_part = |part: &str| {
        let part = part.strip_prefix('_').unwrap_or(part);
        is_framed(part, is_low, |byte| is_low(byte) || matches!(byte, b'-' | b'_'))
    };
    if !text.split('.').all(is_part) {
        let what = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', \
                    and must start and end with an alphanumeric character";
        messages.push(pattern(what, if minor >= 34 { UNDERSCORED } else { SUBDOMAIN }, &["example.com"]));
    }
    messages
}

/// The prefix of a name that the server completes: a dash at its end stands for what follows.
pub(super) fn masked(prefix: &str) -> String {
    match prefix.strip_suffix('-') {
        Some(rest) if !rest.is_empty() => {
            let shorter: String = rest.chars().take(rest.chars().count() - 1).collect();
            shorter + "a"
        }
        _ => prefix.to_owned(),
    }
}

fn is_key_part(text: &str) -> bool {
    let is_end = |byte: u8| byte.is_ascii_alphanumeric();
    is_framed(text, is_end, |byte| is_end(byte) || matches!(byte, b'-' | b'_' | b'.'))
}

/// The key of a label, also of annotations and other qualified names.
pub(super) fn qualified_name(text: &str, newer: bool) -> Vec<String> {
    let what = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric \
                character";
    let examples = ["MyName", "my.name", "123-abc"];
    let parts: Vec<&str> = text.split('/').collect();
    let mut messages = Vec::new();
    let limit = |most| if newer { format!("must be no more than {most} bytes") } else { at_most(most) };
    let name = match parts.as_slice() {
        [name] => name,
        [prefix, name] => {
            if prefix.is_empty() {
                messages.push("prefix part must be non-empty".to_owned());
            } else {
                let prefixed =
                    subdomain(prefix, limit(253)).into_iter().map(|message| format!("prefix part {message}"));
                messages.extend(prefixed);
            }
            name
        }
        _ => {
            let kind = if newer { "a valid label key" } else { "a qualified name" };
            let rest = " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            messages.push(format!("{kind} {}{rest}", pattern(what, KEY, &examples)));
            return messages;
        }
    };
    if name.is_empty() {
        messages.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        messages.push(format!("name part {}", limit(63)));
    }
    if !is_key_part(name) {
        messages.push(format!("name part {}", pattern(what, KEY, &examples)));
    }
    messages
}

/// The value of a label.
pub(super) fn label_value(text: &str, newer: bool) -> Vec<String> {
    let mut messages = Vec::new();
    if text.len() > 63 {
        messages.push(if newer { "must be no more than 63 bytes".to_owned() } else { at_most(63) });
    }
    if !text.is_empty() && !is_key_part(text) {
        let what = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and \
                    must start and end with an alphanumeric character";
        messages.push(pattern(what, &format!("({KEY})?"), &["MyValue", "my_value", "12345"]));
    }
    messages
}

/// The number of a port.
pub(super) fn port_number(port: i64) -> Option<String> {
    (!(1..=65535).contains(&port)).then(|| between(1, 65535))
}

/// The name of a port.
pub(super) fn port_name(text: &str) -> Vec<String> {
    let mut messages = Vec::new();
    if text.len() > 15 {
        messages.push(at_most(15));
    }
    if text.is_empty() || !text.bytes().all(|byte| is_low(byte) || byte == b'-') {
        messages.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)".to_owned());
    }
    if !text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        messages.push("must contain at least one letter (a-z)".to_owned());
    }
    if text.contains("--") {
        messages.push("must not contain consecutive hyphens".to_owned());
    }
    if text.starts_with('-') || text.ends_with('-') {
        messages.push("must not begin or end with a hyphen".to_owned());
    }
    messages
}

/// `..` and what begins so.
fn leaves_folder(text: &str) -> Option<String> {
    match text {
        "." => Some("must not be '.'".to_owned()),
        ".." => Some("must not be '..'".to_owned()),
        _ => text.starts_with("..").then(|| "must not start with '..'".to_owned()),
    }
}

/// The name of an environment variable, as older releases want it.
pub(super) fn env_name(text: &str) -> Vec<String> {
    let mut messages = Vec::new();
    let is_start = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'.' | b'_');
    let fits =
        text.bytes().next().is_some_and(is_start) && text.bytes().all(|byte| is_start(byte) || byte.is_ascii_digit());
    if !fits {
        let what = "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', \
                    and must not start with a digit";
        let examples = ["my.env-name", "MY_ENV.NAME", "MyEnvName1"];
        messages.push(pattern(what, "[-._a-zA-Z][-._a-zA-Z0-9]*", &examples));
    }
    messages.extend(leaves_folder(text));
    messages
}

/// The name of an environment variable, as newer releases allow it.
pub(super) fn relaxed_env_name(text: &str) -> Vec<String> {
    let mut messages = Vec::new();
    if text.is_empty() {
        messages.push("environment variable name must be non-empty".to_owned());
    }
    if text.chars().any(|c| !(' '..='~').contains(&c) || c == '=') {
        let what = "a valid environment variable name must consist only of printable ASCII characters other than '='";
        messages.push(what.to_owned());
    }
    messages
}

/// A key of a ConfigMap or Secret.
pub(super) fn config_map_key(text: &str) -> Vec<String> {
    let mut messages = Vec::new();
    if text.len() > 253 {
        messages.push(at_most(253));
    }
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    if text.is_empty() || !text.bytes().all(fits) {
        let what = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
        messages.push(pattern(what, "[-._a-zA-Z0-9]+", &["key.name", "KEY_NAME", "key-name"]));
    }
    messages.extend(leaves_folder(text));
    messages
}

/// The name of an HTTP header.
pub(super) fn header_name(text: &str) -> Option<String> {
    let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let what = "a valid HTTP header must consist of alphanumeric characters or '-'";
    (!fits).then(|| pattern(what, "[-A-Za-z0-9]+", &["X-Header-Name"]))
}

/// A share such as `25%`.
pub(super) fn percent(text: &str) -> Option<String> {
    let fits =
        text.strip_suffix('%').is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
    let what = "a valid percent string must be a numeric string followed by an ending '%'";
    (!fits).then(|| pattern(what, "[0-9]+%", &["1%", "93%"]))
}

/// A path behind a domain.
pub(super) fn http_path(text: &str) -> Option<String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:".contains(&byte);
    let regex = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
    (text.is_empty() || !text.bytes().all(fits)).then(|| pattern("Invalid path", regex, &[]))
}

/// The name of a sysctl.
pub(super) fn sysctl(text: &str) -> Option<String> {
    let is_segment = |part: &str| is_framed(part, is_low, |byte| is_low(byte) || matches!(byte, b'-' | b'_'));
    let fits = text.len() <= 253 && text.split(['.', '/']).all(is_segment);
    let regex = "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
    (!fits).then(|| format!("must have at most 253 characters and match regex {regex}"))
}

/// A whole number without a plus or leading zeros.
pub(super) fn decimal_integer(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("must be non-empty".to_owned());
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let fits =
        text == "0" || (!digits.is_empty() && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit()));
    (!fits).then(|| "must be a valid decimal integer in canonical form".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{dns_label, dns_subdomain, env_name, masked, port_name, qualified_name, relaxed_env_name};

    #[test]
    fn labels_and_subdomains_are_told_apart() {
        assert!(dns_label("my-app").is_empty() && dns_subdomain("a.b-c.1").is_empty());
        assert_eq!(dns_label("a.b"), ["must not contain dots"]);
        assert_eq!(dns_label(&"a".repeat(64)), ["must be no more than 63 characters"]);
        assert!(dns_label("App")[0].starts_with("a lowercase RFC 1123 label must consist"));
        assert_eq!(dns_subdomain("a..b").len(), 1);
    }

    #[test]
    fn keys_have_an_optional_prefix() {
        assert!(qualified_name("example.com/My.Name", true).is_empty());
        assert_eq!(qualified_name("/x", true), ["prefix part must be non-empty"]);
        assert!(qualified_name("a/b/c", true)[0].starts_with("a valid label key must consist"));
        assert!(qualified_name("a/b/c", false)[0].starts_with("a qualified name must consist"));
    }

    #[test]
    fn ports_and_variables_have_rules_of_their_own() {
        assert!(port_name("http-2").is_empty());
        assert_eq!(port_name("1--2-").len(), 3);
        assert!(env_name("A.b-c").is_empty() && !env_name("1a").is_empty());
        assert!(relaxed_env_name("1 a").is_empty() && !relaxed_env_name("a=b").is_empty());
        assert_eq!(masked("web-"), "wea");
    }
}
