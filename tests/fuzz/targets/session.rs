//! A text that is edited: after any changes a session says what a fresh look says. The first line is the changes, each a
//! place, a length and the number of a word or a text of its own: `120:4:7 30:0:name`.

use super::{WORDS, split};
use sidecar_playground::finding::Severity;
use sidecar_playground::session::{Session, view};
use sidecar_playground::source::{Change, Lines};
use sidecar_playground::view::Request;

/// More changes would only take longer.
const MOST: usize = 8;

pub fn run(text: &str) {
    let (changes, manifest) = split(text);
    let request = Request { kind: "topology".to_owned(), level: Severity::Advice, ..Request::default() };
    let mut session = Session::<true>::default();
    let mut text = manifest.to_owned();
    session.set(&text);
    for change in changes.split(' ').take(MOST) {
        let mut parts = change.splitn(3, ':');
        let mut number = || parts.next().and_then(|part| part.parse::<usize>().ok()).unwrap_or_default();
        let (at, length) = (number(), number());
        let insert = parts.next().unwrap_or_default();
        let insert = insert.parse::<usize>().map_or(insert, |word| WORDS[word % WORDS.len()]);
        let from = place(&text, at % (text.len() + 1));
        let to = place(&text, from.saturating_add(length).min(text.len()));
        let lines = Lines::new(&text);
        let (from16, to16) = (lines.utf16(from as u32), lines.utf16(to as u32));
        session.change(&Change { from: from16, to: to16, insert: insert.to_owned() });
        text.replace_range(from..to, insert);
        // Sometimes the next change comes before all is known of this one.
        if at % 3 > 0 {
            session.work(&request);
        }
        if at % 3 > 1 {
            let _ = session.view(&request);
        }
    }
    while session.work(&request) {}
    assert_eq!(session.units() as usize, text.encode_utf16().count());
    assert_eq!(session.view(&request), view(&text, &request), "{text}");
}

/// The next place between two characters.
fn place(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}
