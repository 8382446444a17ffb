//! Paths of fields, as errors name them: `spec.containers[0].image`.

use std::fmt;

/// Paths up to this many bytes take no memory of their own.
const SHORT: usize = 111;

/// The path of a field. One is made for each field that is looked at, mostly for nothing, so most are short arrays.
#[derive(Clone, Debug)]
pub(super) enum Path {
    /// So many bytes of text.
    Short(u8, [u8; SHORT]),
    /// A text that is longer than that.
    Long(String),
}

impl Default for Path {
    fn default() -> Self {
        Self::Short(0, [0; SHORT])
    }
}

impl Path {
    pub(super) fn new(text: &str) -> Self {
        Self::default().with([text, "", ""])
    }

    pub(super) fn child(&self, name: &str) -> Self {
        self.with([if self.text().is_empty() { "" } else { "." }, name, ""])
    }

    pub(super) fn index(&self, index: usize) -> Self {
        match "0123456789".get(index..=index) {
            Some(digit) => self.key(digit),
            None => self.key(&index.to_string()),
        }
    }

    pub(super) fn key(&self, key: &str) -> Self {
        self.with(["[", key, "]"])
    }

    fn text(&self) -> &str {
        match self {
            Self::Short(length, bytes) => {
                let text = bytes.get(..usize::from(*length)).map(std::str::from_utf8);
                text.and_then(Result::ok).unwrap_or_default()
            }
            Self::Long(text) => text,
        }
    }

    fn with(&self, parts: [&str; 3]) -> Self {
        if let Self::Short(length, bytes) = self {
            let (mut at, mut bytes) = (usize::from(*length), *bytes);
            let fits = parts.iter().all(|part| {
                let to = bytes.get_mut(at..at + part.len());
                at += part.len();
                to.map(|to| to.copy_from_slice(part.as_bytes())).is_some()
            });
            if let Some(length) = u8::try_from(at).ok().filter(|_| fits) {
                return Self::Short(length, bytes);
            }
        }
        Self::Long(format!("{}{}", self.text(), parts.concat()))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Go writes a path without elements so.
        let text = self.text();
        to.write_str(if text.is_empty() { "<nil>" } else { text })
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn paths_of_all_lengths_say_all_of_their_parts() {
        assert_eq!(Path::new("").to_string(), "<nil>");
        assert_eq!(Path::new("").child("spec").key("ä/b").index(12).to_string(), "spec[ä/b][12]");
        for length in 90..130 {
            let start = "é".repeat(length / 2) + &"x".repeat(length % 2);
            let path = Path::new(&start).child("containers").index(7).child("name");
            assert_eq!(path.to_string(), format!("{start}.containers[7].name"));
        }
    }
}
