//! Image references, taken apart as container runtimes do.

use serde::Serialize;

/// An image reference: `registry/repository:tag@digest`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Image {
    /// As written.
    pub text: String,
    /// The registry, when one is named. A first part is a registry when it has a dot or a port or is `localhost`.
    pub registry: Option<String>,
    /// The repository without registry, tag and digest: `istio/proxyv2`.
    pub repository: String,
    /// The tag.
    pub tag: Option<String>,
    /// The digest, with its algorithm.
    pub digest: Option<String>,
}

impl Image {
    /// Takes a reference apart. Any text is accepted; what cannot be told apart is repository.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let trimmed = text.trim();
        let (name, digest) = match trimmed.split_once('@') {
            Some((name, digest)) => (name, Some(digest.to_owned())),
            None => (trimmed, None),
        };
        // A colon in front of the last slash belongs to the registry's port, not to a tag.
        let last_slash = name.rfind('/').map_or(0, |at| at + 1);
        let (name, tag) = match name.get(last_slash..).and_then(|last| last.find(':')) {
            Some(at) => (
                name.get(..last_slash + at).unwrap_or_default(),
                name.get(last_slash + at + 1..).map(str::to_owned).filter(|tag| !tag.is_empty()),
            ),
            None => (name, None),
        };
        let (registry, repository) = match name.split_once('/') {
            Some((first, rest)) if first.contains(['.', ':', '$', '{']) || first == "localhost" => {
                (Some(first.to_owned()), rest)
            }
            _ => (None, name),
        };
        Self { text: text.to_owned(), registry, repository: repository.to_owned(), tag, digest }
    }

    /// The last part of the repository: `proxyv2`.
    #[must_use]
    pub fn base(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or_default()
    }

    /// Repository and tag, without registry and digest: short enough for a label.
    #[must_use]
    pub fn short(&self) -> String {
        match &self.tag {
            Some(tag) => format!("{}:{tag}", self.repository),
            None => self.repository.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Image;

    fn parts(text: &str) -> (Option<String>, String, Option<String>, Option<String>) {
        let image = Image::parse(text);
        (image.registry, image.repository, image.tag, image.digest)
    }

    #[test]
    fn a_registry_port_is_not_a_tag() {
        assert_eq!(parts("localhost:5000/app"), (Some("localhost:5000".into()), "app".into(), None, None));
        assert_eq!(
            parts("registry.example.com:443/a/b:1.2"),
            (Some("registry.example.com:443".into()), "a/b".into(), Some("1.2".into()), None)
        );
    }

    #[test]
    fn references_of_all_shapes_are_taken_apart() {
        assert_eq!(parts("nginx"), (None, "nginx".into(), None, None));
        assert_eq!(parts("istio/proxyv2:1.23"), (None, "istio/proxyv2".into(), Some("1.23".into()), None));
        assert_eq!(
            parts("gcr.io/x/y:v1@sha256:abc"),
            (Some("gcr.io".into()), "x/y".into(), Some("v1".into()), Some("sha256:abc".into()))
        );
        assert_eq!(parts(""), (None, String::new(), None, None));
        assert_eq!(
            parts("${REGISTRY}/app:${TAG}"),
            (Some("${REGISTRY}".into()), "app".into(), Some("${TAG}".into()), None)
        );
        assert_eq!(Image::parse("quay.io/a/b/oauth2-proxy:v7").base(), "oauth2-proxy");
    }
}
