//! What one part of the vectors gave.

use serde_json::Value;
use std::path::Path;

/// The results of one part of a file.
pub(crate) struct Section {
    /// File and part.
    pub(crate) name: &'static str,
    /// How many cases passed.
    pub(crate) passed: usize,
    /// Ids of those that did not, and why.
    pub(crate) failed: Vec<(String, String)>,
}

impl Section {
    /// Counts results by their ids.
    pub(crate) fn of(name: &'static str, results: impl IntoIterator<Item = (String, Result<(), String>)>) -> Self {
        let mut section = Self { name, passed: 0, failed: Vec::new() };
        for (id, result) in results {
            match result {
                Ok(()) => section.passed += 1,
                Err(why) => section.failed.push((id, why)),
            }
        }
        section
    }
}

/// A file of vectors; none when the folder has no such file.
pub(crate) fn load(folder: &Path, file: &str) -> Option<Value> {
    let text = std::fs::read_to_string(folder.join(file)).ok()?;
    Some(serde_json::from_str(&text).expect("vectors are JSON"))
}

/// The items of a list; none when it is not there.
pub(crate) fn items<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}
