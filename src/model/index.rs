//! Which objects have a say in a workload, found without looking at all of them: a text holds thousands of both.

use super::{Object, Relates};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

/// What objects are looked for by.
#[derive(Clone, Copy, Hash)]
pub(super) enum Key<'k> {
    /// Services, by the first label that they select by.
    Label(&'k str, &'k str),
    /// What is about another object, by the kind and the name of that.
    Target(&'k str, &'k str),
    /// Namespaces, by name.
    Namespace(&'k str),
}

/// Where objects stand, by hashes of their keys: whoever asks looks at the few that are found.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    places: BTreeMap<u64, Vec<usize>>,
    /// All that relate to others in any way.
    relating: Vec<usize>,
}

impl<'k> Key<'k> {
    /// What an object is looked for by.
    fn of(object: &'k Object) -> Option<Self> {
        match &object.relates {
            Relates::Service { selector, .. } => selector.first().map(|(key, value)| Self::Label(key, value)),
            Relates::Targets { kind, name, .. } => Some(Self::Target(kind, name)),
            _ if object.kind.as_deref() == Some("Namespace") => object.name.as_deref().map(Self::Namespace),
            _ => None,
        }
    }

    fn hash(self) -> u64 {
        let mut hasher = DefaultHasher::new();
        Hash::hash(&self, &mut hasher);
        hasher.finish()
    }
}

impl Index {
    /// Indices of the objects that may have a key, in the order of the text.
    pub(super) fn find(&self, key: Key<'_>) -> &[usize] {
        self.places.get(&key.hash()).map_or(&[], Vec::as_slice)
    }

    /// Indices of the objects that relate to others in any way, in the order of the text.
    pub(super) fn relating(&self) -> &[usize] {
        &self.relating
    }

    /// Some objects are gone, and so many others stand in their place.
    pub(super) fn forget(&mut self, old: &Range<usize>, new: usize) {
        let go = |places: &mut Vec<usize>| {
            places.retain(|place| !old.contains(place));
            let behind = places.partition_point(|place| *place < old.start);
            let behind = places.get_mut(behind..).unwrap_or_default();
            behind.iter_mut().for_each(|place| *place = *place + new - old.len());
        };
        go(&mut self.relating);
        self.places.retain(|_, places| {
            go(places);
            !places.is_empty()
        });
    }

    /// An object stands at a place.
    pub(super) fn learn(&mut self, place: usize, object: &Object) {
        let put = |places: &mut Vec<usize>| places.insert(places.partition_point(|known| *known < place), place);
        if object.relates != Relates::Nothing {
            put(&mut self.relating);
        }
        if let Some(key) = Key::of(object) {
            put(self.places.entry(key.hash()).or_default());
        }
    }
}
