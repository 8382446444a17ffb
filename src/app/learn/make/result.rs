//! What became of the draft: what is missing or wrong, or the ways to give it away.

use super::super::address;
use super::super::course::hosted_file;
use super::super::zip::zip;
use super::missing::{missing, step_name};
use crate::app::give::{Gift, GiveButton};
use crate::app::prose::prose;
use crate::app::words::{t, tf, w};
use sidecar_playground::lesson::{Draft, Trouble};
use sidecar_playground::task::MadeLesson;
use yew::prelude::*;

/// A folder that can be unpacked beside the playground: the lesson as it is read there, how that is done, and its files.
fn hosted_folder(id: &str, made: &MadeLesson) -> Vec<(String, String)> {
    let (file, folder) = (hosted_file(id), format!("source/{id}"));
    let readme = tf(w::MAKE_README, [&file, &address(&format!("@{id}"), ""), &folder]);
    let source = made.files.iter().map(|(path, text)| (format!("source/{path}"), text.clone()));
    [("README.txt".to_owned(), readme), (file, made.json.clone())].into_iter().chain(source).collect()
}

/// What became of the draft: what is still wrong, or the ways to give it away.
pub(super) fn result(draft: &Draft, made: &MadeLesson) -> Html {
    let missing = missing(draft);
    // What the engine says of what is not there, the list of what is missing says in words of this page.
    let troubles = if missing.is_empty() { made.read.troubles.as_slice() } else { &[] };
    let lack = |(place, what): &(String, &'static str)| html! { <li><span><span class="make__place">{ place }{ ": " }</span>{ what }</span></li> };
    let item = |trouble: &Trouble| {
        html! { <li><span><span class="make__place">{ place(draft, trouble) }{ ": " }</span>{ prose(&trouble.message) }{ ". " }{ prose(&trouble.help) }</span></li> }
    };
    let page = gloo::utils::window().location();
    let site = page.origin().unwrap_or_default() + &page.pathname().unwrap_or_default();
    let link = made.link.as_ref().map(|link| format!("{site}#{link}"));
    let is_ready = missing.is_empty() && troubles.is_empty() && !made.json.is_empty();
    let hosted = format!("{site}{}", address(&format!("@{}", draft.id), ""));
    html! {
        <section class="make__result" aria-label={t(w::MAKE_RESULT)}>
            <h3 class="heading">{ t(w::MAKE_RESULT) }</h3>
            <div role="status">
                <p hidden={missing.is_empty()}>{ t(w::MAKE_MISSING) }</p>
                <ul class="make__missing">{ for missing.iter().map(lack) }</ul>
                <ul class="make__troubles">{ for troubles.iter().map(item) }</ul>
            </div>
            <div class="make__ready" hidden={!is_ready}>
                <div class="learn__buttons">
                    <GiveButton label={t(w::MAKE_COPY_LINK)} gift={link.clone().map(Gift::Copy)} is_main=true />
                    <a class="button" hidden={link.is_none()} href={link.clone()} target="_blank" rel="noopener">{ t(w::MAKE_TRY) }</a>
                    <GiveButton label={t(w::MAKE_SAVE)} gift={Some(Gift::Save(format!("{}.json", draft.id), "application/json", made.json.clone()))} />
                    <GiveButton label={t(w::MAKE_SAVE_FOLDER)} gift={Some(Gift::Bytes(format!("{}.zip", draft.id), "application/zip", zip(&hosted_folder(&draft.id, made))))} />
                </div>
                <p class="share__size">{ link.as_ref().map_or_else(|| t(w::MAKE_TOO_LARGE).to_owned(), |link| tf(w::MAKE_SIZE, [&link.len()])) }</p>
                <p class="share__size">{ tf(w::MAKE_HOST, [&hosted_file(&draft.id), &hosted]) }</p>
            </div>
        </section>
    }
}

/// Where a trouble is, as the page calls it: the engine names files of a folder.
fn place(draft: &Draft, trouble: &Trouble) -> String {
    let folder = trouble.file.split('/').next().unwrap_or_default();
    match draft.steps.iter().position(|step| step.id == folder) {
        Some(index) => draft.steps.get(index).map(|step| step_name(step, index)).unwrap_or_default(),
        None => t(w::MAKE_PLACE_LESSON).to_owned(),
    }
}
