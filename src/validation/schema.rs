//! The fields of the API types, as a table that a machine wrote from the types of each release.

use crate::release::Release;
use std::collections::BTreeMap;

/// One field.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// The embedded struct that it belongs to; empty when it is an own field.
    pub(super) embedded: &'static str,
}

/// A Go type: `*Probe`, `[]Container`, `PullPolicy=string`.
#[derive(Debug)]
pub(super) struct Kind {
    /// As it is written, without a `*`.
    pub(super) name: &'static str,
    pub(super) is_pointer: bool,
    pub(super) shape: Shape,
}

/// What a value of a Go type is made of.
#[derive(Debug)]
pub(super) enum Shape {
    /// A struct, by its index.
    Struct(usize),
    /// A slice, and what is in it.
    List(Box<Kind>),
    /// A map, and its values.
    Map(Box<Kind>),
    Text,
    Bool,
    Int32,
    Int64,
    Quantity,
    IntOrText,
    Time,
    /// `metadata.managedFields[].fieldsV1`, which nobody reads.
    Fields,
    Unknown,
}

/// The types of one release.
#[derive(Debug)]
pub(super) struct Schema {
    indices: BTreeMap<&'static str, usize>,
    /// Names, and fields by name.
    structs: Vec<(&'static str, Vec<Field>)>,
}

impl Schema {
    pub(super) fn of(release: Release) -> Self {
        let lines = || include_str!("schema.txt").lines().filter(|line| !line.starts_with('#'));
        let names = lines().filter(|line| !line.starts_with(' '));
        let indices = names.enumerate().map(|(index, name)| (name, index)).collect();
        let mut structs: Vec<(&'static str, Vec<Field>)> = Vec::new();
        for line in lines() {
            if !line.starts_with(' ') {
                structs.push((line, Vec::new()));
            } else if let Some((_, fields)) = structs.last_mut()
                && let Some(field) = field(line, release.minor(), &indices)
            {
                fields.push(field);
            }
        }
        for (_, fields) in &mut structs {
            fields.sort_by_key(|field| field.name);
        }
        Self { indices, structs }
    }

    /// The index of a struct.
    pub(super) fn index(&self, name: &str) -> Option<usize> {
        self.indices.get(name).copied()
    }

    /// The name of a struct.
    pub(super) fn name(&self, index: usize) -> &'static str {
        self.structs.get(index).map_or("", |(name, _)| name)
    }

    pub(super) fn field(&self, of: usize, name: &str) -> Option<&Field> {
        let (_, fields) = self.structs.get(of)?;
        let at = fields.partition_point(|field| field.name < name);
        fields.get(at).filter(|field| field.name == name)
    }
}

/// Reads a line, unless the release does not know its field.
fn field(line: &'static str, minor: u8, structs: &BTreeMap<&'static str, usize>) -> Option<Field> {
    let mut words = line.split_ascii_whitespace();
    let (name, kind) = (words.next()?, words.next()?);
    let mut embedded = "";
    for word in words {
        if let Some(own) = word.strip_prefix('/') {
            // Older decoders do not name it.
            embedded = if minor >= 35 { own } else { "" };
        } else {
            let (since, until) = word.split_once('-').unwrap_or((word, "99"));
            let knows = since.parse().is_ok_and(|since: u8| since <= minor)
                && until.parse().is_ok_and(|until: u8| minor <= until);
            if !knows {
                return None;
            }
        }
    }
    Some(Field { name, kind: Kind::of(kind, structs), embedded })
}

impl Kind {
    fn of(text: &'static str, structs: &BTreeMap<&'static str, usize>) -> Self {
        let name = text.trim_start_matches('*');
        let base = name.split_once('=').map_or(name, |(_, base)| base);
        let values = || Some(base.strip_prefix("map[")?.split_once(']')?.1);
        let shape = if let Some(of) = name.strip_prefix("[]") {
            Shape::List(Box::new(Self::of(of, structs)))
        } else if let Some(of) = values() {
            Shape::Map(Box::new(Self::of(of, structs)))
        } else if let Some(values) = name.strip_prefix("map[").and_then(|rest| rest.split_once(']')) {
            Shape::Map(Box::new(Self::of(values.1, structs)))
        } else if let Some(index) = structs.get(name) {
            Shape::Struct(*index)
        } else {
            match base {
                "string" => Shape::Text,
                "bool" => Shape::Bool,
                "int32" => Shape::Int32,
                "int64" => Shape::Int64,
                "resource.Quantity" => Shape::Quantity,
                "intstr.IntOrString" => Shape::IntOrText,
                "v1.Time" | "v1.MicroTime" => Shape::Time,
                "v1.FieldsV1" => Shape::Fields,
                _ => Shape::Unknown,
            }
        };
        Self { name, is_pointer: text.starts_with('*'), shape }
    }
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
        None if kind == "ResourceName" || schema.index(kind).is_some() => format!("v1.{kind}"),
        None => kind.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Schema, go_type};
    use crate::release::Release;

    #[test]
    fn fields_come_with_their_release() {
        let knows = |minor, name| {
            let schema = Schema::of(Release::new(minor).unwrap());
            schema.field(schema.index("Container").unwrap(), name).is_some()
        };
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
