//! The whole engine behind a message port.

#[path = "support/memory.rs"]
mod memory;
#[path = "support/port.rs"]
mod port;

use sidecar_playground::task::{self, Task};

fn main() {
    port::listen::<true>(|text, bytes| {
        let task: Task = postcard::from_bytes(bytes).ok()?;
        postcard::to_allocvec(&task::run(text, &task)).ok()
    });
}
