//! What puts helpers into Pods when they are created: data of `injectors.yaml`, compiled into a table.

/// Where a key stands that switches an injector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A label of the Pod or its template.
    PodLabel,
    /// An annotation of the Pod or its template.
    PodAnnotation,
    /// An annotation of the workload itself.
    WorkloadAnnotation,
    /// A label of the namespace.
    NamespaceLabel,
    /// An annotation of the namespace.
    NamespaceAnnotation,
}

/// A key that switches an injector.
#[derive(Debug)]
pub struct Condition {
    /// Where it stands.
    pub place: Place,
    /// The key.
    pub key: &'static str,
    /// Its value; without one, anything but "false", "disabled" and "" will do.
    pub value: Option<&'static str>,
}

impl Condition {
    /// Whether a value fulfils it.
    #[must_use]
    pub fn holds(&self, value: &str) -> bool {
        match self.value {
            Some(wanted) => value.eq_ignore_ascii_case(wanted) || (wanted == "enabled" && value == "true"),
            None => !matches!(value, "" | "false" | "disabled"),
        }
    }
}

/// What puts a helper into Pods.
#[derive(Debug)]
pub struct Injector {
    /// Unique, kebab-case.
    pub id: &'static str,
    /// How people call it.
    pub name: &'static str,
    /// Id of the helper in the catalogue.
    pub helper: &'static str,
    /// Name of the container that it adds.
    pub container: &'static str,
    /// Name of the init container that it adds as well.
    pub init: Option<&'static str>,
    /// Any of these switches it on.
    pub on: &'static [Condition],
    /// Any of these switches it off, whatever else says.
    pub off: &'static [Condition],
    /// Any of these makes the helper a native sidecar.
    pub native_on: &'static [Condition],
    /// When else it is one.
    pub native: Option<&'static str>,
}

include!(concat!(env!("OUT_DIR"), "/injectors.rs"));

/// All injectors, by id.
#[must_use]
pub fn injectors() -> &'static [Injector] {
    INJECTORS
}

#[cfg(test)]
mod tests {
    use super::super::entry;
    use super::{Condition, INJECTORS, Place};

    #[test]
    fn each_injector_adds_a_known_helper() {
        for injector in INJECTORS {
            let helper =
                entry(injector.helper).unwrap_or_else(|| panic!("{}: no helper {}", injector.id, injector.helper));
            assert!(helper.category.is_some(), "{}", injector.id);
            assert!(!injector.on.is_empty(), "{}", injector.id);
        }
        assert!(INJECTORS.windows(2).all(|pair| pair[0].id < pair[1].id));
    }

    #[test]
    fn conditions_hold_as_the_injectors_read_them() {
        let any = Condition { place: Place::PodLabel, key: "k", value: None };
        assert!(any.holds("true") && any.holds("my-collector") && !any.holds("false") && !any.holds(""));
        let on = Condition { place: Place::PodLabel, key: "k", value: Some("enabled") };
        assert!(on.holds("enabled") && on.holds("true") && !on.holds("disabled"));
    }
}
