//! What the page keeps in this browser, so that no text is ever lost. Nothing of it is ever sent.
//!
//! Each tab saves its text under a name of its own, so tabs do not overwrite each other; a new tab starts with a copy of
//! what was saved last. A text that was replaced goes into the history, which all tabs share.
//!
//! **Invariants:** every name starts with [`PREFIX`] and has a version; what cannot be read counts as not there; what
//! cannot be written is said once and never stops anything.

use super::words::{Word, english, language, w};
use js_sys::{Array, Date, JSON};
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Storage;
use yew::Callback;

/// How the names of all that is kept begin.
const PREFIX: &str = "sidecar-playground/";
const TEXTS: &str = "sidecar-playground/text/1/";
const HISTORY: &str = "sidecar-playground/history/1";
const START: &str = "sidecar-playground/start/1";
const TAB: &str = "sidecar-playground/tab/1";

/// Most texts in the history.
const MOST: usize = 20;

/// Longest text that is kept, in UTF-16 units: browsers give a site about five million.
const LONGEST: u32 = 1_000_000;

/// Most units of all texts of the history together.
const HISTORY_SIZE: u32 = 1_500_000;

/// Most tabs whose text is kept; the oldest goes into the history.
const TABS: usize = 6;

/// A start that was begun less than this many milliseconds ago may still be under way, in another tab.
const STARTING: f64 = 4_000.0;

/// A text that was kept.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    /// When, in milliseconds since 1970.
    pub(crate) at: f64,
    /// Why: `before an example was opened`.
    pub(crate) why: String,
    pub(crate) text: String,
}

impl Kept {
    fn to_json(&self) -> Array {
        Array::of3(&self.at.into(), &self.why.as_str().into(), &self.text.as_str().into())
    }

    fn of_json(json: &JsValue) -> Option<Self> {
        let json: &Array = json.dyn_ref()?;
        Some(Self { at: json.get(0).as_f64()?, why: json.get(1).as_string()?, text: json.get(2).as_string()? })
    }

    /// When it was kept, as people here write it.
    pub(crate) fn when(&self) -> String {
        let options = js_sys::Object::new();
        for (name, value) in [("dateStyle", "medium"), ("timeStyle", "medium")] {
            let _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
        }
        let date = Date::new(&self.at.into());
        let own = gloo::utils::window().navigator().language().filter(|own| own.starts_with(language()));
        date.to_locale_string(&own.unwrap_or_else(|| language().to_owned()), &options).into()
    }
}

/// What this browser keeps.
pub(crate) struct Store {
    local: Option<Storage>,
    /// Names the place of this tab.
    tab: RefCell<String>,
    /// Told once, when something cannot be kept.
    on_trouble: Callback<Word>,
    is_told: Cell<bool>,
    /// When the last text of this tab went into the history while typing.
    remembered_at: Cell<f64>,
}

impl Store {
    /// Keeps nothing and says nothing: for pages inside other pages, which share no state.
    pub(crate) fn none() -> Self {
        Self {
            local: None,
            tab: RefCell::default(),
            on_trouble: Callback::noop(),
            is_told: Cell::new(true),
            remembered_at: Cell::new(0.0),
        }
    }

    /// Opens what there is. Browsers can refuse it.
    pub(crate) fn open(on_trouble: Callback<Word>) -> Self {
        let window = gloo::utils::window();
        let local = window.local_storage().ok().flatten();
        let session = window.session_storage().ok().flatten();
        let known = session.as_ref().and_then(|session| session.get_item(TAB).ok().flatten());
        let tab = known.unwrap_or_else(new_tab);
        if let Some(session) = session {
            let _ = session.set_item(TAB, &tab);
        }
        Self {
            local,
            tab: RefCell::new(tab),
            on_trouble,
            is_told: Cell::new(false),
            remembered_at: Cell::new(Date::now()),
        }
    }

    /// Says whether the start before this one never came to its end, and begins this one.
    pub(crate) fn begin(&self) -> bool {
        let before = self.read(START).and_then(|at| JSON::parse(&at).ok()?.as_f64());
        self.write(START, &stringify(&Date::now().into()));
        before.is_some_and(|at| Date::now() - at > STARTING)
    }

    /// The start came to its end.
    pub(crate) fn started(&self) {
        self.remove(START);
    }

    /// The text of this tab, or what any other saved last.
    pub(crate) fn text(&self) -> Option<Kept> {
        let own = self.read(&self.place()).and_then(|json| Kept::of_json(&JSON::parse(&json).ok()?));
        own.or_else(|| self.tabs().into_iter().map(|(_, kept)| kept).next())
    }

    /// Keeps the text of this tab, and every now and then a copy in the history. `units` says how long it is.
    pub(crate) fn save(&self, units: u32, text: impl Fn() -> String) {
        let now = Date::now();
        if units > LONGEST {
            self.trouble(w::STORE_TOO_LARGE);
            return;
        }
        let place = self.place();
        if now - self.remembered_at.get() > 60_000.0 {
            self.remembered_at.set(now);
            let previous = self.read(&place).and_then(|json| Kept::of_json(&JSON::parse(&json).ok()?));
            if let Some(previous) = previous {
                self.remember(english(w::WHY_TYPING), &previous.text);
            }
        }
        let kept = Kept { at: now, why: String::new(), text: text() };
        self.write(&place, &stringify(&kept.to_json()));
        if self.names().iter().filter(|name| name.starts_with(TEXTS)).count() > TABS {
            for (name, kept) in self.tabs().into_iter().skip(TABS) {
                self.remember(english(w::WHY_CLOSED_TAB), &kept.text);
                self.remove(&name);
            }
        }
    }

    /// Puts a text into the history, unless it stands there already.
    pub(crate) fn remember(&self, why: &str, text: &str) {
        if text.trim().is_empty() || text.encode_utf16().count() > LONGEST as usize {
            return;
        }
        let mut history = self.history();
        history.retain(|kept| kept.text != text);
        history.insert(0, Kept { at: Date::now(), why: why.to_owned(), text: text.to_owned() });
        history.truncate(MOST);
        loop {
            let json: Array = history.iter().map(Kept::to_json).collect();
            let json = stringify(&json);
            let fits = json.encode_utf16().count() <= HISTORY_SIZE as usize;
            if fits && self.try_write(HISTORY, &json) {
                return;
            }
            // Full: the oldest make room.
            if history.len() <= 1 {
                self.write(HISTORY, &json);
                return;
            }
            history.truncate(history.len() / 2);
        }
    }

    /// Texts that were replaced, newest first.
    pub(crate) fn history(&self) -> Vec<Kept> {
        let json = self.read(HISTORY).and_then(|json| JSON::parse(&json).ok());
        let list = json.and_then(|json| json.dyn_into::<Array>().ok()).unwrap_or_default();
        list.iter().filter_map(|kept| Kept::of_json(&kept)).collect()
    }

    /// The texts of other tabs, newest first.
    pub(crate) fn others(&self) -> Vec<Kept> {
        let own = self.place();
        self.tabs().into_iter().filter(|(name, _)| *name != own).map(|(_, kept)| kept).collect()
    }

    /// Another tab wrote to this tab's place: it is a duplicate of this one, and from now on has another place.
    pub(crate) fn changed_elsewhere(&self, name: &str) {
        if name == self.place() {
            let tab = new_tab();
            if let Some(session) = gloo::utils::window().session_storage().ok().flatten() {
                let _ = session.set_item(TAB, &tab);
            }
            *self.tab.borrow_mut() = tab;
        }
    }

    /// Everything that is kept: names and sizes in characters.
    pub(crate) fn contents(&self) -> Vec<(String, u32)> {
        let size =
            |name: &String| self.read(name).map_or(0, |text| u32::try_from(text.chars().count()).unwrap_or(u32::MAX));
        let names = self.names();
        names.into_iter().map(|name| (size(&name), name)).map(|(size, name)| (name, size)).collect()
    }

    /// Keeps what was chosen once and for all, such as the language. `boot.js` reads some of it.
    pub(crate) fn choose(&self, what: &str, value: &str) {
        if self.works() {
            self.write(&format!("{PREFIX}{what}/1"), value);
        }
    }

    /// What was chosen.
    pub(crate) fn choice(&self, what: &str) -> Option<String> {
        self.read(&format!("{PREFIX}{what}/1"))
    }

    /// Whether the browser keeps anything at all.
    pub(crate) fn works(&self) -> bool {
        self.local.is_some()
    }

    /// Removes everything.
    pub(crate) fn clear(&self) {
        for name in self.names() {
            self.remove(&name);
        }
        if let Some(session) = gloo::utils::window().session_storage().ok().flatten() {
            let _ = session.remove_item(TAB);
        }
    }

    /// Removes the history.
    pub(crate) fn clear_history(&self) {
        self.remove(HISTORY);
    }

    fn place(&self) -> String {
        format!("{TEXTS}{}", self.tab.borrow())
    }

    fn tabs(&self) -> Vec<(String, Kept)> {
        let names = self.names().into_iter().filter(|name| name.starts_with(TEXTS));
        let mut kept: Vec<(String, Kept)> = Vec::new();
        for name in names {
            let Some(found) = self.read(&name).and_then(|json| Kept::of_json(&JSON::parse(&json).ok()?)) else {
                continue;
            };
            let at = kept.iter().position(|(_, known)| known.at < found.at).unwrap_or(kept.len());
            kept.insert(at, (name, found));
        }
        kept
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let Some(local) = &self.local else { return Vec::new() };
        let names = (0..local.length().unwrap_or_default()).filter_map(|index| local.key(index).ok().flatten());
        names.filter(|name| name.starts_with(PREFIX)).collect()
    }

    /// What is kept under a name.
    pub(crate) fn read(&self, name: &str) -> Option<String> {
        self.local.as_ref()?.get_item(name).ok().flatten()
    }

    pub(crate) fn remove(&self, name: &str) {
        if let Some(local) = &self.local {
            let _ = local.remove_item(name);
        }
    }

    fn try_write(&self, name: &str, value: &str) -> bool {
        self.local.as_ref().is_some_and(|local| local.set_item(name, value).is_ok())
    }

    /// Keeps a text under a name, which starts with [`PREFIX`].
    pub(crate) fn write(&self, name: &str, value: &str) {
        if self.try_write(name, value) {
            return;
        }
        self.trouble(match self.local {
            Some(_) => w::STORE_FULL,
            None => w::STORE_REFUSED,
        });
    }

    fn trouble(&self, what: Word) {
        if !self.is_told.replace(true) {
            self.on_trouble.emit(what);
        }
    }
}

pub(crate) fn stringify(json: &JsValue) -> String {
    JSON::stringify(json).map(String::from).unwrap_or_default()
}

fn new_tab() -> String {
    ((Date::now() * 1000.0 + js_sys::Math::random() * 1e6) as u64).to_string()
}
