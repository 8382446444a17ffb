//! The fields of the API types, as a table that a machine wrote from the types of each release.

use crate::release::Release;
use std::collections::BTreeMap;

/// One field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    /// Its Go type: `*Probe`, `[]Container`, `PullPolicy=string`.
    pub(super) kind: &'static str,
    /// The embedded struct that it belongs to; empty when it is an own field.
    pub(super) embedded: &'static str,
}

/// The types of one release.
pub(super) struct Schema(BTreeMap<&'static str, Vec<Field>>);

impl Schema {
    pub(super) fn of(release: Release) -> Self {
        let mut structs: BTreeMap<&'static str, Vec<Field>> = BTreeMap::new();
        let mut current: Vec<Field> = Vec::new();
        let mut name = "";
        for line in include_str!("schema.txt").lines().filter(|line| !line.starts_with('#')) {
            if !line.starts_with(' ') {
                structs.insert(name, std::mem::take(&mut current));
                name = line;
            } else if let Some(field) = field(line, release.minor()) {
                current.push(field);
            }
        }
        structs.insert(name, current);
        Self(structs)
    }

    pub(super) fn field(&self, of: &str, name: &str) -> Option<Field> {
        self.0.get(of)?.iter().find(|field| field.name == name).copied()
    }

    pub(super) fn is_struct(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

/// Reads a line, unless the release does not know its field.
fn field(line: &'static str, minor: u8) -> Option<Field> {
    let mut words = line.split_whitespace();
    let mut field = Field { name: words.next()?, kind: words.next()?, embedded: "" };
    for word in words {
        if let Some(embedded) = word.strip_prefix('/') {
            // Older decoders do not name it.
            field.embedded = if minor >= 35 { embedded } else { "" };
        } else {
            let (since, until) = word.split_once('-').unwrap_or((word, "99"));
            let knows = since.parse().is_ok_and(|since: u8| since <= minor)
                && until.parse().is_ok_and(|until: u8| minor <= until);
            if !knows {
                return None;
            }
        }
    }
    Some(field)
}

/// A Go type as Go writes it in messages.
pub(super) fn go_type(kind: &str, schema: &Schema) -> String {
    let kind = kind.trim_start_matches('*');
    if let Some(of) = kind.strip_prefix("[]") {
        return format!("[]{}", go_type(of, schema));
    }
    if let Some((key, of)) = kind.strip_prefix("map[").and_then(|rest| rest.split_once(']')) {
        return format!("map[{}]{}", go_type(key, schema), go_type(of, schema));
    }
    match kind.split_once('=') {
        Some(("UID", _)) => "types.UID".to_owned(),
        Some((alias, _)) => format!("v1.{alias}"),
        None if kind == "ResourceName" || schema.is_struct(kind) => format!("v1.{kind}"),
        None => kind.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Schema, go_type};
    use crate::release::Release;

    #[test]
    fn fields_come_with_their_release() {
        let knows = |minor, name| Schema::of(Release::new(minor).unwrap()).field("Container", name).is_some();
        assert!(knows(27, "image") && !knows(27, "restartPolicy") && knows(28, "restartPolicy"));
        assert!(!knows(33, "restartPolicyRules") && knows(34, "restartPolicyRules"));
        assert!(!knows(36, "restartpolicy"));
    }

    #[test]
    fn types_are_written_as_go_writes_them() {
        let schema = Schema::of(Release::NEWEST);
        for (kind, go) in [
            ("*Probe", "v1.Probe"),
            ("[]Container", "[]v1.Container"),
            ("PullPolicy=string", "v1.PullPolicy"),
            ("map[string]string", "map[string]string"),
            ("*int64", "int64"),
            ("ResourceList=map[ResourceName]resource.Quantity", "v1.ResourceList"),
        ] {
            assert_eq!(go_type(kind, &schema), go);
        }
    }
}
