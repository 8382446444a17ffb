//! Files to save and texts to copy.

use crate::app::desk::Desk;
use crate::app::give::{Gift, GiveButton};
use crate::app::state::State;
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
const THEMES: [(&str, &str); 3] = [("paper", "Light"), ("night", "Dark"), ("seeds", "Pastel")];

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
        html! { <button key={id} type="button" class="toolbar__button" aria-pressed={(*theme == id).to_string()} {onclick}>{ label }</button> }
    });
    let exported = (*files).clone().unwrap_or_default();
    let report = files.as_ref().map(|files| files.report.clone());
    let save_report =
        report.clone().map(|report| Gift::Save(format!("{}-report.md", exported.name), "text/markdown", report));
    let text = props.desk.text();
    let has_text = !text.trim().is_empty();
    let manifest = has_text.then(|| Gift::Save(kubectl::FILE.to_owned(), "application/yaml", text.clone()));
    let print = props.on_print.reform(|_: MouseEvent| ());
    html! {
        <div class="export">
            <div class="export__row export__row--themes">
                <span class="export__what">{ "Colours" }</span>
                <div class="toolbar__group" role="group" aria-label="Colours of the pictures">{ for themes }</div>
            </div>
            <p class="export__nothing" hidden={files.is_none() || !exported.pictures.is_empty()}>{ "There is no picture of this text to save." }</p>
            { for exported.pictures.iter().map(|picture| row(&exported.name, picture)) }
            <div class="export__row">
                <span class="export__what">{ "Report" }<span class="export__about">{ "Roles with reasons, findings, pictures: Markdown" }</span></span>
                <GiveButton label="Save" of="the report" gift={save_report} />
                <GiveButton label="Copy" of="the report" gift={report.map(Gift::Copy)} />
                <button type="button" class="button" onclick={print}>{ "Print…" }</button>
            </div>
            <div class="export__row">
                <span class="export__what">{ "Manifest" }<span class="export__about">{ "The text as it stands in the editor" }</span></span>
                <GiveButton label="Save" of="the manifest" gift={manifest} />
                <GiveButton label="Copy" of="the manifest" gift={has_text.then(|| Gift::Copy(text.clone()))} />
            </div>
        </div>
    }
}

fn row(name: &str, picture: &ExportedPicture) -> Html {
    let (heading, file) = match picture.form {
        Some(Form::Traditional) => ("As traditional sidecars", format!("{name}-traditional")),
        Some(Form::Native) => ("As native sidecars", format!("{name}-native")),
        None => ("Picture", name.to_owned()),
    };
    let of = AttrValue::from(heading.to_ascii_lowercase());
    let svg = Gift::Save(format!("{file}.svg"), "image/svg+xml", picture.svg.clone());
    let pixels = [1_u8, 2, 4].map(|scale| {
        let at = if scale == 1 { String::new() } else { format!("@{scale}x") };
        let gift = Gift::Png(format!("{file}{at}.png"), picture.svg.clone(), scale);
        html! { <GiveButton key={scale} label={format!("PNG {scale}×")} of={of.clone()} gift={Some(gift)} /> }
    });
    html! {
        <div class="export__row" key={heading}>
            <span class="export__what">{ heading }</span>
            <GiveButton label="SVG" of={of.clone()} gift={Some(svg)} />
            { for pixels }
            <GiveButton label="Copy Mermaid" of={of.clone()} gift={Some(Gift::Copy(picture.mermaid.clone()))} />
            <a class="export__live" href={picture.live.clone()} target="_blank" rel="noopener noreferrer"
                title="Opens mermaid.live, another site. The picture's text stands behind # and is not sent to its server.">{ "Mermaid Live ↗" }</a>
        </div>
    }
}
