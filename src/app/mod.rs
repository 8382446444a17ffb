//! The page. It shows what the engine says and knows no rule of its own; the engine runs in a worker.

mod components;
mod desk;
mod dialog;
mod editor;
mod embed;
mod engine;
mod failure;
mod fetch;
mod files;
mod give;
mod keys;
mod learn;
mod look;
mod notice;
mod offline;
mod pages;
mod paint;
mod palette;
mod prose;
mod query;
mod route;
mod start;
mod state;
mod store;
mod words;

use components::{
    ChangePanel, Details, ExportPanel, FirstStep, Header, HistoryPanel, PaneBar, PicturePane, Separator, SharePanel,
    TextBar,
};
use desk::Desk;
use dialog::Dialog;
use editor::{Changed, EditorHandle, EditorPane, FieldCaret};
use embed::{embed_bar, use_embedded};
use engine::{Asker, Engine};
use files::{use_files, use_offered};
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use keys::{key_list, use_keys};
use learn::LearnPage;
use notice::{About, Notice, NoticeAction, Notices, notice_list};
use offline::use_offline;
use pages::{CataloguePage, PrivacyPage, RulesPage};
use palette::{Palette, Possible, entries};
use query::Query;
use route::{Route, use_route, use_title};
use sidecar_playground::gallery;
use sidecar_playground::link::Settings;
use sidecar_playground::task::{Done, Task};
use sidecar_playground::view::{Change, Range, Request};
use start::{Start, Taken, open_link};
use state::{Action, Pane, State, reply_into};
use std::cell::RefCell;
use std::rc::Rc;
use store::Store;
use wasm_bindgen::JsCast;
use words::{Word, t, tf, w};
use yew::prelude::*;

/// Mounts the page over the layout of `index.html`, taking over what was typed there already.
pub(crate) fn mount() {
    yew::platform::spawn_local(async {
        words::begin().await;
        // In a place of its own until it is drawn: what is there already must not go away meanwhile.
        let document = gloo::utils::document();
        let (Some(body), Ok(place)) = (document.body(), document.create_element("div")) else { return };
        place.set_id(NEXT_PLACE);
        let _ = place.set_attribute("hidden", "");
        let _ = body.append_child(&place);
        let taken = Taken::from_page();
        yew::Renderer::<App>::with_root_and_props(place, AppProps { taken }).render();
    });
}

/// A window over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Panel {
    History,
    Export,
    Share,
    Keys,
}

impl Panel {
    pub(crate) fn label(self) -> Word {
        match self {
            Self::History => w::TOOLS_HISTORY,
            Self::Export => w::TOOLS_EXPORT,
            Self::Share => w::TOOLS_SHARE,
            Self::Keys => w::KEYS_TITLE,
        }
    }

    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::History => "history",
            Self::Export => "export",
            Self::Share => "share",
            Self::Keys => "keys",
        }
    }

    fn title(self) -> Word {
        match self {
            Self::History => w::TOOLS_HISTORY_TITLE,
            Self::Export => w::TOOLS_EXPORT_TITLE,
            Self::Share => w::TOOLS_SHARE_TITLE,
            Self::Keys => w::KEYS_TITLE,
        }
    }
}

/// Where the page is drawn for the first time, and where it stands from then on.
const NEXT_PLACE: &str = "app-next";
const PLACE: &str = "app";

/// Puts the page, which is drawn now, in the place of what `index.html` had. Whoever types or pastes there goes on in the
/// new field: drawing the page took a while.
#[hook]
fn use_place(editor: &Rc<RefCell<EditorHandle>>, taken: &Taken) {
    let (editor, known) = (editor.clone(), taken.value.clone());
    use_effect_with((), move |()| {
        let document = gloo::utils::document();
        let (old, next) = (document.get_element_by_id(PLACE), document.get_element_by_id(NEXT_PLACE));
        let caret = FieldCaret::of_active();
        let value = start::first_field().map(|field| field.value());
        if let Some(old) = old {
            old.remove();
        }
        if let Some(place) = next {
            place.set_id(PLACE);
            let _ = place.remove_attribute("hidden");
        }
        if let Some(value) = value.filter(|value| *known != *value) {
            EditorHandle::replace(&editor, &value);
        }
        if let Some(caret) = caret {
            editor.borrow().take_caret(caret);
        }
    });
}

#[derive(Properties, PartialEq)]
struct AppProps {
    /// What the page had already.
    taken: Taken,
}

#[component]
fn App(props: &AppProps) -> Html {
    let state = use_reducer(|| State::with_pictures(&props.taken));
    let notices = use_reducer(Notices::default);
    let editor: Rc<RefCell<EditorHandle>> = use_mut_ref(EditorHandle::default);
    use_place(&editor, &props.taken);
    let asker = Asker { editor: editor.clone(), on_reply: reply_into(state.dispatcher()) };
    let engine = use_engine(&asker);
    let route = use_route();
    use_title(&route, state.language);
    let (is_playground, is_learn) = (route == Route::Playground, matches!(route, Route::Learn(_)));
    let query = use_memo((), |()| Query::current());
    let (desk, start) = use_desk(&props.taken.typed, &query, (editor.clone(), engine.clone()), &notices);
    let example = use_state(|| start.example);
    let panel = use_state(|| None::<Panel>);
    let change = use_state(|| None::<Change>);

    // One place asks the engine: whenever the text or what is wanted of it changes.
    let ask = {
        let engine = engine.clone();
        Callback::from(move |request: Request| engine.ask(&asker, &request))
    };
    {
        let ask = ask.clone();
        // While a lesson is open the engine is asked about that.
        let is_asked = !is_learn;
        use_effect_with((state.request(), is_asked), move |(request, is_asked)| {
            if *is_asked {
                ask.emit(request.clone());
            }
        });
    }
    use_kept(&engine, &state);
    let save_soon = use_autosave(&desk);
    let on_text = {
        let (ask, state, desk, example) = (ask, state.clone(), desk.clone(), example.setter());
        Callback::from(move |changed: Changed| {
            engine.changed(&desk.editor, changed.as_ref());
            if desk.changed() {
                example.set(None);
            }
            save_soon.emit(());
            ask.emit(state.request());
        })
    };
    let caret = use_mut_ref(|| 0_u32);
    let on_caret = {
        let (state, caret) = (state.clone(), caret.clone());
        Callback::from(move |at: u32| {
            *caret.borrow_mut() = at;
            state.dispatch(Action::Caret(at));
        })
    };
    let on_sight = {
        let state = state.clone();
        Callback::from(move |range: Range| state.dispatch(Action::Sight(range)))
    };
    // Marks in the editor follow the answer.
    {
        let editor = editor.clone();
        use_effect_with(state.view.clone(), move |view| editor.borrow().mark(view));
    }
    let show = {
        let (editor, state, caret) = (editor.clone(), state.clone(), caret.clone());
        Callback::from(move |range: Range| {
            *caret.borrow_mut() = range.from;
            state.dispatch(Action::Caret(range.from));
            state.dispatch(Action::Pane(Pane::Edit));
            editor.borrow().select(range);
        })
    };
    let on_example = {
        let (desk, state, shown) = (desk.clone(), state.clone(), example.setter());
        let preferred = |id: Option<&str>| id.and_then(gallery::example).map_or("", |example| example.kind);
        let left = preferred(*example);
        Callback::from(move |id: &'static str| {
            // Some examples say most in a kind of picture of their own, which the next one does not inherit.
            match preferred(Some(id)) {
                "" if left == state.kind => state.dispatch(Action::Kind(State::default().kind)),
                "" => {}
                kind => state.dispatch(Action::Kind(kind)),
            }
            let (desk, dispatcher, shown) = (desk.clone(), state.dispatcher(), shown.clone());
            yew::platform::spawn_local(async move {
                match example_text(id).await {
                    Ok(text) => {
                        dispatcher.dispatch(Action::Workload(0));
                        desk.replace_by_example(&text, t(w::EXAMPLE_OPENED));
                        shown.set(Some(id));
                    }
                    Err(reason) => {
                        desk.say(About::Text, &tf(w::EXAMPLE_FAILED, [&reason]), None);
                        shown.set(None);
                    }
                }
            });
        })
    };
    let on_clear = {
        let (desk, example) = (desk.clone(), example.setter());
        Callback::from(move |()| {
            desk.replace("", t(w::TEXT_CLEARED), w::WHY_CLEARED);
            example.set(None);
        })
    };
    use_links(&desk, &state, &start);
    use_query(&desk, &state, &query, &on_example);
    let full = use_embedded(&desk, &state, &query);
    use_offline(&desk);
    let openers = use_files(&desk, example.setter());
    // Inside another page, whose visitors cannot tell who asks, nothing is opened from elsewhere.
    use_offered(&desk, query.url.as_deref().filter(|_| !query.is_embedded), &openers);
    let on_open = openers.files.clone();
    let on_address = openers.address.reform(|()| String::new());
    let is_complete = state.has_answer && !state.view.is_partial;
    let has_failed = state.failure.is_some();
    use_end_of_start(&desk, state.has_answer || has_failed || is_learn, is_complete || has_failed || is_learn);

    let on_language = use_language(&desk, &state);
    let open = {
        let panel = panel.setter();
        Callback::from(move |wanted: Panel| panel.set(Some(wanted)))
    };
    use_keys(&state, &open, &show, &caret);
    let on_close = {
        let panel = panel.setter();
        Callback::from(move |()| panel.set(None))
    };
    let propose = {
        let change = change.setter();
        Callback::from(move |wanted: Change| change.set(Some(wanted)))
    };
    let on_changed = {
        let (change, example) = (change.setter(), example.setter());
        Callback::from(move |has_changed: bool| {
            change.set(None);
            if has_changed {
                example.set(None);
            }
        })
    };
    let on_replaced = {
        let example = example.setter();
        Callback::from(move |()| example.set(None))
    };
    let on_print = on_close.reform(|()| {
        // The window over the page has to go first.
        Timeout::new(50, || drop(gloo::utils::window().print())).forget();
    });
    let printed = use_printed_text(&desk);

    let try_again = {
        let engine = desk.engine.clone();
        Callback::from(move |()| engine.try_again())
    };

    let other = match &route {
        Route::Catalogue(entry) => html! { <CataloguePage entry={entry.clone()} language={state.language} /> },
        Route::Rules(rule) => {
            let on_replaced = on_replaced.clone();
            html! { <RulesPage state={state.clone()} desk={desk.clone()} rule={rule.clone()} {on_replaced} /> }
        }
        Route::Privacy => html! { <PrivacyPage store={desk.store.clone()} language={state.language} /> },
        Route::Learn(path) => html! { <LearnPage path={path.clone()} desk={desk.clone()} language={state.language} /> },
        Route::Playground => Html::default(),
    };
    let pane = state.pane;
    let (store, is_empty) = (desk.store.clone(), editor.borrow().units() == 0);
    let offered = {
        let possible = Possible {
            state: state.clone(),
            store: store.clone(),
            open: open.clone(),
            on_example: on_example.clone(),
            on_open: on_open.clone(),
            on_address: (!query.is_embedded).then(|| on_address.clone()),
            on_clear: on_clear.clone(),
            on_language: on_language.clone(),
        };
        Callback::from(move |()| entries(&possible))
    };
    let opened = match *panel {
        Some(Panel::Share) => html! { <SharePanel state={state.clone()} desk={desk.clone()} /> },
        Some(Panel::Export) => html! { <ExportPanel state={state.clone()} desk={desk.clone()} {on_print} /> },
        Some(Panel::History) => html! { <HistoryPanel desk={desk.clone()} on_done={on_close.clone()} /> },
        Some(Panel::Keys) => key_list(),
        None => Html::default(),
    };
    // Which part of the engine gave the answer that is shown.
    let answered_by = if is_complete { "whole" } else { "first" };
    html! {
        <div data-engine={answered_by} data-drop={t(w::PAGE_DROP)} class={classes!("page", pane.class(), query.is_embedded.then(|| format!("page--embedded page--only-{}", query.view)))}>
            <Header store={store.clone()} {route} open={open.clone()} language={state.language} {on_language} />
            <main class={classes!("page__other", is_learn.then_some("page__other--learn"))} hidden={is_playground}>{ other }</main>
            <main class="page__panes" hidden={!is_playground}>
                <FirstStep desk={desk.clone()} is_example={example.is_some()} {is_empty} on_replaced={on_replaced} language={state.language} />
                <div class="page__text">
                    <TextBar example={*example} {on_example} {open} on_open={on_open.clone()} {on_address} {on_clear} language={state.language} />
                    <EditorPane is_read_only={query.is_read_only} handle={editor} {on_text} {on_caret} {on_sight} />
                </div>
                <Separator name="editor" label={t(w::SEPARATOR_TEXT)} sizes={[36, 20, 70]} store={store.clone()} />
                <div class="page__answer">
                    { if is_playground { html! {
                        <>
                    <PicturePane state={state.clone()} show={show.clone()} {try_again} />
                    <Separator name="details" label={t(w::SEPARATOR_DETAILS)} sizes={[34, 20, 60]} is_behind=true {store} />
                    <Details state={state.clone()} show={show.clone()} {propose} />
                        </>
                    } } else { Html::default() } }
                </div>
            </main>
            { embed_bar(&query, &full) }
            <pre class="print-text" ref={printed} aria-hidden="true" hidden={!is_playground}></pre>
            <div hidden={!is_playground}><PaneBar state={state.clone()} /></div>
            { notice_list(&notices) }
            <Palette desk={desk.clone()} entries={offered} />
            <Dialog id="change" title={t(w::CHANGE_TITLE)} is_open={change.is_some()} on_close={on_changed.reform(|()| false)}>
                { (*change).clone().map(|change| html! { <ChangePanel state={state.clone()} desk={desk.clone()} {change} is_read_only={query.is_read_only} {show} on_done={on_changed} /> }) }
            </Dialog>
            <Dialog id={panel.map_or("", Panel::id)} title={panel.map_or("", |panel| t(panel.title()))} is_open={panel.is_some()} on_close={on_close.clone()}>
                { opened }
            </Dialog>
        </div>
    }
}

/// The text of an example. All but the first, which every visitor sees, are fetched when one of them is chosen.
async fn example_text(id: &str) -> Result<String, String> {
    if let Some(first) = gallery::first().filter(|(first, _)| first.id == id) {
        return Ok(first.1.to_owned());
    }
    Ok(fetch::text(&fetch::fetch_json("examples-data").await?, id))
}

/// Starts the engine once; its answers go into the state.
#[hook]
fn use_engine(asker: &Asker) -> Engine {
    let asker = asker.clone();
    let engine = use_memo((), move |()| Engine::start(asker));
    (*engine).clone()
}

/// Draws the kept picture of a broken text as it is wanted now.
#[hook]
pub(crate) fn use_kept(engine: &Engine, state: &UseReducerHandle<State>) {
    let (engine, dispatcher) = (engine.clone(), state.dispatcher());
    use_effect_with(state.wanted_of_kept(), move |wanted| {
        let Some(question) = wanted.clone().map(Rc::new) else { return };
        let (text, task) = (String::from(&question.text), Task::Pictures(question.request.clone()));
        let on_done = Callback::from(move |done| {
            if let Done::Pictures(pictures) = done {
                dispatcher.dispatch(Action::Kept(pictures, question.clone()));
            }
        });
        engine.run(&text, &task, on_done);
    });
}

/// The text, with all that keeps it, and what the page starts with.
#[hook]
fn use_desk(
    typed: &AttrValue,
    query: &Rc<Query>,
    parts: (Rc<RefCell<EditorHandle>>, Engine),
    notices: &UseReducerHandle<Notices>,
) -> (Desk, Rc<Start>) {
    let tell = notices.dispatcher();
    let (editor, engine) = parts;
    let made = use_memo((), {
        let (typed, query) = (typed.clone(), query.clone());
        move |()| {
            let on_trouble = {
                let tell = tell.clone();
                Callback::from(move |words: Word| {
                    let notice = Notice { about: About::Storage, text: t(words).to_owned(), action: None };
                    tell.dispatch(NoticeAction::Show(notice));
                })
            };
            let store = if query.is_embedded { Store::none() } else { Store::open(on_trouble) };
            let store = Rc::new(store);
            let start = Rc::new(Start::new(&store, &typed, &query));
            editor.borrow_mut().begin(&start.text);
            let is_own = start.example.is_none();
            (Desk::new(editor, engine, store, tell, is_own), start)
        }
    });
    (*made).clone()
}

/// Keeps the text half a second after the last change, and before the page goes away.
#[hook]
fn use_autosave(desk: &Desk) -> Callback<()> {
    let waiting = use_mut_ref(|| None::<Timeout>);
    {
        let (desk, waiting) = (desk.clone(), waiting.clone());
        use_effect_with((), move |()| {
            let flush = {
                let desk = desk.clone();
                move || {
                    if waiting.borrow_mut().take().is_some() {
                        desk.save();
                    }
                }
            };
            let window = gloo::utils::window();
            let hidden = EventListener::new(&gloo::utils::document(), "visibilitychange", {
                let flush = flush.clone();
                move |_| flush()
            });
            let gone = EventListener::new(&window, "pagehide", move |_| flush());
            let elsewhere = EventListener::new(&window, "storage", move |event| {
                let name = event.dyn_ref::<web_sys::StorageEvent>().and_then(web_sys::StorageEvent::key);
                if let Some(name) = name {
                    desk.store.changed_elsewhere(&name);
                }
            });
            move || drop((hidden, gone, elsewhere))
        });
    }
    let desk = desk.clone();
    Callback::from(move |()| {
        let (desk, done) = (desk.clone(), waiting.clone());
        let timeout = Timeout::new(500, move || {
            done.borrow_mut().take();
            desk.save();
        });
        *waiting.borrow_mut() = Some(timeout);
    })
}

/// Opens the link that the address holds, now and when it changes.
#[hook]
fn use_links(desk: &Desk, state: &UseReducerHandle<State>, start: &Rc<Start>) {
    let (desk, dispatcher, start) = (desk.clone(), state.dispatcher(), start.clone());
    use_effect_with((), move |()| {
        start.tell(&desk);
        open_link(&desk, &dispatcher);
        let listener = EventListener::new(&gloo::utils::window(), "hashchange", move |_| open_link(&desk, &dispatcher));
        move || drop(listener)
    });
}

/// Shows what the address asks for, and names what it asks for in vain.
#[hook]
fn use_query(desk: &Desk, state: &UseReducerHandle<State>, query: &Rc<Query>, on_example: &Callback<&'static str>) {
    let (desk, dispatcher, query) = (desk.clone(), state.dispatcher(), query.clone());
    let on_example = on_example.clone();
    use_effect_with((), move |()| {
        if let Some(example) = query.example {
            on_example.emit(example);
        }
        if query.settings != Settings::default() {
            dispatcher.dispatch(Action::Apply(query.settings.clone()));
        }
        if !query.wrong.is_empty() {
            let wrong = query.wrong.join(t(w::TEXT_AND));
            desk.say(About::Link, &tf(w::TEXT_ASKS_IN_VAIN, [&wrong]), None);
        }
    });
}

/// Goes over to another language when it is called with one.
#[hook]
fn use_language(desk: &Desk, state: &UseReducerHandle<State>) -> Callback<&'static str> {
    let (desk, dispatcher) = (desk.clone(), state.dispatcher());
    Callback::from(move |language: &'static str| {
        let (desk, dispatcher) = (desk.clone(), dispatcher.clone());
        yew::platform::spawn_local(async move {
            if let Err(reason) = words::choose(language).await {
                desk.say(About::Language, &tf(w::PAGE_LANGUAGE_FAILED, [&reason]), None);
            }
            desk.store.choose("language", words::language());
            desk.editor.borrow().speak();
            dispatcher.dispatch(Action::Spoken);
            query::forget("lang");
        });
    })
}

/// Notes that the start came to its end, and tells `boot.js` when nothing is loaded any more.
#[hook]
fn use_end_of_start(desk: &Desk, has_ended: bool, is_complete: bool) {
    let desk = desk.clone();
    use_effect_with(has_ended, move |has_ended| {
        if *has_ended {
            desk.store.started();
        }
    });
    use_effect_with(is_complete, |is_complete| {
        if let Some(event) = is_complete.then(|| Event::new("sidecar-complete").ok()).flatten() {
            let _ = gloo::utils::window().dispatch_event(&event);
        }
    });
}

/// On paper the whole text is wanted, of which the editor shows only a part.
#[hook]
fn use_printed_text(desk: &Desk) -> NodeRef {
    let place = use_node_ref();
    let (desk, printed) = (desk.clone(), place.clone());
    use_effect_with((), move |()| {
        let listener = EventListener::new(&gloo::utils::window(), "beforeprint", move |_| {
            if let Some(place) = printed.get() {
                place.set_text_content(Some(&desk.text()));
            }
        });
        move || drop(listener)
    });
    place
}
