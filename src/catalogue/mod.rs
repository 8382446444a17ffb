//! Known helpers, as data: one block each in `data/<family>.yaml`, compiled into a table.
//!
//! An entry is found by its image first. Names, arguments, ports and environment variables confirm it, or find it when
//! the image is a private build.

mod find;
mod index;
pub mod injectors;

pub use find::{Clue, Match, find, goes_on, once};
pub use index::Index;

use crate::category::Category;

/// How a helper runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// Beside an app, as long as the app.
    Sidecar,
    /// Beside an app, or once before it.
    Either,
    /// Once, before the app.
    Init,
    /// By itself: it is an app, however much it looks like a helper.
    Alone,
}

/// Whether the same image is also the app of a Pod of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alone {
    /// It would be pointless.
    Never,
    /// As a gateway, a node agent or the like.
    Sometimes,
    /// More often than beside an app.
    Usually,
}

/// A known helper: how to find it.
#[derive(Debug)]
pub struct Entry {
    /// Unique, kebab-case, never reused.
    pub id: &'static str,
    /// How people call it.
    pub name: &'static str,
    /// What it does for the app; none for init containers and apps.
    pub category: Option<Category>,
    /// How it runs.
    pub runs: Runs,
    /// Whether it also runs by itself.
    pub alone: Alone,
    /// Last parts of its image repositories.
    pub images: &'static [&'static str],
    /// Whether those images say nothing by themselves, such as `busybox`.
    pub is_generic: bool,
    /// Usual container names; `*` at the end stands for anything.
    pub names: &'static [&'static str],
    /// Usual names that others use as well.
    pub weak_names: &'static [&'static str],
    /// Telling words of its command line.
    pub words: &'static [&'static str],
    /// Telling ports.
    pub ports: &'static [i64],
    /// Telling environment variables; `*` at the end stands for anything.
    pub env: &'static [&'static str],
}

/// What there is to read about a known helper. A table of its own: finding helpers does not need it.
#[derive(Debug)]
pub struct About {
    /// The [`Entry`] it is about.
    pub id: &'static str,
    /// The file it stands in: `log-shipper`.
    pub family: &'static str,
    /// What it does, one sentence.
    pub summary: &'static str,
    /// Who makes it.
    pub project: &'static str,
    /// Name of the documentation to look for.
    pub docs: Option<&'static str>,
    /// What puts it into Pods.
    pub injected_by: Option<&'static str>,
    /// Since when, and how, it can be a native sidecar.
    pub native: Option<&'static str>,
    /// Where this knowledge comes from.
    pub source: Option<&'static str>,
    /// An image that is it, and one that only looks like it.
    pub proof: Option<(&'static str, &'static str)>,
}

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// All entries, by family and id.
#[must_use]
pub fn entries() -> &'static [Entry] {
    ENTRIES
}

/// The entry of an id.
#[must_use]
pub fn entry(id: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.id == id)
}

/// What the helper of an id does, one sentence.
#[must_use]
pub fn summary(id: &str) -> &'static str {
    ABOUTS.iter().find(|about| about.id == id).map_or("", |about| about.summary)
}

/// What there is to read about each entry, in the same order.
#[must_use]
pub fn abouts() -> &'static [About] {
    ABOUTS
}
