//! What may be drawn a frame later than the pictures.

use crate::app::state::State;
use gloo::timers::callback::Timeout;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

/// In a tab that nobody looks at no frame comes.
const NO_FRAME: u32 = 200;

/// The state, but of a new answer only once its pictures have been painted: who waits for an answer looks at them, and what
/// is to be read takes the browser longer than they do. All else that changes is seen at once.
#[hook]
pub(super) fn use_behind(state: &UseReducerHandle<State>) -> UseReducerHandle<State> {
    let shown = use_state(|| state.clone());
    let is_behind = !Rc::ptr_eq(&shown.view, &state.view);
    let newest = use_mut_ref(|| state.clone());
    newest.replace(state.clone());
    {
        let setter = shown.setter();
        // Whatever comes meanwhile is shown with it: nothing waits for longer because more is coming.
        use_effect_with((Rc::as_ptr(&shown.view), is_behind), move |(_, is_behind)| {
            let soon = is_behind.then(|| after_paint(move || setter.set(newest.borrow().clone())));
            move || drop(soon)
        });
    }
    if is_behind { (*shown).clone() } else { state.clone() }
}

type Call = Box<dyn FnOnce()>;

/// Not called any more when it is dropped.
struct AfterPaint {
    _call: Rc<RefCell<Option<Call>>>,
    _no_frame: Timeout,
}

/// Calls when the browser has painted what is in the document now.
fn after_paint(then: impl FnOnce() + 'static) -> AfterPaint {
    let then: Call = Box::new(then);
    let call = Rc::new(RefCell::new(Some(then)));
    let run = {
        let call = Rc::downgrade(&call);
        move || {
            let then = call.upgrade().and_then(|call| call.borrow_mut().take());
            if let Some(then) = then {
                then();
            }
        }
    };
    let on_frame = Closure::once_into_js({
        let run = run.clone();
        // Frames are asked before they are painted.
        move || Timeout::new(0, run).forget()
    });
    let _ = gloo::utils::window().request_animation_frame(on_frame.unchecked_ref());
    AfterPaint { _call: call, _no_frame: Timeout::new(NO_FRAME, run) }
}
