//! Turns the project's own YAML data into tables that are compiled in, so that nothing has to be read at run time.

use serde::Deserialize;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, error::Error, fs};

#[path = "app/words/build.rs"]
mod words;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    name: String,
    project: String,
    category: Option<String>,
    runs: String,
    alone: String,
    summary: String,
    docs: Option<String>,
    #[serde(default)]
    images: Vec<String>,
    #[serde(default)]
    generic: bool,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    weak_names: Vec<String>,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    ports: Vec<i64>,
    #[serde(default)]
    env: Vec<String>,
    injected_by: Option<String>,
    native: Option<String>,
    source: Option<String>,
    proof: Option<Proof>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Injector {
    id: String,
    name: String,
    helper: String,
    container: String,
    init: Option<String>,
    on: Vec<Condition>,
    off: Vec<Condition>,
    native_on: Vec<Condition>,
    native: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Condition {
    r#where: String,
    key: String,
    value: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Proof {
    is: String,
    is_not: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    println!("cargo::rerun-if-changed=src/build.rs");
    fs::write(out.join("catalogue.rs"), catalogue(&root.join("src/catalogue/data"))?)?;
    fs::write(out.join("injectors.rs"), injectors(&root.join("src/catalogue/injectors.yaml"))?)?;
    fs::write(out.join("gallery.rs"), gallery(&root.join("src/gallery"))?)?;
    fs::write(out.join("words.rs"), words::words(&root.join("src/app/words"))?)?;
    Ok(())
}

/// The YAML files of a folder, sorted by name.
fn yaml_files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    Ok(files)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Two tables in the same order: what finds a helper, and what there is to read about it.
fn catalogue(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut entries = String::from("pub(super) static ENTRIES: &[Entry] = &[\n");
    let mut abouts = String::from("pub(super) static ABOUTS: &[About] = &[\n");
    for file in yaml_files(folder)? {
        let list: Vec<Entry> = serde_yaml::from_str(&fs::read_to_string(&file)?)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        let family = stem(&file);
        for entry in list {
            let Entry {
                id, name, project, summary, docs, images, generic, names, weak_names, words, ports, env, ..
            } = &entry;
            let Entry { injected_by, native, source, .. } = &entry;
            let category =
                entry.category.as_ref().map_or("None".to_owned(), |id| format!("Some(Category::{})", pascal(id)));
            let (runs, alone) = (pascal(&entry.runs), pascal(&entry.alone));
            writeln!(
                entries,
                "Entry {{ id: {id:?}, name: {name:?}, category: {category}, runs: Runs::{runs}, \
                 alone: Alone::{alone}, images: &{images:?}, is_generic: {generic}, names: &{names:?}, \
                 weak_names: &{weak_names:?}, words: &{words:?}, ports: &{ports:?}, env: &{env:?} }},"
            )?;
            let proof = entry.proof.as_ref().map(|proof| (&proof.is, &proof.is_not));
            writeln!(
                abouts,
                "About {{ id: {id:?}, family: {family:?}, summary: {summary:?}, project: {project:?}, docs: {docs:?}, \
                 injected_by: {injected_by:?}, native: {native:?}, source: {source:?}, proof: {proof:?} }},"
            )?;
        }
    }
    Ok(entries + "];\n" + &abouts + "];\n")
}

fn injectors(file: &Path) -> Result<String, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", file.display());
    let list: Vec<Injector> = serde_yaml::from_str(&fs::read_to_string(file)?)?;
    let conditions = |list: &[Condition]| -> String {
        let one = |condition: &Condition| {
            let Condition { r#where, key, value } = condition;
            format!("Condition {{ place: Place::{}, key: {key:?}, value: {value:?} }}", pascal(r#where))
        };
        format!("&[{}]", list.iter().map(one).collect::<Vec<_>>().join(", "))
    };
    let mut code = String::from("pub(super) static INJECTORS: &[Injector] = &[\n");
    for injector in &list {
        let Injector { id, name, helper, container, init, native, .. } = injector;
        let (on, off, native_on) =
            (conditions(&injector.on), conditions(&injector.off), conditions(&injector.native_on));
        writeln!(
            code,
            "Injector {{ id: {id:?}, name: {name:?}, helper: {helper:?}, container: {container:?}, init: {init:?}, \
             on: {on}, off: {off}, native_on: {native_on}, native: {native:?} }},"
        )?;
    }
    code.push_str("];\n");
    Ok(code)
}

/// Examples: `NN-id.yaml`, whose first comment line is the title and whose further ones say what it shows. Titles and
/// manifests are tables of their own, for whoever needs only one of them.
/// Begins the last comment line of an example that says most in another kind of picture than the usual one.
const PICTURE: &str = "Picture: ";

fn gallery(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut examples = String::from("pub(super) static EXAMPLES: &[Example] = &[\n");
    let mut texts = String::from("pub(super) static TEXTS: &[(&str, &str)] = &[\n");
    let files = yaml_files(folder)?;
    for file in &files {
        let text = fs::read_to_string(file)?;
        let lines = text.lines().map_while(|line| line.strip_prefix('#'));
        let comments: Vec<&str> = lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
        let Some((title, about)) = comments.split_first() else {
            return Err(format!("{}: an example starts with a comment: its title", file.display()).into());
        };
        let name = stem(file);
        let digit = name.chars().next().unwrap_or('0');
        let id = name.split_once('-').map_or(name.as_str(), |(_, id)| id);
        let (about, kind) = match about.split_last() {
            Some((last, about)) if last.starts_with(PICTURE) => (about, last.trim_start_matches(PICTURE)),
            _ => (about, ""),
        };
        let about = about.join(" ");
        let about = about.trim();
        writeln!(
            examples,
            "Example {{ digit: {digit:?}, id: {id:?}, title: {title:?}, about: {about:?}, kind: {kind:?} }},"
        )?;
        writeln!(texts, "({id:?}, include_str!({:?})),", file.to_string_lossy())?;
    }
    let first = files.first().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(format!("{examples}];\n{texts}];\npub(super) const FIRST: &str = include_str!({first:?});\n"))
}

fn pascal(id: &str) -> String {
    id.split('-')
        .map(|part| part.split_at_checked(1).map_or(String::new(), |(first, rest)| first.to_uppercase() + rest))
        .collect()
}
