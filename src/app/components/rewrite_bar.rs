//! The rewrites that there are for the workload that is shown.

use sidecar_playground::form::Form;
use sidecar_playground::view::Change;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct RewriteBarProps {
    pub(crate) offers: Vec<Change>,
    /// Called with the change to look at.
    pub(crate) propose: Callback<Change>,
}

/// A button for each, which opens the window with its diff.
#[component]
pub(crate) fn RewriteBar(props: &RewriteBarProps) -> Html {
    let buttons = props.offers.iter().map(|change| {
        let onclick = {
            let (propose, change) = (props.propose.clone(), change.clone());
            Callback::from(move |_: MouseEvent| propose.emit(change.clone()))
        };
        let (label, about) = words(change);
        html! { <button key={label} type="button" class="button" title={about} aria-haspopup="dialog" {onclick}>{ label }</button> }
    });
    html! {
        <div class="rewrite-bar" role="group" aria-label="Rewrite" hidden={props.offers.is_empty()}>
            <span class="rewrite-bar__label">{ "Rewrite" }</span>
            { for buttons }
        </div>
    }
}

/// What a button says, and what it does.
fn words(change: &Change) -> (&'static str, &'static str) {
    match change {
        Change::Fix(..) => ("Fix…", ""),
        Change::Form(Form::Native) => {
            ("Make native…", "Turn the traditional sidecars into init containers with restartPolicy: Always")
        }
        Change::Form(Form::Traditional) => {
            ("Make traditional…", "Turn the native sidecars into regular containers, for older clusters")
        }
        Change::Merge => ("Merge the split sidecar…", "Move the helper into the Pod of its app"),
        Change::Pod(Form::Native) => ("Make a Pod, native…", "Make Pods of the services, helpers as native sidecars"),
        Change::Pod(Form::Traditional) => {
            ("Make a Pod, traditional…", "Make Pods of the services, helpers as regular containers")
        }
    }
}
