//! Texts that were replaced, and the way back to them.

use crate::app::desk::Desk;
use crate::app::give::{Gift, GiveButton};
use crate::app::store::Kept;
use sidecar_playground::compare::{Change, around, compare, counts};
use yew::prelude::*;

/// Unchanged lines shown around a change.
const CONTEXT: usize = 2;

/// Most lines of a comparison that are shown.
const LINES: usize = 400;

#[derive(Properties, PartialEq)]
pub(crate) struct HistoryPanelProps {
    pub(crate) desk: Desk,
    /// Called when a text was brought back.
    pub(crate) on_done: Callback<()>,
}

/// What stands in the dialog.
#[component]
pub(crate) fn HistoryPanel(props: &HistoryPanelProps) -> Html {
    let chosen = use_state(|| 0_usize);
    let version = use_state(|| 0_usize);
    let now = props.desk.text();
    let kept = use_memo(*version, {
        let store = props.desk.store.clone();
        move |_| {
            let mut list = store.history();
            for kept in store.others() {
                let at = list.iter().position(|known| known.at < kept.at).unwrap_or(list.len());
                list.insert(at, Kept { why: "in another tab".to_owned(), ..kept });
            }
            list
        }
    });
    let entries = kept.iter().enumerate().map(|(index, kept)| {
        let onclick = {
            let chosen = chosen.setter();
            Callback::from(move |_: MouseEvent| chosen.set(index))
        };
        let changes = compare(&now, &kept.text);
        let (removed, added) = counts(&changes);
        html! {
            <li key={index}>
                <button type="button" class="history__entry" aria-pressed={(*chosen == index).to_string()} {onclick}>
                    <span class="history__when">{ kept.when() }</span>
                    <span class="history__why">{ &kept.why }</span>
                    <span class="history__counts" title="Lines that would come and go">{ format!("+{added} −{removed}") }</span>
                </button>
            </li>
        }
    });
    let shown = kept.get(*chosen);
    let restore = {
        let (desk, on_done, text) = (props.desk.clone(), props.on_done.clone(), shown.map(|kept| kept.text.clone()));
        Callback::from(move |_: MouseEvent| {
            if let Some(text) = &text {
                on_done.emit(());
                desk.replace(text, "An earlier text is back.", "before an earlier text came back");
            }
        })
    };
    let clear = {
        let (desk, version) = (props.desk.clone(), version.clone());
        Callback::from(move |_: MouseEvent| {
            desk.store.clear_history();
            version.set(*version + 1);
        })
    };
    let gift = shown.map(|kept| Gift::Copy(kept.text.clone()));
    html! {
        <div class="history">
            <p class="history__none" hidden={!kept.is_empty()}>
                { if props.desk.store.works() { "Nothing yet. Texts that you replace are kept here, in this browser only." } else { "This browser keeps nothing for this page." } }
            </p>
            <div class="history__columns" hidden={kept.is_empty()}>
                <ul class="history__list" aria-label="Earlier texts">{ for entries }</ul>
                <section class="history__shown" aria-label="What would change">
                    <pre class="history__diff" tabindex="0">{ shown.map(|kept| difference(&now, &kept.text)).unwrap_or_default() }</pre>
                    <div class="history__buttons">
                        <button type="button" class="button button--main" onclick={restore}>{ "Bring it back" }</button>
                        <GiveButton label="Copy" of="this text" {gift} />
                        <button type="button" class="button button--quiet" onclick={clear}>{ "Forget the history" }</button>
                    </div>
                </section>
            </div>
        </div>
    }
}

fn difference(now: &str, then: &str) -> Html {
    let changes = compare(now, then);
    if counts(&changes) == (0, 0) {
        return html! { <span class="diff diff--gap">{ "It is the text that you have now." }</span> };
    }
    let lines = around(&changes, CONTEXT).into_iter().take(LINES).enumerate();
    let line = |(index, line): (usize, Option<(Change, &str)>)| {
        let (class, sign, text) = match line {
            Some((Change::Same, text)) => ("diff", "  ", text),
            Some((Change::Added, text)) => ("diff diff--added", "+ ", text),
            Some((Change::Removed, text)) => ("diff diff--removed", "− ", text),
            None => ("diff diff--gap", "", "⋯"),
        };
        html! { <span key={index} {class}>{ sign }{ text }{ "\n" }</span> }
    };
    html! { <>{ for lines.map(line) }</> }
}
