//! Lessons, which come in links too: what they say leads nowhere but into the site or out over HTTPS, and what was read can
//! be written and read again. The first line is goals, for the manifest behind it.

use super::split;
use sidecar_playground::lesson::prose::{Block, addresses, blocks};
use sidecar_playground::lesson::{Folder, Look, goal, read, show, write};
use sidecar_playground::link;

pub fn run(text: &str) {
    leads_nowhere_else(&blocks(text));
    let (folder, troubles) = Folder::from_json(text);
    assert_eq!(Folder::from_json(&folder.to_json()).0, folder);
    let (draft, odd) = read(&folder);
    let (lesson, _) = show(&draft);
    for step in &lesson.steps {
        leads_nowhere_else(&step.text);
        leads_nowhere_else(&step.notes);
        step.hints.iter().for_each(|hint| leads_nowhere_else(hint));
    }
    if troubles.is_empty() && odd.is_empty() {
        assert_eq!(read(&write(&draft)).0, draft);
    }
    if let Some(written) = link::write_lesson(text) {
        assert_eq!(link::read_lesson(&written).as_deref(), Ok(text));
        assert!(link::read(&written).is_err(), "a lesson is no manifest");
    }
    let (goals, manifest) = split(text);
    let goals: Vec<String> = goals.split(';').take(5).map(str::to_owned).collect();
    let held = goal::check(manifest, &goals, &Look::default());
    assert_eq!(held.len(), goals.len());
    assert!(held.iter().all(|held| !held.sentence.is_empty() || !held.holds), "{held:?}");
}

fn leads_nowhere_else(blocks: &[Block]) {
    for address in addresses(blocks) {
        assert!(address.starts_with("https://") || address.starts_with("#/"), "{address}");
        assert!(!address.contains(|c: char| c.is_whitespace() || c.is_control()), "{address}");
    }
}
