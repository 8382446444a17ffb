//! A window over the page. The browser's own `<dialog>` keeps the focus inside and gives it back.

use super::words::{t, w};
use web_sys::HtmlDialogElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct DialogProps {
    /// Also names the classes.
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) is_open: bool,
    /// Called when it was closed, by whichever way.
    pub(crate) on_close: Callback<()>,
    pub(crate) children: Html,
}

/// A window over the page.
#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let place = use_node_ref();
    {
        let place = place.clone();
        use_effect_with(props.is_open, move |is_open| {
            let Some(dialog) = place.cast::<HtmlDialogElement>() else { return };
            if *is_open && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !is_open && dialog.open() {
                dialog.close();
            }
        });
    }
    let onclose = props.on_close.reform(|_: Event| ());
    let close = props.on_close.reform(|_: MouseEvent| ());
    // A click on the dialog itself, and on nothing in it, is one beside it.
    let onclick = {
        let (place, on_close) = (place.clone(), props.on_close.clone());
        Callback::from(move |event: MouseEvent| {
            if event.target_dyn_into::<HtmlDialogElement>().is_some() && event.target() == place.get().map(Into::into) {
                on_close.emit(());
            }
        })
    };
    let heading = format!("{}-heading", props.id);
    html! {
        <dialog class={classes!("dialog", format!("dialog--{}", props.id))} ref={place} aria-labelledby={heading.clone()} {onclose} {onclick}>
            <div class="dialog__inside">
                <header class="dialog__head">
                    <h2 class="dialog__title" id={heading}>{ props.title }</h2>
                    <button type="button" class="dialog__close" aria-label={t(w::PAGE_CLOSE)} onclick={close}>{ "✕" }</button>
                </header>
                <div class="dialog__body">{ if props.is_open { props.children.clone() } else { Html::default() } }</div>
            </div>
        </dialog>
    }
}
