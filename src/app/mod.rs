//! The page. It shows what the engine says and knows no rule of its own; the engine runs in a worker.

mod components;
mod editor;
mod engine;
mod fetch;
mod pages;
mod route;
mod state;

use components::{Details, Header, PaneBar, PicturePane};
use editor::{EditorHandle, EditorPane};
use engine::{Engine, Reply};
use js_sys::JsString;
use pages::CataloguePage;
use route::{Route, use_route};
use sidecar_playground::gallery;
use sidecar_playground::view::{Range, Request};
use state::{Action, Pane, State};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// Mounts the page over the layout of `index.html`, taking over what was typed there already.
pub(crate) fn mount() {
    let Some(document) = gloo::utils::document().get_element_by_id("app") else { return };
    let typed = gloo::utils::document()
        .get_element_by_id("editor-text")
        .and_then(|field| field.dyn_into::<web_sys::HtmlTextAreaElement>().ok())
        .map(|field| field.value())
        .unwrap_or_default();
    let text = if typed.trim().is_empty() { gallery::first().map_or("", |(_, text)| text).to_owned() } else { typed };
    yew::Renderer::<App>::with_root_and_props(document, AppProps { text: text.into() }).render();
}

#[derive(Properties, PartialEq)]
struct AppProps {
    /// The text to start with.
    text: AttrValue,
}

#[component]
fn App(props: &AppProps) -> Html {
    let state = use_reducer(State::default);
    let editor = use_mut_ref(EditorHandle::default);
    let text = use_mut_ref(|| JsString::from(props.text.as_str()));
    let engine = use_engine(&state);

    // One place asks the engine: whenever the text or what is wanted of it changes.
    let ask = {
        let engine = engine.clone();
        let text = text.clone();
        Callback::from(move |request: Request| engine.ask(&text.borrow(), &request))
    };
    {
        let ask = ask.clone();
        use_effect_with(state.request(), move |request| ask.emit(request.clone()));
    }
    let on_text = {
        let (ask, state, text) = (ask, state.clone(), text);
        Callback::from(move |new: JsString| {
            *text.borrow_mut() = new;
            ask.emit(state.request());
        })
    };
    let on_caret = {
        let state = state.clone();
        Callback::from(move |at: u32| state.dispatch(Action::Caret(at)))
    };
    // Marks in the editor follow the answer.
    {
        let editor = editor.clone();
        use_effect_with(state.view.clone(), move |view| editor.borrow().mark(view));
    }
    let show = {
        let (editor, state) = (editor.clone(), state.clone());
        Callback::from(move |range: Range| {
            state.dispatch(Action::Caret(range.from));
            state.dispatch(Action::Pane(Pane::Edit));
            editor.borrow().select(range);
        })
    };
    let on_example = {
        let (editor, state) = (editor.clone(), state.clone());
        Callback::from(move |id: &'static str| {
            let (editor, dispatcher) = (editor.clone(), state.dispatcher());
            yew::platform::spawn_local(async move {
                if let Ok(text) = example_text(id).await {
                    dispatcher.dispatch(Action::Workload(0));
                    editor.borrow().set_text(&text);
                }
            });
        })
    };

    let route = use_route();
    let catalogue = match &route {
        Route::Catalogue(entry) => html! { <CataloguePage entry={entry.clone()} /> },
        Route::Playground => Html::default(),
    };
    let pane = state.pane;
    let is_playground = route == Route::Playground;
    html! {
        <div class={classes!("page", pane.class())}>
            <Header {route} {on_example} />
            <main class="page__other" hidden={is_playground}>{ catalogue }</main>
            <main class="page__panes" hidden={!is_playground}>
                <EditorPane text={props.text.clone()} handle={editor} {on_text} {on_caret} />
                <div class="page__answer">
                    <PicturePane state={state.clone()} show={show.clone()} />
                    <Details state={state.clone()} {show} />
                </div>
            </main>
            <div hidden={!is_playground}><PaneBar {state} /></div>
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
fn use_engine(state: &UseReducerHandle<State>) -> Rc<Engine> {
    let dispatcher = state.dispatcher();
    use_memo((), move |()| {
        Engine::start(Callback::from(move |reply| match reply {
            Reply::View(view, contents) => dispatcher.dispatch(Action::Answer(*view, contents)),
            Reply::Failed(reason) => dispatcher.dispatch(Action::EngineFailed(reason)),
        }))
    })
}
