//! The rewrites that there are for the workload that is shown.

use crate::app::words::{Word, t, w};
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
        html! { <button key={t(label)} type="button" class="button" title={about.map(t)} aria-haspopup="dialog" {onclick}>{ t(label) }</button> }
    });
    html! {
        <div class="rewrite-bar" role="group" aria-label={t(w::REWRITE_LABEL)} hidden={props.offers.is_empty()}>
            <span class="rewrite-bar__label">{ t(w::REWRITE_LABEL) }</span>
            { for buttons }
        </div>
    }
}

/// What a button says, and what it does.
fn words(change: &Change) -> (Word, Option<Word>) {
    match change {
        Change::Fix(..) => (w::FINDING_FIX, None),
        Change::Form(Form::Native) => (w::REWRITE_NATIVE, Some(w::REWRITE_NATIVE_ABOUT)),
        Change::Form(Form::Traditional) => (w::REWRITE_TRADITIONAL, Some(w::REWRITE_TRADITIONAL_ABOUT)),
        Change::Merge => (w::REWRITE_MERGE, Some(w::REWRITE_MERGE_ABOUT)),
        Change::Pod(Form::Native) => (w::REWRITE_POD_NATIVE, Some(w::REWRITE_POD_NATIVE_ABOUT)),
        Change::Pod(Form::Traditional) => (w::REWRITE_POD_TRADITIONAL, Some(w::REWRITE_POD_TRADITIONAL_ABOUT)),
    }
}
