//! Files to save and texts to copy.

use crate::app::desk::Desk;
use crate::app::give::{Gift, GiveButton};
use crate::app::state::State;
use crate::app::words::{Word, t, tf, w};
use sidecar_playground::form::Form;
use sidecar_playground::kubectl;
use sidecar_playground::task::{Done, Exported, ExportedPicture, Task};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct ExportPanelProps {
    pub(crate) state: UseReducerHandle<State>,
    pub(crate) desk: Desk,
    /// Called when the page is to be printed.
    pub(crate) on_print: Callback<()>,
}

/// Themes of saved pictures, and what they are called.
const THEMES: [(&str, Word); 5] = [
    ("paper", w::EXPORT_LIGHT),
    ("night", w::EXPORT_DARK),
    ("seeds", w::EXPORT_PASTEL),
    ("contrast", w::EXPORT_CONTRAST),
    ("projector", w::EXPORT_PROJECTOR),
];

/// What stands in the dialog.
#[component]
pub(crate) fn ExportPanel(props: &ExportPanelProps) -> Html {
    let theme = use_state(|| "paper");
    let files = use_state(|| None::<Exported>);
    {
        let (desk, request, files) = (props.desk.clone(), props.state.request(), files.setter());
        use_effect_with(*theme, move |theme| {
            let on_done = Callback::from(move |done| {
                if let Done::Exported(exported) = done {
                    files.set(Some(exported));
                }
            });
            desk.engine.run(&desk.text(), &Task::Export { request, theme: (*theme).to_owned() }, on_done);
        });
    }
    let themes = THEMES.map(|(id, label)| {
        let onclick = {
            let theme = theme.setter();
            Callback::from(move |_: MouseEvent| theme.set(id))
        };
        html! { <button key={id} type="button" class="toolbar__button" aria-pressed={(*theme == id).to_string()} {onclick}>{ t(label) }</button> }
    });
    let exported = (*files).clone().unwrap_or_default();
    let report = files.as_ref().map(|files| files.report.clone());
    let save_report =
        report.clone().map(|report| Gift::Save(format!("{}-report.md", exported.name), "text/markdown", report));
    let text = props.desk.text();
    let has_text = !text.trim().is_empty();
    let manifest = has_text.then(|| Gift::Save(kubectl::FILE.to_owned(), "application/yaml", text.clone()));
    let rewritten = exported.rewritten.iter().map(|(form, text)| {
        let (what, of) = match form {
            Form::Traditional => (t(w::EXPORT_TRADITIONAL), "traditional"),
            Form::Native => (t(w::EXPORT_NATIVE), "native"),
        };
        file_row(what, t(w::EXPORT_REWRITTEN_ABOUT), (format!("{}-{of}.yaml", exported.name), "application/yaml"), text)
    });
    let sarif = exported.sarif.as_ref().map(|log| {
        let name = format!("{}.sarif", exported.name);
        file_row(t(w::EXPORT_FINDINGS), t(w::EXPORT_FINDINGS_ABOUT), (name, "application/sarif+json"), log)
    });
    let print = props.on_print.reform(|_: MouseEvent| ());
    html! {
        <div class="export">
            <div class="export__row export__row--themes">
                <span class="export__what">{ t(w::EXPORT_COLOURS) }</span>
                <div class="toolbar__group" role="group" aria-label={t(w::EXPORT_COLOURS_LABEL)}>{ for themes }</div>
            </div>
            <p class="export__nothing" hidden={files.is_none() || !exported.pictures.is_empty()}>{ t(w::EXPORT_NO_PICTURE) }</p>
            { for exported.pictures.iter().map(|picture| row(&exported.name, picture)) }
            <div class="export__row">
                <span class="export__what">{ t(w::EXPORT_REPORT) }<span class="export__about">{ t(w::EXPORT_REPORT_ABOUT) }</span></span>
                <GiveButton label={t(w::PAGE_SAVE)} of={t(w::EXPORT_THE_REPORT)} gift={save_report} />
                <GiveButton label={t(w::PAGE_COPY)} of={t(w::EXPORT_THE_REPORT)} gift={report.map(Gift::Copy)} />
                <button type="button" class="button" onclick={print}>{ t(w::EXPORT_PRINT) }</button>
            </div>
            <div class="export__row">
                <span class="export__what">{ t(w::PAGE_MANIFEST) }<span class="export__about">{ t(w::EXPORT_MANIFEST_ABOUT) }</span></span>
                <GiveButton label={t(w::PAGE_SAVE)} of={t(w::EXPORT_THE_MANIFEST)} gift={manifest} />
                <GiveButton label={t(w::PAGE_COPY)} of={t(w::EXPORT_THE_MANIFEST)} gift={has_text.then(|| Gift::Copy(text.clone()))} />
            </div>
            { for rewritten }
            { for sarif }
        </div>
    }
}

/// A text to save under a name as a kind of file, or to copy.
fn file_row(what: &'static str, about: &'static str, (name, kind): (String, &'static str), text: &str) -> Html {
    html! {
        <div class="export__row" key={name.clone()}>
            <span class="export__what">{ what }<span class="export__about">{ about }</span></span>
            <GiveButton label={t(w::PAGE_SAVE)} of={what} gift={Some(Gift::Save(name, kind, text.to_owned()))} />
            <GiveButton label={t(w::PAGE_COPY)} of={what} gift={Some(Gift::Copy(text.to_owned()))} />
        </div>
    }
}

fn row(name: &str, picture: &ExportedPicture) -> Html {
    let (heading, file) = match picture.form {
        Some(Form::Traditional) => (t(w::FORM_TRADITIONAL), format!("{name}-traditional")),
        Some(Form::Native) => (t(w::FORM_NATIVE), format!("{name}-native")),
        None => (t(w::EXPORT_PICTURE), name.to_owned()),
    };
    let of = AttrValue::from(heading.to_ascii_lowercase());
    let svg = Gift::Save(format!("{file}.svg"), "image/svg+xml", picture.svg.clone());
    let pixels = [1_u8, 2, 4].map(|scale| {
        let at = if scale == 1 { String::new() } else { format!("@{scale}x") };
        let gift = Gift::Png(format!("{file}{at}.png"), picture.svg.clone(), scale);
        html! { <GiveButton key={scale} label={tf(w::EXPORT_PNG, [&scale])} of={of.clone()} gift={Some(gift)} /> }
    });
    html! {
        <div class="export__row" key={heading}>
            <span class="export__what">{ heading }</span>
            <GiveButton label="SVG" of={of.clone()} gift={Some(svg)} />
            { for pixels }
            <GiveButton label={t(w::EXPORT_COPY_MERMAID)} of={of.clone()} gift={Some(Gift::Copy(picture.mermaid.clone()))} />
            <a class="export__live" href={picture.live.clone()} target="_blank" rel="noopener noreferrer"
                title={t(w::EXPORT_LIVE_ABOUT)}>{ "Mermaid Live ↗" }</a>
        </div>
    }
}
