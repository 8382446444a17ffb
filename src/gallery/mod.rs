//! Examples: one file each, `NN-id.yaml`. The first comment line is the title, the others say what to look at.

/// An example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// Unique, as in links.
    pub id: &'static str,
    /// The title.
    pub title: &'static str,
    /// What to look at, and what was repaired.
    pub about: &'static str,
    /// The manifest, with the comments that the other fields are made of.
    pub text: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/gallery.rs"));

/// All examples, in the order in which they are offered. The first one is shown to newcomers.
#[must_use]
pub fn examples() -> &'static [Example] {
    EXAMPLES
}

/// The example of an id.
#[must_use]
pub fn example(id: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| example.id == id)
}
