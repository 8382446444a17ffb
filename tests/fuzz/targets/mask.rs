//! Masking: only values are taken out, and what was masked once stays as it is.

use sidecar_playground::mask::{MASK, mask};

pub fn run(text: &str) {
    let masked = mask(text);
    let mut rest = text;
    for kept in masked.text.split(MASK) {
        let at = rest.find(kept).unwrap_or_else(|| panic!("{kept:?} was not there"));
        rest = &rest[at + kept.len()..];
    }
    let again = mask(&masked.text);
    assert_eq!(again.text, mask(&again.text).text);
}
