//! Examples: one file each, `NN-id.yaml`. The first comment line is the title, the others say what to look at. The last one
//! may name the kind of picture in which that is seen: `# Picture: map`.

/// An example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// The digit that its file starts with: its group.
    pub digit: char,
    /// Unique, as in links.
    pub id: &'static str,
    /// The title.
    pub title: &'static str,
    /// What to look at, and what was repaired.
    pub about: &'static str,
    /// The kind of picture to begin with, as in `diagram::kinds`; empty where the usual one shows it.
    pub kind: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/gallery.rs"));

/// All examples, in the order in which they are offered. The first one is shown to newcomers.
#[must_use]
pub fn examples() -> &'static [Example] {
    EXAMPLES
}

/// The manifest of an example, with the comments that its title is made of.
#[must_use]
pub fn text(id: &str) -> Option<&'static str> {
    TEXTS.iter().find(|(known, _)| *known == id).map(|(_, text)| *text)
}

/// The example that newcomers see, with its manifest. The page has no other manifest in it.
#[must_use]
pub fn first() -> Option<(&'static Example, &'static str)> {
    EXAMPLES.first().map(|example| (example, FIRST))
}

/// Headings of the groups, by the first digit of the file names.
pub const GROUPS: &[(char, &str)] = &[
    ('1', "Logs"),
    ('2', "One application, four ways"),
    ('3', "Proxies and helpers"),
    ('4', "Native sidecars at work"),
    ('5', "Added by an injector"),
    ('6', "Operators and workflow engines"),
    ('7', "Other ways of writing"),
    ('8', "More than one Pod"),
];

/// The example of an id.
#[must_use]
pub fn example(id: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| example.id == id)
}
