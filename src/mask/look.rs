//! Secrets by their look: names, keys and tokens.

use super::Find;
use crate::source::Span;

/// Ends of names behind which something secret stands, in lower case and without separators.
const ENDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "secretkey",
    "privatekey",
    "signingkey",
    "encryptionkey",
    "credentials",
    "connectionstring",
    "clientsecret",
    "authkey",
    "pass",
];

/// Names that end so and hold no secret.
const HARMLESS: &[&str] = &["automountserviceaccounttoken", "bypass", "compass", "maxtoken"];

/// Whether what is called this is secret: `DB_PASSWORD`, `api-token`, `clientSecret`.
pub(super) fn is_secret_name(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    name.len() < 100
        && ENDS.iter().any(|end| plain.ends_with(end))
        && !HARMLESS.iter().any(|harmless| plain.ends_with(harmless))
}

/// `name: value` and `name=value` on lines that no parser has read, and `value:` below a `name:`.
pub(super) fn in_lines(text: &str) -> Vec<Find> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut named: Option<String> = None;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches(|c: char| c.is_whitespace() || c == '-').trim_end();
        let content_start =
            start + (line.len() - line.trim_start_matches(|c: char| c.is_whitespace() || c == '-').len());
        start += line.len();
        let Some((name, value)) = content.split_once([':', '=']) else {
            named = None;
            continue;
        };
        let key = name.trim().trim_matches(['"', '\'']);
        let value_start = content_start + name.len() + 1 + (value.len() - value.trim_start().len());
        let value = value.trim();
        let value = value.split_once(" #").map_or(value, |(value, _)| value.trim_end());
        let label = match (&named, key) {
            (Some(label), "value") => label.clone(),
            _ if is_secret_name(key) => key.to_owned(),
            _ => {
                named = (key == "name" && is_secret_name(value.trim_matches(['"', '\'']))).then(|| value.to_owned());
                continue;
            }
        };
        named = None;
        if !value.is_empty() && !value.starts_with(['{', '[', '$', '|', '>', '*', '&']) {
            found.push(Find { span: Span::new(value_start, value_start + value.len()), name: label });
        }
    }
    found
}

/// Beginnings of tokens, how long what follows is at least, and what they are called.
const TOKENS: &[(&str, usize, &str)] = &[
    ("AKIA", 16, "AWS key"),
    ("ASIA", 16, "AWS key"),
    ("ghp_", 30, "GitHub token"),
    ("gho_", 30, "GitHub token"),
    ("ghs_", 30, "GitHub token"),
    ("github_pat_", 30, "GitHub token"),
    ("glpat-", 18, "GitLab token"),
    ("xoxb-", 20, "Slack token"),
    ("xoxp-", 20, "Slack token"),
    ("sk_live_", 16, "Stripe key"),
    ("AIza", 30, "Google key"),
    ("hvs.", 20, "Vault token"),
    ("eyJ", 20, "JSON web token"),
];

/// Private keys, tokens, and passwords in addresses.
pub(super) fn keys(text: &str) -> Vec<Find> {
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(at) = text.get(rest..).and_then(|text| text.find("-----BEGIN ")).map(|at| at + rest) {
        let header = text.get(at..).and_then(|text| text.lines().next()).unwrap_or_default();
        let end = text.get(at + 11..).and_then(|text| text.find("-----END ")).map(|end| at + 11 + end);
        // A key without an end hides all that follows: it may be its rest.
        let line_end = end.and_then(|end| text.get(end + 9..)?.find("-----").map(|dashes| end + 9 + dashes + 5));
        let end = line_end.unwrap_or(text.len());
        if header.contains("PRIVATE KEY") {
            found.push(Find { span: Span::new(at, end), name: "private key".to_owned() });
        }
        rest = end;
    }
    let is_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    for (start, word) in words(text, is_token) {
        let known = TOKENS.iter().find(|(begin, least, name)| {
            word.len() >= begin.len() + least
                && word.starts_with(begin)
                && (*name != "JSON web token" || word.matches('.').count() == 2)
        });
        if let Some((_, _, name)) = known {
            found.push(Find { span: Span::new(start, start + word.len()), name: (*name).to_owned() });
        }
    }
    for (at, _) in text.match_indices("://") {
        let authority = text.get(at + 3..).unwrap_or_default();
        let end = authority
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | ','))
            .unwrap_or(authority.len());
        let Some((user, _)) = authority.get(..end).and_then(|authority| authority.rsplit_once('@')) else { continue };
        let Some((name, password)) = user.split_once(':').filter(|(_, password)| !password.starts_with('$')) else {
            continue;
        };
        let start = at + 3 + name.len() + 1;
        found.push(Find { span: Span::new(start, start + password.len()), name: "password in an address".to_owned() });
    }
    found
}

/// The runs of characters of a kind, and where they start.
fn words(text: &str, is_part: impl Fn(char) -> bool + Copy) -> impl Iterator<Item = (usize, &str)> {
    text.split(move |c| !is_part(c)).scan(0, move |at, word| {
        let start = *at;
        let end = start + word.len();
        *at = end + text.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        Some((start, word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_any_spelling() {
        for name in
            ["PASSWORD", "db-password", "clientSecret", "API_KEY", "MYSQL_PWD", "aws_secret_access_key", "authToken"]
        {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "secretName",
            "TOKEN_FILE",
            "automountServiceAccountToken",
            "tokenExpirationSeconds",
            "key",
            "keyRef",
            "bypass",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
