//! Links that hold everything: the text and what its reader looks at, in the part of an address behind `#`, which no
//! browser sends to a server.
//!
//! ```text
//! #s=1.1c2f8a90.q1YqSyxSslJQKk…
//!    │ │        └ base64url (RFC 4648, without padding) of raw deflate (RFC 1951) of the content
//!    │ └ CRC-32 of the compressed bytes, 8 hexadecimal digits
//!    └ version; its digit is never used for another format
//! ```
//!
//! The content of version 1 is text: one `name=value` line per setting that is not the default, an empty line, the
//! manifest. What was cut off therefore still gives the beginning of the manifest. Names that this release does not know
//! are left out, so that links of later releases open; a different meaning of a known name needs a new version.
//!
//! A lesson is sent the same way behind `l=`; its content is the text of the lesson, as [`crate::lesson`] writes it, and
//! `l=` counts in its checksum.
//!
//! **Invariants:** there is one way to write given bytes (base64 is canonical, digits are lower case), so a changed
//! character always changes bytes, and CRC-32 finds every change within 32 bits. Inflating stops at [`MAX_CONTENT`].

mod base64;
mod crc;
mod live;
mod settings;

pub use live::mermaid_live;
pub use settings::Settings;

use miniz_oxide::{deflate, inflate};
use serde::{Deserialize, Serialize};

/// Most bytes that a link may hold, inflated.
pub const MAX_CONTENT: usize = 1024 * 1024;

/// Some programs that people send links with cut or refuse links from about this many characters on.
pub const LONG: usize = 2_000;

/// Many do from here on.
pub const TOO_LONG: usize = 4_000;

/// What starts the part behind `#`.
const PREFIX: &str = "s=";

/// What starts it when it holds a lesson.
const LESSON_PREFIX: &str = "l=";

const VERSION: &str = "1";

/// How hard to compress: 10 is the most that the library knows, and still takes milliseconds.
const LEVEL: u8 = 10;

/// What a link holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// The manifest.
    pub text: String,
    /// What its reader looks at.
    pub settings: Settings,
}

/// Why a link could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damage {
    /// What is wrong, as a sentence.
    pub message: String,
    /// The beginning of the manifest, where it could still be read. It is not to be trusted.
    pub recovered: Option<String>,
}

impl Damage {
    fn new(message: &str) -> Self {
        Self { message: message.to_owned(), recovered: None }
    }
}

/// The part of an address behind `#` that holds all of this; `None` when it is larger than [`read`] accepts.
#[must_use]
pub fn write(shared: &Shared) -> Option<String> {
    pack(PREFIX, &(shared.settings.write() + "\n" + &shared.text))
}

/// The part of an address behind `#` that holds a lesson, as one text; `None` when it is larger than [`read_lesson`]
/// accepts.
#[must_use]
pub fn write_lesson(text: &str) -> Option<String> {
    pack(LESSON_PREFIX, text)
}

fn pack(prefix: &str, content: &str) -> Option<String> {
    if content.len() > MAX_CONTENT {
        return None;
    }
    let packed = deflate::compress_to_vec(content.as_bytes(), LEVEL);
    Some(format!("{prefix}{VERSION}.{:08x}.{}", sum(prefix, &packed), base64::write(&packed)))
}

/// The checksum. That of a lesson counts its prefix too, so that neither can be opened as the other.
fn sum(prefix: &str, packed: &[u8]) -> u32 {
    if prefix == PREFIX { crc::crc32(packed) } else { crc::crc32(&[prefix.as_bytes(), packed].concat()) }
}

/// Whether the part of an address behind `#` is meant as a link to a lesson.
#[must_use]
pub fn is_lesson(fragment: &str) -> bool {
    fragment.starts_with(LESSON_PREFIX)
}

/// Opens the part of an address behind `#` that holds a manifest.
///
/// # Errors
///
/// Any damage is one, in whichever character.
pub fn read(fragment: &str) -> Result<Shared, Damage> {
    let content = unpack(PREFIX, fragment)?;
    let (settings, text) = split(&content);
    Ok(Shared { text: text.to_owned(), settings: Settings::read(settings) })
}

/// Opens the part of an address behind `#` that holds a lesson: its text.
///
/// # Errors
///
/// Any damage is one, in whichever character.
pub fn read_lesson(fragment: &str) -> Result<String, Damage> {
    // The beginning of a lesson is no manifest, and of no use to a learner.
    unpack(LESSON_PREFIX, fragment).map_err(|damage| Damage { recovered: None, ..damage })
}

fn unpack(prefix: &str, fragment: &str) -> Result<String, Damage> {
    let rest = fragment.strip_prefix(prefix).ok_or_else(|| {
        Damage::new("This address leads to nothing: it is no page of this site and no link that was made here, or it is damaged.")
    })?;
    let mut parts = rest.splitn(3, '.');
    let (version, checksum, packed) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    if version != VERSION {
        return Err(Damage::new(
            "This link is of a version that is not known here. It was made by a newer release, or it is damaged.",
        ));
    }
    let (Some(checksum), Some(packed)) = (checksum, packed) else {
        return Err(Damage::new("This link is damaged: it was cut off before its content."));
    };
    let Some(bytes) = base64::read(packed) else {
        return Err(damaged("a character stands in it that was not there", &base64::read_start(packed)));
    };
    if checksum != format!("{:08x}", sum(prefix, &bytes)) {
        return Err(damaged("it was cut off, or a character was changed", &bytes));
    }
    let content = match inflate::decompress_to_vec_with_limit(&bytes, MAX_CONTENT) {
        Ok(content) => content,
        Err(error) if error.status == inflate::TINFLStatus::HasMoreOutput => {
            return Err(Damage::new("This link holds more than a link may, so it was not opened."));
        }
        Err(_) => return Err(damaged("its content cannot be unpacked", &bytes)),
    };
    String::from_utf8(content).map_err(|_| Damage::new("This link does not hold a text."))
}

/// The lines of the settings, and the manifest.
fn split(content: &str) -> (&str, &str) {
    match content.strip_prefix('\n') {
        Some(text) => ("", text),
        None => content.split_once("\n\n").unwrap_or((content, "")),
    }
}

/// Damage, with the beginning of the manifest as far as it can be unpacked.
fn damaged(how: &str, packed: &[u8]) -> Damage {
    let bytes = match inflate::decompress_to_vec_with_limit(packed, MAX_CONTENT) {
        Ok(content) => content,
        Err(error) => error.output,
    };
    let valid = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(bytes.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default(),
    };
    // What was not unpacked is there as zeros.
    let (_, text) = split(valid.trim_end_matches('\0'));
    let recovered = (!text.trim().is_empty()).then(|| text.to_owned());
    Damage { message: format!("This link is damaged: {how}. It was not opened."), recovered }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One stored link for each version that was ever given out. Never change these; add.
    const STORED: &[(&str, &str, &str, &str)] = &[
        ("", "", "", "s=1.66d3d569.4wIA"),
        (
            "kind: Pod\nmetadata: { name: shop }\nspec:\n  initContainers:\n    - { name: logs, image: \"fluent/fluent-bit:3\", \
             restartPolicy: Always }\n  containers:\n    - { name: shop, image: \"example.com/shop:1\" } # 日本\n",
            "start-order",
            "1.29",
            "s=1.b20a285a.dU47DoJAFOz3FBNsRaM2ugmF8QJc4QlP3LAfsrtGieEcNrZ2notzCJpoZTWZT2amVrbMQiQfU-dL9qJeh2wxW26EqAdLInelMByppEgSV1gyLBGOrkEnQsOFFICyKu6cjaQs-zAqQPoNa1eFKZShaiDJQZ_YxvkH0r2KcpVM4fl9IndaFa3EVp-pDcMCUPztHU_8evlCptE8K5yZj45cJOgwQX979PeneAE",
        ),
    ];

    /// The same for lessons.
    const STORED_LESSONS: &[(&str, &str)] = &[
        (
            "{\"id\":\"mine\",\"lesson\":\"title: Mine\\n\",\"steps\":[]}\n",
            "l=1.f1b01342.ATIAzf97ImlkIjoibWluZSIsImxlc3NvbiI6InRpdGxlOiBNaW5lXG4iLCJzdGVwcyI6W119Cg",
        ),
        (
            "{\"id\":\"first-aid\",\"lesson\":\"title: \\\"First aid\\\"\\nabout: \\\"Who helps whom – 日本\\\"\\nminutes: 5\\n\",\"steps\":[{\"id\":\"one\",\"step\":\"title: \\\"One\\\"\\ngoals:\\n  - \\\"shop is the app\\\"\\n\",\"text\":\"Look.\\n\",\"start\":\"kind: Pod\\nspec: { containers: [{ name: shop, image: example.com/shop }] }\\n\"}]}\n",
            "l=1.a024d79d.TY4xTkMxDIZ3TmFlbsvEkgMwIcHG0HQI75kmamJHz66o9PQk7sDAwsrGqRh6DhzowJZ89v9_nl0enXfPeRJdR3uvXEERJoOataCH4G77FGwaXKD4xEft9DExJCxN4CVxhe_XNzi_f54_vvpWzXRUFA83gaxTFJs4v53_dEx4gf8194Q9uudYxAcCWBuUxA2ygCaE2FpfsKjiSS16x3zYXARx6uSQafTwwGMgaTh4mGFg0pgJJ7tmOwPFarZeu4Jc494-eIq1FdwMXK9_fcsOFqtddsvVDw",
        ),
    ];

    fn sample() -> Shared {
        Shared {
            text: "kind: Pod\nspec:\n  containers:\n    - { name: shop, image: example.com/shop }\n    - { name: logs, image: fluent/fluent-bit }\n"
                .to_owned(),
            settings: Settings {
                workload: 1,
                kind: "start-order".to_owned(),
                writing: "mermaid".to_owned(),
                k8s: "1.29".to_owned(),
                scenario: "crash:logs\n2=x".to_owned(),
                level: "error".to_owned(),
                ignored: vec![("logs".to_owned(), "image fluent/fluent-bit\tis = a\\n helper".to_owned())],
            },
        }
    }

    #[test]
    fn stored_links_open_for_ever() {
        for (text, kind, k8s, link) in STORED {
            let shared = read(link).unwrap();
            assert_eq!(
                (shared.text.as_str(), shared.settings.kind.as_str(), shared.settings.k8s.as_str()),
                (*text, *kind, *k8s)
            );
        }
    }

    #[test]
    fn stored_lessons_open_for_ever() {
        for (text, link) in STORED_LESSONS {
            assert_eq!(read_lesson(link).as_deref(), Ok(*text));
        }
    }

    #[test]
    fn what_goes_in_comes_out() {
        let texts = ["", "\n", "\n\n", "a: 1", "a=b\n\nc", "日本語 🚢\r\n\u{0}\u{7f}\u{2028}", "k=v\n", "\\n\\"];
        for text in texts {
            for settings in [Settings::default(), sample().settings] {
                let shared = Shared { text: text.to_owned(), settings };
                assert_eq!(read(&write(&shared).unwrap()), Ok(shared));
            }
        }
    }

    #[test]
    fn only_what_differs_from_the_defaults_is_in_it() {
        let link = write(&Shared { text: "a".repeat(200), settings: Settings::default() }).unwrap();
        assert!(link.len() < 40, "{link}");
    }

    #[test]
    fn every_damaged_character_is_found() {
        let link = write(&sample()).unwrap();
        assert_eq!(read(&link), Ok(sample()));
        let all: Vec<char> = (' '..='~').chain(['\n', 'é', '\u{200b}']).collect();
        for (at, own) in link.char_indices() {
            let (before, after) = (&link[..at], &link[at + own.len_utf8()..]);
            let changed = all.iter().filter(|c| **c != own).map(|c| format!("{before}{c}{after}"));
            let added = all.iter().map(|c| format!("{before}{c}{own}{after}"));
            for damaged in changed.chain(added).chain([format!("{before}{after}"), before.to_owned()]) {
                assert!(read(&damaged).is_err(), "opened {damaged}");
            }
            let next = after.chars().next().filter(|next| *next != own);
            if let Some(next) = next {
                let swapped = format!("{before}{next}{own}{}", &after[next.len_utf8()..]);
                assert!(read(&swapped).is_err(), "opened {swapped}");
            }
        }
    }

    #[test]
    fn every_damaged_character_of_a_lesson_is_found() {
        let json = "{\"id\":\"mine\",\"lesson\":\"title: Mine\\n\",\"steps\":[]}\n";
        let link = write_lesson(json).unwrap();
        assert!(is_lesson(&link) && !is_lesson(&write(&sample()).unwrap()));
        assert_eq!(read_lesson(&link), Ok(json.to_owned()));
        assert!(read(&link).is_err() && read_lesson(&write(&sample()).unwrap()).is_err());
        for (at, own) in link.char_indices() {
            let (before, after) = (&link[..at], &link[at + own.len_utf8()..]);
            let changed = (' '..='~').filter(|c| *c != own).map(|c| format!("{before}{c}{after}"));
            for damaged in changed.chain([format!("{before}{after}"), before.to_owned()]) {
                assert!(read_lesson(&damaged).is_err() && read(&damaged).is_err(), "opened {damaged}");
            }
        }
    }

    #[test]
    fn a_link_that_was_cut_off_gives_its_beginning_back() {
        let mut shared = sample();
        shared.text = (0..400).map(|index| format!("key-{index}: value {}\n", index * 7919 % 1000)).collect();
        let link = write(&shared).unwrap();
        let recovered = read(&link[..link.len() / 2]).unwrap_err().recovered.unwrap();
        assert!(shared.text.starts_with(&recovered) && recovered.len() > 1000, "{recovered}");
    }

    #[test]
    fn a_bomb_is_not_inflated() {
        let packed = deflate::compress_to_vec(&vec![b'a'; MAX_CONTENT + 1], LEVEL);
        let link = format!("s=1.{:08x}.{}", crc::crc32(&packed), base64::write(&packed));
        assert!(link.len() < 3000);
        assert!(read(&link).unwrap_err().message.contains("more than a link may"));
        assert_eq!(write(&Shared { text: "a".repeat(MAX_CONTENT + 1), ..Shared::default() }), None);
    }

    #[test]
    fn settings_of_a_later_release_are_left_out() {
        let packed = deflate::compress_to_vec(b"zoom=3\nk8s=1.30\nnothing\n\nkind: Pod\n", LEVEL);
        let shared = read(&format!("s=1.{:08x}.{}", crc::crc32(&packed), base64::write(&packed))).unwrap();
        assert_eq!(shared.settings, Settings { k8s: "1.30".to_owned(), ..Settings::default() });
        assert_eq!(shared.text, "kind: Pod\n");
    }
}
