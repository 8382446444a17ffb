//! Base64 for addresses (RFC 4648, section 5), without padding and in one form only.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub(super) fn write(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let [a, b, c] = [0, 1, 2].map(|index| u32::from(chunk.get(index).copied().unwrap_or_default()));
        let group = a << 16 | b << 8 | c;
        for index in 0..=chunk.len() {
            let sextet = (group >> (18 - 6 * index)) & 63;
            out.push(ALPHABET.get(sextet as usize).copied().unwrap_or_default().into());
        }
    }
    out
}

/// `None` unless [`write`] gives exactly this text for the bytes.
pub(super) fn read(text: &str) -> Option<Vec<u8>> {
    let bytes = read_start(text);
    (write(&bytes) == text).then_some(bytes)
}

/// The bytes in front of the first character that does not belong there.
pub(super) fn read_start(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut bits, mut count) = (0_u32, 0);
    for c in text.bytes() {
        let Some(sextet) = sextet(c) else { break };
        bits = bits << 6 | sextet;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 0xff) as u8);
        }
    }
    out
}

fn sextet(c: u8) -> Option<u32> {
    Some(u32::from(match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_rfc_hold() {
        let vectors = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
        let written = ["", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy"];
        for (plain, text) in vectors.iter().zip(written) {
            assert_eq!(write(plain.as_bytes()), text);
            assert_eq!(read(text).as_deref(), Some(plain.as_bytes()));
        }
        assert_eq!(write(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn there_is_one_form_only() {
        for text in ["Zh", "Zm9", "Z", "Zg==", "Zm 8", "Zm+v", "Zm9vé"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
