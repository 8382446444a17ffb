//! Turns the project's own YAML data into tables that are compiled in.

fn main() {
    println!("cargo::rerun-if-changed=src/build.rs");
}
