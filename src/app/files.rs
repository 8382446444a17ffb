//! Files that come into the page. Reading them is the browser's business, and done in `src/web/files.js`.

use super::desk::Desk;
use super::editor::{call, load_rich};
use super::notice::About;
use super::words::{t, tf, w};
use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

/// Lets files be dropped and pasted; the callback asks for some.
#[hook]
pub(crate) fn use_files(desk: &Desk, example: UseStateSetter<Option<&'static str>>) -> Callback<()> {
    let module = use_mut_ref(|| None::<(JsValue, JsValue)>);
    {
        let (desk, module) = (desk.clone(), module.clone());
        use_effect_with((), move |()| {
            load_rich(move |loaded| {
                let on_files = Closure::<dyn FnMut(JsValue)>::new(move |files: JsValue| {
                    open(&desk, &files);
                    example.set(None);
                });
                let on_files = on_files.into_js_value();
                call(&loaded, "listen", std::slice::from_ref(&on_files));
                *module.borrow_mut() = Some((loaded, on_files));
            });
        });
    }
    Callback::from(move |()| {
        if let Some((module, on_files)) = &*module.borrow() {
            call(module, "choose", std::slice::from_ref(on_files));
        }
    })
}

fn open(desk: &Desk, files: &JsValue) {
    let field = |name: &str| Reflect::get(files, &name.into()).unwrap_or_default();
    let count = |name: &str| field(name).as_f64().unwrap_or_default() as u32;
    let left = match count("left") {
        0 => String::new(),
        left => format!(" {}", tf(w::TEXT_FILES_LEFT, [&left])),
    };
    match (count("count"), field("text").as_string()) {
        (0, _) | (_, None) => desk.say(About::Text, t(w::TEXT_NO_MANIFEST), None),
        (1, Some(text)) => {
            let name = field("name").as_string().unwrap_or_default();
            desk.replace(&text, &(tf(w::TEXT_OPENED_FILE, [&name]) + &left), w::WHY_FILE);
        }
        (count, Some(text)) => {
            desk.replace(&text, &(tf(w::TEXT_OPENED_FILES, [&count]) + &left), w::WHY_FILES);
        }
    }
}
