//! Which known helper a container is.

use super::{ENTRIES, Entry, Index, Runs};
use crate::model::{Container, ContainerField, Image};
use crate::source::NodeId;

/// What spoke for an entry, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clue {
    /// The image is one of its images.
    Image(NodeId),
    /// The last part of the image is that of one of its images, as in a private build.
    ImageName(NodeId),
    /// The name is a usual name of it.
    Name(NodeId),
    /// The name is one that others use as well.
    WeakName(NodeId),
    /// A telling word of the command line.
    Word(String, NodeId),
    /// A telling port.
    Port(i64, NodeId),
    /// A telling environment variable.
    Env(String, NodeId),
}

impl Clue {
    fn weight(&self, entry: &Entry) -> u8 {
        match self {
            Self::Image(_) if entry.is_generic => 2,
            Self::Image(_) => 8,
            Self::ImageName(_) => 4,
            Self::Name(_) => 5,
            Self::Word(..) => 3,
            Self::Env(..) => 3,
            Self::WeakName(_) | Self::Port(..) => 1,
        }
    }
}

/// A known helper that a container seems to be.
#[derive(Clone, Debug)]
pub struct Match {
    /// The helper.
    pub entry: &'static Entry,
    /// Why.
    pub clues: Vec<Clue>,
    /// Sum of the weights of the clues; 5 and more is a match to rely on.
    pub weight: u8,
}

impl Match {
    /// Whether the image itself tells.
    #[must_use]
    pub fn is_by_image(&self) -> bool {
        !self.entry.is_generic && self.clues.iter().any(|clue| matches!(clue, Clue::Image(_)))
    }
}

/// Words of a command line that are looked at; scripts longer than this tell nothing new.
const MAX_WORDS: usize = 500;

/// The least weight of a match: one telling clue, or a common image confirmed by something else.
const LEAST: u8 = 3;

/// The best match for a container, if any is good enough.
#[must_use]
pub fn find(container: &Container, index: &Index) -> Option<Match> {
    let parts = container.image.as_ref().map(|image| (parts(&image.value), image.node));
    let words = command_words(container);
    let candidates = index.candidates(
        parts.as_ref().and_then(|(parts, _)| parts.first().copied()),
        container.name.as_ref().map(|name| name.value.as_str()),
        words.iter().map(|(word, _)| *word),
        container.env.iter().map(|variable| variable.name.as_str()),
    );
    let mut best: Option<((u8, usize), Match)> = None;
    for entry in candidates.into_iter().filter_map(|number| ENTRIES.get(number)) {
        let mut clues = Vec::new();
        let mut exactness = 0;
        if let Some((parts, node)) = &parts {
            exactness = entry
                .images
                .iter()
                .filter(|pattern| is_suffix(pattern, parts))
                .map(|pattern| pattern.len())
                .max()
                .unwrap_or(0);
            if exactness > 0 {
                clues.push(Clue::Image(*node));
            } else if !entry.is_generic && entry.images.iter().any(|pattern| has_same_name(pattern, parts)) {
                clues.push(Clue::ImageName(*node));
            }
        }
        if let Some(name) = &container.name {
            if entry.names.iter().any(|pattern| fits(pattern, &name.value)) {
                clues.push(Clue::Name(name.node));
            } else if entry.weak_names.contains(&name.value.as_str()) {
                clues.push(Clue::WeakName(name.node));
            }
        }
        add_confirming(entry, container, &words, &mut clues);
        let only_weak = clues.iter().all(|clue| matches!(clue, Clue::WeakName(_) | Clue::Port(..)));
        let weight = clues.iter().map(|clue| clue.weight(entry)).fold(0, u8::saturating_add);
        if only_weak || weight < LEAST {
            continue;
        }
        // Of equal matches the one by the longer pattern, and the one that runs as this container does.
        let fits_place = (entry.runs == Runs::Init)
            == (container.field == ContainerField::InitContainers && !container.is_native_sidecar());
        let rank = (weight + if fits_place { 2 } else { 0 }, exactness);
        if best.as_ref().is_none_or(|(known, _)| rank > *known) {
            best = Some((rank, Match { entry, clues, weight }));
        }
    }
    best.map(|(_, found)| found)
}

fn add_confirming(entry: &Entry, container: &Container, words: &[(&str, NodeId)], clues: &mut Vec<Clue>) {
    let telling = entry.words.iter().filter_map(|word| {
        let node = find_word(words, word)?;
        Some(Clue::Word((*word).to_owned(), node))
    });
    clues.extend(telling.take(2));
    let env = container.env.iter().find(|variable| entry.env.iter().any(|pattern| fits(pattern, &variable.name)));
    clues.extend(env.map(|variable| Clue::Env(variable.name.clone(), variable.node)));
    let port = container.ports.iter().find(|port| entry.ports.contains(&port.port));
    clues.extend(port.map(|port| Clue::Port(port.port, port.node)));
}

/// Where the command line has a word, or the consecutive words, of a pattern. A pattern ending in anything but a letter
/// or digit, or starting with `-`, also fits the start of a word: `--upstream` fits `--upstream=http://…`.
fn find_word(words: &[(&str, NodeId)], pattern: &str) -> Option<NodeId> {
    let is_flag = |pattern: &str| pattern.starts_with('-') || !pattern.ends_with(|c: char| c.is_ascii_alphanumeric());
    let fits_word = |word: &str, pattern: &str| {
        let base = word.rsplit('/').next().unwrap_or_default();
        word == pattern || base == pattern || (is_flag(pattern) && word.starts_with(pattern))
    };
    let wanted = pattern.split(' ');
    words
        .windows(wanted.clone().count())
        .find(|window| window.iter().zip(wanted.clone()).all(|((word, _), pattern)| fits_word(word, pattern)))
        .and_then(|window| window.first().map(|(_, node)| *node))
}

/// The words of the command line, those inside shell scripts one by one.
fn command_words(container: &Container) -> Vec<(&str, NodeId)> {
    let words = container.words().flat_map(|word| word.value.split_whitespace().map(|part| (part, word.node)));
    words.take(MAX_WORDS).collect()
}

/// `*` at the end of a pattern stands for anything.
fn fits(pattern: &str, text: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == text, |start| text.starts_with(start))
}

/// The parts of registry and repository, the last one first.
fn parts(image: &Image) -> Vec<&str> {
    image.repository.rsplit('/').chain(image.registry.as_deref()).collect()
}

fn is_suffix(pattern: &str, parts: &[&str]) -> bool {
    let mut wanted = pattern.rsplit('/');
    let mut given = parts.iter();
    wanted.all(|part| given.next() == Some(&part))
}

/// Last parts of repositories that too many images have.
const COMMON_NAMES: &[&str] = &[
    "agent",
    "app",
    "auto",
    "client",
    "controller",
    "gateway",
    "init",
    "manager",
    "operator",
    "proxy",
    "server",
    "sidecar",
    "tools",
];

/// Whether the last parts are the same, and telling.
fn has_same_name(pattern: &str, parts: &[&str]) -> bool {
    let name = pattern.rsplit('/').next().unwrap_or_default();
    name.len() >= 6 && !COMMON_NAMES.contains(&name) && parts.first() == Some(&name)
}

/// Flags and variables by which a helper does its work once and ends.
const ONCE: &[&str] = &["--one-time", "--onetime", "--once", "--oneshot", "--exit-after", "-one-time", "-once"];
const ONCE_ENV: &[(&str, &str)] = &[("GITSYNC_ONE_TIME", "true"), ("GIT_SYNC_ONE_TIME", "true"), ("METHOD", "LIST")];

/// Helpers that also run before an app, but only when they are told to do their work once.
const GO_ON: &[&str] = &["git-sync", "kiwigrid-k8s-sidecar"];

/// Whether a helper goes on until it is stopped, as this container runs it.
#[must_use]
pub fn goes_on(entry: &Entry, container: &Container) -> bool {
    (entry.runs == Runs::Sidecar || GO_ON.contains(&entry.id)) && once(container).is_none()
}

/// The word that makes a container do its work once, and where it stands.
#[must_use]
pub fn once(container: &Container) -> Option<(String, NodeId)> {
    let is_once = |text: &str| {
        let (flag, value) = text.split_once('=').unwrap_or((text, "true"));
        ONCE.contains(&flag) && value != "false"
    };
    let flag = container.words().find(|word| is_once(&word.value)).map(|word| (word.value.clone(), word.node));
    let is_set = |name: &str, value: Option<&str>| ONCE_ENV.iter().any(|(own, set)| *own == name && value == Some(set));
    flag.or_else(|| {
        let mut variables = container.env.iter();
        let variable = variables.find(|variable| is_set(&variable.name, variable.value.as_deref()))?;
        Some((variable.name.clone(), variable.node))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{ABOUTS, ENTRIES, Runs};
    use super::{is_suffix, parts};
    use crate::model::Image;

    fn is_it(pattern: &str, image: &str) -> bool {
        is_suffix(pattern, &parts(&Image::parse(image)))
    }

    #[test]
    fn images_match_by_whole_parts_from_the_end() {
        assert!(is_it("istio/proxyv2", "docker.io/istio/proxyv2:1.23"));
        assert!(is_it("istio/proxyv2", "registry:5000/mirror/istio/proxyv2@sha256:abc"));
        assert!(is_it("registry.k8s.io/kubectl", "registry.k8s.io/kubectl:v1.30"));
        assert!(!is_it("istio/proxyv2", "acme/proxyv2"));
        assert!(!is_it("istio/proxyv2", "istio/proxyv2-debug"));
        assert!(!is_it("fluentd", "not-fluentd"));
    }

    #[test]
    fn each_entry_is_proven_by_an_image_and_a_look_alike() {
        assert_eq!(ENTRIES.len(), ABOUTS.len());
        for (entry, about) in ENTRIES.iter().zip(ABOUTS).filter(|(entry, _)| !entry.images.is_empty()) {
            assert_eq!(entry.id, about.id);
            let (is, is_not) = about.proof.unwrap_or_else(|| panic!("{} has no proof", entry.id));
            assert!(entry.images.iter().any(|pattern| is_it(pattern, is)), "{}: {is}", entry.id);
            assert!(!entry.images.iter().any(|pattern| is_it(pattern, is_not)), "{}: {is_not}", entry.id);
        }
    }

    #[test]
    fn entries_are_sorted_unique_and_have_what_they_need() {
        for pair in ABOUTS.windows(2) {
            let [a, b] = pair else { continue };
            assert!((a.family, a.id) < (b.family, b.id), "{} before {}", a.id, b.id);
        }
        let mut ids: Vec<_> = ENTRIES.iter().map(|entry| entry.id).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count, "an id is used twice");
        for entry in ENTRIES {
            let helps = matches!(entry.runs, Runs::Sidecar | Runs::Either);
            assert_eq!(entry.category.is_some(), helps, "{}: a category belongs to what runs beside an app", entry.id);
            let summary = super::super::summary(entry.id);
            assert!(summary.ends_with('.') && summary.chars().count() <= 160, "{}: summary", entry.id);
            assert!(!entry.images.is_empty() || !entry.names.is_empty() || !entry.words.is_empty(), "{}", entry.id);
        }
    }

    #[test]
    fn two_entries_share_an_image_only_when_something_else_tells_them_apart() {
        for (index, a) in ENTRIES.iter().enumerate() {
            for b in ENTRIES.iter().skip(index + 1) {
                let shares = a.images.iter().any(|pattern| b.images.contains(pattern));
                let told_apart = |entry: &super::Entry| {
                    !entry.names.is_empty() || !entry.weak_names.is_empty() || !entry.words.is_empty()
                };
                assert!(!shares || (told_apart(a) && told_apart(b)), "{} and {}", a.id, b.id);
            }
        }
    }
}
