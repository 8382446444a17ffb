//! A link that holds the text.

use crate::app::desk::Desk;
use crate::app::give::{Gift, GiveButton};
use crate::app::state::State;
use crate::app::words::{Word, one_or_many, t, tf, w};
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
const VIEWS: [(&str, Word); 4] = [
    ("diagram", w::SHARE_SHOWS_PICTURE),
    ("split", w::SHARE_SHOWS_BOTH),
    ("edit", w::SHARE_SHOWS_EDITOR),
    ("findings", w::SHARE_SHOWS_FINDINGS),
];

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
    let markdown =
        (!address.is_empty()).then(|| Gift::Copy(format!("[{}]({address})", tf(w::SHARE_MARKDOWN, [&title]))));
    let views = VIEWS.map(|(id, label)| {
        let onclick = {
            let view = view.setter();
            Callback::from(move |_: MouseEvent| view.set(id))
        };
        html! { <button key={id} type="button" class="toolbar__button" aria-pressed={(*view == id).to_string()} {onclick}>{ t(label) }</button> }
    });
    let has_text = !text.trim().is_empty();
    let in_html = has_text.then(|| Gift::Copy(in_html(text, *view)));
    let in_markdown = has_text.then(|| Gift::Copy(in_markdown(text, *view)));
    html! {
        <div class="share">
            <label class="share__label" for="share-link">{ t(w::SHARE_ABOUT) }</label>
            <input id="share-link" class="share__link" type="text" readonly=true value={address.clone()} {onfocus} />
            <p class="share__size" role="status">{ size(address.len(), *is_too_large) }</p>
            <div class="share__buttons">
                <GiveButton label={t(w::SHARE_COPY_LINK)} {gift} is_main=true />
                <GiveButton label={t(w::SHARE_COPY_MARKDOWN)} gift={markdown} />
            </div>
            <label class="share__mask">
                <input type="checkbox" checked={*is_masked} {onchange} />
                { t(w::SHARE_MASK) }
            </label>
            <p class="share__secrets">{ hidden(secrets, *is_masked) }</p>
            <section class="share__embed" aria-labelledby="share-embed">
                <h3 class="share__heading" id="share-embed">{ t(w::SHARE_EMBED) }</h3>
                <p class="share__size">
                    { t(w::SHARE_EMBED_ABOUT) }{ " " }
                    <a href="static/embed-demo.html" target="_blank" rel="noopener">{ t(w::SHARE_EMBED_DEMO) }</a>
                </p>
                <div class="share__buttons">
                    <div class="toolbar__group" role="group" aria-label={t(w::SHARE_SHOWS)}>{ for views }</div>
                    <GiveButton label={t(w::SHARE_COPY_HTML)} gift={in_html} />
                    <GiveButton label={t(w::SHARE_COPY_DOCS)} gift={in_markdown} />
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

/// The script that other pages need.
fn script() -> String {
    let home = home();
    let folder = home.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("<script async src=\"{folder}/static/embed.js\"></script>")
}

/// What goes into the HTML of another page. The empty lines are for Markdown: without them it reads the block as its own.
fn in_html(text: &str, view: &str) -> String {
    let code = text.replace('&', "&amp;").replace('<', "&lt;");
    let code = code.trim_end();
    let script = script();
    format!(
        "{script}\n\n<sidecar-playground view=\"{view}\">\n\n<pre><code>{code}\n</code></pre>\n\n</sidecar-playground>\n"
    )
}

/// What goes into the Markdown of another page: a block of code, and the element behind it, which takes it.
fn in_markdown(text: &str, view: &str) -> String {
    let ticks = text.split(|c: char| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(3.max(ticks + 1));
    let code = text.trim_end();
    let script = script();
    format!("{fence}yaml\n{code}\n{fence}\n\n<sidecar-playground view=\"{view}\"></sidecar-playground>\n\n{script}\n")
}

fn size(length: usize, is_too_large: bool) -> String {
    match length {
        _ if is_too_large => t(w::SHARE_TOO_LARGE).to_owned(),
        0 => t(w::SHARE_MAKING).to_owned(),
        length if length > TOO_LONG => tf(w::SHARE_TOO_LONG, [&length]),
        length if length > LONG => tf(w::SHARE_LONG, [&length]),
        length => tf(w::SHARE_LENGTH, [&length]),
    }
}

fn hidden(secrets: &[Hidden], is_masked: bool) -> String {
    const SHOWN: usize = 6;
    if secrets.is_empty() {
        return t(w::SHARE_NO_SECRET).to_owned();
    }
    let names = secrets.iter().take(SHOWN).map(|hidden| tf(w::SHARE_NAME_LINE, [&hidden.name, &hidden.line]));
    let mut names = names.collect::<Vec<_>>().join(", ");
    if secrets.len() > SHOWN {
        names = tf(w::SHARE_AND_MORE, [&names, &(secrets.len() - SHOWN)]);
    }
    let count = secrets.len();
    let words = match is_masked {
        true => one_or_many(count, w::SHARE_HIDDEN_ONE, w::SHARE_HIDDEN_MANY),
        false => one_or_many(count, w::SHARE_READABLE_ONE, w::SHARE_READABLE_MANY),
    };
    tf(words, [&count, &names])
}
