//! Hides what is secret before a text is given away: data of Secrets, values named like passwords, keys and tokens that
//! are known by their look. The rest of the text stays as it is, byte for byte.
//!
//! It errs on the side of hiding. It cannot know every secret: a password in the middle of a script is not found.

mod look;
mod walk;

use crate::source::{Lines, Source, Span};
use serde::{Deserialize, Serialize};

/// What stands in the place of a hidden value.
pub const MASK: &str = "masked";

/// A text without its secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Masked {
    /// The text.
    pub text: String,
    /// What was hidden, in the order of the text.
    pub hidden: Vec<Hidden>,
}

/// A value that was hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hidden {
    /// The name in front of it: `DB_PASSWORD`.
    pub name: String,
    /// Its line, from 1.
    pub line: u32,
}

/// Most times that a text is searched.
const MOST_PASSES: usize = 8;

/// Hides the secrets of a text. A broken text can read differently once something of it is hidden, so that more of it looks
/// secret; it is searched until nothing does.
#[must_use]
pub fn mask(text: &str) -> Masked {
    let mut masked = mask_once(text);
    for _ in 1..MOST_PASSES {
        let again = mask_once(&masked.text);
        if again.text == masked.text {
            break;
        }
        masked.text = again.text;
        masked.hidden.extend(again.hidden);
    }
    masked
}

fn mask_once(text: &str) -> Masked {
    let source = Source::read(text);
    let mut found = walk::find(&source);
    // What the parser did not get to, and what is no YAML, is searched line by line.
    let is_whole = !source.documents.iter().any(|document| document.is_broken() || document.is_template)
        && source.problems.is_empty();
    if !is_whole {
        found.extend(look::in_lines(text));
    }
    found.extend(look::keys(text));
    apply(text, found, is_whole)
}

/// A range to hide, and the name in front of it.
struct Find {
    span: Span,
    name: String,
}

/// Ranges that touch each other become one; of names the first counts.
fn apply(text: &str, mut found: Vec<Find>, is_whole: bool) -> Masked {
    found.sort_by_key(|find| (find.span.start, std::cmp::Reverse(find.span.end)));
    let lines = Lines::new(text);
    let mut masked = Masked::default();
    let mut done = 0;
    for Find { span, name } in found {
        let old = span.slice(text);
        // Behind a masked value a broken text can go on with what was none of it, line after line.
        let goes_on = |rest: &str| rest.is_empty() || (!is_whole && rest.starts_with([':', ' ', '\t', '\r', '\n']));
        if span.start < done || old.is_empty() || old.strip_prefix(MASK).is_some_and(goes_on) {
            continue;
        }
        masked.text.push_str(Span { start: done, end: span.start }.slice(text));
        masked.text.push_str(MASK);
        masked.hidden.push(Hidden { name, line: lines.position(span.start).line });
        done = span.end;
    }
    masked.text.push_str(text.get(done as usize..).unwrap_or_default());
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str, names: &[&str]) {
        let masked = mask(text);
        assert_eq!(masked.text, expected);
        assert_eq!(masked.hidden.iter().map(|hidden| hidden.name.as_str()).collect::<Vec<_>>(), names);
        // Twice is as good as once.
        assert_eq!(mask(&masked.text), Masked { text: masked.text.clone(), hidden: Vec::new() });
    }

    #[test]
    fn data_of_a_secret_is_hidden_however_it_is_written() {
        check(
            "kind: Secret # keep\ndata:\n  a: cGFzcw==   # why\n  'b': \"x\"\n  c: |\n    one\n    two\n\n  d: >-\n    one\nstringData: { e: 'it''s', f: }\ntype: Opaque\n",
            "kind: Secret # keep\ndata:\n  a: masked   # why\n  'b': \"masked\"\n  c: |\n    masked\n\n  d: >-\n    masked\nstringData: { e: masked, f: }\ntype: Opaque\n",
            &["a", "b", "c", "d", "e"],
        );
        check(
            "{\"kind\": \"List\", \"items\": [{\"kind\": \"Secret\", \"data\": {\"a\": \"b\"}}]}",
            "{\"kind\": \"List\", \"items\": [{\"kind\": \"Secret\", \"data\": {\"a\": \"masked\"}}]}",
            &["a"],
        );
    }

    #[test]
    fn values_named_like_passwords_are_hidden_and_others_are_not() {
        check(
            "kind: Pod\nspec:\n  containers:\n  - env:\n    - name: DB_PASSWORD\n      value: hunter2\n    - { name: API_TOKEN, valueFrom: { secretKeyRef: { name: t, key: k } } }\n    - { name: LEVEL, value: info }\n    - { name: TOKEN_FILE, value: /run/token }\n    - { name: PASSWORD_MIN_LENGTH, value: \"8\" }\n    args: [--client-secret=abc, --password, s3cret, --secret-name=db]\n",
            "kind: Pod\nspec:\n  containers:\n  - env:\n    - name: DB_PASSWORD\n      value: masked\n    - { name: API_TOKEN, valueFrom: { secretKeyRef: { name: t, key: k } } }\n    - { name: LEVEL, value: info }\n    - { name: TOKEN_FILE, value: /run/token }\n    - { name: PASSWORD_MIN_LENGTH, value: \"8\" }\n    args: [--client-secret=masked, --password, masked, --secret-name=db]\n",
            &["DB_PASSWORD", "--client-secret", "--password"],
        );
        check(
            "services:\n  db:\n    image: postgres\n    environment:\n      POSTGRES_PASSWORD: x\n      POSTGRES_USER: me\n  web:\n    environment:\n      - SECRET_KEY=abc\n      - PORT=80\n    secrets: [one]\n    command: [\"sh\", \"-c\", \"true\"]\nsecrets:\n  one: { file: ./one.txt }\n",
            "services:\n  db:\n    image: postgres\n    environment:\n      POSTGRES_PASSWORD: masked\n      POSTGRES_USER: me\n  web:\n    environment:\n      - SECRET_KEY=masked\n      - PORT=80\n    secrets: [one]\n    command: [\"sh\", \"-c\", \"true\"]\nsecrets:\n  one: { file: ./one.txt }\n",
            &["POSTGRES_PASSWORD", "SECRET_KEY"],
        );
    }

    #[test]
    fn an_alias_is_followed_and_a_second_copy_in_an_annotation_is_hidden_too() {
        check(
            "x: &pw hunter2\nkind: Pod\nspec: { containers: [{ env: [{ name: PASSWORD, value: *pw }] }] }\n",
            "x: &pw masked\nkind: Pod\nspec: { containers: [{ env: [{ name: PASSWORD, value: *pw }] }] }\n",
            &["PASSWORD"],
        );
        let copy = "kubectl.kubernetes.io/last-applied-configuration";
        check(
            &format!(
                "kind: Secret\nmetadata:\n  annotations:\n    {copy}: |\n      {{\"data\":{{\"a\":\"b\"}}}}\n    x: y\ndata: {{ a: b }}\n"
            ),
            &format!(
                "kind: Secret\nmetadata:\n  annotations:\n    {copy}: |\n      masked\n    x: y\ndata: {{ a: masked }}\n"
            ),
            &[copy, "a"],
        );
    }

    #[test]
    fn keys_and_tokens_are_known_by_their_look() {
        check(
            "kind: ConfigMap\ndata:\n  url: postgres://me:hunter2@db:5432/x?a=b@c\n  key: |\n    -----BEGIN RSA PRIVATE KEY-----\n    abc\n    -----END RSA PRIVATE KEY-----\n  id: AKIAIOSFODNN7EXAMPLE\n  t: \"a ghp_abcdefghijklmnopqrstuvwxyz0123456789 b\"\n  jwt: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_d\n  image: a/b:c@sha256:abc\n",
            "kind: ConfigMap\ndata:\n  url: postgres://me:masked@db:5432/x?a=b@c\n  key: |\n    masked\n  id: masked\n  t: \"a masked b\"\n  jwt: masked\n  image: a/b:c@sha256:abc\n",
            &["password in an address", "private key", "AWS key", "GitHub token", "JSON web token"],
        );
    }

    #[test]
    fn what_could_not_be_read_is_searched_line_by_line() {
        check(
            "kind: Pod\nspec: [\n  password: hunter2 # x\n  - name: API_TOKEN\n    value: abc\n\t- PASSWD=\"a b\"\n  level: info\n",
            "kind: Pod\nspec: [\n  password: masked # x\n  - name: API_TOKEN\n    value: masked\n\t- PASSWD=masked\n  level: info\n",
            &["password", "API_TOKEN", "PASSWD"],
        );
    }

    #[test]
    fn a_broken_text_that_reads_differently_once_masked_is_searched_again() {
        for text in ["&a --password<<: }|\n  <<: ", "&a --password<<: masked: "] {
            let once = mask(text).text;
            assert_eq!(mask(&once).text, once, "{text:?}");
        }
    }

    #[test]
    fn a_broken_text_does_not_lose_a_line_with_each_search() {
        let lines = "        ports:\n        - port: 1\n".repeat(12);
        let text = format!("kind: Secret\ndata:\n  password: c2VjcmV0\n{lines}---\nkind: Pod\n");
        let rest = lines.strip_prefix("        ports").expect("the beginning");
        let expected = format!("kind: Secret\ndata:\n  password: masked{rest}---\nkind: Pod\n");
        check(&text, &expected, &["password"]);
    }

    #[test]
    fn embedded_manifests_are_searched_and_other_texts_stay_as_they_are() {
        check(
            "kind: ConfigMap\ndata:\n  pod.yaml: |\n    kind: Pod\n    spec:\n      containers:\n        - { name: a, env: [{ name: PASSWORD, value: x1 }] }\n",
            "kind: ConfigMap\ndata:\n  pod.yaml: |\n    kind: Pod\n    spec:\n      containers:\n        - { name: a, env: [{ name: PASSWORD, value: masked }] }\n",
            &["PASSWORD"],
        );
        for text in ["", "\u{feff}a: 1\r\nb:  2 # 日本\r\n", "not: [yaml", "{{ .Values.x }}\r\n\ta"] {
            check(text, text, &[]);
        }
    }
}
