//! What went wrong with the engine, and what can be done about it.

use crate::app::failure::Failure;
use crate::app::give::{Gift, GiveButton};
use crate::app::words::{t, w};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct TroubleProps {
    pub(crate) failure: Option<Failure>,
    /// Called to ask the engine once more.
    pub(crate) try_again: Callback<()>,
}

/// Says it, offers another try and a report; nothing while all is well.
#[component]
pub(crate) fn Trouble(props: &TroubleProps) -> Html {
    let Some(failure) = &props.failure else { return Html::default() };
    let [what, kept] = failure.words();
    let onclick = props.try_again.reform(|_: MouseEvent| ());
    html! {
        <div class="trouble" role="alert">
            <p class="trouble__what">{ t(what) }</p>
            <p>{ t(kept) }</p>
            <div class="trouble__do">
                <button type="button" class="button" {onclick}>{ t(w::ENGINE_TRY_AGAIN) }</button>
                <GiveButton label={t(w::ENGINE_COPY_REPORT)} gift={Gift::Copy(failure.report().to_owned())} />
            </div>
            <details>
                <summary>{ t(w::ENGINE_REPORT) }</summary>
                <pre class="trouble__report">{ failure.report() }</pre>
            </details>
        </div>
    }
}
