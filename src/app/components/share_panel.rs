//! A link that holds the text.

use crate::app::desk::Desk;
use crate::app::give::{Gift, GiveButton};
use crate::app::state::State;
use sidecar_playground::link::{LONG, TOO_LONG};
use sidecar_playground::mask::Hidden;
use sidecar_playground::task::{Done, Task};
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct SharePanelProps {
    pub(crate) state: UseReducerHandle<State>,
    pub(crate) desk: Desk,
}

/// What was written.
#[derive(Clone, Default, PartialEq)]
struct Written {
    /// The whole address; empty while it is being made.
    address: String,
    is_too_large: bool,
    text: String,
    secrets: Vec<Hidden>,
}

/// What an embedded playground can show, and what that is called.
const VIEWS: [(&str, &str); 4] =
    [("diagram", "Picture"), ("split", "Both"), ("edit", "Editor"), ("findings", "Findings")];

/// What stands in the dialog.
#[component]
pub(crate) fn SharePanel(props: &SharePanelProps) -> Html {
    let is_masked = use_state(|| true);
    let view = use_state(|| "diagram");
    let written = use_state(Written::default);
    {
        let (desk, settings, written) = (props.desk.clone(), props.state.settings(), written.setter());
        use_effect_with(*is_masked, move |is_masked| {
            let task = Task::Share { settings, is_masked: *is_masked };
            let on_done = Callback::from(move |done| {
                if let Done::Shared { link, text, secrets } = done {
                    let is_too_large = link.is_none();
                    written.set(Written {
                        address: link.map(|link| address(&link)).unwrap_or_default(),
                        is_too_large,
                        text,
                        secrets,
                    });
                }
            });
            desk.engine.run(&desk.text(), &task, on_done);
        });
    }
    let onchange = {
        let is_masked = is_masked.setter();
        Callback::from(move |event: Event| {
            is_masked.set(event.target_dyn_into::<HtmlInputElement>().is_none_or(|field| field.checked()));
        })
    };
    // A click selects it all, for those who copy by hand.
    let onfocus = Callback::from(|event: FocusEvent| {
        if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
            field.select();
        }
    });
    let Written { address, is_too_large, text, secrets } = &*written;
    let gift = (!address.is_empty()).then(|| Gift::Copy(address.clone()));
    let title = props.state.good.as_ref().map_or_else(String::new, |good| good.title.clone());
    let title: String = title.chars().filter(|c| !matches!(c, '[' | ']' | '\\' | '`') && !c.is_control()).collect();
    let markdown = (!address.is_empty()).then(|| Gift::Copy(format!("[{title} in the Sidecar Playground]({address})")));
    let views = VIEWS.map(|(id, label)| {
        let onclick = {
            let view = view.setter();
            Callback::from(move |_: MouseEvent| view.set(id))
        };
        html! { <button key={id} type="button" class="toolbar__button" aria-pressed={(*view == id).to_string()} {onclick}>{ label }</button> }
    });
    let snippet = (!text.trim().is_empty()).then(|| Gift::Copy(snippet(text, *view)));
    html! {
        <div class="share">
            <label class="share__label" for="share-link">{ "This link holds the manifest and what you look at. It stands behind # and is sent to no server." }</label>
            <input id="share-link" class="share__link" type="text" readonly=true value={address.clone()} {onfocus} />
            <p class="share__size" role="status">{ size(address.len(), *is_too_large) }</p>
            <div class="share__buttons">
                <GiveButton label="Copy link" {gift} is_main=true />
                <GiveButton label="Copy as Markdown" gift={markdown} />
            </div>
            <label class="share__mask">
                <input type="checkbox" checked={*is_masked} {onchange} />
                { "Hide secrets first" }
            </label>
            <p class="share__secrets">{ hidden(secrets, *is_masked) }</p>
            <section class="share__embed" aria-labelledby="share-embed">
                <h3 class="share__heading" id="share-embed">{ "In your docs" }</h3>
                <p class="share__size">
                    { "A script and an element. The manifest stays a code block that can be read without them. " }
                    <a href="static/embed-demo.html" target="_blank" rel="noopener">{ "See how that looks" }</a>
                </p>
                <div class="share__buttons">
                    <div class="toolbar__group" role="group" aria-label="What it shows">{ for views }</div>
                    <GiveButton label="Copy HTML" gift={snippet} />
                </div>
            </section>
        </div>
    }
}

/// The address of this page without anything behind it.
fn home() -> String {
    let location = gloo::utils::window().location();
    location.origin().unwrap_or_default() + &location.pathname().unwrap_or_default()
}

fn address(link: &str) -> String {
    format!("{}#{link}", home())
}

/// What goes into the HTML of another page.
fn snippet(text: &str, view: &str) -> String {
    let home = home();
    let folder = home.rsplit_once('/').map_or("", |(folder, _)| folder);
    let code = text.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<script async src=\"{folder}/static/embed.js\"></script>\n<sidecar-playground view=\"{view}\">\n<pre><code>{}\n</code></pre>\n</sidecar-playground>\n",
        code.trim_end()
    )
}

fn size(length: usize, is_too_large: bool) -> String {
    match length {
        _ if is_too_large => "The text is too large for a link. Save it as a file instead.".to_owned(),
        0 => "Making the link…".to_owned(),
        length if length > TOO_LONG => {
            format!(
                "{length} characters: many chat programs cut a link of this length. Better send the manifest as a file."
            )
        }
        length if length > LONG => {
            format!("{length} characters: some programs cut a link of this length. Try it before you rely on it.")
        }
        length => format!("{length} characters."),
    }
}

fn hidden(secrets: &[Hidden], is_masked: bool) -> String {
    const SHOWN: usize = 6;
    if secrets.is_empty() {
        return "No secret was found in the text: no data of a Secret, no value named like a password, no known kind of key or token."
            .to_owned();
    }
    let names: Vec<String> =
        secrets.iter().take(SHOWN).map(|hidden| format!("{} (line {})", hidden.name, hidden.line)).collect();
    let more = if secrets.len() > SHOWN { format!(" and {} more", secrets.len() - SHOWN) } else { String::new() };
    let values = if secrets.len() == 1 { "1 value".to_owned() } else { format!("{} values", secrets.len()) };
    let verb = if is_masked { "hidden in the link" } else { "can be read by whoever has the link" };
    format!("{values} {verb}: {}{more}.", names.join(", "))
}
