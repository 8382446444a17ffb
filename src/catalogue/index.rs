//! Which helpers are worth a closer look: a container is compared with a handful of them, not with all.

use super::{ENTRIES, Entry};

/// What the patterns of the catalogue start with, sorted.
type Keys = Vec<(&'static str, usize)>;

/// The patterns of the catalogue, sorted.
#[derive(Debug)]
pub struct Index {
    images: Keys,
    names: Keys,
    words: Keys,
    env: Keys,
}

impl Default for Index {
    fn default() -> Self {
        fn keys(of: fn(&Entry) -> &'static [&'static str], key: fn(&'static str) -> &'static str) -> Keys {
            let all = ENTRIES.iter().enumerate();
            let mut keys: Keys =
                all.flat_map(|(index, entry)| of(entry).iter().map(move |pattern| (key(pattern), index))).collect();
            keys.sort_unstable();
            keys
        }
        Self {
            images: keys(|entry| entry.images, last_part),
            names: keys(|entry| entry.names, start),
            words: keys(|entry| entry.words, |pattern| pattern.split(' ').next().unwrap_or_default()),
            env: keys(|entry| entry.env, start),
        }
    }
}

impl Index {
    /// Indices of all entries that an image, a name, words or variables may speak for, in their order. Some that turn out
    /// to be something else are among them.
    pub(super) fn candidates<'t>(
        &self,
        image: Option<&'t str>,
        name: Option<&'t str>,
        words: impl Iterator<Item = &'t str>,
        env: impl Iterator<Item = &'t str>,
    ) -> Vec<usize> {
        let mut found = Vec::new();
        image.into_iter().for_each(|image| starts_of(&self.images, image, &mut found));
        name.into_iter().for_each(|name| starts_of(&self.names, name, &mut found));
        for word in words {
            starts_of(&self.words, word, &mut found);
            let base = last_part(word);
            if base.len() < word.len() {
                starts_of(&self.words, base, &mut found);
            }
        }
        env.for_each(|name| starts_of(&self.env, name, &mut found));
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

fn start(pattern: &'static str) -> &'static str {
    pattern.strip_suffix('*').unwrap_or(pattern)
}

/// The entries of all keys that a text starts with. Whatever stands between such a key and the text in the order of keys
/// starts with the key as well, so from the nearest one on only what both have in common needs a look.
fn starts_of(keys: &Keys, text: &str, found: &mut Vec<usize>) {
    let (mut keys, mut text) = (keys.as_slice(), text);
    loop {
        let end = keys.partition_point(|(key, _)| *key <= text);
        let Some((nearest, _)) = end.checked_sub(1).and_then(|last| keys.get(last)) else { return };
        let common = nearest.bytes().zip(text.bytes()).take_while(|(one, other)| one == other).count();
        if common == nearest.len() {
            let first = keys.partition_point(|(key, _)| key < nearest);
            found.extend(keys.get(first..end).unwrap_or_default().iter().map(|(_, entry)| *entry));
            keys = keys.get(..first).unwrap_or_default();
        } else {
            keys = keys.get(..end).unwrap_or_default();
            // In the middle of a character nothing is in common but what stands before it.
            text = (0..=common).rev().find_map(|at| text.get(..at)).unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Index, starts_of};

    fn starts(keys: &[&'static str], text: &str) -> Vec<usize> {
        let mut keys: Vec<_> = keys.iter().enumerate().map(|(index, key)| (*key, index)).collect();
        keys.sort_unstable();
        let mut found = Vec::new();
        starts_of(&keys, text, &mut found);
        found.sort_unstable();
        found
    }

    #[test]
    fn all_keys_that_a_text_starts_with_are_found() {
        let keys = ["--up", "--upstream=", "--upstream-url=", "a", "--up", "é", "--uz", ""];
        assert_eq!(starts(&keys, "--upstream=http://x"), [0, 1, 4, 7]);
        assert_eq!(starts(&keys, "--upper"), [0, 4, 7]);
        assert_eq!(starts(&keys, "--u"), [7]);
        assert_eq!(starts(&keys, "ê"), [7]);
        assert_eq!(starts(&keys, "éa"), [5, 7]);
        assert_eq!(starts(&["b"], "a"), [0; 0]);
    }

    #[test]
    fn each_pattern_leads_to_its_entry() {
        let index = Index::default();
        let none = || std::iter::empty::<&str>();
        for (number, entry) in super::ENTRIES.iter().enumerate() {
            for image in entry.images {
                let image = image.rsplit('/').next();
                assert!(index.candidates(image, None, none(), none()).contains(&number), "{image:?}");
            }
            for name in entry.names {
                assert!(index.candidates(None, Some(name), none(), none()).contains(&number), "{name}");
            }
            for words in entry.words {
                let first = words.split(' ').take(1);
                assert!(index.candidates(None, None, first, none()).contains(&number), "{words}");
            }
            for variable in entry.env {
                assert!(
                    index.candidates(None, None, none(), std::iter::once(*variable)).contains(&number),
                    "{variable}"
                );
            }
        }
    }
}
