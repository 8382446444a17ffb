//! References to images, as the server reads them for the default pull policy. Source:
//! `github.com/distribution/reference`.

/// What the server pulls when: `latest` always, else if it is not there. A reference that cannot be read has no tag,
/// which is not `latest`.
pub(super) fn pull_policy(image: &str) -> &'static str {
    // Most images say another tag, and then it does not matter whether the rest can be read.
    let is_other = |tag: &str| tag != "latest" && !tag.contains(['/', '@']);
    let has_other = image.rsplit_once(':').is_some_and(|(before, tag)| is_other(tag) && !before.contains('@'));
    if !has_other && tag(image) == Some("latest") { "Always" } else { "IfNotPresent" }
}

/// The tag of a reference, `latest` when there is neither tag nor digest; none when it cannot be read.
fn tag(image: &str) -> Option<&str> {
    if is_digits(image, 64) {
        return None;
    }
    let (domain, rest) = split_domain(image);
    let end = rest.find([':', '@']).unwrap_or(rest.len());
    let (name, rest) = rest.split_at_checked(end)?;
    let (tag, digest) = match rest.split_once('@') {
        Some((tag, digest)) => (tag, Some(digest)),
        None => (rest, None),
    };
    let tag = tag.strip_prefix(':');
    let full = format!("{domain}/{name}");
    let is_named = (is_domain(domain) && is_name(name)) || is_name(&full);
    let is_read = is_named && full.len() <= 255 && tag.is_none_or(is_tag) && digest.is_none_or(is_digest);
    is_read.then(|| tag.unwrap_or(if digest.is_some() { "" } else { "latest" }))
}

/// The registry, and the rest.
fn split_domain(image: &str) -> (&str, &str) {
    match image.split_once('/') {
        Some((domain, rest))
            if domain.contains(['.', ':']) || domain == "localhost" || domain.to_lowercase() != domain =>
        {
            (domain, rest)
        }
        _ => ("docker.io", image),
    }
}

fn is_domain(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (text, None),
    };
    let is_port = port.is_none_or(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()));
    let is_part = |part: &str| {
        let is_inner = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        is_inner && !part.is_empty() && !part.starts_with('-') && !part.ends_with('-')
    };
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_address = address.is_some_and(|address| {
        !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':')
    });
    is_port && (is_address || host.split('.').all(is_part))
}

/// Parts between slashes: letters and digits with `.`, `_`, `__` or dashes between them.
fn is_name(text: &str) -> bool {
    text.split('/').all(|part| {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let is_between =
            |between: &str| matches!(between, "" | "." | "_" | "__") || between.bytes().all(|byte| byte == b'-');
        part.starts_with(is_plain) && part.ends_with(is_plain) && part.split(is_plain).all(is_between)
    })
}

fn is_tag(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_inner = text.bytes().all(|byte| is_word(byte) || matches!(byte, b'.' | b'-'));
    text.len() <= 128 && is_inner && text.bytes().next().is_some_and(is_word)
}

fn is_digest(text: &str) -> bool {
    let length = match text.split_once(':') {
        Some(("sha256", _)) => 64,
        Some(("sha384", _)) => 96,
        Some(("sha512", _)) => 128,
        _ => return false,
    };
    text.split_once(':').is_some_and(|(_, digits)| is_digits(digits, length))
}

fn is_digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::pull_policy;

    #[test]
    fn only_the_latest_image_is_always_pulled() {
        for image in ["nginx", "nginx:latest", "localhost:5000/nginx", "registry.example.com/a_b/c-d"] {
            assert_eq!(pull_policy(image), "Always", "{image}");
        }
        // The last ones cannot be read.
        for image in ["nginx:1.27", "nginx@sha256:abc", "Nginx", "", "a b", "example.com/Nginx"] {
            assert_eq!(pull_policy(image), "IfNotPresent", "{image}");
        }
    }
}
