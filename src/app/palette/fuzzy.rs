//! How well a text fits what someone typed in a hurry.

/// Points for a word that stands in the text as it was typed; more at the beginning of a word of it.
const WHOLE: i32 = 40;
const AT_START: i32 = 20;

/// The higher the better; none when a word of the query is not in the text, not even with others between its letters.
/// Both are in lower case.
pub(super) fn fit(query: &str, text: &str) -> Option<i32> {
    query.split_whitespace().map(|word| fit_word(word, text)).sum()
}

fn fit_word(word: &str, text: &str) -> Option<i32> {
    if let Some(at) = text.find(word) {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let is_start = before.is_none_or(|before| !before.is_alphanumeric());
        return Some(WHOLE + if is_start { AT_START } else { 0 });
    }
    let mut rest = text.char_indices();
    let (mut points, mut last) = (0, None);
    for wanted in word.chars() {
        let (at, _) = rest.find(|(_, found)| *found == wanted)?;
        points += if last.is_some_and(|last| at == last + 1) { 4 } else { 0 };
        last = Some(at);
    }
    // Letters that are strewn over a long text mean nothing.
    (points * 2 >= word.chars().count() as i32).then_some(points)
}
