//! Fields and buttons.

use crate::app::words::{Word, t};
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

/// A field with its label: of one line, or an area.
pub(super) fn field(label: Word, value: &str, rows: u32, on_value: Callback<String>) -> Html {
    let input = if rows == 1 {
        let oninput = on_value.reform(typed);
        html! { <input type="text" value={value.to_owned()} {oninput} /> }
    } else {
        area(value, rows, false, on_value)
    };
    labelled("make__field", label, input)
}

/// A short field for a number.
pub(super) fn number(label: Word, value: u32, on_value: Callback<String>) -> Html {
    let oninput = on_value.reform(typed);
    let input = html! { <input type="text" inputmode="numeric" maxlength="4" value={value.to_string()} {oninput} /> };
    labelled("make__field make__field--short", label, input)
}

/// A field for a manifest.
pub(super) fn manifest(label: Word, value: &str, on_value: Callback<String>) -> Html {
    labelled("make__field make__field--code", label, area(value, 14, true, on_value))
}

/// A field of one line with texts to choose from, each with what it means.
pub(super) fn suggested(
    label: Word,
    value: &str,
    id: &str,
    options: &[(String, String)],
    on_value: Callback<String>,
) -> Html {
    let oninput = on_value.reform(typed);
    let options = options.iter().map(|(text, meaning)| html! { <option value={text.clone()}>{ meaning }</option> });
    let input =
        html! { <input type="text" value={value.to_owned()} list={id.to_owned()} autocomplete="off" {oninput} /> };
    // Beside the label: inside, its texts would be part of the name of the field.
    html! { <>{ labelled("make__field", label, input) }<datalist id={id.to_owned()}>{ for options }</datalist></> }
}

/// One of a few, by its number.
pub(super) fn choice(label: Word, options: &[Word], chosen: usize, on_value: Callback<String>) -> Html {
    let onchange = on_value.reform(|event: Event| {
        event.target_dyn_into::<HtmlSelectElement>().map(|field| field.value()).unwrap_or_default()
    });
    let option = |(index, word): (usize, &Word)| {
        html! { <option value={index.to_string()} selected={index == chosen}>{ t(*word) }</option> }
    };
    let input = html! { <select {onchange}>{ for options.iter().enumerate().map(option) }</select> };
    labelled("make__field", label, input)
}

pub(super) fn button(label: Word, onclick: Callback<MouseEvent>, is_off: bool) -> Html {
    html! { <button type="button" class="button" disabled={is_off} {onclick}>{ t(label) }</button> }
}

fn labelled(class: &'static str, label: Word, input: Html) -> Html {
    html! { <label {class}><span>{ t(label) }</span>{ input }</label> }
}

/// At every letter: what the page does not know yet would be lost when it is drawn again.
fn typed(event: InputEvent) -> String {
    event.target_dyn_into::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default()
}

fn area(value: &str, rows: u32, is_code: bool, on_value: Callback<String>) -> Html {
    let oninput = on_value.reform(|event: InputEvent| {
        event.target_dyn_into::<HtmlTextAreaElement>().map(|field| field.value()).unwrap_or_default()
    });
    html! { <textarea rows={rows.to_string()} value={value.to_owned()} {oninput} spellcheck={(!is_code).to_string()} wrap={if is_code { "off" } else { "soft" }} /> }
}
