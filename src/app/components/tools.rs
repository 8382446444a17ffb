//! What can be done with the text as a whole.

use crate::app::Panel;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct ToolsProps {
    /// Called with the window to open.
    pub(crate) open: Callback<Panel>,
    /// Called when the text is to be cleared.
    pub(crate) on_clear: Callback<()>,
}

/// The buttons at the right of the header.
#[component]
pub(crate) fn Tools(props: &ToolsProps) -> Html {
    let panels = [Panel::History, Panel::Export, Panel::Share].map(|panel| {
        let onclick = props.open.reform(move |_: MouseEvent| panel);
        let main = (panel == Panel::Share).then_some("button--main");
        html! { <button key={panel.label()} type="button" class={classes!("button", main)} aria-haspopup="dialog" {onclick}>{ panel.label() }</button> }
    });
    let clear = props.on_clear.reform(|_: MouseEvent| ());
    html! {
        <div class="tools" role="group" aria-label="The manifest">
            <button type="button" class="button" onclick={clear}>{ "Clear" }</button>
            { for panels }
        </div>
    }
}
