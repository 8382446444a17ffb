//! What went wrong with the engine, and what can be done about it.

use crate::app::failure::Failure;
use crate::app::give::{Gift, GiveButton};
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
    let [what, kept] = failure.text();
    let onclick = props.try_again.reform(|_: MouseEvent| ());
    html! {
        <div class="trouble" role="alert">
            <p class="trouble__what">{ what }</p>
            <p>{ kept }</p>
            <div class="trouble__do">
                <button type="button" class="button" {onclick}>{ "Try again" }</button>
                <GiveButton label="Copy a report" gift={Gift::Copy(failure.report().to_owned())} />
            </div>
            <details>
                <summary>{ "What the report says" }</summary>
                <pre class="trouble__report">{ failure.report() }</pre>
            </details>
        </div>
    }
}
