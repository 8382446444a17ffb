//! Files that come into the page. Getting them is the browser's business, and done in `src/web/files.js` and `address.js`.

use super::desk::Desk;
use super::editor::{call, load_rich};
use super::notice::About;
use super::words::{t, tf, w};
use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

/// What asks for files.
#[derive(Clone, PartialEq)]
pub(crate) struct Openers {
    /// Those of this machine.
    pub(crate) files: Callback<()>,
    /// Opens the window that asks another site for one, with this address in its field.
    pub(crate) address: Callback<String>,
}

/// Lets files be dropped and pasted, and gives what asks for some.
#[hook]
pub(crate) fn use_files(desk: &Desk, example: UseStateSetter<Option<&'static str>>) -> Openers {
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
    let files = {
        let module = module.clone();
        Callback::from(move |()| {
            if let Some((module, on_files)) = &*module.borrow() {
                call(module, "choose", std::slice::from_ref(on_files));
            }
        })
    };
    let address = {
        let desk = desk.clone();
        Callback::from(move |address: String| {
            let Some((module, on_files)) = module.borrow().clone() else { return };
            if call(&module, "ask", &[on_files, address.into()]).is_falsy() {
                desk.say(About::Address, t(w::ADDRESS_NO_WINDOW), None);
            }
        })
    };
    Openers { files, address }
}

/// Offers what the address of this page names behind `?url=`. Nobody is asked for it before someone agrees.
#[hook]
pub(crate) fn use_offered(desk: &Desk, address: Option<&str>, openers: &Openers) {
    let (desk, address, ask) = (desk.clone(), address.map(str::to_owned), openers.address.clone());
    use_effect_with((), move |()| {
        let Some(address) = address else { return };
        let host = web_sys::Url::new(&address).map_or_else(|_| address.clone(), |url| url.host());
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let name = path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(path);
        let text = tf(w::ADDRESS_OFFERED, [&name, &host]);
        let act = Callback::from(move |()| {
            super::query::forget("url");
            ask.emit(address.clone());
        });
        desk.say(About::Address, &text, Some((t(w::ADDRESS_LOOK), act)));
    });
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
            let done = match field("host").as_string() {
                Some(host) => tf(w::TEXT_OPENED_ADDRESS, [&name, &host]),
                None => tf(w::TEXT_OPENED_FILE, [&name]),
            };
            desk.replace(&text, &(done + &left), w::WHY_FILE);
        }
        (count, Some(text)) => {
            desk.replace(&text, &(tf(w::TEXT_OPENED_FILES, [&count]) + &left), w::WHY_FILES);
        }
    }
}
