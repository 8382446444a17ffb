//! The editor pane: a plain textarea until CodeMirror is there, and where it cannot load.

use super::words::{self, t, w};
use js_sys::{Array, Function, JsString, Object, Promise, Reflect};
use sidecar_playground::view::{Range, View};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// The editor, whichever of the two it is.
#[derive(Default)]
pub(crate) struct EditorHandle {
    /// The object that the editor module gave.
    rich: Option<JsValue>,
    plain: Option<HtmlTextAreaElement>,
    /// The text until there is an editor.
    first: String,
    on_text: Callback<Changed>,
}

/// What has changed in the text: a flat list of `from, to, insert`, to be made one after the other; nothing when it is
/// another text.
pub(crate) type Changed = Option<Array>;

impl EditorHandle {
    /// The text to start with.
    pub(crate) fn begin(&mut self, text: &str) {
        text.clone_into(&mut self.first);
    }

    /// The whole text. Of a large one that is work.
    pub(crate) fn js_text(&self) -> JsString {
        if let Some(editor) = &self.rich {
            call(editor, "text", &[]).dyn_into().unwrap_or_else(|_| JsString::from(""))
        } else if let Some(field) = &self.plain {
            field.value().into()
        } else {
            self.first.as_str().into()
        }
    }

    /// How many UTF-16 units the text has.
    pub(crate) fn units(&self) -> u32 {
        match &self.rich {
            Some(editor) => call(editor, "units", &[]).as_f64().unwrap_or_default() as u32,
            None => self.js_text().length(),
        }
    }

    /// Replaces the whole text; the user can undo it. What is told about that may use the handle.
    pub(crate) fn replace(handle: &RefCell<Self>, text: &str) {
        let (rich, plain, on_text) = {
            let mut handle = handle.borrow_mut();
            if handle.rich.is_none() && handle.plain.is_none() {
                text.clone_into(&mut handle.first);
            }
            (handle.rich.clone(), handle.plain.clone(), handle.on_text.clone())
        };
        if let Some(editor) = rich {
            call(&editor, "setText", &[text.into()]);
        } else if let Some(field) = plain {
            field.set_value(text);
            on_text.emit(None);
        }
    }

    /// Selects a range, brings it into view and takes the focus there.
    pub(crate) fn select(&self, range: Range) {
        if let Some(editor) = &self.rich {
            call(editor, "select", &[range.from.into(), range.to.into(), true.into()]);
        } else if let Some(field) = &self.plain {
            let _ = field.focus();
            let _ = field.set_selection_range(range.from, range.to);
        }
    }

    /// Says its own words in the language of the page.
    pub(crate) fn speak(&self) {
        if let Some(editor) = &self.rich {
            call(editor, "speak", &[t(w::PAGE_MANIFEST).into(), words::phrases()]);
        }
    }

    /// Selects everything and takes the focus there: the next thing that is pasted takes its place.
    pub(crate) fn select_all(&self) {
        self.select(Range { from: 0, to: self.units() });
    }

    /// Takes the focus to where someone was in another field.
    pub(crate) fn take_caret(&self, caret: FieldCaret) {
        if caret.is_all {
            self.select_all();
        } else {
            self.select(caret.selected);
        }
    }

    /// Marks what is wrong at its lines.
    pub(crate) fn mark(&self, view: &View) {
        let Some(editor) = &self.rich else { return };
        let problems = view.problems.iter().map(|problem| {
            let severity = if problem.is_unreadable { "error" } else { "warning" };
            mark(problem.range, severity, &problem.message)
        });
        let findings = view
            .findings
            .iter()
            .chain(&view.in_sight)
            .map(|finding| mark(finding.range, finding.severity.id(), &finding.message));
        let marks: Array = problems.chain(findings).collect();
        call(editor, "setMarks", &[marks.into()]);
    }
}

/// Where someone is in a plain field, in UTF-16 units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FieldCaret {
    selected: Range,
    /// Whether that is the whole text: of another text it is the whole as well.
    is_all: bool,
}

impl FieldCaret {
    /// The caret in the field that has the focus, if it is one.
    pub(crate) fn of_active() -> Option<Self> {
        Self::of(&gloo::utils::document().active_element()?.dyn_into().ok()?)
    }

    fn of(field: &HtmlTextAreaElement) -> Option<Self> {
        let at = |found: Result<Option<u32>, JsValue>| found.ok().flatten();
        let selected = Range { from: at(field.selection_start())?, to: at(field.selection_end())? };
        let is_all = selected.from == 0 && selected.to > 0 && selected.to == units(field);
        Some(Self { selected, is_all })
    }
}

fn units(field: &HtmlTextAreaElement) -> u32 {
    JsString::from(field.value()).length()
}

fn mark(range: Range, severity: &str, message: &str) -> JsValue {
    let mark = Object::new();
    let fields: [(&str, JsValue); 4] = [
        ("from", range.from.into()),
        ("to", range.to.into()),
        ("severity", severity.into()),
        ("message", message.into()),
    ];
    for (name, value) in fields {
        let _ = Reflect::set(&mark, &name.into(), &value);
    }
    mark.into()
}

/// Calls a method of an object of the editor module; an editor that lost it says nothing.
pub(crate) fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> JsValue {
    let method = Reflect::get(object, &method.into()).ok().and_then(|found| found.dyn_into::<Function>().ok());
    let arguments: Array = arguments.iter().collect();
    method.and_then(|method| method.apply(object, &arguments).ok()).unwrap_or(JsValue::UNDEFINED)
}

#[derive(Properties)]
pub(crate) struct EditorPaneProps {
    /// The id of the plain field; a page can have more than one editor.
    #[prop_or("editor-text")]
    pub(crate) id: &'static str,
    /// Whether it can only be read.
    pub(crate) is_read_only: bool,
    /// Has the text to start with; is filled in with the editor.
    pub(crate) handle: Rc<RefCell<EditorHandle>>,
    /// Called at each change of the text.
    pub(crate) on_text: Callback<Changed>,
    /// Called with the caret's UTF-16 offset when the user moves it.
    pub(crate) on_caret: Callback<u32>,
    /// Called with the part of the text that is in sight, when that is another one.
    pub(crate) on_sight: Callback<Range>,
}

impl PartialEq for EditorPaneProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.handle, &other.handle)
            && self.on_text == other.on_text
            && self.on_caret == other.on_caret
            && self.on_sight == other.on_sight
    }
}

/// The editor pane.
#[component]
pub(crate) fn EditorPane(props: &EditorPaneProps) -> Html {
    let field = use_node_ref();
    let place = use_node_ref();
    let is_rich = use_state(|| false);
    // Callbacks change with each rendering, the editor is made once: it calls what is newest.
    let calls = use_mut_ref(|| (Callback::noop(), Callback::noop(), Callback::noop()));
    *calls.borrow_mut() = (props.on_text.clone(), props.on_caret.clone(), props.on_sight.clone());
    {
        let (field, place, is_rich, calls) = (field.clone(), place.clone(), is_rich.setter(), calls.clone());
        let (handle, is_read_only) = (props.handle.clone(), props.is_read_only);
        use_effect_with((), move |()| {
            let plain = field.cast::<HtmlTextAreaElement>();
            {
                let mut handle = handle.borrow_mut();
                if let Some(plain) = &plain {
                    plain.set_value(&handle.first);
                }
                handle.plain = plain.clone();
                let calls = calls.clone();
                handle.on_text = Callback::from(move |changed| emit_text(&calls, changed));
            }
            load_rich(move |module| {
                let (Some(place), Some(plain)) = (place.cast::<web_sys::Element>(), plain) else { return };
                let active = gloo::utils::document().active_element();
                let caret = active.filter(|active| *active == *plain.as_ref()).and_then(|_| FieldCaret::of(&plain));
                let editor = create(&module, &place, &plain.value(), is_read_only, &calls);
                if editor.is_object() {
                    handle.borrow_mut().rich = Some(editor.clone());
                    is_rich.set(true);
                    // At once: what is hidden cannot have the focus, and two editors have no room side by side.
                    let _ = place.remove_attribute("hidden");
                    let _ = plain.set_attribute("hidden", "");
                    if let Some(caret) = caret {
                        handle.borrow().take_caret(caret);
                    }
                }
            });
        });
    }
    let oninput = {
        let calls = calls.clone();
        Callback::from(move |_: InputEvent| emit_text(&calls, None))
    };
    let onselect = {
        let field = field.clone();
        Callback::from(move |_: Event| {
            let at = field.cast::<HtmlTextAreaElement>().and_then(|field| field.selection_start().ok().flatten());
            if let Some(at) = at {
                calls.borrow().1.emit(at);
            }
        })
    };
    html! {
        <section class="editor" aria-label={t(w::PAGE_MANIFEST)}>
            <div class="editor__rich" ref={place} hidden={!*is_rich}></div>
            <textarea id={props.id} class="editor__plain" ref={field} hidden={*is_rich} readonly={props.is_read_only} {oninput} {onselect}
                aria-label={t(w::PAGE_MANIFEST)} spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off" />
        </section>
    }
}

type Calls = Rc<RefCell<(Callback<Changed>, Callback<u32>, Callback<Range>)>>;

/// Calls outside of the borrow: what is called may render, and rendering replaces the callbacks.
fn emit_text(calls: &Calls, changed: Changed) {
    let on_text = calls.borrow().0.clone();
    on_text.emit(changed);
}

fn create(module: &JsValue, place: &web_sys::Element, text: &str, is_read_only: bool, calls: &Calls) -> JsValue {
    let on_change = {
        let calls = calls.clone();
        Closure::<dyn FnMut(Array)>::new(move |changes: Array| emit_text(&calls, Some(changes)))
    };
    let on_select = {
        let calls = calls.clone();
        Closure::<dyn FnMut(f64, f64)>::new(move |from: f64, _| {
            let on_caret = calls.borrow().1.clone();
            on_caret.emit(from as u32);
        })
    };
    let on_sight = {
        let calls = calls.clone();
        Closure::<dyn FnMut(f64, f64)>::new(move |from: f64, to: f64| {
            let on_sight = calls.borrow().2.clone();
            on_sight.emit(Range { from: from as u32, to: to as u32 });
        })
    };
    let options = Object::new();
    let fields: [(&str, JsValue); 7] = [
        ("text", text.into()),
        ("onSight", on_sight.into_js_value()),
        ("readOnly", is_read_only.into()),
        ("label", t(w::PAGE_MANIFEST).into()),
        ("phrases", words::phrases()),
        ("onChange", on_change.into_js_value()),
        ("onSelect", on_select.into_js_value()),
    ];
    for (name, value) in fields {
        let _ = Reflect::set(&options, &name.into(), &value);
    }
    call(module, "create", &[place.into(), options.into()])
}

/// Waits for the module that `boot.js` asked for. Where it cannot load, the textarea stays.
pub(crate) fn load_rich(then: impl FnOnce(JsValue) + 'static) {
    let promised = Reflect::get(&gloo::utils::window(), &"sidecarEditor".into()).ok();
    let Some(promise) = promised.and_then(|promised| promised.dyn_into::<Promise>().ok()) else { return };
    yew::platform::spawn_local(async move {
        if let Ok(module) = wasm_bindgen_futures::JsFuture::from(promise).await {
            then(module);
        }
    });
}
