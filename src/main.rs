//! Mounts the page.

use yew::prelude::*;

#[component]
fn App() -> Html {
    html! { <main><h1>{ "Sidecar Playground" }</h1></main> }
}

fn main() {
    yew::Renderer::<App>::new().render();
}
