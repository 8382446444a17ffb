//! Lessons for the page.

use crate::analyze;
use crate::diagram::kinds::{KINDS, kind};
use crate::diagram::{Diagram, SvgOptions};
use crate::form::Form;
use crate::lesson::quiz::suggest::{Offer, answers, offers};
use crate::lesson::{Draft, DraftStep, Folder, Lesson, Look, Trouble, goal, read, show, write};
use crate::link;
use crate::view::{Request, diagrams};
use serde::{Deserialize, Serialize};

/// Something to do with a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LessonTask {
    /// Read a lesson, as the text that [`Folder::to_json`] writes. The text of the task does not matter.
    Read(String),
    /// Say whether these goals hold for the text.
    Check(Vec<String>, Look),
    /// List goals that hold for the text.
    Suggest(Look),
    /// List what can be asked of the manifest of a step, and answer its questions. The text of the task does not matter.
    Questions(Box<DraftStep>),
    /// Draw the first workload of the text, to be looked at and printed. The ids in its pictures begin with this word.
    Draw(Look, String),
    /// Make files and a link of what a teacher wrote. The text of the task does not matter.
    Make(Box<Draft>),
    /// Open a link to a lesson: the part of an address behind `#`. The text of the task does not matter.
    Open(String),
}

/// What became of a [`LessonTask`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LessonDone {
    /// A lesson.
    Read(Box<ReadLesson>),
    /// Each goal, and whether it holds.
    Checked(Vec<goal::Held>),
    /// Goals that hold.
    Suggested(Vec<String>),
    /// What can be asked, and for each question its answer or why there is none.
    Questions(Vec<Offer>, Vec<Result<String, String>>),
    /// Pictures; two for a pair.
    Drawn(Vec<DrawnPicture>),
    /// A lesson that was made.
    Made(Box<MadeLesson>),
    /// A link was opened, or why not.
    Opened(Result<Box<ReadLesson>, link::Damage>),
}

/// A picture that is only looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnPicture {
    /// Its form, when there are two.
    pub form: Option<Form>,
    /// What it shows, in a sentence or two.
    pub summary: String,
    /// SVG in the colours of the page around it.
    pub svg: String,
}

/// A lesson that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadLesson {
    /// As it is shown.
    pub lesson: Lesson,
    /// As its author wrote it, to go on writing.
    pub draft: Draft,
    /// What is not as it should be.
    pub troubles: Vec<Trouble>,
}

/// A lesson that was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeLesson {
    /// As its learners will read it.
    pub read: ReadLesson,
    /// Paths and texts of its files.
    pub files: Vec<(String, String)>,
    /// All of it as one text, see [`Folder::to_json`].
    pub json: String,
    /// The part of an address behind `#`; none when it is too large for a link.
    pub link: Option<String>,
}

/// Does a task.
pub(super) fn run(text: &str, task: &LessonTask) -> LessonDone {
    match task {
        LessonTask::Read(json) => LessonDone::Read(Box::new(read_json(json))),
        LessonTask::Check(goals, look) => LessonDone::Checked(goal::check(text, goals, look)),
        LessonTask::Suggest(look) => LessonDone::Suggested(goal::suggest(text, look)),
        LessonTask::Questions(step) => LessonDone::Questions(offers(step), answers(step)),
        LessonTask::Draw(look, id) => LessonDone::Drawn(draw(text, look, id)),
        LessonTask::Make(draft) => LessonDone::Made(Box::new(make(draft))),
        LessonTask::Open(fragment) => {
            LessonDone::Opened(link::read_lesson(fragment).map(|json| Box::new(read_json(&json))))
        }
    }
}

fn draw(text: &str, look: &Look, id: &str) -> Vec<DrawnPicture> {
    let request = Request { k8s: look.release.clone(), what_if: look.what_if.clone(), ..Request::default() };
    let first = KINDS.first().map_or("", |kind| kind.id);
    let kind = kind(&look.kind).map_or(first, |kind| kind.id);
    let diagrams = diagrams(&analyze(text, &request.options()), kind, 0);
    let is_pair = diagrams.len() > 1;
    let picture = |(form, diagram): &(Form, Diagram)| {
        let id = format!("{id}-{}", form.id());
        let svg = diagram.svg(&SvgOptions { id, theme: None, is_interactive: false });
        DrawnPicture { form: is_pair.then_some(*form), summary: diagram.summary().to_owned(), svg }
    };
    diagrams.iter().map(picture).collect()
}

fn read_json(json: &str) -> ReadLesson {
    let (folder, troubles) = Folder::from_json(json);
    read_folder(&folder, troubles)
}

fn read_folder(folder: &Folder, mut troubles: Vec<Trouble>) -> ReadLesson {
    let (draft, odd) = read(folder);
    let (lesson, unanswered) = show(&draft);
    troubles.extend(odd.into_iter().chain(unanswered));
    ReadLesson { lesson, draft, troubles }
}

fn make(draft: &Draft) -> MadeLesson {
    let folder = write(draft);
    let json = folder.to_json();
    MadeLesson { read: read_folder(&folder, Vec::new()), files: folder.files(), link: link::write_lesson(&json), json }
}

#[cfg(test)]
mod tests {
    use super::{LessonDone, LessonTask, run};
    use crate::lesson::{Draft, DraftStep, Look};

    #[test]
    fn a_lesson_that_is_made_can_be_opened_by_its_link() {
        let start = "kind: Pod\nspec: { containers: [{ name: shop, image: shop/shop }] }\n".to_owned();
        let goals = vec!["shop is the app".to_owned()];
        let step = DraftStep {
            id: "one".to_owned(),
            title: "One".to_owned(),
            text: "Read.\n".to_owned(),
            start,
            goals,
            ..DraftStep::default()
        };
        let draft = Draft {
            id: "mine".to_owned(),
            title: "Mine".to_owned(),
            about: "It.".to_owned(),
            steps: vec![step],
            ..Draft::default()
        };
        let LessonDone::Made(made) = run("", &LessonTask::Make(Box::new(draft.clone()))) else { panic!() };
        assert_eq!((made.read.troubles.as_slice(), &made.read.draft), (&[][..], &draft));
        let LessonDone::Opened(opened) = run("", &LessonTask::Open(made.link.unwrap())) else { panic!() };
        assert_eq!(*opened.unwrap(), made.read);
        let LessonDone::Read(read) = run("", &LessonTask::Read(made.json)) else { panic!() };
        assert_eq!(read.lesson.steps[0].goals[0].sentence, "`shop` is the app.");
        assert_eq!(made.files[1].0, "mine/10-one/step.yaml");
    }

    #[test]
    fn a_manifest_is_drawn_to_be_looked_at() {
        let text = "kind: Pod\nspec: { containers: [{ name: shop, image: shop/shop }, { name: logs, image: fluent/fluent-bit }] }\n";
        let LessonDone::Drawn(pictures) = run(text, &LessonTask::Draw(Look::default(), "p1".to_owned())) else {
            panic!()
        };
        assert_eq!(pictures.iter().map(|picture| picture.form).collect::<Vec<_>>(), crate::form::Form::BOTH.map(Some));
        for picture in &pictures {
            assert!(
                picture.svg.contains("id=\"p1-")
                    && !picture.svg.contains("tabindex")
                    && !picture.svg.contains("<style>")
            );
            assert!(picture.summary.contains("shop"), "{}", picture.summary);
        }
        assert_eq!(run("nothing", &LessonTask::Draw(Look::default(), String::new())), LessonDone::Drawn(Vec::new()));
    }

    #[test]
    fn goals_are_checked_and_suggested() {
        let text = "kind: Pod\nspec: { containers: [{ name: shop, image: shop/shop }] }\n";
        let LessonDone::Suggested(goals) = run(text, &LessonTask::Suggest(Look::default())) else { panic!() };
        assert!(goals.contains(&"shop is the app".to_owned()), "{goals:?}");
        let meshed = text.replace("spec:", "metadata: { annotations: { linkerd.io/inject: enabled } }\nspec:");
        let LessonDone::Suggested(more) = run(&meshed, &LessonTask::Suggest(Look::default())) else { panic!() };
        assert!(more.contains(&"linkerd-proxy is injected beside shop".to_owned()), "{more:?}");
        let LessonDone::Checked(held) = run(text, &LessonTask::Check(goals, Look::default())) else { panic!() };
        assert!(held.iter().all(|held| held.holds));
    }
}
