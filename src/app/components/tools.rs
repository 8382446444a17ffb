//! What can be done with the text as a whole.

use crate::app::Panel;
use crate::app::words::{t, w};
use yew::prelude::*;

/// The buttons at the right of the header. `open` is called with the window to open; the others when files are to be
/// chosen, when a manifest is to be opened by its address, and when the text is to be cleared.
pub(crate) fn tools(open: &Callback<Panel>, [on_open, on_address, on_clear]: [&Callback<()>; 3]) -> Html {
    let panels = [Panel::History, Panel::Export, Panel::Share].map(|panel| {
        let onclick = open.reform(move |_: MouseEvent| panel);
        let main = (panel == Panel::Share).then_some("button--main");
        html! { <button key={panel.id()} type="button" class={classes!("button", main)} aria-haspopup="dialog" {onclick}>{ t(panel.label()) }</button> }
    });
    let choose = on_open.reform(|_: MouseEvent| ());
    let address = on_address.reform(|_: MouseEvent| ());
    let clear = on_clear.reform(|_: MouseEvent| ());
    html! {
        <div class="tools" role="group" aria-label={t(w::TOOLS_LABEL)}>
            <button type="button" class="button" title={t(w::TOOLS_OPEN_ABOUT)} onclick={choose}>{ t(w::TOOLS_OPEN) }</button>
            <button type="button" class="button button--icon tools__address" aria-haspopup="dialog" aria-label={t(w::ADDRESS_OPEN)} title={t(w::ADDRESS_OPEN_ABOUT)} onclick={address}>
                <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M8.5 11.5a3.2 3.2 0 0 0 4.6 0l3-3a3.2 3.2 0 0 0-4.6-4.6L10 5.4M11.5 8.5a3.2 3.2 0 0 0-4.6 0l-3 3a3.2 3.2 0 0 0 4.6 4.6l1.5-1.5" /></svg>
            </button>
            <button type="button" class="button" onclick={clear}>{ t(w::TOOLS_CLEAR) }</button>
            { for panels }
        </div>
    }
}
