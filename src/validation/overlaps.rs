//! Warnings about files of a volume that end up at the same place.

use super::error::quote;
use super::item::At;

/// A path, and where it comes from, when that needs saying.
#[derive(Clone, PartialEq)]
struct Source {
    path: String,
    from: String,
}

impl Source {
    fn new(path: &str, from: &str) -> Self {
        Self { path: path.trim_end_matches('/').to_owned(), from: from.to_owned() }
    }

    fn shown(&self) -> String {
        if self.from.is_empty() { quote(&self.path) } else { format!("{} ({})", quote(&self.path), self.from) }
    }

    fn meets(&self, other: &Self) -> bool {
        let (own, other) = (format!("{}/", self.path), format!("{}/", other.path));
        own.starts_with(&other) || other.starts_with(&own)
    }
}

fn paths(items: At<'_>, from: &str) -> Vec<Source> {
    items.items().map(|item| Source::new(item.get("path").text(), from)).collect()
}

/// Pairs that meet, the later one first.
fn collisions(sources: Vec<Source>) -> Vec<String> {
    let mut found = Vec::new();
    for (index, source) in sources.iter().enumerate().filter(|(_, source)| !source.path.is_empty()) {
        for earlier in sources.iter().take(index).filter(|earlier| !earlier.path.is_empty()) {
            if source.meets(earlier) {
                found.push(format!("{} with {}", source.shown(), earlier.shown()));
            }
        }
    }
    found
}

/// Warnings for all volumes, each with the index of its volume. Before 1.34, a projected source without paths repeats
/// those of the source before it.
pub(super) fn warnings(volumes: At<'_>, repeats: bool) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (index, volume) in volumes.items().enumerate() {
        let name = quote(volume.get("name").text());
        let mut warn = |what: &str, sources: Vec<Source>| {
            for collision in collisions(sources) {
                found.push((index, format!("volume {name} ({what}): overlapping paths: {collision}")));
            }
        };
        for (kind, what, field) in [("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName")] {
            let own = volume.get(kind);
            if own.is_set() {
                warn(&format!("{what} {}", quote(own.get(field).text())), paths(own.get("items"), ""));
            }
        }
        warn("DownwardAPI", paths(volume.at(&["downwardAPI", "items"]), ""));
        let sources = volume.at(&["projected", "sources"]);
        let mut all = Vec::new();
        let mut own = Vec::new();
        for source in sources.items().filter(|source| !source.is_zero()) {
            match projected(source) {
                Some(paths) => own = paths,
                None if repeats => {}
                None => own.clear(),
            }
            all.extend(own.iter().cloned());
        }
        warn("Projected", all);
        for source in sources.items().filter(|source| source.is_zero()) {
            let _ = source;
            found.push((index, format!("volume {name} (Projected) has no sources provided")));
        }
    }
    found
}

/// The paths of a projected source; none when it names none.
fn projected(source: At<'_>) -> Option<Vec<Source>> {
    let named = |kind: &str, what: &str| {
        let own = source.get(kind);
        Some(paths(own.get("items"), &format!("{what} {}", quote(own.get("name").text()))))
    };
    if source.get("configMap").has("items") {
        named("configMap", "ConfigMap")
    } else if source.get("secret").has("items") {
        named("secret", "Secret")
    } else if source.get("downwardAPI").has("items") {
        Some(paths(source.at(&["downwardAPI", "items"]), "DownwardAPI"))
    } else if source.has("serviceAccountToken") {
        Some(vec![Source::new(source.at(&["serviceAccountToken", "path"]).text(), "ServiceAccountToken")])
    } else if source.has("clusterTrustBundle") {
        let own = source.get("clusterTrustBundle");
        let name = own.get("name").opt_text().unwrap_or(own.get("signerName").text());
        Some(vec![Source::new(own.get("path").text(), &format!("ClusterTrustBundle {}", quote(name)))])
    } else if source.has("podCertificate") {
        let own = source.get("podCertificate");
        let fields = [
            ("certificateChainPath", "PodCertificate chain"),
            ("keyPath", "PodCertificate key"),
            ("credentialBundlePath", "PodCertificate credential bundle"),
        ];
        let given = fields.iter().filter(|(field, _)| !own.get(field).text().is_empty());
        Some(given.map(|(field, from)| Source::new(own.get(field).text(), from)).collect())
    } else {
        None
    }
}
