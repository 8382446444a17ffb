//! As much of the engine as the first picture needs, behind a message port: a third of the whole, so that a slow network
//! shows something soon. The page goes over to the whole engine as soon as that is there.

#[path = "support/memory.rs"]
mod memory;
#[path = "support/port.rs"]
mod port;

fn main() {
    port::listen::<false>(|_, _| None);
}
