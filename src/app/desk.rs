//! The text on the desk: what replaces it, and the way back.

use super::editor::EditorHandle;
use super::engine::Engine;
use super::notice::{About, Notice, NoticeAction, Tell};
use super::store::Store;
use super::words::{Word, english, t, w};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::Callback;

/// The text and all that has to do with keeping it.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) editor: Rc<RefCell<EditorHandle>>,
    pub(crate) engine: Engine,
    pub(crate) store: Rc<Store>,
    pub(crate) tell: Tell,
    /// Whether the next change of the text comes from here and not from the user.
    is_replacing: Rc<Cell<bool>>,
    /// Whether the text is worth keeping: not an example that nobody has changed.
    is_own: Rc<Cell<bool>>,
}

impl PartialEq for Desk {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.editor, &other.editor)
    }
}

impl Desk {
    pub(crate) fn new(
        editor: Rc<RefCell<EditorHandle>>,
        engine: Engine,
        store: Rc<Store>,
        tell: Tell,
        is_own: bool,
    ) -> Self {
        Self { editor, engine, store, tell, is_replacing: Rc::default(), is_own: Rc::new(Cell::new(is_own)) }
    }

    /// The whole text.
    pub(crate) fn text(&self) -> String {
        self.editor.borrow().js_text().into()
    }

    /// The text is another one now. Says whether the user typed it.
    pub(crate) fn changed(&self) -> bool {
        if !self.is_replacing.get() {
            self.is_own.set(true);
        }
        !self.is_replacing.get()
    }

    /// Keeps the text in this browser, unless it is an example.
    pub(crate) fn save(&self) {
        if self.is_own.get() {
            self.store.save(self.editor.borrow().units(), || self.text());
        }
    }

    /// Puts another text on the desk. The one before goes into the history, and comes back with one click.
    pub(crate) fn replace(&self, text: &str, done: &str, why: Word) {
        let before = self.text();
        let is_precious = self.is_own.replace(true) && before != text && !before.trim().is_empty();
        if is_precious {
            self.store.remember(english(why), &before);
        }
        self.put(text);
        let undo = || {
            let desk = self.clone();
            Callback::from(move |()| {
                desk.store.remember(english(w::WHY_UNDONE), &desk.text());
                desk.is_own.set(true);
                desk.put(&before);
            })
        };
        self.say(About::Text, done, is_precious.then(|| (t(w::PAGE_UNDO), undo())));
    }

    /// The same with an example, which need not be kept.
    pub(crate) fn replace_by_example(&self, text: &str, done: &str) {
        let was_own = self.is_own.get();
        self.replace(text, done, w::WHY_EXAMPLE);
        self.is_own.set(false);
        if !was_own {
            self.tell.dispatch(NoticeAction::Dismiss(About::Text));
        }
    }

    /// Puts a changed text on the desk. Even an example is worth keeping then.
    pub(crate) fn change(&self, text: &str, done: &str) {
        self.is_own.set(true);
        self.replace(text, done, w::WHY_REWRITTEN);
    }

    /// Puts a text on the desk that the page around this one has set.
    pub(crate) fn set(&self, text: &str) {
        self.put(text);
    }

    /// Shows a message.
    pub(crate) fn say(&self, about: About, text: &str, action: Option<(&'static str, Callback<()>)>) {
        self.tell.dispatch(NoticeAction::Show(Notice { about, text: text.to_owned(), action }));
    }

    fn put(&self, text: &str) {
        self.is_replacing.set(true);
        // Outside of the borrow: the editor tells at once, and that renders.
        let editor = self.editor.clone();
        EditorHandle::replace(&editor, text);
        self.is_replacing.set(false);
    }
}
