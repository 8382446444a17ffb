//! Claims of volumes (in templates) and of devices.

use super::error::Bad;
use super::item::At;
use super::labels::{self, SelectorRules};
use super::path::Path;
use super::resources::amount;
use super::{Check, metadata, names};
use crate::release::Feature;
use std::collections::BTreeSet;

/// `ephemeral` of a volume.
pub(super) fn ephemeral(check: &mut Check, at: At<'_>, path: &Path) {
    let path = path.child("volumeClaimTemplate");
    let template = at.get("volumeClaimTemplate");
    if !template.is_set() {
        return check.errors.required(&path, "");
    }
    let meta = template.get("metadata");
    let meta_path = path.child("metadata");
    metadata::annotations(check, meta.get("annotations"), &meta_path.child("annotations"));
    labels::labels(check, meta.get("labels"), &meta_path.child("labels"));
    // In the order of Go's struct.
    let fields = [
        ("name", "name"),
        ("generateName", "generateName"),
        ("namespace", "namespace"),
        ("selfLink", "selfLink"),
        ("uid", "uID"),
        ("resourceVersion", "resourceVersion"),
        ("generation", "generation"),
        ("creationTimestamp", "creationTimestamp"),
        ("deletionTimestamp", "deletionTimestamp"),
        ("deletionGracePeriodSeconds", "deletionGracePeriodSeconds"),
        ("ownerReferences", "ownerReferences"),
        ("finalizers", "finalizers"),
        ("managedFields", "managedFields"),
    ];
    for (field, shown) in fields {
        if meta.has(field) {
            check.errors.forbidden(&meta_path.child(shown), "cannot be set");
        }
    }
    claim_spec(check, template.get("spec"), &path.child("spec"));
}

/// `spec` of a claim.
pub(super) fn claim_spec(check: &mut Check, spec: At<'_>, path: &Path) {
    let modes = spec.get("accessModes").texts();
    let modes_path = path.child("accessModes");
    let known = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
    if modes.is_empty() {
        check.errors.required(&modes_path, "at least 1 access mode is required");
    }
    labels::selector(check, spec.get("selector"), SelectorRules::default(), &path.child("selector"));
    for mode in &modes {
        if !known.contains(mode) {
            check.errors.not_supported(&modes_path, Bad::alias(mode), &known);
        }
    }
    let is_other = |mode: &&str| *mode != "ReadWriteOncePod" && known.contains(mode);
    if modes.contains(&"ReadWriteOncePod") && modes.iter().any(is_other) {
        check.errors.forbidden(&modes_path, "may not use ReadWriteOncePod with other access modes");
    }
    let storage = spec.at(&["resources", "requests", "storage"]);
    let storage_path = path.child("resources").key("storage");
    if !storage.is_set() {
        check.errors.required(&storage_path, "");
    } else if amount(storage).nano() <= 0 {
        check.errors.invalid(&storage_path, amount(storage).to_string(), "must be greater than zero");
    }
    let class_name = |check: &mut Check, field: &str| {
        let name = spec.get(field).text();
        if !name.is_empty() {
            check.errors.each(&path.child(field), name, names::dns_subdomain(name));
        }
    };
    class_name(check, "storageClassName");
    let volume_modes = ["Block", "Filesystem"];
    if let Some(mode) = spec.get("volumeMode").opt_text().filter(|mode| !volume_modes.contains(mode)) {
        check.errors.not_supported(&path.child("volumeMode"), Bad::alias(mode), &volume_modes);
    }
    let (source, reference) = (spec.get("dataSource"), spec.get("dataSourceRef"));
    for field in ["dataSource", "dataSourceRef"] {
        if spec.has(field) {
            data_source(check, spec.get(field), &path.child(field));
        }
    }
    let namespace = reference.get("namespace").text();
    if !namespace.is_empty() && source.is_set() {
        let detail = "may not be specified when dataSourceRef.namespace is specified";
        check.errors.invalid(path, Bad::raw("{}".to_owned()), detail);
    } else if namespace.is_empty() && source.is_set() && reference.is_set() {
        let differs = |field: &str| !source.get(field).same(reference.get(field));
        if differs("apiGroup") || differs("kind") || differs("name") {
            check.errors.invalid(path, Bad::raw("{}".to_owned()), "must match dataSourceRef");
        }
    }
    if check.has(Feature::VolumeAttributesClass) {
        class_name(check, "volumeAttributesClassName");
    }
}

fn data_source(check: &mut Check, at: At<'_>, path: &Path) {
    for field in ["name", "kind"] {
        if at.get(field).text().is_empty() {
            check.errors.required(&path.child(field), "");
        }
    }
    let (group, kind) = (at.get("apiGroup").text(), at.get("kind").text());
    if group.is_empty() && kind != "PersistentVolumeClaim" {
        let detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
        check.errors.invalid(path, kind, detail);
    }
    if !group.is_empty() {
        check.errors.each(&path.child("apiGroup"), group, names::dns_subdomain(group));
    }
    let namespace = at.get("namespace").text();
    if !namespace.is_empty() {
        check.errors.each(&path.child("namespace"), namespace, names::dns_label(namespace));
    }
}

/// `spec.resourceClaims` of a Pod; gives back their names.
pub(super) fn devices<'p>(check: &mut Check, spec: At<'p>, annotations: At<'_>, path: &Path) -> BTreeSet<&'p str> {
    let mut known = BTreeSet::new();
    let claims = spec.get("resourceClaims");
    for (index, claim) in claims.items().enumerate() {
        let path = path.index(index);
        if annotations.has("kubernetes.io/config.mirror") {
            check.errors.forbidden(&Path::new("[]"), "static pods do not support resource claims");
            continue;
        }
        let name = claim.get("name").text();
        if name.is_empty() {
            check.errors.required(&path.child("name"), "");
        } else if known.contains(name) {
            check.errors.duplicate(&path.child("name"), name);
        } else {
            check.errors.each(&path.child("name"), name, names::dns_label(name));
            known.insert(name);
        }
        let fields = ["resourceClaimName", "resourceClaimTemplateName"];
        match fields.iter().filter(|field| claim.has(field)).count() {
            2 => {
                let detail = "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified";
                check.errors.invalid(&path, claim_value(claim), detail);
            }
            0 => {
                let detail = "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`";
                check.errors.invalid(&path, claim_value(claim), detail);
            }
            _ => {}
        }
        for field in fields {
            if let Some(name) = claim.get(field).opt_text() {
                check.errors.each(&path.child(field), name, names::dns_subdomain(name));
            }
        }
    }
    claims.items().map(|claim| claim.get("name").text()).filter(|name| !name.is_empty()).collect()
}

/// A claim as the server shows it: its internal type has other names.
fn claim_value(claim: At<'_>) -> Bad {
    let quoted = |field: &str| Bad::from(claim.get(field)).shown().to_owned();
    let name = super::error::quote(claim.get("name").text());
    let json = format!(
        "{{\"Name\":{name},\"ResourceClaimName\":{},\"ResourceClaimTemplateName\":{}}}",
        quoted("resourceClaimName"),
        quoted("resourceClaimTemplateName")
    );
    Bad::raw(json)
}
