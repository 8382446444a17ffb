//! `metadata`. Source: `apimachinery/pkg/api/validation/objectmeta.go`, `pkg/apis/core/validation/validation.go`.

use super::error::Bad;
use super::item::At;
use super::path::Path;
use super::{Check, labels, names};

/// Most bytes of all annotations together.
const MAX_ANNOTATIONS: usize = 256 * 1024;

/// What a name must be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum NameRule {
    Subdomain,
    Label,
    /// A subdomain whose messages count bytes, and that has no prefix.
    LongName,
}

/// `metadata` of a new object.
pub(super) fn metadata(check: &mut Check, meta: At<'_>, rule: NameRule) {
    let path = Path::new("metadata");
    let messages = |name: &str| match rule {
        NameRule::Label => names::dns_label(name),
        NameRule::Subdomain => names::dns_subdomain(name),
        NameRule::LongName => names::dns_subdomain(name)
            .into_iter()
            .map(|message| message.replace("no more than 253 characters", "no more than 253 bytes"))
            .collect(),
    };
    let prefix = meta.get("generateName").text();
    if !prefix.is_empty() && rule != NameRule::LongName {
        check.errors.each(&path.child("generateName"), prefix, messages(&names::masked(prefix)));
    }
    let name = meta.get("name").text();
    if name.is_empty() {
        check.errors.required(&path.child("name"), "name or generateName is required");
    } else {
        check.errors.each(&path.child("name"), name, messages(name));
    }
    let namespace = meta.get("namespace").text();
    check.errors.each(&path.child("namespace"), namespace, names::dns_label(namespace));
    check.errors.not_negative(meta.get("generation").int(), &path.child("generation"));
    common(check, meta, &path);
    finalizers(check, meta, &path.child("finalizers"));
    managed_fields(check, meta, &path.child("managedFields"));
    standard_finalizers(check, meta, &path.child("finalizers"));
}

/// `metadata` of an object that changes.
pub(super) fn metadata_update(check: &mut Check, meta: At<'_>, old: At<'_>) {
    let path = Path::new("metadata");
    if old.has("deletionTimestamp") {
        let old: Vec<&str> = old.get("finalizers").texts();
        let mut extra: Vec<&str> = meta.get("finalizers").texts().into_iter().filter(|f| !old.contains(f)).collect();
        extra.sort_unstable();
        extra.dedup();
        if !extra.is_empty() {
            let extra: Vec<String> = extra.into_iter().map(super::error::quote).collect();
            let found = format!("[]string{{{}}}", extra.join(", "));
            let detail =
                format!("no new finalizers can be added if the object is being deleted, found new finalizers {found}");
            check.errors.forbidden(&path.child("finalizers"), detail);
        }
    }
    for field in ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"] {
        if !meta.get(field).same(old.get(field)) {
            let bad = match field {
                "name" | "namespace" => Bad::from(meta.get(field).text()),
                "creationTimestamp" | "deletionTimestamp" => Bad::time(meta.get(field)),
                _ => Bad::from(meta.get(field)),
            };
            check.errors.invalid(&path.child(field), bad, "field is immutable");
        }
    }
    common(check, meta, &path);
    managed_fields(check, meta, &path.child("managedFields"));
    standard_finalizers(check, meta, &path.child("finalizers"));
}

fn common(check: &mut Check, meta: At<'_>, path: &Path) {
    labels::labels(check, meta.get("labels"), &path.child("labels"));
    annotations(check, meta.get("annotations"), &path.child("annotations"));
    owners(check, meta, &path.child("ownerReferences"));
}

/// Keys and size of annotations.
pub(super) fn annotations(check: &mut Check, annotations: At<'_>, path: &Path) {
    let mut size = 0;
    for (key, value) in annotations.entries() {
        let messages = names::qualified_name(&key.to_lowercase(), check.newer_names());
        check.errors.each(path, key, messages);
        size += key.len() + value.text().len();
    }
    if size > MAX_ANNOTATIONS {
        check.errors.too_long(path, MAX_ANNOTATIONS);
    }
}

fn owners(check: &mut Check, meta: At<'_>, path: &Path) {
    let mut first = String::new();
    let prefix = |field: &str| if check.minor() >= 34 { String::new() } else { format!("{field} ") };
    let prefixes = [prefix("kind"), prefix("name"), prefix("uid")];
    for owner in meta.get("ownerReferences").items() {
        let api_version = owner.get("apiVersion").text();
        if api_version.is_empty() || api_version.matches('/').count() > 1 || api_version.ends_with('/') {
            check.errors.invalid(&path.child("apiVersion"), api_version, "version must not be empty");
        }
        for (field, prefix) in ["kind", "name", "uid"].iter().zip(&prefixes) {
            let value = owner.get(field).text();
            if value.is_empty() {
                check.errors.invalid(&path.child(field), value, format!("{prefix}must not be empty"));
            }
        }
        let kind = owner.get("kind").text();
        if api_version == "v1" && kind == "Event" {
            check.errors.invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner");
        }
        if owner.get("controller").bool() {
            let own = format!("{kind}/{}", owner.get("name").text());
            if first.is_empty() {
                first = own;
            } else {
                let detail = format!(
                    "Only one reference can have Controller set to true. Found \"true\" in references for {first} and {own}"
                );
                check.errors.invalid(path, super::internal::owners(meta.get("ownerReferences")), detail);
            }
        }
    }
}

fn finalizers(check: &mut Check, meta: At<'_>, path: &Path) {
    let finalizers = meta.get("finalizers").texts();
    for finalizer in &finalizers {
        let messages = names::qualified_name(finalizer, check.newer_names());
        check.errors.each(path, finalizer, messages);
    }
    if finalizers.contains(&"orphan") && finalizers.contains(&"foregroundDeletion") {
        let detail = "finalizer orphan and foregroundDeletion cannot be both set";
        check.errors.invalid(path, meta.get("finalizers"), detail);
    }
}

fn standard_finalizers(check: &mut Check, meta: At<'_>, path: &Path) {
    for (index, finalizer) in meta.get("finalizers").texts().into_iter().enumerate() {
        if !finalizer.contains('/') && !matches!(finalizer, "kubernetes" | "orphan" | "foregroundDeletion") {
            let detail = "name is neither a standard finalizer name nor is it fully qualified";
            check.errors.invalid(&path.index(index), finalizer, detail);
        }
    }
}

fn managed_fields(check: &mut Check, meta: At<'_>, path: &Path) {
    for (index, entry) in meta.get("managedFields").items().enumerate() {
        let path = path.index(index);
        let operation = entry.get("operation").text();
        if !matches!(operation, "Apply" | "Update") {
            check.errors.invalid(&path.child("operation"), Bad::alias(operation), "must be `Apply` or `Update`");
        }
        let kind = entry.get("fieldsType").text();
        if !kind.is_empty() && kind != "FieldsV1" {
            check.errors.invalid(&path.child("fieldsType"), kind, "must be `FieldsV1`");
        }
        let manager = entry.get("manager").text();
        if manager.len() > 128 {
            check.errors.too_long(&path.child("manager"), 128);
        }
    }
}
