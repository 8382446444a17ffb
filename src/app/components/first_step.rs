//! What someone does first who has never been here.

use crate::app::desk::Desk;
use crate::app::give::read_clipboard;
use crate::app::words::{t, w};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct FirstStepProps {
    pub(crate) desk: Desk,
    /// Whether the text is an example that nobody has changed.
    pub(crate) is_example: bool,
    /// Whether there is no text.
    pub(crate) is_empty: bool,
    /// Called when another text was put on the desk.
    pub(crate) on_replaced: Callback<()>,
    /// The language of the page.
    pub(crate) language: &'static str,
}

/// A line above the text, which goes away with the first key.
#[component]
pub(crate) fn FirstStep(props: &FirstStepProps) -> Html {
    let paste = {
        let (desk, on_replaced) = (props.desk.clone(), props.on_replaced.clone());
        Callback::from(move |_: MouseEvent| {
            let (desk, on_replaced) = (desk.clone(), on_replaced.clone());
            yew::platform::spawn_local(async move {
                match read_clipboard().await {
                    Some(text) if !text.trim().is_empty() => {
                        on_replaced.emit(());
                        desk.replace(&text, t(w::FIRST_PASTED), w::WHY_PASTED);
                    }
                    // Where the page may not read it, the keys do the same: the whole text is selected for them.
                    _ => desk.editor.borrow().select_all(),
                }
            });
        })
    };
    let words = if props.is_empty { w::FIRST_EMPTY } else { w::FIRST_EXAMPLE };
    html! {
        <div class="first-step" hidden={!props.is_example && !props.is_empty}>
            <p class="first-step__words">{ t(words) }</p>
            <button type="button" class="button button--main" onclick={paste}>{ t(w::FIRST_PASTE) }</button>
        </div>
    }
}
