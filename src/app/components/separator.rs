//! What stands between two panes and gives one of them more room.

use crate::app::editor::call;
use crate::app::store::Store;
use js_sys::Reflect;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// Hundredths of the width that a key moves it.
const STEP: i32 = 2;

#[derive(Properties)]
pub(crate) struct SeparatorProps {
    /// Names the custom property that has the size, and the place where it is kept: `editor` or `details`.
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    /// The size at first, in hundredths of the width, and the smallest and largest.
    pub(crate) sizes: [i32; 3],
    /// Whether the pane with that size is the one behind the separator.
    #[prop_or_default]
    pub(crate) is_behind: bool,
    pub(crate) store: Rc<Store>,
}

impl PartialEq for SeparatorProps {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.label == other.label
    }
}

/// Moved by dragging and by the arrow keys; a double click or Enter gives it its first place.
#[component]
pub(crate) fn Separator(props: &SeparatorProps) -> Html {
    let [first, least, most] = props.sizes;
    let kept = props.store.choice(props.name).and_then(|size| size.parse().ok());
    let size = use_state_eq(|| kept.unwrap_or(first).clamp(least, most));
    {
        let name = props.name;
        use_effect_with(*size, move |size| {
            let style = Reflect::get(&gloo::utils::document_element(), &"style".into()).unwrap_or_default();
            call(&style, "setProperty", &[format!("--size-{name}").into(), format!("{size}%").into()]);
        });
    }
    let set = {
        let (size, store, name) = (size.setter(), props.store.clone(), props.name);
        move |wanted: i32| {
            let wanted = wanted.clamp(least, most);
            size.set(wanted);
            store.choose(name, &wanted.to_string());
        }
    };
    let onpointerdown = Callback::from(|event: PointerEvent| {
        if let Some(own) = event.target_dyn_into::<Element>() {
            let _ = own.set_pointer_capture(event.pointer_id());
        }
    });
    let onpointermove = {
        let (set, is_behind) = (set.clone(), props.is_behind);
        Callback::from(move |event: PointerEvent| {
            let Some(own) = event.target_dyn_into::<Element>() else { return };
            let Some(panes) = own.parent_element().filter(|_| own.has_pointer_capture(event.pointer_id())) else {
                return;
            };
            let area = panes.get_bounding_client_rect();
            let share = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0) * 100.0;
            set((if is_behind { 100.0 - share } else { share }).round() as i32);
        })
    };
    let onkeydown = {
        let (set, now, sign) = (set.clone(), *size, if props.is_behind { -1 } else { 1 });
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowRight" => set(now + sign * STEP),
                "ArrowLeft" => set(now - sign * STEP),
                "Home" => set(least),
                "End" => set(most),
                "Enter" => set(first),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let ondblclick = Callback::from(move |_: MouseEvent| set(first));
    html! {
        <div class={classes!("separator", format!("separator--{}", props.name))} role="separator" tabindex="0" aria-orientation="vertical"
            aria-label={props.label} aria-valuenow={size.to_string()} aria-valuemin={least.to_string()} aria-valuemax={most.to_string()}
            {onpointerdown} {onpointermove} {onkeydown} {ondblclick} />
    }
}
