//! Links: what goes in comes out, nothing inflates without bound, and bytes of any kind behind a right checksum do no harm.

use super::split;
use sidecar_playground::link::{self, MAX_CONTENT, Settings, Shared, mermaid_live};

pub fn run(text: &str) {
    if let Ok(shared) = link::read(text) {
        assert!(shared.text.len() <= MAX_CONTENT);
        let again = link::write(&shared).expect("a link that is not too large");
        assert_eq!(link::read(&again), Ok(shared));
    }
    let (scenario, manifest) = split(text);
    let settings = Settings {
        scenario: scenario.to_owned(),
        kind: manifest.chars().take(9).collect(),
        ignored: vec![(scenario.to_owned(), manifest.chars().rev().take(30).collect())],
        ..Settings::default()
    };
    let shared = Shared { text: manifest.to_owned(), settings };
    if let Some(written) = link::write(&shared) {
        assert!(written.is_ascii() && !written.contains(['"', '<', '>', '&', ' ', '#']), "{written}");
        assert_eq!(link::read(&written), Ok(shared));
    }
    forged(text.as_bytes());
    let address = mermaid_live(text);
    assert!(address.starts_with("https://mermaid.live/edit#pako:") && address.is_ascii());
}

/// A link with the right checksum around bytes that nobody compressed.
fn forged(bytes: &[u8]) {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
        }
    }
    let signs = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut packed = String::new();
    for three in bytes.chunks(3) {
        let all = three.iter().fold(0_u32, |all, byte| all << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for sign in 0..=three.len() {
            packed.push(char::from(signs[(all >> (18 - 6 * sign) & 63) as usize]));
        }
    }
    match link::read(&format!("s=1.{:08x}.{packed}", !sum)) {
        Ok(shared) => assert!(shared.text.len() <= MAX_CONTENT),
        Err(damage) => {
            assert!(!damage.message.contains("was changed"), "the checksum is right: {}", damage.message);
            assert!(damage.recovered.is_none_or(|text| text.len() <= MAX_CONTENT));
        }
    }
}
