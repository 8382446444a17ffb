//! The whole engine behind a message port.

#[path = "support/port.rs"]
mod port;

use sidecar_playground::task::{self, Task};
use sidecar_playground::view::view;

fn main() {
    port::listen(view, |text, bytes| {
        let task: Task = postcard::from_bytes(bytes).ok()?;
        postcard::to_allocvec(&task::run(text, &task)).ok()
    });
}
