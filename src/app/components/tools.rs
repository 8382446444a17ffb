//! What can be done with the text as a whole.

use crate::app::Panel;
use crate::app::words::{t, w};
use yew::prelude::*;

/// The buttons at the right of the header. `open` is called with the window to open.
pub(crate) fn tools(open: &Callback<Panel>, on_open: &Callback<()>, on_clear: &Callback<()>) -> Html {
    let panels = [Panel::History, Panel::Export, Panel::Share].map(|panel| {
        let onclick = open.reform(move |_: MouseEvent| panel);
        let main = (panel == Panel::Share).then_some("button--main");
        html! { <button key={panel.id()} type="button" class={classes!("button", main)} aria-haspopup="dialog" {onclick}>{ t(panel.label()) }</button> }
    });
    let choose = on_open.reform(|_: MouseEvent| ());
    let clear = on_clear.reform(|_: MouseEvent| ());
    html! {
        <div class="tools" role="group" aria-label={t(w::TOOLS_LABEL)}>
            <button type="button" class="button" title={t(w::TOOLS_OPEN_ABOUT)} onclick={choose}>{ t(w::TOOLS_OPEN) }</button>
            <button type="button" class="button" onclick={clear}>{ t(w::TOOLS_CLEAR) }</button>
            { for panels }
        </div>
    }
}
