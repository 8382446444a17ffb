//! Looks at the folder of a lesson: what is not as it should be, which goals hold, what the answers are.

use sidecar_playground::lesson::{Folder, StepFiles, goal, prose, read, show};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Reads the folder of a lesson.
pub(crate) fn folder(path: &Path) -> std::io::Result<Folder> {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut folder = Folder {
        id: name(&fs::canonicalize(path)?),
        lesson: fs::read_to_string(path.join("lesson.yaml"))?,
        steps: Vec::new(),
    };
    let mut steps: Vec<PathBuf> =
        fs::read_dir(path)?.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    steps.retain(|path| path.is_dir());
    steps.sort();
    for path in steps {
        let own = name(&path);
        let id = own.split_once('-').map_or(own.as_str(), |(_, id)| id).to_owned();
        let mut files = StepFiles { id, ..StepFiles::default() };
        for entry in fs::read_dir(&path)? {
            let file = entry?.path();
            files.put(&name(&file), fs::read_to_string(&file)?);
        }
        folder.steps.push(files);
    }
    Ok(folder)
}

/// What there is to say of a lesson, and whether all is well.
pub(crate) fn report(folder: &Folder) -> (String, bool) {
    let (draft, mut troubles) = read(folder);
    let (lesson, unanswered) = show(&draft);
    troubles.extend(unanswered);
    let mut is_well = troubles.is_empty();
    let mut text = String::new();
    for trouble in &troubles {
        let (file, line, message, help) = (&trouble.file, trouble.line, &trouble.message, &trouble.help);
        let _ = writeln!(text, "{}/{file}:{line}: {message}. {help}", folder.id);
    }
    for (step, draft) in lesson.steps.iter().zip(&draft.steps) {
        let _ = writeln!(text, "{}: {}", step.id, step.title);
        let start = goal::check(&draft.start, &draft.goals, &draft.look);
        let solution = goal::check(&draft.solution, &draft.goals, &draft.look);
        for (before, after) in start.iter().zip(&solution) {
            let word = |holds: bool| if holds { "holds" } else { "no" };
            let _ =
                writeln!(text, "  start {:5}  solution {:5}  {}", word(before.holds), word(after.holds), before.goal);
            if let Some(why) = after.why.as_ref().filter(|_| !after.holds) {
                let _ = writeln!(text, "    solution.yaml: {why}");
            }
        }
        let is_done = !start.is_empty() && start.iter().all(|held| held.holds);
        if is_done {
            let _ = writeln!(text, "  start.yaml reaches all goals: there is nothing to do");
        }
        is_well &= !is_done && solution.iter().all(|held| held.holds);
        for quiz in &step.quiz {
            let options: Vec<String> = quiz.kind.options().iter().map(|option| prose::plain(option)).collect();
            let among = match options.as_slice() {
                [] => "typed".to_owned(),
                options => format!("of {}", options.join(", ")),
            };
            let _ = writeln!(text, "  {}", prose::plain(&quiz.ask));
            let _ = writeln!(text, "    {}  ({among})", quiz.kind.right_words().join(", "));
        }
    }
    (text, is_well)
}
