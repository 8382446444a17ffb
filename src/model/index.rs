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

#[cfg(test)]
mod tests {
    use crate::model::{Model, Object, Relates};
    use crate::{Options, understand};

    fn objects(text: &str) -> Vec<Object> {
        understand(text, &Options::default()).model.objects
    }

    /// What is found is what a look at all objects finds.
    fn check(model: &Model) {
        let all = || model.objects.iter().enumerate();
        let label = ("app".to_owned(), "a".to_owned());
        let selects = |object: &Object| matches!(&object.relates, Relates::Service { selector, .. } if selector.first() == Some(&label));
        let services: Vec<usize> = all().filter(|(_, object)| selects(object)).map(|(index, _)| index).collect();
        assert_eq!(model.services_near(&vec![("x".to_owned(), "y".to_owned()), label.clone()]), services);
        let relating: Vec<usize> =
            all().filter(|(_, one)| one.relates != Relates::Nothing).map(|(index, _)| index).collect();
        assert_eq!(model.relating().map(|(index, _)| index).collect::<Vec<_>>(), relating);
        let namespaces = all().filter(|(_, one)| one.kind.as_deref() == Some("Namespace")).count();
        assert_eq!(model.namespaces("default").count(), namespaces);
        let scalers = all().filter(|(_, one)| matches!(one.relates, Relates::Targets { .. })).count();
        assert_eq!(model.targeting("Deployment", "web").count(), scalers);
    }

    #[test]
    fn objects_are_found_wherever_they_have_moved() {
        let all = objects(
            "kind: Service\nspec: { selector: { app: a } }\n---\nkind: Namespace\nmetadata: { name: default }\n---\nkind: Pod\n---\nkind: Service\nspec: { selector: { app: b } }\n---\nkind: HorizontalPodAutoscaler\nspec: { scaleTargetRef: { kind: Deployment, name: web } }\n---\nkind: Service\nspec: { selector: { app: a } }\n",
        );
        for start in 0..=all.len() {
            for end in start..=all.len() {
                for count in 0..=all.len() {
                    let mut model = Model::default();
                    all.iter().for_each(|object| model.add(object.clone()));
                    check(&model);
                    model.replace(start..end, all.iter().rev().take(count).cloned().collect());
                    check(&model);
                }
            }
        }
    }
}
