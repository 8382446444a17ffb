//! What an image reference says by itself.

use crate::model::Image;

/// Whether a reference is one that a container runtime could use: no placeholder that something fills in later.
pub(in crate::rules) fn is_real(image: &Image) -> bool {
    let text = image.text.as_str();
    let is_placeholder = text.is_empty()
        || text == "auto"
        || text.contains(['$', '{', '<', '%', ' '])
        || text.contains("://")
        // Skaffold, Bazel, Tilt and kustomize replace names such as `controller:latest` and `my_image`.
        || matches!(text, "controller:latest" | "controller" | "manager:latest");
    !is_placeholder
}

/// Whether the repository ends with these whole parts: `grafana/promtail` fits `docker.io/grafana/promtail`, not
/// `mygrafana/promtail`.
pub(in crate::rules) fn is(image: &Image, pattern: &str) -> bool {
    let has_same_base = |before: &str| before.is_empty() || before.ends_with('/');
    if !pattern.strip_suffix(image.base()).is_some_and(has_same_base) {
        return false;
    }
    let full = match &image.registry {
        Some(registry) => format!("{registry}/{}", image.repository),
        None => image.repository.clone(),
    };
    full == pattern || full.strip_suffix(pattern).is_some_and(|before| before.ends_with('/'))
}

/// Images without any program of their own to speak of: what runs is in the command line.
pub(in crate::rules) fn is_toolbox(image: &Image) -> bool {
    const TOOLBOXES: &[&str] =
        &["busybox", "alpine", "debian", "ubuntu", "bash", "centos", "fedora", "ubi-minimal", "ubi8", "ubi9", "curl"];
    TOOLBOXES.contains(&image.base())
}

#[cfg(test)]
mod tests {
    use super::{is, is_real};
    use crate::model::Image;

    #[test]
    fn images_fit_by_whole_parts() {
        let fits = |text: &str| is(&Image::parse(text), "grafana/promtail");
        assert!(fits("grafana/promtail:2.9") && fits("registry:5000/mirror/grafana/promtail"));
        assert!(!fits("mygrafana/promtail") && !fits("grafana/promtail-extra") && !fits("promtail"));
    }

    #[test]
    fn placeholders_are_no_images() {
        for text in ["auto", "${IMAGE}", "{{ .image }}", "<image>", "ko://example.com/x", ""] {
            assert!(!is_real(&Image::parse(text)), "{text}");
        }
        assert!(is_real(&Image::parse("registry:5000/app")));
    }
}
