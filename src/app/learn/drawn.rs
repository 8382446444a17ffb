//! A manifest that is only looked at, drawn.

use crate::app::desk::Desk;
use crate::app::words::{t, w};
use sidecar_playground::form::Form;
use sidecar_playground::lesson::Look;
use sidecar_playground::task::{Done, DrawnPicture, LessonDone, LessonTask, Task};
use std::cell::Cell;
use yew::prelude::*;

thread_local! {
    /// So that no two pictures of the page have the same ids.
    static DRAWN: Cell<u32> = const { Cell::new(0) };
}

#[derive(Properties, PartialEq)]
pub(crate) struct DrawnProps {
    pub(crate) desk: Desk,
    pub(crate) manifest: String,
    pub(crate) look: Look,
    /// One of the two; both when none is given.
    #[prop_or_default]
    pub(crate) form: Option<Form>,
}

/// The pictures of a manifest.
#[component]
pub(crate) fn Drawn(props: &DrawnProps) -> Html {
    let pictures = use_state(Vec::<DrawnPicture>::new);
    let id = use_memo((), |()| DRAWN.replace(DRAWN.get() + 1));
    {
        let (desk, pictures, id) = (props.desk.clone(), pictures.setter(), format!("drawn-{id}"));
        use_effect_with((props.manifest.clone(), props.look.clone()), move |(manifest, look)| {
            let on_done = Callback::from(move |done| {
                if let Done::Lesson(LessonDone::Drawn(found)) = done {
                    pictures.set(found);
                }
            });
            desk.engine.run(manifest, &Task::Lesson(LessonTask::Draw(look.clone(), id)), on_done);
        });
    }
    let wanted = pictures.iter().filter(|own| props.form.is_none() || own.form.is_none() || own.form == props.form);
    let figure = |own: &DrawnPicture| {
        let caption = match own.form {
            Some(Form::Traditional) => t(w::FORM_TRADITIONAL),
            Some(Form::Native) => t(w::FORM_NATIVE),
            None => "",
        };
        // The writer escapes every text of the manifest; see the invariant in the engine's `svg` module.
        let svg = Html::from_html_unchecked(AttrValue::from(own.svg.clone()));
        html! {
            <figure class="drawn">
                <figcaption hidden={caption.is_empty()}>{ caption }</figcaption>
                <div class="drawn__picture picture">{ svg }</div>
            </figure>
        }
    };
    let is_wide = is_wide(&props.look).then_some("drawn__pair--wide");
    html! { <div class={classes!("drawn__pair", is_wide)}>{ for wanted.map(figure) }</div> }
}

/// Whether the pictures run from left to right and need the whole width: two of them stand one above the other.
pub(crate) fn is_wide(look: &Look) -> bool {
    ["timeline", "sequence", "resources", "map"].contains(&look.kind.as_str())
}
