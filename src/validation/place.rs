//! From the path of a field to the node of the text that is nearest to it.

use crate::source::{NodeId, Value};

/// The node that is nearest to a field: that of the field, or else of the closest thing around it.
pub(super) fn nearest(object: Value<'_>, field: &str) -> Option<NodeId> {
    let field = plain(field);
    let mut at = object;
    for step in steps(&field) {
        let next = match step.parse::<usize>() {
            Ok(index) if at.is_sequence() => at.items().nth(index),
            // The server leaves `metadata` out of paths in templates.
            _ => at.get(step).or_else(|| at.get("metadata").and_then(|meta| meta.get(step))),
        };
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    Some(at.id())
}

/// The path without the server's oddities.
fn plain(field: &str) -> String {
    if let Some((spec, rest)) = field.split_once(".resources.containers[")
        && let Some((index, rest)) = rest.split_once(']')
    {
        let name = rest.trim_start_matches('[').split(']').next().unwrap_or_default();
        return format!("{spec}.containers[{index}].resources.limits[{name}]");
    }
    let mut field = field.to_owned();
    for (odd, own) in [
        (".securityContext.shareProcessNamespace", ".shareProcessNamespace"),
        (".HostPID", ".hostPID"),
        (".HostIPC", ".hostIPC"),
        (".persistentDisk", ".gcePersistentDisk"),
        (".downwarAPI", ".downwardAPI"),
        (".cephFS", ".cephfs"),
        (".storageOS", ".storageos"),
    ] {
        field = field.replace(odd, own);
    }
    field
}

/// `spec.containers[0].limits[cpu]` in its steps.
fn steps(field: &str) -> Vec<&str> {
    let mut steps = Vec::new();
    let mut rest = field;
    while !rest.is_empty() {
        let end = if rest.starts_with('[') {
            rest.find(']').map_or(rest.len(), |end| end + 1)
        } else {
            rest.find(['.', '[']).unwrap_or(rest.len())
        };
        let (step, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        steps.push(step.trim_start_matches('[').trim_end_matches(']'));
        rest = after.strip_prefix('.').unwrap_or(after);
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::nearest;
    use crate::source::Source;

    #[test]
    fn errors_lead_to_the_text_they_are_about() {
        let text = "spec: {shareProcessNamespace: true, containers: [{name: a, resources: {limits: {cpu: 2}}}]}";
        let source = Source::read(text);
        let document = source.documents.first().unwrap();
        let at = |field| document.tree.span(nearest(document.root().unwrap(), field).unwrap()).slice(text);
        assert_eq!(at("spec.containers[0].name"), "a");
        assert_eq!(at("spec.containers[0].image"), "{name: a, resources: {limits: {cpu: 2}}}");
        assert_eq!(at("spec.securityContext.shareProcessNamespace"), "true");
        assert_eq!(at("spec.resources.containers[0][cpu].limits"), "2");
        assert_eq!(at("metadata.name"), text);
    }
}
