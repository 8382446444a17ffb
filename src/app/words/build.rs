//! Turns the words of the page into a table, at build time, and compares the languages.

use serde_yaml::Mapping;
use std::fmt::Write as _;
use std::path::Path;
use std::{error::Error, fs};

/// A constant for each key of `en.yaml`, with the number of its placeholders, and the English words in the same order.
pub(crate) fn words(folder: &Path) -> Result<String, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let english = read(&folder.join("en.yaml"))?;
    let german = read(&folder.join("de.yaml"))?;
    let mut wrong = Vec::new();
    for (key, text) in &english {
        let Some((_, other)) = german.iter().find(|(known, _)| known == key) else {
            wrong.push(format!("de.yaml misses {key}"));
            continue;
        };
        let (mut own, mut others) = (placeholders(text), placeholders(other));
        own.sort_unstable();
        others.sort_unstable();
        if own != others {
            wrong.push(format!("{key} has the placeholders {own:?} in English and {others:?} in German"));
        }
    }
    let more = german.iter().filter(|(key, _)| english.iter().all(|(known, _)| known != key));
    wrong.extend(more.map(|(key, _)| format!("de.yaml has {key}, which en.yaml has not")));
    if !wrong.is_empty() {
        return Err(wrong.join("; ").into());
    }
    let mut constants = String::new();
    let mut table = String::new();
    for (index, (key, text)) in english.iter().enumerate() {
        let names = placeholders(text);
        let mut numbered = text.clone();
        for (place, name) in names.iter().enumerate() {
            numbered = numbered.replace(&format!("{{{name}}}"), &format!("{{{place}}}"));
        }
        let name = key.replace(['.', '-'], "_").to_ascii_uppercase();
        writeln!(constants, "pub(crate) const {name}: Word<{}> = Word({index});", names.len())?;
        writeln!(table, "{numbered:?},")?;
    }
    Ok(format!(
        "/// All words.\npub(crate) mod w {{\nuse super::Word;\n{constants}}}\nstatic ENGLISH: &[&str] = &[\n{table}];\n"
    ))
}

/// `group.key` and text, in the order of the file.
fn read(file: &Path) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let groups: Mapping = serde_yaml::from_str(&fs::read_to_string(file)?)?;
    let mut all = Vec::new();
    for (group, words) in groups {
        let group: String = serde_yaml::from_value(group)?;
        let words: Mapping = serde_yaml::from_value(words).map_err(|error| format!("{group}: {error}"))?;
        for (key, text) in words {
            let key: String = serde_yaml::from_value(key)?;
            let text = serde_yaml::from_value(text).map_err(|error| format!("{group}.{key}: {error}"))?;
            all.push((format!("{group}.{key}"), text));
        }
    }
    Ok(all)
}

/// The names between braces, in the order in which they appear.
fn placeholders(text: &str) -> Vec<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}
