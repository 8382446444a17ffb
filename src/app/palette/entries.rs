//! What the palette offers beside the rules.

use super::go_to;
use crate::app::Panel;
use crate::app::look::{THEMES, set_theme};
use crate::app::route::Route;
use crate::app::state::{Action, Pane, State};
use crate::app::store::Store;
use crate::app::words::{LANGUAGES, Word, said, t, w};
use sidecar_playground::diagram::kinds::KINDS;
use sidecar_playground::gallery;
use sidecar_playground::view::Writing;
use std::rc::Rc;
use yew::{Callback, UseReducerHandle};

/// Something to do or to reach.
#[derive(Clone, PartialEq)]
pub(crate) struct Entry {
    /// Of which kind it is.
    pub(crate) group: Word,
    pub(crate) label: String,
    /// What else is known of it; it is searched as well.
    pub(crate) hint: String,
    pub(crate) act: Callback<()>,
}

/// What can be done with the page.
pub(crate) struct Possible {
    pub(crate) state: UseReducerHandle<State>,
    pub(crate) store: Rc<Store>,
    pub(crate) open: Callback<Panel>,
    pub(crate) on_example: Callback<&'static str>,
    pub(crate) on_open: Callback<()>,
    /// Not where the page is inside another one.
    pub(crate) on_address: Option<Callback<()>>,
    pub(crate) on_clear: Callback<()>,
    pub(crate) on_language: Callback<&'static str>,
}

/// All of it, in the order in which it is offered.
pub(crate) fn entries(possible: &Possible) -> Vec<Entry> {
    let mut all = Vec::new();
    let mut add = |group: Word, label: String, hint: String, act: Callback<()>| {
        all.push(Entry { group, label, hint, act });
    };
    let command = w::PALETTE_COMMAND;
    for panel in [Panel::Share, Panel::Export, Panel::History, Panel::Keys] {
        add(command, t(panel.label()).to_owned(), String::new(), possible.open.reform(move |()| panel));
    }
    add(command, t(w::TOOLS_OPEN).to_owned(), t(w::TOOLS_OPEN_ABOUT).to_owned(), possible.on_open.clone());
    if let Some(on_address) = &possible.on_address {
        add(command, t(w::ADDRESS_OPEN).to_owned(), t(w::ADDRESS_OPEN_ABOUT).to_owned(), on_address.clone());
    }
    add(command, t(w::TOOLS_CLEAR).to_owned(), String::new(), possible.on_clear.clone());

    let dispatch = |action: fn(usize) -> Action, index: usize| {
        let state = possible.state.clone();
        Callback::from(move |()| state.dispatch(action(index)))
    };
    for (index, workload) in possible.state.view.workloads.iter().enumerate() {
        add(w::PICTURE_WORKLOAD, workload.clone(), String::new(), dispatch(Action::Workload, index));
    }
    for kind in KINDS {
        let (state, id) = (possible.state.clone(), kind.id);
        let act = Callback::from(move |()| {
            state.dispatch(Action::Kind(id));
            state.dispatch(Action::Pane(Pane::Picture));
        });
        add(w::PALETTE_PICTURE, said(kind.title), said(kind.about), act);
    }
    for (writing, label) in [
        (Writing::Picture, t(w::PICTURE_DRAWN)),
        (Writing::Outline, t(w::PICTURE_AS_TEXT)),
        (Writing::Mermaid, "Mermaid"),
    ] {
        let state = possible.state.clone();
        let act = Callback::from(move |()| state.dispatch(Action::Writing(writing)));
        add(w::PICTURE_SHOWN_AS, label.to_owned(), String::new(), act);
    }
    for example in gallery::examples() {
        let act = possible.on_example.reform(move |()| example.id);
        add(w::EXAMPLE_LABEL, example.title.to_owned(), example.id.to_owned(), act);
    }
    for route in Route::parts() {
        add(w::PALETTE_PAGE, t(route.name()).to_owned(), String::new(), go_to(&route));
    }
    for (id, label) in THEMES {
        let store = possible.store.clone();
        add(w::SETTINGS_THEME, t(label).to_owned(), String::new(), Callback::from(move |()| set_theme(&store, id)));
    }
    for (id, name) in LANGUAGES {
        add(w::PAGE_LANGUAGE, name.to_owned(), String::new(), possible.on_language.reform(move |()| id));
    }
    all
}
