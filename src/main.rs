//! Mounts the page.

mod app;
#[path = "bin/support/memory.rs"]
mod memory;

fn main() {
    app::mount();
}
