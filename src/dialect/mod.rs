//! Documents → model. One file per dialect; which one a document is written in is seen, never asked.

mod compose;
mod container;
mod job;
mod kubernetes;
mod pod_spec;
mod relates;

use crate::model::{Located, Model, Pairs};
use crate::source::{Document, Source, Value};

/// Reads all documents of a source.
#[must_use]
pub fn understand(source: &Source) -> Model {
    let mut model = Model::default();
    for (index, document) in source.documents.iter().enumerate() {
        read(u32::try_from(index).unwrap_or(u32::MAX), document, &mut model);
    }
    model
}

/// Reads the document of an index and adds what it holds to a model.
pub fn read(index: u32, document: &Document, model: &mut Model) {
    let Some(root) = document.root() else { return };
    if compose::is_compose(root) {
        compose::read(index, root, model);
    } else {
        kubernetes::read(index, document.is_embedded, root, model);
    }
}

/// The text of a key, unless it is null.
fn text_of(value: Value<'_>, key: &str) -> Option<String> {
    let value = value.get(key)?;
    if value.is_null() { None } else { value.text().map(str::to_owned) }
}

fn located(value: Value<'_>) -> Option<Located<String>> {
    if value.is_null() {
        return None;
    }
    value.text().map(|text| Located { value: text.to_owned(), node: value.id() })
}

fn located_at(value: Value<'_>, key: &str) -> Option<Located<String>> {
    located(value.get(key)?)
}

fn int_at(value: Value<'_>, key: &str) -> Option<i64> {
    value.get(key)?.int()
}

fn bool_at(value: Value<'_>, key: &str) -> bool {
    value.get(key).and_then(Value::bool).unwrap_or_default()
}

/// A mapping of texts, in its order; entries whose value is no scalar are left out.
fn pairs_of(value: Option<Value<'_>>) -> Pairs {
    let Some(value) = value else { return Pairs::new() };
    let entries = value.entries().into_iter();
    entries.filter_map(|entry| Some((entry.key.to_owned(), entry.value.text()?.to_owned()))).collect()
}
