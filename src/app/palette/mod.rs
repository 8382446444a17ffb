//! Everything that can be done and reached, to search in: the palette that Ctrl+K opens.

mod entries;
mod fuzzy;

pub(crate) use entries::{Entry, Possible, entries};

use super::desk::Desk;
use super::editor::call;
use super::route::Route;
use super::words::{t, w};
use fuzzy::fit;
use gloo::timers::callback::Timeout;
use sidecar_playground::task::{Done, RuleLine, Task};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlInputElement};
use yew::prelude::*;

/// Most entries that are shown.
const SHOWN: usize = 60;

/// Opens the palette, at once: what is typed next must not go into the manifest.
pub(crate) fn open() {
    let document = gloo::utils::document();
    let dialog = document.get_element_by_id("palette").and_then(|found| found.dyn_into::<HtmlDialogElement>().ok());
    if let Some(dialog) = dialog.filter(|dialog| !dialog.open()) {
        let _ = dialog.show_modal();
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct PaletteProps {
    pub(crate) desk: Desk,
    /// Gives what is offered, when it is wanted.
    pub(crate) entries: Callback<(), Vec<Entry>>,
}

/// The window. It is always there, closed; the list is made when it opens. The focus stays in the field; the list is walked with the arrows.
#[component]
pub(crate) fn Palette(props: &PaletteProps) -> Html {
    let dialog = use_node_ref();
    let field = use_node_ref();
    let is_open = use_state_eq(|| false);
    let query = use_state(String::new);
    let marked = use_state(|| 0_usize);
    let rules = use_state(Rc::<Vec<RuleLine>>::default);
    {
        let (desk, rules) = (props.desk.clone(), rules.setter());
        use_effect_with(*is_open, move |is_open| {
            let on_done = Callback::from(move |done| {
                if let Done::Rules(found) = done {
                    rules.set(Rc::new(found));
                }
            });
            if *is_open {
                desk.engine.run("", &Task::Rules, on_done);
            }
        });
    }
    let wanted = query.trim().to_lowercase();
    let of_rules = rules.iter().map(|rule| Entry {
        group: w::ROUTE_RULES,
        label: rule.id.clone(),
        hint: rule.summary.clone(),
        act: go_to(&Route::Rules(rule.id.clone())),
    });
    // Rules are many: they come when they are asked for.
    let offered = if *is_open { props.entries.emit(()) } else { Vec::new() };
    let all = offered.into_iter().chain(of_rules.filter(|_| !wanted.is_empty()));
    let mut found: Vec<(i32, Entry)> = all
        .filter_map(|entry| {
            let label = entry.label.to_lowercase();
            let text = format!("{} {}", t(entry.group), entry.hint).to_lowercase();
            // What a thing is called counts twice as much as what is said about it.
            let points =
                fit(&wanted, &label).map(|points| points * 2).or_else(|| fit(&wanted, &format!("{label} {text}")))?;
            Some((points, entry))
        })
        .collect();
    found.sort_by_key(|(points, _)| -points);
    found.truncate(SHOWN);
    let mark = (*marked).min(found.len().saturating_sub(1));
    let choose = {
        let dialog = dialog.clone();
        Callback::from(move |act: Callback<()>| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                dialog.close();
            }
            // The window gives the focus back first.
            Timeout::new(0, move || act.emit(())).forget();
        })
    };
    {
        use_effect_with(mark, |mark| {
            let option = gloo::utils::document().get_element_by_id(&format!("palette-{mark}"));
            let nearest = js_sys::Object::new();
            let _ = js_sys::Reflect::set(&nearest, &"block".into(), &"nearest".into());
            option.iter().for_each(|option| drop(call(option, "scrollIntoView", &[nearest.clone().into()])));
        });
    }
    let oninput = {
        let (query, marked) = (query.setter(), marked.setter());
        Callback::from(move |event: InputEvent| {
            query.set(event.target_dyn_into::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default());
            marked.set(0);
        })
    };
    let onkeydown = {
        let (marked, choose, count) = (marked.setter(), choose.clone(), found.len());
        let act = found.get(mark).map(|(_, entry)| entry.act.clone());
        Callback::from(move |event: KeyboardEvent| {
            match (event.key().as_str(), &act) {
                ("ArrowDown", _) => marked.set(if mark + 1 < count { mark + 1 } else { 0 }),
                ("ArrowUp", _) => marked.set(mark.checked_sub(1).unwrap_or(count.saturating_sub(1))),
                ("Enter", Some(act)) => choose.emit(act.clone()),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let options = found.iter().enumerate().map(|(index, (_, entry))| {
        let onclick = {
            let (choose, act) = (choose.clone(), entry.act.clone());
            Callback::from(move |_: MouseEvent| choose.emit(act.clone()))
        };
        html! {
            <li key={index} id={format!("palette-{index}")} class="palette__entry" role="option" aria-selected={(index == mark).to_string()} {onclick}>
                <span class="palette__group">{ t(entry.group) }</span>
                <span class="palette__label">{ &entry.label }</span>
                <span class="palette__hint">{ &entry.hint }</span>
            </li>
        }
    });
    let onfocus = {
        let is_open = is_open.setter();
        Callback::from(move |_: FocusEvent| is_open.set(true))
    };
    let onclose = {
        let (is_open, query, marked, field) = (is_open.setter(), query.setter(), marked.setter(), field.clone());
        Callback::from(move |_: Event| {
            is_open.set(false);
            query.set(String::new());
            marked.set(0);
            if let Some(field) = field.cast::<HtmlInputElement>() {
                field.set_value("");
            }
        })
    };
    // A click beside it closes it.
    let onclick = {
        let dialog = dialog.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(dialog) =
                event.target_dyn_into::<HtmlDialogElement>().filter(|own| dialog.get().as_ref() == Some(own))
            {
                dialog.close();
            }
        })
    };
    let current = (!found.is_empty()).then(|| format!("palette-{mark}"));
    html! {
        <dialog id="palette" class="dialog dialog--palette" ref={dialog} aria-label={t(w::PALETTE_TITLE)} {onclose} {onclick}>
        <div class="palette">
            <input class="palette__field" type="text" ref={field} {onfocus} role="combobox" autocomplete="off" spellcheck="false"
                aria-expanded="true" aria-controls="palette-list" aria-activedescendant={current} aria-label={t(w::PALETTE_SEARCH)}
                placeholder={t(w::PALETTE_SEARCH)} {oninput} {onkeydown} />
            <ul class="palette__list" id="palette-list" role="listbox" aria-label={t(w::PALETTE_TITLE)}>{ for options }</ul>
            <p class="palette__none" role="status" hidden={!found.is_empty() || !*is_open}>{ t(w::PALETTE_NONE) }</p>
        </div>
        </dialog>
    }
}

/// Goes to a part of the site.
fn go_to(route: &Route) -> Callback<()> {
    let address = route.address();
    Callback::from(move |()| drop(gloo::utils::window().location().set_hash(&address)))
}
