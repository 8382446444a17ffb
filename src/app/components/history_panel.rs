//! Texts that were replaced, and the way back to them.

use crate::app::desk::Desk;
use crate::app::give::{Gift, GiveButton};
use crate::app::store::Kept;
use crate::app::words::{english, said, t, w};
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
                list.insert(at, Kept { why: english(w::WHY_OTHER_TAB).to_owned(), ..kept });
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
                    <span class="history__why">{ said(&kept.why) }</span>
                    <span class="history__counts" title={t(w::HISTORY_LINES)}>{ format!("+{added} −{removed}") }</span>
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
                desk.replace(text, t(w::TEXT_EARLIER_IS_BACK), w::WHY_EARLIER);
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
                { t(if props.desk.store.works() { w::HISTORY_NOTHING } else { w::HISTORY_KEEPS_NOTHING }) }
            </p>
            <div class="history__columns" hidden={kept.is_empty()}>
                <ul class="history__list" aria-label={t(w::TOOLS_HISTORY_TITLE)}>{ for entries }</ul>
                <section class="history__shown" aria-label={t(w::HISTORY_WOULD_CHANGE)}>
                    <pre class="history__diff" tabindex="0">{ shown.map(|kept| difference(&now, &kept.text)).unwrap_or_default() }</pre>
                    <div class="history__buttons">
                        <button type="button" class="button button--main" onclick={restore}>{ t(w::TEXT_BRING_BACK) }</button>
                        <GiveButton label={t(w::PAGE_COPY)} of={t(w::HISTORY_THIS_TEXT)} {gift} />
                        <button type="button" class="button button--quiet" onclick={clear}>{ t(w::HISTORY_FORGET) }</button>
                    </div>
                </section>
            </div>
        </div>
    }
}

/// Lines that would come and go.
pub(crate) fn difference(now: &str, then: &str) -> Html {
    let changes = compare(now, then);
    if counts(&changes) == (0, 0) {
        return html! { <span class="diff diff--gap">{ t(w::HISTORY_SAME) }</span> };
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
