//! Pod templates as the server's internal types show them: an error that a Job's template may not change has all of it.

use super::error::{Bad, quote};
use super::item::At;
use super::{internal, resources};
use crate::release::Release;
use std::collections::BTreeMap;

/// A field: its name in Go, its name in the API, and its kind.
type Field = (&'static str, &'static str, &'static str);

/// The fields of each type.
struct Table(BTreeMap<&'static str, Vec<Field>>);

/// A Pod template.
pub(super) fn template(at: At<'_>, release: Release) -> Bad {
    Bad::raw(Table::of(release).object(at, "PodTemplateSpec", At::NONE))
}

/// The spec of a Pod.
pub(super) fn pod_spec(at: At<'_>, release: Release) -> Bad {
    Bad::raw(Table::of(release).object(at, "PodSpec", At::NONE))
}

impl Table {
    fn of(release: Release) -> Self {
        let mut types: BTreeMap<&'static str, Vec<Field>> = BTreeMap::new();
        let mut name = "";
        for line in include_str!("internal.txt").lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            if !line.starts_with(' ') {
                name = line;
            } else if let (Some(go), Some(api), Some(kind)) = (words.next(), words.next(), words.next()) {
                let (since, until) =
                    words.next().map_or(("0", "99"), |word| word.split_once('-').unwrap_or((word, "99")));
                let is_known = since.parse().is_ok_and(|since: u8| since <= release.minor())
                    && until.parse().is_ok_and(|until: u8| release.minor() <= until);
                if is_known {
                    types.entry(name).or_default().push((go, api, kind));
                }
            }
        }
        Self(types)
    }

    /// An object; what the server keeps elsewhere than the API comes from the object around it.
    fn object(&self, at: At<'_>, kind: &str, around: At<'_>) -> String {
        let mut parts = Vec::new();
        for (go, api, field_kind) in self.0.get(kind).into_iter().flatten() {
            if *field_kind == "^M" {
                parts.extend(metadata(at.get(api)));
                continue;
            }
            let is_around = kind == "PodSecurityContext"
                && matches!(*api, "hostNetwork" | "hostPID" | "hostIPC" | "hostUsers" | "shareProcessNamespace");
            let own = if is_around { around.get(api) } else { at.get(api) };
            let own = if *api == "serviceAccountName" && own.is_zero() { at.get("serviceAccount") } else { own };
            parts.push(format!("\"{go}\":{}", self.value(own, field_kind, at)));
        }
        format!("{{{}}}", parts.join(","))
    }

    fn value(&self, at: At<'_>, kind: &str, around: At<'_>) -> String {
        match kind {
            "s" => Bad::alias(at.text()).shown().to_owned(),
            "b" => at.bool().to_string(),
            "i" if !at.is_set() => "0".to_owned(),
            "q" => quote(&resources::amount(at).to_string()),
            "i" => Bad::from(at).shown().to_owned(),
            _ if !at.is_set() && (kind.starts_with(['*', '[']) || matches!(kind, "n" | "Q")) => "null".to_owned(),
            "n" => Bad::from(at).shown().to_owned(),
            "Q" => {
                let mut entries = at.entries();
                entries.sort_unstable_by_key(|(name, _)| *name);
                let entry = |(name, at): (&str, At<'_>)| {
                    format!("{}:{}", Bad::alias(name).shown(), quote(&resources::amount(at).to_string()))
                };
                let entries: Vec<String> = entries.into_iter().map(entry).collect();
                format!("{{{}}}", entries.join(","))
            }
            "*L" => internal::selector(at).shown().to_owned(),
            _ => match kind.strip_prefix("[]") {
                Some(of) => {
                    let items: Vec<String> = at.items().map(|item| self.object(item, of, at)).collect();
                    format!("[{}]", items.join(","))
                }
                None => self.object(at, kind.trim_start_matches('*'), around),
            },
        }
    }
}

/// Metadata, which is shown as in the API.
fn metadata(meta: At<'_>) -> Vec<String> {
    let fields = [
        "name",
        "generateName",
        "namespace",
        "selfLink",
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "labels",
        "annotations",
        "ownerReferences",
        "finalizers",
    ];
    let given = fields.iter().filter(|field| !meta.get(field).is_zero());
    let shown = |field: &str| match field {
        "ownerReferences" => internal::owners(meta.get(field)),
        _ => Bad::from(meta.get(field)),
    };
    given.map(|field| format!("\"{field}\":{}", shown(field).shown())).collect()
}
