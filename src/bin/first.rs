//! As much of the engine as the first picture needs, behind a message port: a third of the whole, so that a slow network
//! shows something soon. The page goes over to the whole engine as soon as that is there.

#[path = "support/port.rs"]
mod port;

use sidecar_playground::view::first_view;

fn main() {
    port::listen(first_view, |_, _| None);
}
